"""Usefulness: is the question answered, what is decided, what stands on the first screen?"""

from __future__ import annotations

from collections.abc import Sequence

from synth.core.mark import Axis
from synth.report.review import markdown
from synth.report.review.rubric import Check, ReviewCase, counted, named, nothing
from synth.store.rows.claims import FullClaimView

NEAREST = 5  # findings nearest to the question that are looked at
SHOWN = 3  # of them these have to stand on the first screen
FIRST_SCREEN = 2500  # characters of the answer that are read without scrolling far
ENOUGH = 0.4  # share of findings decided from which a report gets all points
LEAST = 0.2  # share from which the total is not held down
# A report that decides nothing has this total at most: it may be in order and teaches nobody anything.
UNDECIDED = 5.5
OWN_PAPER = 0.75  # what a mark within the claim's own paper counts; a run or other papers count 1
METHOD = "method"
ANSWER = "## Answer"


def answered(case: ReviewCase) -> Check:
    """Check that a run or other papers decide a finding nearest to the question, or that what is missing is named."""
    near = _nearest(case)
    if not near:
        return nothing("question answered", 3, "no finding was compared with the question")
    axes = [claim.by.axis for claim in near if claim.by]
    independent = sum(axis is not Axis.OWN_PAPER for axis in axes)
    names = _names_what_is_missing(case)
    points = 3.0 if independent else 2.0 if axes else 1.0 if names else 0.0
    evidence = (
        f"{len(axes)} of the {counted(len(near), 'nearest finding')} decided, {independent} of them by runs or other "
        f"papers; what is missing is {'named' if names else 'not named'}"
    )
    return Check("question answered", points, 3, evidence)


def _names_what_is_missing(case: ReviewCase) -> bool:
    return "What is missing" in markdown.section(case.report, ANSWER)


def decided(case: ReviewCase) -> Check:
    """Check that findings have a mark; marks within a finding's own paper count less.

    Holds the total down where few have one.
    """
    findings = _findings(case)
    if not findings:
        return Check("findings decided", 0, 3, "there are no findings", ceiling=UNDECIDED)
    axes = [claim.by.axis for claim in findings if claim.by]
    counts = {axis: axes.count(axis) for axis in Axis}
    weight = sum(number * (OWN_PAPER if axis is Axis.OWN_PAPER else 1.0) for axis, number in counts.items())
    points = 3 * min(1.0, weight / len(findings) / ENOUGH)
    evidence = (
        f"{len(axes)} of {counted(len(findings), 'finding')} decided: {counts[Axis.RUN]} by runs, "
        f"{counts[Axis.PAPERS]} by other papers, {counts[Axis.OWN_PAPER]} within their own paper"
    )
    reach = min(1.0, len(axes) / len(findings) / LEAST)
    return Check("findings decided", points, 3, evidence, ceiling=UNDECIDED + (10 - UNDECIDED) * reach)


def on_first_screen(case: ReviewCase) -> Check:
    """Check that the findings nearest to the question begin the answer, or are named there by number."""
    near = _nearest(case)[:SHOWN]
    if not case.report or not near:
        return nothing("nearest findings on the first screen", 2, "no report, or nothing near the question")
    screen = markdown.folded(markdown.readable(markdown.section(case.report, ANSWER)))[:FIRST_SCREEN]
    lacking = [f"claim {claim.id}" for claim in near if not _stands(claim, screen)]
    good = len(near) - len(lacking)
    evidence = f"{good} of the {counted(len(near), 'nearest finding')} at the beginning of the answer{named(lacking)}"
    return Check("nearest findings on the first screen", 2 * good / len(near), 2, evidence)


def _stands(claim: FullClaimView, screen: str) -> bool:
    """Return True if the claim's words or its number are there; an announcement before the words may be left out."""
    text = markdown.folded(claim.text).removesuffix(".")
    return text[-60:] in screen or f"claim {claim.id}]" in screen


def compared(case: ReviewCase) -> Check:
    """Check that papers were brought together: on some findings others agree or disagree. Three are enough."""
    findings = _findings(case)
    if not findings or case.facts.stated:
        why = "no literature was searched" if findings else "there are no findings"
        return nothing("papers agree or disagree", 2, why)
    agree = sum(claim.witnesses > 0 and not claim.against for claim in findings)
    disagree = sum(claim.against > 0 for claim in findings)
    evidence = f"other papers agree with {counted(agree, 'finding')} and disagree with {disagree}"
    return Check("papers agree or disagree", 2 * min(3, agree + disagree) / 3, 2, evidence)


def _findings(case: ReviewCase) -> list[FullClaimView]:
    return [claim for claim in case.facts.claims if claim.kind != METHOD]


def _nearest(case: ReviewCase) -> Sequence[FullClaimView]:
    """Return the findings that are nearest to the question by the cosine that the search stored."""
    near = [(claim.nearness, claim) for claim in _findings(case) if claim.nearness is not None]
    return [claim for _, claim in sorted(near, key=lambda pair: (-pair[0], pair[1].id))][:NEAREST]


CHECKS = [answered, decided, on_first_screen, compared]
