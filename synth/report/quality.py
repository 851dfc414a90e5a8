"""The quality score of a report: the mean of its reviewers, their spread, their agreement, and what decided it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import fmean, stdev
from typing import Protocol

from synth.report.review.agreement import RaterAgreement, agreement

DECIDING = 10  # checks that are named as having decided the score
BREACHED = 5.0  # what a reviewer gives at most after a breach (`synth.report.review.rubric`, a test compares)
SLIGHT = 0.05  # points of 10: what costs less did not decide anything


class CostedCheck(Protocol):
    """Part of a check that a report needs (`synth.report.review.rubric.ScoredCheck`)."""

    @property
    def name(self) -> str: ...
    @property
    def evidence(self) -> str: ...
    @property
    def breach(self) -> bool: ...
    @property
    def ceiling(self) -> float: ...
    @property
    def lost(self) -> float | None: ...


class ScoredReview(Protocol):
    """Part of a review that a report needs (`synth.report.review.ReviewResult`)."""

    @property
    def reviewer(self) -> str: ...
    @property
    def score(self) -> float | None: ...
    @property
    def checks(self) -> Sequence[CostedCheck]: ...
    @property
    def grades(self) -> dict[int, int]: ...
    @property
    def kind(self) -> str: ...
    @property
    def absent(self) -> str: ...


@dataclass(frozen=True)
class Deciding:
    """A check that cost the score: how much of the mean, by whom, and what was found. `breach`: see `Check`."""

    reviewer: str
    check: str
    cost: float
    evidence: str
    breach: bool


@dataclass(frozen=True)
class ScoreSpread:
    """Lowest and highest score of so many reviewers, with their standard deviation."""

    low: float | None
    high: float | None
    sd: float | None
    reviewers: int


@dataclass(frozen=True)
class Quality:
    """Mean, lowest and highest score and standard deviation of `reviewers` reviewers, of `invited` that were asked.

    Those with nothing to check do not count. `sd` has n − 1 in its denominator, None for a single reviewer. `mean` is
    at most the lowest ceiling that a check sets; `held` is what it would be without, None where none holds it down.
    """

    mean: float | None
    low: float | None
    high: float | None
    reviewers: int
    sd: float | None = None
    invited: int = 0
    agreement: RaterAgreement = field(default_factory=lambda: agreement([]))
    deciding: tuple[Deciding, ...] = ()
    held: float | None = None

    def __str__(self) -> str:
        return "not scored" if self.mean is None else f"{self.mean:.1f}/10"

    @property
    def spread(self) -> str:
        """Scores in words: "3 reviewers, 2.5–9.1, standard deviation 2.7"."""
        if self.low is None or self.high is None:
            return "no reviewer"
        who = "1 reviewer" if self.reviewers == 1 else f"{self.reviewers} reviewers"
        spread = "" if self.sd is None else f", standard deviation {self.sd:.1f}"
        return f"{who}, {self.low:.1f}–{self.high:.1f}{spread}"

    @property
    def agreed(self) -> str:
        """Krippendorff's α in words, or why there is none."""
        alpha = self.agreement
        if alpha.alpha is None:
            return f"Agreement (Krippendorff's α) cannot be computed: {alpha.why}."
        spread = f", 95% interval {_alpha(alpha.low)} to {_alpha(alpha.high)}" if alpha.low is not None else ""
        below = " Below 0 they disagree more than chance would have them." if alpha.alpha < 0 else ""
        return f"Agreement on claims: Krippendorff's α {_alpha(alpha.alpha)}{spread} ({self.graded}).{below}"

    @property
    def graded(self) -> str:
        """Basis of α in words: "ordinal, 5 reviewers, 12 claims"."""
        return f"ordinal, {self.agreement.raters} reviewers, {self.agreement.units} claims"


def quality(reviews: Sequence[ScoredReview]) -> Quality:
    """Compute mean, spread, agreement and deciding checks of reviews."""
    scores = [review.score for review in reviews if review.score is not None]
    alpha = agreement([review.grades for review in reviews])
    if not scores:
        return Quality(None, None, None, 0, invited=len(reviews), agreement=alpha)
    sd = stdev(scores) if len(scores) > 1 else None
    plain, ceiling = fmean(scores), min((check.ceiling for check in _checks(reviews)), default=10.0)
    mean = min(plain, ceiling)
    return Quality(
        mean,
        min(scores),
        max(scores),
        len(scores),
        sd,
        len(reviews),
        alpha,
        _deciding(reviews, len(scores), plain - mean),
        plain if mean < plain else None,
    )


def _checks(reviews: Sequence[ScoredReview]) -> list[CostedCheck]:
    """Return the checks of the reviewers that gave a score, as far as they had something to check."""
    return [check for r in reviews if r.score is not None for check in r.checks if check.lost is not None]


def _deciding(reviews: Sequence[ScoredReview], counting: int, held: float) -> tuple[Deciding, ...]:
    """Return the checks that cost the mean most, dearest first; what a ceiling takes from the mean is
    its check's cost.
    """
    lowest = min(_checks(reviews), key=lambda check: check.ceiling, default=None)
    costs = [
        Deciding(r.reviewer, c.name, c.lost / counting + (held if c is lowest else 0.0), c.evidence, c.breach)
        for r in reviews
        if r.score is not None
        for c in r.checks
        if c.lost is not None
    ]
    dear = [cost for cost in costs if cost.cost >= SLIGHT or cost.breach]
    return tuple(sorted(dear, key=lambda cost: (-cost.cost, cost.reviewer, cost.check))[:DECIDING])


def _alpha(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}".replace("-", "−")
