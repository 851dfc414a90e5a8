"""`synth verify --dry-run`: the plan, before anything runs."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from synth.cli import app
from synth.errors import UsageError
from tests.pipeline.small_laboratory import add_claim

ARMS = ["untuned", "mnli", "random"]


@pytest.fixture(autouse=True)
def claim(home, monkeypatch):
    monkeypatch.delenv("SYNTH_DATA", raising=False)
    add_claim(home / "db" / "synth.db")


def planned(*arguments: str) -> dict:
    done = CliRunner().invoke(app, ["verify", "--claim", "1", "--dry-run", "--json", *arguments])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_the_plan_is_that_of_what_the_claim_compares(home):
    plan = planned()
    assert set(plan) == {
        "claim", "experiment", "fidelity", "contrast", "prediction", "arms", "seeds", "stages", "rule", "spec_hash",
        "deviations",
    }  # fmt: skip
    assert (plan["experiment"], plan["contrast"], plan["arms"]) == ("intermediate-transfer", "mnli", ARMS)
    assert plan["seeds"] == [1, 2, 3]
    assert len(plan["stages"]) == 7 * 3
    assert not (home / "db" / "artifacts").exists()


def test_all_arms_and_changes_by_hand_are_in_the_plan():
    plan = planned("--all-arms", "--set", "targets.heldout.layer=3", "--set", "tasks.mnli.examples=90")
    assert len(plan["arms"]) == 13
    changes = "targets.heldout.layer = 3, tasks.mnli.examples = 90"
    assert f"Parameters changed by hand for this run: {changes}." in plan["deviations"]
    assert plan["spec_hash"] != planned("--all-arms")["spec_hash"]


def test_people_see_the_stages_and_the_rule():
    done = CliRunner().invoke(app, ["verify", "--claim", "1", "--dry-run"], env={"COLUMNS": "200"})
    assert done.exit_code == 0
    assert "tune mnli, seed 3" in done.stdout
    assert "21 of 21 stages to compute." in done.output
    assert "rule: sesoi = 1.0" in done.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--set", "targets.heldout.leyer=3", "--set", "lenght=3"], "lenght"),
        (["--set", "length='long'"], "is not a int"),
        (["--fidelity", "paper"], "not on this machine"),
        (["--fidelity", "base", "--set", "length=8"], "not on this machine"),
    ],
)
def test_what_cannot_be_planned_is_a_usage_error(arguments, words):
    done = CliRunner().invoke(app, ["verify", "--claim", "1", "--dry-run", *arguments])
    assert isinstance(done.exception, UsageError)
    assert words in done.exception.what


def test_a_rung_that_makes_its_model_takes_no_other(tmp_path):
    done = CliRunner().invoke(app, ["verify", "--claim", "1", "--dry-run", "--model", str(tmp_path)])
    assert isinstance(done.exception, UsageError)
    assert "takes no other" in done.exception.what
    assert "--fidelity paper" in done.exception.do
