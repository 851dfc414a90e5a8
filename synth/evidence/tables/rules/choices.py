"""Figures and gains of lines that a claim describes rather than names: beside the base of a table, or in one column.

Pure; both only bear a claim out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import log10

from synth.core.types import Stance
from synth.evidence.tables.finding import TableReason
from synth.evidence.tables.grids.grid import GridAxis, GridCell
from synth.evidence.tables.grids.spelling import tokens
from synth.evidence.tables.result import Result
from synth.evidence.tables.rules.contrasts import FULL, HARMS, HELPS, NOT_ALL
from synth.evidence.tables.rules.cues import Sense
from synth.evidence.tables.rules.orders import by_quantifier
from synth.evidence.tables.rules.sides import MAX_PAIRS
from synth.evidence.tables.statement import ClaimFigure, FigureRole
from synth.evidence.tables.view import GENERAL, View
from synth.quantities import Comparator, same

MIN_FIGURES = 2
MIN_DIGITS = 3  # of a figure that no cell carries by chance
# What a treatment does to something: "improves accuracy", not "accuracy improves" or "it is useful".
TREATED = re.compile(
    r"\b(?:improv(?:es?|ed|ing)|boost(?:s|ed)?|rais(?:es?|ed)|increas(?:es?|ed)|degrad(?:es?|ed)|hurts?|harm(?:s|ed)?|"
    r"reduc(?:es?|ed)|lower(?:s|ed)?|decreas(?:es?|ed)|worsen(?:s|ed)?)\s(?P<object>(?:[\w’'-]+\s?){1,5})",
    re.IGNORECASE,
)
WORSENS = re.compile(r"degrad|hurt|harm|reduc|lower|decreas|worsen", re.IGNORECASE)


def check_choice(view: View) -> Result | None:
    """Check "switching to A or B improves F1": the named lines against the one that the table calls its baseline."""
    text = view.statement.text
    cue = TREATED.search(text)
    if (
        cue is None
        or not (view.own_paper and _is_plain(view, cue))
        or view.is_open
        or view.is_elsewhere
        or view.unknown_names
        or view.unknown_scope
        or view.unknown_metric
    ):
        return None
    sign = -1 if WORSENS.match(cue.group()) else 1
    for axis in GridAxis:
        base = _base(view, axis)
        treated = _narrowest([e.lines for e in view.entities(axis) if e.spans[-1][1] <= cue.start()])
        if base is None or not treated or any(base in e.lines for e in view.entities(axis)):
            continue
        across = [e for e in view.entities(axis.other) if cue.start() < e.spans[0][0] < cue.end("object")]
        if not across and not _is_general(cue["object"]):
            continue
        crosses = sorted({n for e in across for n in e.lines}) or list(view.grid.results[axis.other])
        if result := _against(view, axis, treated, base, crosses, sign):
            return result
    return None


def _narrowest(named: Sequence[frozenset[int]]) -> list[int]:
    """Return the named lines without those of a broader name: "NYSIIS blocking" is one way of blocking."""
    narrowest = [lines for lines in named if not any(other < lines for other in named)]
    return sorted(frozenset[int]().union(*narrowest))


def _is_plain(view: View, cue: re.Match[str]) -> bool:
    """Return True if the claim says so of everything, of nothing else beside it, and without doubt or denial."""
    statement = view.statement
    return not (
        statement.is_open
        or NOT_ALL.search(statement.text)
        or statement.negated(cue.start())
        or any(c.than >= 0 for c in statement.comparatives)
        or (HELPS.search(statement.text) and HARMS.search(statement.text))
        or view.figures
    )


def _is_general(words: str) -> bool:
    """Return True for "the overall performance", which all columns of results measure."""
    first = next((t for _, _, t in tokens(words) if t not in ("the", "our", "overall", "its")), "")
    return first in GENERAL


def _base(view: View, axis: GridAxis) -> int | None:
    """Return the only line that is called a baseline, or the full system."""
    lines = view.grid.lines(axis)
    for candidates in (
        [n for n, line in enumerate(lines) if line.is_baseline],
        [n for n, line in enumerate(lines) if FULL.search(line.head)],
    ):
        if len(candidates) == 1:
            return candidates[0]
    return None


def _against(
    view: View, axis: GridAxis, treated: Sequence[int], base: int, crosses: Sequence[int], sign: int
) -> Result | None:
    compared: list[tuple[bool, GridCell, GridCell]] = []
    for line in treated:
        for at in crosses:
            a, b = view.grid.cell(axis, line, at), view.grid.cell(axis, base, at)
            upward = view.upward(Sense.BETTER, axis, at)
            if a and b and a.value is not None and b.value is not None and upward is not None:
                compared.append(((a.value - b.value) * (1 if upward else -1) * sign > 0, a, b))
    agree = sum(fits for fits, _, _ in compared)
    kind, n, m = view.statement.quantifier
    if not compared or len(compared) > MAX_PAIRS:
        return None
    if by_quantifier(kind, n, m, agree, len(compared), own=True) is not Stance.SUPPORT:
        return None
    names = ", ".join(view.grid.name(axis, line) for line in treated[:3])
    note = f"{names} against {view.grid.name(axis, base)}: {agree} of {len(compared)} cells change as the claim says"
    cells = tuple(cell for _, a, b in compared[:20] for cell in (a, b))
    lines = tuple(view.grid.lines(axis)[line] for line in treated[:3])
    return Result(
        Stance.SUPPORT,
        TableReason.CONTRAST,
        cells,
        note,
        agree=agree,
        total=len(compared),
        against=compared[0][2],
        lines=lines,
    )


def check_stated(view: View) -> list[Result]:
    """Check two or more levels of lines that the claim names by no head ("0.983 when normalizing, 0.979 else").

    One line across, which it does name, must have all of them.
    """
    levels = [f for f in view.figures if f.role is FigureRole.LEVEL and f.quantity.printed is not None]
    if (
        len({f.quantity.printed for f in levels}) < MIN_FIGURES
        or not all(map(_is_telling, levels))
        or not view.own_paper
        or view.is_elsewhere
        or view.unknown_metric
        or view.statement.is_open
    ):
        return []
    for axis in GridAxis:
        if any(e.exact for e in view.entities(axis)):
            continue  # the claim names lines, and their own cells have to carry its figures
        for cross in sorted({n for e in view.entities(axis.other) if e.exact for n in e.lines}):
            cells = [c for n in range(len(view.grid.lines(axis))) if (c := view.grid.cell(axis, n, cross)) and c.values]
            carriers = [next((c for c in cells if _carries(c, f)), None) for f in levels]
            if all(carriers):
                head = view.grid.lines(axis.other)[cross]
                return [
                    Result(
                        Stance.SUPPORT,
                        TableReason.DERIVED,
                        (c,),
                        f"{head.head}: {c.text}",
                        f.quantity.text,
                        lines=(head,),
                    )
                    for f, c in zip(levels, carriers, strict=True)
                    if c is not None
                ]
    return []


def _is_telling(figure: ClaimFigure) -> bool:
    """Return True if the figure has decimals and at least MIN_DIGITS digits, and is no bound."""
    q = figure.quantity
    size = abs(q.printed or 0.0)
    if q.comparator is not Comparator.EXACT or q.printed_step >= 1 or not size:
        return False
    return log10(size / q.printed_step) + 1e-9 >= MIN_DIGITS - 1


def _carries(cell: GridCell, figure: ClaimFigure) -> bool:
    q = figure.quantity
    return (
        cell.value is not None
        and cell.step <= q.printed_step * 1.001
        and same(cell.value, q.printed or 0.0, q.printed_step)
    )
