"""Grids from the cell passages of a paper, or from a table written out as text. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from synth.core.types import Passage, PassageKind
from synth.evidence.tables.grids.grid import CAPTION, NUMERALS, PART, GridCell, GridLine, TableGrid, cell_values

ADDED = re.compile(r"\+\s?\w|w/")


def grids(passages: Iterable[Passage]) -> list[TableGrid]:
    """Return the tables of one paper. Pages of one table are one grid; a cell without any head is left out."""
    cell_passages = list(passages)
    captions: dict[str, str] = {}
    for passage in cell_passages:
        if passage.kind is PassageKind.CAPTION and (match := CAPTION.match(passage.text)):
            captions.setdefault(match[1], passage.text)
    tables: dict[str, list[Passage]] = defaultdict(list)
    for passage in cell_passages:
        if passage.kind is PassageKind.CELL and (passage.row or passage.column):
            tables[passage.table].append(passage)
    return [_grid(label, cells, captions.get(PART.sub("", label), "")) for label, cells in tables.items()]


def _grid(label: str, passages: Sequence[Passage], caption: str) -> TableGrid:
    """Build a grid from cells row by row: a new row begins with another head, or where a column comes again."""
    rows: list[GridLine] = []
    columns: dict[str, int] = {}
    cells: dict[tuple[int, int], GridCell] = {}
    head: str | None = None
    for passage in passages:
        column = columns.setdefault(passage.column, len(columns))
        if passage.row != head or (len(rows) - 1, column) in cells:
            head = passage.row
            rows.append(GridLine(_completed(head, rows)))
        values = cell_values(passage.text)
        cells[len(rows) - 1, column] = GridCell(passage.text, values, passage.order, passage.page)
    if _numbered(passages):
        rows = [GridLine("")] * len(rows)
    return TableGrid(label, passages[0].page, caption, tuple(rows), spanned(list(columns)), cells)


def _numbered(passages: Sequence[Passage]) -> bool:
    """Return True where figures of a column with a head of its own ("parameters, billions") stand as the rows' names:
    what is said of such a row names its figures, which are values like the others.
    """
    figures = {p.row for p in passages if NUMERALS.fullmatch(p.row)}
    return all(p.row in figures for p in passages) and figures <= {
        p.text for p in passages if p.text == p.row and p.column
    }


def _completed(head: str, above: Sequence[GridLine]) -> str:
    """Complete "+ X" and "w/ X" by what they are added to: the nearest row above that is no addition."""
    if not ADDED.match(head):
        return head
    base = next((line.head for line in reversed(above) if " +" not in line.head and " w/" not in line.head), "")
    return f"{base} {head}" if base else head


def spanned(heads: Sequence[str]) -> tuple[GridLine, ...]:
    """Put the words that the heads of neighbouring columns open with over them as a head of their own."""
    words = [head.split(" ") for head in heads]
    spanned_heads = []
    for at, own in enumerate(words):
        shared = 0
        for other in words[max(0, at - 1) : at] + words[at + 1 : at + 2]:
            common = next(
                (n for n, (a, b) in enumerate(zip(own, other, strict=False)) if a != b), min(len(own), len(other))
            )
            if common < len(own) and common < len(other):
                shared = max(shared, common)
        spanned_heads.append(GridLine(heads[at], len(" ".join(own[:shared]))))
    return tuple(spanned_heads)


def parse_flat_table(text: str) -> TableGrid | None:
    """Read a table written as "Table: caption", header rows and rows, each with cells joined by " | ".

    Returns None where the text is no such table. Cells are numbered in reading order.
    """
    caption = ""
    rows: list[list[str]] = []
    for line in text.split("\n"):
        stripped = line.strip()
        if "|" not in stripped:
            if not rows:
                caption = " ".join(part for part in (caption, stripped.removeprefix("Table:").strip()) if part)
            continue
        if stripped.startswith('"') and stripped.endswith('"'):
            line = stripped.strip('"')
        rows.append([cell.strip().strip('"').strip() for cell in line.split("|")])
    if len(rows) < 2 or max(map(len, rows)) < 2:
        return None
    width = max(map(len, rows))
    rows = [row + [""] * (width - len(row)) for row in rows]
    split = _header_rows(rows)
    heads = [_joined(row[c] for row in rows[:split]) for c in range(width)]
    body = rows[split:]
    names = _name_columns(body, heads)
    lines: list[GridLine] = []
    cells: dict[tuple[int, int], GridCell] = {}
    group, order = "", 0
    for row in body:
        filled = [cell for cell in row if cell]
        if filled and (len(set(filled)) == 1 and (len(filled) == width or (row[0] and len(filled) == 1))) and width > 2:
            group = filled[0]
            continue
        name = " / ".join(dict.fromkeys(row[c] for c in range(names) if row[c]))
        lines.append(GridLine(f"{group}: {name}" if group and name else name))
        for column in range(names, width):
            order += 1
            if row[column]:
                cells[len(lines) - 1, column - names] = GridCell(row[column], cell_values(row[column]), order, 1)
    columns = tuple(map(GridLine, heads[names:]))
    corner = " / ".join(dict.fromkeys(heads[:names]))
    return TableGrid("", 1, caption, tuple(lines), columns, cells, corner)


def _joined(parts: Iterable[str]) -> str:
    return " / ".join(dict.fromkeys(part for part in parts if part))


def _header_rows(rows: Sequence[Sequence[str]]) -> int:
    """Count the header rows: the first, and those that follow without a name and with fewer figures than words, or
    repeat it.
    """
    split = 1
    while split < min(len(rows) - 1, 4):
        row = rows[split]
        words = [cell for cell in row[1:] if cell and not cell_values(cell)]
        figures = [cell for cell in row[1:] if cell_values(cell)]
        repeats = len({*rows[split - 1]} - {""}) < sum(bool(c) for c in rows[split - 1])
        if (not row[0] or row[0] == rows[0][0]) and (len(words) > len(figures) or (repeats and not row[0])):
            split += 1
        else:
            break
    return split


def _name_columns(body: Sequence[Sequence[str]], heads: Sequence[str]) -> int:
    """Count the first columns that name the rows: those of words, and running numbers before them."""
    names = 0
    rows = [row for row in body if len({*row} - {""}) > 1]  # no lines over the whole width
    for column in range(len(heads) - 1):
        filled = [row[column] for row in rows if row[column]]
        figures = [cell for cell in filled if cell_values(cell)]
        running = [cell.rstrip(".") for cell in filled] == [str(n) for n in range(1, len(filled) + 1)]
        if column == 0 or (running and column == names):
            names = column + 1
            if column == 0 and not running:
                break
        elif column == names and len(figures) < 0.5 * len(filled):
            names = column + 1
            break
        else:
            break
    return max(1, names)
