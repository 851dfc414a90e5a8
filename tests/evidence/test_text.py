"""Names, words and negation read from sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.text.content import content_words, names, negated, stem


def test_names_have_one_spelling_and_years_are_names():
    assert names("We compare XLM-RoBERTa with M-BERT.") == names("Compare XLM-R with multilingual BERT.")
    assert names("The task of 2017 on F1-score") == {"2017", "f1"}
    assert names("Results are in Table 3") == frozenset()


def test_words_are_matched_over_inflection_and_hyphens():
    assert stem("improves") == stem("improved") == stem("improving")
    assert content_words("cross-lingual languages") == content_words("crosslingual language")
    assert "xlmr" in content_words("XLM-R improves")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("XNLI does not see benefits", True),
        ("neither helps", True),
        ("it isn't better", True),
        ("not only better but faster", False),
        ("another notable gain", False),
    ],
)
def test_negation(text, expected):
    assert negated(text) is expected


@given(st.text(max_size=400))
def test_any_text_is_read(text):
    names(text)
    content_words(text)
