"""F1, thresholds and intervals, against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.claims import scoring


def array(*values):
    return np.array(values, dtype=bool)


def test_f1_counts_over_all_documents():
    found = scoring.counts([array(1, 1, 0), array(0, 1)], [array(1, 0, 0), array(1, 1)])
    assert (found.precision, found.recall) == (2 / 3, 2 / 3)
    assert found.f1 == pytest.approx(2 * 2 / (3 + 3))


def test_nothing_predicted_is_zero():
    assert scoring.counts([array(0, 0)], [array(1, 0)]).f1 == 0.0


def test_the_threshold_is_that_of_the_best_f1():
    # Taking 1: F1 = 2·1/(1+2); 2: 2·1/(2+2); 3: 2·2/(3+2) = 0.8, the best; 4: 2·2/(4+2).
    assert scoring.best_threshold([np.array([0.9, 0.8]), np.array([0.7, 0.1])], [array(1, 0), array(1, 0)]) == 0.7


def test_equal_scores_are_taken_together():
    assert scoring.best_threshold([np.array([0.5, 0.5, 0.4])], [array(1, 0, 1)]) == 0.4


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.2, 0.3, 0.9]), st.booleans()), min_size=1, max_size=30))
def test_no_other_threshold_is_better(rows):
    score, label = np.array([s for s, _ in rows]), np.array([y for _, y in rows])

    def f1(threshold):
        return scoring.counts([score >= threshold], [label]).f1

    assert f1(scoring.best_threshold([score], [label])) == pytest.approx(max(map(f1, set(score))))


def test_whole_documents_are_drawn():
    # Every document alone gives F1 1 or 0: the interval is wide, though each document has 1,000 sentences.
    right, wrong = np.ones(1000, dtype=bool), np.zeros(1000, dtype=bool)
    found = scoring.counts([right, right, wrong, wrong], [right] * 4)
    low, high = scoring.interval(found, 1)
    assert low == 0.0
    assert high == 1.0
    assert scoring.interval(found, 1) == (low, high)


def test_a_difference_is_paired():
    a = scoring.counts([array(1, 0)] * 5, [array(1, 0)] * 5)
    b = scoring.counts([array(1, 1)] * 5, [array(1, 0)] * 5)
    assert scoring.difference(a, a, 3) == (0.0, 0.0, 0.0)
    assert scoring.difference(a, b, 3) == pytest.approx((1 / 3, 1 / 3, 1 / 3))
