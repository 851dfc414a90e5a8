from __future__ import annotations

import pytest

from synth.claims import load_lexicon, predictions
from synth.claims.predictions import read
from synth.claims.syntax.baselines import list_item
from synth.claims.syntax.grammar import Sentence
from synth.core.types import Prediction
from synth.text.parsing import parse


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
        "Our aim is to improve retrieval by 3 points.",
        "The improved model uses the best layer.",
        "",
        "?",
    ],
)
def test_nothing_is_predicted_where_nothing_is_asserted(text: str):
    assert of(text) == []


def test_a_condition_is_kept_with_what_holds_under_it():
    (prediction,) = of("If the corpus grows, accuracy improves.")
    assert (prediction.metric, prediction.direction) == ("accuracy", "increase")
    assert prediction.scope == {"condition": "If the corpus grows"}


@pytest.mark.parametrize("text", ["Our model improves accuracy.", "This approach hurts retrieval."])
def test_empty_slots_stay_empty(text: str):
    (made,) = of(text)
    assert (made.baseline, made.value, made.unit, made.scope) == ("", None, "", {})


def test_fractions_and_years_are_no_sizes():
    assert [p.value for p in of("Using only 10% of the training data improves accuracy on XNLI.")] == [None]
    assert [p.value for p in of("Since 2019 our system improves accuracy on XNLI.")] == [None]


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
    assert [p.direction for p in of("Our models have no effect on speed.")] == ["no effect"]
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
        ("Our model doubles accuracy on XNLI.", [(2, "times")]),
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
        (
            "A model that was trained on Urdu (in Arabic script), achieves 91% accuracy.",
            [("A model that was trained on Urdu", "", 91.0)],
        ),
        (
            "The corpus that we collected has more data than Wikipedia.",
            [("The corpus that we collected", "greater", None)],
        ),
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
    assert (made.metric, made.scope) == (
        "performance",
        {"condition": "even after perplexity has reached its plateau"},
    )


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        (
            "Our model outperforms mBERT in both zero-shot and few-shot settings.",
            "in both zero-shot and few-shot settings",
        ),
        ("Our model improves accuracy, especially for rare words.", "especially for rare words"),
        ("The system outperforms mBERT under different setups.", "under different setups"),
    ],
)
def test_a_setting_is_a_condition(text: str, scope: str):
    (made,) = of(text)
    assert made.scope["condition"] == scope


@pytest.mark.parametrize(
    ("text", "task"),
    [
        ("Our model outperforms mBERT on eight language pairs.", "eight language pairs"),
        ("Our model is able to improve fluency for zero-shot extraction.", "zero-shot extraction"),
        ("Experiments on two dialogue corpora show that it is able to beat mBERT.", "two dialogue corpora"),
        ("We test our models in two public domains and outperform mBERT.", "two public domains"),
        ("Pretrained on a large corpus, our model outperforms mBERT.", ""),
        ("Our model outperforms mBERT, suggesting a solution for downstream applications.", ""),
        ("By utilizing methods for uncertainty quantification, our model outperforms mBERT.", ""),
    ],
)
def test_where_it_holds_and_what_is_no_place(text: str, task: str):
    (made,) = of(text)
    assert made.task == task


def test_each_member_of_a_list_is_a_task():
    made = of(
        "Our models reach state-of-the-art results on Text Summarization, Sentence Splitting, and Sentence Fusion."
    )
    assert [p.task for p in made] == ["summarization", "Sentence Splitting", "Sentence Fusion"]


@pytest.mark.parametrize(
    ("text", "value", "scope"),
    [
        ("Our model significantly improves the baseline (+2.3 BLEU).", 2.3, {}),
        ("Our model (81.0%) is better than mBERT (79.4%).", None, {"to": "81.0%", "from": "79.4%"}),
        ("Our model reaches the best accuracy (90.1%).", 90.1, {}),
        ("Our system shows gains over mBERT, with an average improvement of 4.18% in LAS.", 4.18, {}),
    ],
)
def test_values_in_brackets_and_behind_with(text: str, value: float | None, scope: dict):
    (made,) = of(text)
    assert made.value == value
    assert scope.items() <= made.scope.items()


def test_levels_that_each_name_their_task_or_metric():
    made = of("Our system achieved an F1 score of 0.78 for subtask A, and 0.86 for subtask B.")
    assert [(p.task, p.value) for p in made] == [("subtask A", 0.78), ("subtask B", 0.86)]
    made = of("Our system achieves a BLEU score of 80.15 and a METEOR score of 42.02.")
    assert [(p.metric, p.value) for p in made] == [("BLEU", 80.15), ("METEOR", 42.02)]


