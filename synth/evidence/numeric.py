"""The numeric checker: the same quantity with the same number, with another number, or under another condition."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from synth.evidence.comparison import NOT_COMPARED, Outcome, compare
from synth.evidence.conditions import Condition, condition
from synth.evidence.direction import exchanged
from synth.evidence.facts import Fact
from synth.evidence.sentence import Sentence, same_order, share
from synth.evidence.vocabulary import COMPARATIVES, LOWER_IS_BETTER
from synth.numbers import same, telling_digits
from synth.types import Prediction, Stance

CLOSE = 0.6  # cosine below which one number that agrees may still measure something else
NEAR = 0.75  # asked where neither a name nor a number with several digits holds the two sentences together
OVERLAP_FEW_DIGITS = 0.6  # share of the claim's topic in the passage when its numbers could agree by chance
OVERLAP_MANY_DIGITS = 0.4
OVERLAP_CONTRADICT = 0.65  # asked of both directions: the two sentences must say the same but for the number
OVERLAP_NOTE = 0.3  # share of the claim's words from which it is worth telling what differs
BEYOND_CHANCE = 6  # significant digits that agree in the same order: no coincidence, however the rest is worded

NO_EFFECT = re.compile(r"\b(?:no|not any|without) (?:\w+ ){0,2}(?:effects?|impact|influence|change|difference)\b", re.I)

Finding = tuple[Stance, str]
NOTHING: Finding = (Stance.NOT_ENOUGH_INFO, "")


@dataclass(frozen=True)
class Match:
    """What the passage says of one number of the claim: the number that comes nearest, how it compares, and where."""

    ours: Fact
    theirs: Fact
    outcome: Outcome
    where: Condition

    @property
    def rank(self) -> tuple[bool, int]:
        order = (Outcome.SAME, Outcome.OTHER, Outcome.OPEN, Outcome.METRIC, Outcome.UNIT, Outcome.QUANTITY)
        return (bool(self.where.kind) or self.outcome in NOT_COMPARED, order.index(self.outcome))


def check(claim: Sentence, passage: Sentence, predictions: Sequence[Prediction], similarity: float) -> Finding:
    """Compare the claim's measured numbers with the passage's. The note says what agreed or what differs.

    Numbers are the same when they agree to the last digit that the coarser one prints.
    """
    wanted = _measured(claim, predictions)
    if not wanted:
        return _no_change(claim, passage, similarity) or _ranked(claim, passage, similarity)
    matches = [m for fact in wanted if (m := _best(fact, claim, passage)) is not None]
    if not matches:
        return _denial(claim, passage, wanted, similarity)
    if rival := _rival(claim, passage, matches):
        return Stance.CONTRADICT, rival
    if len(matches) == len(wanted) and all(_agrees(m) for m in matches):
        predicted = any(p.value is not None for p in predictions)
        return _agreement(claim, passage, matches, predicted) if similarity >= _needed(claim, wanted) else NOTHING
    against = [m for m in matches if m.outcome is Outcome.OTHER and not m.where.kind]
    if against:
        return _disagreement(claim, passage, matches, against, similarity)
    return _undecided(claim, passage, wanted, matches)


def _measured(claim: Sentence, predictions: Sequence[Prediction]) -> list[Fact]:
    """The claim's numbers; where predictions name values, only those (other numbers are scope)."""
    free = [f for f in claim.facts if not f.condition]
    values = [abs(p.value) for p in predictions if p.value is not None]
    named = [f for f in free if any(abs(f.value - v) <= f.step / 2 for v in values)]
    return named or [f for f in free if f.sort != "p"] or free


def _best(fact: Fact, claim: Sentence, passage: Sentence) -> Match | None:
    """The passage's number that speaks to this one; where several could and none agrees, it is left open."""
    free = [p for p in passage.facts if not p.condition]
    found = [Match(fact, p, compare(fact, p), condition(claim, passage, fact, p)) for p in free]
    found = [m for m in found if not (m.outcome is Outcome.QUANTITY and "p" in (m.ours.sort, m.theirs.sort))]
    if fact.sort == "change" and len(free) == 2 and (whole := _two_levels(fact, free)) is not None:
        found.append(Match(fact, whole, compare(fact, whole), condition(claim, passage, fact, whole)))
    best = min(found, key=lambda m: m.rank, default=None)
    if best is None or best.outcome is not Outcome.OTHER:
        return best
    others = {(m.theirs.low, m.theirs.high) for m in found if m.outcome is Outcome.OTHER and not m.where.kind}
    return replace(best, outcome=Outcome.OPEN) if len(others) > 1 else best


