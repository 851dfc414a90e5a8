"""Reciprocal rank fusion."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.text.fusion import blend, fuse

rankings = st.lists(st.lists(st.integers(0, 30), unique=True, max_size=12), max_size=4)


def test_scores_are_those_of_the_paper():
    assert fuse([["a", "b"], ["b", "c"]], k=60) == [("b", 1 / 62 + 1 / 61), ("a", 1 / 61), ("c", 1 / 62)]


@given(rankings)
def test_every_item_once_and_scores_fall(given_rankings):
    fused = fuse(given_rankings)
    assert {item for item, _ in fused} == {item for ranking in given_rankings for item in ranking}
    assert len({item for item, _ in fused}) == len(fused)
    assert [score for _, score in fused] == sorted((score for _, score in fused), reverse=True)


@given(rankings, st.randoms())
def test_order_of_rankings_does_not_change_scores(given_rankings, random):
    shuffled = list(given_rankings)
    random.shuffle(shuffled)
    assert dict(fuse(shuffled)) == pytest.approx(dict(fuse(given_rankings)))


@given(st.lists(st.integers(0, 30), unique=True, min_size=2, max_size=12), st.data())
def test_rising_in_one_ranking_never_lowers_the_score(ranking, data):
    other = data.draw(st.permutations(ranking))
    place = data.draw(st.integers(1, len(ranking) - 1))
    raised = [*ranking]
    raised[place - 1], raised[place] = raised[place], raised[place - 1]
    assert dict(fuse([raised, other]))[ranking[place]] > dict(fuse([ranking, other]))[ranking[place]]


def test_a_single_ranking_keeps_its_order_and_repeats_count_once():
    assert [item for item, _ in fuse([["x", "y", "x", "z"]])] == ["x", "y", "z"]
    assert dict(fuse([["x", "y", "x"]]))["x"] == 1 / 61


def test_a_blend_is_the_mean_of_what_is_left_of_the_best():
    words, meaning = {"a": 8.0, "b": 4.0, "c": 2.0}, {"b": 0.5, "c": 0.25, "d": 0.4, "a": -0.2}
    assert blend(words, meaning) == [
        ("b", 0.5 * 0.5 + 0.5),
        ("a", 0.5),
        ("d", pytest.approx(0.5 * 0.8)),
        ("c", 0.5 * 0.25 + 0.5 * 0.5),
    ]
    assert blend(words, meaning, 0.0)[0] == ("a", 1.0)
    assert blend(words, meaning, 1.0)[0] == ("b", 1.0)


def test_what_has_no_vector_counts_as_its_words_do():
    assert blend({"a": 2.0, "b": 1.0}, {}) == [("a", 1.0), ("b", 0.5)]
    assert dict(blend({"a": 2.0, "b": 1.0}, {"b": 0.3}))["a"] == 1.0
    assert blend({}, {"a": -0.5}) == [("a", 0.0)]
    assert blend({}, {}) == []
    with pytest.raises(ValueError, match="share"):
        blend({}, {}, 2.0)


scored = st.dictionaries(st.integers(0, 20), st.floats(-1, 10), max_size=12)


@given(scored, scored, st.floats(0, 1))
def test_a_blend_has_every_item_once_between_0_and_1(words, meaning, share):
    found = blend(words, meaning, share)
    assert sorted(item for item, _ in found) == sorted({*words, *meaning})
    assert all(0 <= score <= 1 + 1e-9 for _, score in found)
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
