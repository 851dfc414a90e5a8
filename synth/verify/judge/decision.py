"""What an interval says of a claimed direction: one table of cases, for single numbers and for arrays alike. Pure.

With the SESOI d > 0, the mean m and its interval [l, h], for a claimed increase:

* equivalent: −d < l and h < d, no effect as large as the SESOI (two one-sided tests as an interval that lies inside
  the bounds, Schuirmann 1987, J. Pharmacokinet. Biopharm. 15, 657–680), unless l > 0 and m ≥ d;
* supported: l > 0 (at `paper`, where a magnitude is spoken of, also m ≥ d);
* contradicted: h < 0;
* otherwise inconclusive.

A claimed decrease is its mirror image. Claimed *no effect*: equivalent if the interval lies inside ±d, contradicted if
it lies wholly outside one of the bounds.

*Equivalent* is a verdict of its own below `paper`, whatever was claimed. At `paper` it contradicts a claimed effect
whose interval reaches 0 or lies beyond it, supports a claimed absence, and leaves a claim open whose direction holds.

With an interval at level 1 − α each wrong decision takes an interval that leaves out the truth on one given side, so
its probability is α/2 at most: a direction supported where the effect is 0 or of the other sign, a direction
contradicted where it is the claimed one or 0, an equivalence where the effect is d or more.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from synth.core.reasons.verdicts import VerdictReason

UPWARD = ("increase", "greater", "positive")
DOWNWARD = ("decrease", "less", "negative")
NEITHER = ("no effect", "equal")
TESTABLE = UPWARD + DOWNWARD + NEITHER
BEST = ("best", "worst")


class Decision(StrEnum):
    """What an interval decides about a claim."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    EQUIVALENT = "equivalent"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True)
class Case:
    """What an interval decides where a magnitude may be spoken of (`sized`) and where only a direction may; and why."""

    sized: Decision
    unsized: Decision
    why: VerdictReason

    def decision(self, sized: bool) -> Decision:
        return self.sized if sized else self.unsized


_SUPPORTED, _CONTRADICTED, _EQUIVALENT, _OPEN = Decision
CASES = (
    Case(_OPEN, _OPEN, VerdictReason.UNDER_POWERED),
    Case(_SUPPORTED, _SUPPORTED, VerdictReason.REACHES_SESOI),
    Case(_CONTRADICTED, _CONTRADICTED, VerdictReason.OPPOSITE),
    Case(_CONTRADICTED, _EQUIVALENT, VerdictReason.INSIDE),
    Case(_OPEN, _SUPPORTED, VerdictReason.BELOW_SESOI),
    Case(_SUPPORTED, _EQUIVALENT, VerdictReason.INSIDE),
    Case(_CONTRADICTED, _CONTRADICTED, VerdictReason.OUTSIDE),
    Case(_OPEN, _OPEN, VerdictReason.NOT_EQUIVALENT),
    Case(_OPEN, _OPEN, VerdictReason.NO_REPLICATES),
    Case(_OPEN, _EQUIVALENT, VerdictReason.CLAIMED_AND_INSIDE),
)
INSIDE = (3, 5, 9)  # cases in which no effect is as large as the SESOI


def deciding(sized: bool, *decisions: Decision) -> tuple[int, ...]:
    """Numbers of the cases that give one of `decisions`; of all that decide anything, without any."""
    wanted = decisions or (_SUPPORTED, _CONTRADICTED, _EQUIVALENT)
    return tuple(number for number, case in enumerate(CASES) if case.decision(sized) in wanted)


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
        [none, (low > 0) & (mean >= sesoi), inside & (low > 0), inside, high < 0, low > 0],
        [8, 1, 9, 3, 2, 4],
        0,
    )


def claimed_direction(direction: str, value: float | None) -> str:
    """Return a claim of "+0.0" says that at the printed precision there is no difference, whatever its verb."""
    if value == 0 and direction in ("increase", "decrease"):
        return "no effect"
    return "equal" if value == 0 and direction in ("greater", "less") else direction