def test_what_belongs_to_another_part_is_dropped():
    (made,) = of("Our model outperforms existing methods with improvements up to 3.75% on two standard datasets.")
    assert (made.baseline, made.task) == ("existing methods", "two standard datasets")
    (made,) = of("Our method achieves better accuracy on MultiWOZ 2.1 than mBERT.")
    assert made.value is None
    assert of("Curricula rarely yield any gains in accuracy.") == []
    assert of("Inspired by the finding that monolingual data improves accuracy, we propose a model.") == []
    (made,) = of("Our models achieved the second best accuracy.")
    assert (made.metric, made.value, made.unit, made.direction) == ("rank", 2, "rank", "")


def test_what_was_tried_is_the_treatment_of_its_authors():
    (made,) = of("We evaluate our approach on two corpora and achieve improvements of up to 4.3 BLEU over mBERT.")
    assert (made.treatment, made.task, made.value) == ("our approach", "two corpora", 4.3)


def test_than_in_compares_where_and_not_what():
    (made,) = of("In the former case, the accuracy is much higher than in the latter case.")
    assert (made.treatment, made.baseline, made.metric) == ("the former case", "the latter case", "accuracy")


def test_each_metric_and_each_baseline_of_a_list_is_a_prediction():
    made = of("Our model outperforms all baselines and prior systems in terms of fluency and coherence.")
    assert [(p.baseline, p.metric) for p in made] == [
        ("all baselines", "fluency"),
        ("all baselines", "coherence"),
        ("prior systems", "fluency"),
        ("prior systems", "coherence"),
    ]


def test_how_it_is_judged_is_the_metric():
    (made,) = of("Our model outperforms mBERT on automatic and human evaluation.")
    assert (made.metric, made.task, made.scope) == ("automatic and human evaluation", "", {})


@pytest.mark.parametrize(
    ("text", "treatment", "direction", "metric"),
    [
        ("Our features allow the model to outperform mBERT.", "the model", "greater", ""),
        ("Noise can improve robustness, without diminishing performance on text.", "Noise", "no effect", "performance"),
        ("We show how pretraining can improve robustness.", "pretraining", "increase", "robustness"),
        ("Pretraining has a positive effect on accuracy.", "Pretraining", "increase", "accuracy"),
        ("Accuracy is adversely affected by noise.", "noise", "decrease", "accuracy"),
        ("We demonstrate the effectiveness of Pruner by surpassing mBERT.", "Pruner", "greater", ""),
        ("We devise a sparse loss, giving us improvements over mBERT.", "a sparse loss", "increase", ""),
        ("Annotation with models leads to faster annotation.", "Annotation with models", "greater", "annotation speed"),
        ("Our model is more accurate than mBERT.", "Our model", "greater", "accuracy"),
        ("Our model identifies rare names more reliably than mBERT.", "Our model", "greater", "identifies rare names"),
        ("Our model achieves competitive performance on XNLI.", "Our model", "equal", "performance"),
    ],
)
def test_other_ways_to_assert(text: str, treatment: str, direction: str, metric: str):
    assert (treatment, direction, metric) in [(p.treatment, p.direction, p.metric) for p in of(text)]


def test_levels_each_with_a_measure_of_their_own():
    made = of("Our system achieves 0.271 FEVEROUS score, with 0.4258 evidence recall and 0.5607 entailment accuracy.")
    assert [(p.metric, p.value) for p in made] == [("FEVEROUS score", 0.271), ("recall", 0.4258), ("accuracy", 0.5607)]


def test_a_pair_of_languages_is_neither_alone():
    (made,) = of("On German-English translation, our model outperforms mBERT.")
    assert made.scope["languages"] == "German-English"


def test_the_level_of_a_rival_is_no_difference():
    (made,) = of("Our accuracy exceeds the 22% accuracy of prior work.")
    assert (made.baseline, made.value) == ("prior work", None)


@pytest.mark.parametrize(
    "text",
    [
        "Not all features are beneficial for parsing.",
        "Correlations exceeding r = 0.8 are shown in bold.",
        "Relations between target words and long contexts exhibit diversity.",
    ],
)
def test_what_looks_like_an_assertion_and_is_none(text: str):
    assert of(text) == []


def test_a_hyphen_that_the_parse_puts_into_a_list_stops_nothing():
    text = (
        "Compared to earlier results, our models are comparable on en-de and surpass them on en-fr (+2 BLEU) and fr-en "
        "(+7.7 BLEU) language pairs."
    )
    sentence = Sentence.of(parse([text])[0], load_lexicon())
    marks = [token for token in sentence.parsed.tokens if token.pos == "PUNCT"]
    assert [list_item(sentence, mark).text for mark in marks] == [mark.text for mark in marks]
    assert [one.direction for one in read(sentence).predictions] == ["equal", "greater"]


@pytest.mark.parametrize("amount", ["~3%", "≈ 3 %", ">3%", "about 3%", "3%"])
def test_a_size_with_a_sign_of_approximation_is_a_size(amount: str):
    parsed = parse([f"Our dough reduced the waste by {amount}."])[0]
    (prediction,) = read(Sentence.of(parsed, load_lexicon())).predictions
    assert (prediction.value, prediction.unit, prediction.direction) == (3.0, "%", "decrease")
