"""Seeds without a measurement, arms that are alike, units that the author of an experiment names: the pure judge."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest
from scipy import stats

from synth.core.reasons import Reason
from synth.core.reasons.verdicts import FailureCode, VerdictReason
from synth.verify.judge.failures import Failure
from synth.verify.judge.rule import Rule, seeds_of, step_by_step
from synth.verify.judge.verdict import judge
from synth.verify.statistics.measurement import measured

RULE = Rule("treat", "base", "acc", "", "increase", None, sesoi=1.0, alpha=0.05, minimum_seeds=3)
PASSED = {"passed": True, "reason": ""}


def rows(differences, without=(), label="all", metric="acc"):
    """Measurements in which seed i differs by differences[i]; those of (arm, seed) in `without` are not there."""
    return measured(
        {"arm": arm, "seed": seed, "language": label, "metric": metric}
        | {"value": 50 + seed / 100 + (d if arm == "treat" else 0)}
        for seed, d in differences.items()
        for arm in ("treat", "base")
        if (arm, seed) not in without
    )


def failed(*runs):
    return [Failure(arm, seed, Reason(FailureCode.EXIT, {"exit": 1})) for arm, seed in runs]


def verdict(measurements, rule=RULE, failures=(), fidelity="small"):
    return judge(measurements, rule, fidelity, PASSED, {}, failures=failures)


def codes(outcome):
    return [reason.code for reason in outcome.reasons]


GAINS = {1: 5.0, 2: 5.2, 3: 4.9, 4: 5.1, 5: 5.05}


def test_a_failed_seed_is_left_out_with_both_arms_where_the_rule_allows_it():
    lost = failed(("treat", 2))
    outcome = verdict(rows(GAINS, [("treat", 2)]), replace(RULE, may_fail=1), lost)
    alone = verdict(rows({seed: gain for seed, gain in GAINS.items() if seed != 2}))
    assert outcome.verdict == alone.verdict == "direction supported"
    assert outcome.estimate == alone.estimate
    assert VerdictReason.SEEDS_LEFT_OUT in codes(outcome)
    assert "treat, seed 2: the command ended with 1" in outcome.reason


def test_more_failures_than_the_rule_allows_leave_no_verdict():
    lost = failed(("treat", 2), ("base", 4))
    outcome = verdict(rows(GAINS, [("treat", 2), ("base", 4)]), replace(RULE, may_fail=1), lost)
    assert outcome.verdict == "inconclusive"
    assert VerdictReason.FAILED_SEEDS in codes(outcome)


def test_both_arms_of_one_seed_are_one_failed_seed_and_other_arms_count_for_nothing():
    lost = failed(("treat", 2), ("base", 2), ("other", 3))
    outcome = verdict(rows(GAINS, [("treat", 2), ("base", 2)]), replace(RULE, may_fail=1), lost)
    assert (outcome.verdict, outcome.estimate.seeds) == ("direction supported", 4)


def test_every_seed_failed():
    outcome = verdict([], replace(RULE, may_fail=5), failed(*(("treat", seed) for seed in GAINS)))
    assert (outcome.verdict, outcome.estimate.value) == ("inconclusive", None)


def test_the_level_of_a_look_stays_that_of_the_look_when_seeds_have_failed():
    rule = replace(step_by_step(RULE, 8), may_fail=2)
    levels = dict(rule.looks)
    outcome = verdict(rows(GAINS, [("treat", 2)]), rule, failed(("treat", 2)))
    values = [gain for seed, gain in GAINS.items() if seed != 2]
    width = stats.t.ppf(1 - levels[5] / 2, 3) * np.std(values, ddof=1) / sqrt(4)
    assert outcome.estimate.low == pytest.approx(np.mean(values) - width)


@pytest.mark.parametrize("rate", [0.1, 0.3])
def test_a_command_without_effect_whose_seeds_fail_at_random_is_seldom_decided_wrongly(rate):
    """Sequential looks with failing seeds: at most α of the experiments find an effect that is none."""
    make, rule = np.random.default_rng(83), replace(step_by_step(RULE, 8), may_fail=4)
    wrong, total = 0, 300
    for _ in range(total):
        gains = {seed: 3 * float(make.standard_normal()) for seed in range(1, 9)}
        lost = [("treat" if make.random() < 0.5 else "base", seed) for seed in gains if make.random() < rate]
        for seeds in seeds_of(rule.looks):
            without = [run for run in lost if run[1] <= seeds]
            taken = {seed: gain for seed, gain in gains.items() if seed <= seeds}
            outcome = verdict(rows(taken, without), rule, failed(*without))
            if not outcome.goes_on:
                break
        wrong += outcome.verdict in ("direction supported", "direction contradicted")
    # At α = 0.05 more than 31 of 300 come about once in ten thousand times.
    assert wrong <= 31


def test_a_seed_without_a_number_is_no_measurement():
    measurements = [*rows(GAINS), *measured([{"arm": "treat", "seed": 6, "language": "all", "metric": "acc"}])]
    for value in (float("nan"), float("inf"), None):
        measurements[-1] = measured([{"arm": "treat", "seed": 6, "language": "all", "metric": "acc", "value": value}])[
            0
        ]
        assert verdict(measurements).estimate == verdict(rows(GAINS)).estimate


def test_arms_that_give_the_very_same_differ_by_nothing():
    outcome = verdict(rows(dict.fromkeys(GAINS, 0.0)), replace(RULE, arms_differ=True))
    assert outcome.verdict == "inconclusive"
    assert "changes nothing, or the program ignores it" in outcome.reason


def test_a_program_that_ignores_its_seed_gives_one_measurement():
    same = measured(
        {"arm": arm, "seed": seed, "language": "all", "metric": "acc", "value": value, "n": 100}
        for seed in GAINS
        for arm, value in (("treat", 60.0), ("base", 50.0))
    )
    outcome = verdict(same)
    assert outcome.verdict == "inconclusive"
    assert codes(outcome) == [VerdictReason.SAME_NUMBERS]


# ------------------------------------------------------------------------------------------------- units


def labelled(table, seeds=1):
    """Measurements of `table`: label → (treatment, baseline), the same for each seed but for a constant."""
    return measured(
        {"arm": arm, "seed": seed, "language": label, "metric": "acc", "value": value + seed}
        for seed in range(1, seeds + 1)
        for label, (treat, base) in table.items()
        for arm, value in (("treat", treat), ("base", base))
    )


def test_folds_have_the_interval_of_nadeau_and_bengio():
    differences = [2.0, 3.0, 2.5, 1.5, 2.2]
    table = {f"fold {i}": (50 + i + d, 50.0 + i) for i, d in enumerate(differences)}
    rule = replace(RULE, unit_of_replication="folds", minimum_seeds=1)
    estimate = verdict(labelled(table), rule).estimate
    # Nadeau & Bengio 2003: σ̂² (1/J + n₂/n₁) with J = 5 results and n₂/n₁ = 1/(5 − 1), 4 degrees of freedom.
    half = 2.7764451 * sqrt((1 / 5 + 1 / 4) * 0.313)  # Σ(d − 2.24)² = 1.252, of 4
    assert estimate.value == pytest.approx(2.24)
    assert (estimate.low, estimate.high) == (pytest.approx(2.24 - half), pytest.approx(2.24 + half))


def test_items_have_the_interval_of_a_paired_t_test():
    make = np.random.default_rng(84)
    base = make.normal(50, 10, 60)
    treat = base + make.normal(2, 4, 60)
    table = {f"item {i}": (float(treat[i]), float(base[i])) for i in range(60)}
    rule = replace(RULE, unit_of_replication="items", minimum_seeds=1)
    estimate = verdict(labelled(table), rule).estimate
    expected = stats.ttest_rel(treat, base).confidence_interval(0.95)
    assert (estimate.low, estimate.high) == (pytest.approx(expected.low), pytest.approx(expected.high))


def test_data_sets_are_each_one_replicate():
    table = {name: (50.0 + gain, 50.0) for name, gain in (("a", 2.0), ("b", 3.0), ("c", 2.5), ("d", 1.8))}
    rule = replace(RULE, unit_of_replication="data sets", minimum_seeds=1)
    outcome = verdict(labelled(table), rule)
    expected = stats.ttest_1samp([2.0, 3.0, 2.5, 1.8], 0).confidence_interval(0.95)
    assert (outcome.estimate.low, outcome.estimate.high) == (
        pytest.approx(expected.low),
        pytest.approx(expected.high),
    )
    assert outcome.verdict == "direction supported"


def test_one_data_set_gives_no_interval():
    rule = replace(RULE, unit_of_replication="data sets", minimum_seeds=1)
    outcome = verdict(labelled({"a": (52.0, 50.0)}, seeds=3), rule)
    assert (outcome.verdict, outcome.estimate.low) == ("inconclusive", None)
