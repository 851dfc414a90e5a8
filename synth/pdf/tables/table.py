"""Tables as cells: rows and columns from geometry alone, heads only where they are certain.

Papers' tables mostly have no vertical rules. Words on one baseline make a line, lines that go on with each other a row;
the strips that all full rows leave blank part the columns; heads are found by the rules that span their columns, by
overlap, or by being centred over them. What cannot be told stays empty: a value is never given another row's or
column's head.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from synth.pdf.records import Box, Line
from synth.pdf.tables import bold
from synth.pdf.tables.cells import Cell, TableRow, table_rows, words_of
from synth.pdf.tables.heads import Grid, column_heads
from synth.pdf.tables.lattice import Interval, Placed, columns_of, join_lines, place, split_cells
from synth.pdf.tables.row_names import right_names, row_names
from synth.pdf.tables.rules import edges, full_rules, rules_inside, side_by_side

_NUMERALS = frozenset("one two three four five six seven eight nine ten eleven twelve".split())
_AMOUNT = re.compile(
    r"(?:US|CA|A)?[~≈<>≤≥+−–$€£¥↑↓-]{0,2}\s?\d[^\W_\d\s]{0,4}(?:[\d\s.,:;/()\[\]%±×+−–↑↓$€£¥°-]|[^\W\d_])*$"
)
_LETTERS = re.compile(r"[^\W\d_]+")
_UNITS = frozenset(
    "US CA A USD EUR GBP CHF ns µs μs ms s sec secs min mins h hr hrs d days y yr yrs mo B kB KB MB GB TB k K M G T bn "
    "ng µg μg mg g kg nm µm μm mm cm m km ml mL l L Hz kHz MHz GHz mW W kW J kJ MJ Wh kWh mV V mA kPa MPa Pa C F dB "
    "fps FPS bp pp pts x".split()
)
_PART_CAPTION = re.compile(r"^\(([a-z])\)\s")
_MAX_HEAD = 5  # rows
MIN_WORD_ROWS = 2  # below the head of a table of words


@dataclass(frozen=True)
class CellValue:
    """A cell of the table's body with its heads; an empty head is one that could not be told."""

    cell: Cell
    row: str
    column: str
    table: str
    place: tuple[int, int]  # which row of the body and which column it stands in
    best: str = ""  # what its bold print marks it as: "highest of its column" …


def values(lines: Sequence[Line], rules: Sequence[Box], strokes: Sequence[Box], number: str) -> Iterator[CellValue]:
    """Yield the values of a table's region.

    `rules`: horizontal strokes; `strokes`: others, of which upright ones count.
    """
    words = words_of(lines)
    for zone in side_by_side(words, rules):
        rows = table_rows(zone)
        for label, part in _parts(rows):
            grid = _grid(part, rules, strokes)
            if grid is not None:
                yield from _marked(list(_values(grid, f"{number}({label})" if label else number)))


def _marked(cells: list[CellValue]) -> Iterator[CellValue]:
    """Yield the values of one table, those in bold with what that marks them as."""
    figures = [bold.TableFigure(*value.place, bold.number_of(value.cell.text), value.cell.bold) for value in cells]
    for value, mark in zip(cells, bold.marks(figures), strict=True):
        yield replace(value, best=mark)


def _parts(rows: list[TableRow]) -> Iterator[tuple[str, list[TableRow]]]:
    """Yield a table of sub-tables (a), (b) … with their own captions, which stand below or above them."""
    marks = [
        (index, match.group(1))
        for index, row in enumerate(rows)
        if len(row.cells) == 1 and (match := _PART_CAPTION.match(row.cells[0].text)) and not row.numeric
    ]
    if not marks:
        yield "", rows
        return
    above = marks[0][0] == 0
    ends = [index for index, _ in marks]
    for position, (index, label) in enumerate(marks):
        if above:
            end = ends[position + 1] if position + 1 < len(ends) else len(rows)
            yield label, rows[index + 1 : end]
        else:
            yield label, rows[ends[position - 1] + 1 if position else 0 : index]


