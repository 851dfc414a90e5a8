"""The statistics against hand-computed values, scipy, and as properties."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from synth.verify.statistics.estimates import (
    Comparison,
    covariates,
    detectable,
    interval,
    per_seed,
    ranks,
    slope,
    spearman,
    stated,
    with_covariates,
)
from synth.verify.statistics.measurement import measured as measurements

DISTANCES = {"l1": 0.0, "l2": 0.5, "l3": 1.0, "l4": 1.5, "l5": 2.0}


def estimate(measurements, comparison, metric, alpha):
    return interval(per_seed(measurements, comparison, metric), comparison.statistic, alpha)


def rows(value, seeds=3, arms=("treat", "base"), distances=DISTANCES, metric="acc"):
    """Measurements of `value(arm, seed, language)`; the distance of a language is that of `distances`."""
    return measurements(
        [
            {
                "arm": arm,
                "seed": seed,
                "language": language,
                "metric": metric,
                "value": value(arm, seed, language),
                "n": 9,
                "distance": far,
            }
            for seed in range(seeds)
            for language, far in distances.items()
            for arm in arms
        ]
    )


def falling(arm, seed, language):
    """Both arms fall with distance, the treated one by 4 + seed points a unit less."""
    far = DISTANCES[language]
    return 50 - 10 * far + ((4 + seed) * far + 1 if arm == "treat" else 0)


def test_mean_interval_is_students_t_over_seeds():
    # differences 1, 2, 3: mean 2, sd 1; half width 4.302653 * 1 / sqrt(3) = 2.484138 (t table, 97.5 %, 2 df)
    measured = rows(lambda arm, seed, language: 10 + (seed + 1 if arm == "treat" else 0))
    found = estimate(measured, Comparison("treat", "base"), "acc", 0.05)
    assert found.value == pytest.approx(2)
    assert found.low == pytest.approx(2 - 2.484138, abs=1e-5)
    assert found.high == pytest.approx(2 + 2.484138, abs=1e-5)
    assert (found.seeds, found.languages) == (3, 5)


def test_slope_of_the_difference_and_of_one_arm():
    both = per_seed(rows(falling), Comparison("treat", "base", "slope"), "acc")
    assert both.values == pytest.approx({0: 4, 1: 5, 2: 6})
    alone = per_seed(rows(falling), Comparison("base", "", "slope"), "acc")
    assert alone.values == pytest.approx({0: -10, 1: -10, 2: -10})
    found = estimate(rows(falling), Comparison("treat", "base", "slope"), "acc", 0.05)
    assert (found.value, found.low, found.high) == pytest.approx((5, 5 - 2.484138, 5 + 2.484138), abs=1e-5)


def test_slope_by_hand():
    # x̄ = 2, ȳ = 5; Σ(x−x̄)(y−ȳ) = (−1)(−3) + 0·1 + 1·2 = 5; Σ(x−x̄)² = 2
    assert slope([1, 2, 3], [2, 6, 7]) == pytest.approx(2.5)
    assert slope([1, 1, 1], [2, 6, 7]) is None
    assert slope([], []) is None


def test_spearman_by_hand():
    # ranks of y: 1, 3, 2, 5, 4; Σd² = 0 + 1 + 1 + 1 + 1 = 4; ρ = 1 − 6·4 / (5·24) = 0.8
    assert spearman([1, 2, 3, 4, 5], [10, 30, 20, 50, 40]) == pytest.approx(0.8)
    assert ranks([7, 3, 7, 1]) == [3.5, 2, 3.5, 1]
    assert spearman([1, 2, 3], [4, 4, 4]) is None


numbers = st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 3))


@given(st.lists(st.tuples(numbers | st.integers(0, 3), numbers | st.integers(0, 3)), min_size=2, max_size=40))
def test_spearman_and_slope_are_those_of_scipy(pairs):
    x, y = ([float(pair[i]) for pair in pairs] for i in (0, 1))
    if len(set(x)) == 1:
        assert spearman(x, y) is None
        assert slope(x, y) is None
        return
    assert slope(x, y) == pytest.approx(stats.linregress(x, y).slope, rel=1e-6, abs=1e-9)
    if len(set(y)) == 1:
        assert spearman(x, y) is None
    else:
        assert spearman(x, y) == pytest.approx(stats.spearmanr(x, y).statistic, abs=1e-9)
        assert -1 <= spearman(x, y) <= 1


@given(st.lists(numbers, min_size=5, max_size=5), st.floats(0.1, 10), st.floats(-5, 5))
def test_a_correlation_depends_on_the_order_alone(values, scale, shift):
    far = list(DISTANCES.values())
    found = spearman(far, values)
    assert spearman([x * 2 + 1 for x in far], values) == found
    assert spearman(values, far) == found
    if found is not None and len(set(values)) == len({v * scale + shift for v in values}):
        assert spearman(far, [v * scale + shift for v in values]) == pytest.approx(found)
        assert spearman(far, [-v for v in values]) == pytest.approx(-found)


def test_the_interval_of_a_correlation_stays_within_one():
    order = {0: "l1 l2 l3 l4 l5", 1: "l2 l1 l3 l4 l5", 2: "l1 l3 l2 l5 l4"}
    measured = rows(lambda _, seed, language: order[seed].split().index(language), arms=("treat",))
    found = estimate(measured, Comparison("treat", "", "correlation"), "acc", 0.05)
    assert found.value == pytest.approx((1 + 0.9 + 0.8) / 3)
    assert found.high == 1
    assert found.low == pytest.approx(0.9 - 4.302653 * 0.1 / 3**0.5, abs=1e-6)


def test_only_the_named_languages_count():
    chosen = Comparison("treat", "base", "slope", languages=("l1", "l3", "l5"))
    assert per_seed(rows(falling), chosen, "acc").languages == ("l1", "l3", "l5")


def test_the_baseline_by_a_metric_of_its_own():
    found = rows(lambda arm, seed, language: 50.0 if arm == "treat" else 10.0)
    found += rows(lambda arm, seed, language: 70.0 + seed if arm == "base" else 0.0, metric="better")
    crossed = Comparison("treat", "base", baseline_metric="better")
    assert per_seed(found, crossed, "acc").values == {0: -20.0, 1: -21.0, 2: -22.0}
    assert per_seed(found, replace(crossed, baseline_metric=""), "acc").values == {0: 40.0, 1: 40.0, 2: 40.0}
    assert str(crossed) == "treat − base by better"


def test_another_covariate():
    measured = [
        replace(m, covariates={**m.covariates, "text": 100 - 10 * m.covariates["distance"]}) for m in rows(falling)
    ]
    found = per_seed(measured, Comparison("base", "", "slope", covariate="text"), "acc")
    assert found.values == pytest.approx({0: 1, 1: 1, 2: 1})
    assert per_seed(measured, Comparison("base", "", "slope", covariate="rain"), "acc").values == {}


@pytest.mark.parametrize("nothing", [None, nan, inf])
def test_a_language_without_the_covariate_is_left_out_and_named(nothing):
    found = per_seed(rows(falling, distances=DISTANCES | {"l2": nothing}), Comparison("treat", "base", "slope"), "acc")
    assert (found.languages, found.left_out) == (("l1", "l3", "l4", "l5"), ("l2",))
    assert found.values == pytest.approx({0: 4, 1: 5, 2: 6})


@pytest.mark.parametrize("nothing", [None, nan, inf])
@pytest.mark.parametrize("statistic", ["mean", "slope", "correlation"])
def test_a_seed_with_a_value_that_is_none_does_not_count(nothing, statistic):
    measured = rows(falling)
    measured[0] = replace(measured[0], value=nothing)
    assert set(per_seed(measured, Comparison("treat", "base", statistic), "acc").values) == {1, 2}


def test_a_seed_without_variation_is_named():
    found = per_seed(
        rows(lambda _, seed, language: 5.0 if seed == 1 else DISTANCES[language]),
        Comparison("treat", "", "correlation"),
        "acc",
    )
    assert (set(found.values), found.undefined) == ({0, 2}, (1,))


def test_a_mean_wants_a_baseline():
    assert per_seed(rows(falling), Comparison("treat", ""), "acc").values == {}


def test_detectable_correlation_is_that_of_the_power_table():
    assert {n: round(detectable(n), 2) for n in (11, 36, 41)} == {11: 0.76, 36: 0.45, 41: 0.43}
    assert detectable(3) is None


def test_stored_covariates_give_the_same_numbers():
    measured = rows(falling)
    comparison = Comparison("treat", "base", "slope")
    kept = stated(measured, ["distance", "text", "distance"])
    assert kept[0] == {"seed": 0, "language": "l1", "distance": 0.0}
    assert len(kept) == 15
    bare = [replace(m, covariates={}) for m in measured]
    assert per_seed(with_covariates(bare, kept), comparison, "acc") == per_seed(measured, comparison, "acc")
    assert covariates(bare, "distance") == {}


def test_an_older_rule_compares_means():
    assert Comparison.of({"treatment": "a", "baseline": "b", "sesoi": 1.0}) == Comparison("a", "b")
    assert Comparison.of({"statistic": "slope", "languages": ["x"]}).languages == ("x",)
    assert (str(Comparison("a", "b")), str(Comparison("a", ""))) == ("a − b", "a")


def test_seeds_that_are_one_measurement_count_once():
    same = rows(lambda arm, seed, language: 50 - 10 * DISTANCES[language], arms=("base",))
    alone = Comparison("base", "", "correlation")
    assert estimate(same, alone, "acc", 0.05).low == pytest.approx(-1)  # three times the same number looks certain
    found = estimate(same, replace(alone, repeats=((0, 1, 2),)), "acc", 0.05)
    assert (found.value, found.low, found.high, found.seeds) == (pytest.approx(-1), None, None, 1)
    two = per_seed(rows(falling), Comparison("treat", "base", "slope", repeats=((0, 2),)), "acc")
    assert two.values == pytest.approx({0: 4, 1: 5})


def test_what_repeats_is_stored_with_the_rule():
    stored = json.loads(json.dumps(asdict(Comparison("treat", "", "slope", repeats=((1, 2), (3, 4, 5))))))
    assert Comparison.of(stored) == Comparison("treat", "", "slope", repeats=((1, 2), (3, 4, 5)))
    assert Comparison.of({"treatment": "treat"}).repeats == ()
