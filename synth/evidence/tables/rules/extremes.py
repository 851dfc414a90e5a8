"""Extremes that a claim states: best, worst, highest, second, better than any other. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from synth.core.types import Stance
from synth.evidence.tables.finding import TableReason
from synth.evidence.tables.grids.entities import Entity
from synth.evidence.tables.grids.grid import GridAxis, GridCell
from synth.evidence.tables.result import Result, states
from synth.evidence.tables.rules.cues import NEEDS_BASE, THAN_BEFORE, Cue, Sense
from synth.evidence.tables.rules.orders import by_quantifier, lines_of, may_contradict, names_of
from synth.evidence.tables.rules.sides import MAX_PAIRS
from synth.evidence.tables.statement import AMONG, OTHERS, FigureRole, Quantifier, number_of
from synth.evidence.tables.view import View

ADJUNCT = re.compile(
    r"\b(?:on|for|in|under|with|within|among|across|during|at|of|by|using|from|to)\s(?:the\s|both\s|all\s)?$", re.I
)
MEASURED = re.compile(r"\s(?:of\s|value\s|values\s|the\s|number\s|in\s){0,3}", re.IGNORECASE)  # "the highest F1"


def check_extreme(view: View) -> Result | None:
    """Check "A is the best on T", "the highest F1 is 91.2", "A ranks second": a line against all others of its axis."""
    for cue in view.cues(view.statement.superlatives) + _of_change(view):
        for axis in _subject_axes(view, cue):
            if result := _extreme(view, axis, cue):
                return result
        if result := _extreme_figure(view, cue):
            return result
    for cue in view.cues(view.statement.comparatives):
        if cue.sense is not Sense.EQUAL and OTHERS.search(view.statement.text, cue.end):
            for axis in _subject_axes(view, cue):
                if result := _extreme(view, axis, cue):
                    return result
        if cue.than < 0 and _is_bare_order(view, cue):
            # "NMU has a higher success rate": than whatever was named before; of the best that is true in any case.
            for axis in _subject_axes(view, cue):
                if view.entities(axis.other) and (result := _extreme(view, axis, cue)):
                    return result if result.stance is Stance.SUPPORT and result.agree == result.total else None
    return None


def _of_change(view: View) -> list[Cue]:
    """Return the superlatives of "the largest gain" where a table prints changes only."""
    crosses = [
        view.grid.lines(axis)[n]
        for axis in GridAxis
        for n in view.grid.results[axis]
        if len(view.grid.lines(axis)) == 1
    ]
    return view.cues(view.statement.superlatives_of_change) if any(line.is_change for line in crosses) else []


def _is_bare_order(view: View, cue: Cue) -> bool:
    """Return True for "a higher success rate", "converges faster"; not "a better comparison", "more suitable"."""
    word = text_of(cue, view).lower()
    if word in ("more", "less") or NEEDS_BASE.match(word):
        return False
    return word == "faster" or cue.sense in (Sense.HIGHER, Sense.LOWER)


def _subject_axes(view: View, cue: Cue) -> list[GridAxis]:
    """Return the axis whose name is the subject: one that no preposition leads in; rows first."""
    text = view.statement.text
    open_axes = []
    for axis in GridAxis:
        free = [
            e
            for e in view.entities(axis)
            if not any(
                ADJUNCT.search(text[max(0, a - 30) : a]) or (MEASURED.fullmatch(text[cue.end : a]) and a >= cue.end)
                for a, _ in e.spans
            )
        ]
        if free:
            open_axes.append(axis)
    if open_axes:
        return open_axes[:1]
    return [axis for axis in GridAxis if view.entities(axis)][:1]


@dataclass(frozen=True)
class _Contest:
    """A line that a claim ranks, among the lines that it is ranked with."""

    axis: GridAxis
    subject: Entity
    pool: frozenset[int]
    among: str  # printed name of the pool, "" where the claim leaves it out

    @property
    def rivals(self) -> frozenset[int]:
        return self.pool - self.subject.lines


@dataclass(frozen=True)
class _Ranked:
    """Rank of a line by one line across, with the cell that it stands for."""

    rank: int
    cell: GridCell
    cross: int


def _extreme(view: View, axis: GridAxis, cue: Cue) -> Result | None:
    """Decide whether a line has the rank that the claim gives it."""
    grid = view.grid
    clause = (view.statement.clause_start(cue.start), view.statement.clause_end(cue.end))
    contest = _contest(view, axis, clause)
    ranks = _ranks(view, contest, cue, clause) if contest is not None else []
    if contest is None or not ranks or len(ranks) > MAX_PAIRS:
        return None
    subject = contest.subject
    kind, n, m = view.statement.quantifier
    plain = _in_scope(view, axis, cue, ranks)
    agree, total = sum(item.rank == cue.rank for item in plain), len(plain)
    if view.statement.negated(cue.start):
        agree = total - agree
    stance = by_quantifier(
        kind if kind is not Quantifier.SOME else Quantifier.NONE, n, m, agree, total, own=view.own_paper
    )
    if stance is None or view.unknown_names or view.unknown_metric or view.unknown_scope:
        return None
    if stance is Stance.CONTRADICT and not _may_contradict(view, contest, cue, plain):
        return None
    figures = [f for f in view.figures if f.role is FigureRole.LEVEL]
    if stance is Stance.SUPPORT and len(plain) == 1 and len(figures) == 1:
        cell = plain[0].cell
        verdict = states(figures[0].quantity, cell.value or 0.0, cell.step, shares=grid.shares)
        if verdict is False and clause[0] <= figures[0].start < clause[1]:
            stance = Stance.CONTRADICT if view.own_paper and subject.exact else None
    if stance is None:
        return None
    shown = plain[0]
    name = names_of(view, axis, [subject])
    where = grid.name(axis.other, shown.cross)
    note = f"{name}, {where}: {shown.cell.text}, number {shown.rank} of {len(contest.rivals) + len(subject.lines)}"
    if total > 1:
        note = f"{name} is {text_of(cue, view)} in {agree} of {total} cells"
    return Result(
        stance,
        TableReason.EXTREME,
        tuple(item.cell for item in plain[:20]),
        note,
        agree=agree,
        total=total,
        lines=lines_of(view, [subject]),
    )


def _contest(view: View, axis: GridAxis, clause: tuple[int, int]) -> _Contest | None:
    """Return the only line that a clause ranks and its rivals; None where that is unclear."""
    lines, text = view.grid.lines(axis), view.statement.text
    start, end = clause
    inside = [e for e in view.entities(axis) if any(start <= a < end for a, _ in e.spans)]
    among = AMONG.search(text[start:end])
    pool = frozenset(
        n for n, line in enumerate(lines) if not (line.is_average or line.is_total or line.is_change or line.describes)
    )
    if among:
        group = next((e for e in inside if e.spans[0][0] >= start + among.end() - 1 and len(e.lines) > 1), None)
        if group is not None:
            pool = group.lines
            inside = [e for e in inside if e is not group]
    if len(inside) > 1:  # "X is the best, ahead of Y"
        inside = [e for e in inside if not THAN_BEFORE.search(text[: e.spans[0][0]])]
    if len(inside) != 1 or view.is_open or THAN_BEFORE.search(text[: inside[0].spans[0][0]]):
        return None
    subject = inside[0]
    if subject.peers is not None:
        pool &= subject.peers
    contest = _Contest(axis, subject, pool, among.group() if among else "")
    return contest if contest.rivals and subject.lines & frozenset(range(len(lines))) else None


def _ranks(view: View, contest: _Contest, cue: Cue, clause: tuple[int, int]) -> list[_Ranked]:
    """Rank the subject by every line across that the claim is about."""
    axis, grid = contest.axis, view.grid
    crosses = view.scope(axis.other, (), clause)
    unnamed = not view.entities(axis.other) and len(crosses) > 1
    if unnamed and (_mixed(view, axis, crosses) or cue.sense in (Sense.HIGHER, Sense.LOWER)):
        return []
    ranks = []
    for cross in crosses:
        upward = view.upward(cue.sense, axis, cross)
        own = [c for n in contest.subject.lines if (c := grid.cell(axis, n, cross)) and c.value is not None]
        others = [v for n in contest.rivals if (v := grid.value(axis, n, cross)) is not None]
        if not own or not others or upward is None:
            continue
        top = max(own, key=lambda c: (c.value or 0.0) * (1 if upward else -1))
        better = sum((v > (top.value or 0.0)) == upward and v != top.value for v in others)
        ranks.append(_Ranked(better + 1, top, cross))
    return ranks


def _in_scope(view: View, axis: GridAxis, cue: Cue, ranks: Sequence[_Ranked]) -> Sequence[_Ranked]:
    """Return the ranks that the claim is about: averages, or all but these."""
    lines, kind = view.grid.lines(axis.other), view.statement.quantifier[0]
    averages = [item for item in ranks if lines[item.cross].is_average]
    on_average = kind is Quantifier.NONE and cue.sense in (Sense.BETTER, Sense.WORSE)
    if averages and (kind is Quantifier.AVERAGE or on_average):
        return averages  # the best system is best on average
    return [item for item in ranks if not lines[item.cross].is_average] or ranks


def _may_contradict(view: View, contest: _Contest, cue: Cue, plain: Sequence[_Ranked]) -> bool:
    """Return True if another rank than the claimed one contradicts the claim."""
    axis = contest.axis
    whole = contest.pool == frozenset(range(len(view.grid.lines(axis))))
    if contest.among and whole and not _counts_all(view, contest.among):
        return False
    if not may_contradict(view, [contest.subject], view.entities(axis.other)):
        return False
    # The highest of its row, not of its column: either may be meant.
    return len(plain) != 1 or not _is_extreme_across(view, axis, contest.subject, plain[0], cue)


def _counts_all(view: View, among: str) -> bool:
    """Return True if "of the seven languages" are all lines of one axis, so that it leaves out none."""
    number = number_of(among.split()[-1])
    return any(number == sum(not view.grid.lines(a)[n].is_average for n in view.grid.results[a]) for a in GridAxis)


def _is_extreme_across(view: View, axis: GridAxis, subject: Entity, shown: _Ranked, cue: Cue) -> bool:
    """Return True if the cell is the extreme of the other line that it stands in."""
    lines = view.grid.lines(axis.other)
    own = [v for line in subject.lines for n in range(len(lines)) if (v := view.grid.value(axis, line, n)) is not None]
    upward = view.upward(cue.sense, axis, shown.cross)
    return len(own) > 1 and shown.cell.value == (max(own) if upward else min(own))


def _mixed(view: View, axis: GridAxis, crosses: Sequence[int]) -> bool:
    """Return True for columns of different sorts (a size beside an accuracy): an extreme over them has no meaning."""
    directions = {view.grid.better(axis, at, "") for at in crosses}
    return len(directions) > 1


def _extreme_figure(view: View, cue: Cue) -> Result | None:
    """Check "the highest F1 is 91.2": the extreme figure of a named line, wherever it stands."""
    figures = [
        f
        for f in view.figures
        if f.role is FigureRole.LEVEL and f.quantity.pair is None and f.quantity.printed is not None
    ]
    named = [(axis, e) for axis in GridAxis for e in view.entities(axis)]
    if len(figures) != 1 or len(named) != 1 or cue.rank != 1 or cue.sense not in (Sense.HIGHER, Sense.LOWER):
        return None
    axis, entity = named[0]
    if len(entity.lines) != 1 or view.unknown_names or view.unknown_scope:
        return None
    (line,) = entity.lines
    lines = view.grid.lines(axis.other)
    cells = [
        c
        for n, other in enumerate(lines)
        if not other.is_total and (c := view.grid.cell(axis, line, n)) and c.value is not None
    ]
    if len(cells) < 2:
        return None
    upward = cue.sense is Sense.HIGHER
    top = (max if upward else min)(cells, key=lambda c: c.value or 0.0)
    quantity = figures[0].quantity
    verdict = states(quantity, top.value or 0.0, top.step, shares=view.grid.shares)
    if verdict is None or (
        verdict is False and not (entity.exact and axis is GridAxis.COLUMN and len(top.values) == 1)
    ):
        return None
    note = f"{text_of(cue, view)} of {view.grid.name(axis, line)}: {top.text}"
    stance = Stance.SUPPORT if verdict else Stance.CONTRADICT
    return Result(stance, TableReason.EXTREME, (top,), note, quantity.text, lines=(view.grid.lines(axis)[line],))


def text_of(cue: Cue, view: View) -> str:
    return view.statement.text[cue.start : cue.end]
