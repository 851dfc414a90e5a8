"""The estimate of one test under the metric that decides and under the control, beside the claimed direction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from synth.core.estimate import Estimate
from synth.report.plots import canvas, intervals
from synth.report.plots.intervals import DOWNWARD, UPWARD, finite
from synth.report.wording import count, estimated, interval, opened, worded

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW = 46.0  # pixels


@dataclass(frozen=True)
class MetricEstimate:
    """One metric: its estimate, and the tested number seed by seed."""

    metric: str
    decides: bool
    estimate: Estimate
    by_seed: tuple[float, ...]


@dataclass(frozen=True)
class TestEstimates:
    """One test: what was claimed and registered, and its metrics, the one that decides first."""

    claim: int
    run: int
    verdict: str
    quantity: str  # with a capital that is no arm's
    unit: str
    direction: str
    claimed: float | None  # the claimed value, where it may be compared
    sesoi: float  # 0: none was registered
    level: float
    comparable: bool  # at fidelity `paper`
    over: str  # what the interval is over
    metrics: tuple[MetricEstimate, ...]


def draw(test: TestEstimates) -> str:
    """Draw a row a metric: the interval, a tick a seed, the claimed side in grey."""
    aid = _reading_aid(test)

    def paint(figure: Figure) -> None:
        axes = figure.add_subplot()
        heading = f"Claim {test.claim}, run {test.run}: {canvas.fitted(test.verdict)}"
        figure.suptitle(heading, x=0.015, ha="left", fontweight="bold")
        axes.set_title(f"Claimed: {canvas.fitted(test.direction)} (the grey side)", fontweight="normal")
        intervals.rows(axes, len(test.metrics))
        for y, metric in enumerate(test.metrics):
            _row(axes, y, metric)
            if metric.decides and test.claimed is not None:
                intervals.claimed(axes, y, test.claimed)
        for edge in (-test.sesoi, test.sesoi) if test.sesoi else ():
            axes.axvline(edge, **intervals.DASHED)
        axes.axvspan(*_claimed_side(test, axes.get_xlim()), color="#eeeeee", zorder=0)
        axes.set_xlabel(f"{canvas.fitted(test.quantity, 80)}, {canvas.fitted(test.unit)}")
        canvas.footnote(figure, aid)

    height = 106 + ROW * len(test.metrics) + 16 * len(canvas.below(aid))
    title = f"Run {test.run}: claimed against measured"
    return canvas.picture(canvas.WIDTH, height, title, about(test), paint)


def about(test: TestEstimates) -> str:
    """Return the text that stands for the picture where it cannot be seen."""
    lines = [
        f"{'decided by' if metric.decides else 'control,'} {worded(metric.metric)}: {_told(metric.estimate, test)}"
        for metric in test.metrics
    ]
    return f"{test.quantity}, {'; '.join(lines)}; claimed: {test.direction}."


def numbers(test: TestEstimates) -> list[list[str]]:
    """Return no table: the report has the numbers beside the picture."""
    return []


def _told(estimate: Estimate, test: TestEstimates) -> str:
    number = estimated(estimate.value, test.unit)
    over = f"over {count(estimate.seeds, 'seed') if test.over == 'seeds' else test.over}"
    return " ".join(filter(None, (number, interval(estimate.low, estimate.high), over)))


def _claimed_side(test: TestEstimates, ends: Sequence[float]) -> tuple[float, float]:
    if test.direction in UPWARD:
        return 0.0, ends[1]
    if test.direction in DOWNWARD:
        return ends[0], 0.0
    return -test.sesoi, test.sesoi


def _row(axes: Axes, y: float, metric: MetricEstimate) -> None:
    """Draw one metric; control and decision by the same rule, so that neither looks surer than it is."""
    weight, note, width = ("bold", "decides", 3) if metric.decides else ("normal", "control", 1.5)
    canvas.beside(axes, y, worded(metric.metric), note, weight)
    intervals.bar(axes, y, metric.estimate.low, metric.estimate.high, width)
    if metric.estimate.value is not None:
        sign = canvas.marker(intervals.MEASURED, 11)
        ring = {"markeredgecolor": canvas.colour(4), "markerfacecolor": "#ffffff", "markeredgewidth": 2}
        axes.plot(metric.estimate.value, y, linestyle="none", **(sign if metric.decides else sign | ring))
    seeds = finite(*metric.by_seed)
    axes.plot(seeds, [y + 0.28] * len(seeds), linestyle="none", marker="|", markersize=6, color="#444444")


def _reading_aid(test: TestEstimates) -> list[str]:
    """Explain the signs, of those that are drawn."""
    signs = "Disc: measured" if len(test.metrics) == 1 else "Disc: what decides; ring: control"
    bars = any(metric.estimate.low is not None for metric in test.metrics)
    students = " (Student's t)" if test.over == "seeds" else ""
    level = f"{100 * test.level:.3g}% interval over the {test.over}{students}"
    ticks = "; ticks: the seeds" if any(len(metric.by_seed) for metric in test.metrics) else ""
    lines = [f"{signs}; {f'bars: {level}' if bars else f'no interval over the {test.over}'}{ticks}."]
    rest = ["dashed: the smallest effect of interest, ±"] if test.sesoi else []
    rest += ["diamond: the claimed value"] if test.claimed is not None else []
    if not test.comparable:
        rest.append("below fidelity paper the claimed size is not comparable")
    return [*lines, *([opened("; ".join(rest)) + "."] if rest else [])]
