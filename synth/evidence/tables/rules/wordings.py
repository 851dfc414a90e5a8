"""Cells of words: descriptions of a line, and comparisons put in words. Pure."""

from __future__ import annotations

import re
from enum import IntEnum

from synth.core.types import Stance
from synth.evidence.tables.finding import TableReason
from synth.evidence.tables.grids.entities import Entity
from synth.evidence.tables.grids.grid import EMPTY, GridAxis, GridCell
from synth.evidence.tables.grids.spelling import listed, tokens
from synth.evidence.tables.result import Result
from synth.evidence.tables.rules.contrasts import HARMS, HELPS
from synth.evidence.tables.rules.cues import COMPARATIVE, SUPERLATIVE, Sense
from synth.evidence.tables.view import View
from synth.text.content import STOP_WORDS

AGAINST = re.compile(r"\s(?:against|vs\.?|versus|compared (?:to|with)|over)\s", re.IGNORECASE)
NONE = re.compile(r"\b(?:no|not|none|never|without|n\.?s\.?|equal|same|tied?|insignificant|unclear)\b", re.IGNORECASE)
WORSE_WORDS = re.compile(r"\b(?:worse|worst|lower|smaller|weaker|losses|loses?|harm\w*|hurts?|fails?)\b", re.IGNORECASE)
# Words by which a sentence says more than that a cell has some words.
BEYOND = re.compile(
    r"\b(?:only|not|never|no|neither|nor|without|average|both|before|after|prior|lost|first|last|same|different|except)\b|n['’]t\b",
    re.IGNORECASE,
)
CLAUSE_END = re.compile(r"[;:.,]\s")
LETTERS = re.compile(r"[^\W\d_]{2,}")
MAX_WORDS = 25  # of a cell that a claim may repeat
VAGUE = STOP_WORDS | listed("vague") | frozenset("yes no other none".split())


class Order(IntEnum):
    """Outcome of a comparison in words for its first side."""

    WORSE = -1
    EVEN = 0
    BETTER = 1


def check_wording(view: View) -> Result | None:
    """Check a comparison that a row puts in words, or what a cell of words says of the line that the claim names."""
    if view.is_elsewhere or view.is_open:
        return None
    return _comparison(view) or _superlative(view) or _content(view)


def _comparison(view: View) -> Result | None:
    """Check the claim's order of the two sides of "A against B | better". "A against no A" needs no second side."""
    claimed = _claimed_order(view)
    if claimed is None:
        return None
    order, at = claimed
    before = {t for _, _, t in tokens(view.statement.text[:at])}
    after = {t for _, _, t in tokens(view.statement.text[at:])}
    for row, line in enumerate(view.grid.rows):
        sides = AGAINST.split(line.head)
        if len(sides) != 2:
            continue
        cells = [cell for (r, _), cell in view.grid.cells.items() if r == row]
        if len(cells) != 1 or cells[0].values:
            continue
        first, second = ({t for _, _, t in tokens(side)} - STOP_WORDS for side in sides)
        is_absence = second - {"no"} <= first and bool(re.match(r"no\b|without\b", sides[1].strip(), re.IGNORECASE))
        if not first or not first <= before or not (is_absence or (second and second <= after)):
            continue
        stated = _stated_order(cells[0].text)
        if stated is None:
            continue
        note = f"{line.head}: {cells[0].text}"
        if stated is order:
            return Result(Stance.SUPPORT, TableReason.WORDING, (cells[0],), note, lines=(line,))
        if view.own_paper and stated is not Order.EVEN and order is not Order.EVEN:
            return Result(Stance.CONTRADICT, TableReason.WORDING, (cells[0],), note, lines=(line,))
    return None


def _claimed_order(view: View) -> tuple[Order, int] | None:
    """Return what the claim says of its first side, and where it says so."""
    text = view.statement.text
    match = COMPARATIVE.search(text) or HELPS.search(text) or HARMS.search(text)
    if match is None or match.lastgroup == "EQUAL" or view.statement.is_open:
        return None
    if view.statement.negated(match.start()):
        return Order.EVEN, match.start()
    worse = match.lastgroup in ("WORSE", "LOWER") or bool(HARMS.fullmatch(match.group()))
    return (Order.WORSE if worse else Order.BETTER), match.start()


def _stated_order(cell: str) -> Order | None:
    if NONE.search(cell):
        return Order.EVEN
    if WORSE_WORDS.search(cell):
        return Order.WORSE
    better = COMPARATIVE.search(cell) or SUPERLATIVE.search(cell) or HELPS.search(cell)
    return Order.BETTER if better else None


