"""Models tuned on distinct syntactic tasks, alone, in one model, and fused by embedding, by score and by rank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from repro.design.experiment import Experiment
from repro.design.nodes import Node
from repro.recipes import FOUNDATION, foundation, made_from, retrieval, tuning, unlearnt_arms

# `tasks`: what the arm is trained on; `fuse`: how the arms `members` are made one (see repro.stages.fusion).
ARM = {"tasks?": [str], "members?": [str], "fuse?": str}
PARAMS = FOUNDATION


def nodes(experiment: Experiment, params: dict[str, Any], seed: int) -> list[Node]:
    stages = foundation(params, seed)
    tuned: dict[str, Node] = {}
    for arm in experiment.arms:
        own = arm.params
        if "tasks" in own:
            tuned[arm.name] = tuning(arm.name, own["tasks"], params, seed)
            stages += [tuned[arm.name], *retrieval(arm.name, params, seed, tuned[arm.name].name)]
    for arm in experiment.arms:
        if "fuse" in arm.params:
            stages += _fused(arm.name, arm.params, tuned, params, seed)
    return stages


def _fused(
    arm: str, own: Mapping[str, Any], tuned: Mapping[str, Node], params: Mapping[str, Any], seed: int
) -> list[Node]:
    members = {f"member {i}": tuned[name].name for i, name in enumerate(own["members"], 1)}
    needs = members | made_from(params, seed)
    stages = []
    for node in retrieval(arm, params, seed, tuned[own["members"][0]].name):
        label = node.label.replace("retrieve", "fuse", 1)
        stages.append(Node(label, "fusion", seed, {**node.params, "fuse": own["fuse"]}, needs, arm, node.data))
    return stages


def invalid(training: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return a member that did not learn its task makes every fusion of it invalid as well."""
    reasons = unlearnt_arms(training)
    tasks: dict[str, set[str]] = {}
    for row in training:
        tasks.setdefault(row["arm"], set()).add(row["task"])
    # Members are trained on one task each; the model of all tasks at once is no member.
    if lost := [arm for arm in reasons if len(tasks[arm]) == 1]:
        for name in ("members", "by-embedding", "by-score", "by-rank"):
            reasons[name] = f"its member {lost[0]} did not learn its task; {reasons[lost[0]]}"
    return reasons