def _grid(rows: list[TableRow], rules: Sequence[Box], strokes: Sequence[Box]) -> Grid | None:
    """Return the grid of one table; None where no heads, fewer than two columns, or no body can be told."""
    if len(rows) < 2:
        return None
    top, bottom = rows[0].base, rows[-1].base
    full = full_rules(rows, rules)
    left, right = edges(rows)
    short = [
        rule for rule in rules_inside(rows, rules) if rule not in full and rule[2] - rule[0] < 0.95 * (right - left)
    ]
    split = _head_end(rows, full)
    head, lines = rows[:split], rows[split:]
    if not head or not lines:
        return None
    columns = columns_of(lines, head)
    if len(columns) < 2:
        return None
    head = [split_cells(row, columns, strict=True) for row in head]
    apart = [split_cells(row, columns, strict=False) if len(row.cells) > 1 or row.numeric else row for row in lines]
    placed = [line for row in apart if (line := place(row, columns)) is not None]
    body = join_lines(placed, columns, [rule[1] for rule in full])
    if not body:
        return None
    upright = [box for box in strokes if box[2] - box[0] < 2 and box[3] - box[1] > 4 and top - 20 < box[1] < bottom + 5]
    return Grid(head, body, columns, full, short, _walls(upright, columns))


def _head_end(rows: list[TableRow], full: list[Box]) -> int:
    """Return the number of head rows.

    They are those above the first full rule that has rows on both sides, else those without figures before the first
    row with figures; 0 where there is neither.
    """
    count = len(rows)
    first_figures = next((index for index, row in enumerate(rows) if row.numeric), count)
    above = [number for rule in full if 0 < (number := sum(row.base <= rule[1] + 1 for row in rows)) < count]
    # Years and layer numbers may stand in a head, but a rule far down parts groups of the body.
    if above and above[0] <= max(first_figures, 3) and above[0] <= count / 2 + 1 and _like_head(rows[: above[0]]):
        split = above[0]
        for further in above[1:]:
            if not _is_head_too(rows, split, further, first_figures):
                break
            split = further
        return split
    return first_figures if first_figures < count else 0


def _like_head(rows: list[TableRow]) -> bool:
    """Return True if a row reads like heads over figures: words, or plain integers ("1 2 3"), but no decimals."""
    return not any(cell.numeric and re.search(r"\d\.\d", cell.text) for row in rows for cell in row.cells)


def _is_head_too(rows: list[TableRow], split: int, further: int, first_figures: int) -> bool:
    """Return True if the rows below a first rule are heads as well.

    They have several words each, no figures, and figures right below them.
    """
    between = rows[split:further]
    words = all(sum(any(map(str.isalpha, cell.text)) for cell in row.cells) > 1 for row in between)
    return words and further <= min(first_figures, _MAX_HEAD) and first_figures == further and split <= 3


def _walls(strokes: list[Box], columns: list[Interval]) -> list[float]:
    """Return the x of the vertical rules that run along at least half of the rows, each between two columns."""
    groups: list[list[Box]] = []
    for box in sorted(strokes, key=lambda item: item[0]):
        if groups and box[0] - groups[-1][-1][0] < 4:
            groups[-1].append(box)
        else:
            groups.append([box])
    height = [sum(box[3] - box[1] for box in group) for group in groups]
    tallest = max(height, default=0.0)
    walls = [group[0][0] for group, tall in zip(groups, height, strict=True) if tall > 0.5 * tallest]
    return [x for x in walls if columns[0][0] < x < columns[-1][1]]


