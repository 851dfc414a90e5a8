"""Heads over the columns of a table: by the rules under them, by overlap, by being centred; or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from synth.pdf.records import Box
from synth.pdf.tables.cells import Cell, TableRow, Word
from synth.pdf.tables.lattice import Interval, Placed, aligned

Spread = dict[int, Cell]  # which head stands over a column
_CENTRED = 5.0  # points by which a head's middle may miss that of its columns


@dataclass
class Grid:
    """One table: head rows, body rows, and the x intervals of its columns."""

    head: list[TableRow]
    body: list[Placed]
    columns: list[Interval]
    rules: list[Box]  # horizontal ones that span most of the table
    spans: list[Box]  # shorter ones, under the heads that they belong to
    walls: list[float] = field(default_factory=list)  # x of vertical rules


def column_heads(grid: Grid) -> list[str]:
    """Return the heads over each column, from the top down; empty if one of them cannot be told."""
    extents = list(grid.columns)
    words: list[list[str]] = [[] for _ in extents]
    lost: set[int] = set()
    for row in reversed(grid.head):
        spread, uncertain = _spread(row, grid, extents, words)
        lost |= uncertain
        for column, head in spread.items():
            words[column].insert(0, head.text)
        alone = [(column, head) for column, head in spread.items() if list(spread.values()).count(head) == 1]
        for column, head in alone:
            # The heads above are centred over all that stands in their columns, figures or heads.
            left, right = extents[column]
            extents[column] = (min(left, head.x0), max(right, head.x1))
    return ["" if column in lost else _joined(heads) for column, heads in enumerate(words)]


def extents_with_heads(grid: Grid) -> list[Interval]:
    """Return from where to where the columns reach with the heads that stand over one of them alone."""
    extents = list(grid.columns)
    for cell in (cell for row in grid.head for cell in row.cells):
        over = [i for i, (a, b) in enumerate(grid.columns) if min(cell.x1, b) > max(cell.x0, a)]
        if len(over) == 1:
            left, right = extents[over[0]]
            extents[over[0]] = (min(left, cell.x0), max(right, cell.x1))
    return extents


def _joined(heads: list[str]) -> str:
    """Join the heads of one column into one text, with a word that is broken at the line's end."""
    text = ""
    for head in heads:
        broken = text[-1:] == "-" and text[-2:-1].isalpha() and head[0].isalpha()
        text = f"{text[:-1] if head[0].islower() else text}{head}" if broken else f"{text} {head}".strip()
    return text


def _spread(
    row: TableRow, grid: Grid, extents: list[Interval], below: Sequence[Sequence[str]]
) -> tuple[Spread, set[int]]:
    """Return the heads of one row by column, and the columns for which it cannot be told whether they have one.

    Args:
        row: A row of heads.
        grid: The table.
        extents: From where to where each column reaches, with the heads below this row.
        below: The heads of each column below this row.
    """
    if len(row.cells) == 1 and _is_title(row.cells[0], extents):
        return {}, set()
    spread = _by_rules(row, grid, extents)
    assigned = {word for head in spread.values() for word in head.words}
    cells = [cell for cell in row.cells if not assigned & set(cell.words)]
    if not spread and _is_sparse(row, extents):
        shared = _by_walls(row, grid, extents)
        if shared is not None:
            return shared, set()
        shared = _by_middle(row, extents)
        if shared is not None:
            return _agreed(shared, row, extents, below)
    uncertain: set[int] = set()
    sparse = _is_sparse(row, extents) and not spread
    for cell in cells:
        members = _members(cell, row, extents, sparse)
        if members is None:
            uncertain = set(range(len(extents)))
            continue
        spread.update({column: cell for column in members if column not in spread})
    split = _by_words(row, extents) if uncertain else None
    if split is not None:
        return split, set()
    return spread, uncertain - set(spread)


def _is_title(cell: Cell, extents: list[Interval]) -> bool:
    """Return True if the only cell of a row stands over the middle of the whole table, the rows' names included."""
    middle = (extents[0][0] + extents[-1][1]) / 2
    return len(extents) > 2 and abs(cell.middle - middle) < _CENTRED and cell.x0 > extents[0][1]


