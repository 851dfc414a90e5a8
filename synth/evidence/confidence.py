"""P(claim is supported by the evidence), from the judgements of several papers and of the claim's own, or nothing.

Each paper is one witness. On each side its surest passage or table speaks for it, however many weak ones agree: the
sentences of one paper are not independent. The log-odds of both sides and of all witnesses are added up, from even
odds (naive Bayes: papers are taken for independent given the truth, which no labelled set at hand can check). A support
of less than one half, and so a contradiction, weighs nothing. The result stays within what the labelled pairs of
`agreement.toml` are enough to tell from certainty, and several weak witnesses are no surer than the surest of them: one
model read them all, and where it is wrong of one it is wrong of others alike. Only beside a witness that is sure by
itself do more of them add up. docs/confidence.md reports how well single witnesses are calibrated.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from synth.core.mark import SURE, Side
from synth.core.types import Stance
from synth.evidence.agreement import ceiling
from synth.evidence.relation import COUNTS_FROM, WITNESSES, ClaimStanding, EvidenceItem, Relation, standing

SIDES = (Stance.SUPPORT, Stance.CONTRADICT)


@dataclass(frozen=True)
class Weighed:
    """Confidence by all evidence of a claim: both axes of the literature, and the papers that merely report it."""

    confidence: float | None
    standing: ClaimStanding
    papers: Side
    own: Side
    reported_by: int


def weigh(evidence: Iterable[EvidenceItem]) -> Weighed:
    """Weigh all judgements of one claim."""
    rows = list(evidence)
    stands = standing(rows)
    others = [row for row in rows if row.relation is Relation.OTHER_PAPER]
    own = [row for row in rows if row.relation is Relation.SAME_PAPER]
    reported = {row.paper for row in rows if row.relation is Relation.REPORTED and row.stance is Stance.SUPPORT}
    return Weighed(
        confidence=confidence(rows),
        standing=stands,
        papers=Side(confidence(others), stands.papers_for, stands.papers_against),
        own=Side(confidence(own), _count(own, Stance.SUPPORT), _count(own, Stance.CONTRADICT), _place(own)),
        reported_by=len(reported),
    )


def confidence(evidence: Iterable[EvidenceItem]) -> float | None:
    """Return P(claim is supported), or None when no passage supports or contradicts it.

    Restatements, reports and retracted papers are no witnesses. One more agreeing paper never lowers the value and a
    contradiction never raises it.
    """
    sides: dict[int, dict[Stance, float]] = defaultdict(dict)
    for row in evidence:
        if row.relation in WITNESSES and row.stance is not Stance.NOT_ENOUGH_INFO:
            mine = sides[row.paper]
            mine[row.stance] = max(mine.get(row.stance, 0.0), row.confidence)
    if not sides:
        return None
    log_odds = sum(
        _log_odds(sides[paper].get(Stance.SUPPORT, 0.5)) - _log_odds(sides[paper].get(Stance.CONTRADICT, 0.5))
        for paper in sorted(sides)
    )
    most = ceiling()
    surest = {stance: max((mine.get(stance, 0.5) for mine in sides.values()), default=0.5) for stance in SIDES}
    above, below = (most if p >= SURE else max(0.5, p) for p in surest.values())
    return min(most, above, max(1 - most, 1 - below, 1 / (1 + math.exp(-log_odds))))


def _log_odds(p: float) -> float:
    p = min(ceiling(), max(0.5, p))
    return math.log(p / (1 - p))


def _count(rows: Iterable[EvidenceItem], stance: Stance) -> int:
    return sum(row.stance is stance and row.confidence >= COUNTS_FROM for row in rows)


def _place(rows: Iterable[EvidenceItem]) -> str:
    """Return the location of the surest row that takes a side; a table before a sentence that is as sure."""
    decided = [row for row in rows if row.stance is not Stance.NOT_ENOUGH_INFO]
    best = max(decided, key=lambda row: (round(row.confidence, 2), bool(row.cells)), default=None)
    return best.location if best else ""
