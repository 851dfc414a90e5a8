"""Elements of the flow diagram as SVG text. Everything that comes from data is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from zlib import crc32

from synth.report.markdown import plain

FONT = "font-family='Helvetica, Arial, sans-serif'"


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
    attributes = dict(re.findall(r""" (width|height)=['"]([\d.e+]+)""", picture.split(">", 1)[0]))
    return float(attributes["width"]), float(attributes["height"])


def text(x: float, y: float, words: object, size: float = 12, anchor: str = "start", weight: str = "normal") -> str:
    return (
        f"<text x='{x:.1f}' y='{y:.1f}' {FONT} font-size='{size:g}' text-anchor='{anchor}' "
        f"font-weight='{weight}' fill='#222222'>{_clean(words)}</text>"
    )


def line(x1: float, y1: float, x2: float, y2: float, width: float = 1) -> str:
    ends = f"x1='{x1:.1f}' y1='{y1:.1f}' x2='{x2:.1f}' y2='{y2:.1f}'"
    return f"<line {ends} stroke='#222222' stroke-width='{width:g}'/>"


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


def _clean(words: object) -> str:
    return escape(plain(words))
