"""The quality score of a report: the mean of its reviewers, with their spread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any, Protocol


class Review(Protocol):
    """What a report needs of a review (`synth.reviewers.Review`)."""

    @property
    def reviewer(self) -> str: ...
    @property
    def score(self) -> float | None: ...
    @property
    def checks(self) -> list[dict[str, Any]]: ...


@dataclass(frozen=True)
class Quality:
    """Mean, lowest and highest score of `reviewers` reviewers; those with nothing to check do not count."""

    mean: float | None
    low: float | None
    high: float | None
    reviewers: int

    def __str__(self) -> str:
        return "not scored" if self.mean is None else f"{self.mean:.1f}/10"

    @property
    def spread(self) -> str:
        """ "3 reviewers, 2.5–9.1"."""
        if self.low is None or self.high is None:
            return "no reviewer"
        who = "1 reviewer" if self.reviewers == 1 else f"{self.reviewers} reviewers"
        return f"{who}, {self.low:.1f}–{self.high:.1f}"


def quality(reviews: Sequence[Review]) -> Quality:
    scores = [review.score for review in reviews if review.score is not None]
    if not scores:
        return Quality(None, None, None, 0)
    return Quality(fmean(scores), min(scores), max(scores), len(scores))
