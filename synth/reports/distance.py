"""Accuracy against typological distance, an arm a series, each language with an interval over the seeds."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from statistics import fmean, stdev

from synth.reports import svg
from synth.reports.facts import Row
from synth.reports.measured import arms, distances, is_count, judged_metrics, languages, rule
from synth.reports.scales import across, finite, legend, scale, upright
from synth.reports.wording import decimal, interval, listed, worded

WIDTH, LEFT, RIGHT, HEIGHT = 640.0, 64.0, 24.0, 250.0
INSET = 18.0  # pixels from the axis to the first distance
APART = 5.0  # pixels between the arms at one language
Point = tuple[float, float, float | None, float | None]  # distance, mean, and the interval's ends


def shown(test: Row) -> bool:
    """Whether there are languages at two distances or more."""
    return not is_count(test) and len({x for points in _series(test).values() for x, *_ in points}) > 1


def picture(test: Row) -> str:
    """The metric that decides, over distance; a line of least squares for each arm shows where it goes."""
    series = _series(test)
    parts, top = legend(list(series), LEFT, WIDTH - RIGHT, line=True)
    top += 34
    bounds = [v for points in series.values() for _, *values in points for v in finite(*values)]
    marks = svg.ticks(min(0.0, *bounds), max(bounds))
    ends = [x for points in series.values() for x, *_ in points]
    far = svg.ticks(min(0.0, *ends), max(ends))
    up, right = (
        scale(marks[0], marks[-1], top + HEIGHT, top),
        scale(far[0], far[-1], LEFT + INSET, WIDTH - RIGHT - INSET),
    )
    parts.append(svg.text(LEFT - 50, top - 14, worded(_metric(test)), 12, weight="bold"))
    parts += upright(marks, LEFT, WIDTH - RIGHT, up) + across(far, top, top + HEIGHT, right)
    for number, points in enumerate(series.values()):
        shift = APART * (number - (len(series) - 1) / 2)
        parts += _arm(points, number, shift, up, right)
    parts.append(svg.line(LEFT, top + HEIGHT, WIDTH - RIGHT, top + HEIGHT))
    middle, foot = (LEFT + WIDTH - RIGHT) / 2, top + HEIGHT
    parts.append(svg.text(middle, foot + 38, "Typological distance from English", 12, "middle"))
    parts.append(svg.text(12, foot + 60, f"Bars: {_level(test)} over the seeds; lines: least squares.", 11))
    title = f"Run {test['run_id']}: {worded(_metric(test))} against distance"
    return svg.drawing(WIDTH, foot + 72, title, about(test), parts)


def about(test: Row) -> str:
    """Slope of each arm in words."""
    slopes = []
    for arm, points in _series(test).items():
        line = _line(points)
        if line:
            slopes.append(f"{arm} {decimal(line[1], 1, sign=True)}")
    return (
        f"{worded(_metric(test))} against typological distance from English. Change per unit of distance, by least "
        f"squares: {listed(slopes) or 'none'}; the numbers are in the table."
    )


def numbers(test: Row) -> list[list[str]]:
    """What the picture shows, as a table with its head."""
    series = _series(test)
    rows = [["Language", "Distance", *(f"{arm}, mean [{_level(test)}]" for arm in series)]]
    far = distances(test)
    for language in languages(test):
        if language not in far:
            continue
        row = [language, decimal(far[language])]
        for arm in series:
            values = _values(test, language, arm)
            mean, low, high = _mean(values, rule(test).get("alpha", 0.05)) if values else (None, None, None)
            row.append(f"{decimal(mean, 1)} {interval(low, high).replace('+', '')}".strip())
        rows.append(row)
    return rows


def _metric(test: Row) -> str:
    return judged_metrics(test)[0]


def _level(test: Row) -> str:
    return f"{1 - rule(test).get('alpha', 0.05):.0%} t-interval"


def _values(test: Row, language: str, arm: str) -> list[float]:
    key = (_metric(test), language, arm)
    return finite(*(m["value"] for m in test["measurements"] if (m["metric"], m["language"], m["arm"]) == key))


def _series(test: Row) -> dict[str, list[Point]]:
    """arm → its points, nearest language first."""
    if not judged_metrics(test):
        return {}
    found: dict[str, list[Point]] = {}
    far, alpha = distances(test), rule(test).get("alpha", 0.05)
    for arm in arms(test):
        for language in languages(test):
            values = _values(test, language, arm)
            if language in far and values:
                found.setdefault(arm, []).append((far[language], *_mean(values, alpha)))
    return found


def _mean(values: Sequence[float], alpha: float) -> tuple[float, float | None, float | None]:
    """Mean and Student's interval of the seeds; a single seed has none."""
    mean = fmean(values)
    if len(values) < 2:
        return mean, None, None
    from scipy.special import stdtrit

    half = float(stdtrit(len(values) - 1, 1 - alpha / 2)) * stdev(values) / sqrt(len(values))
    return mean, mean - half, mean + half


def _line(points: Sequence[Point]) -> tuple[float, float] | None:
    """(value at distance 0, slope) by least squares; None if all stand at one distance."""
    xs, ys = [x for x, *_ in points], [y for _, y, *_ in points]
    centre, spread = fmean(xs), sum((x - fmean(xs)) ** 2 for x in xs)
    if not spread:
        return None
    slope = sum((x - centre) * y for x, y in zip(xs, ys, strict=True)) / spread
    return fmean(ys) - slope * centre, slope


def _arm(points: Sequence[Point], number: int, shift: float, up: svg.Place, right: svg.Place) -> list[str]:
    parts = []
    if line := _line(points):
        ends = [(right(x), up(line[0] + line[1] * x)) for x in (min(p[0] for p in points), max(p[0] for p in points))]
        parts.append(svg.line(*ends[0], *ends[1], svg.colour(number), 1.8, svg.dash(number)))
    for x, mean, low, high in points:
        at = right(x) + shift
        if low is not None and high is not None:
            parts.append(svg.line(at, up(low), at, up(high), svg.colour(number), 1.5))
            parts += [svg.line(at - 3, up(end), at + 3, up(end), svg.colour(number), 1.5) for end in (low, high)]
        parts.append(svg.marker(at, up(mean), number, 4.5))
    return parts
