"""Counts, ranges and equal figures that a claim states of a table. Pure."""

from __future__ import annotations

import re
from itertools import product

from synth.core.types import Stance
from synth.evidence.tables.finding import TableReason
from synth.evidence.tables.grids.grid import GridAxis, GridCell, TableGrid
from synth.evidence.tables.grids.spelling import folded, tokens
from synth.evidence.tables.result import Result, states
from synth.evidence.tables.rules.cues import Sense
from synth.evidence.tables.statement import ClaimFigure, FigureRole, Quantifier, Statement, number_of
from synth.evidence.tables.view import View
from synth.quantities import same
from synth.quantities.numerals import SMALL

_NUMBER = rf"(?P<number>\d{{1,4}}|{'|'.join(SMALL)})"
_KINDS = r"(?:(?:different|distinct|unique|various|total)\s)?(?:(?:types?|kinds?|number|categories|sorts?)\sof\s)?"
_NOUN = r"(?P<noun>(?:the\s)?[A-Za-z][\w\s()/.%-]*)"
_SHOWN = (
    r"given|listed|shown|mentioned|described|presented|compared|reported|included|considered|used|tested|studied|evaluated|"
    r"observed|displayed|provided|present"
)
THERE_ARE = re.compile(
    r"\b(?:there (?:are|is|were)|(?:table|study|list|data|they|paper)\w*\s(?:\d+\s)?"
    r"(?:has|have|contains?|shows?|lists?|includes?|consists? of|compares?|presents?|reports?|gives?|describes?))\s"
    rf"(?:only\s|a total of\s|in total\s|all\s|totally\s)?{_NUMBER}\s{_KINDS}{_NOUN}",
    re.IGNORECASE,
)
ARE_SHOWN = re.compile(
    rf"(?:^|\b(?:only|total of|altogether|the|in total)\s){_NUMBER}\s{_KINDS}"
    rf"(?P<noun>(?:the\s)?[A-Za-z][\w\s()/.%-]*?)\s(?:are|were|have been|is)\s(?:{_SHOWN})\b",
    re.IGNORECASE,
)
MIN_BOUND = 4  # figures that a bound of all of them is read off
MIN_FILLED = 0.6  # of a range that a claim gives roundly ("between 60 and 70")
BETWEEN = re.compile(r"\bbetween\b", re.IGNORECASE)
MAX_SHOWN = 20  # cells of a count
RANGES = re.compile(r"\b(?:rang\w+|vary|varies|varied|between|lie[s]?)\b", re.IGNORECASE)
SAME = re.compile(r"\b(?:same|equal|identical)\b", re.IGNORECASE)
TAIL = re.compile(
    rf"\s(?:in|given|that|which|are|is|was|were|for|on|with|under|from|of the|at|and|has|have|{_SHOWN})\b.*$",
    re.IGNORECASE,
)
# What may follow a count without narrowing down what is counted.
NO_CONDITION = re.compile(
    rf"\s?(?:(?:are|is|were|was|have been)?\s?(?:{_SHOWN})?\s?(?:in|of|by|from|at|across)?\s?(?:the|this|"
    rf"our|total)?\s?(?:given\s)?"
    r"(?:tables?|study|list|paper|data ?sets?|total|all)?\s?(?:\d+)?)?\s?(?:$|[.:;(]|,?\s?(?:such as|i\.e|"
    r"namely|like|including)).*",
    re.IGNORECASE | re.DOTALL,
)


def check_counts(view: View) -> Result | None:
    """Check "there are three methods": the rows under that head, the columns below it, or the different cells in its
    column.

    Contradicted only if heads are met in full and none of these numbers is the claimed one.
    """
    text = view.statement.text
    match = THERE_ARE.search(text) or ARE_SHOWN.search(text)
    if not match or view.statement.negated(match.start()):
        return None
    phrase = TAIL.sub("", match["noun"])
    if not NO_CONDITION.fullmatch(text[match.start("noun") + len(phrase) :]):
        return None
    claimed = number_of(match["number"])
    noun = folded(re.sub(r"^the\s", "", phrase, flags=re.IGNORECASE))
    counted = _countable(view.grid, noun) if noun else []
    if claimed < 0 or not counted:
        return None
    fitting = next((item for item in counted if item[0] == claimed), None)
    count, cells, head = fitting or counted[0]
    told_of_table = not view.grid.label or view.grid.label in view.statement.tables
    if fitting is None and not (view.own_paper and told_of_table):
        return None  # a paper may have more than one of its tables shows
    stance = Stance.SUPPORT if fitting else Stance.CONTRADICT
    return Result(stance, TableReason.COUNT, cells[:MAX_SHOWN], f"{count} under {head}", match["number"])


