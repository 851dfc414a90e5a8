import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.evidence.selection import rarity, select

SENTENCES = [
    "Multilingual models are trained on many languages.",
    "Tuning on MNLI improves retrieval of sentences on Tatoeba.",
    "The weather was fine.",
    "Retrieval is measured on Tatoeba.",
]


def test_rarity_falls_with_the_number_of_texts_that_have_a_word():
    found = rarity(["cats sleep", "cats eat", "dogs eat"])
    assert found["cat"] == pytest.approx(math.log(1 + 1.5 / 2.5)) == found["eat"]
    assert found["dog"] == pytest.approx(math.log(1 + 2.5 / 1.5))
    assert rarity(["cats"])["cat"] > 0


def test_the_sentences_with_the_claims_rare_words_are_chosen_in_reading_order():
    weights = rarity(SENTENCES)
    found = select("Retrieval on Tatoeba improves by tuning on MNLI.", SENTENCES, weights, k=2)
    assert found.positions == (1, 3)
    assert found.ranked == (1, 3)
    assert found.best == pytest.approx(1) == found.together


def test_a_sentence_that_shares_nothing_is_never_chosen():
    found = select("Dogs bark.", SENTENCES, rarity(SENTENCES))
    assert found.positions == found.ranked == ()
    assert found.best == found.together == 0.0
    assert select("", SENTENCES, rarity(SENTENCES)).positions == ()
    assert select("Dogs bark.", [], {}).positions == ()


@given(st.lists(st.text(max_size=60), max_size=8), st.text(max_size=60), st.integers(1, 4))
def test_shares_lie_between_the_best_sentence_and_the_whole_claim(sentences, claim, k):
    found = select(claim, sentences, rarity(sentences), k)
    assert 0 <= found.best <= found.together + 1e-9 <= 1 + 2e-9
    assert sorted(found.ranked) == list(found.positions)
    assert len(found.positions) <= k
