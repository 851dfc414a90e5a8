"""The words of a table as cells: what stands on one baseline without a gap belongs together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from synth.reading.flow import spelt_out
from synth.reading.records import Line

_NUMBER = re.compile(
    r"^[~≈<>≤≥]?\(?[-+−–±]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:[eE][-−]?\d+)?[kKMBGx×%]?\)?[*†‡§∗]*$"
)
_EMPTY = frozenset(["-", "–", "—", "−", "--", "✓", "✗", "×", "N/A", "n/a", "OOM"])


@dataclass(frozen=True)
class Word:
    """A word of a table, with its offsets in the page's text."""

    text: str
    x0: float
    x1: float
    base: float
    size: float
    start: int
    end: int
    bold: bool
    line: int  # which fragment it comes from


@dataclass(frozen=True)
class Cell:
    """Words that belong together in one row."""

    words: tuple[Word, ...]

    @property
    def x0(self) -> float:
        return self.words[0].x0

    @property
    def x1(self) -> float:
        return self.words[-1].x1

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def numeric(self) -> bool:
        return is_value(self.text)

    @property
    def bold(self) -> bool:
        return all(word.bold for word in self.words)


@dataclass
class TableRow:
    base: float
    cells: list[Cell]

    @property
    def numeric(self) -> bool:
        """Does it carry figures? A dash or a tick does not count."""
        return any(cell.numeric and any(char.isdigit() for char in cell.text) for cell in self.cells)


def is_value(text: str) -> bool:
    """A figure, or a sign that stands for one."""
    plain = text.replace(" ", "")
    if plain in _EMPTY:
        return True
    if not any(char.isdigit() for char in plain):
        return False
    parts = re.split(r"±|\+/-|\+/−|/|\|", plain)
    return all(_NUMBER.match(part) or part in _EMPTY for part in parts) or bool(
        re.match(r"^[\d.]+[±(][\d.]+\)?$", plain)
    )


def words_of(lines: Sequence[Line]) -> list[Word]:
    words = []
    for index, line in enumerate(lines):
        for match in re.finditer(r"\S+", line.text):
            first, last = match.span()
            shown = [run for run in line.runs if run.start < last and run.end > first]
            body = [run for run in shown if not run.raised] or shown
            size = max(run.size for run in body)
            # A footnote's raised mark is no part of a value or a name.
            marks = {i for run in shown if run.raised and run is not shown[0] for i in range(run.start, run.end)}
            text = "".join(char for i, char in enumerate(match.group(), first) if i not in marks or char.isalpha())
            words.append(
                Word(
                    spelt_out(text),
                    line.xs[first][0],
                    line.xs[last - 1][1],
                    line.base,
                    size,
                    line.start + first,
                    line.start + last,
                    all(run.bold for run in body),
                    index,
                )
            )
    return words


def table_rows(words: list[Word]) -> list[TableRow]:
    rows: list[list[Word]] = []
    typical = median(word.size for word in words) if words else 0.0
    for word in sorted(words, key=lambda item: item.base):
        if rows and abs(word.base - rows[-1][0].base) < 0.35 * typical:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [TableRow(row[0].base, _cells(sorted(row, key=lambda item: item.x0))) for row in rows]


def _cells(words: list[Word]) -> list[Cell]:
    """Words of a row joined unless a gap, or two figures side by side, part them."""
    cells: list[list[Word]] = []
    for word in words:
        if cells and not _parted(cells[-1], word):
            cells[-1].append(word)
        else:
            cells.append([word])
    return [Cell(tuple(cell)) for cell in cells]


def _parted(cell: list[Word], word: Word) -> bool:
    last = cell[-1]
    gap = word.x0 - last.x1
    if gap < 0.1 * word.size:
        return False
    joint = f"{last.text} {word.text}"
    if re.search(r"±|\+/-", joint) and gap < 0.6 * word.size:
        return False
    if gap > 0.7 * word.size:
        return True
    # Two fragments of the PDF's text with a gap between them, or two figures: two cells.
    figures = is_value(last.text) and is_value(word.text)
    return figures and (len(cell) == 1 or not cell[0].text[0].isalpha())
