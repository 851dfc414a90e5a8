"""Neighbouring numbers that belong together: ranges, changes from one to the other, parts of a whole, lists. Pure."""

from __future__ import annotations

import re
from dataclasses import replace

from synth.quantities.quantity import PERCENT, POINTS, Comparator, Kind, Quantity
from synth.quantities.units import MEASURES

_LIST_GAP = re.compile(r"\s?(?:,|and|or|/|&|,\s?and|,\s?or|\|)\s?(?:by |an? |of |to )?")

# "9,741 training, 1,221 development and 1,140 test questions"
_QUALIFIED_GAP = re.compile(r"\s[\w-]+(?:,\s?(?:and\s|or\s)?|\s(?:and|or)\s)")

# What stands between two numbers of one verb: no other verb, no other clause.
_SAME_CLAUSE = re.compile(
    r"\s(?:\([^()]{1,30}\)\s)?(?:for|on|in|over|at|with)\s(?:[\w-]+\s){1,6}?(?:\([^()]{1,30}\)\s)?"
    r"(?:and|or)\s(?:by\s|up to\s|about\s)?"
)

_FROM = re.compile(r"\bfrom\s+(?:an?\s+|about\s+|around\s+|just\s+|only\s+|nearly\s+)?$", re.IGNORECASE)

_RANGES = re.compile(
    r"\b(?:rang\w+|var(?:y|ies|ied|ying)|spans?|spanning|between)\s(?:widely\s)?from\s$", re.IGNORECASE
)

_BETWEEN = re.compile(r"\b(?:between|from)\s+$", re.IGNORECASE)

_TO = re.compile(
    r"(?:\s[A-Za-z0-9-]{1,14}){0,3}?(?:\s\([^()]{0,30}\))?(?:\s(?:in|for|on|at|of)\s[^,.;]{1,30}?)?\s?(?:to|→|->)\s?(?:an?\s|about\s|around\s|just\s|over\s|nearly\s)?"
)

_OF_TOTAL = re.compile(r"\s?(?:/|(?:out\s)?of\s(?:the\s|all\s)?)\s?")


def as_interval(text: str, quantities: list[Quantity]) -> list[Quantity]:
    """Give a range in brackets to the number before it that it encloses: "9 points (5 to 13)"."""
    if len(quantities) < 2 or not quantities[-1].is_range or quantities[-2].is_range:
        return quantities
    estimate, interval = quantities[-2], quantities[-1]
    bracketed = re.fullmatch(r"\s?[(\[]\s?", text[estimate.end : interval.start]) and re.match(
        r"\s?[)\];,]", text[interval.end : interval.end + 2]
    )
    if not bracketed or not interval.low <= estimate.value <= interval.high:
        return quantities
    return [*quantities[:-2], replace(estimate, interval=(interval.low, interval.high), end=interval.end)]


def joined_pair(text: str, first: Quantity, second: Quantity) -> Quantity | None:
    """Join two neighbours that are a range, a change from one to the other, or a part and its whole."""
    if first.is_range or first.ends or first.total or Kind.P_VALUE in (first.kind, second.kind):
        return None
    gap = text[first.end : second.start]
    if len(gap) > 60 or (first.unit and second.unit and first.unit != second.unit):
        return None
    before = text[max(0, first.start - 24) : first.start]
    spans = bool(_RANGES.search(before))
    if _FROM.search(before) and not spans and _TO.fullmatch(gap):
        return _change_between(text, first, second)
    if spans and "(" in gap:
        return None  # "ranged from 2.2% (Japan) to 10.4% (Brazil)": each end has its own name
    if (
        re.fullmatch(r"\s?(?:-|–|−)\s?", gap)
        or gap.strip() == "to"
        or (spans and _TO.fullmatch(gap))
        or (gap.strip() == "and" and _BETWEEN.search(before))
    ):
        return _range(text, first, second)
    return _part_of_whole(text, first, second) if _OF_TOTAL.fullmatch(gap) else None


def _change_between(text: str, first: Quantity, second: Quantity) -> Quantity:
    """Return the change of "from A to B", with both ends."""
    unit = second.unit or first.unit
    low, high = (_in_unit(q, unit) for q in (first, second))
    size = round(abs(high - low), 12)
    return replace(
        second,
        low=size,
        high=size,
        unit=unit,
        kind=Kind.CHANGE,
        start=first.start,
        text=text[first.start : second.end],
        ends=(low, high),
        sign=(high > low) - (high < low),
        step=max(first.step, second.step),
        comparator=Comparator.EXACT,
        nouns=second.nouns or first.nouns,
        head=second.head or first.head,
        printed=round(high - low, 12),
    )


