"""`synth verify --dry-run`: the plan, before anything runs."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from repro.experiments import experiment
from synth.cli import app
from synth.cli.verify import seed_count, show_plan, show_verdict
from synth.core.errors import UsageError
from synth.core.workspace import find_workspace
from synth.store.rows.runs import MeasurementView, VerdictView
from synth.verify.run import Test, prepare
from tests.blank import blank
from tests.verify.small_laboratory import add_claim

ARMS = ["untuned", "mnli", "random"]


@pytest.fixture(autouse=True)
def claim(home, monkeypatch):
    monkeypatch.delenv("SYNTH_DATA", raising=False)
    add_claim(home / "db" / "synth.db")


def planned(*arguments: str) -> dict:
    done = CliRunner().invoke(app, ["verify", "--claim", "1", "--dry-run", "--json", *arguments])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def prepared() -> Test:
    return prepare(find_workspace(), 1, "synthetic")


def test_the_plan_is_that_of_what_the_claim_compares(home):
    plan = planned()
    assert set(plan) == {
        "claim", "experiment", "fidelity", "contrast", "prediction", "arms", "seeds", "stages", "rule", "power",
        "design", "spec_hash", "deviations", "deviation_codes",
    }  # fmt: skip
    assert (plan["experiment"], plan["contrast"], plan["arms"]) == ("intermediate-transfer", "mnli", ARMS)
    assert plan["seeds"] == list(range(1, 9))
    assert len(plan["stages"]) == 7 * 8
    assert not (home / "db" / "artifacts").exists()


def test_all_arms_and_changes_by_hand_are_in_the_plan():
    plan = planned("--all-arms", "--set", "targets.heldout.layer=2", "--set", "tasks.mnli.examples=90")
    assert plan["arms"] == [arm.name for arm in experiment("intermediate-transfer").arms]
    changes = "targets.heldout.layer = 2, tasks.mnli.examples = 90"
    assert f"Parameters changed by hand for this run: {changes}." in plan["deviations"]
    assert plan["spec_hash"] != planned("--all-arms")["spec_hash"]


def test_people_see_the_stages_and_the_rule():
    done = CliRunner().invoke(app, ["verify", "--claim", "1", "--dry-run"], env={"COLUMNS": "200"})
    assert done.exit_code == 0
    assert re.search(r"tune mnli +│ 8 ", done.stdout)
    assert "56 of 56 stages to compute." in done.output
    assert "SESOI 1 points" in done.output


def test_seeds_may_be_added_one_by_one():
    plan = planned("--seeds", "up-to:5")
    assert plan["seeds"] == [1, 2, 3, 4, 5]
    assert [n for n, _ in plan["rule"]["looks"]] == [3, 4, 5]
    assert planned("--seeds", "5")["rule"]["looks"] == []
    shown = CliRunner().invoke(app, ["verify", "--claim", "1", "--dry-run", "--seeds", "up-to:5"])
    assert "35 of 35 stages to compute, at most: seeds are added until the verdict is decided." in shown.output
    assert "design: The interval over seeds is 2.48 times" in shown.output


def test_the_first_line_of_a_plan_says_what_it_can_tell(capsys):
    plan = planned()
    show_plan(prepared())
    first = capsys.readouterr().err.splitlines()[0]
    assert plan["power"].startswith(first.split(":")[0])
    assert first.split(":")[0] in ("Power", "Under-powered", "Power unknown")
    assert plan["rule"]["unit_of_replication"] == "seeds"


@pytest.mark.parametrize("text", ["0", "-1", "many", "up-to:", "up-to:many", "upto:5", "٣", "1e3", "99999"])
def test_what_is_no_number_of_seeds(text):
    with pytest.raises(UsageError, match="no number of seeds"):
        seed_count(text)
    assert (seed_count(None), seed_count("3"), seed_count("up-to:10")) == ((None, False), (3, False), (10, True))


def test_what_a_run_cannot_show_is_said_before_it(capsys, monkeypatch):
    test = prepared()
    show_plan(test)
    assert "one measurement" not in capsys.readouterr().err
    repeated = replace(test.rule, repeats=((1, 2, 3),))
    monkeypatch.setattr(Test, "rule", property(lambda _test: repeated))
    show_plan(test)
    assert "they are one measurement, not 3." in capsys.readouterr().err


def test_a_verdict_without_an_interval_shows_none(capsys):
    verdict = blank(
        VerdictView,
        measurements=tuple(MeasurementView("untuned", seed, "deu", "accuracy", 40.0, 1) for seed in (1, 2, 3)),
        seeds=1,
        ci=(None, None),
        verdict="inconclusive",
        fidelity="base",
        spec={"rule": {"statistic": "correlation"}},
        estimate=-0.6,
        unit="ρ",
        reason="Because.",
    )
    show_verdict(verdict)
    shown = capsys.readouterr().out
    assert "mean over 3 seeds" in shown
    assert "-0.60 ρ without an interval, 1 seed\n" in shown
    show_verdict(replace(verdict, ci=(-0.7, -0.5), seeds=3))
    assert "-0.60 [-0.70, -0.50] ρ, 3 seeds" in capsys.readouterr().out
    over = {"rule": {"statistic": "correlation", "unit_of_replication": "languages"}}
    show_verdict(replace(verdict, ci=(-0.7, -0.5), spec=over))
    assert "-0.60 [-0.70, -0.50] ρ, over languages, 1 seed" in capsys.readouterr().out


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
