"""The names of a table's rows: their own, those of groups above them, those that several rows share. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from synth.pdf.tables.heads import Grid, extents_with_heads
from synth.pdf.tables.lattice import Placed

_ADDED = ("+", "w/", "- ", "– ")


@dataclass(frozen=True)
class Names:
    """Columns that name the rows, and the name of each row; `is_group`: the row names those below it."""

    labels: range
    names: list[str]
    is_group: list[bool]


def row_names(grid: Grid, labels: range) -> Names:
    """Return the name of each row from its label columns, after the group that it stands in."""
    bands = bands_of(grid)
    is_group = [_is_group(grid, bands, labels, index) for index in range(len(grid.body))]
    shared = _centred_names(grid, labels, is_group)
    own = [_own_name(grid, bands, labels, index, shared) for index in range(len(grid.body))]
    names = []
    group: Placed | None = None
    kind = ""
    for index, row in enumerate(grid.body):
        if is_group[index]:
            group, kind = row, _kind(grid, bands, index)
        elif group is not None and _is_over(grid, bands, group, kind, index):
            group = None
        above = group.cells[min(group.cells)].text if group is not None else ""
        names.append(f"{above}: {own[index]}" if above and own[index] else own[index])
    return Names(labels, names, is_group)


def bands_of(grid: Grid) -> list[int]:
    """Return for each row of the body which of the stripes between the full rules it lies in."""
    return [sum(rule[1] < row.base - 2 for rule in grid.rules) for row in grid.body]


def _is_group(grid: Grid, bands: list[int], labels: range, index: int) -> bool:
    """Return True for a line of words alone in its row that names the rows below it.

    It runs over several columns, stands alone between two rules, opens what stands between two, is followed by
    indented rows, or is set in another face.
    """
    row = grid.body[index]
    if len(row.cells) != 1 or row.numeric or index + 1 == len(grid.body):
        return False
    cell = next(iter(row.cells.values()))
    if labels and min(row.cells) not in labels:
        return row.whole is not None and index + 1 < len(grid.body)
    if bands.count(bands[index]) == 1 or row.whole is not None or cell.x1 > grid.columns[min(row.cells)][1] + 2:
        return True
    if min(row.cells) != 0 or not labels:
        return False
    following = grid.body[index + 1]
    if 0 not in following.cells or not following.numeric:
        return False
    return _kind(grid, bands, index) != ""


def _kind(grid: Grid, bands: list[int], index: int) -> str:
    """Return the feature that distinguishes a group from the rows below it, which says how far it reaches."""
    row, following = grid.body[index], grid.body[min(index + 1, len(grid.body) - 1)]
    cell, below = row.cells[min(row.cells)], following.cells.get(0)
    if bands.count(bands[index]) > 1 and below is not None:
        if below.x0 > cell.x0 + 3:
            return "indented"
        if index == 0 or bands[index - 1] != bands[index]:
            return "band"
    return "face" if below is not None and cell.bold and not below.bold else ""


def _is_over(grid: Grid, bands: list[int], group: Placed, kind: str, index: int) -> bool:
    """Return True if a group of rows ends before this one."""
    row = grid.body[index]
    at = next(i for i, other in enumerate(grid.body) if other is group)
    if kind == "indented":
        return 0 in row.cells and row.cells[0].x0 <= group.cells[min(group.cells)].x0 + 1
    return kind == "band" and bands[index] != bands[at]


def _own_name(grid: Grid, bands: list[int], labels: range, index: int, shared: dict[tuple[int, int], str]) -> str:
    row = grid.body[index]
    if not labels:
        return ""
    own = shared.get((index, 0)) or (row.cells[0].text if 0 in row.cells else "")
    if not own and (row.numeric or any(column not in labels for column in row.cells)):
        own = _shared_name(grid, bands, labels, index)
        if not own:
            return ""
    if own.startswith(_ADDED):
        parent = _parent(grid, bands, index)
        own = f"{parent} {own}" if parent else own
    further = [shared.get((index, c)) or (row.cells[c].text if c in row.cells else "") for c in labels if c > 0]
    return " / ".join([own, *filter(None, further)])


def _centred_names(grid: Grid, labels: range, is_group: list[bool]) -> dict[tuple[int, int], str]:
    """Return the names of (row, label column) that stand at the middle of the rows which they share, at whatever
    baseline.
    """
    shared: dict[tuple[int, int], str] = {}
    rows = list(range(len(grid.body)))
    for column in labels:
        start = 0
        for end in [*(i for i in rows if is_group[i]), len(rows)]:
            part = rows[start:end]
            data = [i for i in part if any(c not in labels for c in grid.body[i].cells)]
            named = [i for i in part if column in grid.body[i].cells and not is_group[i]]
            for name, members in _agreed(grid, labels, column, _around(grid, named, data), named, data):
                shared.update({(i, column): grid.body[name].cells[column].text for i in members})
            start = end + 1
    return shared


def _around(grid: Grid, named: list[int], data: list[int]) -> list[tuple[int, list[int]]]:
    """Return (row that holds a name, rows that share it), one after the other, each around the middle of its rows.

    Nothing unless all rows are shared out so.
    """
    if not 0 < len(named) < len(data) or (len(named) == 1 and len(data) == len(grid.body)):
        return []
    bases = [grid.body[i].base for i in data]
    slack = 0.3 * median(below - above for above, below in pairwise(bases))
    groups: list[tuple[int, list[int]]] = []
    at = 0
    for name in named:
        if at >= len(data):
            return []
        foot = 2 * grid.body[name].base - bases[at]
        last = min(range(len(data)), key=lambda i: abs(bases[i] - foot))
        if last < at or abs(bases[last] - foot) > 2 * slack:
            return []
        groups.append((name, data[at : last + 1]))
        at = last + 1
    return groups if at == len(data) else []


def _agreed(
    grid: Grid, labels: range, column: int, centred: list[tuple[int, list[int]]], named: list[int], data: list[int]
) -> list[tuple[int, list[int]]]:
    """Return the rows of each name where names at the middle of their rows may as well be names at the top of them.

    A name alone with its row, then one in the middle of three, looks like two names at the top of two rows each. Rules
    and the columns behind, which tell the rows of one name apart, decide; else the rows that are the same both ways
    have their names, and the others none.
    """
    if not centred or named[0] != data[0]:
        return centred
    top = [
        (name, [i for i in data if name <= i and (place + 1 == len(named) or i < named[place + 1])])
        for place, name in enumerate(named)
    ]
    by_middle, by_top = (_sound(grid, labels, column, members) for members in (centred, top))
    if by_middle != by_top:
        return centred if by_middle else top
    return [(name, [i for i in members if i in dict(top)[name]]) for name, members in centred]


def _sound(grid: Grid, labels: range, column: int, groups: list[tuple[int, list[int]]]) -> bool:
    """Return True if no group of rows goes over a rule, and no group has two rows that further columns name alike."""
    bands = bands_of(grid)
    further = [c for c in labels if c > column]
    for _, members in groups:
        names = [tuple(grid.body[i].cells[c].text for c in further if c in grid.body[i].cells) for i in members]
        if len({bands[i] for i in members}) > 1 or (further and len(set(names)) < len(names)):
            return False
    return True


def _shared_name(grid: Grid, bands: list[int], labels: range, index: int) -> str:
    """Return a name over several rows: the only one between two rules, or the last above where each begins with its
    rows.
    """
    members = [i for i, band in enumerate(bands) if band == bands[index]]
    named = [i for i in members if 0 in grid.body[i].cells]
    if len(named) == 1 and (len(members) < len(grid.body) or len(labels) > 1):
        return grid.body[named[0]].cells[0].text
    # Set at the top of its rows: the first row between the rules has a name, and further columns tell the rows apart.
    if not named or named[0] != members[0] or len(labels) < 2:
        return ""
    if any(1 not in grid.body[i].cells for i in members if grid.body[i].numeric):
        return ""
    above = [i for i in named if i < index]
    return grid.body[above[-1]].cells[0].text if above else ""


def _parent(grid: Grid, bands: list[int], index: int) -> str:
    """Return the name that "+X" is added to: the nearest above, between the same rules, that is no addition itself."""
    for i in range(index - 1, -1, -1):
        cells = grid.body[i].cells
        if bands[i] != bands[index] or 0 not in cells:
            return ""
        if not cells[0].text.startswith(_ADDED):
            return cells[0].text
    return ""


def right_names(
    grid: Grid, heads: Sequence[str], second: int, third: int, left: Sequence[str]
) -> tuple[bool, Sequence[str]]:
    """Return whether the corner heads are part of the names, and the rows' names behind a column of words.

    Two tables stand side by side where a vertical rule parts them or the heads repeat: the words are the names.
    A column of words with a head of its own and no wider gap before it is one column among others: the names are
    those on the left. Else it cannot be told.
    """
    if second >= len(grid.columns):
        return False, left
    gaps = [after[0] - before[1] for before, after in pairwise(extents_with_heads(grid))]
    walled = any(grid.columns[second - 1][1] <= x <= grid.columns[second][0] for x in grid.walls)
    if not walled and (not heads[0] or heads[0] != heads[second]):
        ordinary = bool(heads[second]) and gaps[second - 1] <= 1.5 * median(gaps)
        return False, left if ordinary else [""] * len(grid.body)
    names = [" / ".join(row.cells[c].text for c in range(second, third) if c in row.cells) for row in grid.body]
    return walled, names
