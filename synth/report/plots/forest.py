"""The forest plot: every test of a report, claimed against measured, a row each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from synth.report.plots import canvas, intervals
from synth.report.plots.intervals import DIRECTED, UPWARD, finite
from synth.report.wording import amount, decimal, estimated, interval, opened

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW = 44.0  # pixels
HEAD = ["Test", "Quantity", "Claimed", "Measured", "Interval", "Seeds", "Fidelity", "Verdict"]


@dataclass(frozen=True)
class ForestRow:
    """One test: what it compared, what was claimed of it, what was measured."""

    claim: int
    run: int
    contrast: str
    direction: str
    claimed: float | None  # the claimed value, where it may be compared
    estimate: float
    low: float | None
    high: float | None
    unit: str
    seeds: int
    sesoi: float  # 0: none was registered
    fidelity: str
    verdict: str

    @property
    def name(self) -> str:
        return f"Claim {self.claim}, run {self.run}"


def draw(rows: Sequence[ForestRow]) -> str:
    """Draw a row a test, a panel a unit.

    A row has the estimate with its interval, an arrow to the claimed side, the claimed value where it may be compared
    (a diamond), and the smallest effect of interest (dashed).
    """
    panels = [[row for row in rows if row.unit == unit] for unit in dict.fromkeys(row.unit for row in rows)]
    signs = _signs(rows)

    def paint(figure: Figure) -> None:
        ratios = [len(panel) for panel in panels]
        grid = figure.subplots(len(panels), squeeze=False, height_ratios=ratios)
        for axes, panel in zip(grid[:, 0], panels, strict=True):
            _panel(axes, panel)
        canvas.footnote(figure, signs)

    height = 24 + ROW * len(rows) + 46 * len(panels) + 16 * len(canvas.below(signs))
    return canvas.picture(canvas.WIDTH, height, "Claimed against measured, all tests", about(rows), paint)


def about(rows: Sequence[ForestRow]) -> str:
    return "Forest plot. " + " ".join(f"{'; '.join(row[:5])}; {row[7]}." for row in numbers(rows)[1:])


def numbers(rows: Sequence[ForestRow]) -> list[list[str]]:
    """Return the picture's numbers as a table with its head."""
    body = [
        [
            row.name,
            row.contrast,
            row.direction + (f" {amount(row.claimed)}" if row.claimed is not None else ""),
            estimated(row.estimate, row.unit),
            interval(row.low, row.high) or "–",
            str(row.seeds),
            row.fidelity,
            row.verdict,
        ]
        for row in rows
    ]
    return [HEAD, *body]


def _panel(axes: Axes, rows: Sequence[ForestRow]) -> None:
    intervals.rows(axes, len(rows))
    for y, row in enumerate(rows):
        canvas.beside(axes, y, f"{row.name} ({row.fidelity})", row.verdict)
        if row.sesoi:
            axes.vlines([-row.sesoi, row.sesoi], y - 0.4, y + 0.4, **intervals.DASHED)
        if row.direction in DIRECTED:
            _arrow(axes, y, 1 if row.direction in UPWARD else -1)
        intervals.bar(axes, y, row.low, row.high)
        axes.plot(row.estimate, y, linestyle="none", **canvas.marker(intervals.MEASURED, 11))
        if row.claimed is not None:
            intervals.claimed(axes, y, row.claimed)
        options: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "fontsize": 11}
        axes.text(1.02, y, decimal(row.estimate, sign=True), va="bottom", **options)
        axes.text(1.02, y, interval(row.low, row.high) or "no interval", va="top", **options)
    axes.set_xlabel(f"Measured, {canvas.fitted(rows[0].unit)}")


def _arrow(axes: Axes, y: float, side: int) -> None:
    """Draw an arrow from zero to the claimed side, below the row's estimate."""
    from matplotlib.transforms import Affine2D, ScaledTranslation

    at_zero = ScaledTranslation(0, y, axes.transData)  # type: ignore[arg-type]  # any transform will do
    points = Affine2D() + at_zero
    axes.annotate("", (side * 27, -14), (side * 5, -14), points, points, arrowprops={"arrowstyle": "->", "lw": 1.5})


def _signs(rows: Sequence[ForestRow]) -> list[str]:
    """Explain the signs, of those that are drawn."""
    bars = any(len(finite(row.low, row.high)) == 2 for row in rows)
    signs = ["disc: measured" + (", with its interval" if bars else "")]
    if any(row.direction in DIRECTED for row in rows):
        signs.append("arrow: the claimed side")
    if any(row.claimed is not None for row in rows):
        signs.append("diamond: the claimed value")
    if any(row.sesoi for row in rows):
        signs.append("dashed: the smallest effect of interest, ±")
    lines = ["; ".join(signs[:2]), "; ".join(signs[2:])] if len(signs) > 3 else ["; ".join(signs)]
    return [f"{opened(line)}." for line in lines]
