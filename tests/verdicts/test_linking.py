"""Which contrast fits which prediction."""

from __future__ import annotations

from dataclasses import dataclass, field

from synth.types import Prediction
from synth.verdicts.linking import fits, longest_match, why_not


@dataclass(frozen=True)
class Contrast:
    id: str = "c"
    treatment: str = "nli"
    terms: dict = field(
        default_factory=lambda: {
            "treatment": ["intermediate-task training", "intermediate training"],
            "baseline": ["XLM-R", "no intermediate training"],
            "task": ["sentence retrieval", "Tatoeba"],
            "metric": ["accuracy"],
        }
    )
    stand_ins: tuple = ("question answering",)


@dataclass(frozen=True)
class Experiment:
    id: str = "e"
    contrasts: tuple = (Contrast(),)


KNOWN = [Experiment()]


def test_a_full_match():
    found = fits(
        Prediction("English intermediate-task training", "XLM-R Large", "Tatoeba", "accuracy", "increase"), KNOWN
    )[0]
    assert (found.experiment, found.contrast, found.strength) == ("e", "c", 0.875)
    assert set(found.unmatched) == {"treatment detail"}
    exact = fits(Prediction("Intermediate-task training", "XLM-R", "Tatoeba", "accuracy", "increase"), KNOWN)[0]
    assert (exact.strength, exact.unmatched) == (1.0, {})


def test_what_the_claim_does_not_say_is_noted():
    found = fits(Prediction(treatment="intermediate training", direction="increase"), KNOWN)[0]
    assert found.strength == 0.25
    assert set(found.unmatched) == {"baseline", "task", "metric"}


def test_another_treatment_baseline_or_task_is_no_test():
    assert fits(Prediction(treatment="continued MLM", direction="increase"), KNOWN) == []
    assert fits(Prediction("intermediate training", "translated data", "Tatoeba", direction="increase"), KNOWN) == []
    assert fits(Prediction("intermediate training", "", "parsing", direction="increase"), KNOWN) == []
    assert fits(Prediction(direction="increase"), KNOWN) == []


def test_a_declared_stand_in_is_a_deviation():
    found = fits(Prediction("intermediate training", "", "question answering", direction="increase"), KNOWN)[0]
    assert "stands in for" in found.unmatched["task"]
    assert "task" not in found.matched


def test_scope_and_foreign_metric_are_deviations():
    found = fits(
        Prediction("intermediate training", "", "Tatoeba", "F1", "increase", scope={"model": "XLM-R Large"}), KNOWN
    )[0]
    assert "F1" in found.unmatched["metric"]
    assert "XLM-R Large" in found.unmatched["model"]


def test_counts_rankings_and_correlations_are_not_tested_by_two_arms():
    for direction in ("count", "best", "positive", ""):
        prediction = Prediction("intermediate training", direction=direction)
        assert fits([prediction][0], KNOWN) == []
        assert len(why_not([prediction])) > 40


def test_reasons_differ():
    reasons = {
        why_not([]),
        why_not([Prediction(direction="count")]),
        why_not([Prediction("x", direction="best")]),
        why_not([Prediction("x", direction="positive")]),
        why_not([Prediction(direction="increase")]),
        why_not([Prediction("x")]),
        why_not([Prediction("x", direction="increase")]),
    }
    assert len(reasons) == 7


def test_matching_is_by_whole_words():
    assert longest_match("Training on Tatoebas", ["tatoeba"]) == "tatoeba"
    assert longest_match("retraining", ["training"]) == ""
    assert longest_match("pre-training at scale", ["pretraining"]) == "pretraining"
    assert longest_match("", ["x"]) == ""


def test_the_kind_of_task_stands_in_for_a_data_set_that_is_not_named():
    prediction = Prediction("intermediate training", direction="increase", scope={"task_type": "sentence retrieval"})
    found = fits(prediction, KNOWN)[0]
    assert found.matched["task"] == "sentence retrieval"
    assert "task_type" not in found.unmatched


def test_a_word_that_makes_it_another_treatment_is_no_test():
    for said in ("intermediate training on CommonCrawl", "models without intermediate training"):
        assert fits(Prediction(said, task="Tatoeba", direction="increase"), KNOWN) == []
    assert fits(Prediction("nearly every intermediate training task", task="Tatoeba", direction="increase"), KNOWN)


def test_a_baseline_without_a_name_is_a_deviation():
    found = fits(Prediction("intermediate training", "the baseline", "Tatoeba", direction="increase"), KNOWN)[0]
    assert "only says" in found.unmatched["baseline"]
