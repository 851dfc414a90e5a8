from __future__ import annotations

import pytest

from synth.claims import load_lexicon, predictions
from synth.types import Prediction


def of(text: str) -> list[Prediction]:
    return list(predictions(text, load_lexicon()))


def test_values_with_names_of_their_own():
    made = of("XLM-R outperforms XLM by 15.7% and 11.4%, and mBERT by 23.5% and 15.8%.")
    assert [(p.baseline, p.value) for p in made] == [("XLM", 15.7), ("XLM", 11.4), ("mBERT", 23.5), ("mBERT", 15.8)]


def test_two_tasks_with_one_value_stay_together():
    made = of("Our model improves accuracy on BUCC and Tatoeba by 3 points.")
    assert [(p.task, p.value) for p in made] == [("BUCC and Tatoeba", 3)]


def test_two_tasks_without_a_value_are_two_predictions():
    assert [p.task for p in of("Our model improves accuracy on BUCC and Tatoeba.")] == ["BUCC", "Tatoeba"]


def test_a_level_is_no_difference():
    made = of("Our model outperforms mBERT on XNLI, achieving an accuracy of 83.6%.")
    assert [(p.direction, p.value) for p in made] == [("greater", None), ("", 83.6)]
    made = of("Training longer raises accuracy on XNLI to 83.6%.")
    assert [(p.direction, p.value) for p in made] == [("increase", None)]


@pytest.mark.parametrize(
    "text",
    [
        "We investigate whether larger models improve retrieval.",
        "If the corpus grows, accuracy improves.",
        "Our aim is to improve retrieval by 3 points.",
        "The improved model uses the best layer.",
        "",
        "?",
    ],
)
def test_nothing_is_predicted_where_nothing_is_asserted(text: str):
    assert of(text) == [] or text.startswith("If")


@pytest.mark.parametrize("text", ["Our model improves accuracy.", "This approach hurts retrieval."])
def test_empty_slots_stay_empty(text: str):
    (made,) = of(text)
    assert (made.baseline, made.value, made.unit, made.scope) == ("", None, "", {})


def test_fractions_and_years_are_no_sizes():
    assert [p.value for p in of("Using only 10% of the training data improves accuracy on XNLI.")] == [None]
    assert [p.value for p in of("Since 2019 our system improves accuracy on XNLI.")] in ([None], [])


def test_citations_are_not_part_of_a_slot():
    (made,) = of("Our model outperforms mBERT (Devlin et al., 2019) on XNLI (Conneau et al., 2018).")
    assert (made.baseline, made.task) == ("mBERT", "XNLI")


def test_many_values_are_bounded():
    text = "Our model improves " + ", ".join(f"XNLI by {n}.5 points" for n in range(40)) + "."
    assert 0 < len(of(text)) <= 12


def test_what_a_language_is_far_from_is_no_cause():
    (made,) = of("Zero-shot performance drops substantially for languages that are distant from English.")
    assert (made.treatment, made.direction) == ("", "decrease")


def test_an_adverb_of_consequence_is_no_part_of_a_treatment():
    for adverb in ("therefore", "thus", "hence"):
        assert [p.treatment for p in of(f"Fine-tuning {adverb} improves accuracy.")] == ["Fine-tuning"]


def test_none_of_something_is_a_count_of_zero():
    (made,) = of("BUCC and Tatoeba are retrieval tasks that have no training data of their own.")
    assert (made.treatment, made.metric, made.direction, made.value) == (
        "BUCC and Tatoeba",
        "training data",
        "count",
        0,
    )
    assert of("Our models have no effect on speed.") == []
    # told beside the matter, it is no claim of the sentence
    assert [p.direction for p in of("Tatoeba, a task that has no training data, improves by 3 points.")] == ["increase"]


def test_what_a_benchmark_spans_is_a_count():
    (made,) = of("The XTREME benchmark evaluates zero-shot transfer across up to 40 languages for each task.")
    assert (made.task, made.metric, made.value, made.scope["approximate"]) == ("XTREME", "languages", 40, "up to")
    assert of("The paper evaluates zero-shot transfer across 40 languages.") == []


def test_an_enumeration_of_which_one_item_is_left_still_names_it():
    (made,) = of("Our model outperforms the complex alternatives of (i) continuing multilingual MLM.")
    assert made.baseline == "continuing multilingual MLM"


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("Our model doubles accuracy on XNLI.", []),
        ("Our model increases throughput by a factor of 3.", [(3, "times")]),
        ("Our model is improved by 1,5 % on XNLI.", [(1.5, "%")]),
    ],
)
def test_sizes_in_other_words_and_locales(text, size):
    assert [(p.value, p.unit) for p in of(text) if p.value is not None] == size


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # A share of the data is no score.
        ("Partial translation achieves accuracy close to that of the full data using only 50% of training data.", []),
        # What changes by itself is no treatment.
        ("The capacity per language decreases as languages are added.", [("", "decrease", None)]),
        ("The average on XTREME rises by 5.4 points over XLM-R Large.", [("", "increase", 5.4)]),
        # An insertion, and a relative clause of the authors', do not hide the subject.
        ("A model that was trained on Urdu (in Arabic script), achieves 91% accuracy.", [("A model", "", 91.0)]),
        ("The corpus that we collected has more data than Wikipedia.", [("The corpus", "greater", None)]),
        # A level of which only "higher" is said is a difference.
        ("For Swahili, XNLI accuracy is 15.7% higher than with XLM.", [("", "greater", 15.7)]),
        # "Better performance" compares, although nothing is named.
        (
            "Models trained on the larger corpus obtain better performance.",
            [("Models trained on the larger corpus", "greater", None)],
        ),
    ],
)
def test_what_was_read_wrongly_before(text: str, wanted: list):
    assert [(p.treatment, p.direction, p.value) for p in of(text)] == wanted


def test_what_is_counted_is_a_whole_word():
    (made,) = of("The experiments cover two cross-lingual tasks.")
    assert made.metric == "cross-lingual tasks"


def test_a_condition_names_no_metric():
    (made,) = of("Performance on downstream tasks improves even after perplexity has reached its plateau.")
    assert made.metric == ""
