"""Models tuned on distinct syntactic tasks, alone, in one model, and fused by embedding, by score and by rank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from repro.design.experiment import Experiment
from repro.design.nodes import Node
from repro.parameters import Table
from repro.recipes import Foundation, TrainingRow, foundation, made_from, retrieval, tuning, unlearnt_arms
from repro.schema import JsonObject


class EnsembleArm(Table):
    """`tasks`: what the arm is trained on; `fuse`: how the arms `members` are made one (see repro.stages.fusion)."""

    tasks: Sequence[str] | None = None
    members: Sequence[str] = ()
    fuse: str = ""


ARM, PARAMS = EnsembleArm, Foundation


def nodes(experiment: Experiment, params: JsonObject, seed: int) -> list[Node]:
    stated = Foundation.read(params)
    stages = foundation(stated, seed)
    arms = {arm.name: EnsembleArm.read(arm.params) for arm in experiment.arms}
    tuned: dict[str, Node] = {}
    for name, own in arms.items():
        if own.tasks is not None:
            tuned[name] = tuning(name, own.tasks, stated, seed)
            stages += [tuned[name], *retrieval(name, stated, seed, tuned[name].name)]
    for name, own in arms.items():
        if own.fuse:
            stages += _fused(name, own, tuned, stated, seed)
    return stages


def _fused(arm: str, own: EnsembleArm, tuned: Mapping[str, Node], params: Foundation, seed: int) -> list[Node]:
    members = {f"member {i}": tuned[name].name for i, name in enumerate(own.members, 1)}
    needs = members | made_from(params, seed)
    stages = []
    for node in retrieval(arm, params, seed, tuned[own.members[0]].name):
        label = node.label.replace("retrieve", "fuse", 1)
        stages.append(Node(label, "fusion", seed, {**node.params, "fuse": own.fuse}, needs, arm, node.data))
    return stages


def invalid(training: Sequence[TrainingRow]) -> dict[str, str]:
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
