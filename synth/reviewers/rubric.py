"""What reviewers share: checks with points, and the score that follows from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

Row = dict[str, Any]


class Facts(Protocol):
    """What reviewers read of a report's facts (`synth.reports.facts.Facts`)."""

    @property
    def search(self) -> Row: ...
    @property
    def flow(self) -> Row: ...
    @property
    def papers(self) -> list[Row]: ...
    @property
    def excluded(self) -> list[Row]: ...
    @property
    def claims(self) -> list[Row]: ...
    @property
    def tests(self) -> list[Row]: ...
    @property
    def runs(self) -> list[Row]: ...
    @property
    def quotes_held(self) -> dict[tuple[str, tuple[tuple[int, int, int], ...]], bool]: ...


@dataclass(frozen=True)
class Check:
    """One line of a rubric. `points` None: there was nothing to check, so it does not count."""

    name: str
    points: float | None
    max: float
    evidence: str


@dataclass(frozen=True)
class Review:
    """A reviewer's checks and the score out of 10; None if nothing could be checked."""

    reviewer: str
    score: float | None
    checks: list[Row]  # name, points, max, evidence


def review_with(reviewer: str, checks: Sequence[Callable[[Facts], Check]], facts: Facts) -> Review:
    """Score = 10 · points / points that could be had, over the checks that apply."""
    found = [check(facts) for check in checks]
    counted = [(check.points, check.max) for check in found if check.points is not None]
    score = 10 * sum(points for points, _ in counted) / sum(most for _, most in counted) if counted else None
    return Review(reviewer, score, [asdict(check) for check in found])


def nothing(name: str, most: float, why: str) -> Check:
    """A check that does not apply."""
    return Check(name, None, most, f"not applicable: {why}")


def share(name: str, most: float, good: int, total: int, evidence: str, none: str) -> Check:
    """Points in proportion to `good` of `total`; not applicable without any."""
    if not total:
        return nothing(name, most, none)
    return Check(name, most * good / total, most, evidence)


def strict(name: str, most: float, good: int, total: int, evidence: str, none: str) -> Check:
    """For what must hold without exception: the first failure costs half of the points, the others their share."""
    if not total:
        return nothing(name, most, none)
    points = most if good == total else most / 2 * good / total
    return Check(name, points, most, evidence)


def counted(number: int, noun: str, plural: str = "") -> str:
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
