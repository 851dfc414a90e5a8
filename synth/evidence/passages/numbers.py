"""Entailment of a claim's numbers by those of a passage: alignment, derived numbers, rivals, exchanged sides."""

from __future__ import annotations

import re
from collections.abc import Sequence

from synth.core.types import Stance
from synth.evidence.passages.alignment import NumberMatch, agrees, best, is_derived, locate, nouns_differ
from synth.evidence.passages.derived import derived_from, disagrees, follows, totals
from synth.evidence.passages.findings import NOTHING, RuleCode, RuleFinding
from synth.evidence.passages.parts.conditions import TextPair
from synth.evidence.passages.parts.facts import Fact
from synth.evidence.passages.vetoes import code_of
from synth.quantities import ComparisonReason, Entailment, Kind, compare

MAX_NUMBERS = 14  # in prose; among more, another one that fits is too easily overlooked to contradict
CLEAR_MARGIN = 0.5  # by how much another number fits better, for one that agrees to count as something else's


def check_numbers(pair: TextPair, claimed: Sequence[Fact], predicted: bool) -> RuleFinding:
    """Hold each number of the claim against the passage; all have to be entailed, one false is enough."""
    if (rival := _rival(pair, claimed)) is not None:
        return rival
    results = _apart([_number(pair, fact) for fact in claimed])
    used = {m.theirs.quantity.start for m, _ in results if m is not None and agrees(m)}
    results = [
        # What confirms one number of the claim speaks against no other.
        (m, sure and not (m is not None and disagrees(m) and (m.theirs.quantity.start in used or _narrower(pair, m))))
        for m, sure in results
    ]
    matches = [m for m, _ in results if m is not None]
    if not matches:
        return _denial(pair, claimed)
    printed = ", ".join(str(m.ours.quantity) for m in matches)
    false = [
        (m, sure)
        for m, sure in results
        if m is not None and m.comparison.outcome is Entailment.CONTRADICTED and m.difference is None
    ]
    if all(m is not None and agrees(m) for m, _ in results):
        if not predicted and (unsaid := _unsaid_conditions(pair)):
            return RuleFinding(
                Stance.NOT_ENOUGH_INFO, RuleCode.NOT_NAMED, f"same number ({printed}), but not said for {unsaid}"
            )
        if (flipped := _exchanged(pair, matches)) is not None:
            return flipped
        if any(_other_sides(pair, m) for m in matches):
            return RuleFinding(
                Stance.NOT_ENOUGH_INFO, RuleCode.OTHER_CONDITION, f"same number ({printed}) between other sides"
            )
        reason = RuleCode.DERIVED if any(m.theirs.quantity.derived for m in matches) else RuleCode.SAME_VALUE
        return RuleFinding(Stance.SUPPORT, reason, f"same quantity, same number: {printed}", matches[0])
    crowded = sum(f.row < 0 for f in pair.passage.facts) > MAX_NUMBERS
    for match, sure in false:
        if sure and not crowded and (match.theirs.quantity.derived or not follows(pair, match.ours)):
            what = f"{match.ours.quantity} against {match.theirs.quantity}"
            reason = RuleCode.OUTSIDE if match.comparison.reason is ComparisonReason.OUTSIDE else RuleCode.OTHER_VALUE
            return RuleFinding(Stance.CONTRADICT, reason, f"same quantity, another number: {what}", match)
    first = min(matches, key=lambda m: (m.difference is None, m.score))
    what = f"{first.ours.quantity} against {first.theirs.quantity}"
    if first.difference is not None:
        return RuleFinding(
            Stance.NOT_ENOUGH_INFO,
            code_of(first.difference),
            f"different {first.difference.kind} ({first.difference}): {what}",
        )
    if not first.comparison.comparable:
        return RuleFinding(
            Stance.NOT_ENOUGH_INFO, RuleCode.NOT_COMPARABLE, f"different {first.comparison.reason}: {what}"
        )
    if any(agrees(m) for m in matches):
        return RuleFinding(
            Stance.NOT_ENOUGH_INFO, RuleCode.IN_PART, f"agrees in part, says nothing certain of the rest: {what}"
        )
    return RuleFinding(Stance.NOT_ENOUGH_INFO, RuleCode.AMBIGUOUS, f"another number, perhaps of something else: {what}")


