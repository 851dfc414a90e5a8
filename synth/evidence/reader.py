"""The stance model asked about passages that the rules leave open: a stance where it is sure enough, else none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from synth.evidence.calibrator import STANCES, Calibrator, packaged
from synth.types import Stance

if TYPE_CHECKING:
    import numpy as np

    from synth.evidence.crossencoder import CrossEncoder

SENTENCE = ("support", "contradict", "similarity")  # columns of the calibrator


class Reader:
    """`model` beside the calibrator for single passages; the packaged numbers unless others are given."""

    def __init__(self, model: CrossEncoder, calibrator: Calibrator | None = None) -> None:
        self._model = model
        self._calibrator = calibrator or packaged()["sentence"]

    def opinions(self, claim: str, passages: Sequence[str], similarity: Sequence[float]) -> list[tuple[Stance, float]]:
        """For each passage its stance and the probability that this stance is right. `similarity`: cosines to the
        claim."""
        if not passages:
            return []
        found = self._calibrator.probabilities(rows(self._model, [(claim, text) for text in passages], similarity))
        stances = [self._calibrator.stance(p) for p in found]
        return [(s, float(p[STANCES.index(s)])) for s, p in zip(stances, found, strict=True)]


def rows(model: CrossEncoder, pairs: Sequence[tuple[str, str]], similarity: Sequence[float]) -> np.ndarray:
    """The columns SENTENCE of (claim, passage) pairs, shape (pairs, 3)."""
    import numpy as np

    logits: Any = model.logits(pairs)
    return np.column_stack([logits[:, :2] - logits[:, 2:], np.asarray(similarity)])
