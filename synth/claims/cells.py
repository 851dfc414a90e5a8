"""The table cell that carries a number of a claim: same paper, same value as printed, heads that the claim names.

A number alone links nothing: both the row and the column of the cell must have a head that agrees with the claim
(`synth.claims.heads`); a column of averages also agrees with a claim that names none of the table's columns. Where the
data sets or tasks that claim and table name have none in common, where the claim points to another table, and where
two cells fit equally well, nothing is linked.

A prediction's difference ("13.8 points over mBERT") is linked to two cells of one line, the treatment's and the
baseline's, whose difference it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from synth.claims.heads import Agreement, Names, Term, agreement, is_average, is_change
from synth.claims.text import without_citations
from synth.lexicon import Lexicon
from synth.numbers import Quantity, quantities, same
from synth.types import ClaimDraft, Passage, PassageKind, Prediction

POINTED = re.compile(r"\bTables?\s(\w+(?:\([a-z]\))?)(?:\sand\s(\w+(?:\([a-z]\))?))?", re.IGNORECASE)
CAPTION = re.compile(r"Table\s([\w.]+?)[:.]?\s", re.IGNORECASE)
UP, DOWN = ("increase", "greater"), ("decrease", "less")
# "More than 3 points" is no difference that two cells could carry.
EXACT = ("", "up to", "only", "on average", "an average of", "as much as")
T = TypeVar("T")
MOST = 20  # numbers of one claim that are looked for


@dataclass(frozen=True)
class Link:
    """`number` of a claim, as printed there, with the cell that carries it; `against`: the baseline's, of a difference.

    `matched`: the names that the cell's heads share with the claim.
    """

    number: str
    cell: Passage
    against: Passage | None
    matched: tuple[str, ...]


@dataclass(frozen=True)
class Cell:
    """A cell of figures with its heads read."""

    passage: Passage
    row: tuple[Term, ...]
    column: tuple[Term, ...]
    numbers: tuple[Quantity, ...]


class Tables:
    """The tables of one paper, read once for all of its claims."""

    def __init__(self, passages: Iterable[Passage], lexicon: Lexicon) -> None:
        self.names = Names(lexicon)
        held = list(passages)
        cells = [p for p in held if p.kind is PassageKind.CELL]
        captions = {m[1]: p.text for p in held if p.kind is PassageKind.CAPTION and (m := CAPTION.match(p.text))}
        heads = {head: tuple(self.names.terms(head)) for p in cells for head in (p.row, p.column)}
        # Two cells under the same heads cannot be told apart.
        alike = Counter((p.table, p.row, p.column) for p in cells)
        self.cells = [
            Cell(p, heads[p.row], heads[p.column], quantities(p.text, 4))
            for p in cells
            if p.row and p.column and alike[p.table, p.row, p.column] == 1
        ]
        self.columns: dict[str, set[tuple[Term, ...]]] = {}
        self.subjects: dict[str, frozenset[str]] = {}
        for cell in self.cells:
            table = cell.passage.table
            self.columns.setdefault(table, set()).add(cell.column)
            text = f"{cell.passage.row}; {cell.passage.column}"
            self.subjects[table] = self.subjects.get(table, frozenset()) | self.names.subjects(text)
        for table in self.subjects:
            self.subjects[table] |= self.names.subjects(captions.get(table.split("(")[0], ""))

    def links(self, claim: ClaimDraft) -> list[Link]:
        """The cells that carry the claim's numbers, each number once, in the order of the claim."""
        text = without_citations(claim.text)
        numbers = quantities(text, MOST)
        if not self.cells or not numbers:
            return []
        sizes = [p for p in claim.predictions if p.value is not None and p.direction in UP + DOWN]
        said = self.names.said(text)
        found = []
        for quantity in numbers:
            size = next((p for p in sizes if _is_of(p, quantity)), None)
            link = self._difference(text, size, quantity, said) if size else None
            link = link or self._figure(text, quantity, said, change=size is not None)
            if link is not None:
                found.append(link)
        return found

    # ------------------------------------------------------------------------------------------ one cell

    def _figure(self, text: str, quantity: Quantity, said: frozenset[str], *, change: bool) -> Link | None:
        """The cell that carries the quantity itself. A `change` stands only under a head that says so."""
        if change:
            said |= {"change"}
        fits: list[tuple[int, Cell]] = []
        for wanted in _stated(quantity):
            for cell in self._open_to(text, text):
                if not any(carries(one, wanted) for one in cell.numbers):
                    continue
                if change != (is_change(cell.row) or is_change(cell.column)):
                    continue
                row, column = agreement(cell.row, said), self._column(cell, said)
                if row is None or column is None:
                    continue
                if len(row.shared | column.shared) > 1 or is_average(cell.column):
                    fits.append((row.score + column.score, cell))
        best = _only_best(fits)
        return Link(quantity.text, best.passage, None, _matched(said, best)) if best else None

    def _column(self, cell: Cell, said: frozenset[str]) -> Agreement | None:
        found = agreement(cell.column, said)
        if found is not None or not is_average(cell.column):
            return found
        others = self.columns[cell.passage.table] - {cell.column}
        return None if any(agreement(other, said) for other in others) else Agreement(frozenset(), 0)

    def _open_to(self, text: str, about: str) -> Iterator[Cell]:
        """The cells of the tables that a claim may speak of."""
        pointed = {label for match in POINTED.finditer(text) for label in match.groups() if label}
        subjects = self.names.subjects(about)
        for cell in self.cells:
            table = cell.passage.table
            named = not pointed or table in pointed or table.split("(")[0] in pointed
            other = subjects and self.subjects[table] and not subjects & self.subjects[table]
            if named and not other:
                yield cell

    # -------------------------------------------------------------------------------------- a difference

    def _difference(self, text: str, size: Prediction, quantity: Quantity, said: frozenset[str]) -> Link | None:
        if size.scope.get("relative") == "relative" or size.scope.get("approximate", "") not in EXACT:
            return None
        if quantity.low is not None:
            return None  # "from 71.8 to 67.7": its ends are levels
        treated, base = self.names.said(size.treatment), self.names.said(size.baseline)
        if not treated or not base:
            return None
        cells = list(self._open_to(text, size.task or text))
        fits: list[tuple[int, tuple[Cell, Cell]]] = []
        for upright in (True, False):
            ones = self._sides(cells, treated, said, upright)
            others = self._sides(cells, base, said, upright)
            for line in ones.keys() & others.keys():
                for cell, first in ones[line]:
                    for against, second in others[line]:
                        if cell is not against and _is_difference(cell, against, quantity, size.direction in UP):
                            fits.append((first.score + second.score, (cell, against)))
        best = _only_best(fits)
        return Link(quantity.text, best[0].passage, best[1].passage, _matched(said, *best)) if best else None

    def _sides(
        self, cells: Sequence[Cell], side: frozenset[str], said: frozenset[str], upright: bool
    ) -> dict[tuple[str, str], list[tuple[Cell, Agreement]]]:
        """Cells whose row (`upright`: else column) is named by one side of the comparison, by table and other head."""
        found: dict[tuple[str, str], list[tuple[Cell, Agreement]]] = {}
        for cell in cells:
            own, other = (cell.row, cell.column) if upright else (cell.column, cell.row)
            mine = agreement(own, side)
            where = self._column(cell, said) if upright else agreement(other, said)
            if mine is None or where is None:
                continue
            line = (cell.passage.table, cell.passage.column if upright else cell.passage.row)
            both = Agreement(mine.shared | where.shared, mine.missing + where.missing)
            found.setdefault(line, []).append((cell, both))
        return found


