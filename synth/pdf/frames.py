"""Frames of pictures of quotes: whole lines of text, the quote's own and one above and below.

Works on plain records and knows no PDF library. A line of the page is wholly in or wholly out: those that would be
partly in are named, so that they can be painted over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from synth.pdf.records import Box, Line

CONTEXT = 22.0  # points above and below the quote: a line of its surroundings that lies whole within them is shown
WIDEST = 620.0  # points
_LEVEL = 0.4  # of the lower line's height: two lines that share more than that stand beside each other
# Where type ends, in its sizes from the baseline: letters with accents and raised figures reach up to 0.9, the
# descenders of Times down to 0.22. Half its size above the baseline a letter is in every line, and none 0.05 below.
_TOP, _MIDDLE, _FOOT, _UNDER = 0.9, 0.5, 0.27, 0.05
_SLACK = 0.3


@dataclass(frozen=True)
class Frame:
    """The lines that are shown, the box around them, and the lines that would be shown in part."""

    lines: list[Line]
    box: Box
    strangers: list[Line]


@dataclass(frozen=True)
class Edge:
    """Edge of a picture, points from the page's top: as near to `best` as it can, between `low` and `high`."""

    best: float
    low: float
    high: float


def framed(page: Sequence[Line], quoted: Sequence[Line], margin: float, above: bool, below: bool) -> Frame:
    """Return the frame of the lines `quoted` of a page, with the line `above` and `below` them where it is near.

    `margin`: points that are shown left and right of the lines.
    """
    box = around([box_of(line) for line in quoted])
    if not all(line.upright for line in quoted):  # lines that run up or down the page have nothing above them
        return Frame(list(quoted), box, [])
    core = box
    for wanted, up in ((above, True), (below, False)):
        row = _context(page, core, up) if wanted else []
        wide = around([box, *map(box_of, row)])
        if row and wide[2] - wide[0] <= WIDEST and not _beside(page, core, wide):
            box = wide
    lines = [line for line in page if line in quoted or _belongs(line, box)]
    box = around([box, *map(box_of, lines)])
    shown = box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin
    return Frame(lines, box, [line for line in page if line not in lines and _meet(box_of(line), shown)])


def edges(frame: Frame) -> tuple[Edge, Edge]:
    """Return the edges of a picture, between the letters of the frame's lines and those of lines around them."""
    tops, feet = [], []
    for line in frame.lines:
        if line.upright:
            top, foot = line.base - _TOP * line.size, line.base + _FOOT * line.size
            tops.append(Edge(top, top - _SLACK * line.size, line.base - _MIDDLE * line.size))
            feet.append(Edge(foot, line.base + _UNDER * line.size, foot + _SLACK * line.size))
        else:
            tops.append(Edge(line.y0 - 1, line.y0 - 1, line.y0 - 1))
            feet.append(Edge(line.y1 + 1, line.y1 + 1, line.y1 + 1))
    upper, lower = min(tops, key=lambda edge: edge.best), max(feet, key=lambda edge: edge.best)
    strangers = [line for line in frame.strangers if line.upright and _across(box_of(line), frame.box)]
    return _below(upper, strangers), _above(lower, strangers)


def _below(upper: Edge, strangers: Sequence[Line]) -> Edge:
    """Return the edge, below the baseline of every line above it: in tightly set type the emptiest place may be in
    that.

    A cell that spans several rows of a table may stand half a row higher than the edge's line: it is not above it.
    """
    feet = (line.base + _UNDER * line.size for line in strangers)
    low = max((y for y in feet if y < upper.best), default=upper.low)
    return replace(upper, low=max(low, upper.low))


def _above(lower: Edge, strangers: Sequence[Line]) -> Edge:
    tops = (line.base - _MIDDLE * line.size for line in strangers)
    high = min((y for y in tops if y > lower.best), default=lower.high)
    return replace(lower, high=min(high, lower.high))


def box_of(line: Line) -> Box:
    return line.x0, line.y0, line.x1, line.y1


def around(boxes: Sequence[Box]) -> Box:
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def _context(page: Sequence[Line], core: Box, up: bool) -> list[Line]:
    """Return the lines that make up the row right above or below `core`, if all of it is near."""
    sides = [
        line
        for line in page
        if line.upright
        and line.x0 < core[2]
        and core[0] < line.x1
        and (_middle(line) < core[1] if up else _middle(line) > core[3])
    ]
    if not sides:
        return []
    row = [max(sides, key=lambda line: line.base) if up else min(sides, key=lambda line: line.base)]
    # An index is often a line of its own: with it comes the line that it stands on.
    for line in sorted(sides, key=lambda line: line.base, reverse=up):
        if line not in row and any(_level(box_of(line), box_of(other)) for other in row):
            row.append(line)
    box = around([box_of(line) for line in row])
    near = core[1] - box[1] <= CONTEXT if up else box[3] - core[3] <= CONTEXT
    return row if near else []


def _beside(page: Sequence[Line], core: Box, wide: Box) -> bool:
    """Return True if widening `core` to `wide` reaches lines that stand left or right of it, such as
    another column's.
    """
    return any(
        _level(box_of(line), core) and _across(box_of(line), wide) and not _across(box_of(line), core) for line in page
    )


def _across(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2]


def _meet(a: Box, b: Box) -> bool:
    return _across(a, b) and a[1] < b[3] and b[1] < a[3]


def _level(a: Box, b: Box) -> bool:
    return min(a[3], b[3]) - max(a[1], b[1]) > _LEVEL * min(a[3] - a[1], b[3] - b[1])


def _belongs(line: Line, box: Box) -> bool:
    """Return True if a line lies in the box, but for the little that hyphens hang over the edge of a column."""
    inside = min(line.x1, box[2]) - max(line.x0, box[0])
    return line.upright and inside > 0.7 * (line.x1 - line.x0) and box[1] <= _middle(line) <= box[3]


def _middle(line: Line) -> float:
    return (line.y0 + line.y1) / 2
