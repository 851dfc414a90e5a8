"""Bootstrap, permutation, rank correlation over families: against scipy, by hand, and by coverage."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from synth.verify.judge.decision import Case
from synth.verify.judge.verdict import agrees
from synth.verify.statistics import bootstrap, correlation, permutation
from synth.verify.statistics.estimates import t_interval

FAMILIES = ("a", "a", "b", "c", "c", "c")


def test_families_are_drawn_whole_and_their_languages_anew():
    counts = bootstrap.language_counts(FAMILIES, 4000)
    by_family = np.stack([counts[:, :2].sum(1) / 2, counts[:, 2], counts[:, 3:].sum(1) / 3], axis=1)
    assert (by_family.sum(axis=1) == 3).all()  # three families a draw, each with as many languages as it has
    assert by_family.mean(axis=0) == pytest.approx([1, 1, 1], abs=0.05)
    assert bootstrap.language_weights(FAMILIES, 50).sum(axis=1) == pytest.approx(np.ones(50))
    assert bootstrap.language_counts(FAMILIES, 50) is bootstrap.language_counts(FAMILIES, 50)


def test_seeds_that_agree_leave_the_languages():
    """Without variation between seeds the interval is about Student's over languages."""
    own = np.random.default_rng(3).standard_normal(30) * 4
    found = bootstrap.interval(np.repeat(own[:, None], 3, axis=1), [str(i) for i in range(30)], 0.05)
    _, low, high = t_interval(own, 0.05)
    assert found == pytest.approx((low, high), abs=0.35)


def test_languages_that_agree_leave_the_seeds():
    by_seed = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    found = bootstrap.interval(np.repeat(by_seed[None, :], 8, axis=0), [str(i) for i in range(8)], 0.05)
    _, low, high = t_interval(by_seed, 0.05)
    assert found == pytest.approx((low, high), abs=0.3)


def test_sentences_widen_it_and_few_units_have_none():
    values = np.random.default_rng(3).standard_normal((6, 3))
    plain = bootstrap.interval(values, FAMILIES, 0.05)
    wider = bootstrap.interval(values, FAMILIES, 0.05, sentence_variance=[9.0] * 6)
    assert wider[1] - wider[0] > plain[1] - plain[0]
    assert bootstrap.interval(values, ["one"] * 6, 0.05) is None
    assert bootstrap.interval(values[:, :1], FAMILIES, 0.05) is None


def test_sign_flips_are_those_of_scipy_and_exact():
    values = [1.2, -0.3, 2.0, 0.7, 1.1]
    everything = [abs(sum(s * v for s, v in zip(signs, values, strict=True))) for signs in product((1, -1), repeat=5)]
    by_hand = sum(x >= abs(sum(values)) - 1e-9 for x in everything) / 32
    assert permutation.sign_flip(values) == by_hand
    scipys = stats.permutation_test((values,), np.sum, permutation_type="samples", n_resamples=np.inf)
    assert permutation.sign_flip(values) == pytest.approx(scipys.pvalue)
    assert permutation.sign_flip([2.0, 2.0, 2.0]) == 0.25  # three units can say no more
    assert permutation.sign_flip([]) is None
    assert permutation.sign_flip([1.0] * 20) < 0.001
    assert permutation.by_family([1.0, 2.0, 4.0], ["x", "y", "x"]) == [5.0, 2.0]


def test_the_permutation_test_of_a_correlation():
    x, y = [1, 2, 3, 4, 5], [2, 1, 3, 5, 4]
    rho = abs(stats.spearmanr(x, y).statistic)
    exact = np.mean([abs(stats.spearmanr(x, order).statistic) >= rho - 1e-9 for order in permutations(y)])
    assert permutation.rank_correlation(x, y) == pytest.approx(exact, abs=0.02)
    assert permutation.rank_correlation([1, 1, 1], [1, 2, 3]) is None


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=6, max_size=6))
def test_a_language_drawn_twice_is_two_equal_values(pairs):
    x, y = ([float(pair[i]) for pair in pairs] for i in (0, 1))
    counts = bootstrap.language_counts(FAMILIES, 20)
    drawn = iter(correlation.resampled(x, y, FAMILIES, 20))
    for row in counts.astype(int):
        first, second = np.repeat(x, row), np.repeat(y, row)
        if len(set(first)) > 1 and len(set(second)) > 1:
            assert next(drawn) == pytest.approx(stats.spearmanr(first, second).statistic)
    assert next(drawn, None) is None


def test_families_make_a_correlation_less_certain():
    make = np.random.default_rng(8)
    x = tuple(make.standard_normal(24))
    y = np.array(x) * 1.2 + make.standard_normal(24)
    own = correlation.interval(x, y, [str(i) for i in range(24)], 0.05)
    few = correlation.interval(x, y, [str(i // 6) for i in range(24)], 0.05)
    assert -1 <= few[0] < own[0] < own[1] <= 1
    assert correlation.interval(x, y, ["a"] * 12 + ["b"] * 12, 0.05) is None
    assert correlation.interval(x, [1.0] * 24, [str(i) for i in range(24)], 0.05) is None


def test_agreement_takes_the_sign_and_not_the_size():
    assert agrees((0.05, 0.3), Case.REACHES_SESOI, "positive", 0.3)
    assert not agrees((-0.05, 0.6), Case.REACHES_SESOI, "positive", 0.3)
    assert agrees((-0.6, -0.1), Case.OPPOSITE, "positive", 0.3)


def test_power_is_said_beforehand():
    assert correlation.power(["x"] * 6 + ["y"] * 5, 0.05) == (
        "A test over 11 languages detects |r| of 0.76 and more (α = 0.05, power 0.8), or none at all if only the 2 "
        "families are independent"
    )
    assert "0.45 and more" in correlation.power([str(i) for i in range(36)], 0.05)
    assert correlation.power(["x"] * 3, 0.05).startswith("Over 3 languages no correlation")
