"""Figures of matplotlib as SVG that is the same everywhere: no dates, no styles of the machine, text as text.

    def paint(figure: Figure) -> None:
        figure.add_subplot().plot([0, 1], [1, 0], color=colour(0))

    svg = picture(640, 200, "A fall", "From 1 to 0.", paint)

Text stays text, so that it can be searched, copied and read aloud, and shows in every script; matplotlib measures it in
DejaVu Sans, which comes with it and is wider than the fonts that viewers show it in.
"""

from __future__ import annotations

import io
import re
import textwrap
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from math import ceil, hypot
from threading import Lock
from typing import TYPE_CHECKING, Any
from zlib import crc32

from synth.report.markdown import plain

if TYPE_CHECKING:
    from lxml.etree import _Element
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 640.0  # pixels; matplotlib's points are the pixels of the SVG
# Okabe and Ito's colours, told apart by colour-blind readers; ordered so that their greys differ too.
COLOURS = ("#000000", "#e69f00", "#0072b2", "#56b4e9", "#d55e00", "#009e73")
MARKERS = ("o", "s", "D", "^", "P", "X")  # of a series, in the order of the colours
DASHES = ("", "8 3", "2 3", "12 3", "5 5", "1 5")
FONTS = "Helvetica, Arial, sans-serif"
INK, GRID = "#222222", "#dddddd"
MAX_LABEL = 40  # characters of a name in a picture; the tables have it whole
LINE = 104  # characters of a line below a picture
STYLE = {
    "axes.axisbelow": True,
    "axes.edgecolor": INK,
    "axes.formatter.limits": (-6, 7),
    "axes.formatter.useoffset": False,
    "axes.labelsize": 12,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 12,
    "axes.titleweight": "bold",
    "figure.titlesize": 13,
    "font.family": ["DejaVu Sans"],
    "font.size": 11,
    "grid.color": GRID,
    "legend.frameon": False,
    "lines.scale_dashes": False,
    "legend.fontsize": 12,
    "svg.fonttype": "none",
    "text.color": INK,
    "text.parse_math": False,
}
_LINK = "{http://www.w3.org/1999/xlink}href"
_PLACED = ("d", "x", "y", "transform", "width", "height", "stroke-dasharray")  # attributes of many digits
_ONE_AT_A_TIME = Lock()  # matplotlib's settings are global


def picture(width: float, height: float, title: str, description: str, paint: Callable[[Figure], None]) -> str:
    """Return as SVG what `paint` draws, with a title and a description for readers who do not see it.

    The same input gives the same bytes. Ids follow from title and description, so that several pictures can stand in
    one page.
    """
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    key = f"{crc32(f'{title} {description}'.encode('utf-8', 'replace')):08x}"
    file = io.StringIO()
    with _style({**STYLE, "svg.hashsalt": key}):
        layout = ConstrainedLayoutEngine(w_pad=6 / 72, h_pad=5 / 72, hspace=0, wspace=0)
        figure = Figure(figsize=(width / 72, height / 72), dpi=72, layout=layout)
        paint(figure)
        FigureCanvasSVG(figure).print_svg(file, metadata=dict.fromkeys(("Creator", "Date", "Format", "Type")))
    return _plain(file.getvalue(), (width, height), key, title, description)


@contextmanager
def _style(settings: dict[str, Any]) -> Iterator[None]:
    from matplotlib import style

    with _ONE_AT_A_TIME, warnings.catch_warnings(), style.context(settings, after_reset=True):
        warnings.filterwarnings("ignore", "Glyph .* missing from font")  # the viewer has it
        yield


# ------------------------------------------------------------------------------------------------ what pictures share


def colour(series: int) -> str:
    return COLOURS[series % len(COLOURS)]


def marker(series: int, size: float = 8) -> dict[str, Any]:
    """Return the sign of a series: colour and shape both differ, so that either alone is enough."""
    shape = MARKERS[series % len(MARKERS)]
    edge = INK if shape == "s" else colour(series)
    return {"marker": shape, "color": colour(series), "markersize": size, "markeredgecolor": edge}


def stroke(series: int) -> dict[str, Any]:
    """Return colour and dashes of a series' line."""
    lengths = tuple(map(float, DASHES[series % len(DASHES)].split()))
    return {"color": colour(series), "linewidth": 1.5, "linestyle": (0, lengths or None)}


def fitted(words: object, letters: int = MAX_LABEL) -> str:
    """Return data as one line of at most so many letters."""
    line = plain(words)
    return line if len(line) <= letters else f"{line[: letters - 1].rstrip()}…"


