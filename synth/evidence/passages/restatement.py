"""Rules for sentences whose numbers decide nothing: the same direction, its opposite, or a restatement."""

from __future__ import annotations

from collections.abc import Sequence

from synth.core.types import Prediction, Stance
from synth.evidence.passages.findings import NOTHING, RuleCode, RuleFinding
from synth.evidence.passages.parts.sentence import AnalysedText, share
from synth.evidence.passages.parts.vocabulary import COMPARATIVES
from synth.quantities import Entailment, Kind, compare

SIDE = 0.5  # share of the claim's subject, and of its object, that the passage's must hold
WHOLE = 0.7  # share of all content words, for support
WHOLE_BOTH = 0.6  # in both directions, for contradiction
RELATED = 0.65  # cosine below which two sentences that share words are not taken for the same statement
CLOSE = 0.88  # cosine of a paraphrase
COVERED = 0.85  # share of the claim's content words that a paraphrase holds
COVERS = 0.45  # and the other way round: a long sentence may hold all words of a short claim and say something else


def direction(
    claim: AnalysedText, passage: AnalysedText, predictions: Sequence[Prediction], similarity: float
) -> RuleFinding:
    """Compare what claim and passage say goes up or down. A claim with numbers is left to the numeric rules."""
    if similarity < RELATED or not claim.direction or not passage.direction:
        return NOTHING
    if any(p.value is not None for p in predictions) or any(f.quantity.kind is not Kind.COUNT for f in claim.facts):
        return NOTHING
    if _exchanged(claim, passage):
        return _compare(claim, passage, sign=-1, how="with the sides exchanged")
    if min(share(claim.subject, passage.subject), share(claim.object, passage.object)) < SIDE:
        return NOTHING
    return _compare(claim, passage, sign=1, how="of the same subject and object")


def _exchanged(claim: AnalysedText, passage: AnalysedText) -> bool:
    if claim.hinge not in COMPARATIVES or passage.hinge not in COMPARATIVES:
        return False
    subject, object_ = claim.sides
    return bool(subject and object_) and subject <= passage.sides[1] and object_ <= passage.sides[0]


def _compare(claim: AnalysedText, passage: AnalysedText, *, sign: int, how: str) -> RuleFinding:
    difference = _different(claim, passage)
    covered, covers = share(claim.words, passage.words), share(passage.words, claim.words)
    opposite = claim.direction * passage.direction * sign < 0
    if claim.denied != passage.denied:
        if opposite:
            return NOTHING  # "does not lower" and "raises" neither agree nor disagree
        opposite = True
    if not opposite:
        compared = (
            claim.negated == passage.negated and claim.names == passage.names and claim.conditions <= passage.conditions
        )
        if compared and covered >= WHOLE and share(passage.subject, claim.words) >= SIDE:
            return RuleFinding(Stance.SUPPORT, RuleCode.DIRECTION, f"same direction {how}")
        return NOTHING
    if difference:
        note = f"opposite direction under a different condition ({difference})"
        return RuleFinding(Stance.NOT_ENOUGH_INFO, RuleCode.OTHER_CONDITION, note)
    if min(covered, covers) >= WHOLE_BOTH:
        return RuleFinding(Stance.CONTRADICT, RuleCode.DIRECTION, f"opposite direction {how}")
    return NOTHING


def _different(claim: AnalysedText, passage: AnalysedText) -> str:
    """Return the names, conditions and counts that the two do not share, in words."""
    missing = sorted((claim.names - passage.names) | (claim.conditions - passage.conditions))
    extra = sorted((passage.names - claim.names) | (passage.conditions - claim.conditions))
    notes = [f"claim only: {', '.join(missing)}"] if missing else []
    notes += [f"passage only: {', '.join(extra)}"] if extra else []
    ours, theirs = (
        {f.quantity.value for f in s.facts if f.quantity.kind is Kind.COUNT or f.condition} for s in (claim, passage)
    )
    notes += [f"numbers: {', '.join(f'{v:g}' for v in sorted(ours ^ theirs))}"] if ours != theirs else []
    return "; ".join(notes)


def paraphrase(
    claim: AnalysedText, passage: AnalysedText, predictions: Sequence[Prediction], similarity: float
) -> RuleFinding:
    """Return SUPPORT for a close restatement that keeps every name, number and condition of the claim."""
    if similarity < CLOSE or any(f.quantity.is_range for f in claim.facts):
        return NOTHING
    covered = share(claim.words, passage.words)
    preserved = claim.names <= passage.names and claim.conditions <= passage.conditions
    if claim.hinge in COMPARATIVES and not _same_order(claim, passage):
        return NOTHING
    if claim.direction and passage.names - claim.names:
        return NOTHING  # what rises for one language or model need not rise for all
    alike = claim.negated == passage.negated and claim.direction == passage.direction
    numbers = all(
        any(compare(c.quantity, p.quantity).outcome is Entailment.ENTAILED for p in passage.facts) for c in claim.facts
    )
    if covered >= COVERED and share(passage.words, claim.words) >= COVERS and preserved and alike and numbers:
        return RuleFinding(
            Stance.SUPPORT, RuleCode.PARAPHRASE, f"says the same in other words ({covered:.0%} of the content words)"
        )
    return NOTHING


def _same_order(claim: AnalysedText, passage: AnalysedText) -> bool:
    """Return True if the names that both have come in the same order."""
    shared = claim.names & passage.names
    ours, theirs = ([t.key for t in s.terms if t.key in shared] for s in (claim, passage))
    return list(dict.fromkeys(ours)) == list(dict.fromkeys(theirs))
