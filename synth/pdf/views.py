"""Turned text: each page as often as there are directions in which text is read on it, each time turned upright.

A page in landscape, a sideways table on an upright page, a page that a viewer shows turned (/Rotate): the layout
analysis sees them all with their text from left to right. Offsets into the page's text stay as they are.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from synth.pdf.layout.captions import caption_start
from synth.pdf.records import Box, Line, Page

_LONG = 20  # characters of a line that may be running text
_CAPTION = 10 * _LONG  # what a caption counts for
_MARGIN = 0.5  # of the type's size: what begins further out than the text is a stamp


def views(page: Page) -> list[Page]:
    """Give the page for each direction of its text, the main one first.

    The main view has the page's other lines too, as ones that are not upright; a line that has a view of its own is
    in that one alone.
    """
    main = max(range(4), key=lambda turn: (*_weight([line for line in page.lines if line.turn == turn]), -turn))
    aside = [turn for turn in range(4) if turn != main and _is_text([x for x in page.lines if x.turn == turn], page)]
    first = [line for line in page.lines if line.turn not in aside]
    return [
        _turned(page, main, first),
        *(_turned(page, turn, [line for line in page.lines if line.turn == turn]) for turn in aside),
    ]


def _weight(lines: list[Line]) -> tuple[int, int]:
    """Return the amount of the page's text in these lines: long lines and captions first, then anything."""
    captions = sum(caption_start(line.text) is not None for line in lines)
    long = sum(len(line.text) for line in lines if len(line.text) > 3 * _LONG)
    return long + _CAPTION * captions, sum(len(line.text) for line in lines)


def _is_text(lines: list[Line], page: Page) -> bool:
    """Return True for two long lines below each other, away from the margins: text or a table, not a stamp or an
    axis.

    On a page that is turned as a whole the upright lines are such text too, if there are any besides the running head.
    """
    upright = [line for line in page.lines if line.turn == 0 and len(line.text) > _LONG]
    left = min((line.x0 for line in upright), default=page.width)
    right = max((line.x1 for line in upright), default=0.0)
    inner = [
        line.turned or line
        for line in lines
        if len(line.text) > _LONG
        and (line.turn in (0, 2) or (line.x0 > left - _MARGIN * line.size and line.x1 < right + _MARGIN * line.size))
    ]
    if any(caption_start(line.text) for line in inner):
        return True
    inner.sort(key=lambda line: line.base)
    return any(
        0 < below.base - above.base < 3 * above.size and min(above.x1, below.x1) > max(above.x0, below.x0)
        for above, below in pairwise(inner)
    )


def _turned(page: Page, turn: int, lines: list[Line]) -> Page:
    """Return the page turned so that the lines of that direction are upright."""
    if turn == 0:
        return replace(page, lines=lines)
    width, height = (page.width, page.height) if turn == 2 else (page.height, page.width)
    return Page(
        page.number,
        width,
        height,
        page.text,
        [line.turned if line.turn == turn and line.turned is not None else _aside(line, turn, page) for line in lines],
        *_strokes(page, turn),
        images=[turned_box(box, turn, page.width, page.height) for box in page.images],
        unseen=page.unseen,
        doubled=page.doubled,
    )


def _aside(line: Line, turn: int, page: Page) -> Line:
    """Return a line that is not upright in a view, in its place there."""
    x0, y0, x1, y1 = turned_box((line.x0, line.y0, line.x1, line.y1), turn, page.width, page.height)
    return replace(line, upright=False, y0=y0, y1=y1, xs=[(x0, x1)] * len(line.text))


def _strokes(page: Page, turn: int) -> tuple[list[Box], list[Box]]:
    """Return (rules, drawings) after the turn: rules are thin and lie across."""
    boxes = [turned_box(box, turn, page.width, page.height) for box in [*page.rules, *page.drawings]]
    rules = [box for box in boxes if is_rule(box)]
    return rules, [box for box in boxes if not is_rule(box)]


def is_rule(box: Box) -> bool:
    """Return True for a thin stroke across the page."""
    return box[3] - box[1] < 2.5 and box[2] - box[0] > 20


def turn_of(direction: tuple[float, float]) -> int | None:
    """Return the quarter turns to the right that make text of this direction upright; None for slanted text."""
    for turn, (x, y) in enumerate(((1, 0), (0, -1), (-1, 0), (0, 1))):
        if abs(direction[0] - x) < 0.02 and abs(direction[1] - y) < 0.02:
            return turn
    return None


def turned_point(point: tuple[float, float], turn: int, width: float, height: float) -> tuple[float, float]:
    """Return a point of a page of that size after `turn` quarter turns to the right."""
    x, y = point
    if turn == 1:
        return height - y, x
    if turn == 2:
        return width - x, height - y
    return (y, width - x) if turn == 3 else (x, y)


def turned_box(box: Box, turn: int, width: float, height: float) -> Box:
    """Return a box after `turn` quarter turns of its page to the right."""
    (a, b), (c, d) = (turned_point(point, turn, width, height) for point in (box[:2], box[2:]))
    return min(a, c), min(b, d), max(a, c), max(b, d)
