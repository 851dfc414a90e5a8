"""How well predicted claims agree with labelled ones: F1, the best threshold, intervals over documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

RESAMPLES = 2_000
LEVEL = 0.95


@dataclass(frozen=True)
class Counts:
    """Per document: claims found, claims predicted, claims labelled; each of shape (documents,)."""

    found: np.ndarray
    predicted: np.ndarray
    labelled: np.ndarray

    @property
    def precision(self) -> float:
        return _ratio(self.found.sum(), self.predicted.sum())

    @property
    def recall(self) -> float:
        return _ratio(self.found.sum(), self.labelled.sum())

    @property
    def f1(self) -> float:
        """2 · found / (predicted + labelled), over all sentences of all documents."""
        return _ratio(2 * self.found.sum(), self.predicted.sum() + self.labelled.sum())


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole else 0.0


def counts(predicted: Sequence[np.ndarray], labelled: Sequence[np.ndarray]) -> Counts:
    """Of one boolean array a document each."""
    return Counts(
        np.array([int((p & y).sum()) for p, y in zip(predicted, labelled, strict=True)]),
        np.array([int(p.sum()) for p in predicted]),
        np.array([int(y.sum()) for y in labelled]),
    )


def _resampled_f1(of: Counts, chosen: np.ndarray) -> np.ndarray:
    whole = (of.predicted[chosen] + of.labelled[chosen]).sum(axis=1)
    return np.asarray(2 * of.found[chosen].sum(axis=1) / np.maximum(whole, 1))


def _draws(documents: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, documents, size=(RESAMPLES, documents))


def interval(of: Counts, seed: int) -> tuple[float, float]:
    """95 % percentile bootstrap interval of F1; whole documents are drawn (Efron and Tibshirani 1993, ch. 13)."""
    return _percentiles(_resampled_f1(of, _draws(len(of.found), seed)))


def difference(a: Counts, b: Counts, seed: int) -> tuple[float, float, float]:
    """F1 of `a` minus F1 of `b` over the same documents, with its paired 95 % bootstrap interval."""
    drawn = _draws(len(a.found), seed)
    return a.f1 - b.f1, *_percentiles(_resampled_f1(a, drawn) - _resampled_f1(b, drawn))


def _percentiles(values: np.ndarray) -> tuple[float, float]:
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def best_threshold(scores: Sequence[np.ndarray], labelled: Sequence[np.ndarray]) -> float:
    """The score from which sentences are taken so that F1 over all of them is highest; among equals the highest."""
    score, label = np.concatenate(scores), np.concatenate(labelled).astype(int)
    order = np.argsort(-score, kind="stable")
    found = np.cumsum(label[order])
    f1 = 2 * found / (np.arange(1, len(order) + 1) + label.sum())
    ends = np.append(score[order][1:] != score[order][:-1], True)  # equal scores are taken together
    return float(score[order][np.argmax(np.where(ends, f1, -1.0))])
