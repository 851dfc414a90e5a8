"""Numbers of training examples of the data sets: each is loaded by its task's reader, and counted."""

from __future__ import annotations

from collections.abc import Sequence

from repro.design.experiment import Experiment
from repro.design.nodes import Node
from repro.design.stage_parameters import CountParameters
from repro.parameters import Table
from repro.recipes import TrainingRow, task_data
from repro.schema import JsonObject


class CountedArm(Table):
    """The task whose examples the arm counts."""

    task: str


ARM, PARAMS = CountedArm, CountParameters


def nodes(experiment: Experiment, params: JsonObject, seed: int) -> list[Node]:
    """Return the same for every seed: nothing is drawn. A set that is not at hand leaves its arm out, and only that."""
    stages, stated = [], CountParameters.read(params)
    for arm in experiment.arms:
        name = CountedArm.read(arm.params).task
        own = stated.but(tasks={name: stated.tasks[name]})
        data = task_data(own.tasks)
        stages.append(Node(f"count {name}", "count", 1, own.to_json(), {}, arm.name, data, optional=True))
    return stages


def invalid(training: Sequence[TrainingRow]) -> dict[str, str]:
    """Return nothing: nothing is trained."""
    return {}
