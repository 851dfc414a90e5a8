"""The table of cases: arrays and numbers alike, mirrored, and a claim of +0.0."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.verdicts.decision import CASES, CONTRADICTING, SUPPORTING, TESTABLE, cases, claimed_direction

ends = st.floats(-20, 20, allow_nan=False)


@settings(deadline=None)
@given(st.lists(st.tuples(ends, ends), min_size=1, max_size=8), st.sampled_from(TESTABLE), st.sampled_from([0.2, 1.0]))
def test_an_array_is_judged_as_its_numbers(pairs, direction, sesoi):
    low, high = (np.array([f(pair) for pair in pairs]) for f in (min, max))
    mean = (low + high) / 2
    together = cases(mean, low, high, direction, sesoi)
    assert together.tolist() == [int(cases(m, a, b, direction, sesoi)) for m, a, b in zip(mean, low, high, strict=True)]
    mirrored = {"increase": "decrease", "greater": "less", "positive": "negative"}
    turned = (mirrored | {b: a for a, b in mirrored.items()}).get(direction, direction)
    assert cases(-mean, -high, -low, turned, sesoi).tolist() == together.tolist()


def test_no_interval_decides_nothing():
    assert CASES[int(cases(1.0, np.nan, 2.0, "increase", 1.0))] == ("inconclusive", "too few seeds for an interval")


@given(ends, ends, st.sampled_from(["increase", "decrease"]))
@settings(deadline=None)
def test_a_decision_takes_an_interval_that_leaves_the_opposite_out(one, other, direction):
    low, high = sorted((one, other))
    case = int(cases((low + high) / 2, low, high, direction, 1.0))
    if direction == "decrease":
        low, high = -high, -low
    if case in SUPPORTING:
        assert low > 0
    if case in CONTRADICTING:
        assert high < 1.0


@pytest.mark.parametrize(
    ("direction", "value", "tested"),
    [
        ("increase", 0.0, "no effect"),
        ("decrease", 0.0, "no effect"),
        ("greater", 0.0, "equal"),
        ("increase", 0.1, "increase"),
        ("increase", None, "increase"),
        ("positive", 0.0, "positive"),
    ],
)
def test_plus_zero_claims_no_effect(direction, value, tested):
    assert claimed_direction(direction, value) == tested