def _superlative(view: View) -> Result | None:
    """Check "transfer is most successful for similar languages" by the row of that, which says "best"."""
    cues = view.cues(view.statement.superlatives)
    if len(cues) != 1 or len(view.rows) != 1 or len(view.rows[0].lines) != 1 or len(view.grid.columns) != 1:
        return None
    if view.unknown_names or not view.rows[0].exact or view.statement.negated(cues[0].start) or cues[0].rank > 1:
        return None
    (row,) = view.rows[0].lines
    cell = view.grid.cells.get((row, 0))
    match = SUPERLATIVE.fullmatch(cell.text.strip()) if cell is not None and not cell.values else None
    worse = (Sense.WORSE, Sense.LOWER)
    if cell is None or match is None or (match.lastgroup in {s.name for s in worse}) != (cues[0].sense in worse):
        return None
    note = f"{view.grid.name(GridAxis.ROW, row)}: {cell.text}"
    return Result(Stance.SUPPORT, TableReason.WORDING, (cell,), note, lines=(view.grid.rows[row],))


def _content(view: View) -> Result | None:
    """Check a claim that repeats the words of the cell where a row and the column that it names meet.

    Another cell of that column, repeated in place of the right one, contradicts it.
    """
    if view.unknown_names or view.statement.superlatives:
        return None
    columns = _columns(view)
    if len(columns) != 1:
        return None
    for entity in view.rows:
        if entity.exact and len(entity.lines) == 1 and (result := _worded_for(view, entity, columns[0])):
            return result
    return None


def _worded_for(view: View, entity: Entity, column: int) -> Result | None:
    (row,) = entity.lines
    cell = view.grid.cells.get((row, column))
    if cell is None or not _is_worded(cell) or any(f.quantity.text not in cell.text for f in view.figures):
        return None
    text = view.statement.text
    alone = len(view.rows) == 1
    end = CLAUSE_END.search(text, entity.spans[0][1])
    clause = (0, len(text)) if alone or end is None else (entity.spans[0][0], end.start())
    names = [span for e in (*view.rows, *view.columns) for span in e.spans]
    if any(
        m.group().casefold() not in cell.text.casefold() and not any(a <= m.start() < b for a, b in names)
        for m in BEYOND.finditer(text)
    ):
        return None
    where = (view.grid.rows[row], view.grid.columns[column])
    note = f"{view.grid.name(GridAxis.ROW, row)}, {view.grid.columns[column].head}: {cell.text}"
    others = {c.text for (r, k), c in view.grid.cells.items() if k == column and r != row and _is_worded(c)}
    repeated = [other for other in others if other not in cell.text and _repeats(view, other, clause)]
    if _repeats(view, cell.text, clause):
        if any(cell.text not in other for other in repeated):
            return None  # the claim lists several
        return Result(Stance.SUPPORT, TableReason.WORDING, (cell,), note, lines=where)
    named = alone and any(e.exact for e in view.columns)
    if repeated and named and view.own_paper and not view.unknown_scope and not _repeats_some(view, cell):
        return Result(Stance.CONTRADICT, TableReason.WORDING, (cell,), f"{note}, not {repeated[0]}", lines=where)
    return None


def _columns(view: View) -> list[int]:
    """Return the column that the claim names, or the only column of words of a table with no other."""
    named: list[Entity] = list(view.columns)
    if named:
        return sorted(named[0].lines) if len(named) == 1 else []
    return [0] if len(view.grid.columns) == 1 else []


def _repeats(view: View, words: str, clause: tuple[int, int]) -> bool:
    """Return True if all words of a cell stand in a clause of the claim, in order, outside the names of its row and
    column.
    """
    cell_tokens = [t for _, _, t in tokens(words)]
    if not cell_tokens or len(cell_tokens) > MAX_WORDS or not {*cell_tokens} - VAGUE:
        return False
    names = [span for e in (*view.rows, *view.columns) for span in e.spans]
    clause_tokens = [
        t
        for a, _, t in tokens(view.statement.text)
        if clause[0] <= a < clause[1] and not any(x <= a < y for x, y in names)
    ]
    at = -1
    for word in cell_tokens:
        if word not in clause_tokens[at + 1 :]:
            return False
        at = clause_tokens.index(word, at + 1)
    return True


def _is_worded(cell: GridCell) -> bool:
    return not cell.values and cell.text.casefold() not in EMPTY and bool(LETTERS.search(cell.text))


def _repeats_some(view: View, cell: GridCell) -> bool:
    """Return True if the claim has telling words of the right cell: it may say the same in other words."""
    mine = {t for _, _, t in tokens(cell.text)} - VAGUE
    return bool(mine & {t for _, _, t in tokens(view.statement.text)})
