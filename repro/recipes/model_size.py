"""Models of several sizes, each untuned and after English intermediate-task training, measured by retrieval."""

from __future__ import annotations

from typing import Any

from repro.design.experiment import Experiment
from repro.design.nodes import Node
from repro.errors import LabError
from repro.recipes import (
    FOUNDATION,
    MODEL,
    SHAPE,
    models,
    retrieval,
    text,
    tuning,
    unlearnt_arms,
)

# `size`: one of the fidelity's `sizes`; `tuned`: after intermediate training. An arm with neither is the random model.
ARM = {"size?": str, "tuned?": bool}
PARAMS = {
    **FOUNDATION,
    # In the place of the fidelity's one model: a shape to pre-train, or a checkpoint; and the layer to be read.
    "sizes": {"*": {"shape?": SHAPE, "model?": MODEL, "layer": int}},
    "trained": [str],
}


def nodes(experiment: Experiment, params: dict[str, Any], seed: int) -> list[Node]:
    if params.get("model", {}).get("path"):
        raise LabError(
            f"{experiment.id} compares models of {len(params['sizes'])} sizes, and one model was given",
            "give each its own: " + " ".join(f"`--set 'sizes.{size}.model.path=\"DIR\"'`" for size in params["sizes"]),
        )
    stages = [*text(params, seed)]
    for arm in experiment.arms:
        size = arm.params.get("size")
        if size is None:
            if "pretrain" in params:
                random = models(params, seed)[1]
                stages += [random, *retrieval(arm.name, params, seed, random.name)]
            continue
        model = _model(size, params, seed)
        own = _read_at(params, params["sizes"][size]["layer"])
        stages.append(model)
        start = model.name
        if arm.params.get("tuned"):
            tune = tuning(arm.name, params["trained"], params, seed, model=model.name)
            stages.append(tune)
            start = tune.name
        stages += retrieval(arm.name, own, seed, start)
    return stages


def _model(size: str, params: dict[str, Any], seed: int) -> Node:
    """Return the pre-trained model of a size; of the fidelity's own shape it is the one that other experiments use."""
    chosen = params["sizes"][size]
    if "model" in chosen:
        return Node(f"model {size}", "checkpoint", 1, chosen["model"])
    own = models({**params, "pretrain": {**params["pretrain"], "shape": chosen["shape"]}}, seed)[0]
    return Node(f"pretrain {size}", own.kind, own.seed, own.params, own.needs)


def _read_at(params: dict[str, Any], layer: int) -> dict[str, Any]:
    return {**params, "targets": {name: {**target, "layer": layer} for name, target in params["targets"].items()}}


invalid = unlearnt_arms
