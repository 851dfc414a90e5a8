"""Agreement between reviewers: Krippendorff's α over the claims that they grade.

α = 1 − D_o / D_e, the disagreement observed over the one expected if grades were dealt out by chance; here with the
ordinal difference function, since the grades are an order (against < open < for). It takes any number of reviewers and
grades that are missing (Hayes & Krippendorff 2007, Communication Methods and Measures 1, 77-89). 1: all agree; 0: no
better than chance; below 0: they disagree systematically. The interval resamples claims.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

DRAWS, SEED = 500, 20070101
MIN_CLAIMS = 10  # claims from which an interval is given: fewer, resampled, tell nothing about others


@dataclass(frozen=True)
class RaterAgreement:
    """α with the 95 % interval over claims, None where there is none. `why`: why there is no α."""

    alpha: float | None
    low: float | None
    high: float | None
    raters: int
    units: int
    why: str = ""


def agreement(grades: Sequence[Mapping[int, int]]) -> RaterAgreement:
    """Compute α over what each reviewer graded: unit → grade, one mapping a reviewer.

    Units graded once do not count.
    """
    import numpy as np

    graded = [mapping for mapping in grades if mapping]
    units = sorted(unit for unit in set().union(*graded) if sum(unit in mapping for mapping in graded) > 1)
    raters = [mapping for mapping in graded if any(unit in mapping for unit in units)]
    table = np.array([[mapping.get(unit, np.nan) for unit in units] for mapping in raters], dtype=float)
    why = _why_not(table)
    if why:
        return RaterAgreement(None, None, None, len(raters), len(units), why)
    return RaterAgreement(_alpha(table), *_interval(table), len(raters), len(units))


def _why_not(table: np.ndarray) -> str:
    """Explain why a table of reviewers × claims, NaN where a grade is missing, has no α; "" where it has."""
    import numpy as np

    if table.size == 0 or len(table) < 2:
        return "no two reviewers graded the same claim"
    if table.shape[1] < 2:
        return "only one claim was graded by several reviewers"
    if np.nanmin(table) == np.nanmax(table):
        return "every reviewer gave every claim the same grade, so that no disagreement could be expected"
    return ""


def _alpha(table: np.ndarray) -> float:
    import krippendorff

    return float(krippendorff.alpha(reliability_data=table, level_of_measurement="ordinal"))


def _interval(table: np.ndarray) -> tuple[float | None, float | None]:
    """Return the 2.5 % and 97.5 % quantiles of α over resampled claims.

    Samples in which all grades are equal have no α.
    """
    import numpy as np

    units = table.shape[1]
    if units < MIN_CLAIMS:
        return None, None
    random = np.random.default_rng(SEED)
    samples = (table[:, random.integers(units, size=units)] for _ in range(DRAWS))
    alphas = [_alpha(sample) for sample in samples if not _why_not(sample)]
    if len(alphas) < DRAWS / 2:
        return None, None
    low, high = np.quantile(alphas, [0.025, 0.975])
    return float(low), float(high)
