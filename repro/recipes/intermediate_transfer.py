"""English intermediate-task training, then cross-lingual retrieval without further training (Phang et al. 2020)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from repro.plan import Node
from repro.recipes import COUNTS, LANGUAGES, PRETRAIN, RETRIEVAL, SCHEDULE, foundation, not_learnt, retrieval, tuning
from repro.registry import Experiment

# `tasks`: what the arm is trained on, by the schedule of that name; an arm without `tasks` is not trained.
ARM = {"tasks?": [str], "schedule?": str}
PARAMS = {
    "languages": LANGUAGES,
    "pretrain": PRETRAIN,
    "retrieval": RETRIEVAL,
    "tasks": {"*": COUNTS},
    "schedules": {"*": SCHEDULE},
}
ENGLISH = [{"language": "en", "dropped": 0.0, "confused": 0.0}]


def nodes(experiment: Experiment, params: dict[str, Any], seed: int) -> list[Node]:
    found = foundation(params, seed)
    for arm in experiment.arms:
        if "tasks" not in arm.params:
            continue
        schedule = params["schedules"][arm.params["schedule"]]
        stage = tuning(list(arm.params["tasks"]), ENGLISH, schedule, params)
        tune = Node(f"tune {arm.name}", "tune", seed, stage, {"model": f"pretrain, seed {seed}"}, arm.name)
        found += [tune, retrieval(arm.name, params, seed, tune.name)]
    return found


def invalid(training: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """An arm in which one seed did not learn one task: what it measured says nothing about that task."""
    found: dict[str, str] = {}
    for row in training:
        if not row["learnt"]:
            found.setdefault(row["arm"], not_learnt(row))
    return found
