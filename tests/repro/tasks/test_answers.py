"""SQuAD's comparison of answers, against values worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repro.tasks.common.answers import exact, f1, normalised


@pytest.mark.parametrize(
    ("found", "answer", "score", "same"),
    [
        ("the Norman kings", "Norman kings!", 1.0, 1.0),  # article and punctuation do not count
        ("Norman", "Norman kings", 2 / 3, 0.0),  # precision 1, recall 1/2
        ("in the year 1066", "1066", 0.5, 0.0),  # precision 1/3 ("the" is gone), recall 1
        ("one two two", "two two three", 2 / 3, 0.0),  # two words in common, of three each
        ("red", "blue", 0.0, 0.0),
        ("", "", 1.0, 1.0),  # rightly unanswered
        ("", "blue", 0.0, 0.0),
        ("blue", "", 0.0, 0.0),
        ("the", "a", 1.0, 1.0),  # nothing left of either
    ],
)
def test_by_hand(found, answer, score, same):
    assert f1(found, answer) == pytest.approx(score)
    assert exact(found, answer) == same


@given(st.text("ab .,", max_size=12), st.text("ab .,", max_size=12))
def test_f1_is_symmetric_and_between_0_and_1(one, other):
    assert f1(one, other) == pytest.approx(f1(other, one))
    assert 0 <= f1(one, other) <= 1
    assert f1(one, one) == 1
    assert (exact(one, other) == 1) == (normalised(one) == normalised(other))
