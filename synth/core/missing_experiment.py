"""Experiment that a claim would need and none tests: a code, and slots that an experiment file could take.

Works on the rows of the store and on predictions alike; imports only the standard library and the vocabulary.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from synth.core.reasons.untestable import Untestable
from synth.core.types import Prediction

STATISTICS = {"positive": "correlation", "negative": "correlation", "count": "count", "best": "rank", "worst": "rank"}
COMPARISONS = ("greater", "less", "equal")
SLOTS = ("treatment", "baseline", "task", "metric", "direction")


# Reasons that name an experiment which could be written.
WRITABLE = (Untestable.NO_ARMS, Untestable.NO_RIVALS, Untestable.NO_COVARIATE, Untestable.NO_DATA_SET)


def reason(prediction: Prediction | None, *, kind: str = "", scored: bool = True) -> Untestable:
    """Return why a claim of this kind whose first prediction is `prediction` has no experiment.

    `scored`: False where something falls of which it is not known that it is a score.
    """
    if prediction is None:
        return Untestable.METHOD if kind == "method" else Untestable.NO_OUTCOME
    one = prediction
    if one.direction == "count":
        if not one.treatment:
            return Untestable.NO_HOLDER
        return Untestable.ROUGH_COUNT if "approximate" in one.scope else Untestable.NO_DATA_SET
    if STATISTICS.get(one.direction) == "rank":
        return Untestable.NO_RIVALS if one.treatment else Untestable.NO_TREATMENT
    if STATISTICS.get(one.direction) == "correlation":
        return Untestable.NO_COVARIATE if one.treatment and one.metric else Untestable.NO_TREATMENT
    if one.direction in COMPARISONS and not one.baseline:
        return Untestable.NO_BASELINE
    if not one.treatment:
        return Untestable.NO_TREATMENT
    if not one.direction:
        return Untestable.NO_DIRECTION
    return Untestable.NO_ARMS if scored else Untestable.NO_SCORE


@dataclass(frozen=True)
class MissingExperiment:
    """Experiment that would test a claim: its slots as the claim says them, "" where it says nothing.

    `statistic`: "mean", "correlation", "rank" or "count". `open`: the slots that the claim leaves open and an
    experiment file would have to fill.
    """

    treatment: str
    baseline: str
    task: str
    metric: str
    direction: str
    scope: dict[str, str]
    statistic: str
    open: tuple[str, ...]


def missing_experiment(predictions: Sequence[Prediction]) -> MissingExperiment | None:
    """Return the experiment that would test the first prediction which one could be written for; None if there is
    none.
    """
    for prediction in predictions:
        if reason(prediction) not in WRITABLE:
            continue
        statistic = STATISTICS.get(prediction.direction, "mean")
        needed = {"mean": SLOTS, "rank": ("treatment", "task", "metric")}.get(statistic, ("treatment", "metric"))
        slots = {slot: str(getattr(prediction, slot)) for slot in SLOTS}
        open_slots = tuple(slot for slot in needed if not slots[slot])
        return MissingExperiment(**slots, scope=dict(prediction.scope), statistic=statistic, open=open_slots)
    return None
