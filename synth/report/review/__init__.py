"""Reviewers of a report: rubrics, one module each in `rubrics/`, and if one is named a language model (`model/`).

A new module in `rubrics/` with a list `CHECKS` of functions from a ReviewCase to a Check is a new reviewer;
its name is the module's. A function `grade(case, claim)` makes it one of those whose agreement is measured.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from synth.report.review import rubrics
from synth.report.review.rubric import Check, ReviewCase, ReviewedFacts, ReviewResult, review_with

__all__ = ["Check", "ReviewCase", "ReviewResult", "ReviewedFacts", "names", "review", "review_all"]

OF_PAPERS = ("completeness", "grounding")  # rubrics of what was searched and read


def names() -> list[str]:
    """Return every rubric reviewer, in alphabetical order."""
    return sorted(module.name for module in iter_modules(rubrics.__path__))


def review(name: str, case: ReviewCase | ReviewedFacts) -> ReviewResult:
    """Run one rubric reviewer.

    Bare facts are a case of which nothing was rendered or computed anew.

    Bare facts are a case of which nothing was rendered or computed anew.
    """
    module = import_module(f"{rubrics.__name__}.{name}")
    reviewed_case = case if isinstance(case, ReviewCase) else ReviewCase(case)
    if name in OF_PAPERS and reviewed_case.facts.stated:
        return ReviewResult(name, None, [], absent="no literature was searched")
    return review_with(name, module.CHECKS, reviewed_case, getattr(module, "grade", None))


def review_all(case: ReviewCase | ReviewedFacts) -> list[ReviewResult]:
    """Return the reviews of all rubric reviewers."""
    return [review(name, case) for name in names()]
