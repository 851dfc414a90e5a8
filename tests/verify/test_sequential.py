"""The looks: joint coverage on other random numbers than those they were made from, and what one seed more may cost."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from synth.verify.judge.decision import Case
from synth.verify.judge.rule import goes_on, step_by_step, walk
from synth.verify.judge.sequential import chance, levels
from synth.verify.judge.verdict import Rule
from synth.verify.statistics.estimates import mean_and_sd, t_interval

RULE = Rule("t", "b", "acc", "", "increase", None, sesoi=1.0, alpha=0.05, minimum_seeds=3)


def test_one_look_is_the_fixed_interval():
    assert levels(5, 5, 0.05) == ((5, 0.05),)


def test_looks_grow_milder_and_the_last_keeps_most():
    found = levels(3, 10, 0.05)
    assert [n for n, _ in found] == list(range(3, 11))
    assert all(0 < level < 0.05 for _, level in found)
    assert found[-1][1] == max(level for _, level in found) > 0.02
    assert levels(3, 10, 0.05) == found


def test_all_intervals_hold_the_truth_at_once_with_the_level_promised():
    make = np.random.default_rng(123)
    values = make.standard_normal((60_000, 6)) * 2.5 + 4.0
    missed = np.zeros(len(values), dtype=bool)
    for n, level in levels(3, 6, 0.05):
        _, low, high = t_interval(values[:, :n], level)
        missed |= (low > 4.0) | (high < 4.0)
    assert missed.mean() == pytest.approx(0.05, abs=0.004)  # four standard errors


@pytest.mark.parametrize(("first", "last", "alpha"), [(1, 5, 0.05), (5, 4, 0.05), (3, 500, 0.05), (3, 5, 0.0)])
def test_impossible_looks(first, last, alpha):
    with pytest.raises(ValueError):
        levels(first, last, alpha)


def test_the_chance_of_a_decision_by_hand():
    # The final mean is predicted as 2 + t_3 · 1 · √(1/4 − 1/8); settled above 2.5.
    found = chance(2.0, 1.0, 4, 8, lambda means, _: means > 2.5)
    assert found == pytest.approx(stats.t.sf(0.5 / np.sqrt(1 / 8), 3), abs=0.02)


def test_easy_claims_take_few_seeds_and_hopeless_ones_are_given_up():
    rule = step_by_step(RULE, 10)
    make = np.random.default_rng(5)
    easy, _, few = walk(10 + 0.3 * make.standard_normal((500, 10)), rule, sized=False)
    assert few.mean() < 4
    assert (easy == Case.REACHES_SESOI).all()
    hopeless, _, taken = walk(3 * make.standard_normal((500, 10)), rule, sized=False)
    assert taken.mean() < 8
    assert (hopeless == Case.REACHES_SESOI).mean() < 0.05


def test_a_walk_is_the_judge_taken_seed_by_seed():
    rule, make = step_by_step(RULE, 8), np.random.default_rng(11)
    values = 1.5 + make.standard_normal((30, 8))
    cases, _, used = walk(values, rule, sized=False)
    for row, n in zip(values, used, strict=True):
        for seeds in range(3, n):
            assert goes_on(*mean_and_sd(row[:seeds]), seeds, rule, False)
        assert not goes_on(*mean_and_sd(row[:n]), n, rule, False)
    assert set(used) > {3}
    assert cases.shape == (30,)
