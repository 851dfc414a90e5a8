"""Hyphens that belong to a word, and those that do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.pdf.text.hyphens import Vocabulary


def vocabulary(*words: str) -> Vocabulary:
    # The first word of a line may be half a word and is not counted.
    return Vocabulary(["x " + " ".join(words)])


@pytest.mark.parametrize(
    ("left", "right", "known", "kept"),
    [
        ("transla", "tion of text", ["machine", "translation"], False),
        ("cross", "lingual transfer", ["cross-lingual"], True),
        ("multi", "lingual models", ["multilingual"], False),
        ("zero-", "shot", [], True),
        ("zero", "shot transfer", [], True),
        ("state-of-the", "art", [], True),
        ("XLM", "R is", [], True),
        ("BERT", "based models", [], True),
        ("IN", "SPIRE platform", ["INSPIRE"], False),
        ("IN", "SPIRE platform", [], True),
        ("2019", "2020", [], True),
        ("repre", "sentation", [], False),
        ("re", "sults are", ["result"], False),
        ("language", "specific tools", ["language", "specific"], True),
        ("translation", "equivalent pairs", ["translation"], True),
        ("frame", "work for", ["frame", "work"], False),
        ("under", "standing of", ["under", "standing"], False),
        ("cross", "lingually", ["cross-lingual"], True),
        ("state", "ment is", ["state"], False),
        ("perfor", "mance", [], False),
        ("p", "value of", [], True),
        ("out-of", "distribution samples", [], True),
        ("ham", "pers model", [], False),
        ("t", "test", [], True),
        ("n", "tridecanal", [], True),
        ("long", "term users", [], True),
        ("self", "attention", [], True),
        ("semantic", "web", [], True),
        ("held", "out data", [], True),
        ("twenty", "six", [], True),
        ("classi", "fication", [], False),
        ("modi", "fied", [], False),
        ("data", "sets", [], False),
        ("multi", "dimensional", [], False),
        ("benchmark", "ing", [], False),
        ("ortho", "graphies", [], False),
        ("self", "ish", [], False),
    ],
)
def test_examples(left, right, known, kept):
    assert vocabulary(*known).keeps_hyphen(left, right) is kept


@given(st.text(alphabet="abcdefgh", min_size=4, max_size=12), st.data())
def test_a_word_that_the_paper_writes_unbroken_is_mended(word, data):
    at = data.draw(st.integers(min_value=1, max_value=len(word) - 1))
    assert vocabulary(word).keeps_hyphen(word[:at], word[at:]) is False


@given(st.text(alphabet="abcdefgh", min_size=2, max_size=8), st.text(alphabet="abcdefgh", min_size=2, max_size=8))
def test_a_compound_that_the_paper_writes_with_its_hyphen_keeps_it(first, second):
    assert vocabulary(f"{first}-{second}").keeps_hyphen(first, second) is True


def test_halves_of_broken_words_are_no_words():
    words = Vocabulary(["tion of the transla-", "tion of a sentence"])
    assert words.count["transla"] == 0
    assert words.count["tion"] == 0
    assert words.count["sentence"] == 1
