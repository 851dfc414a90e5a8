"""Slopes, correlations and counts from the laboratory's numbers to the report; the laboratory itself is a stand-in."""

from __future__ import annotations

from math import nan
from types import SimpleNamespace

import pytest

from repro.design.deviations import DeviationCode
from repro.design.experiment import Contrast
from repro.run.gate import Gate, GateOutcome
from repro.run.outcome import Outcome
from synth import report
from synth.cli.verify import show_verdict
from synth.core.reasons.verdicts import VerdictReason, of, sentences
from synth.core.settings import Settings
from synth.core.types import Prediction
from synth.report.plots import flowchart, pictures
from synth.report.review import review
from synth.store.database import Store
from synth.verify import run
from synth.verify.linking.candidates import fits
from tests.report import made_up

FAR = {f"l{i}": i / 10 for i in range(7)}
SLOTS = dict.fromkeys(("treatment", "baseline", "task", "metric"), ())


def contrast(statistic, baseline="", **more):
    return Contrast(
        **{
            "id": statistic,
            "treatment": "fed",
            "baseline": baseline,
            "metric": "accuracy",
            "baseline_metric": "",
            "control": "",
            "statistic": statistic,
            "covariate": "distance",
            "languages": (),
            "sesoi": 0.2,
            "unit": "ρ",
            "terms": SLOTS,
            "stand_ins": (),
        }
        | more
    )


def measured(value, distances=FAR, seeds=3, **more):
    return tuple(
        {"arm": arm, "seed": seed, "language": code, "metric": "accuracy", "value": value(arm, seed, i), "n": 100}
        | {"distance": distances[code]}
        | more
        for seed in range(1, seeds + 1)
        for i, code in enumerate(distances)
        for arm in ("fed", "untuned")
    )


@pytest.fixture
def verified(workspace, monkeypatch):
    """Carries a test of claim 1 through registration, judging, storing, report and review."""
    store = Store(workspace.database)
    with store.session() as s:
        made_up.add_claims(s, made_up.add_search(s))
    store.close()

    def go(contrast, prediction, rows, fidelity="small", altered=False, repeats=(), differences=None):
        plan = SimpleNamespace(
            experiment=SimpleNamespace(id="made-up", alpha=0.05, minimum_seeds=3, may_fail=0, folder=""),
            fidelity=SimpleNamespace(name=fidelity),
            deviations=("the model is small",),
            deviation_codes=(DeviationCode.FIDELITY,),
            spec={"made": "up"},
            altered=altered,
            repeats=lambda *_arms: repeats,
            seeds=(1, 2, 3),
            library=None,
            first=lambda _seeds: None,
        )
        outcome = Outcome(
            rows, Gate(True, "passed", {}, (GateOutcome.PASSED,)), (), {}, (), {"versions": {"x": "1"}, "device": "cpu"}
        )
        monkeypatch.setattr(run, "run", lambda *_a, **_k: outcome)
        test = run.Test(1, 1, prediction, contrast, plan, differences or {})
        verdict = run.verify(workspace, Settings(), test)
        store = Store(workspace.database)
        facts = made_up.facts_of(store)
        store.close()
        checks = {c.name: c for one in ("statistics", "reproduction") for c in review(one, facts).checks}
        return SimpleNamespace(verdict=verdict, facts=facts, checks=checks, text=report.render(facts, []))

    return go


def holds(check):
    return check.points == check.max


def test_a_correlation_is_stored_so_that_it_can_be_recomputed(verified, capsys):
    prediction = Prediction("Typological distance", metric="accuracy", direction="negative")
    known = FAR | {"kab": None}
    found = verified(contrast("correlation"), prediction, measured(lambda arm, seed, i: 60 - 5 * i + seed, known))
    assert found.verdict.verdict == "direction supported"
    assert (found.verdict.estimate, found.verdict.ci) == (-1, (-1, -1))
    left_out = {"code": VerdictReason.NO_COVARIATE, "parameters": {"axis": "distance", "languages": ["kab"]}}
    assert left_out in found.verdict.reason_codes
    assert sentences(of(found.verdict.reason, found.verdict.reason_codes)) == found.verdict.reason
    assert holds(found.checks["estimates follow from the measurements"])
    assert "the rank correlation of fed with distance on accuracy is ρ = −1.00" in found.text
    assert "| l3 | 0.30 |" in found.text  # the distance stands in the table
    assert "covariates" not in found.text
    drawn = pictures.draw(found.facts)
    assert any("Rank correlation of fed with distance, ρ" in picture for picture in drawn.values())
    show_verdict(found.verdict)
    assert "Verdict: direction supported" in capsys.readouterr().out