def _countable(grid: TableGrid, noun: str) -> list[tuple[int, tuple[GridCell, ...], str]]:
    """Return (number, cells, head) of everything in a table that goes by a noun; empty where that is uncertain."""
    counts: list[tuple[int, tuple[GridCell, ...], str]] = []
    if any(line.is_average or line.is_total for line in grid.rows):
        return []
    if noun in {folded(part) for part in grid.corner.split(" / ")}:
        first = {row: cell for (row, _), cell in sorted(grid.cells.items(), reverse=True)}
        names = {line.levels[-1] for line in grid.rows if line.levels}
        counts.append((len(names), tuple(first[row] for row in sorted(first)), grid.corner))
        counts.append((len(grid.rows), counts[0][1], grid.corner))
    for at, column in enumerate(grid.columns):
        if folded(column.head) == noun:
            cells = tuple(cell for (_, c), cell in sorted(grid.cells.items()) if c == at)
            counts += [(len({cell.text for cell in cells}), cells, column.head), (len(cells), cells, column.head)]
    under = [at for at, column in enumerate(grid.columns) if noun in {folded(level) for level in column.levels[:-1]}]
    if under and not any(line.is_average or line.is_total for line in grid.columns):
        cells = tuple(cell for (_, c), cell in sorted(grid.cells.items()) if c in under)
        counts.append((len(under), cells, grid.columns[under[0]].levels[0]))
    return counts


def check_counted(view: View) -> list[Result]:
    """Check "covers 50 languages": a count whose noun, directly behind it, is the head of a line, in that line's cell.

    Where the line has several cells the claim must name the other head too. Supports only: another count may be of
    another thing.
    """
    results = []
    for figure in view.figures:
        quantity = figure.quantity
        if figure.role is FigureRole.CHANGE or quantity.printed is None or quantity.unit or quantity.printed_step < 1:
            continue
        for axis in GridAxis:
            line = _counted_line(view, figure, axis)
            if line is None:
                continue
            named = [n for e in view.entities(axis.other) for n in sorted(e.lines)]
            crosses = named if len(named) == 1 else range(len(view.grid.lines(axis.other)))
            cells = [(n, cell) for n in crosses if (cell := view.grid.cell(axis, line, n)) and cell.value is not None]
            if len(cells) != 1 or cells[0][1].value != quantity.printed:
                continue
            at, cell = cells[0]
            lines = (view.grid.lines(axis)[line], view.grid.lines(axis.other)[at])
            note = f"{lines[0].head}, {lines[1].head}: {cell.text}"
            results.append(Result(Stance.SUPPORT, TableReason.VALUE, (cell,), note, quantity.text, lines=lines))
            break
    return results


def _counted_line(view: View, figure: ClaimFigure, axis: GridAxis) -> int | None:
    """Return the line whose head is the noun behind a count, in full or by its last word, which no other has."""
    text = view.statement.text
    for entity in view.entities(axis):
        gaps = (text[figure.end : a] for a, _ in entity.spans if a >= figure.end)
        if any(re.fullmatch(r"\s(?:[a-z-]+\s)?", gap) for gap in gaps) and entity.exact and len(entity.lines) == 1:
            return min(entity.lines)
    noun = re.match(r"\s([a-z]+)\b", text[figure.end :])
    if noun is None or view.unknown_names:
        return None
    lasts = [[t for _, _, t in tokens(line.head)][-1:] for line in view.grid.lines(axis)]
    places = [n for n, last in enumerate(lasts) if last == [folded(noun[1])]]
    return places[0] if len(places) == 1 and len(lasts) > 1 else None


