"""The magnitude: against scipy's tests, published bounds of probability, and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from synth.verify.judge.equivalence import ONE_RUN, Closeness, closeness, half_unit, quantile


def test_without_spread_it_is_the_two_one_sided_t_tests_of_scipy():
    values = np.array([4.6, 5.1, 5.3, 4.9])
    above = stats.ttest_1samp(values, 5.0 - 0.8, alternative="greater").pvalue
    below = stats.ttest_1samp(values, 5.0 + 0.8, alternative="less").pvalue
    p = max(above, below)
    mean, sd = values.mean(), values.std(ddof=1)
    assert closeness(mean, sd, 4, 5.0, 0.8, p * 1.001, spread=0.0) == Closeness.SAME
    assert closeness(mean, sd, 4, 5.0, 0.8, p * 0.999, spread=0.0) == Closeness.OPEN


def test_the_quantile_is_that_of_the_noncentral_t():
    # One-sided tolerance factor k for 5 values, 95 % content, 95 % confidence: 4.203 (Natrella 1963, table A-7);
    # k is the 0.95 quantile of the noncentral t with noncentrality 1.645 √5, over √5.
    assert quantile(0.95, 5, stats.norm.ppf(0.95)) / np.sqrt(5) == pytest.approx(4.203, abs=0.001)


def test_at_the_bound_it_is_called_the_same_as_often_as_the_level_says():
    make, n, level, known = np.random.default_rng(7), 4, 0.025, 1.05
    for sd in (0.3, 3.0):
        values = make.standard_normal((40_000, n)) * sd + 5.0 + known + ONE_RUN * sd
        found = closeness(values.mean(axis=1), values.std(axis=1, ddof=1), n, 5.0, known, level)
        assert (found == Closeness.SAME).mean() == pytest.approx(level, abs=0.003)
        assert (found == Closeness.DIFFERENT).mean() == pytest.approx(level, abs=0.003)


@pytest.mark.parametrize(("mean", "word"), [(5.9, Closeness.SAME), (6.0, Closeness.SAME), (6.1, Closeness.DIFFERENT)])
def test_without_any_variation_the_bound_is_sharp(mean, word):
    assert closeness(mean, 0.0, 3, 5.0, 1.0, 0.025) == word


@pytest.mark.parametrize(
    ("value", "text", "half"),
    [
        (48.0, "improves by 48 points", 0.5),
        (48.0, "improves by 48.0 points", 0.05),
        (5.4, "+5.4 over XLM-R", 0.05),
        (-5.4, "falls by 5.40", 0.005),
        (392702.0, "on 392,702 pairs", 0.5),
        (0.5, "by .5", 0.05),
        (3.25, "no number here", 0.005),
        (48.0, "no number here", 0.5),
    ],
)
def test_half_a_unit_of_the_last_digit(value, text, half):
    assert half_unit(value, text) == pytest.approx(half)
