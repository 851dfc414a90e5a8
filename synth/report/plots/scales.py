"""Scales and axes that the pictures share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite

from synth.report.plots import svg


def scale(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    """Map values from `low` to `high` to pixels from `start` to `end`."""
    return lambda value: start + (value - low) / (high - low) * (end - start)


def tick(value: float) -> str:
    return f"{value:g}".replace("-", "−")


def upright(marks: list[float], left: float, right: float, place: Callable[[float], float]) -> list[str]:
    """Draw grid lines and their numbers for an axis upward."""
    parts = []
    for mark in marks:
        parts.append(svg.line(left, place(mark), right, place(mark), "#dddddd"))
        parts.append(svg.text(left - 8, place(mark) + 4, tick(mark), 11, "end"))
    return parts


def across(marks: list[float], top: float, bottom: float, place: Callable[[float], float]) -> list[str]:
    """Draw grid lines and their numbers for an axis to the right."""
    parts = []
    for mark in marks:
        parts.append(svg.line(place(mark), top, place(mark), bottom, "#dddddd"))
        parts.append(svg.text(place(mark), bottom + 16, tick(mark), 11, "middle"))
    return parts


def legend(names: list[str], left: float, width: float, line: bool = False) -> tuple[list[str], float]:
    """Return the sign of each series with its name, wrapped at `width`, with a stroke of its dashes if `line`; and
    how many pixels high that is.
    """
    parts, x, y = [], left, 18.0
    for number, name in enumerate(names):
        need = (56 if line else 30) + 7 * len(name)
        if x + need > width and x > left:
            x, y = left, y + 20
        start = x
        if line:
            start += 26
            parts.append(svg.line(x - 6, y, start, y, svg.colour(number), 1.8, svg.dash(number)))
        parts += [svg.marker(start, y, number), svg.text(start + 12, y + 4, name)]
        x += need
    return parts, y + 8


def finite(*values: float | None) -> list[float]:
    return [value for value in values if value is not None and isfinite(value)]


def apart(wanted: Sequence[float], width: float, low: float, high: float) -> list[float]:
    """Return the places from `low` to `high` that are `width` apart or more and, in sum of squares, nearest to those
    wanted.

    `wanted` rises, and (n − 1) · `width` ≤ `high` − `low`. Less i · `width` each, the places are a regression that
    never falls: neighbours that would cross are pooled (Ayer et al. 1955).
    """
    from scipy.optimize import isotonic_regression

    if not wanted:
        return []
    means = isotonic_regression([place - i * width for i, place in enumerate(wanted)]).x
    most = high - (len(wanted) - 1) * width
    return [min(max(float(mean), low), most) + i * width for i, mean in enumerate(means)]
