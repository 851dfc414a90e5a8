"""Tables as cells: rows and columns from geometry alone, heads only where they are certain.

Papers' tables mostly have no vertical rules. Words on one baseline make a row; the figures of the rows below the
head, lying over each other, make the columns; heads are found by overlap, by the rules that span their columns, or by
being centred over them. What cannot be told stays empty: a value is never given another row's or column's head.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from synth.reading import best
from synth.reading.cells import Cell, TableRow, Word, table_rows, words_of
from synth.reading.heads import Grid, column_head
from synth.reading.records import Box, Line
from synth.reading.rules import edges, full_rules, rules_inside
from synth.reading.wordtables import word_cells

_NUMERALS = frozenset("one two three four five six seven eight nine ten eleven twelve".split())
_PART_CAPTION = re.compile(r"^\(([a-z])\)\s")


@dataclass(frozen=True)
class Value:
    """A cell of the table's body with its heads; an empty head is one that could not be told."""

    cell: Cell
    row: str
    column: str
    table: str
    place: tuple[int, int]  # which row of the body and which column it stands in
    best: str = ""  # what its bold print marks it as: "highest of its column" …


def values(lines: Sequence[Line], rules: Sequence[Box], strokes: Sequence[Box], number: str) -> Iterator[Value]:
    """The values of a table's region. `rules`: horizontal strokes; `strokes`: others, of which upright ones count."""
    rows = table_rows(words_of(lines))
    for label, part in _parts(rows):
        grid = _grid(part, rules, strokes)
        name = f"{number}({label})" if label else number
        if grid is not None:
            yield from _marked(list(_values(grid, name)))
        elif part:
            for cell, row, column, place in word_cells(part, full_rules(part, rules)):
                yield Value(cell, row, column, name, place)


def _marked(found: list[Value]) -> Iterator[Value]:
    """The values of one table, those in bold with what that marks them as."""
    figures = [best.Figure(*value.place, best.number_of(value.cell.text), value.cell.bold) for value in found]
    for value, mark in zip(found, best.marks(figures), strict=True):
        yield replace(value, best=mark)


def _parts(rows: list[TableRow]) -> Iterator[tuple[str, list[TableRow]]]:
    """A table of sub-tables (a), (b) … with their own captions, which stand below or above them."""
    marks = [
        (index, match.group(1))
        for index, row in enumerate(rows)
        if len(row.cells) == 1 and (match := _PART_CAPTION.match(row.cells[0].text)) and not row.numeric
    ]
    if not marks:
        yield "", rows
        return
    above = marks[0][0] == 0
    edges = [index for index, _ in marks]
    for position, (index, label) in enumerate(marks):
        if above:
            end = edges[position + 1] if position + 1 < len(edges) else len(rows)
            yield label, rows[index + 1 : end]
        else:
            yield label, rows[edges[position - 1] + 1 if position else 0 : index]


def _grid(rows: list[TableRow], rules: Sequence[Box], strokes: Sequence[Box]) -> Grid | None:
    if sum(row.numeric for row in rows) < 1 or len(rows) < 2:
        return None
    top, bottom = rows[0].base, rows[-1].base
    full = full_rules(rows, rules)
    left, right = edges(rows)
    short = [rule for rule in rules_inside(rows, rules) if rule[2] - rule[0] <= 0.75 * (right - left)]
    split = _head_end(rows, full)
    head, body = rows[:split], rows[split:]
    if not head or not any(row.numeric for row in body):
        return None
    columns = _merge_labels(_columns(body), body)
    if len(columns) < 2:
        return None
    head = [_split_heads(row, columns) for row in head]
    upright = [box for box in strokes if box[2] - box[0] < 2 and box[3] - box[1] > 4 and top - 20 < box[1] < bottom + 5]
    walls = _walls(upright, columns, len(rows))
    return Grid(head, body, columns, full, short, walls)


def _head_end(rows: list[TableRow], full: list[Box]) -> int:
    """How many rows are head: those above the first full rule that has rows on both sides, else those without
    figures before the first row with figures."""
    first_figures = next((index for index, row in enumerate(rows) if row.numeric), len(rows))
    for rule in full:
        above = sum(row.base <= rule[1] + 1 for row in rows)
        if 0 < above < len(rows):
            # Years and layer numbers may stand in a head, but a rule far down parts groups of the body.
            if (
                above <= max(first_figures, 3)
                and above <= len(rows) / 2 + 1
                and _like_head(rows[:above], first_figures)
            ):
                return above
            break
    return first_figures


def _like_head(rows: list[TableRow], first_figures: int) -> bool:
    """Heads over figures are words; a head row of plain integers ("1 2 3") is accepted, decimals are not."""
    return not any(re.search(r"\d\.\d", cell.text) for row in rows for cell in row.cells)


