"""Trends that a claim states ("grows with", "the larger, the better"), over ordered lines or a column. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from synth.core.types import Stance
from synth.evidence.tables.finding import TableReason
from synth.evidence.tables.grids.grid import GridAxis, GridCell
from synth.evidence.tables.grids.series import Series, kendall, series
from synth.evidence.tables.grids.spelling import listed, tokens
from synth.evidence.tables.result import Result
from synth.evidence.tables.rules.cues import Sense
from synth.evidence.tables.rules.movements import GAP, MOVES, Trend, trend
from synth.evidence.tables.rules.orders import by_quantifier
from synth.evidence.tables.statement import Quantifier
from synth.evidence.tables.view import GENERAL, View
from synth.text.content import STOP_WORDS

STRICT = re.compile(r"\b(?:monoton\w+|consistent\w*|steadily|always|gradual\w*|strictly)\b", re.IGNORECASE)
MIN_TAU = 0.6
MIN_POINTS = 4  # of two columns that go together
SYNONYMS = {
    "parameter": {"param", "parameter", "size"},
    "size": {"size", "param", "parameter"},
    "data": {"data", "example", "sample", "sentence", "instance"},
    "example": {"example", "sample", "instance", "shot"},
    "model": {"model", "size", "param", "parameter"},
    "capacity": {"capacity", "size", "param", "parameter"},
}
SIZED = frozenset("data corpus vocabulary vocab batch example sample sentence text length".split())
VAGUE = (STOP_WORDS | frozenset("number amount increasing growing more larger level different".split())) | (
    listed("vague") - {"size", "data", "model"}
)


def check_trend(view: View) -> Result | None:
    """Check a trend over each ordered group of lines that the claim's driver names, or a column that measures it."""
    stated = trend(view.statement.text)
    if (
        stated is None
        or not view.own_paper
        or view.is_elsewhere
        or view.statement.is_open
        or view.statement.negated(stated.start)
    ):
        return None
    words = _driver_words(view.statement.text, stated)
    if (
        not words
        or not _is_measured(view, stated)
        or view.unknown_names
        or view.unknown_metric
        or view.unknown_scope_beside(stated.driver)
    ):
        return None
    runs = [
        run for axis in GridAxis for ordered in series(view.grid, axis) for run in _runs(view, ordered, words, stated)
    ]
    runs = runs or list(_columns(view, words, stated))
    if not runs:
        return None
    strict = bool(STRICT.search(view.statement.text))
    signs = [(_follows(view, stated.sense, run, strict), run) for run in runs]
    agree, total = sum(fits is True for fits, _ in signs), len(signs)
    kind, n, m = view.statement.quantifier
    stance = by_quantifier(kind if kind is not Quantifier.AVERAGE else Quantifier.NONE, n, m, agree, total, own=True)
    if stance is Stance.CONTRADICT and any(fits is not False for fits, _ in signs):
        stance = None
    if stance is None:
        return None
    shown = runs[0]
    ends = f"{shown.cells[0].text} … {shown.cells[-1].text}"
    name = view.grid.name(shown.axis.other, shown.cross)
    note = f"{name}: {ends}" if total == 1 else f"{agree} of {total} series go as the claim says, first {name}: {ends}"
    cells = tuple(cell for _, run in signs[:4] for cell in run.cells[:6])
    return Result(stance, TableReason.TREND, cells, note, agree=agree, total=total)


def _is_measured(view: View, trend: Trend) -> bool:
    """Return True if the table knows something of what goes up or down; "performance" it always does."""
    text, (start, end) = view.statement.text, trend.driver
    remainder = f"{text[:start]} {text[end:]}"
    words = (
        {t for _, _, t in tokens(remainder)}
        - VAGUE
        - GENERAL
        - {t for _, _, t in tokens(" ".join(MOVES.findall(remainder)))}
    )
    return not words or bool(words & view.known)


@dataclass(frozen=True)
class TrendRun:
    """Figures in the order of the driver; `cross` of the axis across `axis` is what they measure."""

    axis: GridAxis
    cross: int
    cells: tuple[GridCell, ...]
    values: tuple[float, ...]


def _driver_words(text: str, trend: Trend) -> frozenset[str]:
    words = {t for _, _, t in tokens(text[slice(*trend.driver)])} - VAGUE
    if words & SIZED:  # "data size" is no size of a model
        words -= {"size", "model", "scale"}
    return frozenset(other for word in words for other in SYNONYMS.get(word, {word}) | {word})


