import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from repro.artifacts import Store
from repro.data import catalogue, checksums
from repro.data import library as data
from repro.data.library import Library
from repro.design.experiment import Variation
from repro.errors import LabError
from repro.experiments import experiment, experiments
from repro.hashing import sha256
from repro.plan.planner import make_plan
from repro.schema import merge

NOWHERE = Library(None, None)
REAL = [
    (one, rung.name)
    for one in experiments().values()
    for rung in one.fidelities.values()
    if rung.available and rung.name not in ("synthetic", "published")
]
GENERATED = [one for one in experiments().values() if "synthetic" in one.fidelities]
REAL_IDS = [f"{one.id} at {rung}" for one, rung in REAL]
GENERATED = [one for one in experiments().values() if "synthetic" in one.fidelities]


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    """A library that has a file in the place of every data set, and the catalogue without checksums."""
    library = Library(tmp_path_factory.mktemp("at_hand"), tmp_path_factory.mktemp("pulled"))
    patch = pytest.MonkeyPatch()
    known = {name: _unchecked(catalogue.dataset(name)) for name in catalogue.names()}
    patch.setattr(data, "dataset", known.__getitem__)
    for name, entry in known.items():
        places = [library.pulled / name / file.name for file in entry.files]
        for path in places + [library.at_hand / file.path for file in entry.at_hand]:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("something")
    yield library
    patch.undo()


def _unchecked(entry):
    files = tuple(replace(file, sha256="", bytes=0) for file in entry.files)
    return replace(entry, files=files, at_hand=tuple(replace(file, sha256="", bytes=0) for file in entry.at_hand))


def with_model(one, rung, folder):
    """Changes that put the model in `folder`, of two layers, in the place of the rung's."""
    params = one.fidelities[rung].params
    if "model" not in params:
        return None
    if "sizes" in params:
        return {"sizes": {size: {"model": {"path": str(folder)}, "layer": 1} for size in params["sizes"]}}
    shallow = {table: {key: {"layer": 1} for key in params.get(table, ())} for table in ("targets", "readings")}
    return {"model": {"path": str(folder)}, **shallow}


def at_small(name, store, library, folder, **options):
    """The plan of an experiment at the rung `small`, with the model in `folder`."""
    one = experiment(name)
    return make_plan(one, "small", store, overrides=with_model(one, "small", folder), library=library, **options)


def check_order(plan):
    seen = set()
    for stage in plan.stages:
        assert seen.issuperset(stage.needs)
        seen.add(stage.name)
    assert len(seen) == len(plan.stages)


@pytest.mark.parametrize("one", GENERATED, ids=lambda e: e.id)
def test_every_experiment_can_be_planned(one, store):
    plan = make_plan(one, "synthetic", store, library=NOWHERE)
    assert plan.seeds == tuple(range(1, (one.fidelities["synthetic"].seeds or one.minimum_seeds) + 1))
    assert {stage.arm for stage in plan.stages} - {""} == {arm.name for arm in plan.arms}
    assert not plan.absent
    assert not plan.altered
    check_order(plan)


@pytest.mark.parametrize(("one", "rung"), REAL, ids=REAL_IDS)
def test_at_the_real_rungs_too_where_data_and_model_are_there(one, rung, store, everything, checkpoint):
    plan = make_plan(one, rung, store, overrides=with_model(one, rung, checkpoint), library=everything)
    assert {stage.arm for stage in plan.stages} - {""} >= {c.treatment for c in one.contrasts}
    assert not plan.absent
    check_order(plan)
    assert {s.node.kind for s in plan.stages} <= {
        "corpus", "pretrain", "checkpoint", "tune", "retrieval", "fusion", "count", "vectors", "reading",
    }  # fmt: skip


@pytest.mark.parametrize(("one", "rung"), REAL, ids=REAL_IDS)
def test_data_that_are_not_there_are_named(one, rung, store):
    if one.recipe == "counts":
        plan = make_plan(one, rung, store, library=NOWHERE)
        assert set(plan.absent) == {arm.name for arm in one.arms}
        assert plan.stages == ()
        assert plan.wall_seconds(2) == 0
        return
    with pytest.raises(LabError, match="not on this machine") as caught:
        make_plan(one, rung, store, library=NOWHERE)
    assert "SYNTH_DATA" in caught.value.do
    if one.id == "low-resource" and rung == "paper":
        assert "`synth data pull tatoeba`" in caught.value.do


