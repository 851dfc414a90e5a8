"""The scorer of predictions: what it takes for the same, and that a false slot is told from an empty one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.predictions import compared, joined, same, score
from synth.claims import load_lexicon
from synth.core.types import Prediction

SENTENCE = "Our model outperforms strong baselines on XNLI by 3 points in accuracy."
WANTED = {
    "treatment": "our model",
    "baseline": "strong baselines",
    "task": "XNLI",
    "metric": "accuracy",
    "direction": "higher",
    "value": 3,
    "unit": "points",
    "scope": None,
}
RIGHT = Prediction("Our model", "strong baselines", "XNLI", "accuracy", "greater", 3, "points", {})


@pytest.mark.parametrize(
    ("made", "wanted"),
    [
        ("Our model", "the model"),
        ("zero-shot transfer accuracy", "accuracy"),
        ("baseline methods", "the baseline method"),
        ("the accuracy of the parser", "accuracy"),
        ("F1", "F1 score"),
    ],
)
def test_the_same_in_other_words(made: str, wanted: str):
    assert same(made, wanted, load_lexicon())


@pytest.mark.parametrize(
    ("made", "wanted"),
    [
        ("the model", "the data"),
        ("quality of summaries", "summaries"),
        ("word alignments", "word embeddings"),
        ("accuracy", "recall"),
        ("", "accuracy"),
    ],
)
def test_not_the_same(made: str, wanted: str):
    assert not same(made, wanted, load_lexicon())


@given(st.text(max_size=40), st.text(max_size=40))
def test_sameness_goes_both_ways(a: str, b: str):
    assert same(a, b) == same(b, a)


def test_a_right_prediction_is_right():
    assert compared(RIGHT, WANTED, SENTENCE, load_lexicon()).right


@pytest.mark.parametrize(
    ("change", "slot"),
    [
        ({"baseline": "weak rivals"}, "baseline"),
        ({"direction": "less"}, "direction"),
        ({"value": 4}, "value"),
        ({"unit": "%"}, "unit"),
        ({"metric": "recall"}, "metric"),
    ],
)
def test_what_is_said_otherwise_is_false(change: dict, slot: str):
    made = Prediction(**{**{k: getattr(RIGHT, k) for k in RIGHT.__dataclass_fields__}, **change})
    assert compared(made, WANTED, SENTENCE, load_lexicon()).false == [slot]


@pytest.mark.parametrize(
    ("change", "slot"),
    [({"baseline": ""}, "baseline"), ({"task": ""}, "where"), ({"value": None, "unit": ""}, "value")],
)
def test_what_is_left_empty_is_missing_and_not_false(change: dict, slot: str):
    made = Prediction(**{**{k: getattr(RIGHT, k) for k in RIGHT.__dataclass_fields__}, **change})
    found = compared(made, WANTED, SENTENCE, load_lexicon())
    assert (found.lacks, found.false) == ([slot], [])


def test_what_only_the_context_says_may_be_empty():
    wanted = {**WANTED, "treatment": "TAGOP", "task": "question answering", "from_before": ["treatment", "task"]}
    made = Prediction("Our model", "strong baselines", "", "accuracy", "greater", 3, "points", {})
    found = compared(made, wanted, SENTENCE, load_lexicon())
    assert found.right
    assert found.context


def test_a_comparison_and_its_level_are_one():
    level = Prediction("Our model", "", "", "accuracy", "", 90, "%", {})
    both = joined(Prediction("Our model", "B", "", "", "greater", None, "", {}), level)
    assert both is not None
    assert (both.baseline, both.metric, both.direction, both.value) == ("B", "accuracy", "greater", 90)
    assert joined(level, level) is None


def test_counts_of_a_file():
    rows = [{"id": "1", "sentence": SENTENCE, "predictions": [WANTED]}]
    other = Prediction("Our model", "", "", "", "less", None, "", {})
    tally = score(rows, [(RIGHT, other)], load_lexicon(), quiet=True)
    counts = (tally.wanted, tally.predicted, tally.predicted_right, tally.nothing_false, tally.wanted_right)
    assert counts == (1, 2, 1, 1, 1)
