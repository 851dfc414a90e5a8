"""Rows and reading order: which line fragments make a row, which row comes next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from statistics import median

from synth.pdf.layout.columns import ONE_COLUMN, Columns, Gutter, column_of, middle
from synth.pdf.records import Line


@dataclass
class Row:
    """Line fragments on one baseline in one column, from left to right.

    `column`: 0 for rows over several columns or in the only one, else the column's number.
    """

    parts: list[Line]
    column: int = 0
    page: int = 0
    forced: bool = False  # a row over several columns by what stands above it, though its own place is in one

    @cached_property
    def x0(self) -> float:
        return min(part.x0 for part in self.parts)

    @cached_property
    def x1(self) -> float:
        return max(part.x1 for part in self.parts)

    @cached_property
    def y0(self) -> float:
        return min(part.y0 for part in self.parts)

    @cached_property
    def y1(self) -> float:
        return max(part.y1 for part in self.parts)

    @cached_property
    def main(self) -> Line:
        return max(self.parts, key=lambda part: len(part.text))

    @property
    def base(self) -> float:
        return self.main.base

    @property
    def size(self) -> float:
        return self.main.size

    @cached_property
    def text(self) -> str:
        return " ".join(part.text.strip() for part in self.parts)

    @cached_property
    def gap(self) -> float:
        """The widest blank between its fragments."""
        return max((b.x0 - a.x1 for a, b in zip(self.parts, self.parts[1:], strict=False)), default=0.0)


def split_at(line: Line, columns: Columns) -> list[Line]:
    """Cut a line that runs over several columns where its characters leave a gutter blank."""
    pieces = [line]
    for gutter in columns.at(line.base):
        pieces = [*pieces[:-1], *_split(pieces[-1], gutter)]
    return pieces


def _split(line: Line, gutter: Gutter) -> list[Line]:
    if line.x0 > gutter[0] or line.x1 < gutter[1]:
        return [line]
    need = 0.6 * (gutter[1] - gutter[0])
    printed = [i for i, char in enumerate(line.text) if not char.isspace()]
    for before, after in pairwise(printed):
        left, right = line.xs[before][1], line.xs[after][0]
        if right - left >= max(need, 0.6 * line.size) and left < gutter[1] and right > gutter[0]:
            pieces = (line.cut(0, before + 1), line.cut(after, len(line.text)))
            return [piece for piece in pieces if piece is not None]
    return [line]


def rows_of(lines: Iterable[Line], columns: Columns = ONE_COLUMN, page: int = 0) -> list[Row]:
    """Join fragments on one baseline into rows, from top to bottom; the rows of different columns stay apart."""
    rows: list[Row] = []
    items = list(lines)
    typical = median(line.size for line in items) if items else 0.0
    marks = [line for line in items if len(line.text.strip()) <= 4 and line.size < 0.85 * typical]
    aside = {id(line) for line in marks}
    for line in sorted((line for line in items if id(line) not in aside), key=lambda item: (item.base, item.x0)):
        row = next((row for row in reversed(rows[-12:]) if _same_row(row, line, columns)), None)
        _add(rows, row, line, columns, page)
    # Marks come last: each belongs to the row that it overlaps most, which may lie above or below its baseline.
    for line in sorted(marks, key=lambda item: (item.base, item.x0)):
        near = [row for row in rows if _holds_mark(row, line, columns)]
        _add(rows, max(near, key=lambda row: _overlap(row, line), default=None), line, columns, page)
    return sorted(rows, key=lambda row: (row.base, row.x0))


def _add(rows: list[Row], row: Row | None, line: Line, columns: Columns, page: int) -> None:
    if row is None:
        rows.append(Row([line], columns.column(line.x0, line.x1, line.base), page))
        return
    parts = sorted([*row.parts, line], key=lambda item: item.x0)
    joined = Row(parts, page=page)
    joined.column = columns.column(joined.x0, joined.x1, joined.base)
    rows[next(index for index, item in enumerate(rows) if item is row)] = joined


def _overlap(row: Row, line: Line) -> float:
    return min(row.main.y1, line.y1) - max(row.main.y0, line.y0)


def _same_row(row: Row, line: Line, columns: Columns) -> bool:
    if _overlap(row, line) < 0.5 * min(row.main.y1 - row.main.y0, line.y1 - line.y0):
        return False
    if abs(row.base - line.base) > 0.35 * max(row.size, line.size):
        return False
    # Stacked indices make the fragments of one formula overlap, by a little.
    slack = 1.2 * max(row.size, line.size) if abs(row.base - line.base) < 1 else 2
    if min(line.x1, row.x1) - max(line.x0, row.x0) > min(slack, 0.7 * (line.x1 - line.x0)) and any(
        min(line.x1, part.x1) - max(line.x0, part.x0) > min(slack, 0.7 * (line.x1 - line.x0)) for part in row.parts
    ):
        return False
    return _beside(row, line, columns)


def _beside(row: Row, line: Line, columns: Columns) -> bool:
    """Return True if fragments on both sides of a gutter are one row: only if the text runs through it."""
    left, right = (row.x1, line.x0) if line.x0 >= row.x1 - 2 else (line.x1, row.x0)
    return not any(
        left <= middle(gutter) + 2 and right >= middle(gutter) - 2 and right - left >= 0.6 * (gutter[1] - gutter[0])
        for gutter in columns.at(line.base)
    )


def _holds_mark(row: Row, line: Line, columns: Columns) -> bool:
    """Return True if a raised or lowered scrap (footnote mark, index) may belong to a row: inside it or right after
    it.
    """
    if _overlap(row, line) < 0.2 * (line.y1 - line.y0) or not _beside(row, line, columns):
        return False
    return row.x0 - row.size < line.x0 and line.x1 < row.x1 + 1.5 * row.size


def reading_order(rows: list[Row], columns: Columns) -> list[Row]:
    """Order the page's bands from top to bottom.

    Rows over a gutter cut a band, between them column follows column.
    """
    ordered = sorted(rows, key=lambda row: (row.base, row.x0))
    result: list[Row] = []
    for top, bottom, gutters in columns.bands:
        band = [row for row in ordered if top <= row.base < bottom]
        result += _ordered(_complete_full_width(band) if gutters else band, gutters)
    return result


def _ordered(rows: list[Row], gutters: Sequence[Gutter]) -> list[Row]:
    """Return the rows of a region: first those left of the gutter that the fewest rows cross, then
    those right of it.
    """
    if not gutters:
        return rows
    crossing = [[row for row in rows if column_of(row.x0, row.x1, [gutter]) == 0 or row.forced] for gutter in gutters]
    best = min(range(len(gutters)), key=lambda index: len(crossing[index]))
    over = {id(row) for row in crossing[best]}
    result: list[Row] = []
    band: list[Row] = []
    for row in [*rows, None]:
        if row is not None and id(row) not in over:
            band.append(row)
            continue
        left = [item for item in band if item.x1 <= middle(gutters[best]) + 2]
        held = {id(item) for item in left}
        result += _ordered(left, gutters[:best])
        result += _ordered([item for item in band if id(item) not in held], gutters[best + 1 :])
        result += [row] if row is not None else []
        band = []
    return result


def _complete_full_width(rows: list[Row]) -> list[Row]:
    """Take the short last line of a full-width paragraph, in the left column by its place only, out of that column."""
    result: list[Row] = []
    for index, row in enumerate(rows):
        above = result[-1] if result else None
        beside = any(
            other.column != row.column and abs(other.base - row.base) < 0.5 * row.size
            for other in (*rows[max(0, index - 3) : index], *rows[index + 1 : index + 4])
        )
        if (
            row.column > 0
            and above is not None
            and above.column == 0
            and not beside
            and abs(above.size - row.size) < 0.5
            and abs(above.x0 - row.x0) < 3 * row.size
            and 0 < row.base - above.base < 1.5 * row.size
        ):
            row = replace(row, column=0, forced=True)
        result.append(row)
    return result
