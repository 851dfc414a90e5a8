"""The words of a query, however its letters are encoded."""

import unicodedata

import pytest

from synth.text.fts import query_words


@pytest.mark.parametrize(
    "query",
    [
        "naïve Müller filters",
        unicodedata.normalize("NFD", "naïve Müller filters"),
        "na\u00adïve Mül\u200bler fil\u2060ters",
    ],
)
def test_a_word_is_one_whole_word(query):
    assert query_words(query) == ["naïve", "müller", "filters"]
