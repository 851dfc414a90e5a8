"""A rank correlation over languages that are not independent of each other: families are resampled. Pure.

The correlation is Spearman's ρ between what the languages differ in and what was measured, the mean over seeds. A draw
takes families with replacement and in them languages (`statistics.bootstrap`); a language drawn k times counts k
times, so its rank is that of k equal values. Families, not languages, are the independent units (Roberts & Winters
2013, PLoS ONE 8(8): e70902, on correlations between languages that share ancestors).

The interval is that of the percentiles (Davison & Hinkley 1997, Bootstrap Methods, §5.3). Wider ones, symmetrical on
Fisher's scale with Student's quantile, were tried in the simulation (docs/verdicts.md): they miss most of what there is
to be found, while the percentiles keep the error.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from synth.verify.statistics.bootstrap import DRAWS, language_counts, seed_weights
from synth.verify.statistics.estimates import detectable, spearman

if TYPE_CHECKING:
    from synth.core.arrays import FloatArray, Floats

MIN_FAMILIES = 3  # families
BLOCK = 500  # draws whose ranks are counted at once


def interval(
    x: Sequence[float], y: Sequence[float], families: Sequence[str], alpha: float, draws: int = DRAWS
) -> tuple[float, float] | None:
    """Return the interval for ρ at level 1 − `alpha`; None for fewer than MIN_FAMILIES families, or where ρ does
    not exist.

    `x`, `y`, `families`: of each language.
    """
    rho, groups = spearman(x, y), len(set(families))
    if rho is None or groups < MIN_FAMILIES:
        return None
    drawn = resampled(x, y, tuple(families), draws)
    return ends(drawn, alpha) if len(drawn) else None


def ends(drawn: FloatArray, alpha: float) -> tuple[float, float]:
    """Return the percentiles of resampled values that hold 1 − `alpha` of them."""
    import numpy as np

    low, high = np.quantile(drawn, [alpha / 2, 1 - alpha / 2])
    return float(low), float(high)


def resampled(x: Sequence[float], y: Floats, families: tuple[str, ...], draws: int = DRAWS) -> FloatArray:
    """Compute ρ of each draw in which neither side is constant.

    `y`: (languages,), or (languages, seeds) of which each draw takes the mean of seeds drawn with replacement.
    """
    import numpy as np

    counts = language_counts(families, draws)
    total = counts.sum(axis=1)
    first, across = _centred(tuple(x), families, draws)
    values = np.asarray(y, dtype=float)
    if values.ndim == 1 or values.shape[1] == 1:
        second, along = _ranked(values.reshape(len(x)), counts, total)
    else:
        second, along = _ranked(seed_weights(values.shape[1], draws) @ values.T, counts, total)
    spread = across * along
    good = spread > 1e-9
    return np.einsum("dl,dl,dl->d", counts, first, second)[good] / np.sqrt(spread[good])


@lru_cache(maxsize=16)
def _centred(x: tuple[float, ...], families: tuple[str, ...], draws: int) -> tuple[FloatArray, FloatArray]:
    """Rank the side that many predictions have in common, once."""
    counts = language_counts(families, draws)
    return _ranked(x, counts, counts.sum(axis=1))


def _ranked(values: Floats, counts: FloatArray, total: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return ranks less their mean, (draws, languages), and their sum of squares in each draw.

    `values`: (languages,), or (draws, languages) where they differ from draw to draw.
    """
    import numpy as np

    v = np.asarray(values, dtype=float)
    if v.ndim == 1:
        ranks = counts @ _before(v)
    else:
        ranks = np.empty_like(v)
        for start in range(0, len(v), BLOCK):
            some = slice(start, start + BLOCK)
            ranks[some] = np.einsum("dk,dkl->dl", counts[some], _before(v[some]))
    ranks = ranks - np.einsum("dl,dl->d", counts, ranks)[:, None] / total[:, None]
    return ranks, np.einsum("dl,dl,dl->d", counts, ranks, ranks)


def _before(v: FloatArray) -> FloatArray:
    """Compare all pairs, (…, languages, languages): 1 where the first is smaller, half where both are equal.

    The rank of a value is how many are smaller, and the middle of those that are equal.
    """
    rows, columns = v[..., :, None], v[..., None, :]
    return (rows < columns) + 0.5 * (rows == columns)


def power(families: Sequence[str], alpha: float) -> str:
    """Say which correlations can be detected, in a sentence that is true before anything runs.

    The smallest |ρ| that is detected with probability 0.8, if all languages, or only the families, are independent
    (`statistics.estimates.detectable`).
    """
    languages, groups = len(families), len(set(families))
    most, least = detectable(languages, alpha), detectable(groups, alpha)
    if most is None:
        return f"Over {languages} languages no correlation could be told from chance."
    text = f"A test over {languages} languages detects |r| of {most:.2f} and more (α = {alpha:g}, power 0.8)"
    if groups == languages:
        return text
    other = "none at all" if least is None else f"{least:.2f} and more"
    return f"{text}, or {other} if only the {groups} families are independent"
