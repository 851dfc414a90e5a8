"""Entailment between two quantities: the stated one makes the claimed one true, false, or neither.

A quantity stands for the values that it leaves possible: a point for what rounds to it, "more than 3" for everything
above 3. The claim is entailed where all stated values are claimed ones, and contradicted where none is. Numbers agree
to the last digit that the coarser of the two prints.
"""

from __future__ import annotations

from dataclasses import replace

from synth.quantities.metrics import COMPLEMENTS, lower_is_better
from synth.quantities.outcome import ComparisonReason, Entailment, QuantityComparison, contradicted, entailed, neither
from synth.quantities.quantity import PERCENT, POINTS, SCORE_UNITS, TIMES, Comparator, Kind, Quantity, same
from synth.quantities.regions import by_regions

RATIO_SLACK = 0.02  # of a ratio worked out from rounded numbers


def compare(claimed: Quantity, stated: Quantity) -> QuantityComparison:
    """Compare what a claim says with what a passage says of (perhaps) the same thing.

    Args:
        claimed: A quantity of the claim.
        stated: A quantity of the passage, printed or derived.

    Returns:
        ENTAILED, CONTRADICTED or NEITHER with a reason. Whether both are of the same thing under the same conditions is
        not asked here, except for metric, unit and kind.
    """
    if claimed.metric and stated.metric and claimed.metric != stated.metric:
        if COMPLEMENTS.get(claimed.metric) != stated.metric:
            return neither(ComparisonReason.METRIC)
        stated = complement(stated)
    claimed, stated = (_signed(q) for q in (claimed, stated))
    kinds = {claimed.kind, stated.kind}
    if Kind.P_VALUE in kinds or Kind.COEFFICIENT in kinds:
        return _points(claimed, stated)
    if Kind.RATIO in kinds and (Kind.FACTOR in kinds or claimed.is_change or stated.is_change):
        return _of_ratio(claimed, stated)
    if Kind.FACTOR in kinds:
        return _factors(claimed, stated)
    if claimed.is_change and stated.is_change:
        return _changes(claimed, stated)
    if claimed.is_change or stated.is_change:
        return _level_and_change(claimed, stated)
    if Kind.COUNT in kinds and not (claimed.unit or stated.unit) and len(kinds) == 1:
        return _denial(claimed, stated, by_regions(claimed, stated))
    return _levels(claimed, stated)


def complement(quantity: Quantity) -> Quantity:
    """Return what a share leaves of the whole: accuracy 88.2 % for an error rate of 11.8 %."""
    metric = COMPLEMENTS.get(quantity.metric, quantity.metric)
    if quantity.is_change:
        ends = (100 - quantity.ends[0], 100 - quantity.ends[1]) if quantity.ends else None
        sign = quantity.sign if abs(quantity.sign) == 2 else -quantity.sign
        return replace(quantity, sign=sign, ends=ends, metric=metric)
    whole = 1.0 if not quantity.unit and quantity.high <= 1 else 100.0
    mirrored = {
        Comparator.MORE: Comparator.LESS,
        Comparator.AT_LEAST: Comparator.AT_MOST,
        Comparator.LESS: Comparator.MORE,
        Comparator.AT_MOST: Comparator.AT_LEAST,
    }.get(quantity.comparator, quantity.comparator)
    return replace(
        quantity,
        low=whole - quantity.high,
        high=whole - quantity.low,
        metric=metric,
        comparator=mirrored,
        derived="complement",
    )


def _signed(quantity: Quantity) -> Quantity:
    """Return a change for the better or worse as one up or down, by its metric."""
    if abs(quantity.sign) < 2:
        return quantity
    way = quantity.sign // 2
    return replace(quantity, sign=-way if lower_is_better(quantity.metric) else way)


# ------------------------------------------------------------------------------------------------------ kinds


def _points(claimed: Quantity, stated: Quantity) -> QuantityComparison:
    """Compare p-values, or coefficients, which keep their sign."""
    if claimed.kind is not stated.kind:
        shares = {claimed.kind, stated.kind} == {Kind.COEFFICIENT, Kind.LEVEL}
        if not shares or (claimed.unit and stated.unit):
            return neither(ComparisonReason.KIND)
        return _levels(claimed, stated)
    return _denial(claimed, stated, by_regions(claimed, stated))


