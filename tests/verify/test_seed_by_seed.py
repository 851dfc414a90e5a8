"""Seeds are run until the verdict is decided; several predictions share the error. The laboratory is a stand-in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import SimpleNamespace

import pytest

from repro.design.deviations import DeviationCode
from repro.design.experiment import Contrast
from repro.run.gate import Gate, GateOutcome
from repro.run.outcome import Outcome
from synth.core.errors import UsageError
from synth.core.reasons.verdicts import VerdictReason, of
from synth.core.settings import Settings
from synth.core.types import Prediction
from synth.report import measured
from synth.report.review.rubrics import statistics
from synth.store import views
from synth.store.database import Store, reading
from synth.store.rows.claims import FullClaimView
from synth.store.rows.runs import LinkView, PredictionView, VerdictView
from synth.verify import run as verification
from tests.blank import blank
from tests.verify.small_laboratory import add_claim

SLOTS = dict.fromkeys(("treatment", "baseline", "task"), ("x",)) | {"metric": ("accuracy",)}
CONTRAST = Contrast("c", "fed", "plain", "accuracy", 1.0, "points", SLOTS)
PREDICTION = Prediction("x", "x", "x", "accuracy", "increase", 5.0, "points")


@dataclass(frozen=True)
class Plan:
    """Part of a plan that verification needs."""

    seeds: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7, 8)
    altered: bool = False
    deviations: tuple[str, ...] = ()
    deviation_codes: tuple[DeviationCode, ...] = ()
    library: None = None

    @property
    def experiment(self):
        return SimpleNamespace(id="made-up", alpha=0.05, minimum_seeds=3, power="", may_fail=0, folder="")

    @property
    def fidelity(self):
        return SimpleNamespace(name="paper")

    @property
    def spec(self):
        return {"seeds": list(self.seeds)}

    def repeats(self, *_arms):
        return ()

    def first(self, seeds):
        return replace(self, seeds=self.seeds[:seeds])


@pytest.fixture
def laboratory(workspace, monkeypatch):
    """`go(gains, …)` verifies claim 1 in a laboratory in which seed s gains gains[s − 1]."""
    add_claim(workspace.database)

    def go(gains, one_by_one=True, prediction=PREDICTION, contrast=CONTRAST, arms=("fed", "plain"), **more):
        asked = []

        def run(plan, *_args, **_options):
            asked.append(len(plan.seeds))
            rows = tuple(
                {"arm": arm, "seed": s, "language": x, "metric": "accuracy", "n": 1000}
                | {"value": 40.0 + s / 10 + (gains[s - 1] if arm == "fed" else 0)}
                for s in plan.seeds
                for x in ("l1", "l2")
                for arm in arms
            )
            stages = tuple(
                {"name": f"stage, seed {s}", "key": "k", "cached": asked[:-1] != [] and s <= asked[-2], "seconds": 1.0}
                for s in plan.seeds
            )
            return Outcome(
                rows,
                Gate(True, "passed", {}, (GateOutcome.PASSED,)),
                (),
                {},
                stages,
                {"versions": {"x": "1"}, "device": "cpu"},
            )

        monkeypatch.setattr(verification, "run", run)
        test = verification.Test(1, 1, prediction, contrast, Plan(), {}, one_by_one, "by 5.0 points", **more)
        return verification.verify(workspace, Settings(), test), asked

    return go


def test_an_easy_claim_takes_the_fewest_seeds(laboratory):
    found, asked = laboratory([5.0, 5.02, 4.98] + [99.0] * 5)
    assert asked == [3]
    assert (found.verdict, found.seeds) == ("reproduced", 3)
    steps = next(one for one in of(found.reason, found.reason_codes) if one.code is VerdictReason.SEED_BY_SEED)
    assert (steps.parameters["seeds"], steps.parameters["most"]) == (3, 8)
    assert found.spec["rule"]["looks"][0][0] == 3
    assert found.spec["laboratory"]["seeds"] == list(range(1, 9))  # registered: what may be run
    assert found.analysis["looks"] == [3]
    assert found.analysis["magnitude"] == "same"


def test_seeds_are_added_until_it_is_decided(laboratory):
    found, asked = laboratory([5.0, 6.5, 3.6, 5.2, 4.9, 5.1, 5.0, 5.3])
    assert asked == list(range(3, asked[-1] + 1))
    assert 3 < asked[-1] <= 8
    assert found.seeds == asked[-1] == len({m.seed for m in found.measurements})
    assert found.verdict in ("reproduced", "partially reproduced")
    assert not any(stage["cached"] for stage in found.stages)  # computed in this run, at an earlier look


def test_a_fixed_number_is_run_as_before(laboratory):
    found, asked = laboratory([5.0, 5.02, 4.98, 5.0, 5.1, 4.9, 5.0, 5.0], one_by_one=False)
    assert asked == [8]
    assert found.spec["rule"]["looks"] == []
    assert VerdictReason.SEED_BY_SEED not in [one.code for one in of(found.reason, found.reason_codes)]
    assert found.spec["rule"]["rounding"] == pytest.approx(0.05)


def test_predictions_of_one_claim_share_the_error(laboratory):
    gains = [5.0, 9.0, 3.0, 5.2, 4.9, 5.1, 5.0, 5.3]
    alone, _ = laboratory(gains, one_by_one=False)
    shared, _ = laboratory(gains, one_by_one=False, predictions=3, decided=1)
    assert shared.spec["rule"]["alpha"] == pytest.approx(0.025)
    assert shared.spec["rule"]["predictions"] == 3
    assert shared.ci[0] < alone.ci[0]
    assert shared.level == pytest.approx(0.975)


def test_the_best_of_several_is_tested_against_all_of_them(laboratory):
    best = replace(PREDICTION, direction="best", value=None)
    contest = replace(CONTRAST, rivals=("plain", "other"))
    gains = [5.0, 5.02, 4.98] + [5.0] * 5
    found, asked = laboratory(gains, prediction=best, contrast=contest, arms=("fed", "plain", "other"))
    assert asked == [3]
    assert (found.verdict, found.spec["rule"]["rivals"]) == ("reproduced", ["plain", "other"])
    assert found.estimate == pytest.approx(5.0)
    assert found.spec["rule"]["baseline"] == ""
    assert statistics.follows(found)
    assert not statistics.follows(replace(found, estimate=4.0))
    assert measured.differences(found, "accuracy") == {}


def test_the_history_says_what_changed(laboratory, workspace):
    laboratory([5.0, 5.02, 4.98] + [99.0] * 5)
    laboratory([-5.0, -5.02, -4.98] + [99.0] * 5)
    with reading(workspace.database) as connection:
        newest, first = views.verdicts(connection, 1)
    assert first.changed == ()
    assert newest.changed[0] == "verdict: reproduced → not reproduced"
    assert newest.changed[1].startswith("measured: +5.00 [")


def test_how_many_predictions_share_is_known_before_the_run():
    link = blank(LinkView, experiment="e", contrast="c")
    linked = (blank(PredictionView, id=1, links=(link,)), blank(PredictionView, id=2, links=(link,)))
    verdicts = (
        blank(VerdictView, prediction_id=2, fidelity="small", verdict="direction supported"),
        blank(VerdictView, prediction_id=2, fidelity="small", verdict="inconclusive"),
        blank(VerdictView, prediction_id=1, fidelity="small", verdict="direction supported"),
    )
    claim = blank(FullClaimView, predictions=(*linked, blank(PredictionView, id=3)), verdicts=verdicts)
    assert verification._family(claim, 1, "small") == (2, 1)
    assert verification._family(claim, 1, "paper") == (2, 0)
    assert verification._family(replace(claim, verdicts=verdicts[1:]), 1, "small") == (2, 0)


@pytest.mark.parametrize("most", [2, 101, None])
def test_looks_that_cannot_be_taken(workspace, most, monkeypatch):
    monkeypatch.delenv("SYNTH_DATA", raising=False)
    add_claim(workspace.database)
    with pytest.raises(UsageError, match="cannot be added up to"):
        verification.prepare(workspace, 1, "synthetic", most, one_by_one=True)


def test_a_plan_with_looks_registers_their_levels(workspace, monkeypatch):
    monkeypatch.delenv("SYNTH_DATA", raising=False)
    add_claim(workspace.database)
    store = Store(workspace.database)
    store.close()
    test = verification.prepare(workspace, 1, "synthetic", 6, one_by_one=True)
    assert [n for n, _ in test.rule.looks] == [3, 4, 5, 6]
    view = verification.plan_view(test)
    assert view["seeds"] == [1, 2, 3, 4, 5, 6]
    assert view["design"] == test.plan.experiment.power
    assert view["power"] == str(test.plan.power[test.contrast.id])
    assert test.spec_hash != verification.prepare(workspace, 1, "synthetic", 6).spec_hash
