"""Outcome of comparing two quantities, with a reason code."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """Effect of the stated quantity on the claimed one."""

    ENTAILED = "entailed"
    CONTRADICTED = "contradicted"
    NEITHER = "neither"


class Reason(StrEnum):
    """Reason of a comparison's outcome."""

    EQUAL = "equal"
    WITHIN = "within"  # inside the claimed bound or range
    OTHER_VALUE = "other value"
    OUTSIDE = "outside"  # beyond the claimed bound or range
    OPPOSITE = "opposite"  # the other direction, or denied
    OPEN = "open"  # the stated bound leaves both possible
    UNIT = "unit"
    METRIC = "metric"
    KIND = "kind"  # a level is no change


# The two cannot be compared at all.
INCOMPARABLE = frozenset({Reason.UNIT, Reason.METRIC, Reason.KIND})


@dataclass(frozen=True)
class Comparison:
    """An outcome with its reason."""

    outcome: Outcome
    reason: Reason

    @property
    def comparable(self) -> bool:
        """Return True if both measure the same kind of thing in units that convert."""
        return self.reason not in INCOMPARABLE


def entailed(reason: Reason = Reason.EQUAL) -> Comparison:
    return Comparison(Outcome.ENTAILED, reason)


def contradicted(reason: Reason = Reason.OTHER_VALUE) -> Comparison:
    return Comparison(Outcome.CONTRADICTED, reason)


def neither(reason: Reason) -> Comparison:
    return Comparison(Outcome.NEITHER, reason)
