from pathlib import Path

import pytest

from repro.artifacts import Store
from repro.errors import LabError
from repro.plan import make_plan, merge
from repro.registry import experiment, experiments


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


@pytest.mark.parametrize("one", experiments().values(), ids=lambda e: e.id)
def test_every_experiment_can_be_planned_with_its_cost(one, store):
    plan = make_plan(one, "synthetic", store)
    assert plan.seeds == (1, 2, 3)
    assert {stage.arm for stage in plan.stages} - {""} == {arm.name for arm in plan.arms}
    assert all(stage.seconds is not None for stage in plan.stages)
    assert 30 < plan.wall_seconds(2) <= plan.wall_seconds(1)
    seen = set()
    for stage in plan.stages:
        assert seen.issuperset(stage.needs)
        seen.add(stage.name)
    assert len(seen) == len(plan.stages)


def test_the_plan_as_json(store):
    plan = make_plan(experiment("intermediate-transfer"), "synthetic", store, seeds=2).to_json()
    assert plan["experiment"] == "intermediate-transfer"
    assert plan["fidelity"] == "synthetic"
    assert plan["arms"] == ["untuned", "nli", "tagging", "multi", "random"]
    assert plan["seeds"] == [1, 2]
    assert set(plan["stages"][0]) == {"name", "cached", "seconds"}
    assert any("2 seeds instead of the 3" in deviation for deviation in plan["deviations"])


def test_the_same_plan_has_the_same_hash_and_another_another(store):
    one = experiment("intermediate-transfer")
    plan = make_plan(one, "synthetic", store)
    assert plan.spec_hash == make_plan(one, "synthetic", Store(Path("elsewhere"))).spec_hash
    assert plan.spec_hash != make_plan(one, "synthetic", store, seeds=4).spec_hash
    assert plan.spec_hash != make_plan(one, "synthetic", store, overrides={"retrieval": {"layer": 3}}).spec_hash
    assert plan.spec["gate"] == one.gate
    assert plan.spec["rule"] == {"alpha": 0.05, "minimum_seeds": 3}
    assert plan.spec["experiment_hash"] == one.hash


def test_experiments_share_pre_trained_models_and_the_task_learnt_from_english(store):
    keys = [
        {stage.name: stage.key for stage in make_plan(one, "synthetic", store).stages} for one in experiments().values()
    ]
    transfer, translate = keys
    for name in ("languages, seed 1", "pretrain, seed 2", "random model, seed 3", "retrieve untuned, seed 1"):
        assert transfer[name] == translate[name]
    assert transfer["tune nli, seed 1"] == translate["tune zero-shot bb+dd, seed 1"]
    everything = [key for found in keys for key in found.values()]
    assert len(set(everything)) < len(everything)


def test_keys_depend_on_what_a_stage_is_made_from_and_on_nothing_else(store):
    one = experiment("intermediate-transfer")
    before = {s.name: s.key for s in make_plan(one, "synthetic", store).stages}
    change = {"schedules": {"nli": {"steps": 7}}}
    after = {s.name: s.key for s in make_plan(one, "synthetic", store, overrides=change).stages}
    changed = {name.split(",")[0] for name in before if before[name] != after[name]}
    assert changed == {"tune nli", "retrieve nli"}
    change = {"languages": {"sentences": 31000}}
    after = {s.name: s.key for s in make_plan(one, "synthetic", store, overrides=change).stages}
    assert not set(before.values()) & set(after.values())


def test_changed_parameters_are_a_deviation_and_checked(store):
    one = experiment("intermediate-transfer")
    plan = make_plan(one, "synthetic", store, overrides={"retrieval": {"layer": 3}})
    assert plan.deviations[-1] == "Parameters changed by hand for this run: retrieval.layer = 3."
    assert plan.spec["params"]["retrieval"] == {"layer": 3, "neighbours": 10}
    with pytest.raises(LabError, match="unknown key 'leyer'"):
        make_plan(one, "synthetic", store, overrides={"retrieval": {"leyer": 3}})


def test_one_seed_is_refused(store):
    with pytest.raises(LabError) as caught:
        make_plan(experiment("intermediate-transfer"), "synthetic", store, seeds=1)
    assert "1 seed is too few" in caught.value.what
    assert "at least 2 seeds" in caught.value.do


@pytest.mark.parametrize("seeds", [0, -3])
def test_no_seeds_are_refused(store, seeds):
    with pytest.raises(LabError, match="cannot be run"):
        make_plan(experiment("intermediate-transfer"), "synthetic", store, seeds=seeds)


def test_an_unknown_fidelity_names_those_there_are(store):
    with pytest.raises(LabError) as caught:
        make_plan(experiment("translate-train"), "huge", store)
    assert "synthetic" in caught.value.do


def test_an_unavailable_fidelity_says_why_and_what_it_needs(store):
    with pytest.raises(LabError) as caught:
        make_plan(experiment("intermediate-transfer"), "paper", store)
    assert "not built yet" in caught.value.what
    assert "GPU" in caught.value.do


def test_merging_goes_table_by_table():
    base = {"a": {"b": 1, "c": [1, 2]}, "d": 1}
    assert merge(base, {"a": {"c": [3]}, "e": 2}) == {"a": {"b": 1, "c": [3]}, "d": 1, "e": 2}
    assert base == {"a": {"b": 1, "c": [1, 2]}, "d": 1}
