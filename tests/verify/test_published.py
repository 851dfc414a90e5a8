"""From a claim to a verdict by published figures: offline, registered before, and judged again to the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from repro.experiments import experiments
from synth.core.errors import UsageError
from synth.core.estimate import Estimate
from synth.core.settings import Settings
from synth.report.review.rubrics import statistics
from synth.store.database import Store
from synth.store.tables import ClaimRow, ClaimSource, Paper, PassageRow, PredictionRow, Search
from synth.verify import run as verification
from synth.verify.link_claims import link_claim
from synth.verify.rejudging import differences, rejudged

CLAIMS = [
    ("Larger models improve cross-lingual sentence retrieval.", "larger model", "accuracy", "increase"),
    ("Typological distance correlates negatively with accuracy.", "typological distance", "accuracy", "negative"),
    ("Scale narrows the gap of distant languages.", "typological distance", "gain from model size", "positive"),
    ("Linguistic proximity goes with better retrieval.", "linguistic proximity", "accuracy", "positive"),
    ("Intermediate-task training on MNLI improves sentence retrieval.", "MNLI", "", "increase"),
]


@pytest.fixture
def claims(workspace, monkeypatch):
    """The claims in the database; no data set is at hand."""
    monkeypatch.delenv("SYNTH_DATA", raising=False)
    store = Store(workspace.database)
    with store.session() as s:
        s.add(Search(id=1, question="q", key="k", sources=["demo"], created="now"))
        s.add(Paper(id=1, title="A paper"))
        s.flush()
        for number, (said, treatment, metric, direction) in enumerate(CLAIMS, 1):
            s.add(ClaimRow(id=number, search_id=1, text=said, kind="effect", salience=1 / number))
            s.add(
                PassageRow(
                    id=number, paper_id=1, position=number, kind="sentence", text=said, quote=said, page=1,
                    spans=[[1, 0, len(said)]], sha256="0" * 64, section="abstract",
                )
            )  # fmt: skip
            s.flush()
            s.add(ClaimSource(claim_id=number, passage_id=number))
            s.add(
                PredictionRow(
                    claim_id=number, position=0, treatment=treatment, metric=metric, direction=direction,
                    task="sentence retrieval",
                )
            )  # fmt: skip
        s.flush()
        for number in range(1, len(CLAIMS) + 1):
            link_claim(s, s.get_one(ClaimRow, number), list(experiments().values()))
    store.close()
    return workspace


def verify(workspace, claim, **options):
    test = verification.prepare(workspace, claim, "published", **options)
    return test, verification.verify(workspace, Settings(jobs=1), test)


def test_a_claim_of_size_is_decided_by_published_figures(claims):
    result = verify(claims, 1)[1]
    assert (result.experiment, result.fidelity) == ("model-size", "published")
    assert result.verdict == "direction supported"
    assert 0 < result.ci[0] < result.estimate < result.ci[1] < 1  # logits a doubling
    assert result.unit == "logits per doubling of the model"
    assert any("measured by others and are re-analysed here" in text and "CC0" in text for text in result.deviations)
    assert any("made from another model" in text for text in result.deviations)
    assert {"coefficient", "resampled", "other ways"} <= {one["code"] for one in result.reason_codes}
    assert len({m.language for m in result.measurements} - {"all"}) > 80
    assert result.spec["rule"]["statistic"] == "coefficient"
    assert [c["id"] for c in result.spec["laboratory"]["contrasts"]] == ["size"]
    assert len(result.provenance["data"]["re-analyse large, seed 1"]) == 64
    assert result.provenance["versions"]["statsmodels"]
    # A reviewer computes the interval from what is stored, and sees where it was changed.
    assert result.level == 0.95
    assert all(
        check(result) for check in (statistics.follows, statistics._interval_follows, statistics._verdict_follows)
    )
    moved = replace(result, ci=(result.ci[0] - 0.01, result.ci[1]))
    assert not statistics._interval_follows(moved)
    # What is stored gives the same verdict again.
    again = rejudged(result, result.measurements)
    then = Estimate(result.estimate, *result.ci, result.seeds, 0)
    assert differences(result.verdict, then, again) == []
    assert len(differences("inconclusive", replace(then, low=-1.0, seeds=9), again)) == 3


def test_a_claim_of_proximity_is_turned_round(claims):
    far, near = (verification.prepare(claims, number, "published") for number in (2, 4))
    assert far.rule.direction == near.rule.direction == "negative"
    assert far.rule.covariate == "distance"
    assert far.rule.control_metric == ""
    assert far.plan.seeds == (1,)


def test_a_claim_takes_the_experiment_that_has_published_figures(claims):
    test = verification.prepare(claims, 3, "published")
    assert (test.plan.experiment.id, test.contrast.covariate) == ("retrieval-covariates", "distance:size")
    with pytest.raises(UsageError, match="has no fidelity 'synthetic'"):
        verification.prepare(claims, 3, "synthetic")


def test_what_nobody_published_is_no_test(claims):
    with pytest.raises(UsageError, match="has no fidelity 'published'"):
        verification.prepare(claims, 5, "published")


def test_seeds_have_no_meaning_for_published_figures(claims):
    with pytest.raises(UsageError, match="Nothing is drawn by seeds"):
        verification.prepare(claims, 1, "published", seeds=5)
