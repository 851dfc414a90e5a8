"""Elements of a drawing as SVG text. Everything that comes from data is escaped."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from html import escape
from math import ceil, floor, hypot, log10
from zlib import crc32

from synth.report.markdown import plain

FONT = "font-family='Helvetica, Arial, sans-serif'"
# Okabe and Ito's colours, told apart by colour-blind readers; ordered so that their greys differ too.
COLOURS = ("#000000", "#e69f00", "#0072b2", "#56b4e9", "#d55e00", "#009e73")
SHAPES = ("circle", "square", "diamond", "triangle", "ring", "cross")
DASHES = ("", "8 3", "2 3", "12 3", "5 5", "1 5")  # of the lines of a series, in the order of the colours

Place = Callable[[float], float]  # a value's pixel


def colour(series: int) -> str:
    return COLOURS[series % len(COLOURS)]


def dash(series: int) -> str:
    return DASHES[series % len(DASHES)]


def drawing(width: float, height: float, title: str, description: str, parts: Iterable[str]) -> str:
    """Return a whole SVG with a title and a description for readers who do not see it.

    Their ids follow from their words, so that several pictures can stand in one page.
    """
    key = f"{crc32(f'{title} {description}'.encode('utf-8', 'replace')):08x}"
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{width:g}' height='{height:g}' "
        f"viewBox='0 0 {width:g} {height:g}' role='img' aria-labelledby='title-{key} desc-{key}'>\n"
        f"<title id='title-{key}'>{_clean(title)}</title>\n<desc id='desc-{key}'>{_clean(description)}</desc>\n"
        f"<rect width='{width:g}' height='{height:g}' fill='#ffffff'/>\n" + "\n".join(parts) + "\n</svg>\n"
    )


def size(picture: str) -> tuple[float, float]:
    """Return width and height of a drawing, pixels."""
    attributes = dict(re.findall(r" (width|height)='([\d.e+]+)'", picture.split(">", 1)[0]))
    return float(attributes["width"]), float(attributes["height"])


def text(x: float, y: float, words: object, size: float = 12, anchor: str = "start", weight: str = "normal") -> str:
    return (
        f"<text x='{x:.1f}' y='{y:.1f}' {FONT} font-size='{size:g}' text-anchor='{anchor}' "
        f"font-weight='{weight}' fill='#222222'>{_clean(words)}</text>"
    )


def slanted(x: float, y: float, words: object, size: float = 11) -> str:
    """Draw text that ends at (x, y), rising to it."""
    return (
        f"<text transform='translate({x:.1f} {y:.1f}) rotate(-40)' {FONT} font-size='{size:g}' text-anchor='end' "
        f"fill='#222222'>{_clean(words)}</text>"
    )


def line(x1: float, y1: float, x2: float, y2: float, colour: str = "#222222", width: float = 1, dash: str = "") -> str:
    """Draw a straight line; `dash` such as "4 3" are the lengths of stroke and gap.

    Dashes are drawn one by one, since not every program that shows SVG knows how to dash a line (MuPDF does not).
    """
    if not dash:
        ends = f"x1='{x1:.1f}' y1='{y1:.1f}' x2='{x2:.1f}' y2='{y2:.1f}'"
        return f"<line {ends} stroke='{colour}' stroke-width='{width:g}'/>"
    return _stroke(_dashed([(x1, y1), (x2, y2)], *map(float, dash.split())), colour, width)


def curve(points: Sequence[tuple[float, float]], colour: str, width: float = 1.5, dash: str = "") -> str:
    """Draw straight lines from point to point, dashed as in `line`."""
    if dash:
        return _stroke(_dashed(points, *map(float, dash.split())), colour, width)
    return _stroke("M" + " ".join(f"{x:.1f},{y:.1f}" for x, y in points), colour, width)


def _stroke(path: str, colour: str, width: float) -> str:
    return f"<path d='{path}' fill='none' stroke='{colour}' stroke-width='{width:g}'/>"


def _dashed(points: Sequence[tuple[float, float]], stroke: float, gap: float) -> str:
    """Return the path of the dashes along the lines that join `points`."""
    parts, position = [], 0.0  # position: how far into the pattern the last line ended
    for (x1, y1), (x2, y2) in itertools.pairwise(points):
        length = hypot(x2 - x1, y2 - y1)
        start = -position
        while start < length:
            begin, end = max(start, 0.0), min(start + stroke, length)
            if begin < end:
                ends = [(x1 + (x2 - x1) * t / length, y1 + (y2 - y1) * t / length) for t in (begin, end)]
                parts.append("M" + " ".join(f"{x:.1f},{y:.1f}" for x, y in ends))
            start += stroke + gap
        position = (position + length) % (stroke + gap)
    return "".join(parts) or "M0,0"


def box(x: float, y: float, width: float, height: float, colour: str) -> str:
    return f"<rect x='{x:.1f}' y='{y:.1f}' width='{width:.1f}' height='{height:.1f}' fill='{colour}'/>"


def frame(x: float, y: float, width: float, height: float, fill: str = "#ffffff") -> str:
    """Draw a box with a border."""
    return (
        f"<rect x='{x:.1f}' y='{y:.1f}' width='{width:.1f}' height='{height:.1f}' fill='{fill}' stroke='#222222' "
        f"stroke-width='1.2'/>"
    )


def arrow(x1: float, y1: float, x2: float, y2: float) -> str:
    """Draw a line with a head at (x2, y2); it runs straight down or to the right."""
    head = (
        [(x2, y2), (x2 - 4, y2 - 8), (x2 + 4, y2 - 8)] if x1 == x2 else [(x2, y2), (x2 - 8, y2 - 4), (x2 - 8, y2 + 4)]
    )
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in head)
    return line(x1, y1, x2, y2, width=1.2) + f"<polygon points='{points}' fill='#222222'/>"


def upright(x: float, y: float, words: object, size: float = 12) -> str:
    """Draw text that reads upwards, its middle at (x, y)."""
    return (
        f"<text transform='translate({x:.1f} {y:.1f}) rotate(-90)' {FONT} font-size='{size:g}' text-anchor='middle' "
        f"font-weight='bold' fill='#222222'>{_clean(words)}</text>"
    )


def marker(x: float, y: float, series: int, size: float = 5) -> str:
    """Return the sign of a series: colour and shape both differ, so that either alone is enough."""
    colour, shape = COLOURS[series % len(COLOURS)], SHAPES[series % len(SHAPES)]
    if shape == "circle":
        return f"<circle cx='{x:.1f}' cy='{y:.1f}' r='{size:g}' fill='{colour}'/>"
    if shape == "ring":
        return f"<circle cx='{x:.1f}' cy='{y:.1f}' r='{size:g}' fill='#ffffff' stroke='{colour}' stroke-width='2'/>"
    if shape == "square":
        return (
            f"<rect x='{x - size:.1f}' y='{y - size:.1f}' width='{2 * size:g}' height='{2 * size:g}' "
            f"fill='{colour}' stroke='#222222'/>"
        )
    if shape == "cross":
        return line(x - size, y - size, x + size, y + size, colour, 2) + line(
            x - size, y + size, x + size, y - size, colour, 2
        )
    corners = [(0, -1.4), (1.4, 0), (0, 1.4), (-1.4, 0)] if shape == "diamond" else [(0, -1.3), (1.2, 1), (-1.2, 1)]
    points = " ".join(f"{x + dx * size:.1f},{y + dy * size:.1f}" for dx, dy in corners)
    return f"<polygon points='{points}' fill='{colour}'/>"


def ticks(low: float, high: float, wanted: int = 5) -> list[float]:
    """Return round numbers from at or below `low` to at or above `high`, about `wanted` of them."""
    if high <= low:
        low, high = low - 1, high + 1
    rough = (high - low) / wanted
    power = 10.0 ** floor(log10(rough))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= rough * 0.999)
    return [round(step * i, 10) for i in range(floor(low / step), ceil(high / step) + 1)]


def _clean(words: object) -> str:
    return escape(plain(words))
