"""Captions of figures and tables, and which rows of a page are running text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from synth.pdf.layout.columns import Columns
from synth.pdf.layout.rows import Row
from synth.pdf.records import Box, Line

_WORDS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_CAPTION = re.compile(
    r"^(Table|Figure|Fig\.?|Algorithm|Listing|Scheme|Chart|Box|Example)\s*"
    rf"((?:[A-Z]{{1,2}}\.?-?)?\d{{1,3}}(?:\.\d{{1,2}})?[a-z]?|[IVX]{{1,5}}|\b(?:{_WORDS}))\s*([:.|—–]|$|(?=\())",
    re.I,
)


@dataclass(frozen=True)
class Body:
    """The paper's running text: its size, its face, its distance from line to line."""

    size: float
    font: str
    leading: float


@dataclass
class Caption:
    """A caption and, once found, the box of its figure or table."""

    kind: str  # "table", "figure", "algorithm" …
    number: str
    rows: list[Row]
    column: int
    box: Box
    region: Box | None = None
    framed: bool = False  # the region is bounded by rules, and all in it belongs to it


def caption_start(text: str) -> tuple[str, str, str] | None:
    """Return (kind, number, mark) if a line opens a caption: "Table 2: …" gives ("table", "2", ":")."""
    match = _CAPTION.match(text.strip())
    if match is None:
        return None
    kind = match.group(1).lower().rstrip(".")
    return ("figure" if kind == "fig" else kind), match.group(2), match.group(3)


def prose_rows(rows: Sequence[Row], columns: Columns, body: Body) -> set[int]:
    """Return the ids of the rows that are running text: full lines in the body's size, and what continues them."""
    widths = _column_edges(rows, columns, body)
    prose = {id(row) for row in rows if _full_line(row, widths, body)}
    by_column: dict[int, list[Row]] = {}
    for row in rows:
        by_column.setdefault(row.column, []).append(row)
    for column, members in by_column.items():
        members.sort(key=lambda row: row.base)
        left = widths.get(column, (0.0, 0.0))[0]
        for above, row in pairwise(members):
            near = row.base - above.base < 1.4 * body.leading and abs(row.size - body.size) < 0.7
            # The last line of a paragraph, or its first one: at the column's edge or indented by a little.
            if near and id(above) in prose and abs(row.x0 - left) < 2 * body.size and row.gap < 2.5 * body.size:
                prose.add(id(row))
    return prose


def _column_edges(rows: Sequence[Row], columns: Columns, body: Body) -> dict[int, tuple[float, float]]:
    edges: dict[int, tuple[float, float]] = {}
    long = [row for row in rows if len(row.text) > 15 and abs(row.size - body.size) < 0.7] or list(rows)
    left = min((row.x0 for row in long), default=0.0)
    right = max((row.x1 for row in long), default=0.0)
    edges[0] = (left, right)
    for number in {row.column for row in rows} - {0}:
        edges[number] = columns.edges(number, left, right)
    return edges


def _full_line(row: Row, edges: dict[int, tuple[float, float]], body: Body) -> bool:
    left, right = edges.get(row.column, (0.0, 0.0))
    if abs(row.size - body.size) > 0.7 or row.gap > 2.5 * body.size:
        return False
    letters = sum(char.isalpha() for char in row.text)
    return row.x1 - row.x0 > 0.8 * (right - left) and letters > 0.55 * len(row.text.replace(" ", "")) and letters > 12


def find_captions(rows: list[Row], prose: set[int], columns: Columns, body: Body) -> list[Caption]:
    captions: list[Caption] = []
    taken: set[int] = set()
    for row in sorted(rows, key=lambda item: (item.base, item.x0)):
        for index, part in enumerate(row.parts):
            start = caption_start(_rest(row.parts[index:]))
            if start is None or id(part) in taken or not _opens(row, index, start[2], rows, prose, body):
                continue
            first = _first_row(row, index)
            grown = _grow(first, rows, taken, columns)
            taken.update(id(piece) for item in grown for piece in item.parts)
            captions.append(Caption(start[0], start[1], grown, _span_column(grown, columns), _hull(grown)))
    return captions


def _rest(parts: Sequence[Line]) -> str:
    return " ".join(part.text.strip() for part in parts)


def _opens(row: Row, index: int, mark: str, rows: list[Row], prose: set[int], body: Body) -> bool:
    """Return True if a caption begins here, False for a line of running text that begins with "Table 2"."""
    part = row.parts[index]
    if index and part.x0 - row.parts[index - 1].x1 < part.size:
        return False
    above = [
        other
        for other in rows
        if other is not row
        and 0 < row.base - other.base < 1.45 * body.leading
        and other.x0 < part.x1
        and other.x1 > part.x0
    ]
    if mark and mark in ":|":
        return True
    differs = abs(part.size - body.size) > 0.6 or part.bold
    follows_text = any(id(other) in prose for other in above)
    return (differs or not follows_text) and (bool(mark) or differs)


def _first_row(row: Row, index: int) -> Row:
    """Return the caption's own part of a row that may hold captions side by side."""
    parts = [row.parts[index]]
    for part in row.parts[index + 1 :]:
        if caption_start(part.text):
            break
        parts.append(part)
    return Row(parts, row.column, row.page)


def _grow(first: Row, rows: list[Row], taken: set[int], columns: Columns) -> list[Row]:
    """Return the lines under a caption's first one that go on with it: same size, same block, no gap."""
    grown = [first]
    step = 0.0
    size = first.main.size
    for row in sorted(rows, key=lambda item: item.base):
        last = grown[-1]
        if row.base <= last.base + 0.5 * size:
            continue
        if row.base - last.base > (step + 2 if step else 1.45 * size):
            break
        left, right = min(item.x0 for item in grown), max(item.x1 for item in grown)
        parts = [
            part
            for part in row.parts
            if part.x0 >= left - 1.5 * size
            and part.x1 <= max(right + _first_word(part), left + 60) + 4
            and id(part) not in taken
        ]
        if not parts or caption_start(_rest(parts)) or abs(Row(parts).size - size) > 0.4:
            if any(part.x1 > left and part.x0 < right for part in row.parts):
                break
            continue
        step = step or row.base - last.base
        grown.append(Row(parts, first.column, first.page))
    return grown


def _first_word(part: Line) -> float:
    """Return the width of a line's first word with a blank: by so much the line above may fall short of its column."""
    end = len(part.text.split(" ", 1)[0])
    return part.xs[max(end - 1, 0)][1] - part.x0 + 0.4 * part.size


def _hull(rows: Sequence[Row]) -> Box:
    return (
        min(row.x0 for row in rows),
        min(row.y0 for row in rows),
        max(row.x1 for row in rows),
        max(row.y1 for row in rows),
    )


def _span_column(rows: Sequence[Row], columns: Columns) -> int:
    box = _hull(rows)
    return columns.column(box[0], box[2], rows[0].base)
