from pathlib import Path

import pytest

from repro.artifacts import Store
from repro.data.library import Library
from repro.errors import LabError
from repro.experiments import experiment
from repro.plan.checks import POOLINGS
from repro.plan.planner import make_plan
from repro.recipes.intermediate_transfer import nodes

NOWHERE = Library(None, None)


def refused(overrides, name="intermediate-transfer"):
    with pytest.raises(LabError) as caught:
        make_plan(experiment(name), "synthetic", Store(Path("nowhere")), overrides=overrides, library=NOWHERE)
    return caught.value


def test_the_poolings_are_those_of_the_encoder():
    from repro.models import encoder

    assert encoder.POOLINGS == POOLINGS


@pytest.mark.parametrize(
    ("overrides", "parameter", "value", "allowed"),
    [
        ({"targets": {"heldout": {"pooling": "max"}}}, "targets.heldout.pooling", "max", "mean-without-specials"),
        ({"targets": {"heldout": {"distance": "lexical"}}}, "targets.heldout.distance", "lexical", "syntactic"),
        (
            {"targets": {"tatoebas": {"layer": 1, "pooling": "mean", "neighbours": 3}}},
            "targets.tatoebas",
            "tatoebas",
            "tatoeba",
        ),
        ({"tasks": {"mnli": {"source": "xnil"}}}, "tasks.mnli.source", "xnil", "xnli"),
        ({"tasks": {"rte": {"source": "generated", "examples": 3, "dev": 3}}}, "tasks.rte", "rte", "mnli"),
        ({"schedules": {"mnil": {"lr": 1e-3, "steps": 3}}}, "schedules.mnil", "mnil", "multi"),
    ],
)
def test_a_name_that_there_is_not_is_refused_with_its_parameter(overrides, parameter, value, allowed):
    error = refused(overrides)
    assert error.what.startswith(f"{parameter}: ")
    assert repr(value) in error.what
    assert allowed in error.do


def test_an_arms_schedule_is_one_of_the_rungs():
    one = experiment("task-diversity")
    params = one.fidelities["synthetic"].params
    schedules = {name: own for name, own in params["schedules"].items() if name != "equal"}
    with pytest.raises(LabError, match=r"no schedules\.equal") as caught:
        nodes(one, {**params, "schedules": schedules}, 1)
    assert "mnli" in caught.value.do
    with pytest.raises(LabError, match=r"no tasks\.mnli"):
        nodes(one, {**params, "tasks": {}}, 1)


@pytest.mark.parametrize(("layer", "right"), [(-1, False), (0, True), (2, True), (3, False)])
def test_a_layer_is_one_that_the_model_has(layer, right):
    overrides = {"targets": {"heldout": {"layer": layer}}}
    if right:
        make_plan(experiment("low-resource"), "synthetic", Store(Path("nowhere")), overrides=overrides, library=NOWHERE)
        return
    error = refused(overrides, "low-resource")
    assert error.what.startswith(f"targets.heldout.layer is {layer}, and the model of retrieve untuned has 2 layers")
    assert "0 (the embeddings) to 2" in error.do


def test_each_size_of_a_model_has_layers_of_its_own():
    error = refused({"sizes": {"small": {"layer": 4, "shape": {"layers": 2}}}}, "model-size")
    assert "is 4, and the model of retrieve small has 2 layers" in error.what


def test_members_of_a_fusion_are_read_at_a_layer_that_they_have():
    with pytest.raises(LabError, match="has 2 layers"):
        make_plan(
            experiment("syntactic-ensemble"),
            "synthetic",
            Store(Path("nowhere")),
            overrides={"targets": {"heldout": {"layer": 9}}},
            library=NOWHERE,
            contrast="score-over-members",
        )
