"""Do the claims rest on what the papers say, and can a reader check it?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from synth.report.review.rubric import (
    AGAINST,
    FOR,
    OPEN,
    WITNESSES,
    Check,
    ReviewCase,
    counted,
    named,
    nothing,
    share,
    sides,
    strict,
    sworn,
)
from synth.store.rows.claims import EvidenceView, FullClaimView
from synth.store.rows.searches import PaperView, RecordView

IDENTIFIERS = ("arxiv_id", "doi", "acl_id")
TELLING = 0.5  # a judgement that is more likely wrong than right decides nothing


def quotes(case: ReviewCase) -> Check:
    """Check that every quote is in its PDF, byte for byte."""
    held, total = sum(case.facts.quotes_held.values()), len(case.facts.quotes_held)
    return sworn(
        "quotes verified again", 3, held, total, f"{held} of {counted(total, 'quote')} re-verified", "no quotes"
    )


def addresses(case: ReviewCase) -> Check:
    """Check that every paper that claims come from has an address where a reader finds it."""
    used = [paper for paper in case.facts.papers if paper.claims]
    known = [
        p for p in used if any(getattr(p, name) for name in IDENTIFIERS) or p.url.startswith(("http://", "https://"))
    ]
    evidence = f"{len(known)} of {counted(len(used), 'paper')} with claims can be found by an identifier or address"
    return share("papers can be found", 1, len(known), len(used), evidence, "no paper gave a claim")


def received(case: ReviewCase) -> Check:
    """Check that a source gave this search a record of every paper, under the identifiers it has there."""
    name, most = "papers are those of the records", 2
    if case.records is None:
        return nothing(name, most, "the records of the sources were not read")
    wrong = [p.title for p in case.facts.papers if not _recorded(p, case.records.get(p.id, ()))]
    total = len(case.facts.papers)
    evidence = f"{total - len(wrong)} of {counted(total, 'paper')} as a source's record has them{named(wrong)}"
    return sworn(name, most, total - len(wrong), total, evidence, "no papers")


def _recorded(paper: PaperView, records: Sequence[RecordView]) -> bool:
    """Return True if the paper's identifiers are in its records.

    An identifier may also have been read in the PDF: then no record has one of that kind.
    """
    if not records:
        return False
    for name in IDENTIFIERS:
        stated = {_plain(str(record.content.get(name) or "")) for record in records} - {""}
        own = getattr(paper, name)
        if own and stated and _plain(own) not in stated:
            return False
    return True


def _plain(identifier: str) -> str:
    """Return an identifier without case, version and, for arXiv's own DOIs, the prefix."""
    return re.sub(r"^10\.48550/arxiv\.|v\d+$", "", identifier.lower())


def weighed(case: ReviewCase) -> Check:
    """Check that every claim was compared with the other passages."""
    done = sum(bool(claim.standing) for claim in case.facts.claims)
    total = len(case.facts.claims)
    evidence = f"{done} of {counted(total, 'claim')} compared with the other passages"
    return share("claims weighed", 1, done, total, evidence, "no claims")


def conflicts(case: ReviewCase) -> Check:
    """Check that a claim that a paper contradicts is called contested or contradicted, and no other is."""
    assessed = [claim for claim in case.facts.claims if claim.standing]
    wrong = [
        f"claim {claim.id} ({claim.standing})"
        for claim in assessed
        if _contradicted(claim) != (claim.standing in ("contested", "contradicted"))
    ]
    total, against = len(assessed), sum(map(_contradicted, assessed))
    evidence = f"{against} of {counted(total, 'claim')} contradicted by some paper; {len(wrong)} told otherwise"
    return sworn("conflicts kept", 2, total - len(wrong), total, evidence + named(wrong), "no claim was weighed")


def _on_side(claim: FullClaimView, stance: str) -> list[EvidenceView]:
    return [
        row
        for row in claim.evidence
        if row.stance == stance and row.confidence >= TELLING and row.relation in WITNESSES
    ]


def _contradicted(claim: FullClaimView) -> bool:
    papers = sides(claim, TELLING).values()
    return any(paper.get("CONTRADICT", 0.0) >= paper.get("SUPPORT", 0.0) for paper in papers)


def others(case: ReviewCase) -> Check:
    """Check that papers other than its own speak to the claim."""
    heard = sum(
        any(e.relation == "other paper" and e.takes_side for e in claim.evidence) for claim in case.facts.claims
    )
    evidence = f"{heard} of {counted(len(case.facts.claims), 'claim')} supported or contradicted by another paper"
    return share("other papers speak to the claims", 4, heard, len(case.facts.claims), evidence, "no claims")


def breadth(case: ReviewCase) -> Check:
    """Check that the claims do not all come from one paper.

    Full points while no paper gives more than half of them.
    """
    per_paper = Counter(paper for claim in case.facts.claims for paper in {s.paper for s in claim.sources})
    total = len(case.facts.claims)
    if total < 2:
        return nothing("more than one paper", 1, "fewer than two claims")
    most = max(per_paper.values(), default=total) / total
    evidence = f"{counted(len(per_paper), 'paper')} with claims; the one with most states {most:.0%} of them"
    return Check("more than one paper", min(1.0, 2 * (1 - most)), 1, evidence)


def sourced(case: ReviewCase) -> Check:
    """Check that every claim has a source in a paper of this search."""
    papers = {paper.id for paper in case.facts.papers}
    lost = [f"claim {c.id}" for c in case.facts.claims if not any(s.paper in papers for s in c.sources)]
    total = len(case.facts.claims)
    evidence = f"{total - len(lost)} of {counted(total, 'claim')} with a source among the papers{named(lost)}"
    return strict("claims have a source", 1, total - len(lost), total, evidence, "no claims")


def grade(case: ReviewCase, claim: FullClaimView) -> int | None:
    """Grade by what passages and tables, found again in their PDFs, say of the claim. None if it was not weighed."""
    if not claim.standing:
        return None
    if not any(case.held(row) for row in claim.sources):
        return AGAINST
    pro = any(case.held(row) for row in _on_side(claim, "SUPPORT"))
    con = any(case.held(row) for row in _on_side(claim, "CONTRADICT"))
    return OPEN if pro == con else FOR if pro else AGAINST


CHECKS = [quotes, addresses, received, weighed, conflicts, sourced, others, breadth]
