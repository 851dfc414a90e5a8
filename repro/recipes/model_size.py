"""Models of several sizes, each untuned and after English intermediate-task training, measured by retrieval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from repro.design.experiment import Experiment
from repro.design.nodes import Node
from repro.errors import LabError
from repro.models.checkpoints import CheckpointParameters
from repro.models.shape import ModelShape
from repro.parameters import Table
from repro.recipes import (
    Foundation,
    models,
    pretrained_as,
    retrieval,
    text,
    tuning,
    unlearnt_arms,
)
from repro.schema import JsonObject


class SizeArm(Table):
    """`size`: one of the fidelity's `sizes`; `tuned`: after intermediate training. With neither: the random model."""

    size: str | None = None
    tuned: bool = False


class SizedModel(Table):
    """In the place of the fidelity's one model: a shape to pre-train, or a checkpoint; and the layer to be read."""

    shape: ModelShape | None = None
    model: CheckpointParameters | None = None
    layer: int


class SizeFidelity(Foundation):
    """`sizes`: the models; `trained`: the tasks that tuned ones are trained on."""

    sizes: Mapping[str, SizedModel]
    trained: Sequence[str]


ARM, PARAMS = SizeArm, SizeFidelity


def nodes(experiment: Experiment, params: JsonObject, seed: int) -> list[Node]:
    stated = SizeFidelity.read(params)
    if stated.model and stated.model.path:
        raise LabError(
            f"{experiment.id} compares models of {len(stated.sizes)} sizes, and one model was given",
            "give each its own: " + " ".join(f"`--set 'sizes.{size}.model.path=\"DIR\"'`" for size in stated.sizes),
        )
    stages = [*text(stated, seed)]
    for arm in experiment.arms:
        own = SizeArm.read(arm.params)
        if own.size is None:
            if stated.pretrain:
                random = models(stated, seed)[1]
                stages += [random, *retrieval(arm.name, stated, seed, random.name)]
            continue
        model = _model(own.size, stated, seed)
        stages.append(model)
        start = model.name
        if own.tuned:
            tune = tuning(arm.name, stated.trained, stated, seed, model=model.name)
            stages.append(tune)
            start = tune.name
        stages += retrieval(arm.name, _read_at(stated, stated.sizes[own.size].layer), seed, start)
    return stages


def _model(size: str, params: SizeFidelity, seed: int) -> Node:
    """Return the pre-trained model of a size; of the fidelity's own shape it is the one that other experiments use."""
    chosen = params.sizes[size]
    if chosen.model:
        return Node(f"model {size}", "checkpoint", 1, chosen.model.to_json())
    own = models(params.but(pretrain=pretrained_as(params).but(shape=chosen.shape)), seed)[0]
    return Node(f"pretrain {size}", own.kind, own.seed, own.params, own.needs)


def _read_at(params: SizeFidelity, layer: int) -> SizeFidelity:
    return params.but(targets={name: target.but(layer=layer) for name, target in params.targets.items()})


invalid = unlearnt_arms
