"""What an interval says of a claimed direction: one table of cases, for single numbers and for arrays alike. Pure.

For a claimed increase, with the SESOI d > 0, the mean m and its interval [l, h]:

* supported: l > 0 and m ≥ d;
* contradicted: h < 0; or −d < l ≤ 0 and h < d, an effect too small to matter (two one-sided tests as an interval that
  lies inside the bounds, Schuirmann 1987, J. Pharmacokinet. Biopharm. 15, 657–680);
* otherwise inconclusive.

A claimed decrease is its mirror image. Claimed *no effect*: supported if the interval lies inside ±d, contradicted if
it lies wholly outside one of the bounds.

With an interval at level 1 − α a claim whose true effect is 0 or of the other sign is supported with probability α/2 at
most, and one whose true effect is d or more is contradicted with probability α/2 at most, since either error takes an
interval that leaves out the truth on one given side.
"""

from __future__ import annotations

from typing import Any

UPWARD = ("increase", "greater", "positive")
DOWNWARD = ("decrease", "less", "negative")
NEITHER = ("no effect", "equal")
TESTABLE = UPWARD + DOWNWARD + NEITHER
BEST = ("best", "worst")

SUPPORTED, CONTRADICTED, INCONCLUSIVE = "supported", "contradicted", "inconclusive"
# Case → what it decides and why; `{sesoi}` is filled in.
CASES = (
    (INCONCLUSIVE, "the interval includes 0 and effects that matter: under-powered"),
    (SUPPORTED, "the interval lies on the claimed side and the estimate reaches the SESOI of {sesoi:g}"),
    (CONTRADICTED, "the interval lies on the side opposite to the claim"),
    (CONTRADICTED, "the interval lies inside ±{sesoi:g}: no effect that matters"),
    (INCONCLUSIVE, "the direction is the claimed one, but the estimate is below the SESOI of {sesoi:g}"),
    (SUPPORTED, "the interval lies inside ±{sesoi:g}: no effect that matters"),
    (CONTRADICTED, "the interval lies outside ±{sesoi:g}: there is an effect that matters"),
    (INCONCLUSIVE, "the interval reaches over ±{sesoi:g}: under-powered"),
    (INCONCLUSIVE, "too few seeds for an interval"),
)
DECISIVE = tuple(i for i, (decision, _) in enumerate(CASES) if decision != INCONCLUSIVE)
SUPPORTING = tuple(i for i, (decision, _) in enumerate(CASES) if decision == SUPPORTED)
CONTRADICTING = tuple(i for i, (decision, _) in enumerate(CASES) if decision == CONTRADICTED)


def cases(mean: Any, low: Any, high: Any, direction: str, sesoi: float) -> Any:
    """Numbers of the CASES, an array of the shape of `mean`. NaN in any of the three: no interval."""
    import numpy as np

    mean, low, high = (np.asarray(x, dtype=float) for x in (mean, low, high))
    none = np.isnan(mean) | np.isnan(low) | np.isnan(high)
    inside = (-sesoi < low) & (high < sesoi)
    if direction in NEITHER:
        outside = (low > sesoi) | (high < -sesoi)
        return np.select([none, inside, outside], [8, 5, 6], 7)
    if direction in DOWNWARD:
        mean, low, high = -mean, -high, -low
    return np.select(
        [none, (low > 0) & (mean >= sesoi), high < 0, inside & (low <= 0), low > 0],
        [8, 1, 2, 3, 4],
        0,
    )


def claimed_direction(direction: str, value: float | None) -> str:
    """A claim of "+0.0" says that at the printed precision there is no difference, whatever its verb."""
    if value == 0 and direction in ("increase", "decrease"):
        return "no effect"
    return "equal" if value == 0 and direction in ("greater", "less") else direction
