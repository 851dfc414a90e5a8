"""Training curves: the loss of every training of a run, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

from synth.report.plots import canvas
from synth.report.wording import decimal, listed, opened

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANEL = 236.0  # pixels
STAGES = {"pretrain": "pre-training", "tune": "training on the arm's tasks"}
WHOLE = "the model"  # what a stage trains that has no arm and no name of its own
HEAD = ["Training", "Of", "Seeds", "Steps", "Loss at first", "Loss at last"]


@dataclass(frozen=True)
class Training:
    """One training of two steps or more: (step, loss) in order."""

    arm: str
    seed: int | None
    stage: str
    own_name: str
    losses: tuple[tuple[float, float], ...]

    @property
    def subject(self) -> str:
        """Name what was trained: its arm, or where arms share it what its name adds to the stage's: "small"."""
        return self.arm or self.own_name.removeprefix(self.stage).strip() or WHOLE

    @property
    def name(self) -> str:
        """Name a line for the legend: the arm, or the stage in words, such as "pre-training, small"."""
        stage = STAGES.get(self.stage, self.stage)
        return self.arm or (stage if self.subject == WHOLE else f"{stage}, {self.subject}")


@dataclass(frozen=True)
class Trainings:
    """All trainings of a run."""

    run: int
    curves: tuple[Training, ...]

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys(curve.name for curve in self.curves))

    @property
    def seeds(self) -> int:
        return len({curve.seed for curve in self.curves})

    def stages(self) -> dict[str, list[Training]]:
        """Map the stages in the order of a run, then those this page does not know, to their trainings."""
        present = dict.fromkeys([*STAGES, *(curve.stage for curve in self.curves)])
        by_stage = {stage: [curve for curve in self.curves if curve.stage == stage] for stage in present}
        return {stage: curves for stage, curves in by_stage.items() if curves}


def draw(trainings: Trainings) -> str:
    """Draw a panel a stage, a line a seed; arms differ by colour, dashes and the sign at the line's end."""
    stages, names = trainings.stages(), trainings.names

    def paint(figure: Figure) -> None:
        canvas.legend(figure, names, line=True)
        grid = figure.subplots(len(stages), squeeze=False)
        for axes, (stage, curves) in zip(grid[:, 0], stages.items(), strict=True):
            axes.set_title(f"{canvas.fitted(opened(STAGES.get(stage, stage)))}: loss")
            _panel(axes, curves, names)
        canvas.footnote(figure, ["A line a seed." if trainings.seeds > 1 else "One seed."])

    height = 24 + canvas.legend_height(names) + PANEL * len(stages)
    return canvas.picture(canvas.WIDTH, height, f"Run {trainings.run}: training loss", about(trainings), paint)


def about(trainings: Trainings) -> str:
    phrases = [
        f"{row[0]}{'' if row[1] == WHOLE else f', {row[1]}'}: from {row[4]} to {row[5]} in {row[3]} steps"
        for row in numbers(trainings)[1:]
    ]
    lines = "a line a seed; the numbers are means over the seeds" if trainings.seeds > 1 else "of one seed"
    return f"Loss over training steps, {lines}. {'; '.join(phrases)}."


def numbers(trainings: Trainings) -> list[list[str]]:
    """Return the picture's numbers as a table with its head; losses are means over the seeds."""
    rows = [HEAD]
    for stage, curves in trainings.stages().items():
        for name in trainings.names:
            own = [curve for curve in curves if curve.name == name]
            if own:
                first, last = (fmean(curve.losses[i][1] for curve in own) for i in (0, -1))
                seeds = listed([str(seed) for seed in sorted({curve.seed for curve in own}, key=str)])
                steps = " or ".join(f"{n:,}" for n in sorted({curve.losses[-1][0] for curve in own}))
                stage_name = opened(STAGES.get(stage, stage))
                rows.append([stage_name, own[0].subject, seeds, steps, decimal(first, 3), decimal(last, 3)])
    return rows


def _panel(axes: Axes, curves: Sequence[Training], names: Sequence[str]) -> None:
    for curve in curves:
        number = names.index(curve.name)
        steps, losses = zip(*curve.losses, strict=True)
        axes.plot(steps, losses, **canvas.stroke(number))
        axes.plot(steps[-1], losses[-1], linestyle="none", **canvas.marker(number))
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=min(0.0, *(loss for curve in curves for _, loss in curve.losses)))
    axes.grid()
    axes.set_xlabel("Step")
