"""Changes that a claim states, against differences and ratios of cells and printed changes. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations, permutations, product

from synth.core.types import Stance
from synth.evidence.tables.finding import TableReason
from synth.evidence.tables.grids.entities import Entity
from synth.evidence.tables.grids.grid import GridAxis, GridCell
from synth.evidence.tables.grids.spelling import folded
from synth.evidence.tables.result import Result, states
from synth.evidence.tables.rules.cues import Sense
from synth.evidence.tables.rules.levels import MAX_CELLS, attached, is_telling, place
from synth.evidence.tables.rules.sides import pairs, sides
from synth.evidence.tables.statement import ClaimFigure, FigureRole, Quantifier
from synth.evidence.tables.view import View
from synth.quantities import Comparator, Quantity, same

EXACT = frozenset({Comparator.EXACT, Comparator.UP_TO})
MIN_DERIVED = 2
STEP = 1e-9  # figures are the same to the last digit
MAX_LINES = 40  # cells of a line that pairs are made of
PREVIOUS = re.compile(
    r"\b(?:(?:previous|prior|former|existing|current|earlier)\s(?:\w+\s){0,2}?"
    r"(?:state[- ]of[- ]the[- ]art|best|results?|methods?|models?|systems?|work|approach(?:es)?)|"
    r"state[- ]of[- ]the[- ]art)\b",
    re.IGNORECASE,
)
CHANGES = re.compile(r"\b(?:reductions?|improvements?|gains?|differences?|changes?|deltas?)\b", re.IGNORECASE)


def check_change(view: View, figure: ClaimFigure) -> Result | None:
    """Check a difference or ratio of two named lines, in the scope that the claim names, or a cell of a column of
    changes.
    """
    q = figure.quantity
    if q.printed is None or view.is_elsewhere or not (q.unit or q.printed_step < 1 or figure.role is FigureRole.FACTOR):
        return None
    for axis in (GridAxis.ROW, GridAxis.COLUMN):
        pair = sides(view, axis, figure.start)
        if pair is None:
            continue
        treated, base = pair
        attached = _attached_side(view, figure, base)
        base = attached or base
        crosses = _crosses(view, axis, figure, (*treated, *base))
        result = _difference(view, axis, treated, base, crosses, figure)
        if result is not None:
            return result
    return _printed_change(view, figure) or check_best_before(view, figure)


def _attached_side(view: View, figure: ClaimFigure, base: Sequence[Entity]) -> list[Entity] | None:
    if len(base) < 2:
        return None
    entity = attached(view, figure, list(base))
    return [entity] if entity else None


def _crosses(view: View, axis: GridAxis, figure: ClaimFigure, skip: Sequence[Entity]) -> list[int]:
    entities = [e for e in view.entities(axis.other) if e not in skip]
    lines = view.grid.lines(axis.other)
    if entities:
        owner = attached(view, figure, entities)
        named = sorted(owner.lines) if owner else view.scope(axis.other)
        return [n for n in named if lines[n].is_average] or named
    averages = [n for n, line in enumerate(lines) if line.is_average]
    if (
        not averages
        and not is_telling(figure.quantity)
        and len(view.scope(axis.other)) > 2
        and figure.quantity.comparator is not Comparator.UP_TO
    ):
        return []
    kind, _, _ = view.statement.quantifier
    if figure.quantity.comparator is Comparator.UP_TO or kind in (Quantifier.ALL, Quantifier.MOST):
        return view.scope(axis.other)
    return averages or view.scope(axis.other)


@dataclass(frozen=True)
class _CellPair:
    """Cells of two lines of an axis in one line across, with the difference of two of their figures."""

    difference: float
    step: float
    first: GridCell
    second: GridCell
    line: int
    other: int
    cross: int


def _difference(
    view: View,
    axis: GridAxis,
    treated: Sequence[Entity],
    base: Sequence[Entity],
    crosses: Sequence[int],
    figure: ClaimFigure,
) -> Result | None:
    """Decide a change by the differences between two sides: one that fits bears it out."""
    cell_pairs = _cell_pairs(view, axis, treated, base, crosses)
    if not cell_pairs or len(cell_pairs) > MAX_CELLS:
        return None
    q = figure.quantity
    widest = max(cell_pairs, key=lambda pair: abs(pair.difference))
    reach = [widest] if q.comparator is Comparator.UP_TO else cell_pairs
    if hit := next((pair for pair in reach if _fits(view, pair, figure)), None):
        lines = view.grid.lines(axis)
        return Result(
            Stance.SUPPORT,
            TableReason.DIFFERENCE,
            (hit.first, hit.second),
            _subtracted(view, axis, hit.line, hit.other, hit.cross),
            q.text,
            against=hit.second,
            lines=(lines[hit.line], lines[hit.other], view.grid.lines(axis.other)[hit.cross]),
        )
    unknown = view.unknown_names or view.unknown_scope or view.unknown_metric
    if not view.own_paper or unknown or figure.role is FigureRole.FACTOR:
        return None
    exact = all(e.exact for e in (*treated, *base))
    contradicting = widest if q.comparator is Comparator.UP_TO else cell_pairs[0]
    if q.comparator is not Comparator.UP_TO and (len(cell_pairs) != 1 or q.comparator not in EXACT or not exact):
        return None
    return _no_difference(view, axis, contradicting, q) if _is_off(view, contradicting, q) else None


def _cell_pairs(
    view: View, axis: GridAxis, treated: Sequence[Entity], base: Sequence[Entity], crosses: Sequence[int]
) -> list[_CellPair]:
    """Return every pair of figures of the two sides."""
    cell_pairs = []
    for line, other in pairs(view, axis, treated, base):
        for cross in crosses:
            a, b = view.grid.cell(axis, line, cross), view.grid.cell(axis, other, cross)
            if a and b:
                for x, y in zip(a.values, b.values, strict=False):
                    if x.printed is not None and y.printed is not None:
                        step = max(x.printed_step, y.printed_step)
                        cell_pairs.append(_CellPair(x.printed - y.printed, step, a, b, line, other, cross))
    return cell_pairs


def _scale(view: View, q: Quantity) -> int:
    """Return 100 where a table prints shares and the claim per cent."""
    return 100 if view.grid.shares and (q.unit in ("%", "points") or abs(q.printed or 0.0) >= 1) else 1


def _fits(view: View, pair: _CellPair, figure: ClaimFigure) -> bool:
    """Return True if two cells differ by the claimed change, absolute or relative, or are in the claimed ratio."""
    q, a, b = figure.quantity, pair.first, pair.second
    claimed, scale = abs(q.printed or 0.0), _scale(view, q)
    amount = abs(pair.difference) * scale
    if figure.role is FigureRole.FACTOR and a.value and b.value:
        ratio = a.value / b.value
        return same(ratio, claimed, q.printed_step) or same(1 / ratio, claimed, q.printed_step)
    if q.comparator not in EXACT:
        return states(q, amount, pair.step * scale) is True
    if pair.step * scale <= q.printed_step * 1.001 and same(amount, claimed, q.printed_step):
        return True
    relative = 100 * abs(pair.difference) / abs(b.value) if b.value and q.unit == "%" else None
    return relative is not None and same(relative, claimed, q.printed_step)


def _is_off(view: View, pair: _CellPair, q: Quantity) -> bool:
    """Return True if a difference is so far from the claimed one that neither rounding nor a ratio explains it."""
    claimed, scale = abs(q.printed or 0.0), _scale(view, q)
    amount = abs(pair.difference) * scale
    if q.comparator is Comparator.UP_TO:
        return amount < claimed - 2 * q.printed_step and amount < 0.8 * claimed
    relative = 100 * abs(pair.difference) / abs(pair.second.value) if pair.second.value else 0.0
    rounded = abs(amount - claimed) <= 2 * max(pair.step * scale, q.printed_step)
    return not rounded and abs(relative - claimed) > 2 * q.printed_step


def _no_difference(view: View, axis: GridAxis, pair: _CellPair, q: Quantity) -> Result:
    """Return the contradiction of a change by the difference of two cells."""
    lines = view.grid.lines(axis)
    note = f"{_subtracted(view, axis, pair.line, pair.other, pair.cross)}, not {q.text}"
    return Result(
        Stance.CONTRADICT,
        TableReason.DIFFERENCE,
        (pair.first, pair.second),
        note,
        q.text,
        against=pair.second,
        lines=(lines[pair.line], lines[pair.other]),
    )


def _subtracted(view: View, axis: GridAxis, line: int, other: int, cross: int) -> str:
    """Return a difference for people: "XLM-R, XNLI: 80.9 – mBERT 65.4 = 15.5"."""
    grid = view.grid
    a, b = grid.cell(axis, line, cross), grid.cell(axis, other, cross)
    head = ", ".join(filter(None, (grid.name(axis, line), grid.name(axis.other, cross))))
    if a is None or b is None or a.value is None or b.value is None:
        return head
    return f"{head}: {a.text} – {grid.name(axis, other)} {b.text} = {a.value - b.value:.4g}"


def check_derived(view: View) -> list[Result]:
    """Check two or more changes over a base that the claim does not name ("over the baseline, by 3.2 and 1.3").

    One line of the table must bear out all of them.
    """
    changes = [f for f in view.figures if f.role is FigureRole.CHANGE and f.quantity.printed is not None]
    if (
        len(changes) < MIN_DERIVED
        or not any(f.quantity.printed_step < 1 for f in changes)
        or not view.own_paper
        or view.is_elsewhere
    ):
        return []
    for axis in GridAxis:
        before = [e for e in view.entities(axis) if e.spans[0][1] <= changes[0].start]
        if not before:
            continue
        for line, base in product(sorted(before[-1].lines), range(len(view.grid.lines(axis)))):
            results = [_change_over(view, axis, line, base, figure) for figure in changes] if line != base else []
            if results and all(results):
                return [result for result in results if result]
        owners = [attached(view, figure, view.entities(axis.other)) for figure in changes]
        if len({line.lines for line in owners if line}) < MIN_DERIVED:
            continue
        # "Gains over their Wikipedia counterparts are 7 for A and 4.8 for B": one pair of lines has both.
        fitting = [
            results
            for line, base in combinations(range(len(view.grid.lines(axis))), 2)
            if all(results := [_change_over(view, axis, line, base, figure) for figure in changes])
        ]
        if len(fitting) == 1:
            return [result for result in fitting[0] if result]
    return []


def check_level_and_change(view: View) -> list[Result]:
    """Check a level with a change from it ("89.43, 8.49 above …", "from 71.3 to 70.7, 0.6 less").

    The claim calls the lines by no head of the table: one line across must hold both ends, and no other pair of cells
    may fit.
    """
    levels = [f for f in view.figures if f.role is FigureRole.LEVEL and _is_fine(f)]
    changes = [f for f in view.figures if f.role is FigureRole.CHANGE and _is_fine(f)]
    if len(changes) != 1 or not levels or not view.own_paper or view.is_elsewhere:
        return []
    change, grid = changes[0].quantity, view.grid
    claimed = [end for f in levels for end in (f.quantity.pair or (f.quantity.printed or 0.0,))]
    fitting: list[Result] = []
    for axis in GridAxis:
        for cross, line in enumerate(grid.lines(axis.other)):
            cells = [cell for n in range(len(grid.lines(axis))) if (cell := grid.cell(axis, n, cross)) and cell.values]
            if len(cells) > MAX_LINES:
                return []
            for a, b in permutations(cells, 2):
                if a.value is None or b.value is None or not same(a.value, claimed[0], STEP):
                    continue
                if same(abs(a.value - b.value), abs(change.printed or 0.0), STEP) and all(
                    same(a.value, end, STEP) or same(b.value, end, STEP) for end in claimed
                ):
                    note = f"{line.head}: {a.text} – {b.text} = {a.value - b.value:.4g}"
                    fitting.append(
                        Result(Stance.SUPPORT, TableReason.DERIVED, (a, b), note, change.text, against=b, lines=(line,))
                    )
    return fitting if len(fitting) == 1 else []


def _is_fine(figure: ClaimFigure) -> bool:
    """Return True for a figure that a cell does not carry by chance: three digits, or a change with decimals."""
    q = figure.quantity
    return q.printed is not None and q.comparator is Comparator.EXACT and q.printed_step < 1


def check_best_before(view: View, figure: ClaimFigure) -> Result | None:
    """Check "improves over the previous state of the art by 9.1" against the best row that is no variant of the treated
    one.
    """
    q = figure.quantity
    if not PREVIOUS.search(view.statement.text) or q.printed is None or q.printed_step >= 1 or view.is_elsewhere:
        return None
    axis = GridAxis.ROW
    treated = [e for e in view.entities(axis) if e.spans[0][1] <= figure.start]
    lines = view.grid.lines(axis)
    if len(treated) != 1 or not view.own_paper:
        return None
    name = folded(treated[0].text)
    kin = {n for n, line in enumerate(lines) if any(folded(part).startswith(name) for part in line.levels)}
    for cross in _crosses(view, axis, figure, ()):
        upward = view.upward(Sense.BETTER, axis, cross)
        for group in {line.levels[0] for line in lines if line.levels} | {""}:
            members = [n for n, line in enumerate(lines) if not group or line.levels[:1] == (group,)]
            values = {n: value for n in members if (value := view.grid.value(axis, n, cross)) is not None}
            rivals = {n: value for n, value in values.items() if n not in kin and n not in treated[0].lines}
            if not rivals or upward is None:
                continue
            best = (max if upward else min)(rivals, key=lambda n: rivals[n])
            for treated_line in sorted(treated[0].lines & values.keys()):
                if same(abs(values[treated_line] - rivals[best]), abs(q.printed), q.printed_step):
                    return _change_over(view, axis, treated_line, best, figure)
    return None


def _change_over(view: View, axis: GridAxis, line: int, base: int, figure: ClaimFigure) -> Result | None:
    for cross in _crosses(view, axis, figure, ()):
        a, b = view.grid.cell(axis, line, cross), view.grid.cell(axis, base, cross)
        if not a or not b or a.value is None or b.value is None:
            continue
        if max(a.step, b.step) > figure.quantity.printed_step * 1.001:
            continue
        if same(abs(a.value - b.value), abs(figure.quantity.printed or 0.0), figure.quantity.printed_step):
            lines, where = view.grid.lines(axis), view.grid.lines(axis.other)[cross]
            note = _subtracted(view, axis, line, base, cross)
            return Result(
                Stance.SUPPORT,
                TableReason.DERIVED,
                (a, b),
                note,
                figure.quantity.text,
                against=b,
                lines=(lines[line], where),
            )
    return None


def _printed_change(view: View, figure: ClaimFigure) -> Result | None:
    """Check a change that a column or row of changes prints itself."""
    grid, q = view.grid, figure.quantity
    for axis in (GridAxis.ROW, GridAxis.COLUMN):
        entity = attached(view, figure, view.entities(axis))
        if entity is None:
            continue
        crosses = [n for n, line in enumerate(grid.lines(axis.other)) if line.is_change]
        named = view.scope(axis.other) if view.entities(axis.other) else crosses
        crosses = [n for n in crosses if n in named] or (list(named) if CHANGES.search(grid.caption) else [])
        for line, cross in product(sorted(entity.lines), crosses):
            cell = grid.cell(axis, line, cross)
            if (
                cell
                and cell.value is not None
                and states(replace(q, printed=abs(q.printed or 0)), abs(cell.value), cell.step)
            ):
                r, c = (line, cross) if axis is GridAxis.ROW else (cross, line)
                note = f"{place(view, r, c)}: {cell.text}"
                return Result(
                    Stance.SUPPORT, TableReason.DIFFERENCE, (cell,), note, q.text, lines=(grid.rows[r], grid.columns[c])
                )
    return None
