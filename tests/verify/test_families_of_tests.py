"""Holm, rankings, and what is said of repeats: published vectors and hand-computed values."""

from __future__ import annotations

import numpy as np
import pytest

from synth.core.reasons.verdicts import VerdictReason
from synth.verify.judge import holm, ranking
from synth.verify.statistics.repetition import cv_star, prediction_interval


def test_holm_by_hand():
    assert [holm.level(0.05, 4, k) for k in range(4)] == pytest.approx([0.0125, 0.05 / 3, 0.025, 0.05])
    with pytest.raises(ValueError):
        holm.level(0.05, 2, 2)


def test_holm_one_run_at_a_time_keeps_the_error():
    """Three predictions without any effect, tested in turn, the share of a decided one passed on: 5 % in all."""
    p = np.random.default_rng(2).random((20_000, 3))
    wrong = 0
    for row in p:
        decided = 0
        for value in row:
            decided += value < holm.level(0.05, 3, decided)
        wrong += decided > 0
    assert wrong / len(p) == pytest.approx(0.05, abs=0.006)


def test_best_by_hand():
    # Leads over two rivals: 4.303 · 0.1 / √3 = 0.248 is the half width at 95 %
    clear = [[1.0, 1.1, 0.9], [0.5, 0.6, 0.4]]
    assert ranking.cases(clear, 0.05) == ranking.RankCase.LEADS
    behind = [[1.0, 1.1, 0.9], [-2.0, -2.1, -1.9]]
    assert ranking.cases(behind, 0.05) == ranking.RankCase.BEHIND
    close = [[1.0, 1.1, 0.9], [0.2, 0.3, 0.1]]
    assert ranking.cases(close, 0.05) == ranking.RankCase.OPEN
    found = ranking.intervals(close, ["x", "y"], 0.05)
    assert [lead.rival for lead in found] == ["y", "x"]
    # Bonferroni: the 0.9875 quantile of t with 2 degrees of freedom is 6.2053
    assert found[0].high == pytest.approx(0.2 + 6.2053 * 0.1 / 3**0.5, abs=1e-3)
    why = ranking.why(ranking.RankCase.OPEN, found)
    assert why.code == VerdictReason.RANK_OPEN
    assert why.parameters["rivals"] == ["y"]
    assert why.parameters["leads"] == pytest.approx([0.2])
    assert ranking.why(ranking.RankCase.LEADS, found).code == VerdictReason.RANK_LEADS


def test_one_of_equals_is_seldom_called_the_best_or_beaten():
    make = np.random.default_rng(4)
    arms = make.standard_normal((4000, 6, 5))
    found = ranking.cases(arms[:, :1] - arms[:, 1:], 0.05)
    assert (found == ranking.RankCase.LEADS).mean() < 0.05
    assert (found == 2).mean() < 0.05


def test_cv_star_is_the_published_example():
    assert cv_star([84.51, 84.50, 87.46, 85.60, 84.20, 86.61, 86.20]) == pytest.approx(1.56166, abs=1e-5)


@pytest.mark.parametrize("values", [[], [3.0], [1.0, -1.0], [0.0, 0.0], [1.0, float("nan")]])
def test_cv_star_takes_two_scores_above_zero(values):
    assert cv_star(values) is None


def test_equal_scores_do_not_vary():
    assert cv_star([3.3, 3.3, 3.3]) == 0.0


def test_the_prediction_interval_by_hand():
    # mean 2, s = 1, t(0.975; 2) = 4.302653: 4.302653 · √(4/3) = 4.968275
    assert prediction_interval([1.0, 2.0, 3.0], 0.05) == pytest.approx((2 - 4.968275, 2 + 4.968275), abs=1e-5)
    assert prediction_interval([1.0], 0.05) is None
