"""Heads and row groups of an upright table whose letters run up or down the page, laid over what they name.

A head stands on end or aslant over its column; the name of a group of rows runs up beside its rows. Both are put where
they would stand if they were set upright: one point wide in the middle of their column, on the line of the other heads
or in the middle of their rows. Offsets into the page's text stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from synth.pdf.records import Line
from synth.pdf.tables.cells import is_value

_REACH = 3.0  # times the type's size that a head on end may stand above the first other line of its table


def laid(turned: Sequence[Line], lines: Sequence[Line]) -> list[Line]:
    """Give the turned lines of a table's region as upright ones.

    Args:
        turned: lines of the region that are not upright.
        lines: its upright lines.
    """
    figures = [line.base for line in lines if any(is_value(word) and word[-1].isdigit() for word in line.text.split())]
    if not figures:
        return []
    first = min(figures)
    heads = [line for line in turned if line.y1 <= first and line.text.strip()]
    bases = [line.base for line in lines if line.base < first - 1]
    level = max((line.y1 for line in heads), default=0.0)
    near = [base for base in bases if abs(base - level) < _REACH * max((line.size for line in heads), default=0.0)]
    over = min(near, key=lambda base: abs(base - level), default=level)
    beside = [line for line in turned if line.turn in (1, 3) and line.y1 > first]
    return [
        *(_upright(line, _foot(line), over) for line in heads),
        *(_upright(line, (line.x0 + line.x1) / 2, (line.y0 + line.y1) / 2 + 0.35 * line.size) for line in beside),
    ]


def _foot(line: Line) -> float:
    """Return where a head points to its column: the middle of one on end, the lower left corner of one aslant."""
    return (line.x0 + line.x1) / 2 if line.turn in (1, 3) else line.x0 + 0.5 * line.size


def _upright(line: Line, middle: float, base: float) -> Line:
    runs = [replace(run, raised=False, lowered=False) for run in line.runs]
    y0, y1 = base - line.size, base + 0.2 * line.size
    edges = [(middle - 0.5, middle + 0.5)] * len(line.text)
    return Line(line.text, line.start, y0, y1, base, edges, runs)
