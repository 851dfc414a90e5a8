"""Places among others are predictions of the metric "rank"."""

from __future__ import annotations

import pytest

from synth.claims import load_lexicon, predictions


def ranks(text: str) -> list[tuple[str, str, float | None]]:
    made = predictions(text, load_lexicon())
    return [(p.treatment, p.direction, p.value) for p in made if p.metric == "rank" and p.unit == "rank"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Our system was ranked 2nd out of 14 teams in subtask A.", ("Our system", "", 2)),
        ("Our best submission ranked third among 12 participants.", ("Our best submission", "", 3)),
        ("Our approach took second place in the shared task.", ("Our approach", "", 2)),
        ("Our approach ranked first in the shared task.", ("Our approach", "best", 1)),
        ("Our final approach ranked as the second best model.", ("Our final approach", "", 2)),
    ],
)
def test_who_took_which_place(text: str, wanted: tuple[str, str, float]):
    assert ranks(text) == [wanted]


@pytest.mark.parametrize(
    "text",
    [
        "The first system uses rules and the second is a neural model.",
        "First, we train the model, which handles second language learners.",
        "In the first place, we show that accuracy improves.",
        "In future work we want to rank first.",
    ],
)
def test_an_ordinal_is_no_place(text: str):
    assert ranks(text) == []


def test_of_how_many_and_where_is_scope():
    (made,) = predictions("Our system was ranked 2nd out of 14 teams.", load_lexicon())
    assert made.scope == {"condition": "out of 14 teams"}


def test_of_several_places_none_is_given_to_a_task():
    made = predictions("We placed 25th and 19th in the two subtasks, respectively.", load_lexicon())
    assert {p.task for p in made if p.metric == "rank"} <= {""}