def test_a_model_that_is_not_there_says_how_to_give_one(store, everything, tmp_path):
    one = experiment("intermediate-transfer")
    with pytest.raises(LabError, match="xlm-roberta-large") as caught:
        make_plan(one, "paper", store, library=everything)
    assert "--model DIR" in caught.value.do
    with pytest.raises(LabError, match="no folder"):
        make_plan(one, "paper", store, library=everything, overrides={"model": {"path": str(tmp_path / "none")}})


def test_keys_follow_the_files_of_a_model(store, everything, checkpoint, tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    for file in checkpoint.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    plans = []
    for change in (b"", b"", b" "):
        with (folder / "config.json").open("ab") as stream:
            stream.write(change)
        one = experiment("low-resource")
        changes = with_model(one, "paper", folder)
        plans.append(make_plan(one, "paper", store, overrides=changes, library=everything))
    keys = [{stage.key for stage in plan.stages} for plan in plans]
    assert keys[0] == keys[1]
    assert not keys[0] & keys[2]


def test_where_a_model_lies_is_in_the_key_of_its_reference_alone(store, everything, checkpoint, tmp_path):
    shutil.copytree(checkpoint, tmp_path / "elsewhere")
    one = experiment("low-resource")
    here, there = (
        make_plan(one, "paper", store, overrides=with_model(one, "paper", folder), library=everything)
        for folder in (checkpoint, tmp_path / "elsewhere")
    )
    differing = [stage.name for stage in here.stages if stage.key != there.stage(stage.name).key]
    assert differing == ["model, seed 1"]  # its artifact says in which folder the model is
    assert here.spec["stages"] == there.spec["stages"]


def test_a_layer_that_a_model_given_by_hand_lacks_is_refused(store, everything, checkpoint):
    overrides = {"model": {"path": str(checkpoint)}}
    with pytest.raises(LabError, match=r"targets\.tatoeba\.layer is 14, and .* has 2 layers"):
        make_plan(experiment("low-resource"), "paper", store, overrides=overrides, library=everything)


@pytest.mark.parametrize("rung", ["base", "paper"])
def test_at_a_checkpoint_text_is_for_language_modelling_alone(rung, store, everything, checkpoint):
    one, other = experiment("mlm-and-translation"), experiment("low-resource")
    plan = make_plan(one, rung, store, overrides=with_model(one, rung, checkpoint), library=everything)
    assert {stage.node.label for stage in plan.stages if "corpus, seed 1" in stage.needs} == {"tune with-mlm"}
    own = make_plan(other, rung, store, overrides=with_model(other, rung, checkpoint), library=everything)
    measured = "retrieve untuned tatoeba, seed 1"
    assert plan.stage(measured).key == own.stage(measured).key
    without = make_plan(
        one, rung, store, overrides=with_model(one, rung, checkpoint), library=everything, contrast="translated"
    )
    assert "corpus" not in {stage.node.kind for stage in without.stages}


def test_seeds_in_which_nothing_is_trained_anew_are_one_measurement(store, everything, checkpoint):
    plan = at_small("typology-correlation", store, everything, checkpoint)
    assert plan.repeats("untuned") == plan.repeats("untuned", "") == ((1, 2, 3),)
    assert plan.repeats("tuned", "untuned") == plan.repeats("tuned") == plan.repeats("") == ()


def test_seeds_with_a_model_of_their_own_are_measurements_of_their_own(store):
    plan = make_plan(experiment("typology-correlation"), "synthetic", store)
    assert plan.repeats("untuned", "") == ()


def test_every_contrast_of_untuned_models_is_one_measurement_at_a_checkpoint(store, everything, checkpoint):
    found = {}
    for one, rung in REAL:
        if rung == "base":
            plan = make_plan(one, rung, store, 3, with_model(one, rung, checkpoint), everything)
            found |= {(one.id, c.id): plan.repeats(c.treatment, c.baseline) for c in one.contrasts}
    single = {name for name, repeats in found.items() if repeats}
    untuned = {("typology-correlation", "distance"), ("low-resource", "text"), ("model-size", "size")}
    read = {(one.id, c.id) for one in experiments().values() if one.recipe == "readings" for c in one.contrasts}
    assert single == untuned | (read & found.keys())
    assert {found[name] for name in single} == {((1, 2, 3),)}


def test_a_plan_reads_large_files_once(everything, tmp_path, monkeypatch, checkpoint):
    read = []

    def counted(path):
        read.append(path)
        return sha256(path)

    monkeypatch.setattr(checksums, "sha256", counted)
    monkeypatch.setattr(checksums, "SETTLED", 0)
    for _ in range(2):
        at_small("low-resource", Store(tmp_path), everything, checkpoint)
        assert len(read) == len(set(read)) > 0


def test_the_plan_as_json(store):
    plan = make_plan(experiment("low-resource"), "synthetic", store, seeds=2).to_json()
    assert plan["experiment"] == "low-resource"
    assert plan["fidelity"] == "synthetic"
    assert plan["arms"] == ["untuned", "tuned", "random"]
    assert plan["seeds"] == [1, 2]
    assert set(plan["stages"][0]) == {"name", "cached", "seconds"}
    assert any("2 seeds instead of the 3" in deviation for deviation in plan["deviations"])


def test_the_same_plan_has_the_same_hash_and_another_another(store):
    one = experiment("intermediate-transfer")
    plan = make_plan(one, "synthetic", store)
    assert plan.spec_hash == make_plan(one, "synthetic", Store(Path("elsewhere"))).spec_hash
    assert plan.spec_hash != make_plan(one, "synthetic", store, seeds=4).spec_hash
    assert plan.spec_hash != make_plan(one, "synthetic", store, contrast="mnli").spec_hash
    change = {"targets": {"heldout": {"layer": 2}}}
    assert plan.spec_hash != make_plan(one, "synthetic", store, overrides=change).spec_hash
    assert plan.spec["gate"] == one.gate
    assert plan.spec["rule"] == {"alpha": 0.05, "minimum_seeds": 3}
    assert plan.spec["experiment_hash"] == one.hash


def test_a_rung_can_have_a_gate_of_its_own(store, everything, checkpoint):
    one = experiment("low-resource")
    spec = at_small(one.id, store, everything, checkpoint).spec
    assert spec["gate"] == {**one.gate, "languages": "all", "target": "tatoeba", "control": ""}


def test_experiments_share_pre_trained_models_and_the_task_learnt_from_english(store):
    names = ("intermediate-transfer", "mlm-and-translation", "task-diversity", "translate-train", "syntactic-ensemble")
    keys = {
        name: {stage.name: stage.key for stage in make_plan(experiment(name), "synthetic", store).stages}
        for name in (*names, "model-size")
    }
    for shared in ("languages, seed 1", "pretrain, seed 2", "random model, seed 3", "retrieve untuned, seed 1"):
        assert len({keys[name][shared] for name in names}) == 1
    learnt = {
        keys["intermediate-transfer"]["tune mnli, seed 1"],
        keys["mlm-and-translation"]["tune english, seed 1"],
        keys["translate-train"]["tune zero-shot bb+dd, seed 1"],
        keys["model-size"]["tune large-tuned, seed 1"],
    }
    assert len(learnt) == 1
    assert keys["model-size"]["pretrain large, seed 1"] == keys["task-diversity"]["pretrain, seed 1"]
    assert keys["model-size"]["pretrain small, seed 1"] not in keys["task-diversity"].values()


def test_seeds_that_share_a_model_share_its_measurement(store, everything, checkpoint):
    plan = at_small("low-resource", store, everything, checkpoint)
    names = [f"retrieve untuned tatoeba, seed {seed}" for seed in plan.seeds]
    assert len({plan.stage(name).key for name in names}) == 1
    assert [plan.stage(name).seed for name in names] == [1, 2, 3]
    assert len({plan.stage(f"tune tuned, seed {seed}").key for seed in plan.seeds}) == 3


def test_keys_depend_on_what_a_stage_is_made_from_and_on_nothing_else(store):
    one = experiment("intermediate-transfer")
    before = {s.name: s.key for s in make_plan(one, "synthetic", store).stages}
    change = {"schedules": {"ccg": {"steps": 7}}}
    after = {s.name: s.key for s in make_plan(one, "synthetic", store, overrides=change).stages}
    changed = {name.split(",")[0] for name in before if before[name] != after[name]}
    assert changed == {"tune ccg", "retrieve ccg"}
    change = {"languages": {"sentences": 31000}}
    after = {s.name: s.key for s in make_plan(one, "synthetic", store, overrides=change).stages}
    assert not set(before.values()) & set(after.values())


def test_one_contrast_needs_its_own_arms_and_those_of_the_gate(store):
    one = experiment("intermediate-transfer")
    whole = make_plan(one, "synthetic", store)
    plan = make_plan(one, "synthetic", store, contrast="ccg")
    assert [arm.name for arm in plan.arms] == ["untuned", "ccg", "random"]
    labels = {stage.node.label for stage in plan.stages}
    assert labels == {
        "languages", "pretrain", "random model", "tune ccg", "retrieve untuned", "retrieve random", "retrieve ccg",
    }  # fmt: skip
    assert {s.name: s.key for s in plan.stages}.items() <= {s.name: s.key for s in whole.stages}.items()
    with pytest.raises(LabError, match="no contrast 'cgc'") as caught:
        make_plan(one, "synthetic", store, contrast="cgc")
    assert "ccg" in caught.value.do


def test_a_fused_arm_needs_its_members_but_not_their_measurements(store):
    plan = make_plan(experiment("syntactic-ensemble"), "synthetic", store, contrast="score-over-joint")
    labels = {stage.node.label for stage in plan.stages}
    assert labels >= {"tune upos", "tune deprel", "tune depth", "tune chunk", "tune joint", "fuse by-score"}
    assert not labels & {"retrieve upos", "fuse members", "fuse by-rank"}


def test_changed_parameters_are_a_deviation_and_checked(store):
    one = experiment("intermediate-transfer")
    plan = make_plan(one, "synthetic", store, overrides={"targets": {"heldout": {"layer": 2}}})
    assert plan.altered
    assert plan.deviations[-1] == "Parameters changed by hand for this run: targets.heldout.layer = 2."
    assert plan.spec["params"]["targets"]["heldout"] == {"layer": 2, "pooling": "mean", "neighbours": 10}
    with pytest.raises(LabError, match="unknown key 'hiden'"):
        make_plan(one, "synthetic", store, overrides={"pretrain": {"shape": {"hiden": 3}}})


def test_what_stands_in_for_published_data_is_a_deviation_of_the_arms_that_use_it(store, everything, checkpoint):
    one = experiment("intermediate-transfer")
    named = [
        [word for word in ("XNLI", "MRPC", "CCGbank") if any(word in text for text in plan.deviations)]
        for plan in (
            at_small(one.id, store, everything, checkpoint, contrast=contrast) for contrast in ("mnli", "qqp", "ccg")
        )
    ]
    assert named == [["XNLI"], ["MRPC"], ["CCGbank"]]


def test_data_that_may_be_absent_leave_their_arm_out(store, tmp_path):
    folder = tmp_path / "ccgbank"
    folder.mkdir()
    for name in ("train.auto", "dev.auto"):
        (folder / name).write_text("ID=1\n(<L N NN NN apple N>)\n")
    plan = make_plan(experiment("dataset-counts"), "paper", store, library=Library(None, tmp_path))
    assert [stage.arm for stage in plan.stages] == ["ccg"]
    assert set(plan.absent) == {arm.name for arm in plan.arms} - {"ccg"}
    assert plan.absent["mnli"] == "the data set mnli is not on this machine (`synth data pull mnli`)"
    assert f"Arm mnli is left out: {plan.absent['mnli']}." in plan.deviations


class Lacking(Library):
    """Has everything but the data set `ud-ewt` and those that MNLI and ANLI+ are read from."""

    def locate(self, name, checked=True, layout=""):
        if name in ("ud-ewt", "xnli", "mnli"):
            raise data.Absent(f"{name} is away", "look for it")
        return super().locate(name, checked, layout)


def test_an_arm_whose_task_is_absent_is_left_out_and_the_rest_is_not(store, everything, checkpoint):
    lacking = Lacking(everything.at_hand, everything.pulled)
    plan = at_small("intermediate-transfer", store, lacking, checkpoint)
    assert set(plan.absent) == {"mnli", "mnli-tenth", "anli", "ccg", "multi", "frozen"}
    assert plan.absent["mnli"] == "xnli is away (look for it)"
    measured = {"", *(arm.name for arm in plan.arms if arm.role != "control" or arm.params)}
    assert {stage.arm for stage in plan.stages} == measured - plan.absent.keys()
    check_order(plan)
    with pytest.raises(LabError, match="xnli is away"):
        at_small("intermediate-transfer", store, lacking, checkpoint, contrast="mnli")


def test_what_is_made_from_an_absent_arm_is_left_out_too(store, everything, checkpoint):
    lacking = Lacking(everything.at_hand, everything.pulled)
    plan = at_small("syntactic-ensemble", store, lacking, checkpoint)
    assert set(plan.absent) == {arm.name for arm in plan.arms} - {"untuned", "random"}
    assert plan.absent["by-rank"] == "it needs tune upos, seed 1"
    check_order(plan)


def test_what_a_claim_compares_may_not_be_absent(store):
    with pytest.raises(LabError, match="data set mnli is not on this machine") as caught:
        make_plan(experiment("dataset-counts"), "paper", store, library=NOWHERE, contrast="mnli")
    assert "`synth data pull mnli`" in caught.value.what
    assert "fidelity" in caught.value.do


def test_a_cost_that_was_never_measured_is_not_known(store):
    one = experiment("intermediate-transfer")
    rung = replace(one.fidelities["synthetic"], seconds={})
    plan = make_plan(replace(one, fidelities={"synthetic": rung}), "synthetic", store, 3, contrast="mnli")
    assert plan.wall_seconds(2) is None
    rung = replace(rung, seconds={stage.node.label: 10.0 for stage in plan.stages})
    plan = make_plan(replace(one, fidelities={"synthetic": rung}), "synthetic", store, 3, contrast="mnli")
    assert plan.wall_seconds(100) == 40  # languages, pretrain, tune, retrieve
    assert plan.wall_seconds(1) == 10 * len(plan.stages) == 210


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
        make_plan(experiment("translate-train"), "paper", store)
    assert "semantic parsing" in caught.value.what
    assert "GPU" in caught.value.do


def test_what_the_design_can_tell_is_part_of_the_specification(store):
    one = experiment("intermediate-transfer")
    known = replace(
        one.fidelities["synthetic"],
        variation={"mnli": Variation(0.9, 12, "seeds 21–32"), "qqp": Variation(9.0, 5, "x")},
    )
    plan = make_plan(replace(one, fidelities={"synthetic": known}), "synthetic", store)
    assert plan.power["mnli"].replicates == len(plan.seeds) == 8
    assert plan.power["mnli"].enough is (plan.power["mnli"].at_sesoi >= 0.8)
    assert plan.power["qqp"].enough is False
    assert str(plan.power["qqp"]).startswith("Under-powered: ")
    assert plan.power["ccg"].enough is None
    assert plan.spec["power"]["mnli"]["sd"] == 0.9
    unknown = replace(known, variation={})
    without = make_plan(replace(one, fidelities={"synthetic": unknown}), "synthetic", store)
    assert without.spec_hash != plan.spec_hash
    assert [s.key for s in without.stages] == [s.key for s in plan.stages]  # what is measured is the same
    assert make_plan(one, "synthetic", store, contrast="mnli").power.keys() == {"mnli"}


def test_the_power_of_a_correlation_follows_from_its_languages(store):
    plan = make_plan(experiment("typology-correlation"), "synthetic", store)
    assert (plan.power["distance"].unit, plan.power["distance"].replicates) == ("languages", 12)
    assert plan.power["distance"].smallest == pytest.approx(0.73, abs=0.01)
    little = make_plan(experiment("low-resource"), "synthetic", store).power["distance-and-gain"]
    assert (little.unit, little.replicates) == ("languages", 12)


def test_a_rung_can_have_units_of_its_own(store, everything):
    one = experiment("model-size")
    units = {
        rung: {c.id: c.unit_of_replication for c in one.contrasts_at(one.fidelities[rung])} for rung in one.fidelities
    }
    assert units["synthetic"]["size"] == "seeds"
    assert {units[rung]["size"] for rung in ("small", "base", "paper")} == {"languages"}
    plan = make_plan(one, "synthetic", store, contrast="size")
    assert {c["id"]: c["unit_of_replication"] for c in plan.spec["contrasts"]} == units["synthetic"]


def test_one_measurement_is_enough_where_languages_are_drawn(store, everything):
    one = experiment("typology-correlation")
    assert make_plan(one, "small", store, 1, library=everything, contrast="distance").seeds == (1,)
    plan = make_plan(experiment("pooling"), "small", store, library=everything)
    assert (plan.seeds, {power.unit for power in plan.power.values()}) == ((1,), {"languages"})
    assert not any("seeds instead" in deviation for deviation in plan.deviations)
    with pytest.raises(LabError, match="1 seed is too few"):
        make_plan(experiment("intermediate-transfer"), "small", store, 1, library=everything, contrast="mnli")


def test_merging_goes_table_by_table():
    base = {"a": {"b": 1, "c": [1, 2]}, "d": 1}
    assert merge(base, {"a": {"c": [3]}, "e": 2}) == {"a": {"b": 1, "c": [3]}, "d": 1, "e": 2}
    assert base == {"a": {"b": 1, "c": [1, 2]}, "d": 1}


@pytest.mark.parametrize("one", GENERATED, ids=lambda e: e.id)
def test_the_first_seeds_of_a_plan_are_the_plan_of_these_seeds(one, store):
    whole = make_plan(one, "synthetic", store, seeds=5, library=NOWHERE)
    part, alone = whole.first(3), make_plan(one, "synthetic", store, seeds=3, library=NOWHERE)
    assert part.seeds == (1, 2, 3)
    assert [stage.key for stage in part.stages] == [stage.key for stage in alone.stages]
    assert part.spec_hash == whole.spec_hash != alone.spec_hash  # what was registered is the whole
    assert whole.first(5).stages == whole.stages
