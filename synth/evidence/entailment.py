"""Numeric entailment: printed or derived numbers of a passage make a claim true, false, or neither. By rule, with a
code.

A claim is taken apart into its numbers and what it asserts without one: an order, a superlative, significance, a trend.
Each part is held against the numbers of the passage that belong to the same thing; what nothing speaks to stays open.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from synth.evidence.alignment import Match, agrees, best, locate, nouns_differ
from synth.evidence.assertions import Effect, effect
from synth.evidence.conditions import Difference, Pair, missing_names, missing_topic
from synth.evidence.contrasts import (
    between,
    by_languages,
    by_polarity,
    by_prefix,
    by_property,
    by_qualifier,
    by_spans,
    by_translation,
)
from synth.evidence.derived import derived_from, disagrees, follows, totals
from synth.evidence.facts import Fact
from synth.evidence.findings import NOTHING, Finding, Rule
from synth.evidence.sentence import Sentence, share
from synth.evidence.terms import fold
from synth.evidence.unnumbered import correlation, order, significance, superlative, trend
from synth.quantities import Kind, Outcome, Reason, compare
from synth.quantities.metrics import COMPLEMENTS, NAMED
from synth.types import Prediction, Stance

MAX_NUMBERS = 14  # in prose; among more, another one that fits is too easily overlooked to contradict
# Codes that were right in 0.8 of the labelled pairs where the rest of the claim is said too, or more; of the others
# there are too few.
MEASURED = frozenset(
    {Rule.SAME_VALUE, Rule.DERIVED, Rule.OTHER_VALUE, Rule.OUTSIDE, Rule.ORDER, Rule.ORDER_REVERSED, Rule.SIGNIFICANCE}
)
MUTUAL = 0.5  # share of the passage's topic that the claim must hold, for another number to be one of the same thing
CLEARLY = 0.5  # by how much another number fits better, for one that agrees to count as something else's
# Share of the claim's topic that the passage must hold, by how near the two are in meaning.
NEEDED = ((0.85, 0.2), (0.7, 0.4), (0.6, 0.55))


def check(claim: Sentence, passage: Sentence, predictions: Sequence[Prediction], similarity: float) -> Finding:
    """Hold the numbers of `passage` against what `claim` says.

    Args:
        claim: Analysed claim.
        passage: Analysed passage.
        predictions: Those of the claim; where they name values, only those numbers are held to be measured.
        similarity: Cosine of the two texts.
    """
    if not passage.facts and not passage.denied:
        return NOTHING
    pair = Pair.of(claim, passage)
    metrics = frozenset(fold(m.name) for m in claim.mentions if m.kind == "metric")
    about = claim.topic - metrics
    covered = share(about, pair.known) if about else 1.0
    needed = next((n for near, n in NEEDED if similarity >= near), 2.0)
    finding = _decide(pair, predictions) if covered >= needed else NOTHING
    if finding.reason is Rule.NOTHING and (claim.facts or claim.comparative) and (other := between(pair)) is not None:
        return Finding(Stance.NOT_ENOUGH_INFO, _code(other), f"different {other.kind} ({other})")
    if finding.decides and not finding.certain and (veto := _elsewhere(pair, finding)) is not None:
        return Finding(Stance.NOT_ENOUGH_INFO, veto[0], f"{veto[1]} ({finding.note})")
    return replace(finding, sure=_is_sure(pair, finding)) if finding.decides else finding


def _code(difference: Difference) -> Rule:
    """Return the code of a difference: names of one kind exclude each other, words beside a noun need not."""
    return Rule.OTHER_CONDITION if difference.is_typed else Rule.OTHER_QUALIFIER


def _is_sure(pair: Pair, finding: Finding) -> bool:
    """Return True if the passage says everything of the claim but its number; to contradict, and little more.

    On labelled sets from outside such supports are right in 0.84, the others in 0.6; contradictions in 0.8 and 0.6.
    """
    claim, passage = pair.claim, pair.passage
    if finding.reason not in MEASURED or (finding.match is not None and finding.match.theirs.row >= 0):
        return False  # the rows of a table are read by `synth.tables`
    if claim.negated != passage.negated or claim.direction * passage.direction < 0 or missing_topic(pair):
        return False
    if finding.stance is Stance.SUPPORT:
        return not missing_names(pair)
    return share(passage.topic, pair.expand(claim.keys)) >= MUTUAL


def _decide(pair: Pair, predictions: Sequence[Prediction]) -> Finding:
    claim = pair.claim
    claimed = measured(claim, predictions)
    findings: list[Finding] = []
    if claimed:
        findings.append(_numbers(pair, claimed, bool(predictions)))
    if not claimed or (not findings[0].decides and claim.superlatives):
        findings += [f for s in claim.superlatives if (f := superlative(pair, s)).reason is not Rule.NOTHING]
        if findings and any(f.decides for f in findings):
            return _all(findings)
    if not claimed:
        stated = effect(claim.text)
        if stated is not Effect.NOT_SAID and (finding := significance(pair, stated)).decides:
            return finding
        if claim.comparative is not None and (finding := order(pair, claim.comparative)).reason is not Rule.NOTHING:
            return finding
        if (finding := correlation(pair)).decides:
            return finding
        if (finding := trend(pair)).decides:
            return finding
    return _all(findings)


def _all(findings: Sequence[Finding]) -> Finding:
    """Join the findings of several parts: one that is false makes the whole false, all have to be true."""
    if not findings:
        return NOTHING
    against = next((f for f in findings if f.stance is Stance.CONTRADICT), None)
    if against:
        return against
    open_ = next((f for f in findings if not f.decides), None)
    return open_ or findings[0]


def measured(claim: Sentence, predictions: Sequence[Prediction]) -> list[Fact]:
    """Return the claim's numbers; where predictions name values, only those (other numbers are scope)."""
    free = [f for f in claim.facts if not f.condition]
    values = [abs(p.value) for p in predictions if p.value is not None]
    named = [f for f in free if any(abs(abs(f.quantity.printed or f.low) - v) <= f.quantity.step / 2 for v in values)]
    return named or [f for f in free if f.quantity.kind is not Kind.P_VALUE] or free


