"""Printed numbers and their normal form."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.quantities import Comparator, Kind, read, significant_digits
from synth.quantities.numerals import parse_number
from synth.text.lexicon import load_lexicon


def of(text: str) -> list[tuple[float | tuple[float, float], str]]:
    return [((q.low, q.high) if q.is_range else q.ends or q.low, q.unit) for q in read(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gains of 8.2, 7.5, and 7.0 points", [(8.2, "points"), (7.5, "points"), (7.0, "points")]),
        ("by 14.6% or 3 percent", [(14.6, "%"), (3, "%")]),
        ("by 3 percentage points", [(3, "points")]),
        ("a 5.4-point gain", [(5.4, "points")]),
        ("2.2 BLEU points better", [(2.2, "points")]),
        ("1,104,934 examples", [(1104934, "")]),
        ("1.104.934 examples", [(1104934, "")]),
        ("1 104 934 examples", [(1104934, "")]),
        ("16 733 of the people", [(16733, "")]),
        ("1\u00a0104 examples", [(1104, "")]),
        ("1\u2009104\u2009934, 1'104'934 and 11,04,934 examples", [(1104934, ""), (1104934, ""), (1104934, "")]),
        ("1,5 % of it", [(1.5, "%")]),
        ("55·8 million deaths", [(55.8e6, "")]),
        ("216K lemmas and 5.4M forms", [(216_000, ""), (5_400_000, "")]),
        ("2.5 million sentences", [(2_500_000, "")]),
        ("560M parameters, that is 0.56B", [(560e6, ""), (0.56e9, "")]),
        ("a rate of 2e-5", [(2e-5, "")]),
        ("to 10⁶ cells by 2 × 10³ cells", [(1e6, ""), (2000, "")]),
        ("2⁸ = 256, and 110² of them", [(256, ""), (256, ""), (12100, "")]),
        ("plots of 5 m² and 3 cm³", [(5, "square metre"), (3e-6, "cubic metre")]),
        ("a rate of 3 × 10^-4 or 3·10⁻⁵", [(3e-4, ""), (3e-5, "")]),
        ("10^6 words", [(1e6, "")]),
        ("nine tasks and twenty-five languages", [(9, ""), (25, "")]),
        ("a dozen languages, nearly 3 dozen models", [(12, ""), (36, "")]),
        ("half a million children", [(500_000, "")]),
        ("a third of the answers, two thirds of it", [(100 / 3, "%"), (200 / 3, "%")]),
        ("half of the pairs and one in five readers", [(50, "%"), (20, "%")]),
        ("4 times faster, 35X larger, three-fold", [(4, "x"), (35, "x"), (3, "x")]),
        ("by a factor of three; it doubles and is halved", [(3, "x"), (2, "x"), (0.5, "x")]),
        ("twice as large, a threefold rise", [(2, "x"), (3, "x")]),
        ("an order of magnitude more", [(10, "x")]),
        ("a change of −0.5 points", [(0.5, "points")]),
        ("from 71.5 to 60.3", [((71.5, 60.3), "")]),
        ("by 2-5 points", [((2, 5), "points")]),
        ("between 0.4 and 1.2 points", [((0.4, 1.2), "points")]),
        ("the gains range from 0.02 to 0.21", [((0.02, 0.21), "")]),
        ("it took 1.5 hours and 200 ms", [(5400, "second"), (0.2, "second")]),
        ("50 mg and 0.05 g", [(0.05, "gram"), (0.05, "gram")]),
        # How sure a number is, and whose it is, are no numbers of their own.
        ("a ratio of 0.72 (95% CI 0.58–0.89) [12, 13]", [(0.72, "")]),
        ("9 points (5 to 13)", [(9, "points")]),
        ("26% (+9%, −8%)", [(26, "%")]),
        ("84.5 ± 0.3 points", [(84.5, "points")]),
        # Names, labels, settings and years are no quantities.
        ("BERT-12 and SQuAD v2.0 in Table 3 of 2020", []),
        ("the 12-layer model of CoNLL-2003, the BRCA 1 gene", []),
        ("L = 12 and k = 5 and layer 3", []),
        ("in 2006–2009 and from 2000 to 2002", []),
        ("50 three times daily", [(50, "")]),
        ("one of the models", []),
        # A decimal comma without a unit could be two numbers: neither is read.
        ("1,5 of it", []),
    ],
)
def test_numbers_as_printed(text, expected):
    found = of(text)
    assert [unit for _, unit in found] == [unit for _, unit in expected]
    for (value, _), (wanted, _) in zip(found, expected, strict=True):
        assert value == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("text", "comparator"),
    [
        ("more than 3%", Comparator.MORE),
        (">85% of it", Comparator.MORE),
        ("at least 3%", Comparator.AT_LEAST),
        ("3% or more", Comparator.AT_LEAST),
        ("fewer than 3%", Comparator.LESS),
        ("at most 3%", Comparator.AT_MOST),
        ("no more than 3%", Comparator.AT_MOST),
        ("it does not gain more than 3%", Comparator.AT_MOST),
        ("up to 3%", Comparator.UP_TO),
        ("as low as 3%", Comparator.DOWN_TO),
        ("nearly 3%", Comparator.ABOUT),
        ("~3%", Comparator.ABOUT),
        ("only 3%", Comparator.EXACT),
        ("3%", Comparator.EXACT),
    ],
)
def test_what_the_words_around_a_number_leave_open(text, comparator):
    (quantity,) = read(text)
    assert quantity.comparator is comparator


@pytest.mark.parametrize(
    ("text", "kind", "sign"),
    [
        ("The accuracy is 80.9%.", Kind.LEVEL, 0),
        ("It has 392,702 examples.", Kind.COUNT, 0),
        ("It has 560M params.", Kind.COUNT, 0),
        ("Dropout lowers accuracy by 2.1 points.", Kind.CHANGE, -1),
        ("Dropout improves accuracy by 2.1 points.", Kind.CHANGE, 2),
        ("It is 2.1 points behind.", Kind.CHANGE, -1),
        ("This costs the model 0.28 points.", Kind.CHANGE, -1),
        ("A relative gain of 9.8% in F1.", Kind.RELATIVE_CHANGE, 2),
        ("It is three times faster.", Kind.FACTOR, 1),
        ("The correlation is r = −0.62.", Kind.COEFFICIENT, 0),
        ("The effect is significant (p < .01).", Kind.P_VALUE, 0),
        ("The odds ratio was 1.8.", Kind.RATIO, 0),
        ("Training took 90 minutes.", Kind.DURATION, 0),
        ("The index has 66 MB.", Kind.SIZE, 0),
    ],
)
def test_kinds_and_directions(text, kind, sign):
    (quantity,) = read(text, load_lexicon().mentions(text))
    assert (quantity.kind, quantity.sign) == (kind, sign)


def test_what_comes_with_a_number():
    (ratio,) = read("The hazard ratio was 0.72 (95% CI 0.58–0.89).")
    assert ratio.interval == (0.58, 0.89)
    (level,) = read("84.5% ± 0.3")
    assert level.spread == 0.3
    (count,) = read("in 13 of 15 languages")
    assert (count.low, count.total, count.head) == (13, 15, "languag")
    (denied,) = read("81.2% did not achieve it")
    assert denied.denied


def test_the_step_is_that_of_the_last_printed_digit():
    steps = {"1.1 million pairs": 1e5, "1,104,934 pairs": 1, "84.50 points": 0.01, "1.5 hours": 360, "250k words": 1000}
    for text, step in steps.items():
        assert read(text)[0].step == pytest.approx(step)


@given(st.integers(0, 10**12))
def test_thousands_separators_round_trip(number: int):
    assert parse_number(f"{number:,}") == number
    assert parse_number(f"{number:,}".replace(",", "\u202f")) == number


@given(st.integers(0, 10**6), st.integers(1, 3))
def test_decimals_round_trip(number: int, places: int):
    printed = f"{number / 10**places:.{places}f}"
    (quantity,) = read(f"improves by {printed} points")
    assert quantity.low == float(printed)


@given(st.text(max_size=300))
def test_never_raises_and_spans_lie_in_the_text(text: str):
    for q in read(text):
        assert 0 <= q.start < q.end <= len(text)
        assert q.low <= q.high
        assert q.step >= 0


@pytest.mark.parametrize(
    "text",
    [
        "1," * 20_000,
        "1 " * 20_000,
        "1.1" * 20_000,
        "± " * 20_000,
        "from 1 to " * 5_000,
        "9" * 50_000,
        "1,111" * 10_000,
        "95% CI " * 5_000,
        "half a " * 10_000,
        "p < " * 10_000,
    ],
)
def test_linear_time(text: str):
    begin = time.process_time()
    read(text)
    assert time.process_time() - begin < 4


def test_digits_that_tell():
    assert [significant_digits(v) for v in (7.0, 8.2, 392702.0, 0.05, 0.0)] == [1, 2, 6, 1, 1]


@pytest.mark.parametrize(
    "text",
    [
        "It was released on April 11, 2014.",
        "It was released on 3rd May 2020.",
        "It is dated 2020-01-03 or 26/01/1991.",
        "It opens at 6:30 a.m. and closes at 9 pm.",
        "It has been so since the 1840's and the 80s.",
        "It was built in 1841, and sold in 334 BC.",
        "Cohorts 1 and 2 of the trial are alike.",
        "Adverse Events 2: none",
        "It is read from 1790 through 1998.",
    ],
)
def test_points_in_time_and_labels_are_no_quantities(text):
    assert of(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It may increase by 3 %.", [(3, "%")]),
        ("In May 80% of them are read.", [(80, "%")]),
        ("It has 1600 sentences in 1600 documents.", [(1600, ""), (1600, "")]),
        ("A split of 60:40 is made.", [(60, ""), (40, "")]),
        ("It is relentless--80,000 houses.", [(80_000, "")]),
        ("It gains more than one BLEU point.", [(1, "points")]),
        ("It gains one and a half points.", [(1.5, "points")]),
        ("It is faster by up to a factor 2.3.", [(2.3, "x")]),
    ],
)
def test_numbers_beside_points_in_time_are_read(text, expected):
    found = read(text, load_lexicon().mentions(text))
    assert [(q.low, "points" if q.metric == "BLEU" else q.unit) for q in found] == expected


def test_both_numbers_of_one_verb_are_changes():
    kinds = [q.kind for q in read("It improves accuracy by 32% for location questions and 72% for other questions.")]
    assert kinds == [Kind.CHANGE, Kind.CHANGE]


def test_a_metric_beside_one_number_is_not_that_of_a_rank():
    text = "It ranks 9, 6 and 3 with a macro-averaged F1-score of 0.42, 0.64 and 0.58."
    assert [q.metric for q in read(text, load_lexicon().mentions(text))] == ["", "", "", *["macro F1"] * 3]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It fell (OR 0.62 [0.44, 0.87]).", [(0.62, (0.44, 0.87))]),
        ("It fell (OR 1.4 (1.1–1.8); P = .003).", [(1.4, (1.1, 1.8)), (0.003, None)]),
        ("It fell (hazard ratio 0.78; 95% CI, 0.69 to 0.88).", [(0.78, (0.69, 0.88))]),
        ("It rose by 2.0 points [1.1, 2.9].", [(2.0, (1.1, 2.9))]),
        ("It was on scales of 3 [1, 5].", [(3.0, None)]),  # a citation
        ("It rose by 3 points, t(38) = 2.1, p < .05.", [(3.0, None), (0.05, None)]),
        ("It rose by 3 points (χ²(1, N = 120) = 5.3, P < 10⁻³).", [(3.0, None), (0.001, None)]),
        ("It rose by 3 points (F(1, 38) = 4.2, p = 2 × 10-8).", [(3.0, None), (2e-8, None)]),
        ("It rose (P = 10-5).", [(1e-5, None)]),
    ],
)
def test_statistics_in_brackets(text, expected):
    assert [(q.low, q.interval) for q in read(text)] == expected
