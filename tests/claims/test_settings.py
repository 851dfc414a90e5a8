"""Where and how something holds, beyond named places: kept as printed, each result with its own."""

from __future__ import annotations

import pytest

from synth.claims import load_lexicon, predictions
from synth.core.types import Prediction


def of(text: str) -> list[Prediction]:
    return list(predictions(text, load_lexicon()))


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ("Dropout leads to more accurate translations for rare words.", "for rare words"),
        ("Our tagger reaches a new state-of-the-art performance for six of these corpora.", "for six of these corpora"),
        ("Our model improves the quality of answers within a small budget.", "within a small budget"),
        ("Experiments using large models show that pruning improves accuracy.", "using large models"),
    ],
)
def test_what_no_slot_has_taken_is_kept(text: str, setting: str):
    (made,) = of(text)
    assert setting in made.scope["setting"]


@pytest.mark.parametrize(
    "text",
    [
        "Our model outperforms mBERT on XNLI.",
        "In our experiments, our model outperforms mBERT.",
        "In addition, our model outperforms mBERT in terms of accuracy.",
        "Our model improves accuracy by 3 points over mBERT.",
    ],
)
def test_what_other_slots_say_and_idioms_are_no_setting(text: str):
    (made,) = of(text)
    assert "setting" not in made.scope


def test_coordinated_results_have_their_own_places():
    made = of("Our method achieves the state-of-the-art performance on XNLI and competitive performance on PAWS-X.")
    assert [(p.direction, p.task) for p in made] == [("best", "XNLI"), ("equal", "PAWS-X")]


def test_places_of_several_ranks():
    made = of("Our team took first place in German tagging, and second place in Swiss tagging.")
    assert [(p.value, p.scope.get("setting")) for p in made] == [(1, "in German tagging"), (2, "in Swiss tagging")]


def test_values_that_belong_to_unknown_places_have_none():
    made = of("Perplexity is reduced by 7.3 and 12.1 with gates on the Penn Treebank and News data, respectively.")
    assert [p.value for p in made] == [7.3, 12.1]
    assert not any(p.task for p in made)


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("Gating improves perplexity.", "decrease"),
        ("Gating increases perplexity.", "increase"),
        ("Gating improves accuracy.", "increase"),
        ("Gating yields improvements in perplexity.", "decrease"),
        ("Gating obtains better perplexity than mBERT.", "less"),
    ],
)
def test_a_cost_that_improves_is_lower(text: str, direction: str):
    (made,) = of(text)
    assert made.direction == direction


def test_two_values_with_their_own_baselines():
    made = of(
        "Our parser obtains a five point improvement over the best system and two points over the average system."
    )
    assert [(p.value, p.baseline) for p in made] == [(5, "the best system"), (2, "the average system")]


def test_exceeding_a_number_is_a_level():
    (made,) = of("The accuracy obtained by the tagger exceeds 97%.")
    assert (made.treatment, made.metric, made.value, made.direction) == ("the tagger", "accuracy", 97, "")


@pytest.mark.parametrize(
    "text",
    [
        "We show that wrong lengths lead to other conclusions, depending on the distribution of the data.",
        "These texts are related to the medical area.",
        "We expect that the captions can be improved.",
        "The proposed tasks are beneficial for future research.",
        "We explain when sharing parameters is beneficial.",
        "Their mapping need not lead to better results.",
    ],
)
def test_what_is_no_result(text: str):
    assert of(text) == []


def test_of_what_nobody_does_it_is_denied():
    (made,) = of("We show that there is no architecture outperforming the others.")
    assert (made.treatment, made.scope["negated"]) == ("architecture", "yes")


@pytest.mark.parametrize(
    ("text", "treatment", "baseline"),
    [
        ("We show the superiority of Pruner over mBERT.", "Pruner", "mBERT"),
        ("Pruner outperforms mBERT on XNLI, and also achieves higher scores on PAWS-X.", "Pruner", "mBERT"),
        ("We improved previous results by 3 points with pruning.", "pruning", "previous results"),
    ],
)
def test_who_is_compared_with_whom(text: str, treatment: str, baseline: str):
    assert {(p.treatment, p.baseline) for p in of(text)} == {(treatment, baseline)}


def test_languages_that_improve_are_where_it_holds():
    (made,) = of("Larger models improve low-resource languages.")
    assert (made.metric, made.scope["languages"]) == ("", "low-resource languages")


def test_the_subject_of_another_clause_is_no_place():
    first, second = of(
        "The model with 3.5 billion parameters outperforms BERT by 1.8% on XNLI, and the model with 10.7 billion "
        "parameters outperforms it by 2.4%."
    )
    assert "setting" not in first.scope
    assert "setting" not in second.scope