def legend(figure: Figure, names: Sequence[str], line: bool = False) -> None:
    """Draw the sign of each series with its name above the axes, in columns."""
    from matplotlib.lines import Line2D

    shown = [fitted(name) for name in names]
    lines = [stroke(number) if line else {"linestyle": "none"} for number in range(len(shown))]
    signs = [Line2D([], [], **(options | marker(number))) for number, options in enumerate(lines)]
    figure.legend(signs, shown, loc="outside upper left", ncols=_columns(names), handlelength=3.2 if line else 1)


def legend_height(names: Sequence[str]) -> float:
    return 10 + 20.0 * ceil(len(names) / _columns(names))


def _columns(names: Sequence[str]) -> int:
    return max(1, min(len(names), int(WIDTH / (7.5 * max(len(fitted(name)) for name in names) + 60))))


def footnote(figure: Figure, sentences: Sequence[str]) -> None:
    """Write what explains the signs below everything."""
    figure.supxlabel("\n".join(below(sentences)), x=0.015, ha="left", fontsize=11, linespacing=1.25)


def below(sentences: Sequence[str]) -> list[str]:
    """Break the sentences below a picture into lines."""
    return [line for sentence in sentences for line in textwrap.wrap(plain(sentence), LINE)]


def beside(axes: Axes, y: float, name: str, note: str, weight: str = "bold") -> None:
    """Name a row on the left of the axes, with a note below the name."""
    options: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "ha": "right"}
    axes.text(-0.02, y, fitted(name), va="bottom", fontsize=12, fontweight=weight, **options)
    axes.text(-0.02, y, fitted(note), va="top", fontsize=11, **options)


# ------------------------------------------------------------------------------------------------------- the SVG's text


def _plain(drawn: str, size: tuple[float, float], key: str, title: str, description: str) -> str:
    """Return matplotlib's SVG with what pages need.

    No style attributes (the report's Content-Security-Policy allows none, and MuPDF reads few), no ids that nothing
    refers to, dashes as strokes of their own (MuPDF knows none), no clipping (MuPDF does not clip, and nothing is drawn
    beyond its axes), coordinates to a hundredth of a pixel.
    """
    from lxml import etree

    root = etree.fromstring(
        drawn.encode(),
        etree.XMLParser(remove_blank_text=True, remove_comments=True, resolve_entities=False, no_network=True),
    )
    for element in root.iter(etree.Element):
        _attributes(element)
    for unused in [*root.findall(".//{*}style"), *root.findall(".//{*}clipPath")]:
        unused.getparent().remove(unused)
    named = {name for e in root.iter() for value in e.attrib.values() for name in re.findall(r"#(\w+)", value)}
    for element in root.iter():
        if element.get("id") not in (None, *named):
            del element.attrib["id"]
    width, height = (f"{pixels:g}" for pixels in size)
    root.attrib.update({"width": width, "height": height, "role": "img", "stroke-linejoin": "round"})
    root.set("aria-labelledby", f"title-{key} desc-{key}")
    for place, (tag, words) in enumerate((("title", title), ("desc", description))):
        element = etree.Element(f"{{{root.nsmap[None]}}}{tag}", id=f"{tag}-{key}")
        element.text = plain(words)
        root.insert(place, element)
    etree.indent(root, space="")
    text: str = etree.tostring(root, encoding="unicode")
    return text + "\n"


def _attributes(element: _Element) -> None:
    """Write the styles of an element as attributes, shorten its numbers, draw its dashes."""
    for declaration in filter(None, element.attrib.pop("style", "").split(";")):
        name, _, value = declaration.partition(":")
        element.set(name.strip(), value.strip())
    element.attrib.pop("clip-path", None)
    for name in set(_PLACED) & set(element.attrib):
        element.set(name, re.sub(r"-?\d+\.\d+", _short, " ".join(element.attrib[name].split())))
    if "font-family" in element.attrib:
        element.set("font-family", FONTS)  # on each: MuPDF does not look for it further up
    if element.get("transform", "").startswith("rotate(-0 "):
        del element.attrib["transform"]
    pattern = element.attrib.pop("stroke-dasharray", "")
    if pattern:
        element.attrib.pop("stroke-dashoffset", None)
        points = [(float(x), float(y)) for x, y in re.findall(r"[ML] (\S+) (\S+)", element.get("d", ""))]
        element.set("d", dashed(points, *map(float, re.findall(r"[\d.]+", pattern))))


def _short(number: re.Match[str]) -> str:
    return f"{round(float(number[0]), 2) + 0.0:g}"


def dashed(points: Sequence[tuple[float, float]], stroke: float, gap: float) -> str:
    """Return the path of the dashes along the lines that join `points`."""
    parts, position = [], 0.0  # position: how far into the pattern the last line ended
    for (x1, y1), (x2, y2) in pairwise(points):
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
