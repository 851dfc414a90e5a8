"""Experiment that a claim would need and none tests: a code, and slots that an experiment file could take.

Works on the rows of the store and on predictions alike; imports only the standard library and the vocabulary.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

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


def missing_experiment(predictions: Sequence[Prediction]) -> dict[str, Any] | None:
    """Return the experiment that would test the first prediction which one could be written for; None if there is none.

    Returns:
        `treatment`, `baseline`, `task`, `metric`, `direction`, `scope` as the claim says them, `statistic` ("mean",
        "correlation", "rank", "count"), and `open`: the slots that the claim leaves open and a file would have to fill.
    """
    for one in predictions:
        if reason(one) not in WRITABLE:
            continue
        statistic = STATISTICS.get(one.direction, "mean")
        needed = {"mean": SLOTS, "rank": ("treatment", "task", "metric")}.get(statistic, ("treatment", "metric"))
        slots: Mapping[str, Any] = {slot: getattr(one, slot) for slot in SLOTS}
        return {
            **slots,
            "scope": dict(one.scope),
            "statistic": statistic,
            "open": [slot for slot in needed if not slots[slot]],
        }
    return None
