"""What a task puts on top of the encoder, its data as token ids, and its loss and accuracy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from repro.languages import Realm
from repro.model import check_lengths, pad
from repro.tasks import Example, Noise, task
from repro.tokenizer import PAD
from repro.training import Batches

UNLABELLED = -100
# Multi-task sampling: in proportion to the number of examples, but none counts as more than this
# (Raffel et al. 2020, §3.5.2; the cap of Phang et al. 2020).
SAMPLING_CAP = 2**17


class Heads(nn.Module):
    """The encoder of a masked language model with one linear layer a task."""

    def __init__(self, model: Any, tasks: Sequence[str], seed: int) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.encoder = model.roberta
        width = model.config.hidden_size
        self.dropout = nn.Dropout(model.config.hidden_dropout_prob)
        self.layers = nn.ModuleDict({name: nn.Linear(width, len(task(name).LABELS)) for name in tasks})

    def forward(self, ids: Tensor, where: Tensor, name: str) -> Tensor:
        """Logits (labelled positions, labels) of task `name`; `where` is the mask of labelled positions."""
        hidden = self.encoder(input_ids=ids, attention_mask=(ids != PAD).long()).last_hidden_state
        return self.layers[name](self.dropout(hidden[where]))


@dataclass(frozen=True)
class TaskData:
    """Token ids and, for each token, its label or UNLABELLED."""

    rows: list[list[int]]
    labels: list[list[int]]

    @property
    def decisions(self) -> int:
        return sum(label != UNLABELLED for row in self.labels for label in row)


def task_examples(name: str, realm: Realm, params: Mapping[str, Any], part: str) -> list[Example]:
    """`part` "train": as many from each of `params.sources`; "dev": of the first source's language, no noise."""
    if part == "dev":
        language = realm.language(params["sources"][0]["language"])
        return task(name).examples(realm, language, params["dev"][name], "dev", Noise())
    found: list[Example] = []
    for source in params["sources"]:
        noise = Noise(source["dropped"], source["confused"])
        language = realm.language(source["language"])
        found += task(name).examples(realm, language, params["examples"][name], "train", noise)
    return found


def encode_examples(examples: Sequence[Example], tokenizer: Any) -> TaskData:
    """A whole-text label stands at the first token, a word's label at the word's first sub-token."""
    pieces: dict[str, list[int]] = {}
    for word in {w for e in examples for w in (*e.words, *e.pair)}:
        pieces[word] = tokenizer(word, add_special_tokens=False)["input_ids"]
    start, end = tokenizer.bos_token_id, tokenizer.eos_token_id
    rows, labels = [], []
    for example in examples:
        row, marks = [start], [UNLABELLED]
        for i, word in enumerate(example.words):
            row += pieces[word]
            mark = example.label[i] if isinstance(example.label, tuple) else UNLABELLED
            marks += [mark, *[UNLABELLED] * (len(pieces[word]) - 1)]
        row.append(end)
        if example.pair:
            row += [end, *(i for word in example.pair for i in pieces[word]), end]
        marks += [UNLABELLED] * (len(row) - len(marks))
        if isinstance(example.label, int):
            marks[0] = example.label
        rows.append(row)
        labels.append(marks)
    return TaskData(rows, labels)


def task_loss(heads: Heads, data: Mapping[str, TaskData], batch: int, seed: int) -> Callable[[int], Tensor]:
    """`loss_at` for `training.fit`: each step draws one task, in proportion to min(examples, SAMPLING_CAP)."""
    names = list(data)
    for found in data.values():
        check_lengths(heads.encoder, found.rows)
    weights = torch.tensor([float(min(len(data[name].rows), SAMPLING_CAP)) for name in names])
    batches = {name: Batches([len(row) for row in data[name].rows], batch, seed) for name in names}

    def loss_at(step: int) -> Tensor:
        draw = torch.Generator().manual_seed(seed * 1_000_003 + step)
        name = names[int(torch.multinomial(weights, 1, generator=draw))]
        chosen = batches[name](step)
        ids = pad([data[name].rows[i] for i in chosen])
        labels = pad([data[name].labels[i] for i in chosen], UNLABELLED)
        where = labels != UNLABELLED
        return functional.cross_entropy(heads(ids, where, name), labels[where])

    return loss_at


@torch.inference_mode()
def accuracy(heads: Heads, name: str, data: TaskData, batch: int = 256) -> float:
    """Share of labelled positions that get their label."""
    heads.eval()
    check_lengths(heads.encoder, data.rows)
    right = 0
    for start in range(0, len(data.rows), batch):
        ids = pad(data.rows[start : start + batch])
        labels = pad(data.labels[start : start + batch], UNLABELLED)
        where = labels != UNLABELLED
        right += int((heads(ids, where, name).argmax(-1) == labels[where]).sum())
    return right / data.decisions
