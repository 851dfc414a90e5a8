"""`synth calibrate`: how far the probabilities of stances hold on labelled claims, and what puts them right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import numpy as np

from synth.core.errors import UsageError
from synth.core.progress import Progress, silent
from synth.core.settings import Settings
from synth.core.types import Stance
from synth.core.workspace import Workspace
from synth.eval.evaluate import Answered, Request, answered
from synth.eval.scifact import coverage, reliability
from synth.eval.scifact.evaluation import truth
from synth.eval.scifact.intervals import LEVEL, groups, intervals
from synth.evidence import recalibration
from synth.evidence.calibrator import STANCES
from synth.report.plots import reliability as reliability_page
from synth.search.stance_models import store

MIN_PAIRS = 50  # labelled pairs from which numbers are fitted
WHICH = ("as given", "put right")  # cross-fitted
COVERAGES = (0.1, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Judged:
    """Pairs of claim and document: the probabilities given, what is true, and the group of the claim."""

    probabilities: list[dict[Stance, float]]
    truth: list[Stance]
    claim: list[int]
    group: list[int]


class Interval(TypedDict):
    """A measure with its interval, None where there is none."""

    value: float
    ci: tuple[float, float] | None


Measured = TypedDict(
    "Measured",
    {
        "ece": Interval,
        "brier": Interval,
        "support_ece": Interval,
        "support_brier": Interval,
        "risk area": float,
        "risk at": dict[str, float | None],
        "reliability": dict[str, list[dict[str, float]]],
        "curve": list[tuple[float, float]],
    },
)
Calibration = TypedDict(
    "Calibration",
    {
        "pairs": int,
        "groups": int,
        "level": float,
        "as given": Measured,
        "put right": Measured,
        "written": str | None,
    },
)


def calibrate(
    workspace: Workspace, settings: Settings, request: Request, *, write: bool = False, progress: Progress = silent
) -> Calibration:
    """Judge labelled claims, and measure how far the probabilities hold: as they are, and put right (cross-fitted).

    `write`: store the numbers that put them right in the workspace, where `synth evaluate` uses them from then on.
    Raises UsageError without labels or with too few.
    """
    pairs = _pairs(answered(workspace, settings, request, progress))
    count = len(pairs.probabilities)
    if len(set(pairs.truth)) < 2 or count < MIN_PAIRS:
        raise UsageError(
            f"{count} judged documents with {len(set(pairs.truth))} different labels cannot calibrate.",
            f"Give labelled claims: at least {MIN_PAIRS} documents of at least two labels.",
        )
    rows = recalibration.odds(pairs.probabilities)
    try:
        better = recalibration.cross_fitted(rows, pairs.truth, pairs.group)
    except ValueError as error:
        raise UsageError(f"The claims cannot be divided: {error}.", "Give claims of more articles.") from error
    right = [dict(zip(STANCES, row, strict=True)) for row in better.tolist()]
    name = "named" if request.cited else "retrieved"
    written = store(settings, workspace, name, recalibration.fitted(rows, pairs.truth)) if write else None
    return {
        "pairs": len(pairs.probabilities),
        "groups": len(set(pairs.group)),
        "level": LEVEL,
        "as given": measured(pairs, pairs.probabilities),
        "put right": measured(pairs, right),
        "written": str(written) if written else None,
    }


def _pairs(outcome: Answered) -> Judged:
    numbers = groups(outcome.claims, outcome.corpus)
    rows = [
        (dict(p), truth(claim, doc), i, numbers[i])
        for i, (claim, answer) in enumerate(zip(outcome.claims, outcome.answers, strict=True))
        if claim.evidence is not None
        for doc, p in answer.confidence.items()
    ]
    return Judged(*(list(column) for column in zip(*rows, strict=True))) if rows else Judged([], [], [], [])


def measured(pairs: Judged, probabilities: Sequence[dict[Stance, float]]) -> Measured:
    """Compute Brier scores and calibration errors with intervals, reliability diagram, and risk against coverage."""
    count = max(pairs.claim) + 1
    sums, group = np.zeros((count, reliability.WIDTH)), [0] * count
    for p, true, claim, number in zip(probabilities, pairs.truth, pairs.claim, pairs.group, strict=True):
        sums[claim] += reliability.sums([(p, true)])
        group[claim] = number
    values = reliability.measures(sums.sum(axis=0)[None])
    ci = intervals(sums, group, reliability.measures)
    tops = [max(STANCES, key=lambda stance: p[stance]) for p in probabilities]
    points = coverage.curve([(p[t], t is true) for p, t, true in zip(probabilities, tops, pairs.truth, strict=True)])
    measure: dict[str, Interval] = {name: {"value": float(value[0]), "ci": ci[name]} for name, value in values.items()}
    return {
        "ece": measure["ece"],
        "brier": measure["brier"],
        "support_ece": measure["support_ece"],
        "support_brier": measure["support_brier"],
        "risk area": coverage.area(points),
        "risk at": {str(c): _risk(points, c) for c in COVERAGES},
        "reliability": reliability.diagram(sums.sum(axis=0)),
        "curve": [(point.coverage, point.risk) for point in points],
    }


def _risk(points: Sequence[coverage.CoveragePoint], share: float) -> float | None:
    point = coverage.at(points, share)
    return point.risk if point else None


def write_report(result: Calibration, path: Path) -> None:
    """Write the tables as Markdown to `path`, and two pictures beside it."""
    pictures = {which: f"{path.stem}-{which.replace(' ', '-')}.svg" for which in WHICH}
    for name, measures in zip(pictures.values(), (result["as given"], result["put right"]), strict=True):
        svg = reliability_page.picture(measures["reliability"], measures["curve"])
        path.with_name(name).write_text(svg, encoding="utf-8")
    path.write_text(reliability_page.page(result, pictures), encoding="utf-8")


def check_report(path: Path) -> None:
    """Make the report's folder before the work. Raises UsageError where no file can be written."""
    if path.is_dir():
        raise UsageError(f"{path} is a folder.", "Name a file for the report.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{path.parent} cannot be made: {error}.", "Name a file in a folder of yours.") from error