# ----------------------------------------------------------------------------------------------------- numbers


def _numbers(pair: Pair, claimed: Sequence[Fact], predicted: bool) -> Finding:
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
        if m is not None and m.comparison.outcome is Outcome.CONTRADICTED and m.difference is None
    ]
    if all(m is not None and agrees(m) for m, _ in results):
        if not predicted and (unsaid := _unsaid_conditions(pair)):
            return Finding(
                Stance.NOT_ENOUGH_INFO, Rule.NOT_NAMED, f"same number ({printed}), but not said for {unsaid}"
            )
        if (flipped := _exchanged(pair, matches)) is not None:
            return flipped
        if any(_other_sides(pair, m) for m in matches):
            return Finding(Stance.NOT_ENOUGH_INFO, Rule.OTHER_CONDITION, f"same number ({printed}) between other sides")
        reason = Rule.DERIVED if any(m.theirs.quantity.derived for m in matches) else Rule.SAME_VALUE
        return Finding(Stance.SUPPORT, reason, f"same quantity, same number: {printed}", matches[0])
    crowded = sum(f.row < 0 for f in pair.passage.facts) > MAX_NUMBERS
    for match, sure in false:
        if sure and not crowded and (match.theirs.quantity.derived or not follows(pair, match.ours)):
            what = f"{match.ours.quantity} against {match.theirs.quantity}"
            reason = Rule.OUTSIDE if match.comparison.reason is Reason.OUTSIDE else Rule.OTHER_VALUE
            return Finding(Stance.CONTRADICT, reason, f"same quantity, another number: {what}", match)
    first = min(matches, key=lambda m: (m.difference is None, m.score))
    what = f"{first.ours.quantity} against {first.theirs.quantity}"
    if first.difference is not None:
        return Finding(
            Stance.NOT_ENOUGH_INFO,
            _code(first.difference),
            f"different {first.difference.kind} ({first.difference}): {what}",
        )
    if not first.comparison.comparable:
        return Finding(Stance.NOT_ENOUGH_INFO, Rule.NOT_COMPARABLE, f"different {first.comparison.reason}: {what}")
    if any(agrees(m) for m in matches):
        return Finding(
            Stance.NOT_ENOUGH_INFO, Rule.IN_PART, f"agrees in part, says nothing certain of the rest: {what}"
        )
    return Finding(Stance.NOT_ENOUGH_INFO, Rule.AMBIGUOUS, f"another number, perhaps of something else: {what}")


def _apart(results: list[tuple[Match | None, bool]]) -> list[tuple[Match | None, bool]]:
    """Let a printed number of the passage confirm one number of the claim only: the one that it fits best."""
    best_of: dict[int, Match] = {}
    for match, _ in results:
        if match is not None and agrees(match) and not _worked_out(match):
            place = match.theirs.quantity.start
            if place not in best_of or match.score > best_of[place].score:
                best_of[place] = match

    def stands(match: Match | None) -> bool:
        if match is None or not agrees(match) or _worked_out(match):
            return True
        strongest = best_of[match.theirs.quantity.start]
        return match is strongest or (match.ours.low, match.ours.high) == (strongest.ours.low, strongest.ours.high)

    return [(match, sure) if stands(match) else (None, False) for match, sure in results]


def _narrower(pair: Pair, match: Match) -> bool:
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