def _apart(results: list[tuple[NumberMatch | None, bool]]) -> list[tuple[NumberMatch | None, bool]]:
    """Let a printed number of the passage confirm one number of the claim only: the one that it fits best."""
    best_of: dict[int, NumberMatch] = {}
    for match, _ in results:
        if match is not None and agrees(match) and not is_derived(match):
            place = match.theirs.quantity.start
            if place not in best_of or match.score > best_of[place].score:
                best_of[place] = match

    def stands(match: NumberMatch | None) -> bool:
        if match is None or not agrees(match) or is_derived(match):
            return True
        strongest = best_of[match.theirs.quantity.start]
        return match is strongest or (match.ours.low, match.ours.high) == (strongest.ours.low, strongest.ours.high)

    return [(match, sure) if stands(match) else (None, False) for match, sure in results]


def _narrower(pair: TextPair, match: NumberMatch) -> bool:
    """Return True if the passage's number holds for a language, data set or model that the claim does not name."""
    if match.theirs.row >= 0 or match.theirs.quantity.derived or match.ours.quantity.kind is Kind.COUNT:
        return False
    claim_names = {m.name for m in pair.claim.mentions}
    scoped = {
        slot: names
        for slot, names in match.theirs.slots.items()
        if slot in ("languages", "task", "model", "baseline", "split")
    }
    ours = match.ours.slots
    for slot, names in scoped.items():
        extra = names - ours.get(slot, frozenset()) - claim_names
        if extra and (slot in ("languages", "split") or ours.get(slot)):
            return True
    return False


def _unsaid_conditions(pair: TextPair) -> str:
    """Return a number that sets a condition of the claim ("with 12 layers") and that the passage lacks; "" if none."""
    for fact in pair.claim.facts:
        if not fact.condition or fact.quantity.worded or fact.quantity.kind not in (Kind.COUNT, Kind.SIZE):
            continue
        if not any(compare(fact.quantity, f.quantity).outcome is Entailment.ENTAILED for f in pair.passage.facts):
            return f"{fact.quantity} {fact.quantity.head or fact.unit}".strip()
    return ""


_EACH = re.compile(r"\b(?:per|for each|for every|each)\b", re.I)


def _rival(pair: TextPair, claimed: Sequence[Fact]) -> RuleFinding | None:
    """Return a contradiction where the same first place is given to another: "A has the largest gain", "B has it"."""
    ours, theirs = pair.claim.superlatives, pair.passage.superlatives
    if len(ours) != 1 or len(theirs) != 1 or (ours[0].way, ours[0].rank) != (theirs[0].way, theirs[0].rank):
        return None
    mine, other = ({t.key for t in s.terms if t.name} for s in (pair.claim, pair.passage))
    if len(mine - other) != 1 or len(other - mine) != 1 or pair.claim.negated != pair.passage.negated:
        return None
    if any(compare(w.quantity, f.quantity).outcome is Entailment.ENTAILED for w in claimed for f in pair.passage.facts):
        note = f"the passage gives the first place to {next(iter(other - mine))}, not to {next(iter(mine - other))}"
        return RuleFinding(Stance.CONTRADICT, RuleCode.NOT_FIRST, note, certain=True)
    return None


_EVERY_ONE = re.compile(r"\b(?:all|every|each|any|none|never|always)\b", re.I)


