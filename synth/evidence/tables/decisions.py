"""Decisions of one table about one claim: figures, orders, then trends, features and likeness. Pure."""

from __future__ import annotations

from synth.core.types import Stance
from synth.evidence.tables.finding import TableReason
from synth.evidence.tables.result import Result
from synth.evidence.tables.rules.changes import check_change, check_derived, check_level_and_change
from synth.evidence.tables.rules.choices import check_choice, check_stated
from synth.evidence.tables.rules.contrasts import HARMS, HELPS, check_contrast, check_sign
from synth.evidence.tables.rules.counts import (
    ARE_SHOWN,
    THERE_ARE,
    check_bound,
    check_counted,
    check_counts,
    check_equal,
    check_range,
)
from synth.evidence.tables.rules.cues import COMPARATIVE, Sense
from synth.evidence.tables.rules.extremes import check_extreme
from synth.evidence.tables.rules.levels import check_described, check_ends, check_level
from synth.evidence.tables.rules.likeness import ALIKE, check_alike
from synth.evidence.tables.rules.movements import trend
from synth.evidence.tables.rules.orders import check_order
from synth.evidence.tables.rules.siblings import check_siblings
from synth.evidence.tables.rules.trends import check_trend
from synth.evidence.tables.rules.wordings import check_wording
from synth.evidence.tables.statement import FigureRole, Statement
from synth.evidence.tables.view import View


def check_figures(view: View) -> list[Result]:
    """Check every level and change of the claim that the table decides."""
    results: list[Result] = []
    for figure in view.figures:
        result: Result | None = None
        if figure.role is FigureRole.LEVEL:
            result = check_ends(view, figure) if figure.quantity.pair else check_level(view, figure)
        elif figure.role in (FigureRole.CHANGE, FigureRole.FACTOR):
            result = check_change(view, figure)
        if result is not None:
            results.append(result)
    results += [result for result in check_counted(view) if result.number not in {r.number for r in results}]
    checks = (check_derived, check_level_and_change, check_described, check_stated)
    return results or next((decided for check in checks if (decided := check(view))), [])


def decide(view: View) -> list[Result]:
    """Return all decisions of one table about one claim; figures go before orders, which they imply."""
    figures = check_figures(view)
    figures += [result for check in (check_range, check_bound) if (result := check(view))]
    orders = [result for check in (check_extreme, check_order, check_equal, check_counts) if (result := check(view))]
    if not figures and not orders:
        return check_unnumbered(view)
    supported = [r for r in figures if r.stance is Stance.SUPPORT]
    if not supported:
        return [*figures, *orders]
    if any(r.stance is Stance.CONTRADICT and r.reason is TableReason.EXTREME for r in orders):
        # "The lowest loss is 3.2": the figure stands there, but is not the lowest.
        return [r for r in orders if r.reason is TableReason.EXTREME]
    # An order that fails beside figures that hold was read wrongly.
    orders = [r for r in orders if r.stance is Stance.SUPPORT]
    if view.cues(view.statement.superlatives) and not any(r.reason is TableReason.EXTREME for r in orders):
        supported = [r for r in supported if is_extreme(view, r)]
    return [*supported, *(r for r in figures if r.stance is Stance.CONTRADICT), *orders]


def check_unnumbered(view: View) -> list[Result]:
    """Check what a claim says by no figure and no comparative: a trend, a feature, a likeness, words of a cell."""
    checks = (
        *(check_counts, check_siblings, check_trend, check_contrast, check_sign, check_choice),
        *(check_alike, check_wording),
    )
    return [result for check in checks if (result := check(view))][:1]


def states_unnumbered(statement: Statement) -> bool:
    """Return True if the claim states a trend, the effect of a feature, a likeness, a count, or an order in words."""
    text = statement.text
    patterns = (HELPS, HARMS, ALIKE, THERE_ARE, ARE_SHOWN, COMPARATIVE)
    return any(pattern.search(text) for pattern in patterns) or trend(text) is not None


def is_extreme(view: View, result: Result) -> bool:
    """Return True if the cell of a result is the extreme of its row or column, as a claim with a superlative says."""
    if len(result.cells) != 1 or result.cells[0].value is None:
        return True
    place = next((at for at, cell in view.grid.cells.items() if cell is result.cells[0]), None)
    if place is None:
        return True
    text = view.statement.text
    cues = view.cues(view.statement.superlatives)
    # "Most" and "least" are adverbs too ("most surprising").
    senses = {Sense.BETTER if text[c.start : c.end].lower() in ("most", "least") else c.sense for c in cues}
    for fixed in (0, 1):
        line = [c.value for at, c in view.grid.cells.items() if at[fixed] == place[fixed] and c.value is not None]
        ends = {max(line)} if senses == {Sense.HIGHER} else {min(line)} if senses == {Sense.LOWER} else {*line}
        ends &= {max(line), min(line)}
        if result.cells[0].value in ends:
            return True
    return False