def _two_levels(fact: Fact, levels: Sequence[Fact]) -> Fact | None:
    """ "12% in one group and 9% in the other" as a change, in the direction that the claim says; never against it."""
    one, two = levels
    if {one.sort, two.sort} != {"level"} or one.unit != two.unit or one.metric != two.metric or not fact.sign:
        return None
    ends = (one.value, two.value) if (two.value - one.value) * fact.sign > 0 else (two.value, one.value)
    whole = replace(
        one, sort="change", ends=ends, sign=fact.sign, low=abs(ends[1] - ends[0]), high=abs(ends[1] - ends[0])
    )
    return whole if compare(fact, whole) is Outcome.SAME else None


def _agrees(match: Match) -> bool:
    return match.outcome is Outcome.SAME and not match.where.kind


# ------------------------------------------------------------------------------------------------ support


def _needed(claim: Sentence, wanted: Sequence[Fact]) -> float:
    """The similarity asked for: more where any sentence could hold such a number."""
    return CLOSE if claim.names or max(telling_digits(f.value) for f in wanted) >= 3 else NEAR


def _agreement(claim: Sentence, passage: Sentence, matches: Sequence[Match], predicted: bool) -> Finding:
    wanted = [m.ours for m in matches]
    if exchanged(claim, passage) and any(f.sort in ("change", "factor") for f in wanted):
        return Stance.CONTRADICT, f"same number ({_print(wanted)}) with the sides exchanged"
    if not _same_sense(claim, passage, wanted):
        return Stance.NOT_ENOUGH_INFO, "same number, but one of the two denies or reverses"
    unsaid = frozenset[str]().union(*(m.where.unsaid for m in matches))
    if unsaid and not predicted:  # a prediction names what is measured; without one the number may be part of it
        return Stance.NOT_ENOUGH_INFO, f"same number ({_print(wanted)}), but not said for {', '.join(sorted(unsaid))}"
    if not _same_order(claim, passage, matches):
        return Stance.NOT_ENOUGH_INFO, f"same numbers ({_print(wanted)}), but perhaps of other things"
    digits = [telling_digits(f.value) for f in wanted]
    beyond_chance = len(wanted) > 1 and sum(digits) >= BEYOND_CHANCE
    lacking = sorted(claim.names - passage.names)
    if lacking and not (beyond_chance and share(claim.names, passage.names) >= 0.5):
        told = ", ".join(lacking)
        return Stance.NOT_ENOUGH_INFO, f"same number ({_print(wanted)}), but the passage does not name {told}"
    telling = max(digits) >= 3 or len(wanted) >= 3 or (max(digits) >= 2 and wanted[0].sort != "count")
    needed = OVERLAP_MANY_DIGITS if telling else OVERLAP_FEW_DIGITS
    if any(m.where.lacking for m in matches) and not beyond_chance:
        needed = OVERLAP_CONTRADICT
    if _covered(claim, passage) < needed or (not claim.names and _covered(passage, claim) < OVERLAP_MANY_DIGITS):
        return NOTHING
    return Stance.SUPPORT, f"same quantity, same number: {_print(wanted)}"


def _covered(part: Sentence, whole: Sentence) -> float:
    """How much of what `part` is about stands in `whole`; of a sentence about nothing but numbers, of its words."""
    nouns = frozenset[str]().union(*(f.nouns for f in whole.facts))
    return (
        share(part.topic, whole.words | nouns)
        if part.topic
        else float(bool(part.words & whole.words) or not part.words)
    )


def _print(numbers: Sequence[Fact]) -> str:
    return ", ".join(_printed(f) for f in numbers)


def _printed(fact: Fact) -> str:
    if fact.ends:
        return f"from {fact.ends[0]:g} to {fact.ends[1]:g}"
    if fact.is_range:
        return f"{fact.low:g} to {fact.high:g}"
    return f"{fact.value:g}"


