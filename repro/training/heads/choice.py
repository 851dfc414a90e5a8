"""Several continuations of a text, one of them right: a score each from its first token, softmax over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional

from repro.tasks import Choice
from repro.training.heads import Data, Heads, accuracy, tokenized

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast


@dataclass(frozen=True)
class Choices(Data):
    """For each example the token ids of the text with each of its choices, and the index of the right one."""

    rows: list[list[list[int]]]
    labels: list[int]
    dropped: int = 0
    cut: int = 0

    @property
    def lengths(self) -> list[int]:
        return [sum(map(len, rows)) for rows in self.rows]


def width(labels: Sequence[str]) -> int:
    return 1


def encode(
    examples: Sequence[Choice],
    tokenizer: PreTrainedTokenizerFast,
    limit: int,
    labels: Sequence[str] = (),
    training: bool = False,
) -> Choices:
    first = [e.context for e in examples for _ in e.choices]
    rows = tokenized(tokenizer, first, [choice for e in examples for choice in e.choices], limit)
    ends = list(accumulate(len(e.choices) for e in examples))
    grouped = [rows[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    return Choices(grouped, [e.label for e in examples])


def _scores(heads: Heads, name: str, data: Choices, chosen: Sequence[int]) -> Tensor:
    """Score the choices: (examples, most choices); where an example has fewer, minus infinity."""
    rows = [row for i in chosen for row in data.rows[i]]
    scores = heads.layers[name](heads(rows)[:, 0]).squeeze(-1).float()
    parts = scores.split([len(data.rows[i]) for i in chosen])
    return torch.nn.utils.rnn.pad_sequence(parts, batch_first=True, padding_value=-torch.inf)


def loss(heads: Heads, name: str, data: Choices, chosen: Sequence[int]) -> Tensor:
    right = torch.tensor([data.labels[i] for i in chosen], device=heads.device)
    return functional.cross_entropy(_scores(heads, name, data, chosen), right)


def measure(heads: Heads, name: str, data: Choices) -> dict[str, float]:
    """Return the accuracy."""
    return accuracy(
        heads, data, lambda chosen: _scores(heads, name, data, chosen), lambda chosen: [data.labels[i] for i in chosen]
    )
