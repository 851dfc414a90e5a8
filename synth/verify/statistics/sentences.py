"""Variance of an estimate over the sentences of a test set, the languages being fixed. Pure.

Every line has one influence on the estimate, summed over the languages, so lines that say the same in several languages
may depend on each other. Treatment and baseline are paired by line where each answer is known (`right` of a
measurement). Where only scores are, both are binomial, of which the variances (with one success and one failure added:
Agresti & Caffo 2000, Am. Stat. 54, 280–288) are added as if languages went up and down together, the widest there is.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import TYPE_CHECKING

from synth.verify.statistics.measurement import Measurement

if TYPE_CHECKING:
    from synth.core.arrays import FloatArray


def line_variance(answers: Sequence[FloatArray], weights: Sequence[float] | FloatArray) -> tuple[float, int]:
    """Compute the variance of Σ_l w_l · mean(answers_l) over the lines of the test set, and count the lines.

    `answers`: per language (lines,) of the same lines, as far as it has them. The influence of line i is
    Σ_l w_l (a_li − ā_l) / n_l; it holds whether or not the lines of different languages depend on each other.
    """
    import numpy as np

    longest = max(map(len, answers))
    influence = np.zeros(longest)
    for lines, weight in zip(answers, weights, strict=True):
        influence[: len(lines)] += weight * (lines - lines.mean()) / len(lines)
    return float((influence**2).sum()) * longest / (longest - 1), longest


def score_variance(
    shares: Sequence[Sequence[tuple[float, int]]], weights: Sequence[float] | FloatArray
) -> tuple[float, int]:
    """Bound the variance of Σ_l w_l · difference_l in squared points; with the fewest sentences of a language.

    `shares`: per language (share of right answers, sentences) of each arm.
    """
    error, fewest = 0.0, min(items for arms in shares for _, items in arms)
    for arms, weight in zip(shares, weights, strict=True):
        added = [((share * items + 1) / (items + 2), items + 2) for share, items in arms]
        error += abs(weight) * 100 * sqrt(sum(p * (1 - p) / n for p, n in added))
    return error**2, fewest


def outcomes(row: Measurement) -> FloatArray | None:
    """Return (n,) 1 where a sentence was answered rightly, from `right`: bits, first line first, in hexadecimal digits.

    None where the measurement has no such record, or one of another length.
    """
    import numpy as np

    if not row.n or len(row.right) != 2 * -(-row.n // 8):
        return None
    try:
        packed = bytes.fromhex(row.right)
    except ValueError:
        return None
    return np.unpackbits(np.frombuffer(packed, dtype=np.uint8), count=row.n).astype(float)
