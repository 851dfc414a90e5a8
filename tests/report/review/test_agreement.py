"""Krippendorff's α: published numbers, what cannot be computed, and what an interval takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.report.review.agreement import MIN_CLAIMS, agreement


def grades(*rows: str) -> list[dict[int, int]]:
    """One string a reviewer, a digit a claim, "." for no grade."""
    return [{i: int(c) for i, c in enumerate(row) if c != "."} for row in rows]


def test_the_published_example():
    """Four observers, twelve units, values missing: ordinal α = 0.815 (Krippendorff 2011, "Computing Krippendorff's
    Alpha-Reliability", University of Pennsylvania, part C)."""
    found = agreement(grades("123321412...", "123322412 5.3".replace(" ", ""), ".3332342251.", "12332441251."))
    assert found.alpha == pytest.approx(0.815, abs=5e-4)
    assert (found.raters, found.units) == (4, 11)  # the twelfth unit was graded once


def test_by_hand():
    """Two reviewers, four claims, ordinal differences by hand.

    Grades 0 0 2 2 and 0 2 2 2: n_0 = 3, n_2 = 5, n = 8; one unit of four disagrees, coincidences o_02 = o_20 = 1.
    With two values every difference is the same, so α = 1 − (n − 1) · 2 o_02 / (2 n_0 n_2) = 1 − 7 · 1 / 15.
    """
    assert agreement(grades("0022", "0222")).alpha == pytest.approx(1 - 7 / 15)


def test_the_order_of_grades_counts():
    near = agreement(grades("0122012", "0121012")).alpha
    far = agreement(grades("0122012", "0120012")).alpha
    assert near > far


def test_full_agreement_and_opposition():
    assert agreement(grades("0120", "0120", "0120")).alpha == pytest.approx(1)
    assert agreement(grades("0202", "2020")).alpha < 0


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ((), "no two reviewers"),
        (("0120",), "no two reviewers"),
        (("01..", "..20"), "no two reviewers"),
        (("01", ".1"), "only one claim"),
        (("111", "111"), "every reviewer gave every claim the same grade"),
    ],
)
def test_what_cannot_be_computed_says_why(rows, why):
    found = agreement(grades(*rows))
    assert (found.alpha, found.low, found.high) == (None, None, None)
    assert why in found.why


def test_an_interval_takes_enough_claims():
    few = agreement(grades("01201201"[: MIN_CLAIMS - 1], "01201200"[: MIN_CLAIMS - 1]))
    assert few.low is None
    many = agreement(grades("012012012012", "012012012011"))
    assert many.low < many.alpha <= many.high
    assert many == agreement(grades("012012012012", "012012012011"))  # the same draws each time


@given(st.lists(st.text("012.", min_size=1, max_size=9), max_size=4))
def test_any_grades_give_a_number_or_a_reason(rows):
    found = agreement(grades(*rows))
    assert (found.alpha is None) == bool(found.why)
    assert found.alpha is None or found.alpha <= 1 + 1e-9
