"""Reliability of the probabilities of the three stances, over all (claim, document) pairs that were judged.

* `brier`: mean over pairs of Σ (p − y)² over the three stances (Brier 1950), 0 to 2;
* `ece`: expected calibration error of the most probable stance, ten bins of equal width (Guo et al. 2017, §2);
* `support_brier`, `support_ece`: the same of P(SUPPORT) against "it is supported", the first 0 to 1.

A document that the annotators gave no evidence for is NOT_ENOUGH_INFO. Everything is made of sums over pairs, so that
it can be computed for any resample of the claims.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from synth.core.types import Stance

BINS = 10
Pair = tuple[Mapping[Stance, float], Stance]  # probabilities, and what the annotators said
WIDTH = 3 + 2 * 3 * BINS  # pairs, two Brier sums, then n, Σp, Σright a bin: of the top stance, of SUPPORT


def sums(pairs: Iterable[Pair]) -> NDArray[np.float64]:
    """Sum what `measures` needs of these pairs, shape (WIDTH,); sums of several claims are added."""
    head = np.zeros(3)
    bins = np.zeros((2, BINS, 3))
    for p, truth in pairs:
        top = max(Stance, key=lambda stance: p[stance])
        supported = truth is Stance.SUPPORT
        head += (1, sum((p[s] - (s is truth)) ** 2 for s in Stance), (p[Stance.SUPPORT] - supported) ** 2)
        bins[0, _bin(p[top])] += (1, p[top], top is truth)
        bins[1, _bin(p[Stance.SUPPORT])] += (1, p[Stance.SUPPORT], supported)
    return np.concatenate([head, bins.ravel()])


def _bin(p: float) -> int:
    return min(int(p * BINS), BINS - 1)


def measures(summed: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Return the four measures from sums of shape (…, WIDTH), each of shape (…); nan without pairs."""
    pairs = summed[..., 0]
    bins = summed[..., 3:].reshape(*summed.shape[:-1], 2, BINS, 3)
    gaps = np.abs(bins[..., 1] - bins[..., 2]).sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return {
            "ece": gaps[..., 0] / pairs,
            "brier": summed[..., 1] / pairs,
            "support_ece": gaps[..., 1] / pairs,
            "support_brier": summed[..., 2] / pairs,
        }


def diagram(summed: NDArray[np.float64]) -> dict[str, list[dict[str, float]]]:
    """Return per bin with pairs: how many, mean probability, share that was right; of the top stance and of SUPPORT."""
    bins = summed[3:].reshape(2, BINS, 3)
    return {
        name: [{"n": int(n), "predicted": p / n, "right": right / n} for n, p, right in rows.tolist() if n]
        for name, rows in zip(("top", "support"), bins, strict=True)
    }
