"""Tables that people and spreadsheets write: CSV with commas, semicolons, tabs or bars, and a line that names columns.

Excel separates by semicolons where the comma is the decimal mark, writes a byte order mark, and may begin with `sep=;`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

Cell = TypeVar("Cell")
SEPARATORS = ",;\t|"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # a spreadsheet would run what begins so


@dataclass(frozen=True)
class DelimitedTable:
    """`head`: the column names, in lower case with underscores; `rows`: (first line, cells) of each record.

    `damaged`: (line, what csv says) of records that are none.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    damaged: tuple[tuple[int, str], ...]
    separator: str

    def named(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield (line, cells by column) of the rows in which there is anything; with more cells than columns their
        number stands under "".
        """
        for line, cells in self.rows:
            if any(cell.strip() for cell in cells):
                row = {name: cell.strip() for name, cell in zip(self.head, cells, strict=False) if name}
                yield line, row | ({"": str(len(cells))} if len(cells) > len(self.head) else {})


def read(text: str, columns: Collection[str], other_names: Mapping[str, str] | None = None) -> DelimitedTable:
    """Read `text`, whose head is separated by whatever gives the most of `columns`.

    `other_names` are names that stand for one of the columns. Never raises for what is in the text.
    """
    text = text.lstrip("\ufeff")
    first = 1
    if declared := re.match(r"\"?sep=(.)\"?[ \t]*(?:\r\n|\r|\n)", text, re.IGNORECASE):
        text, first = text[declared.end() :], 2
    names = dict(other_names or {})
    heads = {sign: _names(text, sign, names) for sign in (declared[1] if declared else "") + SEPARATORS}
    best = max(
        heads, key=lambda sign: (len(set(heads[sign]) & set(columns)), len(heads[sign]) if any(heads[sign]) else 0)
    )
    records, damaged = _records(text, best, first)
    return DelimitedTable(heads[best], tuple(records[1:]), tuple(damaged), best)


def _names(text: str, separator: str, other: Mapping[str, str]) -> tuple[str, ...]:
    """Return the column names in the first record."""
    try:
        cells = next((row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) if row), [])
    except csv.Error:
        return ()
    folded = [re.sub(r"[\s_-]+", "_", cell.strip().strip("\"'").lower()) for cell in cells]
    return tuple(other.get(name, name) for name in folded)


def _records(text: str, separator: str, first: int) -> tuple[list[tuple[int, tuple[str, ...]]], list[tuple[int, str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[tuple[int, tuple[str, ...]]] = []
    damaged: list[tuple[int, str]] = []
    while True:
        line = first + reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return rows, damaged
        except csv.Error as error:
            damaged.append((line, str(error)))
            continue
        if cells or rows:
            rows.append((line, tuple(cells)))


def guarded(value: Cell) -> Cell | str:
    """Return a cell that no spreadsheet runs: an apostrophe stands before what it would take for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def unguarded(text: str) -> str:
    """Return a cell without the apostrophe of `guarded`."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text
