"""Differences between the figures of two tables: a reference in one, what falls short of it in another. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from synth.core.types import Stance
from synth.evidence.tables.finding import TableReason
from synth.evidence.tables.grids.grid import GridAxis, GridCell
from synth.evidence.tables.result import Result
from synth.evidence.tables.rules.levels import attached
from synth.evidence.tables.statement import ClaimFigure, FigureRole
from synth.evidence.tables.view import View
from synth.quantities import same

MIN_FIGURES = 2  # that one pair of lines has to bear out
MAX_BASES = 600  # cells of other tables that are tried as the reference
Fit = tuple[View, tuple[tuple[ClaimFigure, GridCell, GridCell], ...], int]


def check_across(views: Sequence[View], others: Sequence[View]) -> list[tuple[View, Result]]:
    """Check changes between the lines of two tables: "the penalty is 5.2 for DE and 8.7 for ZH".

    At least two changes with their columns, each the difference between a line of one table and a reference in another.
    Exactly one line and one reference may fit. Supports only.

    The reference is one cell for all figures, or one line with a column for each. `views`: of the tables that the claim
    names something of; the reference may stand in one of the `others`.
    """
    fitting = [fit for own, other in product(views, (*views, *others)) if own is not other for fit in _fits(own, other)]
    distinct = {tuple(tuple(sorted((a.order, b.order))) for _, a, b in cells) for _, cells, _ in fitting}
    if len(distinct) != 1:
        return []
    view, cells, line = fitting[0]
    head = view.grid.name(GridAxis.ROW, line)
    return [
        (
            view,
            Result(
                Stance.SUPPORT,
                TableReason.DERIVED,
                (mine, base),
                f"{head}: {mine.text} – {base.text} = {abs((mine.value or 0) - (base.value or 0)):.4g}",
                figure.quantity.text,
                against=base,
                lines=(view.grid.rows[line],),
            ),
        )
        for figure, mine, base in cells
    ]


def _fits(view: View, other: View) -> Iterator[Fit]:
    """Yield the lines of one table that bear out all changes of the claim against references of another."""
    placed = _placed(view)
    if len({at for _, at in placed}) < MIN_FIGURES:
        return
    levels = [f.quantity.printed for f in view.figures if f.role is FigureRole.LEVEL and f.quantity.pair is None]
    theirs = dict(_placed(other))
    for line in view.grid.results[GridAxis.ROW]:
        mine = [(figure, view.grid.cells.get((line, at))) for figure, at in placed]
        cells = [(figure, cell) for figure, cell in mine if cell is not None and cell.value is not None]
        if len(cells) != len(placed):
            continue
        for bases in _bases(other, [figure for figure, _ in placed], theirs, levels):
            pairs = tuple((figure, cell, base) for (figure, cell), base in zip(cells, bases, strict=True))
            if all(_is_difference(*pair) for pair in pairs):
                yield view, pairs, line


def _placed(view: View) -> list[tuple[ClaimFigure, int]]:
    """Return the claim's changes with the columns that they belong to: the average of each, where it has one."""
    placed: list[tuple[ClaimFigure, int]] = []
    changes = [f for f in view.figures if f.role is FigureRole.CHANGE and f.quantity.printed is not None]
    for figure in changes:
        entity = attached(view, figure, view.columns)
        if entity is None or figure.quantity.printed_step >= 1:
            return []
        lines = sorted(entity.lines)
        averages = [n for n in lines if view.grid.columns[n].is_average]
        if len(averages or lines) != 1:
            return []
        placed.append((figure, (averages or lines)[0]))
    return placed


def _bases(
    view: View, figures: Sequence[ClaimFigure], columns: dict[ClaimFigure, int], levels: Sequence[float | None]
) -> Iterator[list[GridCell]]:
    grid = view.grid
    if columns:
        for line in grid.results[GridAxis.ROW]:
            cells = [grid.cells.get((line, columns[figure])) for figure in figures if figure in columns]
            if len(cells) == len(figures) and all(cell is not None and cell.value is not None for cell in cells):
                yield [cell for cell in cells if cell is not None]
    averages = {n for n, line in enumerate(grid.columns) if line.is_average}
    single = [cell for (_, c), cell in grid.cells.items() if c in averages or (not averages and len(grid.columns) == 1)]
    stated = [cell for cell in single if any(level is not None and cell.value == level for level in levels)]
    for cell in (stated if levels else single)[:MAX_BASES]:
        if cell.value is not None:
            yield [cell] * len(figures)


def _is_difference(figure: ClaimFigure, mine: GridCell, base: GridCell) -> bool:
    quantity = figure.quantity
    if max(mine.step, base.step) > quantity.printed_step * 1.001 or mine.value is None or base.value is None:
        return False
    difference, claimed = mine.value - base.value, quantity.printed or 0.0
    if quantity.signed:
        return same(difference, claimed, quantity.printed_step)
    return same(abs(difference), abs(claimed), quantity.printed_step)
