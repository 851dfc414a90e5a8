"""Brier score and calibration error: values computed by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.core.types import Stance
from synth.eval.scifact import reliability

S, C, N = Stance.SUPPORT, Stance.CONTRADICT, Stance.NOT_ENOUGH_INFO


def p(support, contradict):
    return {S: support, C: contradict, N: 1 - support - contradict}


def values(*pairs):
    return {name: float(value) for name, value in reliability.measures(reliability.sums(pairs)).items()}


def test_one_pair_by_hand():
    """p = (0.7, 0.1, 0.2), truth CONTRADICT: Brier 0.49 + 0.81 + 0.04 = 1.34; top 0.7 was wrong."""
    found = values((p(0.7, 0.1), C))
    assert found["brier"] == pytest.approx(1.34)
    assert found["ece"] == found["support_ece"] == pytest.approx(0.7)
    assert found["support_brier"] == pytest.approx(0.49)


def test_bins_by_hand():
    """Top: 0.82 and 0.88 in one bin, one of two right: |1.70 − 1| / 4; 0.65 twice, both right: |1.30 − 2| / 4."""
    found = values((p(0.82, 0.1), S), (p(0.06, 0.88), S), (p(0.65, 0.2), S), (p(0.15, 0.65), C))
    assert found["ece"] == pytest.approx((0.70 + 0.70) / 4)
    # SUPPORT: bins of 0.82 (right), 0.06 (true), 0.65 (true), 0.15 (false).
    assert found["support_ece"] == pytest.approx((0.18 + 0.94 + 0.35 + 0.15) / 4)


def test_certainty_that_is_right_costs_nothing():
    assert set(values((p(1, 0), S), (p(0, 1), C), (p(0, 0), N)).values()) == {0.0}


def test_without_pairs_nothing_is_claimed():
    assert all(np.isnan(value) for value in values().values())
    assert reliability.diagram(reliability.sums([])) == {"top": [], "support": []}


def test_the_diagram_tells_what_was_said_and_what_was_right():
    found = reliability.diagram(reliability.sums([(p(0.82, 0.1), S), (p(0.88, 0.1), C)]))
    assert found["top"] == found["support"] == [{"n": 2, "predicted": pytest.approx(0.85), "right": 0.5}]


triples = st.tuples(st.integers(0, 100), st.integers(0, 100), st.integers(1, 100)).map(
    lambda t: dict(zip((S, C, N), (n / sum(t) for n in t), strict=True))
)
pairs = st.lists(st.tuples(triples, st.sampled_from(Stance)), min_size=1, max_size=20)


@given(pairs, pairs)
def test_sums_add_up_and_measures_stay_in_their_ranges(some, others):
    together = reliability.sums([*some, *others])
    np.testing.assert_allclose(together, reliability.sums(some) + reliability.sums(others))
    found = {name: float(value) for name, value in reliability.measures(together).items()}
    assert 0 <= found["brier"] <= 2
    assert all(-1e-9 <= found[name] <= 1 + 1e-9 for name in ("ece", "support_ece", "support_brier"))
