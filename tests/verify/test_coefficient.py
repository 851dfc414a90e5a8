"""The verdict on a coefficient: two intervals that have to agree, and what is said where there is only one."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.core.reasons.verdicts import VerdictReason
from synth.verify.judge.coefficient import read
from synth.verify.judge.rule import Rule
from synth.verify.judge.verdict import judge
from synth.verify.statistics.estimates import t_quantile
from synth.verify.statistics.measurement import measured as measurements

RULE = Rule(
    treatment="models", baseline="", metric="accuracy", control_metric="", direction="negative", value=None, sesoi=0.1,
    alpha=0.05, minimum_seeds=3, unit="logits per 0.1 of distance", statistic="coefficient", covariate="distance",
)  # fmt: skip
PASSED = {"passed": True, "reason": "far above chance"}


def rows(estimate=-0.3, families=0.05, series=0.02, plain=-0.3, resampled=0.06, groups=16, kinds=18, **others):
    found = {
        "estimate": (estimate, groups),
        "error over families": (families, groups),
        "error over series": (series, kinds),
        "least squares": (plain, groups),
        "resampled error": (resampled, min(groups, kinds)),
    }
    for way, value in others.items():
        found |= {f"estimate, {way}": (value, groups), f"error, {way}": (0.05, groups)}
    made = [
        {"arm": "models", "seed": 1, "language": "all", "metric": f"distance | {what}", "value": value, "n": n}
        for what, (value, n) in found.items()
        if value is not None
    ]
    made.append({"arm": "models", "seed": 1, "language": "all", "metric": "text | estimate", "value": 9.0, "n": 2})
    languages = [f"l{i}" for i in range(90)]
    made += [
        {"arm": "models", "seed": 1, "language": code, "metric": "accuracy", "value": 70.0, "n": 1000}
        for code in languages
    ]
    return measurements(made)


def verdict(measurements, rule=RULE, fidelity="published", gate=PASSED, invalid=None):
    return judge(measurements, rule, fidelity, gate, invalid or {})


def test_both_intervals_on_the_claimed_side_support_the_direction():
    found = verdict(rows())
    assert found.verdict == "direction supported"
    # The errors are added, with Satterthwaite's degrees of freedom.
    total = 0.05**2 + 0.02**2
    degrees = total**2 / (0.05**4 / 15 + 0.02**4 / 17)
    half = t_quantile(0.975, degrees) * total**0.5
    assert found.estimate.low == pytest.approx(-0.3 - half)
    assert found.estimate.high == pytest.approx(-0.3 + half)
    assert found.estimate.languages == 90
    assert found.control.high == pytest.approx(-0.3 + t_quantile(0.975, 15) * 0.06)
    assert "90 languages of 16 families and 18 series" in found.reason


def test_the_other_side_contradicts_and_never_a_magnitude_at_any_fidelity():
    assert verdict(rows(), replace(RULE, direction="positive")).verdict == "direction contradicted"
    for fidelity in ("published", "paper"):
        assert verdict(rows(), replace(RULE, value=0.3), fidelity).verdict == "direction supported"


def test_what_the_resampled_interval_does_not_say_stands_not():
    found = verdict(rows(resampled=0.2))
    assert found.verdict == "inconclusive"
    assert VerdictReason.RESAMPLED_OPEN in found.codes
    assert "more families than the 254" in found.reason
    reason = verdict(rows(resampled=0.15), replace(RULE, sesoi=0.3)).reason
    assert "takes 2.0 times as many independent families and series, 32 families in the place of 16" in reason


def test_without_convergence_the_resampled_interval_decides_and_it_is_said():
    made = rows(estimate=None, families=None, series=None)
    found = verdict(made)
    assert found.verdict == "direction supported"
    assert found.estimate.value == -0.3
    assert VerdictReason.NOT_CONVERGED in found.codes
    assert found.analysis["converged"] is False
    assert verdict(rows(estimate=None, families=None, series=None, resampled=0.5)).verdict == "inconclusive"


def test_too_few_to_be_resampled_decide_nothing():
    found = verdict(rows(resampled=None))
    assert found.verdict == "inconclusive"
    assert VerdictReason.NOT_RESAMPLED in found.codes


def test_an_effect_within_the_sesoi_is_none_that_matters():
    small = rows(estimate=0.0, plain=0.01, families=0.01, series=0.01, resampled=0.02)
    assert verdict(small, replace(RULE, direction="no effect")).verdict in ("direction supported", "equivalent")
    assert verdict(small).verdict in ("direction contradicted", "equivalent")


@pytest.mark.parametrize(
    ("measurements", "gate", "invalid", "code"),
    [
        (rows(), {"passed": False, "reason": "at chance"}, {}, VerdictReason.GATE),
        (rows(), PASSED, {"models": "no figures"}, VerdictReason.INVALID_ARM),
        ([m for m in rows() if "distance" not in m.metric], PASSED, {}, VerdictReason.NOT_ESTIMABLE),
        (rows(groups=2), PASSED, {}, VerdictReason.TOO_FEW_FAMILIES),
    ],
)
def test_what_blocks_a_verdict(measurements, gate, invalid, code):
    found = verdict(measurements, gate=gate, invalid=invalid)
    assert found.verdict == "inconclusive"
    assert found.codes == [code]


def test_other_ways_are_counted_and_decide_nothing():
    ways = {"genetic distance": -0.2, "geographic distance": 0.3, "F1": -0.02}
    found = verdict(rows(**ways))
    assert found.verdict == "direction supported"
    assert "Of 3 other ways to analyse the same figures 2 give the same sign, 1 of them" in found.reason
    assert "leaving out 0 on the other side: geographic distance" in found.reason
    assert found.analysis["other_ways"]["F1"] == [-0.02, 0.05]


def test_one_model_has_no_series():
    found = read([m for m in rows() if "series" not in m.metric], RULE)
    assert found.mixed
    assert found.mixed[1].size == pytest.approx(0.05)
    assert found.mixed[1].degrees == pytest.approx(15)
    assert found.series == 1


@settings(max_examples=60, deadline=None)
@given(
    st.floats(-1, 1), st.floats(0.01, 0.5), st.floats(0.01, 0.5), st.floats(-1, 1), st.floats(0.01, 0.5),
    st.integers(3, 40), st.sampled_from(["negative", "positive", "no effect"]),
)  # fmt: skip
def test_a_decision_is_what_both_intervals_say(estimate, families, series, plain, resampled, groups, direction):
    found = verdict(rows(estimate, families, series, plain, resampled, groups), replace(RULE, direction=direction))
    low, high = found.estimate.low, found.estimate.high
    if found.verdict == "direction supported" and direction != "no effect":
        sign = -1 if direction == "negative" else 1
        assert min(sign * low, sign * high) > 0
        assert min(sign * found.control.low, sign * found.control.high) > 0
    if found.verdict == "direction contradicted" and direction == "no effect":
        assert low > 0 or high < 0
