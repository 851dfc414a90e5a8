"""Meaning of bold print in a table: that a figure is the highest or the lowest of its column or row. Pure.

Bold is also used for headings, totals and the authors' own rows, so a bold figure is taken for a mark of the best only
where the figures bear it out: it is an extreme of its column (else of its row), and not all figures there are bold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from synth.quantities import read


@dataclass(frozen=True)
class TableFigure:
    """A figure with the number of its row and column; `number` None where it is a dash or the like."""

    row: int
    column: int
    number: float | None
    bold: bool


def number_of(text: str) -> float | None:
    """Return the first number of a cell: 80.2 of "80.2 / 67.4"."""
    quantities = read(text, limit=1)
    return quantities[0].printed if quantities else None


def marks(figures: Sequence[TableFigure]) -> list[str]:
    """Mark each figure of one table: "highest of its column", "lowest of its row" …, or "" for nothing."""
    columns: dict[int, list[TableFigure]] = defaultdict(list)
    rows: dict[int, list[TableFigure]] = defaultdict(list)
    for figure in figures:
        if figure.number is not None:
            columns[figure.column].append(figure)
            rows[figure.row].append(figure)
    return [
        _extreme(figure, columns[figure.column], "column") or _extreme(figure, rows[figure.row], "row")
        if figure.bold and figure.number is not None
        else ""
        for figure in figures
    ]


def _extreme(figure: TableFigure, others: Iterable[TableFigure], line: str) -> str:
    numbers = [other.number for other in others if other.number is not None]
    if all(other.bold for other in others) or min(numbers) == max(numbers):
        return ""
    if figure.number == max(numbers):
        return f"highest of its {line}"
    return f"lowest of its {line}" if figure.number == min(numbers) else ""
