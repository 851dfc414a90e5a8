"""The page of an experiment of the laboratory shows what the judge would use."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from repro.artifacts import Store
from repro.data.library import Library
from repro.errors import LabError
from repro.experiments import experiment
from repro.plan.planner import make_plan
from repro.run.gate import Gate, GateOutcome

SCRIPT = Path(__file__).parents[2] / "docs" / "laboratory.py"


@pytest.fixture(scope="module")
def laboratory():
    spec = importlib.util.spec_from_file_location("laboratory_page", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def measured(seed_matters):
    return [
        {"arm": arm, "seed": seed, "language": f"l{far}", "metric": "accuracy_csls", "value": value, "distance": far}
        for seed in (1, 2, 3)
        for far in range(5)
        for arm, value in (("untuned", 50 - 5 * far + seed * seed_matters * far), ("tuned", 60 - (3 + seed) * far))
    ]


def shown(laboratory, overrides, seed_matters):
    one = experiment("typology-correlation")
    nowhere = Library(None, None)
    plan = make_plan(one, "synthetic", Store(Path("nowhere")), 3, overrides=overrides, library=nowhere)
    outcome = SimpleNamespace(
        measurements=measured(seed_matters), gate=Gate(True, "", {}, (GateOutcome.PASSED,)), invalid={}
    )
    lines = laboratory.contrasts(plan, outcome)
    row = {line.split(" | ")[0].removeprefix("| "): line for line in lines if "| accuracy_csls |" in line}
    return row, lines


def test_one_measurement_has_an_interval_over_languages(laboratory):
    row, lines = shown(laboratory, {"pretrain": {"seed": 1}}, 0)
    assert "| languages | accuracy_csls | -1.00 [-1.00, -1.00] | -1.00 | inconclusive |" in row["distance"]
    assert "[" in row["distance-and-gain"]
    assert not any("one measurement" in line for line in lines)  # languages are the replicates


def test_seeds_with_models_of_their_own_have_one(laboratory):
    row, lines = shown(laboratory, {}, 1)
    assert "| -1.00 [-1.00, -1.00] | -1.00, -1.00, -1.00 |" in row["distance"]
    assert any(line.startswith("\nContrast distance. Under-powered: with 12 languages") for line in lines)


def test_seeds_that_are_one_measurement_are_said_to_be(laboratory):
    one = experiment("model-size")
    plan = make_plan(one, "synthetic", Store(Path("nowhere")), 3, library=Library(None, None))
    plan = replace(plan, stages=tuple(replace(s, content=s.node.label) for s in plan.stages))
    outcome = SimpleNamespace(measurements=[], gate=Gate(True, "", {}, (GateOutcome.PASSED,)), invalid={})
    lines = laboratory.contrasts(plan, outcome)
    assert any("Contrast size: Seeds 1, 2 and 3 share one pre-trained model" in line for line in lines)


def test_a_page_of_some_arms_lists_the_others_and_says_nothing_of_their_seeds(laboratory):
    one = experiment("typology-correlation")
    shared = {"pretrain": {"seed": 1}}
    whole = make_plan(one, "synthetic", Store(Path("nowhere")), 3, overrides=shared, library=Library(None, None))
    plan = laboratory.only(whole, ["untuned"])
    assert {stage.arm for stage in plan.stages} == {"", "untuned", "random"}
    assert plan.deviations == (*whole.deviations, "Arm tuned is left out: it was not run for this table.")
    assert plan.repeats("untuned", "") == ((1, 2, 3),)
    assert plan.repeats("tuned", "untuned") == ()
    with pytest.raises(LabError, match="no arm 'tund'"):
        laboratory.only(whole, ["tund"])
