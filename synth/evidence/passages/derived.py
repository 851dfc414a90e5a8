"""Numbers derived from those of a passage, as far as they may be what a claim says. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, permutations

from synth.evidence.passages.alignment import TIE, NumberMatch, agrees, weights
from synth.evidence.passages.contrasts import by_groups, by_number
from synth.evidence.passages.parts.assertions import Comparative
from synth.evidence.passages.parts.conditions import TextPair
from synth.evidence.passages.parts.facts import Fact
from synth.evidence.passages.parts.terms import fold
from synth.quantities import PERCENT, Entailment, Kind, compare, same, significant_digits
from synth.quantities.derivation import comparable_levels, difference, mean, ratio, shifted, total
from synth.quantities.derivation import share as share_of

MAX_LEVELS = 40  # of one passage whose pairs are worked out


def derived_from(pair: TextPair, ours: Fact) -> Iterator[tuple[NumberMatch, bool]]:
    """Yield what can be worked out from the passage's numbers, and whether it is certain to be what the claim means."""
    quantity = ours.quantity
    levels = levels_of(pair, changes=quantity.kind is Kind.FACTOR)
    if quantity.is_change or quantity.kind is Kind.FACTOR:
        yield from _from_pairs(pair, ours, levels)
        if quantity.is_range:
            changes = [f for f in pair.passage.facts if f.quantity.is_change and not f.quantity.is_range]
            yield from _extremes(ours, changes)
    elif quantity.kind is not Kind.P_VALUE:
        if quantity.is_range:
            yield from _extremes(ours, levels)
        changes = [f for f in pair.passage.facts if f.quantity.is_change and not f.quantity.ends]
        for level in levels:
            for change in changes:
                for way in (1, -1):
                    value = shifted(level.quantity, change.quantity, way)
                    if _close_units(level, change):
                        yield _match(ours, replace(level, quantity=value), 0.1), False
        if quantity.unit == PERCENT or quantity.high <= 1:
            yield from _shares(ours, levels)
        if re.search(r"\baverag|\bmean\b|\boverall\b|\bacross\b", pair.claim.text, re.I):
            yield from _means(pair, ours, levels)


def levels_of(pair: TextPair, *, changes: bool = False) -> list[Fact]:
    """Return the passage's levels, with `changes` its changes too; those of the claim's metric if there are any."""
    levels = [
        f
        for f in pair.passage.facts
        if not f.condition
        and f.quantity.kind not in (Kind.P_VALUE, Kind.FACTOR)
        and (changes or not f.quantity.is_change)
    ]
    metrics = {m.name for m in pair.claim.mentions if m.kind == "metric"}
    named = [f for f in levels if f.metric in metrics]
    if len(named) > 1:
        levels = named
    if _SHARE.search(pair.claim.text) and sum(f.unit == PERCENT for f in levels) > 1:
        levels = [f for f in levels if f.unit == PERCENT]
    return levels[:MAX_LEVELS]


_SHARE = re.compile(
    r"\b(?:often|share|proportion|rate|frequen\w+|likely|percentage|prevalen\w+|accura\w+|correctly)\b", re.I
)

_TOTAL = re.compile(r"\b(?:total|in all|altogether|combined|together|overall|now|left|remain\w*)\b", re.I)


def totals(pair: TextPair, ours: Fact) -> Iterator[NumberMatch]:
    """Yield sums and differences of counts of one thing, where the claim speaks of a total or a rest."""
    if ours.quantity.kind is not Kind.COUNT and not _TOTAL.search(pair.claim.text):
        return
    parts = [
        f
        for f in pair.passage.facts
        if not f.unit and f.quantity.kind in (Kind.COUNT, Kind.LEVEL) and not f.quantity.is_range
    ][:8]
    if len(parts) > 1:
        yield _match(
            ours,
            replace(parts[0], quantity=replace(total([p.quantity for p in parts]), nouns=frozenset(), head="")),
            0.5,
        )
    if _TOTAL.search(pair.claim.text):
        for a, b in permutations(parts, 2):
            if a.low > b.low:
                yield _match(
                    ours,
                    replace(a, quantity=replace(shifted(a.quantity, b.quantity, -1), nouns=ours.quantity.nouns)),
                    0.4,
                )


