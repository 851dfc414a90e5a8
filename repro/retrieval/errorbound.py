"""Error bounds of inner products in float32 and bfloat16."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

Floats = NDArray[np.floating]
ROUNDING = {"float32": 2.0**-24, "bfloat16": 2.0**-8}  # largest relative error of rounding a number


@dataclass(frozen=True)
class ErrorBound:
    """The error of an approximate score s of a query: at most `base` (queries,) + `relative` · |s|."""

    base: NDArray[np.float64]
    relative: float

    def below(self, scores: Floats) -> NDArray[np.float64]:
        """Return the least that exact scores can be; `scores` (queries, any) are the approximate ones."""
        return np.asarray(scores - self._of(scores))

    def above(self, scores: Floats) -> NDArray[np.float64]:
        """Return the most that exact scores can be. As `below`, it rises with the approximate score."""
        return np.asarray(scores + self._of(scores))

    def floor(self, scores: Floats) -> NDArray[np.float32]:
        """Return the least approximate score whose exact one can be that of `scores` (queries,), or more.

        The inverse of `above` at `below(scores)`, rounded down; -inf stays -inf.
        """
        least = self.below(scores[:, None])[:, 0] - self.base
        limits = np.where(least >= 0, least / (1 + self.relative), least / (1 - self.relative))
        return np.nextafter(limits.astype(np.float32), np.float32(-np.inf))

    def _of(self, scores: Floats) -> NDArray[np.float64]:
        size = np.where(np.isfinite(scores), np.abs(scores, dtype=np.float64), 0.0)  # -inf: there is no candidate
        return np.asarray(self.base[:, None] + self.relative * size)


@dataclass(frozen=True)
class Norms:
    """Norms of vectors, and of what rounding to bfloat16 moves each by; neither below the true ones."""

    lengths: NDArray[np.float64]
    moved: NDArray[np.float64]
    dimension: int

    @classmethod
    def of(cls, vectors: NDArray[np.float32], precision: str = "bfloat16") -> Norms:
        """Return those of `vectors`; with float32 nothing is moved."""
        lengths = _lengths(vectors)
        if precision == "float32":
            return cls(lengths, np.zeros(len(vectors)), vectors.shape[1])
        rounded = torch.from_numpy(vectors).bfloat16().float().numpy()
        return cls(lengths, _lengths(np.subtract(vectors, rounded, out=rounded)), vectors.shape[1])


def error_bound(queries: Norms, candidates: Norms, precision: str) -> ErrorBound:
    """Bound the error of the scores of each query, whatever the candidate.

    Accumulating d products in float32 errs by at most d·u / (1 − d·u) times the product of the norms (Higham 2002,
    §3.1, any order of summation), u = 2⁻²⁴. bfloat16 adds what rounding moved each vector (Cauchy–Schwarz) and the
    rounding of the result, which is relative to it, and counts the accumulation four times because matrix units may
    truncate.
    """
    q, c = queries.lengths, float(candidates.lengths.max(initial=0))
    accumulated = (1 if precision == "float32" else 4) * queries.dimension * ROUNDING["float32"]
    base, relative = q * c * accumulated / (1 - accumulated), 0.0
    if precision == "bfloat16":
        farthest = float(candidates.moved.max(initial=0))
        base = base + queries.moved * (c + farthest) + q * farthest
        relative = ROUNDING[precision] / (1 - ROUNDING[precision])  # of the rounded result, not of the unrounded one
    return ErrorBound(base + 1e-30, relative)  # numbers so small that they underflow


def _lengths(vectors: Floats) -> NDArray[np.float64]:
    """Return numbers not below the norms: the sums in float32 err by far less than what is added."""
    return np.sqrt(np.einsum("ij,ij->i", vectors, vectors)).astype(np.float64) * (1 + 1e-3) + 1e-18
