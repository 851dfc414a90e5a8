from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.claims.syntax.qualities import NOUNS, quality


@pytest.mark.parametrize(
    ("word", "noun"),
    [
        ("accurate", "accuracy"),
        ("accurately", "accuracy"),
        ("efficient", "efficiency"),
        ("efficiently", "efficiency"),
        ("reliable", "reliability"),
        ("reliably", "reliability"),
        ("effective", "effectiveness"),
        ("robust", "robustness"),
        ("easily", "ease"),
        ("transparent", "transparency"),
        ("diverse", "diversity"),
    ],
)
def test_the_noun_of_an_adjective_or_adverb(word: str, noun: str):
    assert quality(word) == noun


def test_a_word_without_a_rule_stays():
    assert quality("tight") == "tight"
    assert quality("fly") == "fly"


@given(st.sampled_from(sorted(NOUNS)))
def test_adverb_and_adjective_have_one_noun(adjective: str):
    adverb = adjective[:-1] + "ily" if adjective.endswith("y") else adjective + "ly"
    if len(adverb) > 5:
        assert quality(adverb) == quality(adjective)


@given(st.text(max_size=30))
def test_any_text_has_an_answer(text: str):
    assert isinstance(quality(text), str)
