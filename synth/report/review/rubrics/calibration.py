"""Calibration: are the confidences probabilities, and do they follow from the evidence?

That the probabilities come true is measured on labelled claims (`synth calibrate`, docs/confidence.md); a search has no
labels. What can be seen of a search is whether each number is the one that its evidence gives.
"""

from __future__ import annotations

from itertools import combinations

from synth.core.mark import SURE
from synth.report.review.rubric import (
    AGAINST,
    FOR,
    OPEN,
    SIDES,
    Check,
    ReviewCase,
    counted,
    named,
    nothing,
    sides,
    strict,
    sworn,
)
from synth.store.rows.claims import FullClaimView

TOLERANCE = 1e-6
LEANING = (1 - SURE, SURE)  # to the first: against; from the second: for; between them it is open


def _stated(case: ReviewCase) -> list[tuple[FullClaimView, float]]:
    """Return the claims that have a confidence, each with it."""
    return [(claim, claim.confidence) for claim in case.facts.claims if claim.confidence is not None]


def present(case: ReviewCase) -> Check:
    """Check for a confidence where a passage takes a side, and none where there is no evidence."""
    total = len(case.facts.claims)
    wrong = [
        f"claim {claim.id}" for claim in case.facts.claims if (claim.confidence is not None) != bool(sides(claim, 0.0))
    ]
    evidence = f"{total - len(wrong)} of {counted(total, 'claim')} have one where there is evidence and else none"
    return sworn("confidences rest on evidence", 2, total - len(wrong), total, evidence + named(wrong), "no claims")


def probabilities(case: ReviewCase) -> Check:
    """Check that each is above 0 and below 1: no finite set of labelled claims can show certainty."""
    stated = _stated(case)
    wrong = [f"claim {claim.id} ({value:g})" for claim, value in stated if not 0 < value < 1]
    evidence = f"{len(stated) - len(wrong)} of {counted(len(stated), 'confidence')} between 0 and 1{named(wrong)}"
    return strict("they are probabilities", 1, len(stated) - len(wrong), len(stated), evidence, "no confidence")


def recomputed(case: ReviewCase) -> Check:
    """Check that each is the same when computed anew from the stored evidence."""
    name, most = "confidences computed again", 3
    if case.confidences is None:
        return nothing(name, most, "nobody computed them again")
    claims = [claim for claim in case.facts.claims if claim.id in case.confidences]
    wrong = [f"claim {c.id}" for c in claims if not _same(c.confidence, case.confidences[c.id])]
    good, total = len(claims) - len(wrong), len(claims)
    evidence = f"{good} of {counted(total, 'claim')} with the confidence that its evidence gives{named(wrong)}"
    return sworn(name, most, good, total, evidence, "no claims")


def marks(case: ReviewCase) -> Check:
    """Check that the mark of each claim is the one that its stored evidence and its tests give."""
    name, most = "marks follow from the evidence", 3
    if case.marks is None:
        return nothing(name, most, "nobody derived them again")
    claims = [claim for claim in case.facts.claims if claim.id in case.marks]
    wrong = [f"claim {claim.id}" for claim in claims if claim.verified is not case.marks[claim.id]]
    good, total = len(claims) - len(wrong), len(claims)
    evidence = f"{good} of {counted(total, 'claim')} with the mark that evidence and tests give{named(wrong)}"
    return sworn(name, most, good, total, evidence, "no claims")


def _same(stored: float | None, computed: float | None) -> bool:
    if stored is None or computed is None:
        return stored is computed
    return abs(stored - computed) < TOLERANCE


def order(case: ReviewCase) -> Check:
    """Check that of two claims the one with more papers for than against has not the lower confidence."""
    weighed = [(value, _balance(claim)) for claim, value in _stated(case)]
    pairs = [(a, b) for a, b in combinations(weighed, 2) if a[1] != b[1]]
    good = sum((a[0] - b[0]) * (a[1] - b[1]) >= 0 for a, b in pairs)
    name, most = "more support, more confidence", 2
    if not pairs:
        return nothing(name, most, "no two claims differ in how many papers speak for them")
    evidence = f"{good} of {counted(len(pairs), 'pair')} of claims in the order of their evidence"
    # Half of the pairs would be in order by chance.
    return Check(name, most * max(0.0, 2 * good / len(pairs) - 1), most, evidence)


def _balance(claim: FullClaimView) -> int:
    """Count papers for the claim less papers against it; one that says both counts where it is surer."""
    papers = sides(claim, 0.0).values()
    pro = sum(paper.get("SUPPORT", 0.0) > paper.get("CONTRADICT", 0.0) for paper in papers)
    return 2 * pro - len(papers)


def judgements(case: ReviewCase) -> Check:
    """Check that the confidence of each judgement on a passage is a probability too."""
    rows = [row for claim in case.facts.claims for row in claim.evidence if row.stance in SIDES]
    good = sum(0 < row.confidence < 1 for row in rows)
    evidence = f"{good} of {counted(len(rows), 'judgement')} with a probability between 0 and 1"
    return strict("judgements are probabilities", 1, good, len(rows), evidence, "no passage takes a side")


def grade(case: ReviewCase, claim: FullClaimView) -> int | None:
    """Grade by the probability alone; without one the claim is open. None if it was not weighed."""
    if not claim.standing:
        return None
    value = claim.confidence
    if value is None or LEANING[0] < value < LEANING[1]:
        return OPEN
    return FOR if value >= LEANING[1] else AGAINST


CHECKS = [present, probabilities, recomputed, marks, order, judgements]
