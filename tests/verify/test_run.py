"""From a claim to a verdict, with the real laboratory made small; registered before, resumed after a kill."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from synth.core.errors import SynthError, UsageError
from synth.core.reasons.differences import Difference
from synth.core.reasons.verdicts import VerdictReason
from synth.core.settings import Settings
from synth.store import views
from synth.store.database import reading
from synth.store.rows.mapping import json_row
from synth.verify import run
from synth.verify.laboratory import overview
from tests import forked
from tests.verify.small_laboratory import OVERRIDES, add_claim

SCRIPT = Path(__file__).with_name("small_laboratory.py")
# One stage of every kind that an arm goes through.
STAGES = ("languages", "pretrain", "tune mnli", "retrieve mnli")


@pytest.fixture(scope="module")
def artifacts(tmp_path_factory) -> Path:
    """The laboratory's store, filled by the first test and shared by the others."""
    return tmp_path_factory.mktemp("artifacts")


@pytest.fixture
def shared(workspace, artifacts):
    add_claim(workspace.database)
    workspace.artifacts.symlink_to(artifacts)
    return workspace


def prepare(workspace, **options):
    return run.prepare(workspace, 1, "synthetic", **{"seeds": 3, "overrides": OVERRIDES, **options})


def test_a_run_measures_registers_and_judges(shared):
    test = prepare(shared)
    result = json_row(run.verify(shared, Settings(), test))
    assert result["verdict"] in ("direction supported", "direction contradicted", "equivalent", "inconclusive")
    assert result["fidelity"] == "synthetic"
    assert {m["seed"] for m in result["measurements"]} == {1, 2, 3}
    # What the claim compares, and the gate's control; no other arm of the experiment.
    assert {m["arm"] for m in result["measurements"]} == {"untuned", "mnli", "random"}
    codes = {one["code"] for one in result["deviation_codes"]}
    assert {Difference.PARAMETERS_CHANGED, Difference.NOT_NAMED} <= codes
    assert len(result["deviation_codes"]) == len(result["deviations"])
    assert "The claim names no baseline." in result["deviations"]
    assert {arm["name"]: arm["description"] for arm in result["spec"]["laboratory"]["arms"]} == {
        arm.name: arm.description for arm in test.plan.arms
    }
    assert result["registered"] <= result["started"]
    assert result["spec_hash"] == test.spec_hash
    assert {"claim", "prediction", "rule", "laboratory"} <= result["spec"].keys()
    assert result["provenance"]["versions"]
    # Twelve steps of a model of sixteen dimensions learn nothing: the gate has to say so.
    assert result["verdict"] == "inconclusive"
    assert [one["code"] for one in result["reason_codes"]] == [VerdictReason.GATE]


def test_a_second_run_uses_what_the_first_has_made_and_history_grows(shared):
    first = run.verify(shared, Settings(), prepare(shared))
    plan = run.plan_view(prepare(shared))
    assert all(stage["cached"] for stage in plan["stages"])
    second = run.verify(shared, Settings(), prepare(shared))
    assert all(stage["cached"] for stage in second.stages)
    assert second.measurements == first.measurements
    with reading(shared.database) as connection:
        assert [v.run_id for v in views.verdicts(connection, 1)] == [2, 1]


def test_the_rule_says_before_the_run_which_seeds_are_one_measurement(shared):
    overrides = {**OVERRIDES, "pretrain": {**OVERRIDES["pretrain"], "seed": 1}}
    test = run.prepare(shared, 1, "synthetic", 3, overrides=overrides)
    assert test.rule.repeats == ()  # MNLI is learnt anew with every seed
    alone = replace(test, contrast=replace(test.contrast, treatment="untuned", baseline=""))
    assert alone.rule.repeats == ((1, 2, 3),)
    assert alone.spec.rule.repeats == ((1, 2, 3),)
    own = run.prepare(shared, 1, "synthetic", 3, overrides=OVERRIDES)
    assert replace(own, contrast=alone.contrast).rule.repeats == ()


def test_the_rule_says_before_the_run_whether_a_magnitude_is_comparable(shared):
    test = prepare(shared)
    assert test.rule.direction_only == ""
    claimed = replace(test, prediction=replace(test.prediction, value=8.2, unit="%"))
    assert "in “%”" in claimed.spec.rule.direction_only


