"""Columns and reading order: where the gutter is, which line fragments make a row, which row comes next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from statistics import median

from synth.reading.records import Line

Gutter = tuple[float, float]


@dataclass
class Row:
    """Line fragments on one baseline in one column, from left to right. `column`: 0 full width, 1 left, 2 right."""

    parts: list[Line]
    column: int = 0
    page: int = 0

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


def find_gutter(lines: Iterable[Line], width: float) -> Gutter | None:
    """The blank strip between two columns of prose, or None where the page has one column."""
    long = [line for line in lines if line.upright and len(line.text) > 15]
    best: tuple[int, float] | None = None
    for step in range(61):
        x = width * (0.35 + 0.005 * step)
        crossing = sum(len(line.text) for line in long if line.x0 < x - 1 and line.x1 > x + 1)
        if best is None or (crossing, abs(x - width / 2)) < (best[0], abs(best[1] - width / 2)):
            best = (crossing, x)
    if best is None:
        return None
    crossing, x = best
    left = [line for line in long if line.x1 <= x + 1]
    right = [line for line in long if line.x0 >= x - 1]
    if min(len(left), len(right)) < 4 or crossing > 0.4 * sum(len(line.text) for line in left + right):
        return None
    return _edge([line.x1 for line in left], -1), _edge([line.x0 for line in right], 1)


def _edge(values: list[float], side: int) -> float:
    """The outermost edge that at least two lines share; a single stray line does not move it."""
    ordered = sorted(values, reverse=side < 0)
    for first, second in pairwise(ordered):
        if abs(first - second) < 2:
            return first
    return ordered[0]


def common_gutter(gutters: Sequence[Gutter | None]) -> Gutter | None:
    """The gutter of the paper: of at least a third of its pages."""
    found = [gutter for gutter in gutters if gutter is not None]
    if not found or 3 * len(found) < len(gutters):
        return None
    return median(left for left, _ in found), median(right for _, right in found)


def split_at(line: Line, gutter: Gutter | None) -> list[Line]:
    """Cuts a line that runs over both columns where its characters leave the gutter blank."""
    if gutter is None or line.x0 > gutter[0] or line.x1 < gutter[1]:
        return [line]
    need = 0.6 * (gutter[1] - gutter[0])
    seen = [i for i, char in enumerate(line.text) if not char.isspace()]
    for before, after in pairwise(seen):
        left, right = line.xs[before][1], line.xs[after][0]
        if right - left >= max(need, 0.6 * line.size) and left < gutter[1] and right > gutter[0]:
            pieces = (line.cut(0, before + 1), line.cut(after, len(line.text)))
            return [piece for piece in pieces if piece is not None]
    return [line]


def column_of(x0: float, x1: float, gutter: Gutter | None) -> int:
    """0: over both columns (or the only one), 1: left, 2: right."""
    if gutter is None:
        return 0
    middle = (gutter[0] + gutter[1]) / 2
    if x1 <= middle + 2:
        return 1
    return 2 if x0 >= middle - 2 else 0


def rows_of(lines: Iterable[Line], gutter: Gutter | None = None, page: int = 0) -> list[Row]:
    """Fragments on one baseline joined into rows, from top to bottom; both columns' rows stay apart."""
    rows: list[Row] = []
    items = list(lines)
    typical = median(line.size for line in items) if items else 0.0
    marks = [line for line in items if len(line.text.strip()) <= 4 and line.size < 0.85 * typical]
    aside = {id(line) for line in marks}
    for line in sorted((line for line in items if id(line) not in aside), key=lambda item: (item.base, item.x0)):
        row = next((row for row in reversed(rows[-12:]) if _same_row(row, line, gutter)), None)
        _add(rows, row, line, gutter, page)
    # Marks come last: each belongs to the row that it overlaps most, which may lie above or below its baseline.
    for line in sorted(marks, key=lambda item: (item.base, item.x0)):
        near = [row for row in rows if _holds_mark(row, line, gutter)]
        _add(rows, max(near, key=lambda row: _overlap(row, line), default=None), line, gutter, page)
    return sorted(rows, key=lambda row: (row.base, row.x0))


def _add(rows: list[Row], row: Row | None, line: Line, gutter: Gutter | None, page: int) -> None:
    if row is None:
        rows.append(Row([line], column_of(line.x0, line.x1, gutter), page))
        return
    parts = sorted([*row.parts, line], key=lambda item: item.x0)
    joined = Row(parts, column_of(parts[0].x0, max(part.x1 for part in parts), gutter), page)
    rows[next(index for index, item in enumerate(rows) if item is row)] = joined


def _overlap(row: Row, line: Line) -> float:
    return min(row.main.y1, line.y1) - max(row.main.y0, line.y0)


def _same_row(row: Row, line: Line, gutter: Gutter | None) -> bool:
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
    return _beside(row, line, gutter)


def _beside(row: Row, line: Line, gutter: Gutter | None) -> bool:
    """On both sides of the gutter, two fragments are one row only if the text runs through it."""
    if gutter is None:
        return True
    middle = (gutter[0] + gutter[1]) / 2
    left, right = (row.x1, line.x0) if line.x0 >= row.x1 - 2 else (line.x1, row.x0)
    if left <= middle + 2 and right >= middle - 2:
        return right - left < 0.6 * (gutter[1] - gutter[0])
    return True


def _holds_mark(row: Row, line: Line, gutter: Gutter | None) -> bool:
    """May a raised or lowered scrap (footnote mark, index) belong to a row? It stands inside it or right after it."""
    if _overlap(row, line) < 0.2 * (line.y1 - line.y0) or not _beside(row, line, gutter):
        return False
    return row.x0 - row.size < line.x0 and line.x1 < row.x1 + 1.5 * row.size


def reading_order(rows: list[Row], gutter: Gutter | None) -> list[Row]:
    """Full-width rows cut the page into bands; in each band the left column comes before the right one."""
    ordered = sorted(rows, key=lambda row: (row.base, row.x0))
    if gutter is None:
        return ordered
    ordered = _complete_full_width(ordered)
    result: list[Row] = []
    band: list[Row] = []
    for row in ordered:
        if row.column == 0:
            result += sorted(band, key=lambda item: item.column)
            result.append(row)
            band = []
        else:
            band.append(row)
    return result + sorted(band, key=lambda item: item.column)


def _complete_full_width(rows: list[Row]) -> list[Row]:
    """The short last line of a full-width paragraph lies in the left column by its place only."""
    result: list[Row] = []
    for index, row in enumerate(rows):
        above = result[-1] if result else None
        beside = any(
            other.column != row.column and abs(other.base - row.base) < 0.5 * row.size
            for other in (*rows[max(0, index - 3) : index], *rows[index + 1 : index + 4])
        )
        if (
            row.column == 1
            and above is not None
            and above.column == 0
            and not beside
            and abs(above.size - row.size) < 0.5
            and abs(above.x0 - row.x0) < 3 * row.size
            and 0 < row.base - above.base < 1.5 * row.size
        ):
            row = replace(row, column=0)
        result.append(row)
    return result
