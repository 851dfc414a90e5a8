"""The numeric checker: the same quantity with the same number, with another number, or another quantity."""

from __future__ import annotations

from collections.abc import Sequence

from synth.evidence.sentence import Sentence, different_condition, same_order, share
from synth.text import Quantity, telling_digits
from synth.types import Prediction, Stance

ABOUT = 0.05  # "nearly 40%" agrees with 38.4%
CLOSE = 0.6  # cosine below which one number that agrees may still measure something else
OVERLAP_FEW_DIGITS = 0.6  # share of the claim's content words in the passage when its numbers could agree by chance
OVERLAP_MANY_DIGITS = 0.4
OVERLAP_CONTRADICT = 0.7  # asked of both directions: the two sentences must say the same but for the number

SCORES = frozenset({"%", "points", ""})
BEYOND_CHANCE = 6  # significant digits that agree in the same order: no coincidence, however the rest is worded

Finding = tuple[Stance, str]
NOTHING: Finding = (Stance.NOT_ENOUGH_INFO, "")


def check(claim: Sentence, passage: Sentence, predictions: Sequence[Prediction], similarity: float) -> Finding:
    """Compare the claim's measured numbers with the passage's. The note says what agreed or what differs.

    Numbers are the same when they agree to the last digit that the coarser one prints.
    """
    wanted = _measured(claim, predictions)
    if not wanted or not passage.quantities or claim.ranges:
        return NOTHING
    if not claim.names and max(telling_digits(q.value) for q in wanted) < 3:
        return NOTHING  # "four language pairs" of nothing that has a name is another four in every paper
    pairs = [(q, [p for p in passage.quantities if comparable(q, p)]) for q in wanted]
    agreeing = [q for q, others in pairs if any(agrees(q, p) for p in others)]
    if len(agreeing) == len(wanted):
        return _agreement(claim, passage, wanted) if similarity >= CLOSE else NOTHING
    if agreeing:
        return _partly(claim, passage, wanted, agreeing)
    return _disagreement(claim, passage, pairs)


def _measured(claim: Sentence, predictions: Sequence[Prediction]) -> list[Quantity]:
    """The claim's quantities; where predictions name values, only those (other numbers are scope)."""
    values = [abs(p.value) for p in predictions if p.value is not None]
    named = [q for q in claim.quantities if any(abs(q.value - v) <= q.step / 2 for v in values)]
    return named or list(claim.quantities)


def comparable(a: Quantity, b: Quantity) -> bool:
    """Whether two numbers can measure the same: like units, both levels or both changes, same thing counted.

    Papers write one gain as "2.4%", "2.4 points" and "2.4 F1"; to contradict, the units must be the same.
    """
    if a.unit != b.unit and not {a.unit, b.unit} <= SCORES:
        return False
    if a.unit == "count":
        return bool(a.nouns & b.nouns)
    return a.change == b.change


def agrees(a: Quantity, b: Quantity) -> bool:
    """Same value within printed precision, or within what "about", "more than", "less than" leave open."""
    if a.same_value(b):
        return True
    if "~" in (a.bound, b.bound):
        return abs(a.value - b.value) <= ABOUT * max(abs(a.value), abs(b.value))
    return False


def _excluded(a: Quantity, b: Quantity) -> bool:
    """Whether the two cannot both be right of one quantity: a bound excludes little, an approximation less."""
    return a.unit == b.unit and not a.bound and not b.bound and not agrees(a, b)


