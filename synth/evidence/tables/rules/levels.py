"""Levels that a claim states, against the cells under the heads that it names. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import product

from synth.core.types import Stance
from synth.evidence.tables.finding import TableReason
from synth.evidence.tables.grids.entities import Entity
from synth.evidence.tables.grids.grid import DESCRIBES, NUMERALS, GridAxis, GridCell
from synth.evidence.tables.grids.spelling import tokens
from synth.evidence.tables.result import Result, states
from synth.evidence.tables.statement import ClaimFigure, Quantifier
from synth.evidence.tables.view import View
from synth.quantities import Comparator, Quantity

DENIED = re.compile(r"\b(?:is|are|was|were|does|do|did|has|have)(?:\sn['’]t|n['’]t|\snot)\b", re.IGNORECASE)
MAX_SUMMED = 40  # cells of a total or mean
MAX_CELLS = 400  # candidate cells of one figure
BEHIND = re.compile(
    r"^[\s)]*(?:%|points?|accuracy|F1|\w+){0,2}\s?(?:for|on|in|with|by|of|at|to)\s(?:the\s|both\s)?$", re.IGNORECASE
)


def attached(view: View, figure: ClaimFigure, entities: Sequence[Entity]) -> Entity | None:
    """Return the one of several names that a figure belongs to; None where that is open."""
    if len(entities) == 1:
        return entities[0]
    text = view.statement.text
    levels = [f for f in view.figures if f.role is figure.role]
    # By where it starts: one end of a range is looked for in place of the range.
    at = next((i for i, f in enumerate(levels) if f.start == figure.start), 0)
    ordered = sorted(((a, b, e) for e in entities for a, b in e.spans), key=lambda item: item[0])
    # "A and B get 1 and 2 (respectively)", "1 and 2 for A and B".
    firsts = sorted(((*e.spans[0], e) for e in entities), key=lambda item: item[0])
    if len(levels) == len(firsts) > 1 and (_all_before(levels, firsts) or _all_before(firsts, levels)):
        return firsts[at][2]
    if len(firsts) > 1 and len(levels) % len(firsts) == 0 and _all_before(firsts, levels):
        return firsts[at % len(firsts)][2]
    before = [(b, e) for _, b, e in ordered if b <= figure.start]
    after = [(a, e) for a, _, e in ordered if a >= figure.end]
    if before and re.fullmatch(r"[\s’'s]*\((?:[A-Za-z][\w.-]*\s?[=:]?\s)?", text[before[-1][0] : figure.start]):
        return before[-1][1]
    if after and not any(figure.end <= f.start < after[0][0] for f in levels):
        gap = text[figure.end : after[0][0]]
        if BEHIND.match(gap):
            return after[0][1]
    if before:
        start = view.statement.clause_start(figure.start)
        inside = [e for b, e in before if b > start]
        return (inside or [before[-1][1]])[-1]
    return after[0][1] if len(after) == 1 else None


def _all_before(first: Sequence[object], second: Sequence[object]) -> bool:
    ends = [f.end if isinstance(f, ClaimFigure) else f[1] for f in first]  # type: ignore[index]
    starts = [f.start if isinstance(f, ClaimFigure) else f[0] for f in second]  # type: ignore[index]
    return max(ends) <= min(starts)


def check_level(view: View, figure: ClaimFigure) -> Result | None:
    grid, quantity = view.grid, figure.quantity
    if quantity.printed is None or not _tells(quantity) or view.is_elsewhere:
        return None
    row, column = attached(view, figure, view.rows), attached(view, figure, view.columns)
    rows = _lines(view, GridAxis.ROW, row)
    columns = _lines(view, GridAxis.COLUMN, column)
    if not rows or not columns or (row is None and column is None):
        return None
    places = [(r, c) for r, c in product(rows, columns) if (r, c) in grid.cells and grid.cells[r, c].values]
    if not places or len(places) > MAX_CELLS:
        return None
    hits = [(r, c) for r, c in places if _carries(view, grid.cells[r, c], quantity)]
    if hits and (view.unknown_labels or _is_denied(view, figure)):
        return None
    if quantity.comparator not in (Comparator.EXACT, Comparator.ABOUT):
        alone = row is not None and column is not None and len(view.rows) == len(view.columns) == 1
        if (
            not (alone or len(view.rows) + len(view.columns) == 1 == len(places))
            or view.unknown_names
            or len(hits) not in (0, len(places))
        ):
            return None
    elif (row is None or column is None) and len(places) > 1 and not is_telling(quantity):
        return None
    if hits:
        if len(hits) > 3 or (len(places) > 6 and not is_telling(quantity)):
            return None
        r, c = hits[0]
        note = f"{place(view, r, c)}: {grid.cells[r, c].text}"
        return Result(
            Stance.SUPPORT,
            TableReason.VALUE,
            (grid.cells[r, c],),
            note,
            quantity.text,
            lines=(grid.rows[r], grid.columns[c]),
        )
    if aggregate := _aggregate(view, quantity, row, column):
        return aggregate
    if not (row and column) and not _is_named_measure(view, row, column):
        return None
    if len(places) != 1 or view.is_open or not view.own_paper:
        return None
    if view.unknown_names or view.unknown_scope or view.unknown_metric or not _certain(view, row, column):
        return None
    if any(_carries(view, cell, quantity) for cell in grid.cells.values()) and len(view.rows) + len(view.columns) > 2:
        return None  # the figure stands elsewhere in the table: whose it is was perhaps misread
    (r, c) = places[0]
    cell = grid.cells[r, c]
    if any(_close(view, q, quantity) for q in cell.values) or not _alike(view, cell, quantity):
        return None
    note = f"{place(view, r, c)}: {cell.text}, not {quantity.text}"
    return Result(
        Stance.CONTRADICT, TableReason.VALUE, (cell,), note, quantity.text, lines=(grid.rows[r], grid.columns[c])
    )


def _is_denied(view: View, figure: ClaimFigure) -> bool:
    """Return True for "X is not the system that had 63"."""
    clause = view.statement.text[view.statement.clause_start(figure.start) : figure.start]
    return bool(DENIED.search(clause))


def _is_named_measure(view: View, row: Entity | None, column: Entity | None) -> bool:
    """Return True if a cell's measure is named: the only row or column of a table needs no name, but the claim must
    have a word of its head, if it has one.
    """
    axis = GridAxis.ROW if row is None else GridAxis.COLUMN
    lines = view.grid.lines(axis)
    if (row is None and column is None) or len(lines) != 1:
        return False
    words = {t for _, _, t in tokens(lines[0].head)} - {"%"}
    return not words or bool(words & {t for _, _, t in tokens(view.statement.text)})


def _aggregate(view: View, quantity: Quantity, row: Entity | None, column: Entity | None) -> Result | None:
    """Check a total or a mean that the table does not print: of the cells of the only line that the claim names."""
    if (row is None) == (column is None) or not is_telling(quantity) or view.unknown_names:
        return None
    if quantity.comparator is not Comparator.EXACT:
        return None
    entity, axis = (row, GridAxis.ROW) if row is not None else (column, GridAxis.COLUMN)
    if entity is None or len(entity.lines) != 1:
        return None
    (line,) = entity.lines
    lines = view.grid.lines(axis.other)
    cells = [
        cell
        for n in view.grid.results[axis.other]
        if not (lines[n].is_average or lines[n].is_total)
        and (cell := view.grid.cell(axis, line, n))
        and cell.value is not None
    ]
    if len(cells) < 2 or len(cells) > MAX_SUMMED:
        return None
    total = sum(cell.value or 0.0 for cell in cells)
    step = max(cell.step for cell in cells)
    mean = view.statement.quantifier[0] is Quantifier.AVERAGE
    value = total / len(cells) if mean else total
    if not states(quantity, value, 0.0 if mean else step, shares=False):
        return None
    note = f"{view.grid.name(axis, line)}: the {len(cells)} cells {'average' if mean else 'add up to'} {value:.6g}"
    return Result(
        Stance.SUPPORT,
        TableReason.AGGREGATE,
        tuple(cells[:20]),
        note,
        quantity.text,
        lines=(view.grid.lines(axis)[line],),
    )


def _certain(view: View, *owners: Entity | None) -> bool:
    return all(e is None or e.exact for e in owners) and len(view.figures) <= 4


def _tells(quantity: Quantity) -> bool:
    """Return False for a bare small whole number, which agrees by chance."""
    return bool(quantity.unit or quantity.step < 1 or abs(quantity.printed or 0) >= 10)


def is_telling(quantity: Quantity) -> bool:
    return quantity.printed_step < 1 or abs(quantity.printed or 0) >= 100


def _lines(view: View, axis: GridAxis, entity: Entity | None) -> list[int]:
    """Return the lines of an axis in which a figure is looked for; without a name the averages or the only line."""
    if entity is not None:
        return sorted(entity.lines)
    if view.entities(axis):
        return sorted(frozenset[int]().union(*(e.lines for e in view.entities(axis))))
    lines = view.grid.lines(axis)
    scope = view.scope(axis)
    if len(scope) == 1:
        return scope
    averages = [n for n, line in enumerate(lines) if line.is_average]
    return averages or (scope if axis is GridAxis.COLUMN or len(scope) <= 3 else [])


def _carries(view: View, cell: GridCell, claimed: Quantity) -> bool:
    shares = view.grid.shares
    return any(
        v.printed is not None and states(claimed, v.printed, v.printed_step, shares=shares) is True for v in cell.values
    )


def _close(view: View, stated: Quantity, claimed: Quantity) -> bool:
    if stated.printed is None:
        return True
    return states(claimed, stated.printed, stated.printed_step, shares=view.grid.shares) is not False


def _alike(view: View, cell: GridCell, claimed: Quantity) -> bool:
    """Return True for a figure of like size and like decimals, so that one can be printed instead of the other."""
    value, claimed_value = cell.value, claimed.printed
    if value is None or claimed_value is None or (claimed.comparator is Comparator.ABOUT and not value):
        return False
    if view.grid.shares and claimed.unit == "%":
        claimed_value /= 100
    if claimed.unit == "%" and not (0 <= value <= 100):
        return False
    if claimed.printed_step >= 1 and claimed.unit != "%" and cell.step < 1:
        return False
    return value == 0 or claimed_value == 0 or 0.05 <= abs(claimed_value / value) <= 20


def place(view: View, row: int, column: int) -> str:
    grid = view.grid
    return ", ".join(head for head in (grid.name(GridAxis.ROW, row), grid.name(GridAxis.COLUMN, column)) if head)


def check_ends(view: View, figure: ClaimFigure) -> Result | None:
    """Check "from 71.8 to 67.7", "between 34 and 42": both ends are levels, or the range of the named cells."""
    q = figure.quantity
    if q.pair is None:
        return None
    results = [
        check_level(view, replace(figure, quantity=replace(q, low=end, high=end, ends=None, printed=end)))
        for end in q.pair
    ]
    if all(r is not None and r.stance is Stance.SUPPORT for r in results):
        cells = tuple(cell for r in results if r for cell in r.cells)
        return Result(Stance.SUPPORT, TableReason.VALUE, cells, "; ".join(r.note for r in results if r), q.text)
    return None


def check_described(view: View) -> list[Result]:
    """Check "the model with 3.5 billion parameters gains 1.8": a column that describes the rows names them.

    Supports only, if every figure of the claim has its place.
    """
    grid = view.grid
    if any(row.head for row in grid.rows) or view.unknown_names or view.unknown_metric or view.is_elsewhere:
        return []
    words = {t for _, _, t in tokens(view.statement.text)}
    describing = {
        n
        for n, column in enumerate(grid.columns)
        if DESCRIBES.search(column.head) and words & {t for _, _, t in tokens(column.head)}
    }
    results: list[Result] = []
    row = None
    for figure in view.figures:
        numeral = NUMERALS.search(figure.quantity.text)
        heads = [
            r for (r, c), cell in grid.cells.items() if c in describing and numeral and cell.text == numeral.group()
        ]
        where = [at for at, cell in grid.cells.items() if _carries(view, cell, figure.quantity)]
        if heads:
            row = heads[0] if len(heads) == 1 else None
        elif row is not None and (places := [(r, c) for r, c in where if r == row]):
            r, c = places[0]
            head = next(grid.cells[r, d] for d in sorted(describing) if (r, d) in grid.cells)
            note = f"{grid.columns[c].head}: {grid.cells[r, c].text} in the row of {head.text}"
            cells = (grid.cells[r, c], head)
            results.append(
                Result(Stance.SUPPORT, TableReason.VALUE, cells, note, figure.quantity.text, lines=(grid.columns[c],))
            )
        else:
            return []
    return results
