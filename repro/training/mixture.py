"""Several tasks learnt at once, with masked language modelling beside them: the task of each step, and its loss."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from repro.training.heads import Data, Heads, Layout, kind
from repro.training.loop import Batches, LossAt, Schedule

# In proportion to the number of examples, but none counts as more than this (Raffel et al. 2020, §3.5.2; the cap of
# Phang et al. 2020).
SAMPLING_CAP = 2**17


class Mixture:
    """`loss_at` for `loop.fit`: each step is for one task, drawn in proportion to min(examples, SAMPLING_CAP).

    With `text`, the loss of masked language modelling, a `share` of the steps is for that. What a step is for and
    which examples it takes depend on its number and the seed alone, so a resumed run goes on as an uninterrupted one.
    """

    def __init__(
        self,
        heads: Heads,
        layouts: Mapping[str, Layout],
        data: Mapping[str, Data],
        schedule: Schedule,
        seed: int,
        text: LossAt | None = None,
        share: float = 0.0,
    ) -> None:
        self._heads, self._layouts, self._data, self._seed = heads, layouts, data, seed
        self._text, self._share = text, share if text else 0.0
        self._names = list(data)
        self._capped = {name: min(len(own.lengths), SAMPLING_CAP) for name, own in data.items()}
        self._batches = {
            name: Batches(own.lengths, schedule.batch, seed, schedule.tokens) for name, own in data.items()
        }

    def steps(self, epochs: float) -> int:
        """Return the batches in so many passes over all examples that count, without those for language modelling."""
        found = 0.0
        for name, batches in self._batches.items():
            found += batches.steps(epochs) * self._capped[name] / len(self._data[name].lengths)
        return round(found / (1 - self._share))

    def task_at(self, step: int) -> str:
        """Return the task of a step; "" for masked language modelling."""
        draw = torch.Generator().manual_seed(self._seed * 1_000_003 + step)
        weights = torch.tensor([float(self._capped[name]) for name in self._names])
        name = self._names[int(torch.multinomial(weights, 1, generator=draw))]
        return "" if torch.rand((), generator=draw).item() < self._share else name

    def __call__(self, step: int, part: int = 0, parts: int = 1) -> Tensor:
        name = self.task_at(step)
        if not name and self._text:
            return self._text(step, part, parts)
        chosen = self._batches[name](step, part, parts)
        if not chosen:  # a batch of fewer examples than there are shares
            return 0.0 * next(self._heads.layers.parameters()).sum()
        loss: Tensor = kind(self._layouts[name].kind).loss(self._heads, name, self._data[name], chosen)
        return loss
