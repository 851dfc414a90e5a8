"""The laboratory end to end, at a size for tests: real languages, tokenizer, XLM-R, training and retrieval."""

import json
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from repro import lab
from repro.artifacts import Store
from repro.errors import LabError
from repro.plan import make_plan
from repro.registry import experiment

SCRIPT = """
import json, sys
from pathlib import Path
from repro.artifacts import Store
from repro.lab import run
from repro.plan import make_plan
from repro.registry import experiment
store = Store(Path(sys.argv[1]))
run(make_plan(experiment("intermediate-transfer"), "synthetic", store, 2, json.loads(sys.argv[2])), store, print)
"""


def carry_out(name, store, overrides, jobs=2):
    events = []
    plan = make_plan(experiment(name), "synthetic", store, 2, overrides)
    return plan, lab.run(plan, store, events.append, jobs), events


@pytest.fixture(scope="module")
def shared(tmp_path_factory, transfer_overrides):
    store = Store(tmp_path_factory.mktemp("store"))
    return store, *carry_out("intermediate-transfer", store, transfer_overrides)


def test_every_arm_is_measured_in_every_language_and_seed(shared):
    _, plan, outcome, _ = shared
    found = {(m["arm"], m["seed"], m["language"], m["metric"]) for m in outcome.measurements}
    assert len(found) == len(outcome.measurements) == 5 * 2 * 2 * 2
    assert {arm for arm, *_ in found} == {arm.name for arm in plan.arms}
    assert {(m["language"], m["distance"]) for m in outcome.measurements} == {("aa", 0.0), ("dd", 0.75)}
    assert all(m["n"] == 40 and 0 <= m["value"] <= 100 for m in outcome.measurements)


def test_a_rung_this_small_measures_nothing_and_says_so(shared):
    outcome = shared[2]
    assert not outcome.gate.passed
    assert outcome.gate.reason.startswith("the rung measured nothing: ")
    assert "nli was not learnt" in outcome.invalid["nli"]
    assert {(t["arm"], t["task"]) for t in outcome.training} == {
        ("nli", "nli"),
        ("tagging", "tagging"),
        ("multi", "nli"),
        ("multi", "tagging"),
    }


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


def test_a_second_run_reuses_everything(shared, transfer_overrides):
    store, _, first, _ = shared
    begin = time.monotonic()
    plan, again, events = carry_out("intermediate-transfer", store, transfer_overrides)
    assert time.monotonic() - begin < 2  # not even a child process was needed
    assert {event.kind for event in events} == {"reused"}
    assert again.measurements == first.measurements
    assert all(stage["cached"] for stage in again.stages)
    assert plan.wall_seconds(2) == 0


def test_the_same_seeds_give_the_same_numbers(shared, transfer_overrides, tmp_path):
    _, again, _ = carry_out("intermediate-transfer", Store(tmp_path), transfer_overrides, jobs=1)
    assert again.measurements == shared[2].measurements


def test_another_experiment_reuses_the_pre_trained_models(shared, translate_overrides):
    _, outcome, events = carry_out("translate-train", shared[0], translate_overrides)
    reused = {event.stage for event in events if event.kind == "reused"}
    assert {"pretrain, seed 1", "languages, seed 2", "retrieve untuned, seed 1"} <= reused
    assert not any(stage.startswith("tune joint") for stage in reused)
    measured = {(m["arm"], m["language"]) for m in outcome.measurements if m["metric"] == "accuracy_nli"}
    assert measured == {(a, c) for a in ("zero-shot", "translated", "joint", "scratch") for c in ("aa", "dd")}


def test_a_stage_that_fails_is_an_error_and_the_rest_is_kept(transfer_overrides, tmp_path):
    store = Store(tmp_path)
    with pytest.raises(LabError, match="no layer 9") as caught:
        carry_out("intermediate-transfer", store, {**transfer_overrides, "retrieval": {"layer": 9, "neighbours": 5}})
    assert "from 0 to 2" in caught.value.do
    plan = make_plan(experiment("intermediate-transfer"), "synthetic", store, 2, transfer_overrides)
    assert plan.stage("languages, seed 1").cached


def test_a_damaged_artifact_is_named(shared, transfer_overrides):
    store, plan, _, _ = shared
    file = store.path(plan.stage("retrieve multi, seed 2").key) / "measurements.json"
    content = file.read_bytes()
    file.write_bytes(content.replace(b"aa", b"ab"))
    try:
        with pytest.raises(LabError, match="damaged"):
            carry_out("intermediate-transfer", store, transfer_overrides)
    finally:
        file.write_bytes(content)


# ------------------------------------------------------------------------------------------- interruption


@pytest.fixture
def long_overrides(transfer_overrides):
    """Pre-training long enough to be interrupted in the middle."""
    schedule = {"steps": 200, "batch": 16, "lr": 1e-3, "checkpoint_every": 20}
    return {**transfer_overrides, "pretrain": {**transfer_overrides["pretrain"], "schedule": schedule}}


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
    plan = make_plan(experiment("intermediate-transfer"), "synthetic", store, 2, overrides)
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
        plan = make_plan(experiment("intermediate-transfer"), "synthetic", store, 2, long_overrides)
        assert plan.stage("languages, seed 1").cached
        return
    _, outcome, events = carry_out("intermediate-transfer", store, long_overrides)
    assert "languages, seed 1" in {event.stage for event in events if event.kind == "reused"}
    manifests, resumed = losses(store, long_overrides)
    assert any(manifest["resumed"] for manifest in manifests)
    assert not list((store.root / "partial").glob("*"))
    assert not list((store.root / "tmp").glob("*"))
    _, uninterrupted, _ = carry_out("intermediate-transfer", whole, long_overrides)
    assert resumed == losses(whole, long_overrides)[1]
    assert outcome.measurements == uninterrupted.measurements


def test_a_child_that_dies_is_an_error(long_overrides, tmp_path):
    store, killed = Store(tmp_path), []

    def kill_a_child(event):
        if event.kind == "progress" and event.stage.startswith("pretrain") and not killed:
            killed.append(psutil.Process(os.getpid()).children()[0].pid)
            os.kill(killed[0], signal.SIGKILL)

    plan = make_plan(experiment("intermediate-transfer"), "synthetic", store, 2, long_overrides)
    with pytest.raises(LabError, match="ended with -9") as caught:
        lab.run(plan, store, kill_a_child)
    assert "memory" in caught.value.do
    assert not [p for p in psutil.Process(os.getpid()).children() if p.status() != psutil.STATUS_ZOMBIE]