def _same_sense(claim: Sentence, passage: Sentence, wanted: Sequence[Fact]) -> bool:
    """Numbers of a change carry their direction, coefficients their sign; of levels the sentences have to tell."""
    if any(f.sort in ("change", "factor", "coefficient", "p") or f.bound for f in wanted):
        return True
    return claim.negated == passage.negated and claim.direction * passage.direction >= 0


def _same_order(claim: Sentence, passage: Sentence, matches: Sequence[Match]) -> bool:
    """Whether names and numbers of one unit come in the same order in both, unless each number has names of its own."""
    for sort, unit in {(m.ours.sort, m.ours.unit) for m in matches}:
        group = [m for m in matches if (m.ours.sort, m.ours.unit) == (sort, unit)]
        if len(group) < 2 or all(_has_own(m, group) for m in group):
            continue
        theirs = [m.theirs.start for m in group]
        if theirs != sorted(theirs) or not same_order(claim, passage):
            return False
    return True


def _has_own(match: Match, group: Sequence[Match]) -> bool:
    """Whether a number is told from the others of its group by a metric or a name, in claim and passage."""
    return all(
        any(
            (side(match).metric, side(match).slots, side(match).head) != (side(m).metric, side(m).slots, side(m).head)
            for m in group
            if m is not match
        )
        for side in (lambda m: m.ours, lambda m: m.theirs)
    )


def agreeing_part(claim: Sentence, passage: Sentence, predictions: Sequence[Prediction]) -> frozenset[float]:
    """Which of the claim's several measured values the passage confirms; empty when it may speak of something else.

    One passage rarely repeats all numbers of a summary. Several of one paper can, each for its own part.
    """
    wanted = _measured(claim, predictions)
    if len(wanted) < 2 or claim.negated != passage.negated or claim.direction * passage.direction < 0:
        return frozenset()
    if len(claim.names & passage.names) < 2 and share(claim.words, passage.words) < OVERLAP_MANY_DIGITS:
        return frozenset()
    matches = [_best(f, claim, passage) for f in wanted if telling_digits(f.value) >= 2]
    return frozenset(m.ours.value for m in matches if m is not None and _agrees(m))


def measured_values(claim: Sentence, predictions: Sequence[Prediction]) -> frozenset[float]:
    """The values that passages together have to confirm."""
    return frozenset(f.value for f in _measured(claim, predictions))


# ------------------------------------------------------------------------------------------------ contradiction


def _alike(claim: Sentence, passage: Sentence, similarity: float) -> bool:
    """Whether two sentences say the same but for a number."""
    near = CLOSE if claim.names else NEAR
    return similarity >= near and min(_covered(claim, passage), _covered(passage, claim)) >= OVERLAP_CONTRADICT


def _disagreement(
    claim: Sentence, passage: Sentence, matches: Sequence[Match], against: Sequence[Match], similarity: float
) -> Finding:
    """Another number of what may be the same quantity. Certain only when nothing else differs."""
    first = against[0]
    told = f"{_printed(first.ours)} against {_printed(first.theirs)}"
    undecided = [m for m in matches if m.outcome not in (Outcome.SAME, Outcome.OTHER)]
    if _covered(claim, passage) < OVERLAP_MANY_DIGITS:
        return NOTHING
    if first.where.lacking or first.where.extra or first.where.unsaid:
        sides = (("claim only", first.where.lacking | first.where.unsaid), ("passage only", first.where.extra))
        only = "; ".join(f"{who}: {', '.join(sorted(names))}" for who, names in sides if names)
        return Stance.NOT_ENOUGH_INFO, f"different condition: {told} ({only})"
    if undecided or claim.hypothetical or not _alike(claim, passage, similarity):
        return Stance.NOT_ENOUGH_INFO, f"another number, perhaps of something else: {told}"
    return Stance.CONTRADICT, f"same quantity, another number: {told}"


def _rival(claim: Sentence, passage: Sentence, matches: Sequence[Match]) -> str:
    """The same first place given to another: "A yields the largest gain", "B yields the largest gain"."""
    if not claim.superlative or claim.superlative != passage.superlative or claim.negated != passage.negated:
        return ""
    ours, theirs = claim.names - passage.names, passage.names - claim.names
    one_each = len(ours) == len(theirs) == 1 and all(m.where.kind in ("model", "task", "quantity") for m in matches)
    if not one_each or min(share(claim.words, passage.words), share(passage.words, claim.words)) < OVERLAP_CONTRADICT:
        return ""
    return f"the {claim.superlative} is {next(iter(theirs))}, not {next(iter(ours))}"