def _agreement(claim: Sentence, passage: Sentence, wanted: list[Quantity]) -> Finding:
    if not _same_sense(claim, passage):
        return Stance.NOT_ENOUGH_INFO, "same number, but one of the two denies or reverses"
    if len(wanted) > 1 and not _same_order(claim, passage, wanted):
        return Stance.NOT_ENOUGH_INFO, f"same numbers ({_print(wanted)}), but perhaps of other things"
    digits = [telling_digits(q.value) for q in wanted]
    overlap = share(claim.words, passage.words)
    beyond_chance = len(wanted) > 1 and sum(digits) >= BEYOND_CHANCE
    lacking = sorted(claim.names - passage.names)
    if lacking and not (beyond_chance and share(claim.names, passage.names) >= 0.5):
        return (
            Stance.NOT_ENOUGH_INFO,
            f"same number ({_print(wanted)}), but the passage does not name {', '.join(lacking)}",
        )
    telling = max(digits) >= 3 or len(wanted) >= 3 or (max(digits) >= 2 and wanted[0].unit != "count")
    needed = OVERLAP_MANY_DIGITS if telling else OVERLAP_FEW_DIGITS
    if not claim.conditions <= passage.conditions and not beyond_chance:
        needed = OVERLAP_CONTRADICT
    if overlap < needed:
        return NOTHING
    return Stance.SUPPORT, f"same quantity, same number: {_print(wanted)}"


def _print(numbers: Sequence[Quantity]) -> str:
    return ", ".join(f"{q.value:g}" for q in numbers)


def _same_sense(claim: Sentence, passage: Sentence) -> bool:
    return claim.negated == passage.negated and claim.direction * passage.direction >= 0


def agreeing_part(claim: Sentence, passage: Sentence, predictions: Sequence[Prediction]) -> frozenset[float]:
    """Which of the claim's several measured values the passage confirms; empty when it may speak of something else.

    One passage rarely repeats all numbers of a summary. Several of one paper can, each for its own part.
    """
    wanted = _measured(claim, predictions)
    if len(wanted) < 2 or not _same_sense(claim, passage):
        return frozenset()
    if len(claim.names & passage.names) < 2 and share(claim.words, passage.words) < OVERLAP_MANY_DIGITS:
        return frozenset()
    return frozenset(
        q.value
        for q in wanted
        if telling_digits(q.value) >= 2 and any(comparable(q, p) and agrees(q, p) for p in passage.quantities)
    )


def measured_values(claim: Sentence, predictions: Sequence[Prediction]) -> frozenset[float]:
    """The values that passages together have to confirm."""
    return frozenset(q.value for q in _measured(claim, predictions))


def _same_order(claim: Sentence, passage: Sentence, wanted: list[Quantity]) -> bool:
    """Whether names and numbers come in the same order in both, so that each number belongs to the same name."""
    theirs = [next(p for p in passage.quantities if comparable(q, p) and agrees(q, p)).start for q in wanted]
    return theirs == sorted(theirs) and same_order(claim, passage)


def _partly(claim: Sentence, passage: Sentence, wanted: list[Quantity], agreeing: list[Quantity]) -> Finding:
    if share(claim.words, passage.words) < OVERLAP_MANY_DIGITS:
        return NOTHING
    left = [q for q in wanted if q not in agreeing]
    return Stance.NOT_ENOUGH_INFO, f"agrees in part ({_print(agreeing)}), says nothing certain of {_print(left)}"


def _disagreement(claim: Sentence, passage: Sentence, pairs: list[tuple[Quantity, list[Quantity]]]) -> Finding:
    """Another number of what may be the same quantity. Certain only when nothing else differs."""
    close = [(q, others) for q, others in pairs if others]
    if not close or share(claim.words, passage.words) < OVERLAP_MANY_DIGITS:
        return NOTHING
    quantity, others = close[0]
    theirs = _print(others)
    difference = different_condition(claim, passage)
    if difference:
        return Stance.NOT_ENOUGH_INFO, f"different condition: {quantity.value:g} against {theirs} ({difference})"
    alike = min(share(claim.words, passage.words), share(passage.words, claim.words)) >= OVERLAP_CONTRADICT
    single = len(pairs) == 1 and len(others) == 1
    if alike and single and claim.names and _excluded(quantity, others[0]) and claim.negated == passage.negated:
        return Stance.CONTRADICT, f"same quantity, another number: {quantity.value:g} against {theirs}"
    return Stance.NOT_ENOUGH_INFO, f"another number, perhaps of something else: {quantity.value:g} against {theirs}"
