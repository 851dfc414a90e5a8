"""Train a claim detector on labelled documents: several variants, chosen by documents that none was trained on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from synth.claims.detector import Detector
from synth.claims.features import PLACES, rows, width
from synth.claims.labels import Labelled
from synth.claims.logistic import chances, fitted
from synth.claims.scoring import best_threshold, counts

PENALTIES = (0.001, 0.003, 0.01, 0.03, 0.1)
# Vectors have many columns that each say little: theirs is punished so many times as much as that of the others.
VECTORS = ("embedding", "context")
RATIOS = (1.0, 10.0, 100.0)
SURFACE = ("position", "section", "cues")
VARIANTS = {
    "cues, place": SURFACE,
    "cues, place, neighbours' cues": (*SURFACE, "around"),
    "sentence": ("embedding",),
    "sentence, cues, place": ("embedding", *SURFACE),
    "sentence, cues, place, neighbours' cues": ("embedding", *SURFACE, "around"),
    "sentence, neighbours, cues, place, neighbours' cues": ("embedding", "context", *SURFACE, "around"),
}
Encode = Callable[[Sequence[str]], np.ndarray]


@dataclass(frozen=True)
class Encoded:
    """A labelled document with the unit vectors of its sentences, shape (sentences, d)."""

    labelled: Labelled
    vectors: np.ndarray

    @property
    def claims(self) -> np.ndarray:
        return np.array(self.labelled.claims, dtype=bool)


@dataclass(frozen=True)
class Trial:
    """One variant with the penalty whose loss on the choosing documents was lowest; `dev_f1` is of those documents."""

    variant: str
    penalty: float
    ratio: float
    dev_loss: float
    dev_f1: float
    detector: Detector


def encoded(documents: Sequence[Labelled], encode: Encode) -> list[Encoded]:
    """All sentences in one call, so that they are batched by length."""
    vectors = encode([s for one in documents for s in one.document.sentences])
    found, start = [], 0
    for one in documents:
        end = start + len(one.document.sentences)
        found.append(Encoded(one, vectors[start:end]))
        start = end
    return found


def trials(train: Sequence[Encoded], dev: Sequence[Encoded], encoder: str) -> list[Trial]:
    """One trial a variant, in the order of VARIANTS. Threshold and penalty are chosen on `dev` alone."""
    return [_trial(name, blocks, train, dev, encoder) for name, blocks in VARIANTS.items()]


def best(found: Sequence[Trial]) -> Trial:
    """The trial with the lowest loss on the choosing documents."""
    return min(found, key=lambda trial: trial.dev_loss)


def _trial(name: str, blocks: tuple[str, ...], train: Sequence[Encoded], dev: Sequence[Encoded], encoder: str) -> Trial:
    neutral = _mean_place(train)
    x, y = _stacked(train, blocks, neutral)
    dev_x, dev_y = _stacked(dev, blocks, neutral)
    factors = {ratio: _factors(blocks, _dimension(train), ratio) for ratio in _ratios(blocks)}
    fits = [(p, r, fitted(x, y, p * factor)) for p in PENALTIES for r, factor in factors.items()]
    losses = [log_loss(chances(dev_x, beta), dev_y) for _, _, beta in fits]
    at = int(np.argmin(losses))
    penalty, ratio, beta = fits[at]
    detector = Detector(beta.astype(np.float32).astype(np.float64), neutral, blocks, _dimension(train), 0.5, encoder)
    detector = with_threshold(detector, dev)
    return Trial(name, penalty, ratio, losses[at], f1(detector, dev), detector)


def _ratios(blocks: Sequence[str]) -> tuple[float, ...]:
    return RATIOS if set(blocks) & set(VECTORS) and set(blocks) - set(VECTORS) else (1.0,)


def _factors(blocks: Sequence[str], dimension: int, ratio: float) -> np.ndarray:
    """What the penalty of each column is multiplied by, shape (columns,)."""
    return np.concatenate([np.full(width((b,), dimension), ratio if b in VECTORS else 1.0) for b in blocks])


def _dimension(documents: Sequence[Encoded]) -> int:
    return int(documents[0].vectors.shape[1])


def _stacked(documents: Sequence[Encoded], blocks: Sequence[str], neutral: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    x = np.concatenate([rows(one.labelled.document, one.vectors, blocks, neutral) for one in documents])
    return x, np.concatenate([one.claims for one in documents]).astype(np.float64)


def _mean_place(documents: Sequence[Encoded]) -> np.ndarray:
    nothing = np.zeros(PLACES)
    places = [rows(one.labelled.document, one.vectors, ("position",), nothing) for one in documents]
    return np.asarray(np.concatenate(places).mean(axis=0), dtype=np.float32)


def log_loss(chance: np.ndarray, label: np.ndarray) -> float:
    """Mean negative log likelihood; chances are kept 1e-9 away from 0 and 1."""
    p = np.clip(chance, 1e-9, 1 - 1e-9)
    return float(-np.mean(label * np.log(p) + (1 - label) * np.log(1 - p)))


def scores(detector: Detector, documents: Sequence[Encoded]) -> list[np.ndarray]:
    return [detector.chances(one.labelled.document, one.vectors) for one in documents]


def with_threshold(detector: Detector, documents: Sequence[Encoded]) -> Detector:
    """The same detector with the threshold of the highest F1 over `documents`."""
    chosen = best_threshold(scores(detector, documents), [one.claims for one in documents])
    return replace(detector, threshold=chosen)


def f1(detector: Detector, documents: Sequence[Encoded]) -> float:
    taken = [s >= detector.threshold for s in scores(detector, documents)]
    return counts(taken, [one.claims for one in documents]).f1
