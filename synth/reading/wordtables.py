"""Tables without a single figure: read only where every row fills every column on one line. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from synth.reading.cells import Cell, TableRow
from synth.reading.records import Box

MIN_ROWS = 2  # below the head
MIN_COLUMNS = 2


def word_cells(rows: Sequence[TableRow], rules: Sequence[Box]) -> Iterator[tuple[Cell, str, str, tuple[int, int]]]:
    """(cell, row's name, column's head, (row, column)) of a table of words; nothing where its layout is uncertain.

    A rule over the whole width must part one row of heads from the body, and every row below must have one cell under
    each head: a cell that runs on over a second line would make a row of its own.
    """
    if any(row.numeric for row in rows):
        return
    split = _head_end(rows, rules)
    if split != 1 or len(rows) - split < MIN_ROWS:
        return
    columns = _columns([cell for row in rows for cell in row.cells])
    head = _place(rows[0], columns)
    placed = [_place(row, columns) for row in rows[split:]]
    if len(columns) < MIN_COLUMNS or head is None or any(cells is None for cells in placed):
        return
    for at, cells in enumerate(placed):
        for column, cell in enumerate(cells or ()):
            if column:
                yield cell, (cells or [])[0].text, head[column].text, (at, column)


def _head_end(rows: Sequence[TableRow], rules: Sequence[Box]) -> int:
    """How many rows stand above the first full rule that has rows on both sides."""
    for rule in sorted(rules, key=lambda item: item[1]):
        above = sum(row.base <= rule[1] + 1 for row in rows)
        if 0 < above < len(rows):
            return above
    return 0


def _columns(cells: Sequence[Cell]) -> list[tuple[float, float]]:
    """x intervals in which cells lie over each other."""
    merged: list[tuple[float, float]] = []
    for x0, x1 in sorted((cell.x0, cell.x1) for cell in cells):
        if merged and x0 < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(x1, merged[-1][1]))
        else:
            merged.append((x0, x1))
    return merged


def _place(row: TableRow, columns: Sequence[tuple[float, float]]) -> list[Cell] | None:
    """The cells of a row by column; None unless each column has exactly one."""
    if len(row.cells) != len(columns):
        return None
    inside = all(left <= cell.x0 and cell.x1 <= right for cell, (left, right) in zip(row.cells, columns, strict=True))
    return list(row.cells) if inside else None
