"""The estimate of recall: formulas by hand, and intervals against planted truth, looked at after every decision."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.screening.recall import Draw, chance_of_luck, estimate, log_likelihood


def test_the_likelihood_is_the_product_of_the_draws_chances():
    # 10 undecided, 2 found before, irrelevant; then 5 undecided, 3 found, relevant. With T = 5 relevant in all:
    # (1 − 3/10) · 2/5 = 0.28; with T = 4: (1 − 2/10) · 1/5 = 0.16; with T = 3: 0.9 · 0 = 0; T = 9 needs p = 6/5.
    draws = [Draw(10, 2, False), Draw(5, 3, True)]
    found = np.exp(log_likelihood(draws, np.array([5, 4, 3, 9])))
    assert found == pytest.approx([0.28, 0.16, 0.0, 0.0])


def test_interval_and_estimate_by_hand():
    # One draw of ten, irrelevant, nothing found before, one found since, eight left: T from 1 to 9, L(T) = 1 − T/10.
    # q = 1 − 0.2/1.2 = 5/6; kept are the T with (5/6) / (1 − T/10) < 20, that is T < 9.58: all of them.
    found = estimate([Draw(10, 0, False)], relevant=1, undecided=8)
    assert (found.low, found.high, found.missed_at_most) == (pytest.approx(1 / 9), 1.0, 8)
    # L = .9 .8 … .1 for T = 1 … 9, each over √(m + ½), m = T − 1: 1.2728 .6532 .4427 .3207 .2357 .1706 .1177 .0730
    # .0343, sum 3.3207; half of it, 1.6604, lies 0.3876 of 0.6532 into T = 2, that is at 1.5 + 0.5933.
    assert found.missed == pytest.approx(1.0933, abs=2e-4)
    assert found.recall == pytest.approx(1 / 2.0933, abs=1e-4)


def test_many_draws_without_anything_bound_what_is_missed_by_hand():
    # n irrelevant draws of 1,000 each: log L(T) = n log(1 − m/1000); the bound is the largest m with
    # Σ log q_t − n log(1 − m/1000) < log 20, q_t = 1 − 0.2/(1.2 + t).
    n = 100
    guessed = sum(math.log(1 - 0.2 / (1.2 + t)) for t in range(n))
    m = 1000 * (1 - math.exp((guessed - math.log(20)) / n))
    found = estimate([Draw(1000, 50, False)] * n, relevant=50, undecided=900)
    assert found.missed_at_most == math.floor(m)
    assert found.low == pytest.approx(50 / (50 + math.floor(m)))


def test_without_draws_nothing_is_known():
    found = estimate([], relevant=3, undecided=7)
    assert (found.low, found.high, found.draws) == (0.3, 1.0, 0)


def test_with_everything_decided_recall_is_one():
    found = estimate([Draw(5, 1, True)], relevant=2, undecided=0)
    assert (found.recall, found.low, found.high, found.missed_at_most) == (1.0, 1.0, 1.0, 0)


def test_nothing_relevant_at_all_gives_no_recall():
    assert estimate([Draw(5, 0, False)] * 3, relevant=0, undecided=0).recall is None
    open_ = estimate([Draw(5, 0, False)] * 3, relevant=0, undecided=2)
    assert open_.low == 0.0
    assert open_.high == 1.0


@given(
    st.lists(st.tuples(st.integers(1, 50), st.integers(0, 20), st.booleans()), max_size=12),
    st.integers(0, 20),
    st.integers(0, 50),
)
def test_any_draws_give_an_ordered_interval(draws, found, undecided):
    result = estimate([Draw(*one) for one in draws], found, undecided)
    assert 0 <= result.low <= result.high <= 1
    if result.recall is not None:
        assert 0 <= result.recall <= 1
        assert draws or result.low - 1e-9 <= result.recall <= result.high + 1e-9
    assert 0 <= result.missed_at_most <= undecided


def simulated(seed: int, size: int, relevant: int, keen: float, share: float) -> bool:
    """Return True if the interval held the truth at every look of one screening. `keen`: how much a model prefers the
    relevant ones."""
    draw = np.random.default_rng(seed)
    truth = np.zeros(size, bool)
    truth[:relevant] = True
    wish = draw.random(size) + keen * truth
    waiting, draws, found, good = list(range(size)), [], 0, True
    for done in range(size - 1):
        if draw.random() < share:
            place = waiting[int(draw.integers(len(waiting)))]
            draws.append(Draw(size - done, found, bool(truth[place])))
        else:
            place = max(waiting, key=lambda one: wish[one])
        waiting.remove(place)
        found += int(truth[place])
        if done % 5 == 4:
            result = estimate(draws, found, len(waiting))
            good = good and result.low - 1e-9 <= found / relevant <= result.high + 1e-9
    return good


@pytest.mark.parametrize(("keen", "share"), [(0.0, 0.3), (0.5, 0.2), (5.0, 0.3)])
def test_the_interval_holds_at_every_look_as_often_as_it_says(keen, share):
    # 95 % of runs at least; with 150 runs 136 is 2.5 standard deviations below.
    held = sum(simulated(seed, size=120, relevant=12, keen=keen, share=share) for seed in range(150))
    assert held >= 136


def test_an_estimate_that_hides_relevant_works_from_the_draws_is_refuted():
    """The interval is no formality: where draws are called random and are not, it misses."""
    draws = [Draw(500 - t, 20, False) for t in range(200)]
    assert estimate(draws, relevant=20, undecided=300).missed_at_most < 20


def test_the_stopping_test_by_hand():
    # 19 found, 18 of them before; at 95 % recall at most 20 exist, so K = ⌊19/0.95 − 18 + 1⌋ = 3 among 10 left.
    # P(at most 1 of them in a sample of 4 of 10) = [C(3,0) C(7,4) + C(3,1) C(7,3)] / C(10,4) = (35 + 105) / 210.
    assert chance_of_luck(relevant=19, before=18, undecided=10, sample=4) == pytest.approx(140 / 210)


def test_the_stopping_test_is_sure_when_too_few_are_left():
    assert chance_of_luck(relevant=100, before=100, undecided=5, sample=0) == 0.0
    assert chance_of_luck(relevant=0, before=0, undecided=10, sample=0) == 1.0


def test_stopping_by_the_test_seldom_misses_its_target():
    """One look at a sample of a fixed size: with recall below 95 % the test says "stop" in 5 % of cases at most."""
    draw = np.random.default_rng(3)
    left, hidden, before = 300, 8, 60  # recall 60/68 before sampling
    wrong = 0
    for _ in range(400):
        seen = int(draw.hypergeometric(hidden, left - hidden, 120))
        below = (before + seen) / (before + hidden) < 0.95
        wrong += below and chance_of_luck(before + seen, before, left, 120) < 0.05
    assert wrong <= 400 * 0.05 + 11