def follows(pair: TextPair, ours: Fact) -> bool:
    """Return True if one step of arithmetic over the passage's numbers gives that of the claim.

    Another number that is printed is then no contradiction: "8 rows of 27" are 216, neither 8 nor 27. Of many numbers
    some two give nearly any third, so that few are looked at, and round ones of one digit not at all.
    """
    values = [
        f.quantity.value for f in pair.passage.facts if f.quantity.kind is not Kind.P_VALUE and not f.quantity.is_range
    ]
    value, step = ours.quantity.value, ours.quantity.step
    if not 2 <= len(values) <= 4 or (significant_digits(value) < 2 and len(values) > 2):
        return False
    results = [sum(values), *(a - b for a, b in permutations(values, 2))]
    results += [f for a, b in combinations(values, 2) for f in (a + b, a * b)]
    results += [a / b for a, b in permutations(values, 2) if b]
    return any(same(value, f, step) for f in results if f not in values)


def _extremes(ours: Fact, facts: Sequence[Fact]) -> Iterator[tuple[NumberMatch, bool]]:
    """Yield the range that several numbers span."""
    alike = [f for f in facts if f.unit == facts[0].unit and f.quantity.kind is facts[0].quantity.kind]
    if len(alike) > 1:
        low, high = min(f.low for f in alike), max(f.high for f in alike)
        spanned = replace(alike[0].quantity, low=low, high=high, ends=None, derived="range", sign=ours.quantity.sign)
        yield _match(ours, replace(alike[0], quantity=spanned), 0.5), False


def _close_units(level: Fact, change: Fact) -> bool:
    scores = {"%", "points", ""}
    return level.unit == change.unit or {level.unit, change.unit} <= scores


def _from_pairs(pair: TextPair, ours: Fact, levels: Sequence[Fact]) -> Iterator[tuple[NumberMatch, bool]]:
    ends = _ends(pair, levels)
    if ends is not None:
        yield from ((m, True) for m in _between(ours, *ends))
        return
    pairs = [(a, b) for a, b in permutations(levels, 2) if _together(a, b)]
    matches = [match for a, b in pairs for match in _between(ours, a, b)]
    for match in matches:
        if agrees(match):
            yield match, False
    if len(pairs) == 2 and pairs[0][0].unit == pairs[0][1].unit and (pairs[0][0].unit or pairs[0][0].metric):
        plain = replace(ours, quantity=replace(ours.quantity, sign=0))
        matches = [match for a, b in pairs for match in _between(plain, a, b)]
        if matches and all(map(disagrees, matches)):
            yield matches[0], True  # only these two can be meant


def disagrees(match: NumberMatch) -> bool:
    return match.comparison.outcome is Entailment.CONTRADICTED


def _together(a: Fact, b: Fact) -> bool:
    """Return True if two levels may be subtracted: same unit and metric; in a table one row or one column."""
    if not comparable_levels(a.quantity, b.quantity):
        return False
    return a.row < 0 or a.row == b.row or a.column == b.column


def _between(ours: Fact, subject: Fact, base: Fact) -> Iterator[NumberMatch]:
    """Yield the difference and the ratio of two levels as matches for a change or a factor."""
    if ours.quantity.kind is Kind.FACTOR:
        value = ratio(subject.quantity, base.quantity)
        other = ratio(base.quantity, subject.quantity)
        for derived in (value, other):
            if (derived is not None and derived.value >= 1) or (derived is not None and ours.quantity.value < 1):
                yield _match(ours, replace(subject, quantity=derived), 1.0)
        return
    change = difference(base.quantity, subject.quantity)
    if not ours.quantity.sign:
        change = replace(change, sign=0)
    yield _match(ours, replace(subject, quantity=replace(change, metric=subject.metric or base.metric)), 1.0)


def _match(ours: Fact, theirs: Fact, score: float) -> NumberMatch:
    return NumberMatch(ours, theirs, compare(ours.quantity, theirs.quantity), score)


def _ends(pair: TextPair, levels: Sequence[Fact]) -> tuple[Fact, Fact] | None:
    """Return the levels of the two sides that the claim compares, where the passage tells them apart."""
    sides = pair.claim.comparative
    return sides_of(pair, sides, levels) if sides is not None else None