def check_range(view: View) -> Result | None:
    """Check "F1 ranges from 34 to 42": the lowest and highest figure of the named line."""
    q = next((f.quantity for f in view.figures if f.quantity.pair), None)
    if q is None or q.pair is None or not RANGES.search(view.statement.text):
        return None
    named = [(axis, e) for axis in GridAxis for e in view.entities(axis)]
    if len(named) != 1 or len(named[0][1].lines) != 1 or view.unknown_names:
        return None
    axis, entity = named[0]
    (line,) = entity.lines
    lines = view.grid.lines(axis.other)
    cells = [
        cell
        for n, other in enumerate(lines)
        if not other.is_total and (cell := view.grid.cell(axis, line, n)) and cell.value is not None
    ]
    if len(cells) < 2:
        return None
    low, high = min(cells, key=lambda c: c.value or 0.0), max(cells, key=lambda c: c.value or 0.0)
    scale = 100 if view.grid.shares and q.unit == "%" else 1
    ends = sorted(q.pair)
    fits = [same((cell.value or 0.0) * scale, end, q.printed_step) for cell, end in zip((low, high), ends, strict=True)]
    name = view.grid.lines(axis)[line].head
    note = f"{name}: {low.text} to {high.text}"
    width = ends[1] - ends[0]
    inside = ends[0] <= (low.value or 0.0) * scale and (high.value or 0.0) * scale <= ends[1]
    tight = ((high.value or 0.0) - (low.value or 0.0)) * scale >= MIN_FILLED * width
    if all(fits) or (inside and tight and BETWEEN.search(view.statement.text)):
        return Result(
            Stance.SUPPORT, TableReason.RANGE, (low, high), note, q.text, lines=(view.grid.lines(axis)[line],)
        )
    return None  # another line, or sub-rows that were left out, may be meant


def measures_all(statement: Statement, grid: TableGrid) -> bool:
    """Return True if the claim is about all results in a metric that the caption of the table names."""
    caption = {t for _, _, t in tokens(grid.caption)}
    metrics = [{t for _, _, t in tokens(m.text)} for m in statement.names if m.kind == "metric"]
    return statement.quantifier[0] is Quantifier.ALL and any(metric <= caption for metric in metrics)


def check_bound(view: View) -> Result | None:
    """Check "over 80% accuracy for all pairs": every figure of a table whose caption names the metric keeps the bound.

    A matrix (of languages, say) needs not name the model that the claim names; other tables know all that it names.
    """
    bounds = [f.quantity for f in view.figures if f.quantity.comparator.is_lower or f.quantity.comparator.is_upper]
    if len(bounds) != 1 or len(view.figures) != 1 or not view.own_paper or not measures_all(view.statement, view.grid):
        return None
    models = {folded(text) for m in view.statement.names if m.kind == "model" for text in (m.name, m.text)}
    if {folded(name) for name in view.unknown_names} - (models if view.grid.is_matrix else set()):
        return None
    cells = [
        cell
        for r, c in product(view.scope(GridAxis.ROW), view.scope(GridAxis.COLUMN))
        if (cell := view.grid.cell(GridAxis.ROW, r, c)) and cell.value is not None
    ]
    fits = [states(bounds[0], cell.value or 0.0, cell.step, shares=view.grid.shares) for cell in cells]
    if len(cells) < MIN_BOUND or not all(fit is True for fit in fits):
        return None
    nearest = min(cells, key=lambda cell: abs((cell.value or 0.0) - (bounds[0].printed or 0.0)))
    note = f"all {len(cells)} figures keep the bound, the nearest is {nearest.text}"
    return Result(
        Stance.SUPPORT, TableReason.PART, (nearest,), note, bounds[0].text, agree=len(cells), total=len(cells)
    )


def check_equal(view: View) -> Result | None:
    """Check "A and B have the same T": two cells of one line."""
    if not SAME.search(view.statement.text) or (
        view.statement.comparatives and view.statement.comparatives[0].sense is not Sense.EQUAL
    ):
        return None
    for axis in GridAxis:
        entities, cross = view.entities(axis), view.entities(axis.other)
        if len(entities) < 2 or len(cross) != 1 or any(len(e.lines) != 1 for e in (*entities, *cross)):
            continue
        (at,) = cross[0].lines
        cells = [view.grid.cell(axis, min(e.lines), at) for e in entities]
        filled = [c for c in cells if c is not None and c.value is not None]
        if len(filled) != len(entities) or view.unknown_names:
            return None
        equal = len({c.value for c in filled}) == 1
        if view.statement.negated(SAME.search(view.statement.text).start()):  # type: ignore[union-attr]
            equal = not equal
        if not equal and not all(e.exact for e in (*entities, *cross)):
            return None
        note = ", ".join(
            f"{view.grid.lines(axis)[min(e.lines)].head} {c.text}" for e, c in zip(entities, filled, strict=True)
        )
        return Result(Stance.SUPPORT if equal else Stance.CONTRADICT, TableReason.EQUAL, tuple(filled), note)
    return None
