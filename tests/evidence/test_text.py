"""Numbers, names, words and negation read from sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.text import content_words, names, negated, quantities, stem, telling_digits


def read(text):
    return [(q.value, q.unit, q.change) for q in quantities(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "improvements of 8.2, 7.5, and 7.0 points",
            [(8.2, "points", True), (7.5, "points", True), (7.0, "points", True)],
        ),
        ("contains 1,104,934 training examples", [(1104934.0, "count", False)]),
        ("an accuracy of 80.9% on XNLI", [(80.9, "%", False)]),
        ("improving 15.7% on Swahili and 11.4% on Urdu", [(15.7, "%", True), (11.4, "%", True)]),
        ("obtains 83.6 F1, 2.2 BLEU points better", [(83.6, "", False), (2.2, "points", True)]),
        ("a 3x speedup over nine tasks", [(3.0, "times", True), (9.0, "count", False)]),
        ("1.1 million pairs and 10k sentences", [(1.1e6, "count", False), (1e4, "count", False)]),
        ("88.9 ± 0.3 on the test set", [(88.9, "", False)]),
        ("in 2019, SARS-CoV-2 (Table 3), p < 0.05, SQuAD 2.0 [12, 13]", []),
        ("between 20–25% of adults, 22 to 33", []),
        ("", []),
    ],
)
def test_quantities(text, expected):
    assert read(text) == expected


def test_printed_precision_and_bounds():
    million, exact, about = quantities("1.1 million pairs, 1,104,934 pairs and about 40% of them")
    assert million.same_value(exact)
    assert million.step == 1e5
    assert about.bound == "~"
    assert not exact.same_value(million.__class__(1e6, "count", 1.0, False, "", frozenset(), 0, 0))


@given(st.integers(1000, 10**9))
def test_thousands_separators_do_not_change_a_number(value):
    assert [q.value for q in quantities(f"It has {value:,} tokens.")] == [float(value)]


@given(st.decimals(min_value=0, max_value=100, places=2).map(str))
def test_a_number_agrees_with_itself_rounded(printed):
    (exact,) = quantities(f"a score of {printed}%")
    (rounded,) = quantities(f"a score of {float(printed):.1f}%")
    assert exact.same_value(rounded) == (abs(float(printed) - float(f"{float(printed):.1f}")) <= 0.05 * (1 + 1e-9))


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


def test_digits_that_tell():
    assert [telling_digits(v) for v in (7.0, 8.2, 392702.0, 0.05, 0.0)] == [1, 2, 6, 1, 1]


@given(st.text(max_size=400))
def test_any_text_is_read(text):
    for q in quantities(text):
        assert 0 <= q.start < q.end <= len(text)
    names(text)
    content_words(text)