def _number(pair: TextPair, ours: Fact) -> tuple[NumberMatch | None, bool]:
    """Return the best match of one number, and whether it is certain that it speaks of the same thing."""
    facts = pair.passage.facts
    printed = [f for f in facts if (not f.condition or ours.condition) and not nouns_differ(ours, f, pair)]
    matches = locate(ours, printed, pair, facts)
    top = best(matches)
    bound = ours.quantity.comparator.is_lower or ours.quantity.comparator.is_upper
    if bound and _EVERY_ONE.search(pair.claim.text):
        against = next(
            (m for m in matches if disagrees(m) and m.difference is None and m.theirs.unit == ours.unit), None
        )
        if against is not None:
            return against, True
    good = next((m for m in top if agrees(m)), None)
    if good is not None:
        return good, True
    derived = list(derived_from(pair, ours))
    derived += [(m, False) for m in totals(pair, ours)]
    sure = [m for m, certain in derived if certain]
    fits = [m for m, _ in derived if agrees(m)]
    if fits and not (sure and not any(agrees(m) for m in sure)):
        return fits[0], True
    if sure:
        return sure[0], True
    elsewhere = next((m for m in matches if agrees(m)), None)
    if top and all(m.comparison.outcome is Entailment.CONTRADICTED for m in top) and top[0].difference is None:
        others = [m for m in matches if m not in top and m.difference is None and not disagrees(m)]
        margin = top[0].score - max((m.score for m in others), default=0.0)
        alone = len({(m.theirs.low, m.theirs.high) for m in top}) == 1
        # A number that agrees belongs to something else only where that shows.
        if elsewhere is not None and elsewhere.difference is None and top[0].score - elsewhere.score < CLEAR_MARGIN:
            return elsewhere, True
        if (
            ours.quantity.kind is Kind.COUNT
            and len([m for m in matches if disagrees(m)]) > 1
            and margin < 2 * CLEAR_MARGIN
        ):
            alone = False
        if _EACH.search(pair.claim.text, ours.quantity.end):
            alone = False  # of several counts of one thing any may be a part of the claimed one
        return top[0], alone and (margin >= 0.15 or not others)
    if elsewhere is not None and elsewhere.difference is None and top[0].score - elsewhere.score < CLEAR_MARGIN:
        return elsewhere, True
    if top:
        return top[0], False
    # Nothing comparable: the nearest number that cannot be compared says why.
    others = [NumberMatch(ours, f, compare(ours.quantity, f.quantity), 0.0) for f in facts if not f.condition]
    return (others[0] if others else None), False


def _denial(pair: TextPair, claimed: Sequence[Fact]) -> RuleFinding:
    """Return a contradiction by a passage without numbers that denies any change at all: "does not improve"."""
    claim, passage = pair.claim, pair.passage
    if not passage.denied or claim.denied or any(f.quantity.kind is not Kind.CHANGE for f in claimed):
        return NOTHING
    if claim.direction * passage.direction <= 0 or claim.names - passage.names:
        return NOTHING
    return RuleFinding(
        Stance.CONTRADICT, RuleCode.DENIED, f"the passage denies any change; the claim says {claimed[0].quantity}"
    )


def _exchanged(pair: TextPair, matches: Sequence[NumberMatch]) -> RuleFinding | None:
    """Return a contradiction if the passage compares the claim's object with its subject."""
    ours, theirs = pair.claim.comparative, pair.passage.comparative
    if ours is None or theirs is None or any(m.theirs.quantity.derived for m in matches) or ours.equal or theirs.equal:
        return None
    subject, object_ = pair.expand(ours.subject), pair.expand(ours.object)
    straight = len(subject & theirs.subject) + len(object_ & theirs.object)
    crossed = len(subject & theirs.object) + len(object_ & theirs.subject)
    if crossed > straight and ours.way == theirs.way and crossed >= 2:
        return RuleFinding(Stance.CONTRADICT, RuleCode.EXCHANGED, "same number with the sides exchanged")
    return None


def _other_sides(pair: TextPair, match: NumberMatch) -> bool:
    """Return True if one of several printed changes is between other names than the claim's."""
    sides, changes = pair.claim.comparative, [f for f in pair.passage.facts if f.quantity.is_change]
    if sides is None or len(changes) < 2 or not match.theirs.quantity.is_change or match.theirs.quantity.derived:
        return False
    named = {t.key for t in pair.claim.terms if t.name}
    own = pair.expand(match.theirs.own | match.theirs.lead)
    return any(side & named and not side & named & own for side in (sides.subject, sides.object))