def _only_best(fits: Sequence[tuple[int, T]]) -> T | None:
    """The one that fits best; None if there is none or no single one."""
    most = max((score for score, _ in fits), default=0)
    top = [fit for score, fit in fits if score == most]
    return top[0] if len(top) == 1 else None


def _matched(said: frozenset[str], *cells: Cell) -> tuple[str, ...]:
    """The words of the cells' heads that the claim has, as printed there."""
    terms = [term for cell in cells for term in (*cell.row, *cell.column)]
    return tuple(dict.fromkeys(term.printed for term in terms if term.called & said))


def _is_of(prediction: Prediction, quantity: Quantity) -> bool:
    values = [abs(v) for v in (quantity.value,) if v is not None]
    return prediction.value is not None and abs(prediction.value) in values


def _stated(quantity: Quantity) -> list[Quantity]:
    """The values that a quantity states: itself, or both ends of a change; no bare small whole number, no factor."""
    if quantity.worded or quantity.unit == "times" or quantity.measure:
        return []
    if quantity.low is not None and quantity.high is not None:
        found = [replace(quantity, value=end, low=None, high=None) for end in (quantity.low, quantity.high)]
    else:
        found = [quantity]
    return [q for q in found if q.value is not None and (q.unit or q.step < 1 or q.value >= 100)]


def carries(cell: Quantity, claimed: Quantity) -> bool:
    """Whether a cell's number is the claimed one, as far as the claim prints it."""
    if cell.value is None or claimed.value is None or cell.step > claimed.step:
        return False
    return same(cell.value, claimed.value, claimed.step) if cell.step < claimed.step else cell.same_value(claimed)


def _is_difference(cell: Cell, against: Cell, claimed: Quantity, up: bool) -> bool:
    """Whether the cells' numbers, taken in their order ("80.2 / 67.4"), differ by the claimed one in that direction."""
    for one, other in zip(cell.numbers, against.numbers, strict=False):
        if one.value is None or other.value is None or claimed.value is None:
            continue
        if max(one.step, other.step) > claimed.step:
            continue
        difference = (one.value - other.value) if up else (other.value - one.value)
        if difference > 0 and same(difference, abs(claimed.value), claimed.step):
            return True
    return False