def _members(cell: Cell, row: TableRow, extents: list[Interval], sparse: bool) -> list[int] | None:
    """Return the columns that a head without a rule belongs to; None where that cannot be told."""
    over = [i for i, column in enumerate(extents) if min(cell.x1, column[1]) > max(cell.x0, column[0])]
    if not over:
        near = [i for i, column in enumerate(extents) if aligned(cell.x0, cell.x1, column)]
        return near if len(near) == 1 else []
    if len(over) == 1:
        # In a row of few heads, one that is set askew may belong to more columns than it lies over.
        return over if not sparse or over[0] == 0 or aligned(cell.x0, cell.x1, extents[over[0]]) else None
    others = [other for other in row.cells if other is not cell]
    mine = [i for i in over if not any(_nearer(other, cell, extents[i]) for other in others)]
    if len(mine) == 1:
        return mine
    straight = [i for i in mine if abs(cell.middle - sum(extents[i]) / 2) < 1]
    best = _centred(cell, mine, others, extents)
    if best is None and len(straight) == 1:
        return straight
    return best


def _nearer(other: Cell, cell: Cell, column: Interval) -> bool:
    """Return True if a column belongs to another head of the row rather than to this one."""
    mine = min(cell.x1, column[1]) - max(cell.x0, column[0])
    its = min(other.x1, column[1]) - max(other.x0, column[0])
    return its > 0 and (its > mine or (aligned(other.x0, other.x1, column) and not aligned(cell.x0, cell.x1, column)))


def _centred(cell: Cell, over: list[int], others: list[Cell], extents: list[Interval]) -> list[int] | None:
    """Return the neighbouring columns, all that a head lies over among them, over whose middle it stands."""
    if not over:
        return None
    taken = {i for i, (a, b) in enumerate(extents) for other in others if min(other.x1, b) > max(other.x0, a)}
    best: tuple[float, int, int] | None = None
    for low in range(over[0], -1, -1):
        if low < over[0] and (low in taken or low == 0):
            break
        for high in range(over[-1], len(extents)):
            if high > over[-1] and high in taken:
                break
            off = abs((extents[low][0] + extents[high][1]) / 2 - cell.middle)
            if off < _CENTRED and (best is None or off < best[0] - 1):
                best = (off, low, high)
    if best is None:
        shut = (over[0] - 1 in taken or over[0] <= 1) and (over[-1] + 1 in taken or over[-1] == len(extents) - 1)
        return over if shut else None
    return list(range(best[1], best[2] + 1))


def _by_words(row: TableRow, extents: list[Interval]) -> Spread | None:
    """Split heads set so close that they look like one cell ("MT1 MT2 MT3"): each word goes by the only column below
    it.
    """
    spread: dict[int, list[Cell]] = {}
    for cell in row.cells:
        for word in cell.words:
            over = [i for i, (a, b) in enumerate(extents) if min(word.x1, b) > max(word.x0, a)]
            if len(over) != 1:
                return None
            spread.setdefault(over[0], []).append(Cell((word,)))
    if len(spread) < len(extents) - 1:
        return None
    return {column: Cell(tuple(word for cell in cells for word in cell.words)) for column, cells in spread.items()}


def _is_sparse(row: TableRow, extents: list[Interval]) -> bool:
    """Return True if a head row has fewer heads than there are columns of figures."""
    heads = [cell for cell in row.cells if cell.middle > extents[0][1]]
    return 0 < len(heads) < len(extents) - 1


def _by_rules(row: TableRow, grid: Grid, extents: list[Interval]) -> Spread:
    """Assign heads by the short rules right under them, which tell the columns that they span."""
    spread: Spread = {}
    size = max(word.size for cell in row.cells for word in cell.words)
    rules = [rule for rule in grid.spans if -1 < rule[1] - row.base < 0.9 * size]
    cells = [part for cell in row.cells for part in _split_by_rules(cell, rules)]
    for rule in rules:
        heads = [cell for cell in cells if rule[0] - 2 < cell.middle < rule[2] + 2]
        members = [i for i, (a, b) in enumerate(extents) if rule[0] - 3 < (a + b) / 2 < rule[2] + 3]
        if len(heads) == 1:
            spread.update(dict.fromkeys(members, heads[0]))
    return spread


