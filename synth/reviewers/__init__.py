"""Rubric reviewers: one module a reviewer, each a list `CHECKS` of functions from the facts of a report to a Check.

A new module in this package with a `CHECKS` list is a new reviewer; its name is the module's.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from synth.reviewers.rubric import Check, Facts, Review, review_with

__all__ = ["Check", "Facts", "Review", "names", "review", "review_all"]

_NO_REVIEWERS = ("rubric",)


def names() -> list[str]:
    """Every reviewer, in alphabetical order."""
    return sorted(m.name for m in iter_modules(__path__) if m.name not in _NO_REVIEWERS)


def review(name: str, facts: Facts) -> Review:
    """The review of one reviewer."""
    return review_with(name, import_module(f"{__name__}.{name}").CHECKS, facts)


def review_all(facts: Facts) -> list[Review]:
    """The reviews of all reviewers."""
    return [review(name, facts) for name in names()]
