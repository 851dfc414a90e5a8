"""Ownership of spans of a sentence by its numbers: clauses, lists, sides of a comparison. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from synth.evidence.passages.parts.assertions import comparative
from synth.evidence.passages.parts.layout import lead_start, split_gap
from synth.evidence.passages.parts.terms import TextTerm
from synth.evidence.passages.parts.vocabulary import LIGHT
from synth.quantities import Kind, Quantity

# A number behind these words sets a condition: a dose, a time, how many languages.
_CONDITION = re.compile(
    r"\b(?:at|after|with|within|using|for|in|over|among|across|on|by|doses? of)\s"
    r"(?:an?\s|the\s|all\s|about\s|age\s|day\s)?"
    r"(?:doses? of\s)?$",
    re.I,
)

_AGE = re.compile(
    r"(?:\baged?|older than|younger than|\b(?:children|patients|people|adults|women|men|persons|participants|those)\s"
    r"(?:aged\s)?(?:at least|under|over|above|below))\s?[≥≤<>]?\s?$",
    re.I,
)

_AGED = re.compile(r"\s(?:of age|old|and older|or older|or younger)\b", re.I)

_BOUND = re.compile(r"\s(?:of\s)?(?:below|above|under|over)\s$", re.I)

_NAME_BEFORE = re.compile(r"(?:^|[\s(/])[A-Z]\w*[A-Z0-9]\s?$")

_DEFINITE = re.compile(r"\b(?:the|these|those|all|both|our|of)\s(?:other\s|same\s)?$", re.I)

_SETTING_BEFORE = re.compile(r"\b(?:at|under|with|using|for|above|below|by)\s(?:an?\s|the\s)(?:\w+\s)?$", re.I)

_SETTING = re.compile(
    r"\s?(?:threshold|rule|level|significance|confidence|cut-?off|criterion|setting|condition|mark)s?\b", re.I
)

SIGNS = frozenset("<>≤≥")


def own_lead(segments: Sequence[tuple[int, int]], quantities: Sequence[Quantity], inside: Sequence[TextTerm]) -> int:
    """Return where, before the first of several numbers, its own words begin; what stands before is said of all.

    Where the first number has its name behind it ("12% in one group and 9% in the other"), nothing before it is its
    own. Else its name is about as long as those of the numbers that follow.
    """
    begin, first = segments[0][0], quantities[0]
    others = [(s, q) for s, q in zip(segments[1:], quantities[1:], strict=True) if s[0] != begin and not q.listed]
    if not others:
        return begin
    telling = [t for t in inside if t.key not in LIGHT and t.key[0] not in "+-" and t.key not in first.nouns]
    stop = others[0][0][0]
    if any(first.end <= t.start < stop for t in telling):
        return first.start
    length = max(3, *(sum(s[0] <= t.start < q.start for t in telling) for s, q in others), 0)
    before = [t for t in telling if begin <= t.start < first.start]
    return before[-length].start if len(before) > length else begin


def sets_condition(text: str, start: int, quantity: Quantity) -> bool:
    """Return True for a number under which another was measured: a dose, a threshold, "of the two"."""
    before, after = text[max(start, quantity.start - 28) : quantity.start], text[quantity.end : quantity.end + 24]
    if quantity.kind in (Kind.COUNT, Kind.DURATION, Kind.SIZE) and _CONDITION.search(before):
        return True
    if (not quantity.unit and _AGE.search(before)) or (quantity.unit == "month" and _AGED.match(after)):
        return True
    if quantity.kind is Kind.COUNT and _DEFINITE.search(before) and quantity.low < 20:
        return True
    # "achieved LDL <100 mg/dL": the sign belongs to the name before it.
    signed = quantity.text[:1] in "<>≤≥" or bool(_BOUND.search(before))
    if signed and quantity.kind is not Kind.P_VALUE and _NAME_BEFORE.search(_BOUND.sub(" ", before)):
        return True
    return quantity.kind is Kind.LEVEL and bool(_SETTING_BEFORE.search(before) and _SETTING.match(after))


def segments_of(text: str, start: int, end: int, quantities: Sequence[Quantity]) -> list[tuple[int, int]]:
    """Return the span that belongs to each quantity."""
    starts = [start + lead_start(text[start : quantities[0].start])]
    for first, second in itertools.pairwise(quantities):
        gap = text[first.end : second.start]
        # "4805 (76.6%)", "23 %, p = 0.03": the second number says more of the same thing.
        beside = re.fullmatch(r"\s?[(\[,;]\s?", gap) and not second.listed
        if beside or (second.kind is Kind.P_VALUE and len(gap) < 40 and ";" not in gap):
            starts.append(-1)
        else:
            starts.append(first.end + split_gap(gap))
    spans: list[tuple[int, int]] = []
    for at, begin in enumerate(starts):
        stop = next((s for s in starts[at + 1 :] if s >= 0), end)
        spans.append((begin, stop) if begin >= 0 else (spans[-1][0], stop))
    return [(s, max(stop, spans[at][1])) for at, (s, stop) in enumerate(spans)]


def list_items(
    text: str, start: int, end: int, quantities: Sequence[Quantity], inside: Sequence[TextTerm]
) -> dict[int, tuple[list[int], list[int]]]:
    """Return, for each member of a list of numbers, the spans that are its members of other lists."""
    members: dict[int, tuple[list[int], list[int]]] = {}
    at = 0
    while at < len(quantities):
        stop = at + 1
        while stop < len(quantities) and quantities[stop].listed:
            stop += 1
        size = stop - at
        if size > 1:
            lead, tail = (start, quantities[at].start), (quantities[stop - 1].end, end)
            lists = [_coordinated(text, *side, size, inside, nearest) for side, nearest in ((lead, -1), (tail, 0))]
            for items in lists:
                for offset, (s, e) in enumerate(items):
                    lows, highs = members.setdefault(at + offset, ([], []))
                    lows.append(s)
                    highs.append(e)
        at = stop
    return members


_BREAK = re.compile(r";|,\s(?:which|and|but|though|although|while)\b|\b(?:though|although|while|but)\b")

_VERSUS = re.compile(r"\s?(?:vs\.?|versus|v\.?|against|compared (?:with|to))\s")


def sides_of(
    text: str, start: int, quantities: Sequence[Quantity], inside: Sequence[TextTerm]
) -> dict[int, frozenset[str]]:
    """Return the sides of the comparison before two numbers set against each other: "(12 days vs. 17 days)"."""
    sides: dict[int, frozenset[str]] = {}
    for at, (first, second) in enumerate(itertools.pairwise(quantities)):
        if not _VERSUS.fullmatch(text, first.end, second.start):
            continue
        clause = max((m.end() for m in _BREAK.finditer(text, start, first.start)), default=start)
        lead = [
            replace(t, start=t.start - clause, end=t.end - clause) for t in inside if clause <= t.start < first.start
        ]
        compared = comparative(text[clause : first.start], lead)
        if compared is not None:
            sides[at], sides[at + 1] = compared.subject, compared.object
    return sides


def of_member(
    at: int,
    quantities: Sequence[Quantity],
    spans: Sequence[tuple[int, int]],
    items: Mapping[int, tuple[list[int], list[int]]],
    inside: Sequence[TextTerm],
) -> frozenset[str]:
    """Return the terms of one member of a list of numbers: its own item, and what is said of the whole list."""
    first = at
    while quantities[first].listed and first:
        first -= 1
    last = at
    while last + 1 < len(quantities) and quantities[last + 1].listed:
        last += 1
    low, high = spans[first][0], spans[last][1]
    whole = {t.key for t in inside if low <= t.start < high}
    mine: set[str] = set()
    others: set[str] = set()
    for member in range(first, last + 1):
        for s, e in zip(*items.get(member, ([], [])), strict=True):
            (mine if member == at else others).update(t.key for t in inside if s <= t.start < e)
    place = {"@first"} if at == first else {"@last"} if at == last else set()
    return frozenset((whole - others) | mine | place)


_JOINT = re.compile(r",?\s(?:and|or|&)\s|,\s|\s?/\s?")


_STOPS = frozenset(
    (
        "the a an of on for in at is are was were be been has have had and or to by from that which we our it its "
        "their this these achieves reaches obtains yields gives scores shows both than over respectively using gains "
        "improvements"
    ).split()
)


def _coordinated(
    text: str, start: int, end: int, size: int, inside: Sequence[TextTerm], nearest: int
) -> list[tuple[int, int]]:
    """Return the members of the list of `size` items in text[start:end] that stands nearest to the numbers."""
    joints = list(_JOINT.finditer(text, start, end))
    runs = []
    for first in range(len(joints) - size + 2):
        run = joints[first : first + size - 1]
        if any(
            any(c.isdigit() for c in text[max(start, j.start() - 3) : j.start()])
            and re.match(r"[~<>]?\d", text[j.end() : j.end() + 2])
            for j in run
        ):
            continue  # the numbers themselves
        gaps = [text[a.end() : b.start()] for a, b in itertools.pairwise(run)]
        if any(len(g.split()) > 6 or re.search(r"[;.]\s", g) for g in gaps):
            continue
        if size > 2 and not re.search(r"and|or|&|/", run[-1].group()):
            continue
        if size == 2 and run[0].group().strip() == ",":
            continue
        preceding = _left(text, start, run[0].start())
        right = _right(text, run[-1].end(), end)
        if preceding is None or right is None:
            continue
        middle = [(a.end(), b.start()) for a, b in itertools.pairwise(run)]
        spans = [(preceding, run[0].start()), *middle, (run[-1].end(), right)]
        if all(any(s <= t.start < e for t in inside) for s, e in spans):
            runs.append(spans)
    return runs[nearest] if runs else []


def _left(text: str, start: int, end: int) -> int | None:
    words = list(re.finditer(r"\S+", text[start:end]))
    begin = None
    for word in reversed(words[-4:]):
        if word.group().casefold().strip("(") in _STOPS or word.group()[-1] in ",;:.":
            break
        begin = start + word.start()
    return begin


def _right(text: str, start: int, end: int) -> int | None:
    stop = None
    for word in list(re.finditer(r"\S+", text[start:end]))[:4]:
        if stop is not None and word.group().casefold().strip("(),.") in _STOPS:
            break
        stop = start + word.end()
        if word.group()[-1] in ",;.":
            break
    return stop


def belonging(
    kind: str,
    placed: Sequence[tuple[str, int]],
    at: int,
    spans: Sequence[tuple[int, int]],
    items: Mapping[int, tuple[list[int], list[int]]],
    start: int,
    end: int,
) -> frozenset[str]:
    """Return the names of one kind that belong to a number: of its list item, of its segment, or of the whole."""
    inside = [(name, place) for name, place in placed if start <= place < end]
    if not inside:
        return frozenset()
    if at in items:
        lows, highs = items[at]
        mine = frozenset(n for n, p in inside if any(s <= p < e for s, e in zip(lows, highs, strict=True)))
        if mine:
            return mine
    low, high = spans[at]
    mine = frozenset(n for n, p in inside if low <= p < high)
    positions = [frozenset(n for n, p in inside if s <= p < e) for s, e in spans]
    if mine and at not in items:
        return mine
    lead = frozenset(n for n, p in inside if p < spans[0][0])
    if lead:
        return lead
    # What only one number's span names ("80.1 and 65.4 on XNLI") is said of all.
    telling = [t for t in positions if t]
    return (
        telling[0]
        if telling and all(t == telling[0] for t in telling)
        else mine
        if mine
        else frozenset().union(*telling)
    )
