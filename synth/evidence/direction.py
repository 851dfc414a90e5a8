"""The direction checker: the same thing said to rise or fall, or the two sides of a comparison exchanged."""

from __future__ import annotations

from collections.abc import Sequence

from synth.evidence.sentence import COMPARATIVES, Sentence, different_condition, share
from synth.types import Prediction, Stance

SIDE = 0.5  # share of the claim's subject, and of its object, that the passage's must hold
WHOLE = 0.7  # share of all content words, for support
WHOLE_BOTH = 0.6  # in both directions, for contradiction
CLOSE = 0.65  # cosine below which two sentences that share words are not taken for the same statement

Finding = tuple[Stance, str]
NOTHING: Finding = (Stance.NOT_ENOUGH_INFO, "")


def check(claim: Sentence, passage: Sentence, predictions: Sequence[Prediction], similarity: float) -> Finding:
    """Compare what claim and passage say goes up or down. A claim with numbers is left to the numeric checker."""
    if similarity < CLOSE or not claim.direction or not passage.direction:
        return NOTHING
    if any(p.value is not None for p in predictions) or any(f.sort != "count" for f in claim.facts):
        return NOTHING
    if exchanged(claim, passage):
        return _compare(claim, passage, sign=-1, how="with the sides exchanged")
    sides = min(share(claim.subject, passage.subject), share(claim.object, passage.object))
    if sides < SIDE:
        return NOTHING
    return _compare(claim, passage, sign=1, how="of the same subject and object")


def exchanged(claim: Sentence, passage: Sentence) -> bool:
    """Whether the passage compares the claim's object with the claim's subject."""
    if claim.hinge not in COMPARATIVES or passage.hinge not in COMPARATIVES:
        return False
    subject, object_ = claim.sides
    return bool(subject and object_) and subject <= passage.sides[1] and object_ <= passage.sides[0]


def _compare(claim: Sentence, passage: Sentence, *, sign: int, how: str) -> Finding:
    difference = different_condition(claim, passage) or _other_counts(claim, passage)
    covered, covers = share(claim.words, passage.words), share(passage.words, claim.words)
    opposite = claim.direction * passage.direction * sign < 0
    if claim.denied != passage.denied:
        if opposite:
            return NOTHING  # "does not lower" and "raises" neither agree nor disagree
        opposite = True
    if not opposite:
        kept = (
            claim.negated == passage.negated and claim.names == passage.names and claim.conditions <= passage.conditions
        )
        if kept and covered >= WHOLE and share(passage.subject, claim.words) >= SIDE:
            return Stance.SUPPORT, f"same direction {how}"
        return NOTHING
    if difference:
        return Stance.NOT_ENOUGH_INFO, f"opposite direction under a different condition ({difference})"
    if min(covered, covers) >= WHOLE_BOTH:
        return Stance.CONTRADICT, f"opposite direction {how}"
    return NOTHING


def _other_counts(claim: Sentence, passage: Sentence) -> str:
    """Numbers that set other conditions: "with 263 codes" against "with ten blocks of codes"."""
    ours, theirs = (
        {f.value for f in sentence.facts if f.sort == "count" or f.condition} for sentence in (claim, passage)
    )
    if ours == theirs:
        return ""
    return f"numbers: {', '.join(f'{v:g}' for v in sorted(ours ^ theirs))}"