def _runs(view: View, ordered: Series, words: frozenset[str], trend: Trend) -> Iterator[TrendRun]:
    if not ordered.words & words:
        return
    named = [e for e in view.entities(ordered.axis) if not _inside(e.spans[0], trend.driver)]
    lines = [n for n in ordered.lines if not named or any(n in e.lines for e in named)]
    if len(lines) < 2:
        return
    across = [e for e in view.entities(ordered.axis.other) if not _inside(e.spans[0], trend.driver)]
    crosses = sorted({n for e in across for n in e.lines}) or list(view.grid.results[ordered.axis.other])
    averages = [n for n in crosses if view.grid.lines(ordered.axis.other)[n].is_average]
    if averages and view.statement.quantifier[0] is not Quantifier.ALL:
        crosses = averages
    if GAP.search(view.statement.text):
        yield from _gaps(view, ordered.axis, lines, crosses)
        return
    for at in crosses:
        cells = [cell for n in lines if (cell := view.grid.cell(ordered.axis, n, at)) and cell.value is not None]
        if len(cells) == len(lines):
            yield TrendRun(ordered.axis, at, tuple(cells), tuple(cell.value or 0.0 for cell in cells))


def _gaps(view: View, axis: GridAxis, lines: Sequence[int], crosses: Sequence[int]) -> Iterator[TrendRun]:
    """Yield the run of "the gap grows": between the two lines across that the claim names."""
    named = view.entities(axis.other)
    if len(named) != 2 or any(len(e.lines) != 1 for e in named):
        return
    first, second = (min(e.lines) for e in named)
    pairs = [(view.grid.cell(axis, n, first), view.grid.cell(axis, n, second)) for n in lines]
    filled = [(a, b) for a, b in pairs if a and b and a.value is not None and b.value is not None]
    if len(filled) == len(lines):
        values = tuple(abs((a.value or 0.0) - (b.value or 0.0)) for a, b in filled)
        yield TrendRun(axis, first, tuple(cell for pair in filled for cell in pair), values)


def _columns(view: View, words: frozenset[str], trend: Trend) -> Iterator[TrendRun]:
    """Yield runs by a column that measures the driver (parameters, distance …) beside the named columns."""
    for axis in GridAxis:
        crosses = view.grid.lines(axis.other)
        drivers = [n for n, line in enumerate(crosses) if words & {t for _, _, t in tokens(line.head)}]
        drivers = [
            n
            for n in drivers
            if not any(
                line in e.lines
                for e in view.entities(axis.other)
                for line in (n,)
                if not _inside(e.spans[0], trend.driver)
            )
        ]
        if len(drivers) != 1:
            continue
        others = [n for n, line in enumerate(crosses) if n not in drivers and not line.describes]
        responses = [
            n for e in view.entities(axis.other) if not _inside(e.spans[0], trend.driver) for n in sorted(e.lines)
        ]
        responses = responses or (others if len(others) == 1 else [])
        # Lines without names differ in nothing but what the driver measures.
        least = 2 if not any(line.head for line in view.grid.lines(axis)) else MIN_POINTS
        for at in responses:
            rows = [
                (a.value, b)
                for n, line in enumerate(view.grid.lines(axis))
                if not line.is_average
                and (a := view.grid.cell(axis, n, drivers[0]))
                and a.value is not None
                and (b := view.grid.cell(axis, n, at))
                and b.value is not None
            ]
            if len({value for value, _ in rows}) == len(rows) >= least or len(rows) >= 2 * MIN_POINTS:
                ordered = [cell for _, cell in sorted(rows, key=lambda item: item[0])]
                yield TrendRun(axis, at, tuple(ordered), tuple(cell.value or 0.0 for cell in ordered))


def _inside(span: tuple[int, int], driver: tuple[int, int]) -> bool:
    return driver[0] <= span[0] < driver[1]


def _follows(view: View, sense: Sense, run: TrendRun, strict: bool) -> bool | None:
    """Return True if the figures go as claimed, False if the other way, None if neither."""
    upward = view.upward(sense, run.axis, run.cross)
    if upward is None:
        return None
    tau = kendall(run.values) * (1 if upward else -1)
    if tau >= (1.0 if strict else MIN_TAU) and ((run.values[-1] > run.values[0]) == upward):
        return True
    return False if tau <= -MIN_TAU else None