def test_one_measurement_with_three_seeds_is_no_replication(verified, capsys):
    prediction = Prediction("Typological distance", metric="accuracy", direction="negative")
    rows = measured(lambda arm, seed, i: 60 - 5 * i)
    found = verified(contrast("correlation"), prediction, rows, "base", repeats=((1, 2, 3),))
    assert found.verdict.verdict == "inconclusive"
    assert (found.verdict.estimate, found.verdict.ci, found.verdict.seeds) == (-1, (None, None), 1)
    assert "they are one measurement, not 3" in found.text
    assert holds(found.checks["estimates follow from the measurements"])
    assert not holds(found.checks["enough seeds"])
    assert pictures.draw(found.facts)
    show_verdict(found.verdict)
    assert "without an interval, 1 seed" in capsys.readouterr().out


def test_a_claim_of_nearness_is_tested_by_distance(verified):
    terms = SLOTS | {"treatment": ("linguistic proximity",), "metric": ("accuracy",)}
    prediction = Prediction("accuracy", metric="linguistic proximity", direction="positive")
    rows = measured(lambda arm, seed, i: 60 - 5 * i + seed)
    one = contrast("correlation", terms=terms)
    (fit,) = fits(prediction, [SimpleNamespace(id="made-up", arms=(), contrasts=(one,))])
    found = verified(one, prediction, rows, differences=fit.differences)
    assert found.verdict.spec["rule"]["direction"] == "negative"
    assert found.verdict.verdict == "direction supported"


def test_a_slope_of_the_gain(verified):
    prediction = Prediction("Typological distance", metric="accuracy", direction="increase")
    rows = measured(lambda arm, seed, i: 60 - 5 * i + (i * (1 + seed / 10) if arm == "fed" else 0))
    found = verified(contrast("slope", "untuned", unit="points a unit"), prediction, rows)
    assert found.verdict.estimate == pytest.approx(12)
    assert found.verdict.verdict == "direction supported"
    assert holds(found.checks["estimates follow from the measurements"])
    assert "the slope of fed − untuned against distance on accuracy is +12.00 points a unit" in found.text


def test_values_that_are_no_numbers_are_not_stored(verified):
    rows = measured(lambda arm, seed, i: None if (seed, i) == (2, 0) else nan if (seed, i) == (3, 1) else 50 - i)
    prediction = Prediction("Typological distance", metric="accuracy", direction="decrease")
    found = verified(contrast("slope"), prediction, rows)
    assert found.verdict.verdict == "inconclusive"
    assert of(found.verdict.reason, found.verdict.reason_codes)[0].code is VerdictReason.FEW_REPLICATES
    assert len(found.verdict.measurements) == len(rows) - 4


def test_a_count_is_shown_as_a_count(verified, capsys):
    prediction = Prediction("MNLI", "", "MNLI", "training examples", "count", 392702.0, "count")
    rows = measured(lambda arm, seed, i: 392702.0, {"en": None}, published=True)
    found = verified(contrast("count", unit="examples"), prediction, rows)
    assert found.verdict.verdict == "direction supported"
    assert "Counted: 392,702." in found.text
    assert "A count was checked, exactly: 392,702 examples in fed" in found.text
    assert set(pictures.draw(found.facts)) == {flowchart.NAME}  # of the search; a count has no picture
    assert holds(found.checks["estimates follow from the measurements"])
    show_verdict(found.verdict)
    assert "counted: 392702 examples" in capsys.readouterr().out


def test_an_altered_run_at_paper_claims_no_magnitude(verified):
    prediction = Prediction("x", metric="accuracy", direction="increase", value=5.0)
    rows = measured(lambda arm, seed, i: 50 + (5 + seed / 10 if arm == "fed" else 0))
    found = verified(contrast("mean", "untuned"), prediction, rows, "paper", altered=True)
    assert found.verdict.verdict == "direction supported"
    assert of(found.verdict.reason, found.verdict.reason_codes)[-1].code is VerdictReason.ALTERED
    assert "not the published ones" in found.text
    assert holds(found.checks["verdicts within their scope"])
