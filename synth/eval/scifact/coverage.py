"""Risk against coverage: how often the answers are wrong that remain when the less certain ones are withheld.

El-Yaniv and Wiener 2010 (JMLR 11), §2; the area under the curve is that of Geifman et al. 2019 (ICLR), §3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class CoveragePoint:
    """Answers with a probability of `since` or more: their share of all, and the share of them that is wrong."""

    since: float
    coverage: float
    risk: float


def curve(judged: Sequence[tuple[float, bool]]) -> list[CoveragePoint]:
    """Return one point a distinct probability, the most certain first.

    `judged`: (probability of the answer, is it right).
    """
    ranked = sorted(judged, key=lambda pair: -pair[0])
    points: list[CoveragePoint] = []
    wrong = 0
    for n, (p, right) in enumerate(ranked, 1):
        wrong += not right
        if n == len(ranked) or ranked[n][0] < p:
            points.append(CoveragePoint(p, n / len(ranked), wrong / n))
    return points


def area(points: Sequence[CoveragePoint]) -> float:
    """Return mean risk over all coverages, answers of one probability taken together; 0 is best, nan without points."""
    if not points:
        return float("nan")
    shares = [b.coverage - a for b, a in zip(points, [0.0, *(p.coverage for p in points)], strict=False)]
    return sum(share * point.risk for share, point in zip(shares, points, strict=True))


def at(points: Sequence[CoveragePoint], coverage: float) -> CoveragePoint | None:
    """Return the first point that covers as much, None if there is none."""
    return next((point for point in points if point.coverage >= coverage - 1e-12), None)