def _split_by_rules(cell: Cell, rules: list[Box]) -> list[Cell]:
    """Split a cell over several short rules into heads set close to each other: its words by the rule below them."""
    below = [[r for r in rules if r[0] - 2 < (word.x0 + word.x1) / 2 < r[2] + 2] for word in cell.words]
    if not all(len(over) == 1 for over in below):
        return [cell]
    parts: dict[Box, list[Word]] = {}
    for word, over in zip(cell.words, below, strict=True):
        parts.setdefault(over[0], []).append(word)
    return [Cell(tuple(words)) for words in parts.values()]


def _by_walls(row: TableRow, grid: Grid, extents: list[Interval]) -> Spread | None:
    """Assign the only head between two vertical rules to all columns there."""
    if not grid.walls:
        return None
    spread: Spread = {}
    for low, high in pairwise([float("-inf"), *grid.walls, float("inf")]):
        heads = [cell for cell in row.cells if low < cell.middle < high]
        members = [i for i, (a, b) in enumerate(extents) if low < (a + b) / 2 < high]
        if len(heads) > 1:
            return None
        if heads and low == float("-inf"):
            # Left of the first rule stand the rows' names too; a head there is over its own columns only.
            members = [i for i in members if i > 0]
        if heads:
            spread.update(dict.fromkeys(members, heads[0]))
    return spread


def _by_middle(row: TableRow, extents: list[Interval]) -> Spread | None:
    """Assign heads over neighbouring columns that together make up all columns, but for those of the rows' names."""
    named = [cell for cell in row.cells if cell.middle <= extents[0][1]]
    heads = [cell for cell in row.cells if cell.middle > extents[0][1]]
    for start in range(1, len(extents)):
        ranges = _partition(heads, extents, start)
        if ranges is not None:
            spread = {i: head for head, (low, high) in zip(heads, ranges, strict=True) for i in range(low, high)}
            return {**spread, **({0: named[0]} if len(named) == 1 else {})}
    return None


def _agreed(
    centred: Spread, row: TableRow, extents: list[Interval], below: Sequence[Sequence[str]]
) -> tuple[Spread, set[int]]:
    """Assign heads that may each be centred over columns or stand over their first; return them and columns in doubt.

    A head over one column, then one over the middle of three, looks like two heads over the first of two columns each.
    The heads below tell the columns of one head apart, and so decide; else what is not the same both ways is in doubt.
    """
    heads = [cell for cell in row.cells if cell.middle > extents[0][1]]
    firsts = [[i for i, column in enumerate(extents) if i and aligned(cell.x0, cell.x1, column)] for cell in heads]
    if any(len(columns) != 1 for columns in firsts):
        return centred, set()
    starts = [columns[0] for columns in firsts]
    if sorted(set(starts)) != starts or starts[0] != min(i for i in centred if i):
        return centred, set()
    ends = [*starts[1:], len(extents)]
    first = {i: head for head, low, high in zip(heads, starts, ends, strict=True) for i in range(low, high)}
    first |= {0: centred[0]} if 0 in centred else {}
    by_middle, by_first = (_tells_apart(spread, below) for spread in (centred, first))
    if by_middle != by_first:
        return (centred if by_middle else first), set()
    doubtful = {i for i in centred if first.get(i) is not centred[i]}
    return {i: head for i, head in centred.items() if i not in doubtful}, doubtful


def _tells_apart(spread: Spread, below: Sequence[Sequence[str]]) -> bool:
    """Return True if no two columns of one head have the same heads below."""
    names = [(id(head), *below[i]) for i, head in spread.items() if below[i]]
    return len(set(names)) == len(names)


def _partition(heads: list[Cell], columns: list[Interval], start: int) -> list[tuple[int, int]] | None:
    """Group neighbouring columns, from `start` to the last: each group under a head that is set like it."""
    if not heads:
        return [] if start == len(columns) else None
    for end in range(start + 1, len(columns) - len(heads) + 2):
        group = (columns[start][0], columns[end - 1][1])
        centred = abs((group[0] + group[1]) / 2 - heads[0].middle) < _CENTRED
        if centred or (end == start + 1 and aligned(heads[0].x0, heads[0].x1, group)):
            following = _partition(heads[1:], columns, end)
            if following is not None:
                return [(start, end), *following]
    return None