def _columns(body: list[TableRow]) -> list[tuple[float, float]]:
    """x intervals of the columns: where cells of the rows with figures lie over each other."""
    rows = [row for row in body if row.numeric]
    most = max(len(row.cells) for row in rows)
    rows = [row for row in rows if len(row.cells) >= 0.6 * most]
    clusters: list[list[float]] = []  # left, right, number of cells; narrow cells first
    for cell in sorted((cell for row in rows for cell in row.cells), key=lambda item: item.x1 - item.x0):
        x0, x1 = cell.x0, cell.x1
        best = max(clusters, key=lambda item: min(x1, item[1]) - max(x0, item[0]), default=None)
        if best is None or min(x1, best[1]) <= max(x0, best[0]):
            clusters.append([x0, x1, 1])
        else:
            best[:] = [min(x0, best[0]), max(x1, best[1]), best[2] + 1]
    # A stray cell of a single row makes no column of its own, unless the table has very few rows.
    need = 2 if len(rows) > 3 else 1
    columns = [(left, right) for left, right, count in clusters if count >= need]
    # Names set between two rows that they both belong to stand in rows of their own.
    start = min((left for left, _ in columns), default=0.0)
    lone = [row.cells[0] for row in body if len(row.cells) == 1 and row.cells[0].x1 < start]
    if lone:
        columns.append((min(cell.x0 for cell in lone), max(cell.x1 for cell in lone)))
    return sorted(columns)


def _merge_labels(columns: list[tuple[float, float]], body: list[TableRow]) -> list[tuple[float, float]]:
    """Row names set left and right in one column look like two columns: they never stand side by side in a row,
    and a long name reaches over both."""
    rows = [row for row in body if row.numeric]
    while len(columns) > 2:
        (a, b), (c, d) = columns[:2]
        in_first = [[cell for cell in row.cells if min(cell.x1, b) > max(cell.x0, a)] for row in rows]
        in_second = [[cell for cell in row.cells if min(cell.x1, d) > max(cell.x0, c)] for row in rows]
        pairs = list(zip(in_first, in_second, strict=True))
        bridged = any(one and one == two for one, two in pairs)
        apart = any(one and two and one != two for one, two in pairs)
        if not bridged or apart or any(cell.numeric for cells in in_second for cell in cells):
            return columns
        columns = [(a, max(b, d)), *columns[2:]]
    return columns


def _split_heads(row: TableRow, columns: list[tuple[float, float]]) -> TableRow:
    """Narrow heads look like one cell ("MT1 MT2 MT3"): parted if each word is set like a column of its own."""
    cells: list[Cell] = []
    for cell in row.cells:
        homes = [_home(word, columns) for word in cell.words]
        distinct = None not in homes and len(set(homes)) == len(homes)
        cells += [Cell((word,)) for word in cell.words] if distinct else [cell]
    return TableRow(row.base, cells)


def _home(word: Word, columns: list[tuple[float, float]]) -> int | None:
    """The column that a word is aligned with: left, right or centred."""
    for index, (left, right) in enumerate(columns):
        shifts = (word.x0 - left, word.x1 - right, (word.x0 + word.x1 - left - right) / 2)
        if min(abs(shift) for shift in shifts) < 2.5 and min(word.x1, right) > max(word.x0, left):
            return index
    return None


def _walls(strokes: list[Box], columns: list[tuple[float, float]], rows: int) -> list[float]:
    """x of the vertical rules that run along at least half of the rows, each between two columns."""
    groups: list[list[Box]] = []
    for box in sorted(strokes, key=lambda item: item[0]):
        if groups and box[0] - groups[-1][-1][0] < 4:
            groups[-1].append(box)
        else:
            groups.append([box])
    height = [sum(box[3] - box[1] for box in group) for group in groups]
    tallest = max(height, default=0.0)
    found = [group[0][0] for group, tall in zip(groups, height, strict=True) if tall > 0.5 * tallest]
    return [x for x in found if columns[0][0] < x < columns[-1][1]]


def _values(grid: Grid, number: str) -> Iterator[Value]:
    placed = [_place(row, grid.columns) for row in grid.body]
    figures = [_is_value_column(placed, column) for column in range(len(grid.columns))]
    if True not in figures:
        return
    first = figures.index(True)
    heads = [column_head(grid, column) for column in range(len(grid.columns))]
    left = _row_names(grid, placed, range(first))
    # A column of words between columns of figures may name the rows of what follows it, or may not.
    second = next((c for c in range(first + 1, len(figures)) if not figures[c] and any(figures[c + 1 :])), len(figures))
    third = next((c for c in range(second, len(figures)) if figures[c]), len(figures))
    prefixed, right = _right_names(grid, placed, heads, second, third, left)
    bands = _bands(grid)
    group = ""
    for index, (row, cells) in enumerate(zip(grid.body, placed, strict=True)):
        if cells is None:
            continue
        if not row.numeric and not _is_filled(cells, grid):
            group = row.cells[0].text if _is_group(row, grid, bands) else group
            continue
        for column in (*range(first, second), *range(third, len(grid.columns))):
            cell = cells.get(column)
            if cell is None:
                continue
            name, corner = (
                (left[index], heads[0]) if column < second else (right[index], heads[min(second, len(heads) - 1)])
            )
            if prefixed and name:
                name = f"{corner} {name}".strip()
            shown = f"{group}: {name}" if group and name else name
            yield Value(cell, shown, heads[column], number, (index, column))