def _unsaid_conditions(pair: Pair) -> str:
    """Return a number that sets a condition of the claim ("with 12 layers") and that the passage lacks; "" if none."""
    for fact in pair.claim.facts:
        if not fact.condition or fact.quantity.worded or fact.quantity.kind not in (Kind.COUNT, Kind.SIZE):
            continue
        if not any(compare(fact.quantity, f.quantity).outcome is Outcome.ENTAILED for f in pair.passage.facts):
            return f"{fact.quantity} {fact.quantity.head or fact.unit}".strip()
    return ""


_EACH = re.compile(r"\b(?:per|for each|for every|each)\b", re.I)


def _rival(pair: Pair, claimed: Sequence[Fact]) -> Finding | None:
    """Return a contradiction where the same first place is given to another: "A has the largest gain", "B has it"."""
    ours, theirs = pair.claim.superlatives, pair.passage.superlatives
    if len(ours) != 1 or len(theirs) != 1 or (ours[0].way, ours[0].rank) != (theirs[0].way, theirs[0].rank):
        return None
    mine, other = ({t.key for t in s.terms if t.name} for s in (pair.claim, pair.passage))
    if len(mine - other) != 1 or len(other - mine) != 1 or pair.claim.negated != pair.passage.negated:
        return None
    if any(compare(w.quantity, f.quantity).outcome is Outcome.ENTAILED for w in claimed for f in pair.passage.facts):
        note = f"the passage gives the first place to {next(iter(other - mine))}, not to {next(iter(mine - other))}"
        return Finding(Stance.CONTRADICT, Rule.NOT_FIRST, note, certain=True)
    return None


_EVERY_ONE = re.compile(r"\b(?:all|every|each|any|none|never|always)\b", re.I)


def _number(pair: Pair, ours: Fact) -> tuple[Match | None, bool]:
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
    if top and all(m.comparison.outcome is Outcome.CONTRADICTED for m in top) and top[0].difference is None:
        others = [m for m in matches if m not in top and m.difference is None and not disagrees(m)]
        margin = top[0].score - max((m.score for m in others), default=0.0)
        alone = len({(m.theirs.low, m.theirs.high) for m in top}) == 1
        # A number that agrees belongs to something else only where that shows.
        if elsewhere is not None and elsewhere.difference is None and top[0].score - elsewhere.score < CLEARLY:
            return elsewhere, True
        if ours.quantity.kind is Kind.COUNT and len([m for m in matches if disagrees(m)]) > 1 and margin < 2 * CLEARLY:
            alone = False
        if _EACH.search(pair.claim.text, ours.quantity.end):
            alone = False  # of several counts of one thing any may be a part of the claimed one
        return top[0], alone and (margin >= 0.15 or not others)
    if elsewhere is not None and elsewhere.difference is None and top[0].score - elsewhere.score < CLEARLY:
        return elsewhere, True
    if top:
        return top[0], False
    # Nothing comparable: the nearest number that cannot be compared says why.
    others = [Match(ours, f, compare(ours.quantity, f.quantity), 0.0) for f in facts if not f.condition]
    return (others[0] if others else None), False


def _denial(pair: Pair, claimed: Sequence[Fact]) -> Finding:
    """Return a contradiction by a passage without numbers that denies any change at all: "does not improve"."""
    claim, passage = pair.claim, pair.passage
    if not passage.denied or claim.denied or any(f.quantity.kind is not Kind.CHANGE for f in claimed):
        return NOTHING
    if claim.direction * passage.direction <= 0 or claim.names - passage.names:
        return NOTHING
    return Finding(
        Stance.CONTRADICT, Rule.DENIED, f"the passage denies any change; the claim says {claimed[0].quantity}"
    )


def _exchanged(pair: Pair, matches: Sequence[Match]) -> Finding | None:
    """Return a contradiction if the passage compares the claim's object with its subject."""
    ours, theirs = pair.claim.comparative, pair.passage.comparative
    if ours is None or theirs is None or any(m.theirs.quantity.derived for m in matches) or ours.equal or theirs.equal:
        return None
    subject, object_ = pair.expand(ours.subject), pair.expand(ours.object)
    straight = len(subject & theirs.subject) + len(object_ & theirs.object)
    crossed = len(subject & theirs.object) + len(object_ & theirs.subject)
    if crossed > straight and ours.way == theirs.way and crossed >= 2:
        return Finding(Stance.CONTRADICT, Rule.EXCHANGED, "same number with the sides exchanged")
    return None


# -------------------------------------------------------------------------------------------------- conditions


