"""Power against scipy's noncentral t, by hand, and as properties."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from repro.design import power

SDS = st.floats(0.1, 5)


@pytest.mark.parametrize("degrees", [1, 2, 4, 9, 30, 200])
def test_quantiles_are_scipys(degrees):
    for share in (0.6, 0.9, 0.975, 0.995):
        assert power.t_quantile(share, degrees) == pytest.approx(stats.t.ppf(share, degrees), rel=1e-4)


@pytest.mark.parametrize("n", [2, 3, 5, 10, 40])
def test_detection_is_the_noncentral_t(n):
    for effect in (0.0, 0.5, 1.0, 3.0):
        bound = stats.t.ppf(0.975, n - 1)
        theirs = stats.nct.sf(bound, n - 1, effect * n**0.5 / 1.3) if effect else stats.t.sf(bound, n - 1)
        assert power.detection(effect, 1.3, n, 0.05) == pytest.approx(theirs, abs=1e-4)


def test_a_published_sample_size():
    """34 pairs detect half a standard deviation with 80 % power (Cohen 1988, paired t test, two-sided 5 %)."""
    found = power.over_replicates("seeds", 34, 0.5, "points", 0.05, 1.0, 20, "a book")
    assert found.needed == 34
    assert found.at_sesoi == pytest.approx(0.808, abs=0.002)
    assert found.smallest == pytest.approx(0.5, abs=0.01)
    assert found.enough


def test_the_chance_of_an_equivalence_by_drawing():
    import numpy as np

    values = np.random.default_rng(5).standard_normal((20_000, 6)) * 0.8
    mean, sd = values.mean(axis=1), values.std(axis=1, ddof=1)
    half = stats.t.ppf(0.975, 5) * sd / 6**0.5
    inside = ((mean - half > -1) & (mean + half < 1)).mean()
    assert power.equivalence(1.0, 0.8, 6, 0.05) == pytest.approx(inside, abs=0.012)


@settings(deadline=None, max_examples=15)
@given(SDS, st.integers(3, 30))
def test_more_replicates_and_larger_effects_are_seen_more_often(sd, n):
    assert power.detection(1.0, sd, n + 1, 0.05) >= power.detection(1.0, sd, n, 0.05) - 1e-6
    assert power.detection(2.0, sd, n, 0.05) >= power.detection(1.0, sd, n, 0.05) - 1e-6
    least = power.smallest(sd, n, 0.05)
    assert power.detection(least, sd, n, 0.05) == pytest.approx(0.8, abs=1e-3)


def test_correlations_and_what_is_not_known():
    found = power.over_languages("languages", 36, 0.3, "ρ", 0.05)
    assert found.smallest == pytest.approx(0.45, abs=0.005)
    assert found.enough is False
    assert "Under-powered: with 36 languages a correlation of 0.45 and more" in str(found)
    assert power.over_languages("languages", 3, 0.3, "ρ", 0.05).enough is None
    unknown = power.Power("seeds", 3, 1.0, "points")
    assert str(unknown) == "Power unknown: how much seeds differ was not measured at this fidelity."


def test_what_is_under_powered_says_so_first_with_the_smallest_effect():
    weak = power.over_replicates("seeds", 3, 1.0, "points", 0.05, 2.0, 8, "seeds 21–28")
    assert str(weak).startswith("Under-powered: ")
    assert "80 % power: at 6.5" in str(weak)
    assert f", or with {weak.needed} seeds." in str(weak)
    assert "(sd 2 over 8 seeds: seeds 21–28)" in str(weak)
    strong = power.over_replicates("seeds", 10, 1.0, "points", 0.05, 0.5, 8, "x")
    assert str(strong).startswith("Power: ")
    assert power.over_replicates("seeds", 1, 1.0, "points", 0.05, 0.5, 8, "x").enough is None
    assert power.over_replicates("seeds", 2, 1.0, "points", 0.05, 0.0, 8, "x").smallest == 0