def _is_filled(cells: dict[int, Cell], grid: Grid) -> bool:
    """A row of words among rows of figures ("ten" below "50"): it fills the table's two columns."""
    return len(cells) == len(grid.columns) == 2


def _right_names(
    grid: Grid,
    placed: Sequence[dict[int, Cell] | None],
    heads: list[str],
    second: int,
    third: int,
    left: list[str],
) -> tuple[bool, list[str]]:
    """(are the corner heads part of the names?, the rows' names behind a column of words).

    Two tables stand side by side where a vertical rule parts them or the heads repeat: the words are the names.
    A column of words with a head of its own and no wider gap before it is one column among others: the names are
    those on the left. Else it cannot be told.
    """
    if second >= len(grid.columns):
        return False, left
    gaps = [after[0] - before[1] for before, after in pairwise(grid.columns)]
    walled = any(grid.columns[second - 1][1] <= x <= grid.columns[second][0] for x in grid.walls)
    if not walled and (not heads[0] or heads[0] != heads[second]):
        ordinary = bool(heads[second]) and gaps[second - 1] <= 1.5 * median(gaps)
        return False, left if ordinary else [""] * len(placed)
    names = [
        ""
        if cells is None or second not in cells
        else " / ".join(cells[c].text for c in range(second, third) if c in cells)
        for cells in placed
    ]
    return walled, names


def _place(row: TableRow, columns: list[tuple[float, float]]) -> dict[int, Cell] | None:
    """Which cell lies in which column; None if two cells claim one column, or a cell lies in none."""
    placed: dict[int, Cell] = {}
    for cell in row.cells:
        over = [min(cell.x1, right) - max(cell.x0, left) for left, right in columns]
        best = max(range(len(columns)), key=over.__getitem__)
        if over[best] <= 0 or best in placed:
            if best in placed and best == 0 and not cell.numeric:
                placed[0] = replace(placed[0], words=placed[0].words + cell.words)
                continue
            return None
        placed[best] = cell
    return placed


def _is_value_column(placed: Sequence[dict[int, Cell] | None], column: int) -> bool:
    cells = [cells[column] for cells in placed if cells is not None and column in cells]
    return bool(cells) and sum(cell.numeric or cell.text in _NUMERALS for cell in cells) > 0.5 * len(cells)


def _bands(grid: Grid) -> list[int]:
    """For each row of the body, which of the stripes between the full rules it lies in."""
    return [sum(rule[1] < row.base - 2 for rule in grid.rules) for row in grid.body]


def _is_group(row: TableRow, grid: Grid, bands: list[int]) -> bool:
    """A line of words that names the rows below it: wider than the first column, or alone between two rules."""
    if len(row.cells) != 1:
        return False
    alone = bands.count(bands[grid.body.index(row)]) == 1
    return alone or row.cells[0].x1 > grid.columns[0][1] + 2


def _row_names(grid: Grid, placed: Sequence[dict[int, Cell] | None], labels: range) -> list[str]:
    """The name of each row: its label cells; a label over several rows counts if rules mark off those rows."""
    bands = _bands(grid)
    names = []
    for index, (row, cells) in enumerate(zip(grid.body, placed, strict=True)):
        if cells is None or not labels:
            names.append("")
            continue
        own = cells[0].text if 0 in cells else ""
        if row.numeric and not own:
            own = _band_label(grid, placed, bands, index)
            if not own:
                names.append("")
                continue
        if own.startswith(("+", "w/", "- ", "– ")):
            parent = _parent(grid, placed, bands, index)
            own = f"{parent} {own}" if parent else own
        names.append(" / ".join([own, *(cells[c].text for c in labels if c > 0 and c in cells)]))
    return names


def _band_label(grid: Grid, placed: Sequence[dict[int, Cell] | None], bands: list[int], index: int) -> str:
    """The only label between two rules, where it names all rows between them."""
    members = [i for i, band in enumerate(bands) if band == bands[index]]
    named = [cells[0].text for i in members if (cells := placed[i]) is not None and 0 in cells]
    return named[0] if len(named) == 1 and len(members) < len(grid.body) else ""


def _parent(grid: Grid, placed: Sequence[dict[int, Cell] | None], bands: list[int], index: int) -> str:
    """What "+X" is added to: the nearest label above it, between the same rules, that is no addition itself."""
    for i in range(index - 1, -1, -1):
        cells = placed[i]
        if bands[i] != bands[index] or cells is None or 0 not in cells:
            return ""
        if not cells[0].text.startswith(("+", "w/", "- ", "– ")):
            return cells[0].text
    return ""
