"""Comparison of the values that two quantities of one unit leave possible. Pure arithmetic."""

from __future__ import annotations

import math
from dataclasses import dataclass

from synth.quantities.outcome import ComparisonReason, QuantityComparison, contradicted, entailed, neither
from synth.quantities.quantity import Comparator, Kind, Quantity, same

ABOUT = 0.05  # "nearly 40 %" holds for 38.4 %, of a number as large as 40

FAR = 0.15  # and is false for what lies further off than this


def by_regions(claimed: Quantity, stated: Quantity) -> QuantityComparison:
    """Compare the values that two quantities of one unit leave possible."""
    # A number in words ("a third", "three") is as exact as the number that it is compared with allows.
    slack = max(claimed.step, stated.step)
    if claimed.comparator is Comparator.UP_TO or claimed.comparator is Comparator.DOWN_TO:
        return _extreme(claimed, stated, slack)
    if stated.comparator is Comparator.UP_TO or stated.comparator is Comparator.DOWN_TO:
        return _of_extreme(claimed, stated, slack)
    if Comparator.ABOUT in (claimed.comparator, stated.comparator) and not _bounded(claimed, stated):
        return _approximate(claimed, stated, slack)
    bounded = _bounded(claimed, stated)
    if not bounded and not claimed.is_range and not stated.is_range:
        if same(claimed.value, stated.value, slack) or _round_number(claimed, stated):
            return entailed()
        return contradicted()
    alike = same(claimed.low, stated.low, slack) and same(claimed.high, stated.high, slack)
    if not bounded and claimed.is_range and stated.is_range and alike:
        return entailed()
    # A bound is met by what is printed; where it is finer than the print, by all that rounds to the print.
    finer = claimed.step < stated.step and Kind.COUNT not in (claimed.kind, stated.kind)
    ours, theirs = _possible(claimed, 0.0 if claimed.is_range else claimed.step), _possible(stated, finer * stated.step)
    if theirs.within(ours) and not _touching(claimed, stated):
        return entailed(ComparisonReason.WITHIN)
    nearly = not bounded and theirs.within(_possible(claimed, slack))  # 5.2 rounds to an end of "3 to 5"
    if not nearly and (theirs.low > ours.high or theirs.high < ours.low or _touching(claimed, stated)):
        return contradicted(ComparisonReason.OUTSIDE)
    return neither(ComparisonReason.OPEN)


@dataclass(frozen=True)
class _Region:
    low: float
    high: float

    def within(self, other: _Region) -> bool:
        return self.low >= other.low - 1e-12 and self.high <= other.high + 1e-12


def _possible(quantity: Quantity, step: float) -> _Region:
    """Return the values that a quantity leaves possible; `step` is the digit that it was rounded to."""
    if quantity.comparator.is_lower:
        return _Region(quantity.low, math.inf)
    if quantity.comparator.is_upper:
        return _Region(-math.inf, quantity.high)
    width = ABOUT * abs(quantity.value) if quantity.comparator is Comparator.ABOUT else 0.0
    return _Region(quantity.low - max(step / 2, width), quantity.high + max(step / 2, width))


def _bounded(*quantities: Quantity) -> bool:
    return any(q.comparator.is_lower or q.comparator.is_upper for q in quantities)


def _touching(claimed: Quantity, stated: Quantity) -> bool:
    """Return True where a strict bound is met exactly, or by another bound: 100 is not more than 100."""
    if stated.comparator is Comparator.ABOUT:
        return False
    if claimed.comparator is Comparator.MORE and not stated.comparator.is_lower:
        return stated.high <= claimed.value
    if claimed.comparator is Comparator.LESS and not stated.comparator.is_upper:
        return stated.low >= claimed.value
    return False


def _approximate(claimed: Quantity, stated: Quantity, slack: float) -> QuantityComparison:
    if claimed.is_range or stated.is_range:
        width = ABOUT * max(abs(claimed.value), abs(stated.value))
        low, high = claimed.low - width - slack / 2, claimed.high + width + slack / 2
        if low <= stated.low and stated.high <= high:
            return entailed(ComparisonReason.WITHIN)
        far = FAR * max(abs(claimed.value), abs(stated.value))
        apart = stated.low > claimed.high + far or stated.high < claimed.low - far
        return contradicted() if apart else neither(ComparisonReason.OPEN)
    if same(claimed.value, stated.value, slack):
        return entailed()
    off = abs(claimed.value - stated.value) / max(abs(claimed.value), abs(stated.value))
    rounded = abs(claimed.value - stated.value) <= 0.6 * slack  # "about 3" holds for 2.5
    return (
        entailed(ComparisonReason.WITHIN)
        if off <= ABOUT or rounded
        else contradicted()
        if off > FAR
        else neither(ComparisonReason.OPEN)
    )


def _round_number(claimed: Quantity, stated: Quantity) -> bool:
    """Return True if one is the other to three or more zeros: 250,000 for 250,002."""
    for rounded, exact in ((claimed, stated), (stated, claimed)):
        digits = f"{abs(rounded.value):.0f}"
        zeros = len(digits) - len(digits.rstrip("0"))
        if (
            zeros >= 3
            and rounded.step >= 1
            and same(rounded.value, exact.value, 10.0**zeros)
            and len(digits) - zeros >= 2
        ):
            return True
    return False


def _extreme(claimed: Quantity, stated: Quantity, slack: float) -> QuantityComparison:
    """Compare "up to 10.2" (or "down to") with a value: reached, passed, or only nearer by."""
    upward = claimed.comparator is Comparator.UP_TO
    if same(claimed.value, stated.value, slack) or (
        stated.is_range and same(claimed.value, stated.high if upward else stated.low, slack)
    ):
        return entailed()
    if stated.comparator is claimed.comparator or (stated.is_range and stated.comparator is Comparator.EXACT):
        return contradicted()
    if stated.comparator.is_upper and upward:
        return (
            contradicted(ComparisonReason.OUTSIDE) if stated.value < claimed.value else neither(ComparisonReason.OPEN)
        )
    beyond = stated.low > claimed.value if upward else stated.high < claimed.value
    open_ended = stated.comparator.is_lower or stated.comparator.is_upper
    return contradicted(ComparisonReason.OUTSIDE) if beyond and not open_ended else neither(ComparisonReason.OPEN)


def _of_extreme(claimed: Quantity, stated: Quantity, slack: float) -> QuantityComparison:
    """Compare a value or bound with "up to 10.2": the largest of several is not their mean."""
    upward = stated.comparator is Comparator.UP_TO
    if claimed.comparator.is_upper and upward:
        return (
            entailed(ComparisonReason.WITHIN)
            if stated.value <= claimed.value
            else contradicted(ComparisonReason.OUTSIDE)
        )
    if claimed.comparator.is_lower and upward:
        return (
            contradicted(ComparisonReason.OUTSIDE) if stated.value < claimed.value else neither(ComparisonReason.OPEN)
        )
    if upward and claimed.low > stated.value and not same(claimed.value, stated.value, slack):
        return contradicted(ComparisonReason.OUTSIDE)
    return (
        neither(ComparisonReason.KIND) if same(claimed.value, stated.value, slack) else neither(ComparisonReason.OPEN)
    )
