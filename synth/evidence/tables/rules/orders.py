"""Orders that a claim states of two sides, read off all cells in its scope. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from synth.core.types import Stance
from synth.evidence.tables.finding import TableReason
from synth.evidence.tables.grids.entities import Entity
from synth.evidence.tables.grids.grid import CITED, GridAxis, GridCell, GridLine
from synth.evidence.tables.grids.spelling import tokens
from synth.evidence.tables.result import Result
from synth.evidence.tables.rules.cues import Cue, Sense
from synth.evidence.tables.rules.sides import MAX_PAIRS, pairs, split_sides
from synth.evidence.tables.statement import Quantifier
from synth.evidence.tables.view import View

PREVIOUS = re.compile(
    r"\b(?:previous|prior|earlier|existing|published)\s(?:\w+\s){0,2}?"
    r"(?:work|state[- ]of[- ]the[- ]art|results?|methods?|models?|systems?|approach(?:es)?)\b",
    re.IGNORECASE,
)
# Shares of agreeing cells from which an order without quantifier holds, and up to which it is contradicted.
HOLDS, FAILS = 1.0, 0.34
MAJORITY = 0.5


def check_order(view: View) -> Result | None:
    """Check an order of two named sides ("A outperforms B on T"), or of one side and all others."""
    for cue in view.cues(view.statement.comparatives):
        if cue.sense is Sense.EQUAL:
            continue
        for axis in GridAxis:
            if result := _order(view, axis, cue):
                return result
    return check_previous(view)


def check_previous(view: View) -> Result | None:
    """Check an order of one system and previous work: the cited rows of its group, the best of each column. Supports
    only.
    """
    cues = [cue for cue in view.cues(view.statement.comparatives) if cue.sense in (Sense.BETTER, Sense.WORSE)]
    rows = view.grid.rows
    treated = [e for e in view.rows if not any(CITED.search(rows[n].head) for n in e.lines)]
    match = PREVIOUS.search(view.statement.text)
    if len(cues) != 1 or len(treated) != 1 or match is None or view.figures or not view.own_paper:
        return None
    named = {t for _, _, t in tokens(match.group())}
    if view.unknown_names or view.unknown_scope - named or view.unknown_metric or view.statement.negated(cues[0].start):
        return None
    wins = (cues[0].sense is Sense.BETTER) is not cues[0].passive
    compared: list[tuple[GridCell, GridCell]] = []
    for line, at in product(sorted(treated[0].lines), view.scope(GridAxis.COLUMN)):
        mine = view.grid.cell(GridAxis.ROW, line, at)
        upward = view.upward(Sense.BETTER, GridAxis.ROW, at)
        group = rows[line].levels[:-1]
        rivals = [
            cell
            for n, row in enumerate(rows)
            if row.levels[:-1] == group and CITED.search(row.head) and (cell := view.grid.cell(GridAxis.ROW, n, at))
        ]
        known = [(cell.value, cell) for cell in rivals if cell.value is not None]
        if mine is None or mine.value is None or upward is None or not known:
            continue
        value, best = (max if upward else min)(known, key=lambda item: item[0])
        if value == mine.value or ((mine.value > value) == upward) is not wins:
            return None
        compared.append((mine, best))
    if not compared:
        return None
    note = f"{treated[0].text} against the best cited row in {len(compared)} of {len(compared)} cells"
    cells = tuple(cell for pair in compared[:20] for cell in pair)
    total = len(compared)
    return Result(Stance.SUPPORT, TableReason.COMPARISON, cells, note, agree=total, total=total, against=compared[0][1])


@dataclass(frozen=True)
class _Compared:
    """Cells of two lines in one line across. `verdict`: they stand in the claimed order; None where they are equal."""

    verdict: bool | None
    first: GridCell
    second: GridCell
    line: int
    cross: int


def _order(view: View, axis: GridAxis, cue: Cue) -> Result | None:
    """Decide an order of two named sides over all cells in scope."""
    pair = split_sides(view, view.entities(axis), cue)
    if pair is None or view.is_open:
        return None
    first, second = pair
    used = (*first, *second)
    clause = (view.statement.clause_start(cue.start), view.statement.clause_end(cue.end))
    skip = view.entities(axis.other) if view.statement.quantifier[0] is Quantifier.ALL_BUT else ()
    compared = _compared(view, axis, first, second, view.scope(axis.other, skip, clause), cue.sense)
    if not compared:
        return None
    lines = view.grid.lines(axis.other)
    averages = [item for item in compared if lines[item.cross].is_average]
    plain = [item for item in compared if not lines[item.cross].is_average] or compared
    if view.statement.quantifier[0] is Quantifier.AVERAGE and averages:
        plain = averages
    denied, total = view.statement.negated(cue.start), len(plain)
    agree = sum(item.verdict is not True if denied else item.verdict is True for item in plain)
    stance = _stance(view, compared, averages, agree, total, denied=denied, several=len(first) > 1)
    if stance is None:
        return None
    cross = [e for e in view.entities(axis.other) if e not in used]
    if stance is Stance.CONTRADICT and not may_contradict(view, used, cross):
        return None
    if stance is Stance.CONTRADICT and not cross and total > 1 and cue.sense in (Sense.HIGHER, Sense.LOWER):
        return None  # "more points": of which column, it does not say
    if view.unknown_names or view.unknown_scope or view.unknown_metric:
        return None
    names = (names_of(view, axis, first), names_of(view, axis, second))
    shown = plain[0]
    where = view.grid.name(axis.other, shown.cross)
    word = "above" if view.upward(cue.sense, axis, shown.cross) else "below"
    note = f"{names[0]} is {word} {names[1]} in {agree if not denied else total - agree} of {total} cells"
    if total == 1:
        note = f"{where}: {names[0]} {shown.first.text}, {names[1]} {shown.second.text}".lstrip(": ")
    return Result(
        stance,
        TableReason.COMPARISON,
        tuple(cell for item in plain[:20] for cell in (item.first, item.second)),
        note,
        agree=agree,
        total=total,
        against=shown.second,
        lines=lines_of(view, used),
    )


def _compared(
    view: View,
    axis: GridAxis,
    first: Sequence[Entity],
    second: Sequence[Entity],
    crosses: Sequence[int],
    sense: Sense,
) -> list[_Compared]:
    """Compare the cells of two sides; none where there are too many."""
    line_pairs = pairs(view, axis, first, second)
    if len(line_pairs) * len(crosses) > MAX_PAIRS:
        return []
    compared = []
    for (line, other), cross in product(line_pairs, crosses):
        a, b = view.grid.cell(axis, line, cross), view.grid.cell(axis, other, cross)
        upward = view.upward(sense, axis, cross)
        if a and b and a.value is not None and b.value is not None and upward is not None:
            verdict = None if a.value == b.value else (a.value > b.value) == upward
            compared.append(_Compared(verdict, a, b, line, cross))
    return compared


def _stance(
    view: View,
    compared: Sequence[_Compared],
    averages: Sequence[_Compared],
    agree: int,
    total: int,
    *,
    denied: bool,
    several: bool,
) -> Stance | None:
    """Return the stance of `agree` of `total` cells; `several`: the claim names several lines of the first side."""
    kind, n, m = view.statement.quantifier
    stance = by_quantifier(kind, n, m, agree, total, own=view.own_paper)
    on_average = averages and all(item.verdict is not denied for item in averages)
    if kind is Quantifier.NONE and on_average and agree > MAJORITY * total:
        stance = Stance.SUPPORT
    if stance is None and several and not denied:
        best = {item.line for item in compared if item.verdict}
        if any(item.line not in best for item in compared):
            return Stance.CONTRADICT  # "A and B outperform C": B does nowhere
    return stance


def lines_of(view: View, entities: Sequence[Entity]) -> tuple[GridLine, ...]:
    return tuple(view.grid.lines(e.axis)[min(e.lines)] for e in entities)


def names_of(view: View, axis: GridAxis, entities: Sequence[Entity]) -> str:
    return " and ".join(view.grid.name(axis, min(e.lines)) if len(e.lines) == 1 else e.text for e in entities)


def may_contradict(view: View, used: Sequence[Entity], cross: Sequence[Entity]) -> bool:
    """Return True if all sides are met in full, what they are compared on in full or as one line, and no figure is
    pointed to.
    """
    met = all(e.exact for e in used) and all(e.exact or len(e.lines) == 1 for e in cross)
    return met and not view.statement.points_to_figure


def by_quantifier(kind: Quantifier, n: int, m: int, agree: int, total: int, *, own: bool) -> Stance | None:
    """Return the stance of `agree` of `total` by what the claim says of how many."""
    if kind is Quantifier.COUNT and n > 0:
        if m == total:
            return Stance.SUPPORT if agree == n else Stance.CONTRADICT
        return None
    if kind is Quantifier.ALL_BUT:
        if n < 0 or total < 3:
            return None
        return Stance.SUPPORT if agree == total - n else Stance.CONTRADICT if agree < total - n - 1 else None
    if kind is Quantifier.MOST:
        return Stance.SUPPORT if agree > MAJORITY * total else Stance.CONTRADICT
    if kind is Quantifier.SOME:
        return Stance.SUPPORT if agree else Stance.CONTRADICT if total > 0 and agree == 0 and total <= 4 else None
    if kind is Quantifier.ALL:
        return Stance.SUPPORT if agree == total else Stance.CONTRADICT
    if agree >= HOLDS * total:
        return Stance.SUPPORT
    return Stance.CONTRADICT if agree <= FAILS * total else None
