"""Heads over the columns of a table: by overlap, by the rules under them, by being centred; or not at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from synth.reading.cells import Cell, TableRow
from synth.reading.records import Box


@dataclass
class Grid:
    """One table: head rows, body rows, and the x intervals of its columns."""

    head: list[TableRow]
    body: list[TableRow]
    columns: list[tuple[float, float]]
    rules: list[Box]  # horizontal ones that span most of the table
    spans: list[Box]  # shorter ones, under the heads that they belong to
    walls: list[float] = field(default_factory=list)  # x of vertical rules


def column_head(grid: Grid, column: int) -> str:
    """The heads over a column, from the top down; empty if one of them cannot be told."""
    words = []
    for row in grid.head:
        head = _head_in_row(row, grid, column)
        if head is None:
            return ""
        if head:
            words.append(head)
    return " ".join(words)


def _head_in_row(row: TableRow, grid: Grid, column: int) -> str | None:
    """The head that a head row has for a column: its text, "" for none, None for uncertain."""
    left, right = grid.columns[column]
    over = [cell for cell in row.cells if min(cell.x1, right) - max(cell.x0, left) > 0]
    if len(over) > 1:
        return _words_over(over, grid, column)
    spread = _spread(row, grid)
    if over and (spread is None or over[0] not in spread):
        reach = [i for i, (a, b) in enumerate(grid.columns) if min(over[0].x1, b) - max(over[0].x0, a) > 0]
        if len(reach) == 1:
            # In a row of few heads, one that is set askew may belong to more columns than it lies over.
            return over[0].text if not _is_spanning(row, grid) or _aligned(over[0], grid.columns[column]) else None
        return _words_over(over, grid, column)
    if spread is None:
        # Fewer heads than columns, and no way to tell which they span.
        return None if _is_spanning(row, grid) else ""
    return next((cell.text for cell, members in spread.items() if column in members), "")


def _aligned(cell: Cell, column: tuple[float, float]) -> bool:
    left, right = column
    return min(abs(cell.x0 - left), abs(cell.x1 - right), abs(cell.middle - (left + right) / 2)) < 3


def _words_over(cells: list[Cell], grid: Grid, column: int) -> str | None:
    """Heads set so close that they look like one cell ("MT1 MT2 MT3"): the words over this column alone."""
    left, right = grid.columns[column]
    words = [word for cell in cells for word in cell.words]
    mine = [word for word in words if min(word.x1, right) - max(word.x0, left) > 0]
    for word in mine:
        if sum(min(word.x1, b) - max(word.x0, a) > 0 for a, b in grid.columns) > 1:
            return None
    return " ".join(word.text for word in mine) if mine else None


def _is_spanning(row: TableRow, grid: Grid) -> bool:
    """Does a head row have fewer heads than there are columns of figures?"""
    return (
        0
        < len([cell for cell in row.cells if cell.x0 > grid.columns[0][1] or cell.x1 > grid.columns[0][1]])
        < len(grid.columns) - 2
    )


def _spread(row: TableRow, grid: Grid) -> dict[Cell, set[int]] | None:
    """Which columns each head of a row spans: by the short rule under it, by vertical rules, or by its middle."""
    below = [rule for rule in grid.spans if -1 < rule[1] - row.base < 8]
    if below:
        return _by_rules(row, grid, below)
    if not _is_spanning(row, grid):
        return None
    return _by_walls(row, grid) or _by_middle(row, grid)


def _by_rules(row: TableRow, grid: Grid, rules: list[Box]) -> dict[Cell, set[int]] | None:
    spread: dict[Cell, set[int]] = {}
    for rule in rules:
        heads = [cell for cell in row.cells if rule[0] - 2 < cell.middle < rule[2] + 2]
        members = {i for i, (a, b) in enumerate(grid.columns) if rule[0] - 3 < (a + b) / 2 < rule[2] + 3}
        if len(heads) != 1:
            return None
        spread[heads[0]] = members
    return spread


def _by_walls(row: TableRow, grid: Grid) -> dict[Cell, set[int]] | None:
    """Between two vertical rules all columns share the only head there."""
    if not grid.walls:
        return None
    edges = [float("-inf"), *grid.walls, float("inf")]
    spread: dict[Cell, set[int]] = {}
    for low, high in pairwise(edges):
        heads = [cell for cell in row.cells if low < cell.middle < high]
        members = {i for i, (a, b) in enumerate(grid.columns) if low < (a + b) / 2 < high}
        if len(heads) > 1:
            return None
        if heads and low == float("-inf"):
            # Left of the first rule stand the rows' names too; a head there is over its own columns only.
            members = {i for i in members if i > 0}
        if heads:
            spread[heads[0]] = members
    return spread


def _by_middle(row: TableRow, grid: Grid) -> dict[Cell, set[int]] | None:
    """Heads centred over neighbouring columns that together make up all columns of figures."""
    heads = [cell for cell in row.cells if cell.middle > grid.columns[0][1]]
    start = next((i for i in range(1, len(grid.columns))), 1)
    best = _partition(heads, grid.columns, start)
    if best is None:
        return None
    return {head: set(range(low, high)) for head, (low, high) in zip(heads, best, strict=True)}


def _partition(heads: list[Cell], columns: list[tuple[float, float]], start: int) -> list[tuple[int, int]] | None:
    """Neighbouring groups of columns, from `start` to the last, whose middles are the heads' middles."""
    if not heads:
        return [] if start == len(columns) else None
    for end in range(start + 1, len(columns) - len(heads) + 2):
        middle = (columns[start][0] + columns[end - 1][1]) / 2
        if abs(middle - heads[0].middle) < 6:
            rest = _partition(heads[1:], columns, end)
            if rest is not None:
                return [(start, end), *rest]
    return None
