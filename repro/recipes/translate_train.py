"""Learning a task for another language from machine-translated data, alone and with English (Sherborne et al. 2020)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from repro.plan import Node
from repro.recipes import COUNTS, LANGUAGES, PRETRAIN, RETRIEVAL, SCHEDULE, foundation, not_learnt, tuning
from repro.registry import Experiment

# `translated`, `english`: what the arm learns from; `pretrained`: whether it starts from the pre-trained model.
# An arm with none of them is there for the gate alone.
ARM = {"translated?": bool, "english?": bool, "pretrained?": bool}
PARAMS = {
    "languages": LANGUAGES,
    "pretrain": PRETRAIN,
    "retrieval": RETRIEVAL,
    "tasks": {"*": COUNTS},
    "task": str,
    "targets": [str],
    "translation": {"dropped": float, "confused": float},
    "schedule": SCHEDULE,
}


def nodes(experiment: Experiment, params: dict[str, Any], seed: int) -> list[Node]:
    found = foundation(params, seed)
    for arm in experiment.arms:
        if not arm.params:
            continue
        start = "pretrain" if arm.params["pretrained"] else "random model"
        needs = {"model": f"{start}, seed {seed}"}
        # Without translated data one model serves every target language.
        groups = [[code] for code in params["targets"]] if arm.params["translated"] else [params["targets"]]
        for targets in groups:
            stage = tuning([params["task"]], _sources(arm.params, targets[0], params), params["schedule"], params)
            label = f"{arm.name} {'+'.join(targets)}"
            tune = Node(f"tune {label}", "tune", seed, stage, needs, arm.name)
            test = {key: stage[key] for key in ("tasks", "dev", "languages")} | {"targets": targets}
            found += [tune, Node(f"test {label}", "accuracy", seed, test, {"model": tune.name}, arm.name)]
    return found


def _sources(arm: Mapping[str, Any], target: str, params: dict[str, Any]) -> list[dict[str, Any]]:
    sources = []
    if arm["translated"]:
        sources.append({"language": target, **params["translation"]})
    if arm["english"]:
        sources.append({"language": "en", "dropped": 0.0, "confused": 0.0})
    return sources


def invalid(training: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Whether an arm learns the task is the result here; only if none does, there is nothing to compare."""
    if any(row["learnt"] for row in training):
        return {}
    return {row["arm"]: f"no arm learnt the task; {not_learnt(row)}" for row in training}
