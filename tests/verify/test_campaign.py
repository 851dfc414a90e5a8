"""All testable claims of a search: their order, the budget, the error they share, and going on after a stop."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from typer.testing import CliRunner

from synth.cli import app
from synth.core.errors import UsageError
from synth.core.settings import load
from synth.store.database import reading
from synth.store.views.run_progress import all_runs
from synth.verify import run
from synth.verify.campaign import FLOOR, Candidate, OverBudget, budget_of, carry_out, order, planned
from synth.verify.judge import holm
from tests.repro.commands.conftest import PROGRAM
from tests.verify.small_campaign import also_tested_by, workspace_with

SLEEPY = PROGRAM.replace("options = parser", "import time; time.sleep(0.4); options = parser")


def candidate(claim, worth=0.5, **stages):
    return Candidate(claim, claim, "noise", f"c{claim}", "synthetic", worth, stages)


plans = some.dictionaries(some.sampled_from("abcdefgh"), some.integers(0, 90), max_size=5)
candidates = some.lists(
    some.builds(
        lambda claim, worth, stages: Candidate(claim, claim, "x", "c", "synthetic", worth, stages),
        some.integers(1, 8),
        some.sampled_from([0.2, 0.5, 0.8]),
        plans,
    ),
    max_size=20,
)


def plainly(left):
    """The same order without any bookkeeping."""
    made, steps = set(), []
    while left:
        best = max(left, key=lambda c: (c.worth / c.seconds(made), -c.claim))
        steps.append((best.claim, best.worth / best.seconds(made)))
        made |= best.stages.keys()
        left = [c for c in left if c.claim != best.claim]
    return steps


@given(candidates)
def test_every_claim_comes_once_and_shared_stages_cost_once(some_candidates):
    costs = {}
    for c in some_candidates:  # a stage costs the same in every plan
        c.stages.update({key: costs.setdefault(key, seconds) for key, seconds in c.stages.items()})
    steps = order(some_candidates)
    claims = [step.candidate.claim for step in steps]
    assert sorted(claims) == sorted({c.claim for c in some_candidates})
    stages = {key for step in steps for key in step.candidate.stages}
    assert sum(s.seconds for s in steps) == pytest.approx(FLOOR * len(steps) + sum(costs[key] for key in stages))
    expected = plainly(some_candidates)
    assert [s.candidate.worth / s.seconds for s in steps] == pytest.approx([rate for _, rate in expected])


def test_what_decides_most_per_second_comes_first():
    cheap, dear, likely = candidate(1, a=10), candidate(2, b=100), candidate(3, worth=0.9, c=10)
    assert [s.candidate.claim for s in order([dear, cheap, likely])] == [3, 1, 2]
    shared = candidate(4, a=10, d=1)
    assert [s.candidate.claim for s in order([shared, cheap, candidate(5, e=9)])] == [5, 1, 4]


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("10m", 600), ("2h", 7200), ("1d", 86400), ("1.5", 90)])
def test_budgets(text, seconds):
    assert budget_of(text) == seconds


@pytest.mark.parametrize("text", ["", "m", "soon", "-1m", "0", "nan", "inf", "1e9d"])
def test_budgets_that_are_none(text):
    with pytest.raises(UsageError):
        budget_of(text)


class Carried:
    """A campaign that is carried out in full, with the levels that its tests were judged at."""

    def __init__(self, workspace, budget=None, watch=None, clock=None):
        self.tests = []

        def test_one(test, within):
            self.tests.append(test)

            def told(*_):
                if watch:
                    watch(test)
                within()

            return run.verify(workspace, load(workspace.root), test, told)

        options = {"clock": clock} if clock else {}
        self.results = list(carry_out(workspace, planned(workspace, None), budget, test_one, **options))
        self.last = {result.claim: result for result in self.results}

    @property
    def alphas(self):
        return [test.rule.alpha for test in self.tests]


def test_the_claims_share_one_error_and_what_is_open_is_judged_again(home):
    # One claim without effect, then two clear ones: the first is judged again at the level that they leave.
    workspace = workspace_with(home, [0, 12, 12])
    carried = Carried(workspace)
    assert [r.verdict for r in carried.results[:3]] == ["inconclusive", "direction supported", "direction supported"]
    assert carried.alphas == pytest.approx([0.05 / 3, 0.05 / 3, 0.05 / 2, 0.05])
    assert [test.claim_id for test in carried.tests] == [1, 2, 3, 1]
    again = Carried(workspace)
    assert [r.why for r in again.results[:2]] == ["decided before"] * 2
    assert again.alphas == pytest.approx([0.05])
    with reading(workspace.database) as connection:
        assert {r.state for r in all_runs(connection)} == {"done"}


def test_ten_claims_without_effect_are_seldom_decided_wrongly():
    """Directions of ten null claims, in turn, and again while decisions leave more: an error in 5 % of families."""
    p = np.random.default_rng(7).random((20_000, 10))
    wrong = 0
    for row in p:
        decided, left, before = 0, list(row), -1
        while before < decided < len(row):
            before, remaining = decided, []
            for value in left:
                hit = decided < len(row) and value < holm.level(0.05, len(row), decided)
                decided += hit
                remaining += [] if hit else [value]
            left = remaining
        wrong += decided > 0
    assert wrong / len(p) <= 0.05 + 3 * (0.05 * 0.95 / len(p)) ** 0.5


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_nothing_is_begun_that_takes_longer_than_what_is_left(home):
    workspace = workspace_with(home, [12, 12])
    carried = Carried(workspace, budget=5.0)  # stages that were never timed are taken for a minute
    assert not carried.tests
    assert {r.verdict for r in carried.results} == {"not tested"}
    assert all("the budget is used up" in r.why for r in carried.results)


def test_a_test_is_stopped_by_the_clock_and_the_same_command_goes_on(home):
    workspace = workspace_with(home, [12, 12], SLEEPY)
    clock, events = Clock(), []

    def watch(test):
        events.append(test.claim_id)
        if len(list(workspace.artifacts.glob("**/manifest.json"))) >= 2:
            clock.now = 1e6

    stopped = Carried(workspace, 1e5, watch, clock)
    assert stopped.results[0].why == "stopped at the end of the budget"
    assert {r.verdict for r in stopped.results} == {"not tested"}
    kept = {file.parent.name for file in workspace.artifacts.glob("**/manifest.json")}
    assert kept
    times = {file: file.stat().st_mtime_ns for file in workspace.artifacts.glob("**/manifest.json")}
    assert {r.verdict for r in Carried(workspace).last.values()} == {"direction supported"}
    assert all(file.stat().st_mtime_ns == time for file, time in times.items())  # nothing was measured twice


def test_another_way_to_test_the_claim_is_taken_where_the_first_is_too_dear(home):
    workspace = workspace_with(home, [20])
    also_tested_by(workspace, "other", 1)
    assert {c.experiment for c in planned(workspace, 1).candidates} == {"noise", "other"}
    assert len(order(planned(workspace, 1).candidates)) == 1


def test_what_cannot_run_here_is_named_with_its_reason(home):
    workspace = workspace_with(home, [12, 12])
    file = workspace.experiments / "noise.toml"
    file.write_text(file.read_text().replace('"program.py"', '"missing.py"'), encoding="utf-8")
    campaign = planned(workspace, None)
    assert set(campaign.refused) == {1, 2}
    assert "missing.py" in campaign.refused[1]
    assert all(r.why == campaign.refused[r.claim] for r in Carried(workspace).results)


def test_without_claims_to_test_it_says_so(home):
    workspace = workspace_with(home, [20])
    (workspace.experiments / "noise.toml").unlink()
    assert planned(workspace, None).refused == {1: "no linked experiment can run here"}
    with pytest.raises(UsageError, match="no search 7"):
        planned(workspace, 7)


def test_the_dry_run_shows_the_order_and_runs_nothing(home):
    workspace = workspace_with(home, [20, 0, 5])
    done = CliRunner().invoke(app, ["verify", "--testable", "--dry-run", "--json"])
    assert done.exit_code == 0, done.output
    shown = json.loads(done.stdout)
    assert shown["family"] == 3
    assert [row["claim"] for row in shown["order"]] == [1, 2, 3]
    assert shown["order"][0]["seconds"] > shown["order"][1]["seconds"]  # the baseline is made once
    assert not list(workspace.artifacts.glob("**/manifest.json"))


def test_by_the_command_line(home):
    workspace_with(home, [12, 12])
    done = CliRunner().invoke(app, ["verify", "--testable", "--search", "1", "--budget", "1h", "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert [row["verdict"] for row in told["claims"]] == ["direction supported"] * 2


def test_over_budget_is_no_error_of_the_laboratory():
    assert not issubclass(OverBudget, ValueError | OSError)
