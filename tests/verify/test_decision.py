"""The table of cases: arrays and numbers alike, mirrored, and a claim of +0.0."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.core.reasons.verdicts import VerdictReason
from synth.verify.judge.decision import (
    TESTABLE,
    WITHIN_SESOI,
    Case,
    Decision,
    case_of,
    cases,
    claimed_direction,
    deciding,
)

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
    case = case_of(1.0, None, 2.0, "increase", 1.0)
    assert case is Case.NO_INTERVAL
    assert case is case_of(1.0, np.nan, 2.0, "increase", 1.0)
    assert case.decision(True) == case.decision(False) == Decision.INCONCLUSIVE
    assert case.why is VerdictReason.NO_REPLICATES


@given(ends, ends, st.sampled_from(["increase", "decrease"]), st.booleans())
@settings(deadline=None)
def test_a_decision_takes_an_interval_that_leaves_the_opposite_out(one, other, direction, sized):
    low, high = sorted((one, other))
    case = case_of((low + high) / 2, low, high, direction, 1.0)
    if direction == "decrease":
        low, high = -high, -low
    if case in deciding(sized, Decision.SUPPORTED):
        assert low > 0
    if case in deciding(sized, Decision.CONTRADICTED):
        assert high < 1.0
        assert sized or high < 0
    assert (case in WITHIN_SESOI) == (case in deciding(False, Decision.EQUIVALENT))
    if case in WITHIN_SESOI:
        assert -1.0 < low <= high < 1.0


@given(ends, ends, st.sampled_from(TESTABLE))
@settings(deadline=None)
def test_an_interval_inside_the_bounds_is_an_equivalence_below_paper(one, other, direction):
    """Unless it lies on the claimed side and its middle reaches the SESOI, which no interval inside does."""
    low, high = sorted((one / 21, other / 21))
    assert case_of((low + high) / 2, low, high, direction, 1.0).decision(False) == Decision.EQUIVALENT


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