def _range(text: str, first: Quantity, second: Quantity) -> Quantity:
    """Return the interval of "A to B"."""
    unit = second.unit or first.unit
    low, high = sorted(abs(_in_unit(q, unit)) if second.is_change else _in_unit(q, unit) for q in (first, second))
    return replace(
        second,
        low=low,
        high=high,
        unit=unit,
        start=first.start,
        text=text[first.start : second.end],
        kind=second.kind if second.kind is not Kind.LEVEL else first.kind,
        step=max(first.step, second.step),
        sign=second.sign or first.sign,
        printed=None,
        comparator=Comparator.ABOUT if first.comparator is Comparator.ABOUT else Comparator.EXACT,
    )


def _part_of_whole(text: str, part: Quantity, whole: Quantity) -> Quantity | None:
    """Return the count of "13 of 15", with its total; None where the numbers are no part and whole."""
    if part.step < 1 or whole.step < 1 or part.unit or whole.unit:
        return None
    if not 0 <= part.low <= whole.low or whole.low <= 1 or part.nouns or (part.worded and not whole.nouns):
        return None
    return replace(
        whole,
        low=part.low,
        high=part.low,
        kind=Kind.COUNT,
        start=part.start,
        total=whole.low,
        text=text[part.start : whole.end],
        comparator=part.comparator,
        printed=part.printed,
    )


def _in_unit(quantity: Quantity, unit: str) -> float:
    return quantity.printed if quantity.printed is not None and unit in ("", PERCENT, POINTS) else quantity.low


def share_units(text: str, quantities: list[Quantity]) -> list[Quantity]:
    """Give every member of a list what is printed once: unit, kind, direction, nouns."""
    for i in range(1, len(quantities)):
        if listed(text, quantities[i - 1], quantities[i]):
            quantities[i] = replace(quantities[i], listed=True)
    for i in range(len(quantities) - 2, -1, -1):
        quantity, after = quantities[i], quantities[i + 1]
        if not after.listed or quantity.unit or not (after.unit or after.nouns):
            continue
        if quantity.worded and after.unit:
            continue
        kind = (
            after.kind
            if quantity.kind is Kind.LEVEL and (quantity.step >= 1 or after.kind is not Kind.COUNT)
            else quantity.kind
        )
        if after.unit in MEASURE_BASES and quantity.printed is not None and after.printed:
            factor = after.low / after.printed
            quantity = replace(
                quantity, low=quantity.low * factor, high=quantity.high * factor, step=quantity.step * factor
            )
        size = replace(
            quantity, unit=after.unit, kind=kind, nouns=quantity.nouns or after.nouns, head=quantity.head or after.head
        )
        quantities[i] = replace(size, low=abs(size.low), high=abs(size.high)) if kind is Kind.CHANGE else size
    for i in range(len(quantities) - 2, -1, -1):
        quantity, after = quantities[i], quantities[i + 1]
        if (
            quantity.kind is after.kind is Kind.COUNT
            and len(quantity.nouns) == 1
            and len(after.nouns) > 1
            and _QUALIFIED_GAP.fullmatch(text, quantity.end, after.start)
        ):
            quantities[i] = replace(quantity, nouns=quantity.nouns | {after.head}, head=after.head)
    for i in range(1, len(quantities)):
        before, quantity = quantities[i - 1], quantities[i]
        alike = quantity.kind is Kind.LEVEL and quantity.unit and quantity.unit == before.unit and not quantity.signed
        if before.is_change and not before.ends and alike and _SAME_CLAUSE.fullmatch(text, before.end, quantity.start):
            # "improves A by 32% on B and 72% on C": both are changes.
            quantities[i] = replace(quantity, kind=before.kind, sign=before.sign)
    for i in range(1, len(quantities)):
        before, quantity = quantities[i - 1], quantities[i]
        if quantity.listed and before.is_change and quantity.kind is Kind.LEVEL and quantity.unit == before.unit:
            quantities[i] = replace(
                quantity,
                kind=before.kind,
                low=abs(quantity.low),
                high=abs(quantity.high),
                sign=quantity.sign or before.sign,
            )
        elif quantity.listed and quantity.is_change and not quantity.sign:
            quantities[i] = replace(quantity, sign=before.sign)
    return quantities


MEASURE_BASES = frozenset(base for base, _ in MEASURES.values())


def listed(text: str, first: Quantity, second: Quantity) -> bool:
    """Return True if two neighbours are members of one list."""
    gap = text[first.end : second.start]
    return len(gap) < 16 and bool(_LIST_GAP.fullmatch(gap))
