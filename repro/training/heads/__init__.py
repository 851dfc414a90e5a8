"""Heads on top of the encoder: one module a kind of task, and the network that has all heads of a model.

A module has `width(labels)`, how many numbers its linear layer gives; `encode(examples, tokenizer, limit, labels,
training)`, the examples as a `Data`; `loss(heads, name, data, chosen)`, the mean loss of the chosen examples; and
`measure(heads, name, data)`, the task's metrics as shares, over `data.decisions`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from repro.models.encoder import in_batches
from repro.models.tokenizer import PAD
from repro.models.xlmr import backbone, pad

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerFast

TOKENIZED_AT_ONCE = 10_000
CHARACTERS_PER_TOKEN = 32  # more than any real text has; the rest of an endless text cannot reach the model


class Data:
    """Encoded examples.

    `rows`: what the model reads of each. `dropped`: how many of the training examples cannot be learnt from and were
    left out. `cut`: how many answers lie beyond what is read of a long context.
    """

    rows: Sequence[Sequence[int] | Sequence[Sequence[int]]]
    dropped: int
    cut: int

    @property
    def lengths(self) -> list[int]:
        """Tokens of each example."""
        return [len(row) for row in self.rows]

    @property
    def decisions(self) -> int:
        """The unit that a metric is taken over: examples, or words."""
        return len(self.rows)


@dataclass(frozen=True)
class Layout:
    """A task as its head sees it: its kind and its labels, in the order of the layer's outputs."""

    kind: str
    labels: tuple[str, ...]


def kind(name: str) -> ModuleType:
    return import_module(f"repro.training.heads.{name}")


class Heads(nn.Module):
    """The encoder of a masked language model with one linear layer a task.

    `frozen`: only those layers learn. `language_model`: the model's own head is trained beside them.
    """

    def __init__(
        self,
        model: PreTrainedModel,
        tasks: Mapping[str, Layout],
        seed: int,
        frozen: bool = False,
        language_model: bool = False,
    ) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.encoder = backbone(model)
        self.lm_head = model.lm_head if language_model else None
        width = model.config.hidden_size
        self.dropout = nn.Dropout(model.config.hidden_dropout_prob)
        self.layers = nn.ModuleDict(
            {name: nn.Linear(width, kind(layout.kind).width(layout.labels)) for name, layout in tasks.items()}
        )
        self.frozen = frozen
        if frozen:
            self.encoder.requires_grad_(False)

    @property
    def device(self) -> torch.device:
        return next(self.parameters()).device

    def train(self, mode: bool = True) -> Heads:
        """Switch to training, but keep a frozen encoder without dropout, so that its vectors stay the same."""
        super().train(mode)
        if self.frozen:
            self.encoder.eval()
        return self

    def forward(self, rows: Sequence[Sequence[int]]) -> Tensor:
        """Return the last hidden states (rows, longest, width) of rows of token ids."""
        ids = pad(rows).to(self.device)
        with torch.no_grad() if self.frozen else nullcontext():
            hidden = self.encoder(input_ids=ids, attention_mask=(ids != PAD).long()).last_hidden_state
        return self.dropout(hidden)


@torch.inference_mode()
def accuracy(
    heads: Heads, data: Data, logits: Callable[[list[int]], Tensor], labels: Callable[[list[int]], list[int]]
) -> dict[str, float]:
    """Return the share of decisions whose highest `logits` are those of the label."""
    heads.eval()
    right = 0
    for chosen in in_batches(data.lengths, heads.device):
        predictions = logits(chosen).argmax(-1).tolist()
        right += sum(one == other for one, other in zip(predictions, labels(chosen), strict=True))
    return {"accuracy": right / data.decisions}


def tokenized(
    tokenizer: PreTrainedTokenizerFast, first: Sequence[str], second: Sequence[str] | None, limit: int
) -> list[list[int]]:
    """Tokenize texts, or pairs of texts, with special tokens; at most `limit`, the longer text cut first."""
    rows: list[list[int]] = []
    longest = limit * CHARACTERS_PER_TOKEN
    for start in range(0, len(first), TOKENIZED_AT_ONCE):
        part = slice(start, start + TOKENIZED_AT_ONCE)
        texts = [[text[:longest] for text in column[part]] for column in (first, second) if column is not None]
        rows += tokenizer(*texts, truncation=True, max_length=limit)["input_ids"]
    return rows