def sides_of(pair: TextPair, sides: Comparative, levels: Sequence[Fact]) -> tuple[Fact, Fact] | None:
    weight = weights(levels)
    subject, object_ = pair.expand(sides.subject), pair.expand(sides.object)
    only_subject, only_object = subject - object_, object_ - subject
    shared = pair.expand(sides.shared | (sides.subject & sides.object)) | (subject & object_)
    claimed = {m.name for m in pair.claim.mentions if m.kind == "metric"}
    claimed_keys = pair.expand(pair.claim.keys)
    scored = []
    for a, b in permutations(levels, 2):
        compared = fold(a.metric) in sides.subject and fold(b.metric) in sides.object
        if not (_together(a, b) or (compared and a.unit == b.unit)) or (
            a.row >= 0 and a.column != b.column and a.row != b.row
        ):
            continue
        own_a, own_b = pair.expand(a.own), pair.expand(b.own)
        first = sum(weight.get(k, 0.3) for k in only_subject & own_a) - sum(
            weight.get(k, 0.3) for k in only_subject & own_b
        )
        second = sum(weight.get(k, 0.3) for k in only_object & own_b) - sum(
            weight.get(k, 0.3) for k in only_object & own_a
        )
        if (first <= 0 and second <= 0) or min(first, second) < 0:
            continue
        both = sum(weight.get(k, 0.3) for k in shared & own_a) + sum(weight.get(k, 0.3) for k in shared & own_b)
        context = (
            0.5 * both
            + 0.3 * sum(weight.get(k, 0.3) for k in claimed_keys & (own_a & own_b))
            + 0.5 * (a.metric in claimed)
            + 0.5 * (b.metric in claimed)
        )
        context += 0.2 * (a.part == b.part) + 0.2 * (a.unit == b.unit) + 0.3 * (a.quantity.nouns == b.quantity.nouns)
        # "recall is higher than precision": what is compared is no condition of the comparison.
        around = pair.claim.keys - sides.subject - sides.object
        clash = by_groups(around, a.own | b.own, a.own | b.own) is not None
        if by_number(pair.claim.keys, a.own) or by_number(pair.claim.keys, b.own):
            continue
        scored.append(
            (min(first, 1.0) + min(second, 1.0) + (0.5 if first > 0 and second > 0 else 0.0) + context - clash, a, b)
        )
    if not scored:
        return None
    scored.sort(key=lambda item: -item[0])
    if scored[0][0] < 0 or (
        len(scored) > 1 and scored[1][0] > scored[0][0] - TIE and _order_of(*scored[1][1:]) != _order_of(*scored[0][1:])
    ):
        return None  # two pairs fit equally well and say different things
    return scored[0][1], scored[0][2]


def _order_of(a: Fact, b: Fact) -> int:
    return (a.quantity.value > b.quantity.value) - (a.quantity.value < b.quantity.value)


def _shares(ours: Fact, levels: Sequence[Fact]) -> Iterator[tuple[NumberMatch, bool]]:
    counts = [f for f in levels if not f.unit and f.quantity.step >= 1]
    for count in counts:
        if count.quantity.total:
            everything = replace(count.quantity, low=count.quantity.total, high=count.quantity.total)
            if (value := share_of(count.quantity, everything)) is not None:
                yield _match(ours, replace(count, quantity=value), 1.0), False
    for part, whole in permutations(counts, 2):
        if part.low < whole.low and (value := share_of(part.quantity, whole.quantity)) is not None:
            match = _match(ours, replace(part, quantity=value), 0.2 + len(ours.own & part.own))
            if agrees(match) and ours.own & (part.own | whole.own):
                yield match, False


def _means(pair: TextPair, ours: Fact, levels: Sequence[Fact]) -> Iterator[tuple[NumberMatch, bool]]:
    """Yield the means of the levels that the claim's names pick out, by row or by sentence."""
    groups: dict[tuple[int, int], list[Fact]] = {}
    for fact in levels:
        groups.setdefault((fact.row, fact.part), []).append(fact)
    claimed = pair.expand(pair.claim.keys)
    for group in groups.values():
        picked = [f for f in group if (f.column or f.own) & claimed and (not f.column or f.column & claimed)]
        for members in (picked, group):
            if len(members) > 1 and all(comparable_levels(members[0].quantity, m.quantity) for m in members):
                value = mean([m.quantity for m in members])
                yield _match(ours, replace(members[0], quantity=replace(value, metric="")), 0.5), False
