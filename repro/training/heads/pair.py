"""Two texts, one label: a linear layer on the first token (Devlin et al. 2019, §4.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional

from repro.errors import LabError
from repro.tasks import Pair
from repro.training.heads import Data, Heads, accuracy, tokenized

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast


@dataclass(frozen=True)
class Pairs(Data):
    """Token ids of both texts together, and the index of the label."""

    rows: list[list[int]]
    labels: list[int]
    dropped: int = 0
    cut: int = 0


def width(labels: Sequence[str]) -> int:
    return len(labels)


def encode(
    examples: Sequence[Pair],
    tokenizer: PreTrainedTokenizerFast,
    limit: int,
    labels: Sequence[str],
    training: bool = False,
) -> Pairs:
    index = {label: i for i, label in enumerate(labels)}
    unknown = {e.label for e in examples} - set(index)
    if unknown:
        raise LabError(f"an example has the label {min(unknown)!r:.40}", f"the task's labels are {', '.join(labels)}")
    rows = tokenized(tokenizer, [e.first for e in examples], [e.second for e in examples], limit)
    return Pairs(rows, [index[e.label] for e in examples])


def _logits(heads: Heads, name: str, data: Pairs, chosen: Sequence[int]) -> Tensor:
    logits: Tensor = heads.layers[name](heads([data.rows[i] for i in chosen])[:, 0])
    return logits


def loss(heads: Heads, name: str, data: Pairs, chosen: Sequence[int]) -> Tensor:
    right = torch.tensor([data.labels[i] for i in chosen], device=heads.device)
    return functional.cross_entropy(_logits(heads, name, data, chosen), right)


def measure(heads: Heads, name: str, data: Pairs) -> dict[str, float]:
    """Return the accuracy."""
    return accuracy(
        heads, data, lambda chosen: _logits(heads, name, data, chosen), lambda chosen: [data.labels[i] for i in chosen]
    )
