"""HTML laid out on pages by MuPDF; it breaks a page wherever it is full, here what belongs together stays together."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from itertools import count
from typing import TYPE_CHECKING, Protocol

from synth.core.errors import SynthError

if TYPE_CHECKING:
    import pymupdf

KEPT = "keep-"  # how the ids of elements begin that are not divided: a picture with its words, a short table
LEADING = "lead-"  # and those of elements that are never the last on a page, as headings are not
END = "end"  # id of the last element
LINE = 14.0  # points
GAP = 4.0  # points between rows, and below the last of a table
TRIES = 40
EMPTY = 5  # pages on which nothing begins: no paragraph is as long
LEAST = 0.35  # share of a page that is filled, whatever would go on the next one
_HEAD = re.compile(r'<thead><tr(?=>)|<tr class="sum"')
_ROW = re.compile(r"<tr(?=>)")
_BLOCK = re.compile(r"<(?:p|li|pre|blockquote|figcaption|img)(?=[ >])(?![^>]* id=)")
_ID = re.compile(' id="([^"]+)"')
_WHOLE = re.compile(rf'<(div|figure)[^>]* id="({KEPT}\d+)"[^>]*>(.*?)</\1>', re.DOTALL)

Box = tuple[float, float, float, float]  # left, top, right, bottom; points from above


class Position(Protocol):
    """Place of an element as PyMuPDF has it (`pymupdf.Story.element_positions`)."""

    id: str | None
    href: str | None
    heading: int
    text: str | None
    rect: Box
    page_num: int
    open_close: int


def laid_out(text: str, paper: tuple[float, float], inside: Box) -> tuple[pymupdf.Document, list[Position]]:
    """Return the document, and the places of headings and of elements with an id or a link, as PyMuPDF has them.

    `text` ends with an element whose id is END. `paper`: width and height in points, `inside`: what is written on.
    SynthError if some of the text was lost.
    """
    import pymupdf

    text = _marked(text)
    inner = {match[2]: _ID.findall(match[3]) for match in _WHOLE.finditer(text)}
    lasts = {id: match[-1] for id, match in inner.items() if match}
    ends: dict[int, float] = {}
    for _ in range(TRIES):
        data, positions, begun = _written(text, lasts, paper, inside, ends)
        if not begun:
            break
        ends |= begun
    if begun:
        raise SynthError("The report could not be laid out whole as PDF.", "Write it as HTML and print that.")
    return pymupdf.open("pdf", data), positions


def _written(
    text: str, lasts: Mapping[str, str], paper: tuple[float, float], inside: Box, ends: Mapping[int, float]
) -> tuple[bytes, list[Position], dict[int, float]]:
    """Return the pages, their positions, and where a page must end earlier for the text to go on: {} if it did.

    MuPDF 1.28 begins again somewhere before, or goes on with nothing, where a page ends with the last row of a table.
    `ends`: page → its end.
    """
    import pymupdf

    story, out, positions = pymupdf.Story(text), io.BytesIO(), []
    writer, sheet, (left, top, right, bottom) = pymupdf.DocumentWriter(out), pymupdf.Rect(0, 0, *paper), inside
    number, more, last, placed_ids = 0, True, (0, bottom), set[str]()
    done: dict[int, float] = {}
    while more:
        number += 1
        end = ends.get(number, bottom)
        more, placed = _placed(story, (left, top, right, end), number)
        # Placed again, a story begins where the page before ended.
        while (earlier := _earlier(more, placed, lasts, top, end, bottom)) is not None:
            end = earlier
            more, placed = _placed(story, (left, top, right, end), number)
        placed = [position for position in placed if position.rect[1] <= end + 1]
        ids = [position.id for position in placed if position.id]
        if placed_ids & set(ids) or number > last[0] + EMPTY:
            return b"", [], {last[0]: last[1] - LINE}
        story.draw(writer.begin_page(sheet))
        writer.end_page()
        positions += placed
        placed_ids |= set(ids)
        last = (number, end) if ids else last
        done[number] = end
    writer.close()
    return out.getvalue(), positions, _lost(text, positions, done)


def _lost(text: str, positions: Sequence[Position], done: Mapping[int, float]) -> dict[int, float]:
    """Return the page after which elements are missing, with an end one line earlier; {} if all came."""
    pages = {position.id: position.page_num for position in positions if position.id}
    before = 1
    for id in _ID.findall(text):
        if id not in pages:
            return {before: done[before] - LINE}
        before = pages[id]
    return {}


def _marked(text: str) -> str:
    """Give every block of `text` an id, by which its place is reported."""
    numbers = count(1)
    text = _HEAD.sub(lambda match: f'{match[0]} id="{LEADING}row-{next(numbers)}"', text)
    text = _ROW.sub(lambda match: f'{match[0]} id="row-{next(numbers)}"', text)
    return _BLOCK.sub(lambda match: f'{match[0]} id="block-{next(numbers)}"', text)


def _placed(story: pymupdf.Story, where: Box, number: int) -> tuple[bool, list[Position]]:
    """Return True if there is more than fits, and the elements that open on this page, in their order."""
    import pymupdf

    more, _ = story.place(pymupdf.Rect(*where))
    positions: list[Position] = []

    def keep(position: Position) -> None:
        if position.open_close & 1:
            positions.append(position)

    story.element_positions(keep, {"page_num": number})
    return bool(more), positions


def _earlier(
    more: bool, positions: Sequence[Position], lasts: Mapping[str, str], top: float, end: float, bottom: float
) -> float | None:
    """Return where a page should end instead, None if it ends well."""
    if not more and any(position.id == END and position.rect[3] <= end + 1 for position in positions):
        return None
    lowest = top + LEAST * (bottom - top)
    if any(position.rect[1] > end + 1 for position in positions):  # told of below the page, and not drawn
        return end - LINE if end - LINE > lowest else None
    if (inside := _inside_a_row(positions, end)) is not None:
        return inside
    if (better := better_end(positions, lasts, top, end, bottom)) is not None:
        return better
    # MuPDF 1.28 takes a text for ended, and drops the rest, where a page is full just before the first row of a table.
    return end - LINE if not more and end - LINE > lowest else None


def _inside_a_row(positions: Sequence[Position], end: float) -> float | None:
    """Return an end just above the foot of the last row, where a page would end between two rows or below the last
    one of a table: MuPDF 1.28 loses the rows after, and what follows the table, unless a page ends within a row.
    """
    rows = [p.rect[3] for p in positions if "row-" in (p.id or "") and p.rect[3] <= end + 0.5]
    return rows[-1] - 1 if rows and end - rows[-1] < GAP else None


def better_end(
    positions: Sequence[Position], lasts: Mapping[str, str], top: float, end: float, bottom: float
) -> float | None:
    """Return where a page from `top` to `end` should end instead, in points from above; None if it ends well.

    `lasts`: the last element inside each one that is not divided.
    """
    # Of what goes on on the next page the part that is here is told: room below, or something else, shows that it is
    # whole; and so does a page that was ended early, above something else.
    whole = {p.id for p in positions[:-1]} | {p.id for p in positions if p.rect[3] + LINE <= end or end < bottom}
    starts, followed = [], False
    for position in reversed(positions):
        id, (_, start, _, foot) = position.id or "", position.rect
        if position.heading or id.startswith(LEADING):
            starts += [] if followed else [start]
        elif id in lasts:
            starts += [] if lasts[id] in whole else [start]
        elif id:
            followed = followed or foot <= end + 0.5 or start + 2 * LINE <= end
    lowest = top + LEAST * (bottom - top)
    return min((start - 0.5 for start in starts if lowest < start < end), default=None)
