"""P(claim is supported by the evidence), from the judgements of several papers, or nothing.

Each paper is one witness, however many of its sentences agree. Witnesses add up as log-odds over the share of
supported claims in the calibration set (naive Bayes: witnesses are taken for independent given the truth, which no
labelled set at hand can check). The result stays within what that set is large enough to tell from certainty.
docs/confidence.md reports how well calibrated a single witness is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from synth.evidence.calibration import table
from synth.evidence.relation import Evidence, Relation
from synth.types import Stance

WITNESSES = (Relation.SAME_PAPER, Relation.OTHER_PAPER)


def confidence(evidence: Iterable[Evidence]) -> float | None:
    """P(claim is supported), or None when no passage supports or contradicts it: a similarity is not a probability.

    Restatements and secondhand reports are no witnesses. One more agreeing paper never lowers the value and a
    contradiction never raises it.
    """
    witnesses = _by_paper(evidence)
    if not witnesses:
        return None
    prior = _log_odds(table().base_rate)
    total = prior + sum(_log_odds(p) - prior for p in witnesses)
    return min(table().ceiling, max(1 - table().ceiling, 1 / (1 + math.exp(-total))))


def _by_paper(evidence: Iterable[Evidence]) -> list[float]:
    """P(supported) by each paper's one witness. A paper that disagrees with itself testifies against the claim."""
    supports: dict[int, float] = {}
    against: dict[int, float] = {}
    for row in evidence:
        if row.relation not in WITNESSES:
            continue
        if row.stance is Stance.SUPPORT:
            supports[row.paper] = max(supports.get(row.paper, 0.0), row.confidence)
        elif row.stance is Stance.CONTRADICT:
            against[row.paper] = max(against.get(row.paper, 0.0), row.confidence)
    # A support says no less than the base rate, a contradiction no more: weak judgements weigh nothing.
    speaking = {paper: max(p, table().base_rate) for paper, p in supports.items()}
    speaking |= {paper: min(1 - p, table().base_rate) for paper, p in against.items()}
    return [speaking[paper] for paper in sorted(speaking)]


def _log_odds(p: float) -> float:
    p = min(table().ceiling, max(1 - table().ceiling, p))
    return math.log(p / (1 - p))
