"""Columns of a page: the blank strips between them, found where long lines of prose stand beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from synth.pdf.records import Line

Gutter = tuple[float, float]  # the left and right edge of a blank strip
Gutters = tuple[Gutter, ...]  # from left to right
_INFINITE = 1e9
_LONG = 12  # characters of a line that may belong to a column
_MIN_LINES = 4  # in a column
_MAX_CROSSING = 0.4  # characters in lines over a gutter, of those beside it
_MIN_FILL = 0.55  # of a column's width, filled by its usual line: the cells of a table fill less


@dataclass(frozen=True)
class Columns:
    """The gutters of a page, for each band of it: (top, bottom, gutters), together the whole page."""

    bands: tuple[tuple[float, float, Gutters], ...] = ((-_INFINITE, _INFINITE, ()),)

    def at(self, y: float) -> Gutters:
        """Return the gutters at a height of the page."""
        return next((gutters for top, bottom, gutters in self.bands if top <= y < bottom), ())

    def column(self, x0: float, x1: float, y: float) -> int:
        """Return the number of the column, which tells those of different bands apart; 0 over several columns."""
        for index, (top, bottom, gutters) in enumerate(self.bands):
            if top <= y < bottom:
                place = column_of(x0, x1, gutters)
                return place and place + 10 * index
        return 0

    def reach(self, x0: float, x1: float, y: float, width: float) -> tuple[float, float]:
        """Return from where to where the columns reach in which x0 to x1 lies: to the middle of the gutters beside
        it.
        """
        middles = [middle(gutter) for gutter in self.at(y)]
        return (
            max((x for x in middles if x <= x0 + 2), default=0.0),
            min((x for x in middles if x >= x1 - 2), default=width),
        )

    def edges(self, number: int, left: float, right: float) -> tuple[float, float]:
        """Return where the lines of a column (not 0) begin and end, on a page whose lines reach from left to right."""
        gutters = self.bands[number // 10][2]
        place = number % 10
        start = gutters[place - 2][1] if place > 1 else min(left, gutters[0][0] - 1)
        return start, gutters[place - 1][0] if place <= len(gutters) else max(right, gutters[-1][1] + 1)


ONE_COLUMN = Columns()


def middle(gutter: Gutter) -> float:
    return (gutter[0] + gutter[1]) / 2


def column_of(x0: float, x1: float, gutters: Sequence[Gutter]) -> int:
    """Return the number, from 1 on, of the column that x0 to x1 lies in.

    0 over several or if there are no gutters.
    """
    if not gutters:
        return 0
    first = sum(x0 >= middle(gutter) - 2 for gutter in gutters)
    last = sum(x1 > middle(gutter) + 2 for gutter in gutters)
    return first + 1 if first >= last else 0


def find_columns(
    lines: Iterable[Line], width: float, gutters: Gutters, barred: Sequence[float] = (), front: bool = False
) -> Columns:
    """Find the columns of a page.

    Args:
        lines: The page's lines without its furniture.
        width: The page's width.
        gutters: Those of the page, or of the paper for a page that shows none itself.
        barred: Heights of captions: columns of their own that stand near one are those of a table.
        front: The first page: beside its abstract there may be a narrow column on the article.
    """
    long = _long(lines)
    bands: list[tuple[float, float, Gutters]] = []
    top = -_INFINITE
    for start, end in _crossed(long, gutters) if gutters else ():
        inside = [line for line in long if start <= line.base <= end]
        own = () if any(start - 40 < y < end + 40 for y in barred) else find_gutters(inside, width)
        if own and not any(_near(mine, other) for mine in own for other in gutters):
            start, end = _grown(long, start, end, own, gutters)
            bands += [(top, start - 1, gutters), (start - 1, end + 1, own)]
            top = end + 1
    side = _beside_abstract([line for line in lines if line.upright], width) if front and not bands else None
    if side is not None and not any(_near(side[2], other) for other in gutters):
        start, end, gutter = side
        bands += [(top, start - 1, gutters), (start - 1, end + 1, (gutter,))]
        top = end + 1
    return Columns((*bands, (top, _INFINITE, gutters)))


def _beside_abstract(lines: Sequence[Line], width: float) -> tuple[float, float, Gutter] | None:
    """Return (first baseline, last baseline, gutter) of a narrow column of short lines beside lines of prose."""
    candidates: list[tuple[int, float, float, Gutter]] = []
    for x in _candidates(
        lines, min((line.x0 for line in lines), default=0.0), max((line.x1 for line in lines), default=0.0)
    ):
        walls = sorted(line.base for line in lines if line.x0 < x - 1 and line.x1 > x + 1)
        for low, high in pairwise([-_INFINITE, *walls, _INFINITE]):
            inside = [line for line in lines if low < line.base < high]
            left, right = [line for line in inside if line.x1 <= x + 1], [line for line in inside if line.x0 > x + 1]
            prose = [line for line in right if len(line.text) > 3 * _LONG and line.x0 < x + 4]
            beside = [line for line in left if prose and prose[0].y0 - 60 < line.base < prose[-1].y1 + 60]
            if len(prose) >= 2 and len(beside) >= 2 and x < 0.5 * width:
                top, bottom = min(line.base for line in right), max(line.base for line in right)
                held = [line for line in left if line.base > top - 3]
                for above, line in pairwise(sorted(held, key=lambda item: item.base)):
                    if bottom < line.base < above.base + 2.2 * above.size and line.size < above.size + 0.5:
                        bottom = line.base  # the narrow column is the longer one
                edge = max((line.x1 for line in held if line.base <= bottom), default=x - 1)
                candidates.append((len(prose), top, bottom, (edge, x + 2)))
    return max(candidates)[1:] if candidates else None


def common_gutters(pages: Sequence[Gutters]) -> Gutters:
    """Return the gutters of the paper: those of at least a third of its pages."""
    having = [gutters for gutters in pages if gutters]
    if not having or 3 * len(having) < len(pages):
        return ()
    counts = [len(gutters) for gutters in having]
    usual = max(counts, key=counts.count)
    alike = [gutters for gutters in having if len(gutters) == usual]
    return tuple(
        (median(gutters[i][0] for gutters in alike), median(gutters[i][1] for gutters in alike)) for i in range(usual)
    )


def _long(lines: Iterable[Line]) -> list[Line]:
    return [line for line in lines if line.upright and len(line.text) > _LONG]


def find_gutters(lines: Iterable[Line], width: float) -> Gutters:
    """Return the blank strips between columns of prose; none where there is but one column."""
    lines = _long(lines)
    gutters = _found(lines, width)
    return (*gutters, *_short_last(lines, gutters, width))


def _found(lines: Sequence[Line], width: float) -> Gutters:
    best = _best(lines, width)
    if best is None:
        return ()
    gutter, left, right = best
    return (*_found(left, width), gutter, *_found(right, width))


def _short_last(lines: Sequence[Line], gutters: Gutters, width: float) -> Gutters:
    """Return the gutter before a last column of so few lines that they do not show it by themselves.

    Where there is no other gutter, the first column must be one for certain: many lines over half of the page.
    """
    last = [line for line in lines if not gutters or line.x0 >= middle(gutters[-1])]
    first = min((line.x0 for line in last), default=0.0)
    starts = [line for line in last if line.x0 < first + 3 * line.size]
    edge = _edge([line.x1 for line in starts], -1) if starts else 0.0
    beyond = [line for line in last if line.x0 > edge + 4]
    aligned = beyond and max(line.x0 for line in beyond) - min(line.x0 for line in beyond) < 3 * beyond[0].size
    if len(starts) < (_MIN_LINES if gutters else 3 * _MIN_LINES) or not 0 < len(beyond) < _MIN_LINES or not aligned:
        return ()
    if not gutters:
        alike = all(len(line.text) > 2 * _LONG and abs(line.size - starts[-1].size) < 0.5 for line in beyond[:-1])
        if edge - first > 0.55 * width or len(beyond) < 2 or not alike:
            return ()
    return ((edge, min(line.x0 for line in beyond)),)


def _best(lines: Sequence[Line], width: float) -> tuple[Gutter, list[Line], list[Line]] | None:
    """Return the gutter that the fewest characters cross, with the lines on its left and on its right."""
    if len(lines) < 2 * _MIN_LINES:
        return None
    start, end = min(line.x0 for line in lines), max(line.x1 for line in lines)
    places = []
    for x in _candidates(lines, start, end):
        crossing = sum(len(line.text) for line in lines if line.x0 < x - 1 and line.x1 > x + 1)
        places.append((crossing, abs(x - (start + end) / 2), x))
    for crossing, _, x in sorted(places):
        left = [line for line in lines if line.x1 <= x + 1]
        right = [line for line in lines if line.x0 >= x - 1]
        beside = sum(len(line.text) for line in left + right)
        if crossing > _MAX_CROSSING * beside or min(len(left), len(right)) < _MIN_LINES:
            continue
        gutter = _edge([line.x1 for line in left], -1), _edge([line.x0 for line in right], 1)
        if _are_columns(left, right, gutter, width):
            return gutter, left, right
    return None


def _candidates(lines: Sequence[Line], start: float, end: float) -> list[float]:
    """Return the places where a column may begin: just left of where several lines begin."""
    counts: dict[int, int] = {}
    for line in lines:
        if start + 0.1 * (end - start) < line.x0 < end - 0.1 * (end - start):
            counts[round(line.x0)] = counts.get(round(line.x0), 0) + 1
    near = {x: sum(counts.get(x + d, 0) for d in (-1, 0, 1)) for x in counts}
    return sorted(x - 2.0 for x, count in near.items() if count >= 2)


def _are_columns(left: Sequence[Line], right: Sequence[Line], gutter: Gutter, width: float) -> bool:
    """Return True for two columns of prose: several lines each, beside each other, most of which fill their column."""
    if gutter[1] - gutter[0] < 4:
        return False
    top = max(min(line.y0 for line in side) for side in (left, right))
    bottom = min(max(line.y1 for line in side) for side in (left, right))
    return bottom > top and all(_filled(side) or _found(side, width) for side in (left, right))


def _filled(lines: Sequence[Line]) -> bool:
    """Return True if the usual line fills most of its column."""
    start, end = _edge([line.x0 for line in lines], 1), _edge([line.x1 for line in lines], -1)
    return median(min(line.x1, end) - max(line.x0, start) for line in lines) > _MIN_FILL * (end - start)


def _edge(values: list[float], side: int) -> float:
    """Return the outermost edge that at least two lines share; a single stray line does not move it."""
    ordered = sorted(values, reverse=side < 0)
    for first, second in pairwise(ordered):
        if abs(first - second) < 2:
            return first
    return ordered[0]


def _crossed(lines: Sequence[Line], gutters: Gutters) -> list[tuple[float, float]]:
    """Return (first, last baseline) of each run of lines over a gutter, without lines on both sides between them."""
    runs: list[tuple[float, float]] = []
    over = False
    for line in sorted(lines, key=lambda item: item.base):
        if column_of(line.x0, line.x1, gutters) == 0:
            runs = [*runs[:-1], (runs[-1][0], line.base)] if over else [*runs, (line.base, line.base)]
            over = True
        elif any(
            abs(other.base - line.base) < 3 and other is not line and column_of(other.x0, other.x1, gutters) == 0
            for other in lines
        ):
            continue
        else:
            over = False
    return [(start, end) for start, end in runs if end > start]


def _grown(lines: Sequence[Line], start: float, end: float, own: Gutters, others: Gutters) -> tuple[float, float]:
    """Return the band with the lines above and below it that follow without a gap and keep to its columns."""

    def fits(line: Line) -> bool:
        return column_of(line.x0, line.x1, own) > 0 and not any(
            abs(line.x1 - gutter[0]) < 3 or abs(line.x0 - gutter[1]) < 3 for gutter in others
        )

    ordered = sorted(lines, key=lambda line: line.base)
    for line in ordered:
        if end < line.base < end + 1.6 * line.size and fits(line):
            end = line.base
    for line in reversed(ordered):
        if start - 2.2 * line.size < line.base < start and fits(line):
            start = line.base
    return start, end


def _near(left: Gutter, right: Gutter) -> bool:
    return left[0] < right[1] and right[0] < left[1]