def _levels(claimed: Quantity, stated: Quantity) -> QuantityComparison:
    if claimed.unit != stated.unit and not {claimed.unit, stated.unit} <= SCORE_UNITS:
        return neither(ComparisonReason.UNIT)
    kinds = {claimed.kind, stated.kind}
    if Kind.COUNT in kinds and len(kinds) > 1 and (claimed.unit or stated.unit or Kind.RATIO in kinds):
        return neither(ComparisonReason.UNIT)
    if Kind.RATIO in kinds and (claimed.unit or stated.unit):
        return neither(ComparisonReason.UNIT)
    claimed, stated = _same_scale(claimed, stated)
    if claimed.denied != stated.denied and claimed.unit == stated.unit == PERCENT and not claimed.is_range:
        stated = replace(complement(stated), denied=claimed.denied, metric=stated.metric)
    comparison = by_regions(claimed, stated)
    if comparison.outcome is Entailment.CONTRADICTED and Kind.COUNT in kinds and len(kinds) > 1:
        return neither(ComparisonReason.KIND)
    return _denial(claimed, stated, comparison)


def _same_scale(a: Quantity, b: Quantity) -> tuple[Quantity, Quantity]:
    """Put a fraction and a percentage on one scale: 0.894, 89.4 %, 89.4."""
    if _is_fraction(a, b):
        return _scaled(a, 100), b
    if _is_fraction(b, a):
        return a, _scaled(b, 100)
    return a, b


def _is_fraction(quantity: Quantity, other: Quantity) -> bool:
    if quantity.unit or not 0 < quantity.high <= 1 or quantity.step >= 1:
        return False
    return other.unit in (PERCENT, POINTS) or (other.low > 1 and bool(quantity.metric or other.metric))


def _scaled(quantity: Quantity, factor: float) -> Quantity:
    return replace(
        quantity, low=quantity.low * factor, high=quantity.high * factor, step=quantity.step * factor, unit=PERCENT
    )


def _changes(claimed: Quantity, stated: Quantity) -> QuantityComparison:
    if claimed.ends and stated.ends:
        slack = max(claimed.step, stated.step)
        pairs = zip(claimed.ends, stated.ends, strict=True)
        return entailed() if all(same(a, b, slack) for a, b in pairs) else contradicted()
    if claimed.unit != stated.unit and not {claimed.unit, stated.unit} <= SCORE_UNITS:
        difference = stated if claimed.ends else claimed
        if difference.unit != PERCENT or not (claimed.ends or stated.ends):
            return neither(ComparisonReason.UNIT)
    if claimed.ends or stated.ends:
        return _from_ends(claimed, stated)
    if Kind.RELATIVE_CHANGE in (claimed.kind, stated.kind) and not {claimed.unit, stated.unit} <= {PERCENT}:
        return neither(ComparisonReason.UNIT)
    if {claimed.unit, stated.unit} == {POINTS, PERCENT} and lower_is_better(
        (claimed if claimed.unit == PERCENT else stated).metric
    ):
        return neither(ComparisonReason.UNIT)  # "reduces the error rate by 5 %" is relative as a rule
    if claimed.sign * stated.sign < 0:
        return (
            neither(ComparisonReason.OPPOSITE)
            if claimed.denied or stated.denied
            else contradicted(ComparisonReason.OPPOSITE)
        )
    if claimed.unit != stated.unit and stated.high <= 1 and stated.step < 1 <= claimed.low and not stated.unit:
        stated = _scaled(stated, 100)  # "0.037" of a metric between 0 and 1 is 3.7 points
    comparison = _denial(claimed, stated, by_regions(claimed, stated))
    # "12 %" may be relative or of a scale of 100: to contradict, the kinds must be the same.
    mixed = claimed.kind is not stated.kind or (
        claimed.unit != stated.unit
        and POINTS in (claimed.unit, stated.unit)
        and "" in (claimed.unit, stated.unit)
        and stated.high <= 1
    )
    return neither(ComparisonReason.UNIT) if comparison.outcome is Entailment.CONTRADICTED and mixed else comparison


def _from_ends(claimed: Quantity, stated: Quantity) -> QuantityComparison:
    """Compare "from 31.0 to 79.8" with a difference, absolute or relative."""
    whole, part = (stated, claimed) if stated.ends else (claimed, stated)
    assert whole.ends is not None
    first, last = whole.ends
    if part.sign * (last - first) < 0:
        return contradicted(ComparisonReason.OPPOSITE)
    absolute = replace(
        whole, low=abs(last - first), high=abs(last - first), ends=None, step=_difference_step(whole.step)
    )
    fits = [by_regions(part, absolute)]
    if part.unit == PERCENT and first:
        share = abs(last - first) / abs(first) * 100
        relative = replace(absolute, low=share, high=share, unit=PERCENT, step=100 * 2 * whole.step / abs(first))
        comparison = by_regions(part, relative)
        fits = [comparison] if part.kind is Kind.RELATIVE_CHANGE else [*fits, comparison]
        if whole.unit not in SCORE_UNITS:
            fits = [comparison]
    elif first and max(map(abs, whole.ends)) <= 1 and part.low > 1:
        fits = [by_regions(part, _scaled(absolute, 100))]
    bound = part.comparator.is_lower or part.comparator.is_upper
    if bound and len({f.outcome for f in fits}) > 1:
        return neither(ComparisonReason.OPEN)  # "by more than 3 %": points or a share of the first
    if any(f.outcome is Entailment.ENTAILED for f in fits):
        return (
            fits[0]
            if whole is stated and len(fits) == 1
            else entailed()
            if whole is stated
            else neither(ComparisonReason.OPEN)
        )
    return contradicted() if all(f.outcome is Entailment.CONTRADICTED for f in fits) else neither(ComparisonReason.OPEN)


