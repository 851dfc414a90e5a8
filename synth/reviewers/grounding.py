"""Do the claims rest on what the papers say, and can a reader check it?"""

from __future__ import annotations

from collections import Counter

from synth.reviewers.rubric import Check, Facts, counted, nothing, share, strict


def quotes(facts: Facts) -> Check:
    """Every quote is in its PDF, byte for byte."""
    held, total = sum(facts.quotes_held.values()), len(facts.quotes_held)
    return strict(
        "quotes verified again", 3, held, total, f"{held} of {counted(total, 'quote')} re-verified", "no quotes"
    )


def addresses(facts: Facts) -> Check:
    """Every paper that claims come from has an address where a reader finds it."""
    used = [paper for paper in facts.papers if paper["claims"]]
    known = [
        p for p in used if p["arxiv_id"] or p["doi"] or p["acl_id"] or p["url"].startswith(("http://", "https://"))
    ]
    evidence = f"{len(known)} of {counted(len(used), 'paper')} with claims can be found by an identifier or address"
    return share("papers can be found", 1, len(known), len(used), evidence, "no paper gave a claim")


def weighed(facts: Facts) -> Check:
    """Every claim was compared with the other passages."""
    done = sum(bool(claim["standing"]) for claim in facts.claims)
    total = len(facts.claims)
    evidence = f"{done} of {counted(total, 'claim')} compared with the other passages"
    return share("claims weighed", 1, done, total, evidence, "no claims")


def others(facts: Facts) -> Check:
    """Papers other than its own speak to the claim."""
    heard = sum(
        any(e["relation"] == "other paper" and e["stance"] != "NOT_ENOUGH_INFO" for e in claim["evidence"])
        for claim in facts.claims
    )
    evidence = f"{heard} of {counted(len(facts.claims), 'claim')} supported or contradicted by another paper"
    return share("other papers speak to the claims", 4, heard, len(facts.claims), evidence, "no claims")


def breadth(facts: Facts) -> Check:
    """The claims do not all come from one paper. Full points while no paper gives more than half of them."""
    per_paper = Counter(paper for claim in facts.claims for paper in {s["paper"] for s in claim["sources"]})
    total = len(facts.claims)
    if total < 2:
        return nothing("more than one paper", 1, "fewer than two claims")
    most = max(per_paper.values(), default=total) / total
    evidence = f"{counted(len(per_paper), 'paper')} with claims; the one with most states {most:.0%} of them"
    return Check("more than one paper", min(1.0, 2 * (1 - most)), 1, evidence)


def confidences(facts: Facts) -> Check:
    """A confidence is a probability; there is one exactly where there is evidence."""
    total, right = len(facts.claims), 0
    for claim in facts.claims:
        value = claim["confidence"]
        evidence = any(e["stance"] != "NOT_ENOUGH_INFO" for e in claim["evidence"])
        right += evidence if value is not None and 0 <= value <= 1 else value is None and not evidence
    found = (
        f"{right} of {counted(total, 'claim')} have a probability where there is evidence and none where there is none"
    )
    return strict("confidences rest on evidence", 1, right, total, found, "no claims")


CHECKS = [quotes, addresses, weighed, others, breadth, confidences]
