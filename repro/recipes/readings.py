"""One model, read in several ways and scored in several ways: nothing is trained.

One pass over the sentences (two with a prefix) serves all arms, and all experiments of the fidelity.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from repro.design.experiment import Experiment
from repro.design.nodes import Node
from repro.errors import LabError
from repro.recipes import FOUNDATION, base, made_from, models, text

# What an arm does otherwise than the rest; see `repro.stages.reading`. `reading`: a name in the fidelity's `readings`.
ARM = {
    "reading?": str,
    "prefix?": str,
    "isotropy?": str,
    "rule?": str,
    "asks?": str,
    "pool?": int,
    "lengths?": str,
}
USUAL = {"reading": "last", "isotropy": "none", "rule": "cosine", "asks": "english", "pool": 0, "lengths": "all"}
# `measure`: what is read; the fidelity's first target that has pools of aligned sentences where it is not given.
PARAMS = {**FOUNDATION, "measure?": str}


def nodes(experiment: Experiment, params: dict[str, Any], seed: int) -> list[Node]:
    from repro.languages.typology import datasets as distances
    from repro.targets import target as module

    own = _measured(experiment, params)
    data = [*module(own["target"]).DATASETS, *(distances(own["distance"]) if "distance" in own else ())]
    stages = [*text(params, seed), *models(params, seed)[:1]]
    start = made_from(params, seed)
    for arm in experiment.arms:
        chosen = {**USUAL, **{key: value for key, value in arm.params.items() if key != "prefix"}}
        if chosen["reading"] not in params["readings"]:
            raise LabError(
                f"arm {arm.name}: the fidelity has no reading {chosen['reading']!r}",
                f"it has {', '.join(params['readings'])}",
            )
        passed = _pass(arm.params.get("prefix", ""), own, params, seed)
        if passed.name not in {node.name for node in stages}:
            stages.append(passed)
        needs = {"vectors": passed.name} | start
        label = f"read {arm.name}"
        stages.append(Node(label, "reading", seed, own | chosen, needs, arm.name, tuple((one, "") for one in data)))
    return stages


def _measured(experiment: Experiment, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the target with its parameters; one that the fidelity does not name has those of its first."""
    from repro.targets import target as module

    first = next((one for one in params["targets"] if hasattr(module(one), "pools")), "")
    name = params.get("measure", first)
    if not first or not hasattr(module(name), "pools") or "readings" not in params:
        raise LabError(
            f"{experiment.id} has nothing to read at this fidelity", "give it a target with pools, and readings"
        )
    # A place in the model is the arm's to choose, languages and their distances belong to the target.
    left = {"layer", "pooling"} | (set() if name in params["targets"] else {"languages", "distance"})
    stated = {
        key: value for key, value in params["targets"].get(name, params["targets"][first]).items() if key not in left
    }
    # What is no data set of the catalogue says by itself what the sentences depend on.
    named = {"source": module(name).source()} if hasattr(module(name), "source") else {}
    return {"target": name, **stated, **named}


def _pass(prefix: str, own: Mapping[str, Any], params: Mapping[str, Any], seed: int) -> Node:
    """Return the pass over the sentences, with `prefix` before each. A prefix is read at the last layer only."""
    from repro.targets import target as module

    common = {key: value for key, value in own.items() if key not in ("distance", "neighbours")}
    readings = {"last": params["readings"]["last"]} if prefix else params["readings"]
    stage = {**common, "readings": readings, "prefix": prefix}
    label = f"encode with {prefix.strip()!r}" if prefix else "encode"
    needs = {"model": base(params, seed)} | made_from(params, seed)
    data = tuple((one, "") for one in module(own["target"]).DATASETS)
    return Node(label, "vectors", seed if "pretrain" in params else 1, stage, needs, data=data)


def invalid(training: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return nothing: nothing is trained."""
    return {}