def _difference_step(step: float) -> float:
    """Return the step of a difference: both ends are rounded, but it is expected to be the printed one."""
    return step * 2


def _level_and_change(claimed: Quantity, stated: Quantity) -> QuantityComparison:
    """Compare a level with "from A to B": the last is what is reached; a bare difference says nothing of it."""
    if claimed.is_change or not stated.ends or claimed.kind is Kind.COUNT:
        return neither(ComparisonReason.KIND)
    comparisons = []
    for end in stated.ends:
        level = replace(stated, low=end, high=end, ends=None, kind=Kind.LEVEL, sign=0)
        comparisons.append(_levels(replace(claimed, kind=Kind.LEVEL), level))
    first, last = comparisons
    return (
        last
        if last.outcome is not Entailment.CONTRADICTED or first.outcome is Entailment.CONTRADICTED
        else neither(ComparisonReason.OPEN)
    )


def _factors(claimed: Quantity, stated: Quantity) -> QuantityComparison:
    if claimed.kind is stated.kind:
        if claimed.sign * stated.sign < 0:
            return neither(ComparisonReason.OPEN)  # "3 times faster", "3 times less time": the things compared differ
        return _denial(claimed, stated, by_regions(claimed, stated))
    factor, other = (claimed, stated) if claimed.kind is Kind.FACTOR else (stated, claimed)
    if other.ends:
        low, high = sorted(map(abs, other.ends))
        ratios: tuple[float, ...] = (high / low, low / high) if low and high else ()
    elif other.is_change and other.unit == PERCENT and not other.is_range:
        sign = other.sign or 1
        ratios = tuple(
            r
            for r in (
                1 + sign * other.value / 100,
                1 / (1 + sign * other.value / 100) if sign * other.value > -100 else 0.0,
            )
            if r > 0
        )
    else:
        return neither(ComparisonReason.UNIT if other.unit not in SCORE_UNITS else ComparisonReason.KIND)
    if not ratios:
        return neither(ComparisonReason.OPEN)
    comparisons = [by_regions(factor, _ratio(other, ratio)) for ratio in ratios]
    if any(f.outcome is Entailment.ENTAILED for f in comparisons):
        return entailed()
    return (
        contradicted()
        if all(f.outcome is Entailment.CONTRADICTED for f in comparisons)
        else neither(ComparisonReason.OPEN)
    )


def _of_ratio(claimed: Quantity, stated: Quantity) -> QuantityComparison:
    """Compare a ratio of odds or risks with "doubled" or "65 % higher": 1.65 is 65 % more."""
    ratio, other = (claimed, stated) if claimed.kind is Kind.RATIO else (stated, claimed)
    if other.kind is Kind.FACTOR:
        plain = replace(ratio, unit=TIMES, kind=Kind.FACTOR, metric="")
        return by_regions(plain, other) if ratio is claimed else by_regions(other, plain)
    if other.unit != PERCENT or other.ends:
        return neither(ComparisonReason.KIND)
    way = (ratio.value > 1) - (ratio.value < 1)
    if other.sign * way < 0:
        return contradicted(ComparisonReason.OPPOSITE)
    size = abs(ratio.value - 1) * 100
    change = replace(ratio, low=size, high=size, step=ratio.step * 100, unit=PERCENT, kind=other.kind, sign=other.sign)
    return by_regions(change, other) if ratio is claimed else by_regions(other, change)


def _ratio(quantity: Quantity, ratio: float) -> Quantity:
    return replace(
        quantity,
        low=ratio,
        high=ratio,
        unit=TIMES,
        kind=Kind.FACTOR,
        ends=None,
        sign=0,
        step=2 * RATIO_SLACK * ratio,
        comparator=quantity.comparator if quantity.comparator is Comparator.ABOUT else Comparator.EXACT,
    )


def _denial(claimed: Quantity, stated: Quantity, comparison: QuantityComparison) -> QuantityComparison:
    """Turn the outcome where only one side denies its number; a denied number leaves all others possible."""
    if claimed.denied == stated.denied:
        return (
            neither(ComparisonReason.OPEN)
            if claimed.denied and comparison.outcome is not Entailment.ENTAILED
            else comparison
        )
    return (
        contradicted(ComparisonReason.OPPOSITE)
        if comparison.outcome is Entailment.ENTAILED
        else neither(ComparisonReason.OPEN)
    )
