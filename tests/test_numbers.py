from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.numbers import parse_number, quantities, telling_digits


def read(text: str) -> list[tuple[float | None, str]]:
    return [(q.value, q.unit) for q in quantities(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gains of 8.2, 7.5, and 7.0 points", [(8.2, "points"), (7.5, "points"), (7.0, "points")]),
        ("by 14.6% or 3 percent", [(14.6, "%"), (3, "%")]),
        ("by 3 percentage points", [(3, "points")]),
        ("a 5.4-point gain", [(5.4, "points")]),
        ("1,104,934 examples", [(1104934, "")]),
        ("1.104.934 examples", [(1104934, "")]),
        ("1 104 934 examples", [(1104934, "")]),
        ("1\u00a0104 examples", [(1104, "")]),
        ("1,5 % of it", [(1.5, "%")]),
        ("216K lemmas and 5.4M forms", [(216_000, ""), (5_400_000, "")]),
        ("2.5 million sentences", [(2_500_000, "")]),
        ("nine tasks and twenty-five languages", [(9, ""), (25, "")]),
        ("4 times faster, 35X larger, three-fold", [(4, "times"), (35, "times"), (3, "times")]),
        ("a change of −0.5 points", [(-0.5, "points")]),
        ("+2.4% F1", [(2.4, "%")]),
        ("from 71.5 to 60.3", [(-11.2, "")]),
        ("1\u2009104\u2009934, 1'104'934 and 11,04,934 examples", [(1104934, ""), (1104934, ""), (1104934, "")]),
        ("by a factor of three; it doubles and is halved", [(3, "times"), (2, "times"), (0.5, "times")]),
        # how sure a number is, and whose it is, are no numbers
        ("a ratio of 0.72 (95% CI 0.58–0.89) [12, 13]", [(0.72, "")]),
        # names, labels and years are no quantities
        ("BERT-12 and SQuAD v2.0 in Table 3 of 2020", []),
        ("the 12-layer model of CoNLL-2003", []),
        ("p < 0.05", []),
        ("one of the models", []),
        # a decimal comma without a unit could be two numbers: neither is read
        ("1,5 of it", []),
    ],
)
def test_numbers_as_printed(text: str, expected: list[tuple[float | None, str]]):
    assert read(text) == expected


def test_ranges_changes_and_spreads():
    assert (quantities("by 2-5 points")[0].low, quantities("by 2-5 points")[0].high) == (2, 5)
    assert quantities("between 0.4 and 1.2 points")[0].value is None
    change = quantities("from 70.70 to 71.35 points")[0]
    assert (change.value, change.changed, change.unit) == (0.65, True, "points")
    spread = quantities("1.3 ± 0.2 points")[0]
    assert (spread.value, spread.spread, spread.unit) == (1.3, "0.2", "points")


@pytest.mark.parametrize(
    ("text", "word"),
    [("up to 3 points", "up to"), ("about 3%", "about"), ("~3%", "~"), ("on average 3%", "on average")],
)
def test_approximate_words_are_kept(text: str, word: str):
    assert quantities(text)[0].approximate == word


@given(st.integers(0, 10**12))
def test_thousands_separators_round_trip(number: int):
    assert parse_number(f"{number:,}") == number
    assert parse_number(f"{number:,}".replace(",", "\u202f")) == number


@given(st.integers(0, 10**6), st.integers(1, 3))
def test_decimals_round_trip(number: int, places: int):
    printed = f"{number / 10**places:.{places}f}"
    assert read(f"improves by {printed} points") == [(float(printed), "points")]


@given(st.text(max_size=300))
def test_never_raises_and_spans_lie_in_the_text(text: str):
    for q in quantities(text):
        assert 0 <= q.start < q.end <= len(text)


@pytest.mark.parametrize(
    "text",
    ["1," * 20_000, "1 " * 20_000, "1.1" * 20_000, "± " * 20_000, "from 1 to " * 5_000, "9" * 50_000, "1,111" * 10_000],
)
def test_linear_time(text: str):
    begin = time.process_time()
    quantities(text)
    assert time.process_time() - begin < 3


@pytest.mark.parametrize(
    ("text", "measure", "step"),
    [
        ("66MB of data", "MB", 1),
        ("it took 1.5 hours", "hours", 0.1),
        ("1,5 mg a day", "mg", 0.1),
        ("1.1 million pairs", "", 100_000),
        ("1,104,934 pairs", "", 1),
        ("84.50 points", "", 0.01),
    ],
)
def test_units_of_measurement_and_printed_precision(text: str, measure: str, step: float):
    (q,) = quantities(text)
    assert (q.measure, q.step) == (measure, pytest.approx(step))


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("more than 3%", ">"),
        ("at least 3%", "≥"),
        ("at most 3%", "≤"),
        ("up to 3%", "max"),
        ("nearly 3%", "~"),
        ("3%", ""),
    ],
)
def test_what_a_word_leaves_open(text: str, bound: str):
    assert quantities(text)[0].bound == bound


def test_digits_that_tell():
    assert [telling_digits(v) for v in (7.0, 8.2, 392702.0, 0.05, 0.0)] == [1, 2, 6, 1, 1]
