"""Accuracy against typological distance, or against what else a test sets its languages against: an arm a series, each
language with an interval over the seeds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, log10
from statistics import fmean
from typing import TYPE_CHECKING, Any

from synth.report.measured import shortened
from synth.report.plots import canvas
from synth.report.plots.intervals import finite
from synth.report.wording import amount, decimal, interval, listed, opened, with_unit, worded

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANEL = 330.0  # pixels, with the axis's names
ACROSS = 520.0  # about so many pixels has the axis to the right
APART = 11.0  # pixels between signs at one place, where there is room
NAMED = 13.0  # pixels between names of languages, at least
MANY = 60  # languages; beyond, signs are small
MAX_NAME = 24  # characters of a language's name
FAR = "typological distance from English"


@dataclass(frozen=True)
class Point:
    """A language of an arm: its place on the axis, mean over the seeds, and Student's interval of two seeds or more."""

    language: str
    place: float
    mean: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Gradient:
    """A metric against a property of the languages, arm by arm."""

    run: int
    metric: str
    against: str  # "typological distance from English", "amount of text"
    head: str  # of its column: "Distance"
    level: str  # of the intervals: "95% t-interval"
    logarithmic: bool
    languages: tuple[tuple[str, float], ...]  # with their place, nearest first
    series: dict[str, tuple[Point, ...]]

    @property
    def is_distance(self) -> bool:
        return self.against == FAR

    @property
    def points(self) -> list[Point]:
        return [point for points in self.series.values() for point in points]

    def on_axis(self, place: float) -> float:
        return log10(place) if self.logarithmic else place

    def off_axis(self, value: float) -> float:
        return 10**value if self.logarithmic else value


def draw(gradient: Gradient) -> str:
    """Draw the means over the axis; a line of least squares for each arm shows its trend."""
    at = _side_by_side(gradient)
    names, ends = _with_room(gradient, at), bounds(gradient)
    signs = _signs(gradient, len(names) < len(gradient.languages))

    def paint(figure: Figure) -> None:
        canvas.legend(figure, [*gradient.series], line=True)
        axes = figure.add_subplot()
        axes.set_title(canvas.fitted(with_unit(gradient.metric), 80))
        if gradient.logarithmic:
            axes.set_xscale("log")
            axes.xaxis.set_major_formatter(lambda value, _: amount(float(f"{value:.4g}")))
        for number, (arm, points) in enumerate(gradient.series.items()):
            _arm(axes, points, [at[arm, point.language] for point in points], number, ends)
            _trend(axes, gradient, points, number, ends)
        axes.set_ylim(*ends)
        axes.grid()
        places, words = [x for _, x in names], [canvas.fitted(language, MAX_NAME) for language, _ in names]
        axes.set_xticks(places, words, minor=True, rotation=40, ha="right", rotation_mode="anchor")
        axes.tick_params(axis="x", which="minor", length=0, pad=22)
        axes.xaxis.remove_overlapping_locs = False
        scaled = " (logarithmic scale)" if gradient.logarithmic else ""
        axes.set_xlabel(canvas.fitted(opened(gradient.against), 80) + scaled)
        canvas.footnote(figure, signs)

    height = PANEL + canvas.legend_height([*gradient.series]) + 16 * len(canvas.below(signs))
    title = f"Run {gradient.run}: {worded(gradient.metric)} against {gradient.against}"
    return canvas.picture(canvas.WIDTH, height, title, about(gradient), paint)


def about(gradient: Gradient) -> str:
    """Describe the slope of each arm."""
    lines = {arm: least_squares(gradient, points) for arm, points in gradient.series.items()}
    slopes = [f"{arm} {decimal(line[1], 1, sign=True)}" for arm, line in lines.items() if line]
    step = f"unit of {'distance' if gradient.is_distance else gradient.against}"
    change = f"Change for ten times the {gradient.against}" if gradient.logarithmic else f"Change per {step}"
    return (
        f"{opened(worded(gradient.metric))} against {gradient.against}. {change}, by least squares: "
        f"{listed(slopes) or 'none'}; the numbers are in the table."
    )


def numbers(gradient: Gradient) -> list[list[str]]:
    """Return the picture's numbers as a table with its head."""
    rows = [["Language", gradient.head, *(f"{arm}, mean [{gradient.level}]" for arm in gradient.series)]]
    by_language = {arm: {point.language: point for point in points} for arm, points in gradient.series.items()}
    for language, place in gradient.languages:
        row = [language, decimal(place) if gradient.is_distance else amount(place)]
        for points in by_language.values():
            point = points.get(language)
            shown = (point.mean, point.low, point.high) if point else (None, None, None)
            row.append(f"{decimal(shown[0], 1)} {interval(*shown[1:]).replace('+', '')}".strip())
        rows.append(row)
    return shortened(rows)


def least_squares(gradient: Gradient, points: Sequence[Point]) -> tuple[float, float] | None:
    """Fit (value at 0 on the axis, slope); None if all stand at one place."""
    xs, ys = [gradient.on_axis(point.place) for point in points], [point.mean for point in points]
    centre, spread = fmean(xs), sum((x - fmean(xs)) ** 2 for x in xs)
    if not spread:
        return None
    slope = sum((x - centre) * y for x, y in zip(xs, ys, strict=True)) / spread
    return fmean(ys) - slope * centre, slope