def _denial(claim: Sentence, passage: Sentence, wanted: Sequence[Fact], similarity: float) -> Finding:
    """A passage without numbers that denies any change at all: "does not improve"."""
    if not passage.denied or claim.denied or any(f.sort != "change" for f in wanted):
        return NOTHING
    if claim.direction * passage.direction <= 0 or claim.names - passage.names or similarity < CLOSE:
        return NOTHING
    if _covered(claim, passage) < OVERLAP_CONTRADICT:
        return NOTHING
    return Stance.CONTRADICT, f"the passage denies any change; the claim says {_print(wanted)}"


# ------------------------------------------------------------------------------------------------ undecided


def _undecided(claim: Sentence, passage: Sentence, wanted: Sequence[Fact], matches: Sequence[Match]) -> Finding:
    if share(claim.words, passage.words) < OVERLAP_NOTE and not any(m.outcome is Outcome.SAME for m in matches):
        return NOTHING
    agreeing = [m.ours for m in matches if _agrees(m)]
    if agreeing:
        left = [f for f in wanted if f not in agreeing]
        return Stance.NOT_ENOUGH_INFO, f"agrees in part ({_print(agreeing)}), says nothing certain of {_print(left)}"
    first = min(matches, key=lambda m: m.rank)
    told = f"{_printed(first.ours)} against {_printed(first.theirs)}"
    if first.where.kind:
        return Stance.NOT_ENOUGH_INFO, f"different {first.where.kind} ({first.where.told}): {told}"
    if first.outcome in NOT_COMPARED:
        return Stance.NOT_ENOUGH_INFO, f"different {first.outcome}: {told}"
    return Stance.NOT_ENOUGH_INFO, f"another number, perhaps of something else: {told}"


# ------------------------------------------------------------------------------------------------ no number claimed


def _no_change(claim: Sentence, passage: Sentence, similarity: float) -> Finding | None:
    """A claim of no effect against a change that the passage measures."""
    if not NO_EFFECT.search(claim.text) or not _alike(claim, passage, similarity) or claim.names != passage.names:
        return None
    changes = [f for f in passage.facts if f.sort == "change" and not f.denied and f.low > 0]
    metrics = claim.slots.get("metric", frozenset())
    if len(changes) != 1 or passage.denied or (changes[0].metric and metrics and changes[0].metric not in metrics):
        return None
    return Stance.CONTRADICT, f"the claim denies any change; the passage measures {_print(changes)}"


# ------------------------------------------------------------------------------------------------ ranks from levels


def _ranked(claim: Sentence, passage: Sentence, similarity: float) -> Finding:
    """A comparison without a number against the levels of both sides: "A outperforms B", "A has 65.2, B has 62.2"."""
    if claim.hinge not in COMPARATIVES or not claim.direction or claim.denied or similarity < CLOSE:
        return NOTHING
    subject, object_ = (_level_of(names, passage) for names in claim.sides)
    if subject is None or object_ is None or subject.metric != object_.metric or subject.unit != object_.unit:
        return NOTHING
    different = condition(
        claim,
        passage,
        replace(subject, slots=claim.slots | {"baseline": frozenset()}),
        replace(subject, slots=passage.slots),
    )
    told = f"{_printed(subject)} against {_printed(object_)}"
    if different.kind:
        return Stance.NOT_ENOUGH_INFO, f"different {different.kind} ({different.told}): {told}"
    if different.lacking or same(subject.value, object_.value, max(subject.step, object_.step)):
        return NOTHING
    way = 1 if subject.value > object_.value else -1
    way = -way if subject.metric in LOWER_IS_BETTER else way
    if way == claim.direction:
        return Stance.SUPPORT, f"the levels are in this order: {told}"
    return Stance.CONTRADICT, f"the levels are in the other order: {told}"


def _level_of(side: frozenset[str], passage: Sentence) -> Fact | None:
    """The one level that belongs to a side of the comparison."""
    found = [
        f
        for f in passage.facts
        if f.sort == "level" and {n.replace("-", "").casefold() for n in f.slots.get("model", ())} & side
    ]
    return found[0] if len(found) == 1 else None
