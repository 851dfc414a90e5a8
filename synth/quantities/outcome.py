"""Outcome of comparing two quantities, with a reason code."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Entailment(StrEnum):
    """Effect of the stated quantity on the claimed one."""

    ENTAILED = "entailed"
    CONTRADICTED = "contradicted"
    NEITHER = "neither"


class ComparisonReason(StrEnum):
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
INCOMPARABLE = frozenset({ComparisonReason.UNIT, ComparisonReason.METRIC, ComparisonReason.KIND})


@dataclass(frozen=True)
class QuantityComparison:
    """An outcome with its reason."""

    outcome: Entailment
    reason: ComparisonReason

    @property
    def comparable(self) -> bool:
        """Return True if both measure the same kind of thing in units that convert."""
        return self.reason not in INCOMPARABLE


def entailed(reason: ComparisonReason = ComparisonReason.EQUAL) -> QuantityComparison:
    return QuantityComparison(Entailment.ENTAILED, reason)


def contradicted(reason: ComparisonReason = ComparisonReason.OTHER_VALUE) -> QuantityComparison:
    return QuantityComparison(Entailment.CONTRADICTED, reason)


def neither(reason: ComparisonReason) -> QuantityComparison:
    return QuantityComparison(Entailment.NEITHER, reason)
