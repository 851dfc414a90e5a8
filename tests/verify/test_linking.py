"""Links: the contrast that fits a prediction."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from synth.core.reasons import Reason, worded
from synth.core.reasons.differences import Difference
from synth.core.reasons.untestable import Untestable, sentence
from synth.core.reasons.verdicts import INCOMPARABLE, Incomparable
from synth.core.types import Prediction
from synth.verify.linking.candidates import direction_only, fits, hypothesis, phrases
from synth.verify.linking.nearest import why_not
from synth.verify.linking.orientation import direction_tested
from synth.verify.linking.slots import longest_match


@dataclass(frozen=True)
class Contrast:
    id: str = "c"
    treatment: str = "nli"
    baseline: str = "untuned"
    statistic: str = "mean"
    covariate: str = "distance"
    metric: str = "accuracy_cosine"
    unit: str = "points"
    terms: dict = field(
        default_factory=lambda: {
            "treatment": ["intermediate-task training", "intermediate training"],
            "baseline": ["XLM-R", "no intermediate training"],
            "task": ["sentence retrieval", "Tatoeba"],
            "metric": ["accuracy"],
        }
    )
    stand_ins: tuple = ("question answering",)
    rivals: tuple = ()
    hypothesis: str = ""


@dataclass(frozen=True)
class Arm:
    name: str
    role: str = "baseline"


@dataclass(frozen=True)
class Experiment:
    id: str = "e"
    contrasts: tuple = (Contrast(),)
    arms: tuple = (Arm("untuned"), Arm("nli", "treatment"), Arm("continued MLM", "treatment"))


KNOWN = [Experiment()]
DISTANCE = Contrast(
    id="distance",
    treatment="untuned",
    baseline="",
    statistic="correlation",
    terms={
        "treatment": ["typological distance", "linguistic proximity"],
        "baseline": [],
        "task": ["sentence retrieval"],
        "metric": ["transfer performance", "accuracy"],
    },
    stand_ins=("XNLI",),
)
COUNTED = Contrast(
    id="mnli",
    treatment="mnli",
    baseline="",
    statistic="count",
    terms={"treatment": ["MNLI"], "baseline": [], "task": ["MNLI"], "metric": ["training examples"]},
)
CORRELATIONS = [Experiment("typology", (DISTANCE,))]
COUNTS = [
    Experiment(
        "counts",
        (
            COUNTED,
            replace(COUNTED, id="anli", terms=COUNTED.terms | {"treatment": ["ANLI"]}),
            replace(COUNTED, id="anli-plus", terms=COUNTED.terms | {"treatment": ["ANLI+"]}),
            replace(COUNTED, id="squad", terms=COUNTED.terms | {"treatment": ["SQuAD"]}),
        ),
    )
]


def incomparable(prediction, contrast=None):
    """Return the code of why only the direction is comparable, or None."""
    found = direction_only(prediction, contrast or Contrast())
    return found.code if found else None


def test_a_full_match():
    found = fits(
        Prediction("English intermediate-task training", "XLM-R Large", "Tatoeba", "accuracy", "increase"), KNOWN
    )[0]
    assert (found.experiment, found.contrast, found.unmatched) == ("e", "c", {})  # "English" changes nothing
    exact = fits(Prediction("Intermediate-task training", "XLM-R", "Tatoeba", "accuracy", "increase"), KNOWN)[0]
    assert (exact.strength, exact.unmatched) == (1.0, {})


def test_what_the_claim_does_not_say_is_noted():
    found = fits(Prediction(treatment="intermediate training", direction="increase"), KNOWN)[0]
    assert 0.6 < found.strength < 0.8  # treatment in full, the others half
    assert set(found.unmatched) == {"baseline", "task", "metric"}


def test_another_treatment_or_baseline_is_no_test():
    assert fits(Prediction(treatment="continued MLM", direction="increase"), KNOWN) == []
    assert fits(Prediction("intermediate training", "translated data", "Tatoeba", direction="increase"), KNOWN) == []
    assert fits(Prediction(direction="increase"), KNOWN) == []


def test_a_baseline_that_is_a_treatment_has_to_be_named():
    terms = Contrast().terms | {"baseline": ["continued MLM"]}
    known = [Experiment("mlm", (Contrast(baseline="continued MLM", terms=terms),))]
    assert fits(Prediction("intermediate training", "continued MLM", "Tatoeba", direction="greater"), known)
    assert fits(Prediction("intermediate training", "", "Tatoeba", direction="increase"), known) == []
    assert fits(Prediction("intermediate training", "the baseline", "Tatoeba", direction="increase"), known) == []


def test_another_task_is_a_deviation_and_costs_more_than_a_declared_stand_in():
    said = Prediction("intermediate training", "", "parsing", direction="increase")
    found = fits(said, KNOWN)[0]
    assert found.differences["task"] == Reason(Difference.STANDS_IN, {"slot": "task", "said": "parsing"})
    assert found.unmatched["task"] == "stands in for “parsing”"
    assert incomparable(said) is Incomparable.OTHER_TASK
    tasks = ("parsing", "", "question answering", "Tatoeba")
    scores = [fits(replace(said, task=task), KNOWN)[0].strength for task in tasks]
    assert scores == sorted(set(scores))


def test_a_declared_stand_in_is_a_deviation():
    found = fits(Prediction("intermediate training", "", "question answering", direction="increase"), KNOWN)[0]
    assert found.differences["task"].code is Difference.STANDS_IN
    assert "task" not in found.matched


def test_scope_and_foreign_metric_are_deviations():
    found = fits(
        Prediction("intermediate training", "", "Tatoeba", "F1", "increase", scope={"model": "XLM-R Large"}), KNOWN
    )[0]
    assert found.differences["metric"] == Reason(Difference.OTHER_METRIC, {"slot": "metric", "said": "F1"})
    assert found.differences["model"] == Reason(Difference.CONDITION, {"condition": "model", "said": "XLM-R Large"})


def test_counts_rankings_and_correlations_are_not_tested_by_two_arms():
    for direction in ("count", "best", "positive", ""):
        prediction = Prediction("intermediate training", direction=direction)
        assert fits(prediction, [Experiment(), Experiment("d", (DISTANCE, COUNTED))]) == []
        assert len(sentence(why_not([prediction]))) > 40


def test_the_best_of_named_arms_on_a_named_task():
    known = [Experiment(contrasts=(Contrast(rivals=("qa", "tagging")),))]
    best = Prediction("Intermediate training", task="sentence retrieval", metric="accuracy", direction="best")
    found = fits(best, known)[0]
    assert set(found.matched) == {"treatment", "task", "metric"}
    assert found.differences == {"ranking": Reason(Difference.RIVALS, {"rivals": ["qa", "tagging"]})}
    assert fits(replace(best, direction="worst"), known)
    assert fits(best, [Experiment()]) == []  # the contrast names no rivals
    assert "task" in fits(replace(best, task=""), known)[0].unmatched
    assert fits(replace(best, treatment="distillation"), known) == []
    assert incomparable(best, known[0].contrasts[0]) is None
    assert incomparable(replace(best, value=8.7, unit="points"), known[0].contrasts[0]) is Incomparable.RANK


def test_reasons_differ():
    rough = Prediction("MNLI", metric="examples", direction="count", scope={"approximate": "about"})
    reasons = {
        Untestable.NO_OUTCOME: [],
        Untestable.NO_HOLDER: [Prediction(direction="count")],
        Untestable.NO_RIVALS: [Prediction("x", direction="best")],
        Untestable.NO_COVARIATE: [Prediction("x", metric="y", direction="positive")],
        Untestable.NO_TREATMENT: [Prediction(direction="increase")],
        Untestable.NO_DIRECTION: [Prediction("x")],
        Untestable.NO_ARMS: [Prediction("x", direction="increase")],
        Untestable.NO_SCORE: [Prediction("x", direction="decrease")],
        Untestable.NO_DATA_SET: [Prediction("MNLI", metric="examples", direction="count")],
        Untestable.ROUGH_COUNT: [rough],
    }
    assert {code: why_not(predictions).code for code, predictions in reasons.items()} == {one: one for one in reasons}


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
    assert found.differences["baseline"].code is Difference.ONLY_SAYS


# ---------------------------------------------------------------------------------- correlations and slopes


@pytest.mark.parametrize(
    ("prediction", "direction"),
    [
        (Prediction("Typological distance", metric="zero-shot accuracy", direction="negative"), "negative"),
        (Prediction("Zero-shot accuracy", metric="typological distance", direction="negative"), "negative"),
        (Prediction("Transfer performance", metric="typological distance", direction="no effect"), "no effect"),
        (
            Prediction(
                "Typological distance between source and target", "", "sentence retrieval", "accuracy", "decrease"
            ),
            "decrease",
        ),
        # What rises with nearness falls with distance.
        (Prediction("Transfer performance", metric="the linguistic proximity", direction="positive"), "negative"),
    ],
)
@pytest.mark.parametrize("statistic", ["correlation", "slope"])
def test_a_correlation_is_tested_in_either_order_and_by_distance(prediction, direction, statistic):
    contrast = replace(DISTANCE, statistic=statistic)
    found = fits(prediction, [Experiment("typology", (contrast,))])[0]
    assert set(found.matched) >= {"treatment", "metric"}
    assert direction_tested(prediction, contrast, "sign" in found.unmatched) == direction
    assert ("sign" in found.unmatched) == (direction != prediction.direction)
    assert "baseline" not in found.unmatched  # the contrast has none either
    assert fits(prediction, KNOWN) == []


def test_a_correlation_of_other_things_is_no_test():
    for prediction in (
        Prediction("Transfer performance", metric="the number of parameters", direction="positive"),
        Prediction("Typological distance", metric="perplexity", direction="negative"),
        Prediction("Tagging accuracy", metric="typological distance", direction="negative"),
        Prediction("Geographic distance", metric="accuracy", direction="negative"),
        Prediction("accuracy", metric="typological distance", direction="decrease"),  # what brings about what is said
        Prediction("Typological distance", direction="decrease"),
        Prediction("Typological distance", "XLM-R", metric="accuracy", direction="decrease"),
    ):
        assert fits(prediction, CORRELATIONS) == [], prediction


def test_the_task_of_a_correlation_may_be_a_stand_in():
    prediction = Prediction("Typological distance", task="XNLI", metric="accuracy", direction="decrease")
    assert fits(prediction, CORRELATIONS)[0].differences["task"].code is Difference.STANDS_IN


def test_only_distance_has_a_contrary():
    text = replace(DISTANCE, covariate="text")
    prediction = Prediction("Transfer performance", metric="the linguistic proximity", direction="positive")
    assert "sign" not in fits(prediction, [Experiment("e", (text,))])[0].unmatched


@pytest.mark.parametrize(
    ("languages", "direction", "tested"),
    [
        ("typologically similar languages", "best", "negative"),
        ("typologically similar languages", "decrease", "increase"),
        ("typologically distant languages", "worst", "negative"),
        ("typologically distant languages", "decrease", "decrease"),
    ],
)
def test_what_is_said_of_the_languages_at_one_end_is_said_of_the_axis(languages, direction, tested):
    terms = DISTANCE.terms | {
        "treatment": ["typologically similar languages", "typologically distant languages"],
        "metric": ["transfer"],
    }
    contrast = replace(DISTANCE, terms=terms)
    said = Prediction("transfer", direction=direction, scope={"languages": languages})
    found = fits(said, [Experiment("typology", (contrast,))])[0]
    assert found.matched["treatment"] == languages
    assert "languages" not in found.unmatched
    assert direction_tested(said, contrast, "sign" in found.unmatched) == tested


def test_a_system_that_does_well_on_such_languages_says_nothing_of_the_axis():
    terms = DISTANCE.terms | {"treatment": ["typologically similar languages"], "metric": ["transfer", "performance"]}
    contrast = replace(DISTANCE, terms=terms)
    said = Prediction("our adapter", metric="performance", direction="increase")
    said = replace(said, scope={"languages": "typologically similar languages"})
    assert fits(said, [Experiment("typology", (contrast,))]) == []


# ---------------------------------------------------------------------------------------------- counts


def count_of(treatment, metric="training examples", **scope):
    return Prediction(treatment, "", "", metric, "count", 1000.0, "count", scope)


@pytest.mark.parametrize(
    ("said", "contrast"),
    [
        ("MNLI", "mnli"),
        ("The MNLI data set", "mnli"),
        ("The MNLI intermediate task", "mnli"),
        ("ANLI", "anli"),
        ("ANLI+", "anli-plus"),
        ("The ANLI+ corpus", "anli-plus"),
    ],
)
def test_a_count_names_the_data_set(said, contrast):
    assert [fit.contrast for fit in fits(count_of(said), COUNTS)] == [contrast]


def test_other_counts_are_not_tested():
    for prediction in (
        count_of("SQuAD v2.0"),
        count_of("MNLI and SNLI"),
        count_of(""),
        count_of("MNLI", "test examples"),
        count_of("MNLI", "languages"),
        count_of("MNLI", approximate="about"),
    ):
        assert fits(prediction, COUNTS) == [], prediction


def test_a_split_is_noted():
    found = fits(count_of("MNLI", split="training set"), COUNTS)[0].differences["split"]
    assert found == Reason(Difference.CONDITION, {"condition": "split", "said": "training set"})


def test_what_falls_has_to_be_named():
    mitigates = Prediction("intermediate training", direction="decrease")
    assert fits(mitigates, KNOWN) == []
    assert why_not([mitigates]).code is Untestable.NO_SCORE
    assert fits(replace(mitigates, task="Tatoeba"), KNOWN)


CLAIMED = Prediction("intermediate training", "XLM-R", "Tatoeba", "accuracy", "increase", 8.2, "points")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"value": None, "unit": ""}, None),
        ({"value": None, "unit": "", "metric": ""}, None),
        ({"task": "", "scope": {"task_type": "sentence retrieval"}}, None),
        ({"task": "question answering"}, Incomparable.OTHER_TASK),
        ({"task": "question answering", "value": None}, Incomparable.OTHER_TASK),
        ({"task": ""}, Incomparable.NO_TASK),
        ({"unit": "%"}, Incomparable.OTHER_UNIT),
        ({"unit": "times"}, Incomparable.OTHER_UNIT),
        ({"unit": ""}, Incomparable.NO_UNIT),
        ({"metric": "F1"}, Incomparable.OTHER_METRIC),
        ({"metric": ""}, Incomparable.NO_METRIC),
    ],
)
def test_a_magnitude_is_comparable_in_the_same_task_metric_and_unit(changes, code):
    prediction = replace(CLAIMED, **changes)
    assert fits(prediction, KNOWN)
    assert incomparable(prediction) is code


def test_why_a_magnitude_is_not_comparable_is_told_in_a_clause():
    found = direction_only(replace(CLAIMED, unit="%"), Contrast())
    assert worded(found, INCOMPARABLE) == "the claimed value is in “%”, the measured one in points"
    found = direction_only(replace(CLAIMED, metric="F1"), Contrast())
    assert worded(found, INCOMPARABLE) == "the claim's metric is “F1”, and accuracy_cosine was measured"


def test_a_correlation_is_comparable_with_the_same_statistic_alone():
    said = Prediction("typological distance", "", "sentence retrieval", "accuracy", "negative")
    contrast = replace(DISTANCE, unit="Spearman's ρ")
    assert direction_only(said, contrast) is None
    turned = replace(said, treatment="accuracy", metric="linguistic proximity")
    assert direction_only(turned, contrast) is None
    found = direction_only(replace(said, value=0.7), contrast)
    assert found == Reason(Incomparable.NO_UNIT, {"unit": "", "measured": "Spearman's ρ"})


def test_a_count_is_compared_exactly_or_not_at_all():
    said = Prediction("MNLI", metric="training examples", direction="count", value=392_702.0, unit="count")
    assert direction_only(said, COUNTED) is None


def test_a_comparison_of_which_the_other_side_is_not_known_is_no_test():
    compared = Prediction("intermediate training", "", "Tatoeba", "accuracy", "greater")
    assert fits(compared, KNOWN) == []
    assert why_not([compared], KNOWN).code is Untestable.NO_BASELINE
    assert fits(replace(compared, direction="increase"), KNOWN)


def test_the_reason_names_what_keeps_a_claim_from_the_nearest_experiment():
    against = Prediction("intermediate training", "translated data", "Tatoeba", direction="greater")
    found = why_not([against], KNOWN)
    assert found.code is Untestable.OTHER_BASELINE
    assert sentence(found) == "“intermediate training” is tested by “e”, but not against “translated data”."
    assert why_not([Prediction("self-training", direction="increase")], KNOWN).code is Untestable.NO_ARMS


def test_a_method_is_no_outcome():
    assert why_not([], KNOWN, kind="method").code is Untestable.METHOD
    assert why_not([], KNOWN, kind="effect").code is Untestable.NO_OUTCOME


# ---------------------------------------------------------------------------------------------- the other way round


def test_a_comparison_in_the_other_order_is_turned_round():
    said = Prediction("XLM-R", "intermediate training", "Tatoeba", "accuracy", "less")
    found = fits(said, KNOWN)[0]
    assert found.differences["sign"] == Reason(Difference.TURNED, {"swapped": True})
    assert found.matched["treatment"] == "intermediate training"
    assert direction_tested(said, Contrast(), True) == "greater"


@pytest.mark.parametrize("metric", ["error rate", "the cross-lingual penalty", "the accuracy gap"])
def test_less_of_a_cost_is_more_of_a_score(metric):
    said = Prediction("intermediate training", "", "Tatoeba", metric, "decrease")
    found = fits(said, KNOWN)[0]
    assert found.differences["sign"] == Reason(Difference.TURNED, {"cost": metric})
    assert direction_tested(said, Contrast(), "sign" in found.unmatched) == "increase"


def test_two_turns_undo_each_other():
    said = Prediction("XLM-R", "intermediate training", "Tatoeba", "error rate", "greater")
    assert "sign" not in fits(said, KNOWN)[0].unmatched


def test_a_treatment_that_could_not_be_read_is_looked_for_in_the_sentence():
    said = Prediction(metric="accuracy", direction="increase")
    text = "With intermediate-task training we see that accuracy goes up."
    found = fits(said, KNOWN, text)[0]
    detail = found.differences["treatment detail"]
    assert detail == Reason(Difference.IN_SENTENCE, {"said": "intermediate-task training"})
    assert found.strength < fits(replace(said, treatment="intermediate-task training"), KNOWN, text)[0].strength
    assert fits(said, KNOWN, "We see that accuracy goes up.") == []
    assert fits(replace(said, direction=""), KNOWN, text) == []
    assert fits(replace(said, baseline="intermediate-task training", direction="greater"), KNOWN, text) == []


# ---------------------------------------------------------------------------------------------- scores


def test_a_claim_that_is_far_from_the_hypothesis_is_not_linked_and_a_near_one_scores_more():
    said = Prediction("intermediate training", "", "Tatoeba", "accuracy", "increase")
    scores = [fits(said, KNOWN, "It helps.", lambda a, b, c=cosine: c) for cosine in (0.1, 0.4, 0.8)]
    assert scores[0] == []
    assert scores[1][0].strength < scores[2][0].strength == pytest.approx(0.925)  # the baseline alone is open
    assert "cosine 0.40" in scores[1][0].matched["hypothesis"]


def test_the_hypothesis_is_the_written_one_or_made_of_the_first_phrases():
    assert hypothesis(replace(Contrast(), hypothesis="It helps.")) == "It helps."
    assert hypothesis(Contrast()) == (
        "intermediate-task training improves accuracy on sentence retrieval compared with XLM-R"
    )
    assert hypothesis(DISTANCE) == "typological distance correlates with transfer performance on sentence retrieval"
    assert hypothesis(Contrast()) in phrases(Contrast())
    assert phrases(COUNTED) == []


KINDS = Contrast(
    id="kinds",
    treatment="multilingual",
    baseline="monolingual",
    terms={
        "treatment": ["multilingual models", "multilingual model"],
        "baseline": ["monolingual models"],
        "task": ["NLI"],
        "metric": ["accuracy"],
    },
)


def test_a_named_multilingual_model_is_one():
    (found,) = fits(Prediction("XLM-R", "monolingual models", direction="greater"), [Experiment(contrasts=(KINDS,))])
    assert found.matched["treatment"] == "XLM-R"
    assert found.differences["treatment detail"].code is Difference.ONE_KIND


@pytest.mark.parametrize(
    ("treatment", "baseline"),
    [("XLM-R", "FinBERT"), ("FinBERT", "mBERT"), ("XLM-R with adapters", "monolingual models"), ("XLM-R", "")],
)
def test_a_model_is_no_other_kind(treatment: str, baseline: str):
    assert fits(Prediction(treatment, baseline, direction="greater"), [Experiment(contrasts=(KINDS,))]) == []
    assert fits(Prediction("intermediate training", "mBERT", direction="greater"), KNOWN) == []


def test_what_a_treatment_is_for_makes_it_no_other():
    (found,) = fits(Prediction("intermediate training for language understanding", direction="increase"), KNOWN)
    assert found.differences["treatment detail"].code is Difference.ONE_PURPOSE
    assert fits(Prediction("intermediate training for speech", direction="increase"), KNOWN) == []
