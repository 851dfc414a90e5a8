"""Quantities derived from printed levels: differences, ratios, shares, sums and means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from synth.quantities.quantity import PERCENT, SCORE_UNITS, TIMES, Comparator, Kind, Quantity


def difference(first: Quantity, last: Quantity) -> Quantity:
    """Return the change from `first` to `last`, with both ends. The step is that of the coarser one."""
    low, high = first.value, last.value
    size = round(abs(high - low), 12)
    return replace(
        last,
        low=size,
        high=size,
        kind=Kind.CHANGE,
        ends=(low, high),
        sign=(high > low) - (high < low),
        step=max(first.step, last.step),
        comparator=Comparator.ABOUT if Comparator.ABOUT in (first.comparator, last.comparator) else Comparator.EXACT,
        unit=last.unit or first.unit,
        metric=last.metric if last.metric == first.metric else last.metric or first.metric,
        spread=None,
        interval=None,
        denied=False,
        derived="difference",
    )


def shifted(level: Quantity, change: Quantity, sign: int) -> Quantity:
    """Return the level that lies `change` above (1) or below (-1) `level`."""
    value = round(level.value + sign * change.value, 12)
    return replace(
        level,
        low=value,
        high=value,
        step=max(level.step, change.step),
        derived="shifted",
        spread=None,
        interval=None,
        ends=None,
        denied=False,
    )


def share(part: Quantity, whole: Quantity) -> Quantity | None:
    """Return `part` as a percentage of `whole`; None where it is more than the whole."""
    if whole.value <= 0 or not 0 <= part.value <= whole.value:
        return None
    value = 100 * part.value / whole.value
    return replace(
        part,
        low=value,
        high=value,
        unit=PERCENT,
        kind=Kind.LEVEL,
        step=1.0,
        derived="share",
        total=None,
        metric="",
    )


def ratio(quantity: Quantity, other: Quantity) -> Quantity | None:
    """Return how many times `other` goes into `one`."""
    if other.value == 0:
        return None
    value = quantity.value / other.value
    return replace(
        quantity,
        low=value,
        high=value,
        unit=TIMES,
        kind=Kind.FACTOR,
        sign=0,
        ends=None,
        step=0.04 * abs(value),
        derived="ratio",
    )


def total(parts: Sequence[Quantity]) -> Quantity:
    """Return the sum of quantities of one unit."""
    value = round(sum(p.value for p in parts), 12)
    return replace(parts[0], low=value, high=value, step=max(p.step for p in parts), derived="sum", spread=None)


def mean(values: Sequence[Quantity]) -> Quantity:
    """Return the unweighted mean of quantities of one unit."""
    return replace(
        total(values), low=total(values).low / len(values), high=total(values).high / len(values), derived="mean"
    )


def comparable_levels(first: Quantity, second: Quantity) -> bool:
    """Return True if a difference of the two makes sense: levels or counts of one unit and metric."""
    if Kind.FACTOR in (first.kind, second.kind) or Kind.P_VALUE in (first.kind, second.kind):
        return False
    if first.is_change != second.is_change:
        return False
    if first.metric and second.metric and first.metric != second.metric:
        return False
    if Kind.COUNT in (first.kind, second.kind) and first.kind is not second.kind and (first.unit or second.unit):
        return False
    return first.unit == second.unit or (
        {first.unit, second.unit} <= SCORE_UNITS and (first.value > 1) == (second.value > 1)
    )
