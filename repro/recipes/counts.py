"""Numbers of training examples of the data sets: each is loaded by its task's reader, and counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from repro.design.experiment import Experiment
from repro.design.nodes import Node
from repro.recipes import LANGUAGES, TASK, task_data

ARM = {"task": str}
PARAMS = {"tasks": {"*": TASK}, "languages?": LANGUAGES}


def nodes(experiment: Experiment, params: dict[str, Any], seed: int) -> list[Node]:
    """Return the same for every seed: nothing is drawn. A set that is not at hand leaves its arm out, and only that."""
    stages = []
    for arm in experiment.arms:
        name = arm.params["task"]
        own = {"tasks": {name: params["tasks"][name]}}
        if "languages" in params:
            own["languages"] = params["languages"]
        stages.append(Node(f"count {name}", "count", 1, own, {}, arm.name, task_data(own["tasks"]), optional=True))
    return stages


def invalid(training: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return nothing: nothing is trained."""
    return {}
