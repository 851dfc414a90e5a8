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


def as_interval(text: str, found: list[Quantity]) -> list[Quantity]:
    """Give a range in brackets to the number before it that it encloses: "9 points (5 to 13)"."""
    if len(found) < 2 or not found[-1].is_range or found[-2].is_range:
        return found
    one, around = found[-2], found[-1]
    bracketed = re.fullmatch(r"\s?[(\[]\s?", text[one.end : around.start]) and re.match(
        r"\s?[)\];,]", text[around.end : around.end + 2]
    )
    if not bracketed or not around.low <= one.value <= around.high:
        return found
    return [*found[:-2], replace(one, interval=(around.low, around.high), end=around.end)]


def joined_pair(text: str, first: Quantity, second: Quantity) -> Quantity | None:
    """Join two neighbours that are a range, a change from one to the other, or a part and its whole."""
    if first.is_range or first.ends or first.total or Kind.P_VALUE in (first.kind, second.kind):
        return None
    gap = text[first.end : second.start]
    if len(gap) > 60 or (first.unit and second.unit and first.unit != second.unit):
        return None
    before = text[max(0, first.start - 24) : first.start]
    unit = second.unit or first.unit
    spans = bool(_RANGES.search(before))
    if _FROM.search(before) and not spans and _TO.fullmatch(gap):
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
    if spans and "(" in gap:
        return None  # "ranged from 2.2% (Japan) to 10.4% (Brazil)": each end has its own name
    is_range = (
        bool(re.fullmatch(r"\s?(?:-|–|−)\s?", gap))
        or gap.strip() == "to"
        or (spans and _TO.fullmatch(gap))
        or (gap.strip() == "and" and bool(_BETWEEN.search(before)))
    )
    if is_range:
        low, high = sorted(abs(_in_unit(q, unit)) if second.is_change else _in_unit(q, unit) for q in (first, second))
        kind = second.kind if second.kind is not Kind.LEVEL else first.kind
        return replace(
            second,
            low=low,
            high=high,
            unit=unit,
            start=first.start,
            text=text[first.start : second.end],
            kind=kind,
            step=max(first.step, second.step),
            sign=second.sign or first.sign,
            printed=None,
            comparator=Comparator.ABOUT if first.comparator is Comparator.ABOUT else Comparator.EXACT,
        )
    whole = first.step >= 1 and second.step >= 1 and not first.unit and not second.unit
    if (
        whole
        and _OF_TOTAL.fullmatch(gap)
        and 0 <= first.low <= second.low
        and second.low > 1
        and not (first.nouns or (first.worded and not second.nouns))
    ):
        return replace(
            second,
            low=first.low,
            high=first.low,
            kind=Kind.COUNT,
            start=first.start,
            total=second.low,
            text=text[first.start : second.end],
            comparator=first.comparator,
            printed=first.printed,
        )
    return None


def _in_unit(quantity: Quantity, unit: str) -> float:
    return quantity.printed if quantity.printed is not None and unit in ("", PERCENT, POINTS) else quantity.low


def share_units(text: str, found: list[Quantity]) -> list[Quantity]:
    """Give every member of a list what is printed once: unit, kind, direction, nouns."""
    for at in range(1, len(found)):
        if listed(text, found[at - 1], found[at]):
            found[at] = replace(found[at], listed=True)
    for at in range(len(found) - 2, -1, -1):
        here, after = found[at], found[at + 1]
        if not after.listed or here.unit or not (after.unit or after.nouns):
            continue
        if here.worded and after.unit:
            continue
        kind = after.kind if here.kind is Kind.LEVEL and (here.step >= 1 or after.kind is not Kind.COUNT) else here.kind
        if after.unit in MEASURE_BASES and here.printed is not None and after.printed:
            factor = after.low / after.printed
            here = replace(here, low=here.low * factor, high=here.high * factor, step=here.step * factor)
        size = replace(here, unit=after.unit, kind=kind, nouns=here.nouns or after.nouns, head=here.head or after.head)
        found[at] = replace(size, low=abs(size.low), high=abs(size.high)) if kind is Kind.CHANGE else size
    for at in range(len(found) - 2, -1, -1):
        here, after = found[at], found[at + 1]
        if (
            here.kind is after.kind is Kind.COUNT
            and len(here.nouns) == 1
            and len(after.nouns) > 1
            and _QUALIFIED_GAP.fullmatch(text, here.end, after.start)
        ):
            found[at] = replace(here, nouns=here.nouns | {after.head}, head=after.head)
    for at in range(1, len(found)):
        before, here = found[at - 1], found[at]
        alike = here.kind is Kind.LEVEL and here.unit and here.unit == before.unit and not here.signed
        if before.is_change and not before.ends and alike and _SAME_CLAUSE.fullmatch(text, before.end, here.start):
            # "improves A by 32% on B and 72% on C": both are changes.
            found[at] = replace(here, kind=before.kind, sign=before.sign)
    for at in range(1, len(found)):
        before, here = found[at - 1], found[at]
        if here.listed and before.is_change and here.kind is Kind.LEVEL and here.unit == before.unit:
            found[at] = replace(
                here, kind=before.kind, low=abs(here.low), high=abs(here.high), sign=here.sign or before.sign
            )
        elif here.listed and here.is_change and not here.sign:
            found[at] = replace(here, sign=before.sign)
    return found


MEASURE_BASES = frozenset(base for base, _ in MEASURES.values())


def listed(text: str, first: Quantity, second: Quantity) -> bool:
    """Return True if two neighbours are members of one list."""
    gap = text[first.end : second.start]
    return len(gap) < 16 and bool(_LIST_GAP.fullmatch(gap))
