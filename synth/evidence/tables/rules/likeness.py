"""Likeness that a claim states: "on par with", "comparable to", "competitive with", within a small share. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product

from synth.core.types import Stance
from synth.evidence.tables.finding import TableReason
from synth.evidence.tables.grids.entities import Entity
from synth.evidence.tables.grids.grid import GridAxis, GridCell
from synth.evidence.tables.result import Result
from synth.evidence.tables.rules.cues import Cue, Sense
from synth.evidence.tables.rules.orders import lines_of, names_of
from synth.evidence.tables.rules.sides import MAX_PAIRS, pairs, split_sides
from synth.evidence.tables.statement import Quantifier
from synth.evidence.tables.view import View

ALIKE = re.compile(
    r"\b(?:(?P<least>competitive\s(?:\w+\s){0,2}(?:with|to|against)|as (?:good|well|accurate|effective) as)|"
    r"on (?:a )?par with|compar(?:able|ably)\s(?:\w+\s){0,2}(?:to|with)|"
    r"similar(?:ly)?\s(?:\w+\s){0,2}(?:to|as)|close to|"
    r"matches|matching|rivals|equally (?:well|good) as|no (?:large |clear |notable )?difference\w* between)\b",
    re.IGNORECASE,
)
# Of the larger figure: what papers call comparable.
TOLERANCE = 0.03


def check_alike(view: View) -> Result | None:
    """Check "A is on par with B": their figures differ by a small share in every cell in scope. Supports only.

    "Competitive with" is borne out by a better figure too. Where no line is named as the other side ("competitive with
    strong baselines"), the best of all other lines has to be within reach, in columns of averages if there are any.
    """
    text = view.statement.text
    match = ALIKE.search(text)
    if match is None or not view.own_paper or view.statement.negated(match.start()):
        return None
    if view.is_open or view.is_elsewhere or view.unknown_names or view.unknown_metric:
        return None
    cue = Cue(Sense.EQUAL, match.start(), match.end(), than=match.end())
    for axis in GridAxis:
        pair = split_sides(view, view.entities(axis), cue)
        if pair is not None:
            return (
                None
                if view.unknown_scope_beside(match.span())
                else _compared(view, axis, *pair, at_least=bool(match["least"]))
            )
        if match["least"] and (result := _against_best(view, axis, cue)):
            return result
    return None


def _compared(
    view: View, axis: GridAxis, first: Sequence[Entity], second: Sequence[Entity], *, at_least: bool
) -> Result | None:
    line_pairs = pairs(view, axis, first, second)
    crosses = _crosses(view, axis, (*first, *second))
    if not line_pairs or len(line_pairs) * len(crosses) > MAX_PAIRS:
        return None
    cells: list[tuple[GridCell, GridCell]] = []
    for (line, other), at in product(line_pairs, crosses):
        a, b = view.grid.cell(axis, line, at), view.grid.cell(axis, other, at)
        if a is None or b is None or a.value is None or b.value is None:
            continue
        if not _within(view, axis, at, a.value, b.value, at_least=at_least):
            return None
        cells.append((a, b))
    if not cells:
        return None
    names = f"{names_of(view, axis, first)} {cells[0][0].text}, {names_of(view, axis, second)} {cells[0][1].text}"
    return _supported(cells, names, lines_of(view, (*first, *second)))


def _crosses(view: View, axis: GridAxis, used: Sequence[Entity]) -> list[int]:
    crosses = view.scope(axis.other, used)
    averages = [n for n in crosses if view.grid.lines(axis.other)[n].is_average]
    return averages if averages and view.statement.quantifier[0] is not Quantifier.ALL else crosses


def _within(view: View, axis: GridAxis, at: int, value: float, base: float, *, at_least: bool) -> bool:
    largest = max(abs(value), abs(base))
    if largest == 0 or abs(value - base) <= TOLERANCE * largest:
        return True
    upward = view.upward(Sense.BETTER, axis, at)
    return at_least and upward is not None and (value > base) == upward


def _against_best(view: View, axis: GridAxis, cue: Cue) -> Result | None:
    """Compare one line with the best of all others, which the claim does not name."""
    treated = [e for e in view.entities(axis) if e.spans[0][1] <= cue.start]
    named = [m for m in view.statement.names if m.kind == "dataset" and m.start >= cue.end]
    if len(treated) != 1 or len(view.entities(axis)) != 1 or not named:
        return None
    (entity,) = treated
    lines = view.grid.lines(axis.other)
    cells: list[tuple[GridCell, GridCell]] = []
    for at in view.grid.results[axis.other]:
        if any(line.is_average for line in lines) and not lines[at].is_average:
            continue
        upward = view.upward(Sense.BETTER, axis, at)
        rivals = [
            cell
            for n in view.grid.results[axis]
            if n not in entity.lines and (cell := view.grid.cell(axis, n, at)) and cell.value is not None
        ]
        own = [cell for n in entity.lines if (cell := view.grid.cell(axis, n, at)) and cell.value is not None]
        if upward is None or not rivals or not own:
            return None
        best = (max if upward else min)(rivals, key=lambda cell: cell.value or 0.0)
        mine = (max if upward else min)(own, key=lambda cell: cell.value or 0.0)
        if not _within(view, axis, at, mine.value or 0.0, best.value or 0.0, at_least=True):
            return None
        cells.append((mine, best))
    if not cells:
        return None
    note = f"{names_of(view, axis, treated)} {cells[0][0].text}, the best of the others {cells[0][1].text}"
    return _supported(cells, note, lines_of(view, treated))


def _supported(cells: Sequence[tuple[GridCell, GridCell]], note: str, lines: Sequence[object]) -> Result:
    shown = tuple(cell for pair in cells[:20] for cell in pair)
    total = len(cells)
    return Result(
        Stance.SUPPORT,
        TableReason.ALIKE,
        shown,
        note,
        agree=total,
        total=total,
        against=cells[0][1],
        lines=tuple(lines),  # type: ignore[arg-type]
    )