def _side_by_side(gradient: Gradient) -> dict[tuple[str, str], float]:
    """Place the signs of languages at one value, and of the arms of a language, beside each other.

    They keep within half the way to the next value on either side.
    """
    values = sorted({gradient.on_axis(point.place) for point in gradient.points})
    pixel = (values[-1] - values[0]) / ACROSS
    at = {}
    for i, value in enumerate(values):
        there = [language for language, place in gradient.languages if gradient.on_axis(place) == value]
        slots = [(arm, language) for language in there for arm in gradient.series]
        room = min(abs(value - values[j]) for j in (i - 1, i + 1) if 0 <= j < len(values))
        step = min(APART * pixel, 0.9 * room / len(slots))
        for number, slot in enumerate(slots):
            at[slot] = gradient.off_axis(value + (number - (len(slots) - 1) / 2) * step)
    return at


def _with_room(gradient: Gradient, at: dict[tuple[str, str], float]) -> list[tuple[str, float]]:
    """Return the languages whose names have room below the axis, with the middle of their signs, nearest first."""
    middles: dict[str, list[float]] = {}
    for (_, language), x in at.items():
        middles.setdefault(language, []).append(gradient.on_axis(x))
    ends = fmean(middles[gradient.languages[0][0]]), fmean(middles[gradient.languages[-1][0]])
    names, before = [], -inf
    for language, places in middles.items():
        if fmean(places) - before >= (ends[1] - ends[0]) * NAMED / ACROSS:
            before = fmean(places)
            names.append((language, gradient.off_axis(before)))
    return names


def _arm(axes: Axes, points: Sequence[Point], at: Sequence[float], number: int, ends: tuple[float, float]) -> None:
    """Draw a sign and a bar a language; a bar that is cut at an end of the axis has no stroke across there.

    Bars are cut here: not every program that shows SVG clips (MuPDF does not).
    """
    bars = [
        (x, point.low, point.high)
        for x, point in zip(at, points, strict=True)
        if point.low is not None and point.high is not None
    ]
    low, high = ([min(max(bar[i], ends[0]), ends[1]) for bar in bars] for i in (1, 2))
    axes.vlines([x for x, *_ in bars], low, high, color=canvas.colour(number), linewidth=1.5)
    whole = [(x, end) for x, *both in bars for end in both if ends[0] <= end <= ends[1]]
    strokes: dict[str, Any] = {"marker": "_", "color": canvas.colour(number), "linestyle": "none", "markersize": 7}
    axes.plot([x for x, _ in whole], [end for _, end in whole], **strokes)
    size = 7 if len(points) <= MANY else 3.5
    axes.plot(at, [point.mean for point in points], linestyle="none", **canvas.marker(number, size))


def _trend(axes: Axes, gradient: Gradient, points: Sequence[Point], number: int, ends: tuple[float, float]) -> None:
    """Draw the line of least squares from the nearest to the farthest language, as far as it lies within the axis."""
    line = least_squares(gradient, points)
    if line is None:
        return
    start, slope = line
    xs = [gradient.on_axis(point.place) for point in points]
    first, last = min(xs), max(xs)
    if slope:
        crossings = sorted((end - start) / slope for end in ends)
        first, last = max(first, crossings[0]), min(last, crossings[1])
    if first < last:
        shown = [gradient.off_axis(x) for x in (first, last)]
        axes.plot(shown, [start + slope * x for x in (first, last)], **canvas.stroke(number))


def bounds(gradient: Gradient) -> tuple[float, float]:
    """Return the lowest and highest value of the axis upward.

    Where no mean is below 0 it begins there, and accuracies end at 100: what an interval has beyond is no value that
    could be measured.
    """
    means = [point.mean for point in gradient.points]
    every = means + [end for point in gradient.points for end in finite(point.low, point.high)]
    margin = (max(every) - min(0.0, *every)) * 0.05 or 1.0
    low, high = 0.0 if min(means) >= 0 else min(every) - margin, max(0.0, *every) + margin
    return low, min(high, 100.0) if gradient.metric.startswith("accuracy") and max(means) <= 100 else high


def _signs(gradient: Gradient, left_out: bool) -> list[str]:
    """Explain the signs, of those that are drawn."""
    ends = [end for point in gradient.points for end in finite(point.low, point.high)]
    low, high = bounds(gradient)
    cut = [f"{end:g}" for end, beyond in ((low, ends and min(ends) < low), (high, ends and max(ends) > high)) if beyond]
    bars = f"means over the seeds; bars: {gradient.level} over the seeds{f', cut at {listed(cut)}' if cut else ''}"
    signs = [f"Signs: {bars if ends else 'one seed, no interval'}; lines: least squares."]
    if len({place for _, place in gradient.languages}) < len(gradient.languages):
        alike = "at the same distance" if gradient.is_distance else "with the same value"
        signs.append(f"Languages {alike} stand side by side.")
    return signs + (["Languages without room for a name are in the table."] if left_out else [])
