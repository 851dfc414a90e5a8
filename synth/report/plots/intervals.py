"""Rows of estimates with their intervals, as the forest plot and the picture of one test draw them."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from synth.report.plots import canvas

if TYPE_CHECKING:
    from matplotlib.axes import Axes

UPWARD, DOWNWARD = ("increase", "greater", "positive"), ("decrease", "less", "negative")
DIRECTED = (*UPWARD, *DOWNWARD)
MEASURED, CLAIMED = 0, 2  # series by which the signs are coloured
DASHED: dict[str, Any] = {"color": "#555555", "linewidth": 1.2, "linestyle": (0, (4, 3))}


def finite(*values: float | None) -> list[float]:
    return [value for value in values if value is not None and isfinite(value)]


def rows(axes: Axes, number: int) -> None:
    """Set up axes for so many rows from top to bottom, with grid lines and a line at zero."""
    axes.set_ylim(number - 0.5, -0.5)
    axes.yaxis.set_visible(False)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    axes.axvline(0, color=canvas.INK, linewidth=1.5)


def bar(axes: Axes, y: float, low: float | None, high: float | None, width: float = 3) -> None:
    """Draw an interval with strokes across its ends; nothing where there is none."""
    ends = finite(low, high)
    if len(ends) == 2:
        axes.hlines(y, ends[0], ends[1], color="#000000", linewidth=width)
        axes.plot(ends, [y, y], linestyle="none", marker="|", markersize=12, color="#000000", markeredgewidth=1.5)


def claimed(axes: Axes, y: float, value: float) -> None:
    axes.plot(value, y, linestyle="none", **canvas.marker(CLAIMED))
