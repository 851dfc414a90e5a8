"""A report on a re-analysis of published figures: what was estimated, over what, at which fidelity."""

from __future__ import annotations

import hashlib
import json

import pytest

from synth.report import render
from synth.report.review import review_all
from synth.store.database import Store
from synth.store.tables import Measurement, Run, Verdict
from tests.report import made_up

RULE = {
    "treatment": "models", "baseline": "", "metric": "accuracy", "control_metric": "", "direction": "negative",
    "value": None, "sesoi": 0.1, "alpha": 0.05, "minimum_seeds": 3, "statistic": "coefficient", "covariate": "distance",
    "unit": "logits per 0.1 of distance",
}  # fmt: skip
DEVIATIONS = ["The figures were measured by others and are re-analysed here (packaged): 3 languages."]


@pytest.fixture
def facts(tmp_path):
    store = Store(tmp_path / "synth.db")
    with store.session() as s:
        made_up.add_claims(s, made_up.add_search(s))
        spec = {"claim": 1, "rule": RULE, "deviations": DEVIATIONS, "laboratory": {"distances": {}}}
        places = [{"seed": 1, "language": code, "distance": far} for code, far in made_up.DISTANCES.items()]
        run = Run(
            claim_id=1, prediction_id=1, experiment="typology-correlation", contrast="distance", fidelity="published",
            spec=spec, spec_hash=hashlib.sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest(),
            registered=made_up.TIME, state="done", started=made_up.TIME, finished=made_up.TIME, seconds=9.0,
            gate={"passed": True, "reason": "far above chance"},
            stages=[{"name": "re-analyse models, seed 1", "cached": False, "seconds": 9.0}],
            provenance={
                "commit": "0" * 12, "versions": {"statsmodels": "0.15.0"}, "device": "cpu", "covariates": places,
                "analysis": {"kind": "coefficient", "level": 0.95},
            },
        )  # fmt: skip
        s.add(run)
        s.flush()
        own = {"run_id": run.id, "arm": "models", "seed": 1, "n": 1000}
        for code, value in zip(made_up.DISTANCES, (90.0, 70.0, 50.0), strict=True):
            s.add(Measurement(**own, language=code, metric="accuracy", value=value))
        s.add(Measurement(**own, language="all", metric="distance | estimate", value=-0.25))
        s.add(
            Verdict(
                claim_id=1, prediction_id=1, run_id=run.id, verdict="direction supported", fidelity="published",
                estimate=-0.25, ci_low=-0.47, ci_high=-0.02, seeds=1, level=0.95, unit=RULE["unit"],
                reason="Coefficient of distance", deviations=DEVIATIONS, created=made_up.TIME,
            )
        )  # fmt: skip
    store.close()
    return made_up.facts_of(store)


def test_the_report_says_what_was_estimated_and_by_whom_it_was_measured(facts):
    text = str(render(facts, review_all(facts)))
    assert "coefficient of distance in the model of models" in text
    assert "published figures" in text
    assert "(published) supports the direction" in text
    assert "published is the figures of others' models, re-analysed" in text
    assert DEVIATIONS[0] in text.replace("\\", "")


def test_every_format_takes_it(facts):
    assert "coefficient of distance" in str(render(facts, review_all(facts), "html"))
