"""Decisions of an interval about a claimed direction: one table of cases, for numbers and arrays alike. Pure.

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
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from synth.core.reasons.verdicts import VerdictReason

if TYPE_CHECKING:
    from synth.core.arrays import Floats, IntArray

UPWARD = ("increase", "greater", "positive")
DOWNWARD = ("decrease", "less", "negative")
NEITHER = ("no effect", "equal")
TESTABLE = UPWARD + DOWNWARD + NEITHER
BEST = ("best", "worst")


class Decision(StrEnum):
    """Decision of an interval about a claim."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    EQUIVALENT = "equivalent"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True)
class DecisionCase:
    """Decision where a magnitude may be spoken of (`sized`), the one where only a direction may, and the reason."""

    sized: Decision
    unsized: Decision
    why: VerdictReason

    def decision(self, sized: bool) -> Decision:
        return self.sized if sized else self.unsized


class Case(IntEnum):
    """Place of an interval, seen from the claimed direction. Integers, so that arrays hold them."""

    UNDER_POWERED = 0  # it includes 0 and effects that matter
    REACHES_SESOI = 1  # on the claimed side, and the mean is as large as the SESOI
    OPPOSITE = 2
    INSIDE = 3  # inside ±SESOI, an effect was claimed
    BELOW_SESOI = 4  # on the claimed side, and the mean is smaller than the SESOI
    ABSENT = 5  # inside ±SESOI, and no effect was claimed
    OUTSIDE = 6  # wholly outside ±SESOI, and no effect was claimed
    NOT_EQUIVALENT = 7  # reaches over ±SESOI, and no effect was claimed
    NO_INTERVAL = 8
    CLAIMED_AND_INSIDE = 9  # inside ±SESOI, on the claimed side

    def decision(self, sized: bool) -> Decision:
        return _TABLE[self].decision(sized)

    @property
    def why(self) -> VerdictReason:
        return _TABLE[self].why


_SUPPORTED, _CONTRADICTED, _EQUIVALENT, _OPEN = Decision
_TABLE = {
    Case.UNDER_POWERED: DecisionCase(_OPEN, _OPEN, VerdictReason.UNDER_POWERED),
    Case.REACHES_SESOI: DecisionCase(_SUPPORTED, _SUPPORTED, VerdictReason.REACHES_SESOI),
    Case.OPPOSITE: DecisionCase(_CONTRADICTED, _CONTRADICTED, VerdictReason.OPPOSITE),
    Case.INSIDE: DecisionCase(_CONTRADICTED, _EQUIVALENT, VerdictReason.INSIDE),
    Case.BELOW_SESOI: DecisionCase(_OPEN, _SUPPORTED, VerdictReason.BELOW_SESOI),
    Case.ABSENT: DecisionCase(_SUPPORTED, _EQUIVALENT, VerdictReason.INSIDE),
    Case.OUTSIDE: DecisionCase(_CONTRADICTED, _CONTRADICTED, VerdictReason.OUTSIDE),
    Case.NOT_EQUIVALENT: DecisionCase(_OPEN, _OPEN, VerdictReason.NOT_EQUIVALENT),
    Case.NO_INTERVAL: DecisionCase(_OPEN, _OPEN, VerdictReason.NO_REPLICATES),
    Case.CLAIMED_AND_INSIDE: DecisionCase(_OPEN, _EQUIVALENT, VerdictReason.CLAIMED_AND_INSIDE),
}
WITHIN_SESOI = (Case.INSIDE, Case.ABSENT, Case.CLAIMED_AND_INSIDE)  # no effect is as large as the SESOI


def deciding(sized: bool, *decisions: Decision) -> tuple[Case, ...]:
    """Return the cases that give one of `decisions`; those that decide anything, without any."""
    wanted = decisions or (_SUPPORTED, _CONTRADICTED, _EQUIVALENT)
    return tuple(case for case in Case if case.decision(sized) in wanted)


def cases(mean: Floats, low: Floats, high: Floats, direction: str, sesoi: float) -> IntArray:
    """Return the Case of each, an array of the shape of `mean`. NaN in any of the three: no interval."""
    import numpy as np

    middle, lower, upper = (np.asarray(x, dtype=float) for x in (mean, low, high))
    none = np.isnan(middle) | np.isnan(lower) | np.isnan(upper)
    inside = (-sesoi < lower) & (upper < sesoi)
    if direction in NEITHER:
        outside = (lower > sesoi) | (upper < -sesoi)
        claimed = {Case.NO_INTERVAL: none, Case.ABSENT: inside, Case.OUTSIDE: outside}
        return np.select(list(claimed.values()), list(claimed), Case.NOT_EQUIVALENT)
    if direction in DOWNWARD:
        middle, lower, upper = -middle, -upper, -lower
    ordered = {
        Case.NO_INTERVAL: none,
        Case.REACHES_SESOI: (lower > 0) & (middle >= sesoi),
        Case.CLAIMED_AND_INSIDE: inside & (lower > 0),
        Case.INSIDE: inside,
        Case.OPPOSITE: upper < 0,
        Case.BELOW_SESOI: lower > 0,
    }
    return np.select(list(ordered.values()), list(ordered), Case.UNDER_POWERED)


def case_of(mean: float | None, low: float | None, high: float | None, direction: str, sesoi: float) -> Case:
    """Return the Case of one estimate; None where there is no number."""
    middle, lower, upper = (float("nan") if x is None else x for x in (mean, low, high))
    return Case(int(cases(middle, lower, upper, direction, sesoi)))


def claimed_direction(direction: str, value: float | None) -> str:
    """Return the direction claimed; "+0.0" claims no difference at the printed precision, whatever its verb."""
    if value == 0 and direction in ("increase", "decrease"):
        return "no effect"
    return "equal" if value == 0 and direction in ("greater", "less") else direction
