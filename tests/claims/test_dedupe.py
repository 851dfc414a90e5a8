from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.claims import duplicates, load_lexicon, predictions, same_claim
from synth.core.types import ClaimDraft, ClaimKind
from tests.claims.helpers import labelled, passage


def claim(text: str) -> ClaimDraft:
    return ClaimDraft(text, ClaimKind.EFFECT, 0.5, predictions(text, load_lexicon()), passage(text))


BASE = "Our model improves accuracy on XNLI by 3 points for Swahili over mBERT."


@pytest.mark.parametrize(
    "other",
    [
        BASE,
        "We find that our model improves accuracy on XNLI by 3 points for Swahili over mBERT.",
        "However, our model also improves accuracy on XNLI by 3 points for Swahili over mBERT (Devlin et al., 2019).",
        "Our model improves the accuracy on XNLI by 3 points for Swahili over multilingual BERT.",
    ],
)
def test_one_claim_told_again(other: str):
    assert same_claim(claim(BASE), claim(other))
    assert duplicates([claim(BASE), claim(other)]) == [[0, 1]]


@pytest.mark.parametrize(
    "other",
    [
        BASE.replace("3 points", "4 points"),
        BASE.replace("3 points", "3%"),
        BASE.replace("improves", "lowers"),
        BASE.replace("improves", "does not improve"),
        BASE.replace("XNLI", "PAWS-X"),
        BASE.replace("XNLI", "FooBench"),
        BASE.replace("Swahili", "Urdu"),
        BASE.replace("mBERT", "XLM-R"),
        BASE.replace("Our model", "Our small model"),
        BASE.replace("by 3 points", "by up to 3 points"),
        BASE.replace("for Swahili", "for Swahili on the development set"),
    ],
)
def test_what_differs_in_substance_stays_apart(other: str):
    for similarity in (None, 1.0):
        assert not same_claim(claim(BASE), claim(other), similarity)
    assert duplicates([claim(BASE), claim(other)], lambda i, j: 1.0) == [[0], [1]]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (
            "The small model outperforms the large model on XNLI.",
            "The large model outperforms the small model on XNLI.",
        ),
        ("XNLI improves more than PAWS-X with more data.", "PAWS-X improves more than XNLI with more data."),
        ("Accuracy rises from 60.1 to 62.3 points here.", "Accuracy rises from 62.3 to 60.1 points here."),
        ("Transfer works for low-resource languages.", "Transfer works for high-resource languages."),
        ("We train with English data in all runs.", "We train without English data in all runs."),
        ("Monolingual models improve accuracy on XNLI.", "Multilingual models improve accuracy on XNLI."),
    ],
)
def test_order_and_opposites_count(a: str, b: str):
    assert not same_claim(claim(a), claim(b), 1.0)


def test_equal_predictions_with_a_value_are_one_claim():
    a = claim("Intermediate-task training on SQuAD yields an improvement of 8.2 points on the development set.")
    b = claim("On the development set, intermediate-task training on SQuAD gives a gain of 8.2 points.")
    assert same_claim(a, b)


def test_similarity_allows_two_inserted_words_and_no_more():
    a = claim("Retrieval of parallel sentences works across scripts.")
    b = claim("Retrieval of parallel sentences already works reliably across scripts.")
    assert not same_claim(a, b)
    assert same_claim(a, b, 0.97)
    assert not same_claim(a, b, 0.9)


TEXTS = [row.passage.text for row in labelled() if row.kind]
SENTENCES = st.sampled_from(TEXTS)
NUMBER = st.integers(1, 99)


@given(SENTENCES, SENTENCES)
def test_symmetric_and_reflexive(a: str, b: str):
    assert same_claim(claim(a), claim(a))
    assert same_claim(claim(a), claim(b)) == same_claim(claim(b), claim(a))


@given(NUMBER, NUMBER, st.sampled_from(["points", "%"]))
def test_numbers_decide(first: int, second: int, unit: str):
    template = "Our method improves accuracy on Tatoeba by {} {} for Urdu."
    a, b = claim(template.format(first, unit)), claim(template.format(second, unit))
    assert same_claim(a, b) == (first == second)


NAMES = st.sampled_from(["XNLI", "PAWS-X", "BUCC", "Tatoeba", "MLQA", "Zork", "Blub"])


@given(NAMES, NAMES)
def test_names_decide(first: str, second: str):
    template = "Our method improves accuracy on {} by 3 points."
    assert same_claim(claim(template.format(first)), claim(template.format(second))) == (first == second)


@settings(max_examples=50)
@given(st.lists(SENTENCES, max_size=30))
def test_groups_are_a_partition_led_by_their_first_member(texts: list[str]):
    claims = [claim(t) for t in texts]
    groups = duplicates(claims)
    assert sorted(i for group in groups for i in group) == list(range(len(claims)))
    assert [group[0] for group in groups] == sorted(group[0] for group in groups)
    for group in groups:
        assert all(same_claim(claims[group[0]], claims[i]) for i in group)


def test_a_thousand_claims_without_numbers_take_no_quadratic_time():
    claims = [
        claim(f"Our model improves retrieval of word{chr(97 + n % 26)}{chr(97 + n // 26 % 26)} texts.")
        for n in range(1000)
    ]
    assert len(duplicates(claims)) == 676
