"""The paraphrase rule: a sentence that says the same, and keeps its names, numbers, conditions and direction."""

from __future__ import annotations

from collections.abc import Sequence

from synth.evidence.comparison import Outcome, compare
from synth.evidence.sentence import COMPARATIVES, Sentence, same_order, share
from synth.types import Prediction, Stance

CLOSE = 0.88  # cosine
COVERED = 0.85  # share of the claim's content words that the passage holds
COVERS = 0.45  # and the other way round: a long sentence may hold all words of a short claim and say something else


def check(
    claim: Sentence, passage: Sentence, predictions: Sequence[Prediction], similarity: float
) -> tuple[Stance, str]:
    """SUPPORT for a close restatement that keeps every name, number and condition of the claim, else nothing."""
    if similarity < CLOSE or claim.ranges:
        return Stance.NOT_ENOUGH_INFO, ""
    covered = share(claim.words, passage.words)
    kept = claim.names <= passage.names and claim.conditions <= passage.conditions
    if claim.hinge in COMPARATIVES and not same_order(claim, passage):
        return Stance.NOT_ENOUGH_INFO, ""
    if claim.direction and passage.names - claim.names:
        return Stance.NOT_ENOUGH_INFO, ""  # what rises for one language or model need not rise for all
    alike = claim.negated == passage.negated and claim.direction == passage.direction
    numbers = all(any(compare(c, p) is Outcome.SAME for p in passage.facts) for c in claim.facts)
    if covered >= COVERED and share(passage.words, claim.words) >= COVERS and kept and alike and numbers:
        return Stance.SUPPORT, f"says the same in other words ({covered:.0%} of the content words)"
    return Stance.NOT_ENOUGH_INFO, ""
