"""Columns of a table from the blank strips between its figures, and which cell stands in which. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from synth.pdf.tables.cells import Cell, TableRow, Word, below, is_bracketed

Interval = tuple[float, float]
_ALIGNED = 3.0  # points by which a cell's edge or middle may miss its column's


@dataclass
class Placed:
    """One row of a table, which may have several lines: its cells by column."""

    cells: dict[int, Cell]
    base: float  # of the first line
    foot: float  # baseline of the last line
    whole: Cell | None = None  # the only cell, if it runs over several columns

    @property
    def numeric(self) -> bool:
        return TableRow(self.base, list(self.cells.values())).numeric


@dataclass
class Column:
    """x from which to which its cells reach, and how many there are."""

    x0: float
    x1: float
    count: int = 0
    rows: set[int] = field(default_factory=set)


def columns_of(body: Sequence[TableRow], head: Sequence[TableRow]) -> list[Interval]:
    """Return the x intervals of the columns: between the strips that (nearly) all full rows leave blank."""
    full = _full_rows(body)
    cells = [(index, cell) for index, row in enumerate(full) for cell in row.cells]
    stray = len(full) // 15  # so many rows may have a cell that runs over a strip
    columns = _between_strips(cells, stray)
    # A stray cell of a single row makes no column of its own, unless the table has very few rows.
    need = 2 if len(full) > 3 else 1
    supported = [column for column in columns if column.count >= need or _has_head(column, head)]
    supported = _with_lone_names(supported, body)
    return [(column.x0, column.x1) for column in _merge(supported, full, head)]


def _full_rows(body: Sequence[TableRow]) -> list[TableRow]:
    """Return the rows with figures, or all where there are none, that have most of the cells that a row has."""
    rows = [row for row in body if row.numeric] or [row for row in body if len(row.cells) > 1]
    most = max((len(row.cells) for row in rows), default=0)
    return [row for row in rows if len(row.cells) >= 0.6 * most]


def _between_strips(cells: Sequence[tuple[int, Cell]], stray: int) -> list[Column]:
    """Cluster cells over each other. A cell over several clusters belongs to none, if there are few of its kind."""
    edges = sorted({x for _, cell in cells for x in (cell.x0, cell.x1)})
    covered = []
    for low, high in pairwise(edges):
        rows = {index for index, cell in cells if cell.x0 <= low and cell.x1 >= high}
        covered.append((low, high, len(rows) > stray))
    columns: list[Column] = []
    for low, high, inside in covered:
        if inside and columns and columns[-1].x1 == low:
            columns[-1].x1 = high
        elif inside:
            columns.append(Column(low, high))
    for index, cell in cells:
        for column in _over(cell, columns):
            column.count += 1
            column.rows.add(index)
    return [column for column in columns if column.x1 - column.x0 > 1]


def _over(cell: Cell, columns: Sequence[Column]) -> list[Column]:
    return [column for column in columns if min(cell.x1, column.x1) > max(cell.x0, column.x0)]


def _has_head(column: Column, head: Sequence[TableRow]) -> bool:
    return any(cell.x0 < column.x1 and cell.x1 > column.x0 for row in head[-1:] for cell in row.cells)


def _with_lone_names(columns: list[Column], body: Sequence[TableRow]) -> list[Column]:
    """Add names set between two rows that they both belong to: they stand in rows of their own, left of all columns."""
    start = min((column.x0 for column in columns), default=0.0)
    lone = [(n, row.cells[0]) for n, row in enumerate(body) if len(row.cells) == 1 and row.cells[0].x1 < start]
    if not lone:
        return columns
    names = [column for column in _between_strips(lone, 0) if column.count > 1]
    if len(names) < 2:
        names = [Column(min(cell.x0 for _, cell in lone), max(cell.x1 for _, cell in lone), len(lone))]
    return [Column(column.x0, column.x1, column.count) for column in names] + columns


def _merge(columns: list[Column], full: Sequence[TableRow], head: Sequence[TableRow]) -> list[Column]:
    """Merge neighbours that no row fills both: one column set left and right, if no two heads distinguish them."""
    merged = columns[:1]
    for column in columns[1:]:
        last = merged[-1]
        numeric = any(cell.numeric for row in full for cell in row.cells if _over(cell, [column]))
        bridged = any(len(_over(cell, [last, column])) == 2 for row in full for cell in row.cells)
        apart = last.rows & column.rows and not (
            bridged and len(merged) == 1 and not numeric and _never_both(last, column, full)
        )
        if apart or not last.rows or not column.rows or _two_heads(last, column, head):
            merged.append(column)
        else:
            merged[-1] = Column(last.x0, column.x1, last.count + column.count, last.rows | column.rows)
    return merged


def _never_both(left: Column, right: Column, full: Sequence[TableRow]) -> bool:
    for row in full:
        in_left = [cell for cell in row.cells if _over(cell, [left])]
        two = [cell for cell in row.cells if _over(cell, [right])]
        if in_left and two and in_left != two:
            return False
    return True


def _two_heads(left: Column, right: Column, head: Sequence[TableRow]) -> bool:
    """Return True if a row of heads has one over each of the two columns."""
    for row in head:
        in_left = [cell for cell in row.cells if _over(cell, [left]) and not _over(cell, [right])]
        two = [cell for cell in row.cells if _over(cell, [right]) and not _over(cell, [left])]
        if in_left and two:
            return True
    return False


def aligned(x0: float, x1: float, column: Interval) -> bool:
    """Return True if something is set like a column: left, right or centred."""
    left, right = column
    return min(abs(x0 - left), abs(x1 - right), abs((x0 + x1 - left - right) / 2)) < _ALIGNED


def split_cells(row: TableRow, columns: Sequence[Interval], *, strict: bool) -> TableRow:
    """Split the cells that run over several columns where a blank between two words lies in the strip between them.

    `strict`: only if each part is set like its column, as for heads, which may belong to several columns as one.
    """
    cells: list[Cell] = []
    for cell in row.cells:
        parts = _parts(cell, columns)
        good = len(parts) > 1 and all(_sits(part, columns, strict) for part in parts)
        cells += parts if good else [cell]
    return TableRow(row.base, cells)


def _parts(cell: Cell, columns: Sequence[Interval]) -> list[Cell]:
    """Return the words of a cell by the columns that they lie over."""
    groups: list[tuple[set[int], list[Word]]] = []
    for word in cell.words:
        over = {i for i, (a, b) in enumerate(columns) if min(word.x1, b) > max(word.x0, a)}
        if groups and (not over or not groups[-1][0] or over & groups[-1][0]):
            groups[-1][0].update(over)
            groups[-1][1].append(word)
        else:
            groups.append((over, [word]))
    return [Cell(tuple(words)) for _, words in groups]


def _sits(part: Cell, columns: Sequence[Interval], strict: bool) -> bool:
    over = [column for column in columns if min(part.x1, column[1]) > max(part.x0, column[0])]
    return len(over) == 1 and (not strict or aligned(part.x0, part.x1, over[0]))


def place(row: TableRow, columns: Sequence[Interval]) -> Placed | None:
    """Assign cells to columns; None if two figures claim one column."""
    placed: dict[int, Cell] = {}
    for cell in row.cells:
        over = [min(cell.x1, right) - max(cell.x0, left) for left, right in columns]
        wide = [i for i, length in enumerate(over) if length > 0]
        if not wide:
            continue
        if len(row.cells) == 1 and len(wide) > 1 and not cell.numeric:
            return Placed({wide[0]: cell}, row.base, row.base, cell)
        home = (
            max(wide, key=over.__getitem__)
            if cell.numeric
            else wide[0]
            if len(wide) > 2
            else max(wide, key=over.__getitem__)
        )
        if home in placed and (cell.numeric or placed[home].numeric) and home > 0:
            return None
        placed[home] = Cell(placed[home].words + cell.words) if home in placed else cell
    return Placed(placed, row.base, row.base)


def join_lines(lines: Sequence[Placed], columns: Sequence[Interval], rules: Sequence[float]) -> list[Placed]:
    """Join lines to rows: a line whose cells all go on with those above it belongs to the row above."""
    rows: list[Placed] = []
    last: Placed | None = None  # the line above
    for line in lines:
        parted = last is not None and any(last.foot < y < line.base for y in rules)
        if last is not None and rows and not parted and _goes_on(rows[-1], last, line, columns):
            cells = dict(rows[-1].cells)
            for column, cell in line.cells.items():
                cells[column] = Cell(cells[column].words + cell.words) if column in cells else cell
            rows[-1] = replace(rows[-1], cells=cells, foot=line.base)
        else:
            rows.append(line)
        last = line
    return rows


def _goes_on(row: Placed, above: Placed, line: Placed, columns: Sequence[Interval]) -> bool:
    """Return True if a line goes on with the row above it.

    Each of its cells must stand below a cell of the line above that had no room for its first word; one must show that
    it goes on: by a hyphen, comma or bracket before it, or a small letter; and no figure goes on. Errors in brackets
    below their figures go with these.
    """
    if not line.cells or line.whole or above.whole or line.base - above.foot > 2.2 * _size(line):
        return False
    if 0 not in line.cells and all(is_bracketed(cell.text) for cell in line.cells.values()):
        return all(column in above.cells and above.cells[column].numeric for column in line.cells)
    shown = len(line.cells) < len(row.cells) and 0 not in line.cells
    for column, cell in line.cells.items():
        before = above.cells.get(column)
        if before is None or before.numeric or not _is_full(before, cell, columns[column]):
            return False
        shown = shown or _continues(before.text, cell.text, row.cells[column].text)
    return shown and not (len(columns) > 2 and line.numeric and above.numeric and len(line.cells) > 0.5 * len(columns))


def _size(line: Placed) -> float:
    return max(word.size for cell in line.cells.values() for word in cell.words)


def _is_full(above: Cell, cell: Cell, column: Interval) -> bool:
    """Return True if the last line of the cell above had no room for the next word."""
    last = [word for word in above.words if not below(word, above.words[-1])]
    first = cell.words[0]
    room = column[1] - max(word.x1 for word in last)
    return room < first.x1 - first.x0 + 0.2 * first.size


def _continues(before: str, text: str, whole: str) -> bool:
    """Return True if a line of a cell goes on in the next one. `whole`: the cell so far."""
    if before.count("(") > before.count(")") or text[0] == "(":
        return True
    if re.search(r"\w[-\u2010]$|[,;:/&]$|\b(?:and|of|the|for|with|or|in|to|by)$", before):
        return True
    return text[0].islower() and whole[0].isupper()
