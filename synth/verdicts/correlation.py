"""A rank correlation over languages that are not independent of each other: families are resampled. Pure.

The correlation is Spearman's ρ between what the languages differ in and what was measured, the mean over seeds. A draw
takes families with replacement and in them languages (`synth.verdicts.bootstrap`); a language drawn k times counts k
times, so its rank is that of k equal values. Families, not languages, are the independent units (Roberts & Winters
2013, PLoS ONE 8(8): e70902, on correlations between languages that share ancestors).

The interval is that of the percentiles (Davison & Hinkley 1997, Bootstrap Methods, §5.3). Wider ones, symmetrical on
Fisher's scale with Student's quantile, were tried in the simulation (docs/verdicts.md): they miss most of what there is
to be found, while the percentiles keep the error.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from synth.estimates import detectable, spearman
from synth.verdicts import decision
from synth.verdicts.bootstrap import DRAWS, language_counts

FEWEST = 3  # families


def interval(
    x: Sequence[float], y: Sequence[float], families: Sequence[str], alpha: float, draws: int = DRAWS
) -> tuple[float, float] | None:
    """Ends of the interval for ρ at level 1 − `alpha`; None for fewer than FEWEST families, or where ρ does not exist.

    `x`, `y`, `families`: of each language.
    """
    found, groups = spearman(x, y), len(set(families))
    if found is None or groups < FEWEST:
        return None
    drawn = resampled(x, y, tuple(families), draws)
    if not len(drawn):
        return None
    import numpy as np

    low, high = np.quantile(drawn, [alpha / 2, 1 - alpha / 2])
    return float(low), float(high)


def agrees(over: tuple[float, float], case: int, direction: str, sesoi: float) -> bool:
    """Whether the interval over families says the same as `case` of `synth.verdicts.decision`.

    That the effect is large enough to matter is for the measured languages to show, here only the interval counts.
    """
    low, high = over
    enough = sesoi if low + high > 0 else -sesoi
    found = int(decision.cases(enough, low, high, direction, sesoi))
    return decision.CASES[found][0] == decision.CASES[case][0]


def resampled(x: Sequence[float], y: Sequence[float], families: tuple[str, ...], draws: int = DRAWS) -> Any:
    """ρ of each draw in which neither side is constant."""
    import numpy as np

    counts = language_counts(families, draws)
    total = counts.sum(axis=1)
    first, across = _centred(tuple(x), families, draws)
    second, along = _ranked(y, counts, total)
    spread = across * along
    good = spread > 1e-9
    return np.einsum("dl,dl,dl->d", counts, first, second)[good] / np.sqrt(spread[good])


@lru_cache(maxsize=16)
def _centred(x: tuple[float, ...], families: tuple[str, ...], draws: int) -> tuple[Any, Any]:
    """Of the side that many predictions have in common, once."""
    counts = language_counts(families, draws)
    return _ranked(x, counts, counts.sum(axis=1))


def _ranked(values: Sequence[float], counts: Any, total: Any) -> tuple[Any, Any]:
    """Ranks less their mean, (draws, languages), and their sum of squares in each draw."""
    import numpy as np

    v = np.asarray(values, dtype=float)
    # The rank of a value: how many are smaller, and the middle of those that are equal (itself among them).
    before = (v[:, None] < v[None, :]) + 0.5 * (v[:, None] == v[None, :])
    ranks = counts @ before
    ranks = ranks - np.einsum("dl,dl->d", counts, ranks)[:, None] / total[:, None]
    return ranks, np.einsum("dl,dl,dl->d", counts, ranks, ranks)


def power(families: Sequence[str], alpha: float) -> str:
    """What can be told, in a sentence that is true before anything runs.

    The smallest |ρ| that is detected with probability 0.8, if all languages, or only the families, are independent
    (`synth.estimates.detectable`).
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
