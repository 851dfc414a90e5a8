"""Checks of a fidelity's parameters before anything is computed. Pure; loads nothing numerical."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from repro import tasks
from repro.design.experiment import Arm
from repro.design.nodes import Node
from repro.design.stage_parameters import ReadingPlace, RetrievalParameters, VectorParameters
from repro.errors import LabError
from repro.languages.typology import KINDS as DISTANCES
from repro.parameters import Table
from repro.recipes import FidelityTarget
from repro.schema import JsonObject
from repro.targets import names as targets
from repro.tasks import TaskParameters

POOLINGS = ("mean", "mean-without-specials", "cls")  # as in `repro.models.encoder`, which loads numerical libraries


class NamedParts(Table):
    """The part of a fidelity's parameters whose keys and values are names of what there is."""

    targets: Mapping[str, FidelityTarget] = {}
    readings: Mapping[str, ReadingPlace] = {}
    tasks: Mapping[str, TaskParameters] = {}
    schedules: Mapping[str, object] = {}


def check_names(params: JsonObject, arms: Iterable[Arm]) -> None:
    """Raise LabError for a target, pooling, distance, task, source or schedule that there is not."""
    named = NamedParts.read(params)
    for name, target in named.targets.items():
        _one_of(f"targets.{name}", "target", name, targets())
        _one_of(f"targets.{name}.pooling", "pooling", target.pooling, POOLINGS)
        if target.distance is not None:
            _one_of(f"targets.{name}.distance", "distance", target.distance, DISTANCES)
    for name, place in named.readings.items():
        _one_of(f"readings.{name}.pooling", "pooling", place.pooling, POOLINGS)
    for name, own in named.tasks.items():
        _one_of(f"tasks.{name}", "task", name, tasks.names())
        _one_of(f"tasks.{name}.source", "source", own.source, tasks.task(name).SOURCES)
    asked = {arm.params["schedule"] for arm in arms if "schedule" in arm.params}
    for name in named.schedules:
        _one_of(f"schedules.{name}", "task or arm with a schedule", name, [*tasks.names(), "multi", *sorted(asked)])


def check_layers(nodes: Iterable[Node], depth: Callable[[Node], int]) -> None:
    """Raise LabError for a measurement at a layer that its model lacks. `depth`: layers of a node's model."""
    by_name = {node.name: node for node in nodes}
    for node in by_name.values():
        wanted = _layers(node)
        layers = depth(_origin(node, by_name)) if wanted else 0
        for where, layer in wanted.items():
            if not 0 <= layer <= layers:
                raise LabError(
                    f"{where}.layer is {layer}, and the model of {node.label} has {layers} layers",
                    f"choose a layer from 0 (the embeddings) to {layers}",
                )


def _layers(node: Node) -> dict[str, int]:
    """Return the layers that a node reads, by the parameter that says so."""
    if node.kind in ("retrieval", "fusion"):
        own = RetrievalParameters.read(node.params)
        return {f"targets.{own.target}": own.layer}
    if node.kind == "vectors":
        return {f"readings.{name}": place.layer for name, place in VectorParameters.read(node.params).readings.items()}
    return {}


def _origin(node: Node, by_name: Mapping[str, Node]) -> Node:
    """Return the node that made the model which `node` reads, before any tuning.

    Members of a fusion have the same one.
    """
    while node.kind not in ("pretrain", "checkpoint"):
        node = by_name[node.needs.get("model") or node.needs["member 1"]]
    return node


def _one_of(where: str, what: str, value: str, allowed: Collection[str]) -> None:
    if value not in allowed:
        raise LabError(f"{where}: there is no {what} {value!r}", f"use {', '.join(allowed)}")
