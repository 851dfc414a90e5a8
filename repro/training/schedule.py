"""Length and pace of training. Light to import."""

from __future__ import annotations

import math
from collections.abc import Callable

from repro.errors import LabError
from repro.parameters import Number, Table


class Schedule(Table):
    """Length and pace of training.

    Attributes:
        lr: learning rate.
        steps: optimizer steps; where that is 0, `epochs` passes over the data.
        batch: most examples in a batch.
        tokens: most padded tokens in a batch (0: no bound).
        warmup: share of all steps; the rate then falls linearly to zero.
        clip: largest norm of the gradient.
        accumulate: batches to an optimizer step.
        evaluate_every: steps between two scores of `fit`'s `evaluate`, which are taken with `patience`.
        patience: scores without a new best after which training stops; the best weights are kept.
    """

    lr: Number
    steps: int = 0
    epochs: Number = 0.0
    batch: int = 0
    tokens: int = 0
    warmup: Number = 0.1
    weight_decay: Number = 0.01
    clip: Number = 1.0
    accumulate: int = 1
    evaluate_every: int = 0
    patience: int = 0
    checkpoint_every: int = 100

    def model_post_init(self, context: object, /) -> None:
        if self.patience and not self.evaluate_every:
            raise LabError("early stopping needs to know when to look", "set `evaluate_every` beside `patience`")

    def length(self, per_epoch: Callable[[float], int]) -> int:
        """Return the optimizer steps in all; `per_epoch(epochs)` gives batches."""
        return self.steps or math.ceil(per_epoch(self.epochs) / self.accumulate)
