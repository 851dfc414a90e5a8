"""A tag for every word: a linear layer on its first sub-token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional

from repro.tasks import Tagged
from repro.training.heads import CHARACTERS_PER_TOKEN, Data, Heads, accuracy

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

UNKNOWN = -1  # a tag that no training example had: nothing the head can say is right


@dataclass(frozen=True)
class Tags(Data):
    """Token ids, positions of the words' first sub-tokens and their tags' indices; `words`: all words, read or cut."""

    rows: list[list[int]]
    positions: list[list[int]]
    labels: list[list[int]]
    words: int
    dropped: int = 0
    cut: int = 0

    @property
    def decisions(self) -> int:
        return self.words


def width(labels: Sequence[str]) -> int:
    return len(labels)


def encode(
    examples: Sequence[Tagged],
    tokenizer: PreTrainedTokenizerFast,
    limit: int,
    labels: Sequence[str],
    training: bool = False,
) -> Tags:
    """Tokenize words one by one; those beyond `limit` tokens are not read, words without a token are not judged."""
    index = {label: i for i, label in enumerate(labels)}
    vocabulary = sorted({word for e in examples for word in e.words})
    longest = limit * CHARACTERS_PER_TOKEN
    pieces = dict(
        zip(
            vocabulary,
            tokenizer([w[:longest] for w in vocabulary], add_special_tokens=False)["input_ids"] if vocabulary else [],
            strict=True,
        )
    )
    rows, positions, tags = [], [], []
    dropped = 0
    for example in examples:
        row, places, found = [tokenizer.bos_token_id], list[int](), list[int]()
        for word, tag in zip(example.words, example.tags, strict=True):
            if len(row) + len(pieces[word]) > limit - 1:
                break
            if pieces[word]:
                places.append(len(row))
                found.append(index.get(tag, UNKNOWN))
            row += pieces[word]
        if training and not places:
            dropped += 1
            continue
        rows.append([*row, tokenizer.eos_token_id])
        positions.append(places)
        tags.append(found)
    return Tags(rows, positions, tags, sum(len(e.words) for e in examples), dropped)


def _logits(heads: Heads, name: str, data: Tags, chosen: Sequence[int]) -> Tensor:
    """Compute (words of all the examples, tags)."""
    hidden = heads([data.rows[i] for i in chosen])
    row = [n for n, i in enumerate(chosen) for _ in data.positions[i]]
    column = [position for i in chosen for position in data.positions[i]]
    where = torch.tensor([row, column], dtype=torch.long, device=heads.device)
    logits: Tensor = heads.layers[name](hidden[where[0], where[1]])
    return logits


def _labels(data: Tags, chosen: Sequence[int]) -> list[int]:
    return [label for i in chosen for label in data.labels[i]]


def loss(heads: Heads, name: str, data: Tags, chosen: Sequence[int]) -> Tensor:
    right = torch.tensor(_labels(data, chosen), device=heads.device)
    return functional.cross_entropy(_logits(heads, name, data, chosen), right, ignore_index=UNKNOWN)


def measure(heads: Heads, name: str, data: Tags) -> dict[str, float]:
    """Return accuracy over all words; one that was cut off, or has a tag unseen in training, counts as wrong."""
    return accuracy(
        heads, data, lambda chosen: _logits(heads, name, data, chosen), lambda chosen: _labels(data, chosen)
    )