def _elsewhere(pair: Pair, finding: Finding) -> tuple[Rule, str] | None:
    """Return why the passage is not about what the claim is about, or None."""
    difference: Difference | None = (
        by_prefix(pair)
        or by_qualifier(pair)
        or by_translation(pair)
        or by_spans(pair)
        or by_property(pair)
        or by_languages(pair)
    )
    if difference is None and finding.match is not None:
        difference = by_polarity(pair, finding.match.theirs)
    if difference is not None:
        return _code(difference), f"different {difference.kind} ({difference})"
    lacking = missing_names(pair)
    if finding.match is not None and (unnamed := _unnamed(pair, finding.match)):
        return Rule.NOT_NAMED, f"the passage does not name {unnamed}"
    if finding.stance is Stance.SUPPORT and finding.match is not None and _denied_apart(pair, finding.match):
        return Rule.AMBIGUOUS, "one of the two denies something"
    if finding.stance is Stance.SUPPORT and finding.match is not None and _by_chance(pair, finding.match):
        return Rule.AMBIGUOUS, "so small a number agrees by chance"
    if finding.stance is Stance.SUPPORT and finding.match is not None and not _worked_out(finding.match):
        lacking |= _unsaid(pair, finding.match)
    if lacking:
        return Rule.NOT_NAMED, f"the passage does not name {', '.join(sorted(lacking))}"
    return None


def _unnamed(pair: Pair, match: Match) -> str:
    """Return the claim's metric if it has to be named and the passage names neither it nor its counterpart."""
    metric = match.ours.metric
    if metric not in NAMED or match.theirs.metric in (metric, COMPLEMENTS.get(metric)):
        return ""
    metrics = {m.name for m in pair.passage.mentions}
    return "" if {metric, COMPLEMENTS.get(metric, metric)} & metrics or fold(metric) in pair.known else metric


def _denied_apart(pair: Pair, match: Match) -> bool:
    """Return True if one text denies something and the other does not, where it is not the numbers that say so."""
    quantities = (match.ours.quantity, match.theirs.quantity)
    if any(q.denied or q.comparator.is_lower or q.comparator.is_upper for q in quantities):
        return False
    ours, theirs = (bool(_NOT.search(_BRACKETS.sub("", s.text))) for s in (pair.claim, pair.passage))
    return ours != theirs


_NOT = re.compile(r"\b(?:not(?! only)|never|cannot|none|nobody|neither|nor|no)\b|n['’]t\b", re.I)
_BRACKETS = re.compile(r"\([^()]*\)")


def _by_chance(pair: Pair, match: Match) -> bool:
    """Return True for a small count whose sentence is about more than the passage says."""
    quantity = match.ours.quantity
    small = quantity.kind is Kind.COUNT and quantity.high <= 10 and quantity.total is None
    return small and share(pair.claim.topic, pair.known) < 0.75


_SCOPE = re.compile(r"\s(?:\w+\s)?(?:for|on|among|using)\s(?:the\s|an?\s)?")


def _other_sides(pair: Pair, match: Match) -> bool:
    """Return True if one of several printed changes is between other names than the claim's."""
    sides, changes = pair.claim.comparative, [f for f in pair.passage.facts if f.quantity.is_change]
    if sides is None or len(changes) < 2 or not match.theirs.quantity.is_change or match.theirs.quantity.derived:
        return False
    named = {t.key for t in pair.claim.terms if t.name}
    own = pair.expand(match.theirs.own | match.theirs.lead)
    return any(side & named and not side & named & own for side in (sides.subject, sides.object))


def _worked_out(match: Match) -> bool:
    """Return True if the passage's number is no printed one but follows from two of them."""
    theirs = match.theirs.quantity
    return bool(theirs.derived) or (bool(theirs.ends) and not match.ours.quantity.ends)


def _unsaid(pair: Pair, match: Match) -> frozenset[str]:
    """Return the words beside the claim's number that the passage lacks: "94 % effective", "training 1.43 times"."""
    quantity, text = match.ours.quantity, pair.claim.text
    unknown = missing_topic(pair)
    if not unknown:
        return frozenset()
    before = [t for t in pair.claim.terms if t.end <= quantity.start and t.key in pair.claim.topic]
    behind = [t for t in pair.claim.terms if t.start >= quantity.end]
    beside = {before[-1].key} if before and not re.search(r"[,;]", text[before[-1].end : quantity.start]) else set()
    if behind and re.fullmatch(r"\s?", text[quantity.end : behind[0].start]):
        beside.add(behind[0].key)
    if behind and _SCOPE.fullmatch(text, quantity.end, behind[0].start):
        beside.add(behind[0].key)
    if (
        match.theirs.row >= 0
        and match.theirs.label
        and not pair.expand(match.theirs.label) & pair.expand(pair.claim.keys)
    ):
        return frozenset(match.theirs.label)
    metrics = {fold(m.name) for m in pair.claim.mentions if m.kind == "metric"}
    return frozenset(beside) & unknown - metrics
