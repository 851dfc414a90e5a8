"""Alignment of the numbers of a passage with those of a claim: by clause, list member, row, column and metric."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from synth.evidence.passages.contrasts import by_groups, by_number
from synth.evidence.passages.parts.conditions import Difference, TextPair, by_slots
from synth.evidence.passages.parts.facts import Fact
from synth.evidence.passages.parts.vocabulary import LIGHT
from synth.quantities import Entailment, Kind, QuantityComparison, compare

TIE = 1e-6


@dataclass(frozen=True)
class NumberMatch:
    """A number of the passage beside one of the claim. `score`: how much of what distinguishes numbers they share."""

    ours: Fact
    theirs: Fact
    comparison: QuantityComparison
    score: float
    difference: Difference | None = None


def weights(facts: Sequence[Fact]) -> dict[str, float]:
    """Return how well each term tells the numbers of a passage apart: 0 for one that belongs to all of them."""
    counts: Counter[str] = Counter()
    for fact in facts:
        counts.update(fact.own)
    n = len(facts)
    return {key: (1 - count / n) + 0.05 if n > 1 else 0.1 for key, count in counts.items()}


def score(keys: frozenset[str], fact: Fact, weight: dict[str, float], pair: TextPair) -> float:
    """Return how well a number's own words agree with the wanted ones."""
    own = pair.expand(fact.own)
    return sum(weight.get(key, 0.3) for key in keys & own)


def locate(ours: Fact, candidates: Iterable[Fact], pair: TextPair, facts: Sequence[Fact]) -> list[NumberMatch]:
    """Return the candidates that could speak to a number of the claim, best first."""
    weight = weights(facts)
    keys = pair.expand(ours.own | frozenset(k for k in pair.claim.keys if k not in LIGHT))
    keys |= frozenset(f.quantity.text.strip() for f in pair.claim.facts if f.condition)
    near = pair.expand(ours.own)
    subject = frozenset(t.key for t in pair.claim.terms if t.name and t.start < ours.quantity.start)
    matches = []
    for theirs in candidates:
        comparison = compare(ours.quantity, theirs.quantity)
        if not comparison.comparable:
            continue
        points = score(keys, theirs, weight, pair) + 0.5 * score(near, theirs, weight, pair)
        points += 0.5 * bool(ours.metric and ours.metric == theirs.metric)
        points += 0.3 * (ours.quantity.kind is theirs.quantity.kind) + 0.4 * (ours.unit == theirs.unit)
        points += 0.3 * len(ours.quantity.nouns & theirs.quantity.nouns)
        if theirs.row >= 0 and theirs.label:
            points += 0.5 * bool(pair.expand(theirs.label) & keys)
        # What the claim names before its number is what it speaks of.
        points += 0.6 * len(subject & pair.expand(theirs.own))
        for slot, names in ours.slots.items():
            others = theirs.slots.get(slot, frozenset())
            if names & others:
                points += 0.5
        stated = theirs.own | theirs.lead
        difference = (
            by_slots(ours, theirs, pair)
            or by_groups(ours.own | ours.lead, stated, stated)
            or by_groups(ours.own | ours.lead, theirs.around, theirs.around)
            or by_number(pair.claim.keys, theirs.own)
        )
        matches.append(NumberMatch(ours, theirs, comparison, points, difference))
    return sorted(matches, key=lambda m: (m.difference is not None, -m.score))


def nouns_differ(ours: Fact, theirs: Fact, pair: TextPair) -> bool:
    """Return True if two counts count different things."""
    if Kind.COUNT not in (ours.quantity.kind, theirs.quantity.kind):
        return False
    a, b = ours.quantity.nouns, theirs.quantity.nouns
    if not a or not b or ours.quantity.head == theirs.quantity.head:
        return bool(a and b and a - b and b - a)
    return not a & b


def best(matches: Sequence[NumberMatch]) -> list[NumberMatch]:
    """Return the matches that tie for the first place, those without a difference first."""
    free = [m for m in matches if m.difference is None] or list(matches)
    top = max((m.score for m in free), default=0.0)
    return [m for m in free if m.score >= top - TIE]


def agrees(match: NumberMatch) -> bool:
    """Return True if the passage's number makes the claim's true."""
    return match.comparison.outcome is Entailment.ENTAILED and match.difference is None


def is_derived(match: NumberMatch) -> bool:
    """Return True if the passage's number is no printed one but follows from two of them."""
    theirs = match.theirs.quantity
    return bool(theirs.derived) or (bool(theirs.ends) and not match.ours.quantity.ends)