def test_every_arm_can_be_asked_for(shared):
    own, all_of_them = prepare(shared).plan, prepare(shared, every_arm=True).plan
    assert [arm.name for arm in own.arms] == ["untuned", "mnli", "random"]
    assert all_of_them.arms == all_of_them.experiment.arms
    assert {s.key for s in own.stages} < {s.key for s in all_of_them.stages}
    assert own.spec_hash != all_of_them.spec_hash


def test_a_claim_that_nothing_tests_says_why(shared):
    with pytest.raises(UsageError, match="no measurable outcome"):
        run.prepare(shared, 2, "synthetic")


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"claim_id": 99, "fidelity": "synthetic"}, "99"),
        ({"claim_id": 1, "fidelity": "paper"}, "tatoeba is not on this machine"),
        ({"claim_id": 1, "fidelity": "huge"}, "huge"),
        ({"claim_id": 1, "fidelity": "synthetic", "seeds": 1}, "seed"),
        ({"claim_id": 1, "fidelity": "synthetic", "experiment_id": "other"}, "other"),
    ],
)
def test_what_cannot_be_run_is_refused(shared, options, word, monkeypatch):
    monkeypatch.delenv("SYNTH_DATA", raising=False)
    with pytest.raises(SynthError) as caught:
        run.prepare(shared, **options)
    assert word in caught.value.what
    assert caught.value.do


def test_the_overview_names_the_claims(shared, monkeypatch):
    monkeypatch.delenv("SYNTH_DATA", raising=False)
    rows = {row.experiment.id: row.as_json() for row in overview(shared)}
    assert rows["intermediate-transfer"]["claims"] == [1]
    rungs = {f["fidelity"]: f for f in rows["intermediate-transfer"]["fidelities"]}
    assert rungs["synthetic"]["available"]
    assert not rungs["paper"]["available"]
    assert "`synth data pull" in rungs["paper"]["why_not"]


def test_an_interrupted_run_of_another_specification_is_closed(shared, monkeypatch):
    def interrupted(*_args, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "run", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run.verify(shared, Settings(), prepare(shared, seeds=2))
    monkeypatch.undo()
    run.verify(shared, Settings(), prepare(shared))
    with reading(shared.database) as connection:
        rows = connection.execute("SELECT state, error FROM run ORDER BY id").fetchall()
    assert [row[0] for row in rows] == ["failed", "done"]
    assert "changed since" in rows[0][1]


def start(home: Path) -> subprocess.Popen:
    environment = os.environ | {"SYNTH_HOME": str(home), "PYTHONPATH": str(SCRIPT.parents[2])}
    return forked.Forked([sys.executable, SCRIPT], env=environment, stderr=subprocess.PIPE, text=True)


def kill_in(stage: str, home: Path) -> bool:
    process = start(home)
    for line in process.stderr:
        if line.startswith(stage) and "reused" not in line and "finished" not in line:
            os.kill(process.pid, signal.SIGKILL)
            process.communicate(timeout=60)
            return True
    process.communicate(timeout=60)
    return False


def numbers(home: Path) -> list:
    connection = sqlite3.connect(home / "db" / "synth.db")
    return connection.execute(
        "SELECT arm, seed, language, metric, value, n FROM measurement ORDER BY run_id, 1, 2, 3, 4"
    ).fetchall()


def test_killed_in_every_stage_the_same_command_goes_on(shared, tmp_path):
    """The killed runs leave one run, one verdict, and the numbers of an undisturbed one."""
    run.verify(shared, Settings(), prepare(shared))
    home = tmp_path / "killed"
    add_claim(home / "db" / "synth.db")
    assert [stage for stage in STAGES if not kill_in(stage, home)] == []
    process = start(home)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    connection = sqlite3.connect(home / "db" / "synth.db")
    assert connection.execute("SELECT state FROM run").fetchall() == [("done",)]
    assert connection.execute("SELECT count(*) FROM verdict").fetchone() == (1,)
    assert numbers(home) == numbers(shared.root)
