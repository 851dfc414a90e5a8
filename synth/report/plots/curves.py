"""Training curves: the loss of every training of a run, step by step."""

from __future__ import annotations

from statistics import fmean
from typing import Any

from synth.report.plots import svg
from synth.report.plots.scales import across, finite, legend, scale, upright
from synth.report.wording import decimal, listed, opened
from synth.store.rows.runs import VerdictView

WIDTH, LEFT, RIGHT, HEIGHT, GAP = 640.0, 64.0, 24.0, 170.0, 84.0
STAGES = {"pretrain": "pre-training", "tune": "training on the arm's tasks"}
WHOLE = "the model"  # what a stage trains that has no arm and no name of its own
HEAD = ["Training", "Of", "Seeds", "Steps", "Loss at first", "Loss at last"]


def shown(test: VerdictView) -> bool:
    return bool(_curves(test))


def picture(test: VerdictView) -> str:
    """Draw a panel a stage, a line a seed; arms differ by colour, dashes and the sign at the line's end."""
    names = _names(test)
    parts, top = legend(names, LEFT, WIDTH - RIGHT, line=True)
    top += 34
    for stage in _stages(test):
        own = [curve for curve in _curves(test) if curve["stage"] == stage]
        parts += _panel(own, names, opened(STAGES.get(stage, stage)), top)
        top += HEIGHT + GAP
    title = f"Run {test.run_id}: training loss"
    seeds = len({curve["seed"] for curve in _curves(test)})
    parts.append(svg.text(12, top - GAP + 56, "A line a seed." if seeds > 1 else "One seed.", 11))
    return svg.drawing(WIDTH, top - GAP + 68, title, about(test), parts)


def about(test: VerdictView) -> str:
    phrases = [
        f"{row[0]}{'' if row[1] == WHOLE else f', {row[1]}'}: from {row[4]} to {row[5]} in {row[3]} steps"
        for row in numbers(test)[1:]
    ]
    seeds = len({curve["seed"] for curve in _curves(test)})
    lines = "a line a seed; the numbers are means over the seeds" if seeds > 1 else "of one seed"
    return f"Loss over training steps, {lines}. {'; '.join(phrases)}."


def numbers(test: VerdictView) -> list[list[str]]:
    """Return the picture's numbers as a table with its head; losses are means over the seeds."""
    rows = [HEAD]
    for stage in _stages(test):
        for name in _names(test):
            own = [c for c in _curves(test) if c["stage"] == stage and _name(c) == name]
            if own:
                first, last = (fmean(c["losses"][i][1] for c in own) for i in (0, -1))
                seeds = listed([str(seed) for seed in sorted({c["seed"] for c in own}, key=str)])
                steps = " or ".join(f"{n:,}" for n in sorted({c["losses"][-1][0] for c in own}))
                stage_name = opened(STAGES.get(stage, stage))
                rows.append([stage_name, _of(own[0]), seeds, steps, decimal(first, 3), decimal(last, 3)])
    return rows


def _curves(test: VerdictView) -> list[dict[str, Any]]:
    """Return {arm, seed, stage, name, losses: [[step, loss], …]} of every training of two steps or more."""
    curves = []
    for curve in test.provenance.get("curves", []):
        losses = [[step, loss] for step, loss in curve["losses"] if finite(loss)]
        if len(losses) > 1:
            curves.append({**curve, "losses": losses})
    return curves


def _of(curve: dict[str, Any]) -> str:
    """Name what was trained: its arm, or where arms share it what its name adds to the stage's: "small"."""
    own = str(curve.get("name") or "").removeprefix(str(curve["stage"])).strip()
    return str(curve["arm"] or own or WHOLE)


def _name(curve: dict[str, Any]) -> str:
    """Name a line for the legend: the arm, or the stage in words, such as "pre-training, small"."""
    if curve["arm"]:
        return str(curve["arm"])
    stage, own = STAGES.get(curve["stage"], str(curve["stage"])), _of(curve)
    return stage if own == WHOLE else f"{stage}, {own}"


def _names(test: VerdictView) -> list[str]:
    return list(dict.fromkeys(_name(curve) for curve in _curves(test)))


def _stages(test: VerdictView) -> list[str]:
    """Return the stages in the order of a run, then those this page does not know."""
    present = dict.fromkeys(curve["stage"] for curve in _curves(test))
    return [stage for stage in STAGES if stage in present] + [stage for stage in present if stage not in STAGES]


def _panel(curves: list[dict[str, Any]], names: list[str], title: str, top: float) -> list[str]:
    points = [point for curve in curves for point in curve["losses"]]
    marks = svg.ticks(min(0.0, *(loss for _, loss in points)), max(loss for _, loss in points), 4)
    steps = svg.ticks(0, max(step for step, _ in points))
    up, right = scale(marks[0], marks[-1], top + HEIGHT, top), scale(steps[0], steps[-1], LEFT, WIDTH - RIGHT)
    parts = [svg.text(LEFT - 50, top - 14, f"{title}: loss", 12, weight="bold")]
    parts += upright(marks, LEFT, WIDTH - RIGHT, up) + across(steps, top, top + HEIGHT, right)
    for curve in curves:
        number = names.index(_name(curve))
        places = [(right(step), up(loss)) for step, loss in curve["losses"]]
        parts.append(svg.curve(places, svg.colour(number), 1.3, svg.dash(number)))
        parts.append(svg.marker(*places[-1], number, 4))
    parts.append(svg.line(LEFT, top + HEIGHT, WIDTH - RIGHT, top + HEIGHT))
    parts.append(svg.text((LEFT + WIDTH - RIGHT) / 2, top + HEIGHT + 34, "Step", 12, "middle"))
    return parts
