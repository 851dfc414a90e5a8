"""Intervals over seeds, languages and sentences: against scipy and by hand, and the verdicts that rest on them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from repro.design.experiment import UNITS
from synth.core.reasons import Reason
from synth.core.reasons.verdicts import Lack
from synth.verify.judge.rule import Rule
from synth.verify.judge.verdict import judge
from synth.verify.statistics.estimates import Comparison, interval, per_seed
from synth.verify.statistics.measurement import Measurement
from synth.verify.statistics.measurement import measured as measurements
from synth.verify.statistics.replication import MIN_FAMILIES, Spread, Unit, estimate_over, family_variance, spread
from synth.verify.statistics.sentences import line_variance, outcomes

COMPARED = Comparison("treat", "base")
RULE = Rule("treat", "base", "acc", "", "increase", None, sesoi=1.0, alpha=0.05, minimum_seeds=3)
PASSED = {"passed": True, "reason": ""}


def rows(table, metric="acc", **more):
    """Measurements in which the treatment gains table[seed][language]."""
    return measurements(
        [
            {"arm": arm, "seed": seed, "language": f"l{i:02}", "metric": metric, "n": 500, "distance": i / 10, **more}
            | {"value": 40.0 + i / 7 + (gain if arm == "treat" else 0.0)}
            for seed, gains in enumerate(table)
            for i, gain in enumerate(gains)
            for arm in ("treat", "base")
        ]
    )


def test_languages_of_one_measurement_are_students_t_over_languages():
    gains = np.random.default_rng(1).standard_normal(12) + 2
    found = estimate_over(rows([gains]), COMPARED, "acc", "languages", 0.05)
    low, high = stats.ttest_1samp(gains, 0).confidence_interval(0.95)
    assert (found.value, found.low, found.high) == pytest.approx((gains.mean(), low, high))
    assert (found.seeds, found.languages) == (1, 12)


def test_seeds_and_models_are_students_t_over_their_numbers():
    measured = rows(np.random.default_rng(2).standard_normal((5, 4)))
    for unit in ("seeds", "models"):
        assert estimate_over(measured, COMPARED, "acc", unit, 0.05) == interval(
            per_seed(measured, COMPARED, "acc"), COMPARED.statistic, 0.05
        )


def test_families_and_seeds_are_both_in_the_interval():
    table = np.random.default_rng(3).standard_normal((4, 12))
    families = {f"l{i:02}": f"f{i % 4}" for i in range(12)}
    found = spread(rows(table), COMPARED, "acc", "languages", families)
    means = [table[:, i::4].mean() for i in range(4)]  # families of equal size: the variance is s²/4 of their means
    assert found.variances[Unit.LANGUAGES] == (pytest.approx(np.var(means, ddof=1) / 4), 3)
    assert found.variances[Unit.SEEDS] == (pytest.approx(table.mean(axis=1).var(ddof=1) / 4), 3)
    assert found.error == pytest.approx(np.sqrt(sum(v for v, _ in found.variances.values())))
    assert 3 <= found.degrees <= 6
    assert (found.families, found.languages, found.seeds) == (4, 12, 4)


def test_seeds_that_gave_the_same_numbers_are_one_measurement_of_many_languages():
    once = np.random.default_rng(4).standard_normal(9) + 3
    thrice = spread(rows([once] * 3), COMPARED, "acc", "languages", {})
    assert Unit.SEEDS not in thrice.variances
    assert thrice.at(0.05) == spread(rows([once]), COMPARED, "acc", "languages", {}).at(0.05)


def test_a_slope_over_languages_is_the_jackknife_by_hand():
    gains = np.random.default_rng(5).standard_normal(8) * 2
    x = np.arange(8) / 10
    found = spread(rows([gains]), replace(COMPARED, statistic="slope"), "acc", "languages", {})
    left = [stats.linregress(np.delete(x, i), np.delete(gains, i)).slope for i in range(8)]
    assert found.estimate == pytest.approx(stats.linregress(x, gains).slope)
    assert found.variances[Unit.LANGUAGES][0] == pytest.approx(7 / 8 * np.square(left - np.mean(left)).sum())


def test_a_correlation_resamples_families_and_seeds():
    make = np.random.default_rng(6)
    table = -np.arange(14) * 0.5 + make.standard_normal((3, 14))
    compared = Comparison("treat", "base", "correlation")
    found = spread(rows(table), compared, "acc", "languages", {})
    assert found.estimate == pytest.approx(stats.spearmanr(np.arange(14), table.mean(axis=0)).statistic)
    low, high = found.at(0.05).low, found.at(0.05).high
    assert -1 <= low < found.estimate < high < 0
    alone = spread(rows(table[:1]), compared, "acc", "languages", {})
    assert alone.seeds == 1
    assert alone.at(0.05).high - alone.at(0.05).low > 0


def test_what_has_no_interval_says_why():
    few = spread(rows([[1.0, 2.0, 3.0]]), COMPARED, "acc", "languages", dict.fromkeys(("l00", "l01", "l02"), "one"))
    assert few.lack == Reason(Lack.FEW_FAMILIES, {"languages": 3, "families": 1, "needed": MIN_FAMILIES})
    assert few.at(0.05).low is None
    assert spread([], COMPARED, "acc", "languages", {}).lack == Reason(Lack.NOTHING_MEASURED)
    unknown = [replace(row, n=None) for row in rows([[1.0, 2.0, 3.0]])]
    assert spread(unknown, COMPARED, "acc", "sentences", {}).lack == Reason(Lack.SENTENCES_UNKNOWN)
    assert family_variance([1.0, 2.0, 3.0], [0.0, 0.0, 1.0], ["a", "b", "c"], "slope") is None


# -------------------------------------------------------------------------------------------------- sentences


def answered(right, arm, language, seed=1):
    own = np.asarray(right, dtype=bool)
    return Measurement(arm, seed, language, "acc", 100 * own.mean(), len(own), right=np.packbits(own).tobytes().hex())


def test_lines_are_paired_where_each_answer_is_known():
    make = np.random.default_rng(7)
    treat, base = make.random(203) < 0.7, make.random(203) < 0.5
    measured = [answered(treat, "treat", "l"), answered(base, "base", "l")]
    found = spread(measured, COMPARED, "acc", "sentences", {})
    paired = stats.ttest_1samp(100.0 * treat - 100.0 * base, 0)
    low, high = paired.confidence_interval(0.95)
    shown = found.at(0.05)
    assert (shown.value, shown.low, shown.high) == pytest.approx((found.estimate, low, high))
    assert found.sentences == 203
    apart = [replace(row, right="") for row in measured]
    assert spread(apart, COMPARED, "acc", "sentences", {}).error > 0


def test_the_same_answers_in_every_language_are_not_more_sentences():
    make = np.random.default_rng(8)
    lines = 100.0 * (make.random(400) < 0.6)
    once, _ = line_variance([lines], [1.0])
    thrice, _ = line_variance([lines] * 3, [1 / 3] * 3)
    assert thrice == pytest.approx(once)
    others, _ = line_variance([make.permutation(lines) for _ in range(3)], [1 / 3] * 3)
    assert others < 0.6 * once


def test_scores_alone_give_a_wider_interval_than_paired_answers_that_agree():
    make = np.random.default_rng(9)
    hard = make.random(500)
    measured = [answered(hard < 0.62, "treat", "l"), answered(hard < 0.6, "base", "l")]
    paired = spread(measured, COMPARED, "acc", "sentences", {}).error
    alone = spread([replace(row, right="") for row in measured], COMPARED, "acc", "sentences", {}).error
    assert paired < alone / 2


@settings(deadline=None)
@given(st.lists(st.booleans(), min_size=1, max_size=40))
def test_answers_are_read_as_they_were_packed(right):
    row = answered(right, "treat", "l")
    assert outcomes(row).tolist() == [float(x) for x in right]
    assert outcomes(replace(row, n=len(right) + 9)) is None
    assert outcomes(replace(row, right="zz" * (len(row.right) // 2))) is None


# --------------------------------------------------------------------------------------------------- verdicts


def test_one_measurement_of_many_languages_is_decided_by_them():
    """Three seeds that repeat one measurement decide nothing over seeds, and are one measurement over languages."""
    gains = np.random.default_rng(10).standard_normal(20) + 4
    measured = rows([gains] * 3)
    rule = replace(RULE, repeats=((0, 1, 2),))
    assert judge(measured, rule, "small", PASSED, {}).verdict == "inconclusive"
    over = replace(rule, unit_of_replication="languages")
    found = judge(measured, over, "small", PASSED, {})
    assert found.verdict == "direction supported"
    assert "over 20 languages of 20 families; claimed" in found.reason
    assert found.analysis["unit_of_replication"] == "languages"
    few = judge(measured, over, "small", PASSED, {}, families={f"l{i:02}": f"f{i % 2}" for i in range(20)})
    assert few.verdict == "inconclusive"
    assert "No interval exists over languages: 20 languages are of 2 families" in few.reason


def test_an_equivalence_over_languages_and_a_gate_that_failed():
    gains = np.random.default_rng(11).standard_normal(30) * 0.5
    over = replace(RULE, unit_of_replication="languages")
    assert judge(rows([gains]), over, "published", PASSED, {}).verdict == "equivalent"
    assert judge(rows([gains]), over, "published", {"passed": False}, {}).verdict == "inconclusive"


def test_sentences_decide_one_measurement():
    make = np.random.default_rng(12)
    hard = make.random((3, 600))
    measured = [
        answered(hard[i] < share, arm, f"l{i}", seed=1)
        for i in range(3)
        for arm, share in (("treat", 0.66), ("base", 0.6))
    ]
    found = judge(measured, replace(RULE, unit_of_replication="sentences"), "small", PASSED, {})
    assert found.verdict == "direction supported"
    assert "over 600 sentences in each of 3 languages; claimed" in found.reason


def test_best_of_several_over_languages():
    gains = np.random.default_rng(13).standard_normal(15)
    measured = rows([gains + 3]) + [replace(m, arm="other") for m in rows([gains * 0.2]) if m.arm == "treat"]
    rule = replace(RULE, baseline="", direction="best", rivals=("base", "other"), unit_of_replication="languages")
    assert judge(measured, rule, "small", PASSED, {}).verdict == "direction supported"
    assert judge(measured, replace(rule, direction="worst"), "small", PASSED, {}).verdict == "direction contradicted"


def test_no_variance_at_all_is_an_interval_of_no_width():
    found = Spread(2.0, {Unit.LANGUAGES: (0.0, 5.0)}).at(0.05)
    assert (found.low, found.high) == (2.0, 2.0)


def test_the_laboratory_declares_the_units_that_are_judged():
    assert set(UNITS) == set(Unit)
