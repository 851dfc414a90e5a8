"""English intermediate-task training, then cross-lingual retrieval without further training (Phang et al. 2020).

Arms differ in the tasks they are trained on and in how: with the encoder frozen, with masked language modelling going
on beside the task, or on task data translated into the other languages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from repro.nodes import Node
from repro.recipes import ENGLISH, FOUNDATION, foundation, retrieval, tuning, unlearnt_arms
from repro.registry import Experiment

# `tasks`: what the arm is trained on; an arm without `tasks` is not trained.
ARM = {"tasks?": [str], "schedule?": str, "frozen?": bool, "mlm?": bool, "translated?": bool}
PARAMS = FOUNDATION


def nodes(experiment: Experiment, params: dict[str, Any], seed: int) -> list[Node]:
    found = foundation(params, seed)
    for arm in experiment.arms:
        own = arm.params
        if "tasks" not in own:
            continue
        more: dict[str, Any] = {"schedule": own["schedule"]} if "schedule" in own else {}
        if own.get("frozen"):
            more["frozen"] = True
        if own.get("mlm"):
            more["mlm"] = params["mlm"]
        if own.get("translated"):
            more |= translated(own["tasks"], params)
        tune = tuning(arm.name, own["tasks"], params, seed, **more)
        found += [tune, *retrieval(arm.name, params, seed, tune.name)]
    return found


def translated(names: Sequence[str], params: Mapping[str, Any]) -> dict[str, Any]:
    """The tasks in English and in every other language: generated and badly translated, or from a source that has both.

    The number of examples that are asked for stays the same where it is bounded.
    """
    if "languages" not in params:
        source = params["translation"]["source"]
        return {"tasks": {name: {**params["tasks"][name], "source": source} for name in names}}
    others = [{"language": row["code"], **params["translation"]} for row in params["languages"]["others"]]
    return {"sources": [*ENGLISH, *others]}


invalid = unlearnt_arms
