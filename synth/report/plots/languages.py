"""Accuracy by language and arm: a dot plot (Cleveland 1984), a row a language, a column of panels a metric."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from synth.report.plots import canvas
from synth.report.wording import decimal, listed, opened, with_unit, worded

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ARM, GAP, LEAST = 9.0, 6.0, 14.0  # pixels of an arm, between languages, and of a language at least
LONG = 42  # languages of a panel; beyond, panels stand side by side
MAX_PANELS = 4  # side by side
MAX_NAME = 24  # characters of a language's name


@dataclass(frozen=True)
class Score:
    """An arm in a language under a metric: mean, lowest and highest over the seeds."""

    metric: str
    language: str
    arm: str
    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class LanguageScores:
    """All scores of a run; metrics, languages and arms in the order in which they are shown."""

    run: int
    metrics: tuple[str, ...]
    languages: tuple[tuple[str, float | None], ...]  # with their distance, where it is stated
    arms: tuple[str, ...]
    scores: tuple[Score, ...]
    several_seeds: bool
    label: str = "Language"  # what the scores are told apart by


def draw(measured: LanguageScores) -> str:
    """Draw a sign an arm with a bar from the lowest to the highest seed; languages from the top, nearest first."""
    most = max(1, MAX_PANELS // len(measured.metrics))
    blocks = min(most, ceil(len(measured.languages) / LONG))
    long = ceil(len(measured.languages) / blocks)
    row = max(LEAST, ARM * len(measured.arms) + GAP)
    far = any(distance is not None for _, distance in measured.languages)
    aid = "Signs: means over the seeds; bars: lowest to highest seed." if measured.several_seeds else "Signs: one seed."
    if far:
        aid = f"Beside a language: its typological distance from English. {aid}"

    def paint(figure: Figure) -> None:
        canvas.legend(figure, measured.arms)
        grid = figure.subplots(1, blocks * len(measured.metrics), squeeze=False)
        for block in range(blocks):
            languages = measured.languages[block * long : (block + 1) * long]
            for number, metric in enumerate(measured.metrics):
                axes = grid[0, block * len(measured.metrics) + number]
                scores = [score for score in measured.scores if score.metric == metric]
                _panel(axes, scores, measured.arms, languages, long)
                axes.tick_params(axis="y", labelleft=number == 0)
                if block == 0:
                    axes.set_title(canvas.fitted(with_unit(metric)))
        canvas.footnote(figure, [aid])

    height = canvas.legend_height(measured.arms) + 70 + row * long
    what = "accuracy" if measured.label == "Language" else measured.metrics[0]
    title = f"Run {measured.run}: {what} by {measured.label.lower()} and arm"
    return canvas.picture(canvas.WIDTH, height, title, about(measured), paint)


def about(measured: LanguageScores) -> str:
    """Return the text that stands for the picture where it cannot be seen."""
    return (
        f"{opened(listed([*map(worded, measured.metrics)]))} of the arms {listed(measured.arms)} "
        f"in {listed([name for name, _ in measured.languages])}: "
        f"{'mean over seeds with the lowest and highest seed' if measured.several_seeds else 'one seed'}; "
        "the numbers are in the tables."
    )


def numbers(measured: LanguageScores) -> list[list[str]]:
    """Return no table: the report has the numbers beside the picture."""
    return []


def _panel(
    axes: Axes,
    scores: Sequence[Score],
    arms: Sequence[str],
    languages: Sequence[tuple[str, float | None]],
    long: int,
) -> None:
    names = [canvas.fitted(name, MAX_NAME) for name, _ in languages]
    labels = [
        name if distance is None else f"{name} ({decimal(distance)})"
        for name, (_, distance) in zip(names, languages, strict=True)
    ]
    place = {name: y for y, (name, _) in enumerate(languages)}
    for number, arm in enumerate(arms):
        own = [score for score in scores if score.arm == arm and score.language in place]
        if not own:
            continue
        shift = 0.7 * ((number + 0.5) / len(arms) - 0.5)
        ys = [place[score.language] + shift for score in own]
        axes.hlines(ys, [s.low for s in own], [s.high for s in own], color=canvas.colour(number), linewidth=2)
        axes.plot([s.mean for s in own], ys, linestyle="none", **canvas.marker(number, 6))
    axes.set_ylim(long - 0.5, -0.5)
    axes.set_yticks(range(len(languages)), labels)
    axes.tick_params(axis="y", length=0)
    low, high = min(0.0, *(score.low for score in scores)), max(0.0, *(score.high for score in scores))
    margin = (high - low) * 0.05 or 1.0
    axes.set_xlim(low - margin * (low < 0), high + margin)  # of the whole metric, so that its panels have one scale
    axes.grid(color=canvas.GRID)
