"""The laboratory end to end, at a size for tests: real languages, tokenizer, XLM-R, training and retrieval."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import psutil
import pytest

from repro.artifacts import Store
from repro.data.library import Library
from repro.errors import LabError
from repro.experiments import experiment
from repro.plan.planner import make_plan
from repro.run import lab, pool
from repro.run.outcome import CURVE, thinned

NOWHERE = Library(None, None)
SCRIPT = """
import json, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests may ignore it
from pathlib import Path
from repro.artifacts import Store
from repro.run.lab import run
from repro.plan.planner import make_plan
from repro.experiments import experiment
store, one = Store(Path(sys.argv[1])), experiment("intermediate-transfer")
run(make_plan(one, "synthetic", store, 2, json.loads(sys.argv[2]), contrast="mnli"), store, print)
"""


def carry_out(one, store, overrides, contrast="", jobs=2):
    events = []
    plan = make_plan(one, "synthetic", store, 2, overrides, NOWHERE, contrast)
    return plan, lab.run(plan, store, events.append, jobs), events


def diversity(store, overrides, jobs=2):
    """Two arms of three tasks each, with pairs, spans and tags among them."""
    return carry_out(experiment("task-diversity"), store, overrides("task-diversity"), "diverse-over-alike", jobs)


@pytest.fixture(scope="module")
def shared(tmp_path_factory, overrides):
    store = Store(tmp_path_factory.mktemp("store"))
    return store, *diversity(store, overrides)


def test_every_arm_is_measured_in_every_language_and_seed(shared):
    _, plan, outcome, _ = shared
    found = {(m["arm"], m["seed"], m["language"], m["metric"]) for m in outcome.measurements}
    assert len(found) == len(outcome.measurements) == 4 * 2 * 2 * 4
    assert {arm for arm, *_ in found} == {arm.name for arm in plan.arms} == {"untuned", "alike", "diverse", "random"}
    assert {metric for *_, metric in found} == {f"accuracy_{rule}" for rule in ("cosine", "centred", "csls", "margin")}
    assert {(m["language"], m["distance"]) for m in outcome.measurements} == {("aa", 0.0), ("dd", 0.75)}
    assert all(m["n"] == 40 and 0 <= m["value"] <= 100 for m in outcome.measurements)
    assert all(m["target"] == "heldout" and m["text"] == 300 for m in outcome.measurements)


def test_a_rung_this_small_measures_nothing_and_says_so(shared):
    outcome = shared[2]
    assert not outcome.gate.passed
    assert outcome.gate.reason.startswith("the run measured nothing: ")
    assert "was not learnt" in outcome.invalid["alike"]
    learnt = {(t["arm"], t["task"]) for t in outcome.training}
    assert learnt == {(arm, task) for arm, names in (
        ("alike", ("mnli", "anli", "qqp")), ("diverse", ("mnli", "squad1", "ccg"))
    ) for task in names}  # fmt: skip
    assert {t["metric"] for t in outcome.training} == {"accuracy", "f1"}


def test_the_loss_of_every_training_is_kept_thinned(shared):
    curves = shared[2].curves
    tuned = {(c["arm"], c["seed"]) for c in curves if c["stage"] == "tune"}
    assert tuned == {(arm, seed) for arm in ("alike", "diverse") for seed in (1, 2)}
    assert any(c["stage"] == "pretrain" for c in curves)
    for curve in curves:
        steps = [step for step, _ in curve["losses"]]
        assert steps == sorted(steps)
        assert len(steps) <= CURVE


def test_thinned_losses_are_means_of_windows_of_one_length():
    assert thinned([1.0, 3.0, 5.0, 7.0, 9.0], 3) == [[2, 2.0], [4, 6.0], [5, 9.0]]
    assert thinned([1.0, 2.0], 40) == [[1, 1.0], [2, 2.0]]
    assert thinned([]) == []


def test_the_outcome_names_its_origin(shared):
    _, plan, outcome, _ = shared
    assert outcome.provenance["spec_hash"] == plan.spec_hash
    assert outcome.provenance["seeds"] == [1, 2]
    assert set(outcome.provenance["data"]) == {"languages, seed 1", "languages, seed 2"}
    assert [s["key"] for s in outcome.stages] == [s.key for s in plan.stages]
    json.dumps(outcome.to_json())


def test_events_tell_the_story_of_every_stage(shared):
    _, plan, _, events = shared
    for stage in plan.stages:
        kinds = [event.kind for event in events if event.stage == stage.name]
        assert kinds[0] == "started"
        assert kinds[-1] == "finished"
        assert kinds.count("finished") == 1
    assert any("loss" in event.message for event in events if event.kind == "progress")


def test_a_second_run_reuses_everything(shared, overrides):
    store, _, first, _ = shared
    begin = time.monotonic()
    plan, again, events = diversity(store, overrides)
    assert time.monotonic() - begin < 3  # not even a child process was needed
    assert {event.kind for event in events} == {"reused"}
    assert again.measurements == first.measurements
    assert all(stage["cached"] for stage in again.stages)
    assert plan.wall_seconds(2) == 0


def test_the_same_seeds_give_the_same_numbers(shared, overrides, tmp_path):
    _, again, _ = diversity(Store(tmp_path), overrides, jobs=1)
    assert again.measurements == shared[2].measurements


def test_a_frozen_encoder_retrieves_what_it_did(shared, overrides):
    one = experiment("intermediate-transfer")
    _, outcome, _ = carry_out(one, shared[0], overrides(one.id), "frozen")
    values = {
        arm: [(m["seed"], m["language"], m["metric"], m["value"]) for m in outcome.measurements if m["arm"] == arm]
        for arm in ("untuned", "frozen")
    }
    assert values["frozen"] == values["untuned"]
    assert {t["arm"] for t in outcome.training} == {"frozen"}


def test_another_experiment_reuses_the_pre_trained_models(shared, overrides):
    one = experiment("translate-train")
    _, outcome, events = carry_out(one, shared[0], overrides(one.id), "pre-training")
    reused = {event.stage for event in events if event.kind == "reused"}
    assert {"pretrain, seed 1", "languages, seed 2", "retrieve untuned, seed 1"} <= reused
    assert not any(stage.startswith("tune translated") for stage in reused)
    measured = {(m["arm"], m["language"]) for m in outcome.measurements if m["metric"] == "accuracy_mnli"}
    assert measured == {(arm, code) for arm in ("translated", "scratch") for code in ("aa", "dd")}
    assert set(outcome.invalid) == {"translated", "scratch"}  # nothing was learnt by either


def test_models_of_two_sizes_are_compared(shared, overrides):
    one = experiment("model-size")
    _, outcome, events = carry_out(one, shared[0], overrides(one.id), "size")
    assert {m["arm"] for m in outcome.measurements} == {"small", "large", "random"}
    assert "pretrain large, seed 1" in {event.stage for event in events if event.kind == "reused"}
    assert "pretrain small, seed 1" in {event.stage for event in events if event.kind == "finished"}


def test_fused_models_are_measured_like_one(shared, overrides):
    one = experiment("syntactic-ensemble")
    arms = [one.arm("untuned"), one.arm("random"), one.arm("upos"), one.arm("chunk")]
    arms += [
        replace(one.arm(a), params={**one.arm(a).params, "members": ["upos", "chunk"]}) for a in ("by-rank", "members")
    ]
    _, outcome, _ = carry_out(replace(one, arms=tuple(arms)), shared[0], overrides(one.id))
    values = {
        arm: {(m["seed"], m["language"]): m["value"] for m in outcome.measurements
              if m["arm"] == arm and m["metric"] == "accuracy_cosine"}
        for arm in ("upos", "chunk", "members", "by-rank")
    }  # fmt: skip
    assert {len(own) for own in values.values()} == {4}
    for where, value in values["members"].items():
        assert value == pytest.approx((values["upos"][where] + values["chunk"][where]) / 2)


# ------------------------------------------------------------------------------------------- absent data


def test_what_is_there_is_counted_and_what_is_not_is_said(tmp_path):
    folder = tmp_path / "pulled" / "ccgbank"
    folder.mkdir(parents=True)
    for name in ("train.auto", "dev.auto"):
        (folder / name).write_text("ID=1\n(<L N NN NN apples N>)\nID=2\n(<L N NN NN pears N>)\n")
    store = Store(tmp_path / "store")
    plan = make_plan(experiment("dataset-counts"), "paper", store, library=Library(None, folder.parent))
    outcome = lab.run(plan, store, lambda event: None)
    assert [(m["arm"], m["metric"], m["value"], m["published"]) for m in outcome.measurements] == [
        ("ccg", "examples", 2.0, True)
    ]
    assert outcome.gate.passed
    assert set(outcome.invalid) == {arm.name for arm in plan.arms} - {"ccg"}
    assert "`synth data pull mnli`" in outcome.invalid["mnli"]
    assert set(outcome.provenance["data"]) == {"ccgbank"}


# ------------------------------------------------------------------------------------------- what fails


def test_a_stage_that_fails_is_an_error_and_the_rest_is_kept(overrides, tmp_path):
    store, one = Store(tmp_path), experiment("intermediate-transfer")
    own = overrides(one.id)
    nothing = {**own, "tasks": {**own["tasks"], "mnli": {"examples": 0, "dev": 20}}}
    with pytest.raises(LabError, match="0 examples are asked for") as caught:
        carry_out(one, store, nothing, "mnli")
    assert caught.value.do == "ask for 1 or more"
    plan = make_plan(one, "synthetic", store, 2, overrides(one.id), NOWHERE, "mnli")
    assert plan.stage("languages, seed 1").cached


def test_a_damaged_artifact_is_named(shared, overrides):
    store, plan, _, _ = shared
    file = store.path(plan.stage("retrieve diverse, seed 2").key) / "measurements.json"
    content = file.read_bytes()
    file.write_bytes(content.replace(b"aa", b"ab"))
    try:
        with pytest.raises(LabError, match="damaged"):
            diversity(store, overrides)
    finally:
        file.write_bytes(content)


class AtOnce:
    """Stands in for a child process: what it is ordered to do is done when somebody looks."""

    def __init__(self, answers, number, gpus):
        self.answers, self.stage = answers, None

    def order(self, stage, plan, store):
        self.stage = stage
        self.answers.put((self, {"done": True, "built": True, "seconds": 0.0}))

    def stop(self):
        pass


def test_stages_with_one_key_are_not_made_side_by_side(overrides, tmp_path, monkeypatch):
    plan = planned(Store(tmp_path), overrides("intermediate-transfer"))
    alike = [replace(stage, key="same") for stage in plan.stages if stage.node.label == "languages"]
    monkeypatch.setattr(pool, "Worker", AtOnce)
    events = []
    lab._carry_out(replace(plan, stages=tuple(alike)), Store(tmp_path), events.append, 2, pool.Crew())
    assert [event.kind for event in events] == ["started", "finished"] * 2


# ------------------------------------------------------------------------------------------- interruption


@pytest.fixture
def long_overrides(overrides):
    """Pre-training long enough to be interrupted in the middle."""
    short = overrides("intermediate-transfer")
    schedule = {"steps": 200, "batch": 16, "lr": 1e-3, "checkpoint_every": 20}
    return {**short, "pretrain": {**short["pretrain"], "schedule": schedule}}


def planned(store, overrides):
    return make_plan(experiment("intermediate-transfer"), "synthetic", store, 2, overrides, contrast="mnli")


def start_and_interrupt(root, overrides, number):
    """Start a run, wait for a checkpoint, send the signal; returns (exit code, the children it had)."""
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(root), json.dumps(overrides)], stdout=subprocess.DEVNULL, stderr=-1
    )
    deadline = time.monotonic() + 60
    while not list((root / "partial").glob("*/checkpoint.safetensors")):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)
    children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(number)
    process.communicate(timeout=20)
    return process.returncode, children


def losses(store, overrides):
    plan = planned(store, overrides)
    stages = [plan.stage(f"pretrain, seed {seed}") for seed in (1, 2)]
    manifests = [store.manifest(stage.key) for stage in stages]
    return manifests, [json.loads((store.path(s.key) / "training.json").read_text())["losses"] for s in stages]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT], ids=["kill -9", "Ctrl-C"])
def test_an_interrupted_run_ends_its_children_and_goes_on_where_it_was(number, long_overrides, tmp_path):
    store, whole = Store(tmp_path / "interrupted"), Store(tmp_path / "whole")
    code, children = start_and_interrupt(store.root, long_overrides, number)
    assert code != 0
    assert len(children) == 2
    _, alive = psutil.wait_procs(children, timeout=5)
    assert not alive

    if number == signal.SIGINT:  # what follows is the same for both
        assert planned(store, long_overrides).stage("languages, seed 1").cached
        return
    _, outcome, events = carry_out(experiment("intermediate-transfer"), store, long_overrides, "mnli")
    assert "languages, seed 1" in {event.stage for event in events if event.kind == "reused"}
    manifests, resumed = losses(store, long_overrides)
    assert any(manifest["resumed"] for manifest in manifests)
    assert not list((store.root / "partial").glob("*"))
    assert not list((store.root / "tmp").glob("*"))
    _, uninterrupted, _ = carry_out(experiment("intermediate-transfer"), whole, long_overrides, "mnli")
    assert resumed == losses(whole, long_overrides)[1]
    assert outcome.measurements == uninterrupted.measurements


def test_a_child_that_dies_is_an_error(long_overrides, tmp_path, monkeypatch):
    monkeypatch.setattr(pool, "subprocess", subprocess)  # children of this process, to be found among its children
    store, killed = Store(tmp_path), []

    def kill_a_child(event):
        if event.kind == "progress" and event.stage.startswith("pretrain") and not killed:
            workers = [p for p in psutil.Process(os.getpid()).children() if "repro.run.worker" in p.cmdline()]
            killed.extend(process.pid for process in workers)
            for pid in killed:
                os.kill(pid, signal.SIGKILL)

    plan = planned(store, long_overrides)
    with pytest.raises(LabError, match="ended with -9") as caught:
        lab.run(plan, store, kill_a_child)
    assert "memory" in caught.value.do
    left = psutil.Process(os.getpid()).children()
    assert not [p for p in left if p.status() != psutil.STATUS_ZOMBIE and "repro.run.worker" in p.cmdline()]