def _values(grid: Grid, number: str) -> Iterator[CellValue]:
    figures = [_is_value_column(grid.body, column) for column in range(len(grid.columns))]
    if True not in figures:
        yield from _word_values(grid, number)
        return
    heads = column_heads(grid)
    figures[0] = figures[0] and _has_digits(grid.body)
    if not figures[0] and _tells_apart(grid.body):
        figures = [figure or (c > 0 and _is_measured(grid.body, c)) for c, figure in enumerate(figures)]
    if True not in figures:
        figures[-1] = True
    first = figures.index(True)
    numbered = first == 0 and _is_numbering(grid, figures)
    if numbered:
        figures[0] = False
        first = next((c for c in range(1, len(figures)) if figures[c]), 1)
    left = row_names(grid, range(first))
    # A column of words between columns of figures may name the rows of what follows it, or may not.
    second = next((c for c in range(first + 1, len(figures)) if not figures[c] and any(figures[c + 1 :])), len(figures))
    third = next((c for c in range(second, len(figures)) if figures[c]), len(figures))
    prefixed, right = right_names(grid, heads, second, third, left.names)
    beside = right is not left.names
    for index, row in enumerate(grid.body):
        if left.is_group[index] or not (row.numeric or len(row.cells) > 1):
            continue
        for column in sorted(row.cells):
            if (column == 0 and first > 0 and not numbered) or (beside and second <= column < third):
                continue
            name, corner = (
                (left.names[index], heads[0]) if column < second else (right[index], heads[min(second, len(heads) - 1)])
            )
            if prefixed and name:
                name = f"{corner} {name}".strip()
            yield CellValue(row.cells[column], name, heads[column], number, (index, column))


def _has_digits(body: Sequence[Placed]) -> bool:
    """Return True if a first column consists of figures, not of names and dashes."""
    texts = [row.cells[0].text for row in body if 0 in row.cells and row.whole is None]
    return sum(any(map(str.isdigit, text)) for text in texts) > 0.5 * len(texts)


def _is_numbering(grid: Grid, figures: Sequence[bool]) -> bool:
    """Return True if a first column of figures, with columns of words right behind it, numbers the rows."""
    second = next((c for c in range(1, len(figures)) if figures[c]), 1)
    rows = [row for row in grid.body if len(row.cells) > 1]
    names = [tuple(row.cells[c].text for c in range(second) if c in row.cells) for row in rows]
    return len(grid.columns) > 1 and len(set(names)) == len(names) and all(0 in row.cells for row in rows)


def _word_values(grid: Grid, number: str) -> Iterator[CellValue]:
    """Yield the cells of a table without figures: read only where a full rule parts heads and body and
    rows are full.
    """
    base = grid.head[-1].base
    ruled = any(base - 1 < rule[1] < grid.body[0].base for rule in grid.rules)
    names = row_names(grid, range(1))
    rows = [row for row, group in zip(grid.body, names.is_group, strict=True) if not group]
    if (
        not ruled
        or any(0 not in row.cells for row in rows)
        or len(rows) < MIN_WORD_ROWS
        or sum(len(row.cells) for row in rows) < 0.8 * len(rows) * len(grid.columns)
    ):
        return
    heads = column_heads(grid)
    if not all(heads[1:]):
        return
    for index, row in enumerate(grid.body):
        for column in sorted(row.cells):
            if column and not names.is_group[index]:
                yield CellValue(row.cells[column], names.names[index], heads[column], number, (index, column))


def _tells_apart(body: Sequence[Placed]) -> bool:
    """Return True if the first column alone names each row, and each by another name."""
    names = [row.cells[0].text if 0 in row.cells else "" for row in body if row.whole is None and len(row.cells) > 1]
    return all(names) and len(set(names)) == len(names)


def _is_measured(body: Sequence[Placed], column: int) -> bool:
    """Return True if most cells of a column are amounts: of money, of time, with a unit, with an arrow, no bare
    figures.
    """
    texts = [row.cells[column].text for row in body if column in row.cells and row.whole is None]
    return sum(map(_is_amount, texts)) > 0.5 * len(texts)


def _is_amount(text: str) -> bool:
    words = _LETTERS.findall(text)
    return bool(_AMOUNT.match(text)) and all(word in _UNITS for word in words)


def _is_value_column(body: Sequence[Placed], column: int) -> bool:
    cells = [row.cells[column] for row in body if column in row.cells and row.whole is None]
    return bool(cells) and sum(cell.numeric or cell.text in _NUMERALS for cell in cells) > 0.5 * len(cells)
