"""Trends that sentences state, ordered lines of tables, and what tables say of such trends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.core.types import Stance
from synth.evidence.tables import TableReason, grids
from synth.evidence.tables.grids.grid import GridAxis
from synth.evidence.tables.grids.series import kendall, series
from synth.evidence.tables.rules.cues import Sense
from synth.evidence.tables.rules.movements import trend
from tests.evidence.tables.helpers import decided, table

SUPPORT, CONTRADICT = Stance.SUPPORT, Stance.CONTRADICT


@pytest.mark.parametrize(
    ("text", "driver", "sense"),
    [
        ("Accuracy increases with model size.", "model size", Sense.HIGHER),
        ("The error decreases with more data.", "more data", Sense.LOWER),
        ("The loss increases with less data.", "less data", Sense.LOWER),
        ("As the number of layers grows, accuracy drops.", "the number of layers", Sense.LOWER),
        ("As we increase the vocabulary, accuracy improves.", "the vocabulary", Sense.BETTER),
        ("The larger the model, the better the accuracy.", "the model", Sense.BETTER),
        ("The fewer examples, the lower the F1.", "examples", Sense.HIGHER),
        ("Larger models perform better.", "models", Sense.BETTER),
        ("Smaller models perform better.", "models", Sense.WORSE),
        ("Performance increases with depth.", "depth", Sense.BETTER),
        ("Accuracy correlates negatively with distance.", "distance", Sense.LOWER),
    ],
)
def test_what_drives_a_trend_and_where_it_goes(text, driver, sense):
    found = trend(text)
    assert found is not None
    assert (text[slice(*found.driver)].removeprefix("the "), found.sense) == (driver.removeprefix("the "), sense)


@pytest.mark.parametrize("text", ["A outperforms B.", "A improves with B.", "The model is large."])
def test_no_trend(text):
    assert trend(text) is None


SHOTS = {"Base": {"10": "20.1", "100": "35.0", "1k": "50.2"}, "Ours": {"10": "41.0", "100": "48.2", "1k": "55.1"}}
BY_SHOTS = table(SHOTS, caption="F1 by number of training examples.")


def test_lines_are_ordered_by_their_numbers_and_sizes():
    (grid,) = grids(table({"M": {"1k": "3", "10": "1", "2.5M": "9", "Avg": "4"}}, caption="By steps."))
    (found,) = series(grid, GridAxis.COLUMN)
    assert [grid.columns[n].head for n in found.lines] == ["10", "1k", "2.5M"]
    (grid,) = grids(table({"X-Large": {"a": "3"}, "X-Small": {"a": "1"}, "X-Base": {"a": "2"}}))
    (found,) = series(grid, GridAxis.ROW)
    assert [grid.rows[n].head for n in found.lines] == ["X-Small", "X-Base", "X-Large"]


@given(st.lists(st.integers(), min_size=2, max_size=8))
def test_kendalls_tau_turns_with_the_order(values):
    assert -1 <= kendall(values) <= 1
    assert kendall(values[::-1]) == pytest.approx(-kendall(values))
    assert kendall(sorted({*values})) == (1 if len({*values}) > 1 else 0)


@pytest.mark.parametrize(
    ("claim", "wanted"),
    [
        ("F1 increases with the number of training examples.", [(SUPPORT, TableReason.TREND)]),
        ("F1 decreases with the number of training examples.", [(CONTRADICT, TableReason.TREND)]),
        ("The gap between ours and the base system shrinks with more examples.", [(SUPPORT, TableReason.TREND)]),
        ("F1 increases with the number of layers.", []),  # another driver
        ("Toxicity increases with the number of training examples.", []),  # another figure
        ("F1 may increase with the number of training examples.", []),
        ("F1 does not increase with the number of training examples.", []),
    ],
)
def test_trends_over_ordered_columns(claim, wanted):
    assert decided(claim, BY_SHOTS) == wanted


DISTANT = {
    "German": {"distance": "0.2", "accuracy": "80.1"},
    "French": {"distance": "0.3", "accuracy": "78.0"},
    "Hindi": {"distance": "0.7", "accuracy": "65.2"},
    "Thai": {"distance": "0.9", "accuracy": "55.4"},
}


def test_a_column_that_measures_the_driver():
    passages = table(DISTANT, caption="Zero-shot accuracy.")
    assert decided("Accuracy decreases with distance.", passages) == [(SUPPORT, TableReason.TREND)]
    assert decided("Accuracy increases with distance.", passages) == [(CONTRADICT, TableReason.TREND)]
    few = table(dict(list(DISTANT.items())[:3]), caption="Zero-shot accuracy.")
    assert decided("Accuracy decreases with distance.", few) == []
