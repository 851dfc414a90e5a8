"""The front matter of a paper: its title, authors and affiliations, and what else stands before its text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from synth.pdf import metadata
from synth.pdf.layout import sections
from synth.pdf.layout.captions import Body
from synth.pdf.layout.lettering import readable
from synth.pdf.layout.rows import Row, rows_of
from synth.pdf.records import Line, Page
from synth.pdf.text import flow

_FUNCTION = re.compile(
    r"\b(?:the|of|and|in|we|is|are|was|were|that|to|with|for|by|this|on|our|as|which|it|an?)\b", re.I
)


def split_front(rows: list[Row], lines: Sequence[Line], page: Page, body: Body) -> tuple[list[Row], list[Row]]:
    """Split the rows of the first page, in reading order, into the front matter and the text.

    The text begins with the abstract's or the introduction's heading. What stands higher in a later column is front
    matter, as the names of authors side by side are, unless it runs on into the text below it.
    """
    title = {id(line) for line in metadata.title_lines(list(lines), page, body.size)}
    headed = [row for row in rows if not any(id(part) in title for part in row.parts)]
    opening = next((row for row in headed if opens_text(row)), None)
    if opening is None and title:
        opening = next((row for row in rows if row.size <= body.size + 0.6 and _reads_on(row)), None)
    if opening is None:
        return [], rows
    start = next(index for index, row in enumerate(rows) if row is opening)
    front = {id(row) for row in rows[:start]}
    if sections.canonical(readable(opening)) != sections.ABSTRACT:  # it may have no heading of its own
        front -= {id(row) for row in _prose(headed[: headed.index(opening)])}
    front |= {id(row) for row in _above(rows[start + 1 :], opening, body)}
    front |= {id(row) for row in rows if any(id(part) in title for part in row.parts)}
    return [row for row in rows if id(row) in front], [row for row in rows if id(row) not in front]


def under_title(front: Sequence[Row], lines: Sequence[Line], page: Page, body: Body) -> list[str]:
    """Return the readable texts of the front matter's rows without the title."""
    title = {id(line) for line in metadata.title_lines(list(lines), page, body.size)}
    under = rows_of(part for row in front for part in row.parts if id(part) not in title)
    return [flow.spaced(row) for row in under]


def opens_text(row: Row) -> bool:
    """Return True for the heading of an abstract or an introduction, which opens the text."""
    text = re.sub(r"^(abstract|summary)\s*[-–—:.].*", r"\1", readable(row), flags=re.I)
    heading = sections.parse(text[:1].upper() + text[1:])
    if heading is None:
        return False
    return len(heading.title.split()) <= 3 and sections.canonical(heading.title) in (
        sections.ABSTRACT,
        sections.INTRODUCTION,
    )


def _above(rows: Sequence[Row], opening: Row, body: Body) -> list[Row]:
    """Return the rows of later columns that stand above the opening and do not run on into the text beside it."""
    headers: list[Row] = []
    for column in {row.column for row in rows}:
        members = [row for row in rows if row.column == column]
        high = [row for row in members if row.y1 < opening.y0 + 2]
        below = next((row for row in members if row.y1 >= opening.y0 + 2), None)
        while high and below is not None and _runs_on(high[-1], below, body):
            below = high.pop()
        headers += high
    return headers


def _prose(rows: Sequence[Row]) -> list[Row]:
    """Return the rows from the first paragraph of sentences on; none if there is no such paragraph."""
    start = 0
    for index, row in enumerate(rows):
        before = rows[index - 1] if index else None
        if before is None or not (
            before.column == row.column
            and 0 < row.base - before.base < 1.7 * row.size
            and abs(before.size - row.size) < 0.6
        ):
            start = index
        text = " ".join(item.text for item in rows[start : index + 1])
        if len(text) > 200 and _FUNCTION.subn("", text)[1] > 0.15 * text.count(" ") and re.search(r"[.!?]$", text):
            return list(rows[start:])
    return []


def _runs_on(row: Row, below: Row, body: Body) -> bool:
    """Return True if a row is the line, or the heading, right above another in the same text."""
    step = below.base - row.base
    if sections.find(row, body.size, body.font, apart=True) is not None:
        return step < 3 * body.leading
    if sections.find(below, body.size, body.font, apart=True) is not None:
        return step < 3 * body.leading and abs(row.size - body.size) < 0.7
    return step < 1.6 * body.leading and abs(row.size - below.size) < 0.7


def _reads_on(row: Row) -> bool:
    """Return True for a line of a paragraph, not of a title block: long, or with the end of a sentence."""
    return len(row.text) > 60 or bool(re.search(r"[a-z][.:]$", row.text))
