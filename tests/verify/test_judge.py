"""The judge against hand-computed intervals, and its logic as properties."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.core.estimate import Estimate
from synth.core.reasons import Reason
from synth.core.reasons.verdicts import VerdictReason, of, sentences
from synth.verify.judge.verdict import MINIMUM_LANGUAGES, Rule, decide, judge
from synth.verify.statistics.estimates import detectable
from synth.verify.statistics.measurement import measured as measurements

RULE = Rule("treat", "base", "acc", "", "increase", None, sesoi=1.0, alpha=0.05, minimum_seeds=3)
PASSED = {"passed": True, "reason": ""}


def rows(differences, metric="acc", languages=("l1", "l2")):
    """Measurements in which seed i differs by differences[i] in every language."""
    return measurements(
        [
            {"arm": arm, "seed": seed, "language": language, "metric": metric}
            | {"value": 50 + seed / 100 + (d if arm == "treat" else 0)}
            for seed, d in enumerate(differences)
            for language in languages
            for arm in ("treat", "base")
        ]
    )


@pytest.mark.parametrize(
    ("low", "value", "high", "direction", "word"),
    [
        (0.5, 1.5, 2.5, "increase", "supported"),
        (0.1, 0.8, 1.5, "increase", "supported"),  # of the direction alone
        (0.1, 0.5, 0.9, "increase", "equivalent"),  # right side, too small to matter
        (-0.9, -0.5, -0.1, "increase", "equivalent"),  # wrong side, too small to matter
        (-0.5, 0.0, 0.5, "increase", "equivalent"),
        (-3.0, -2.0, -1.0, "increase", "contradicted"),
        (-1.0, 1.0, 3.0, "increase", "inconclusive"),
        (-2.5, -1.5, -0.5, "decrease", "supported"),
        (0.5, 1.5, 2.5, "decrease", "contradicted"),
        (-0.5, 0.0, 0.5, "no effect", "equivalent"),
        (1.5, 2.0, 2.5, "no effect", "contradicted"),
        (0.5, 1.5, 2.5, "no effect", "inconclusive"),
        (0.5, 1.5, 2.5, "greater", "supported"),
        (0.5, 1.5, 2.5, "positive", "supported"),
        (0.5, 1.5, 2.5, "negative", "contradicted"),
    ],
)
def test_decision_table(low, value, high, direction, word):
    assert decide(Estimate(value, low, high, 3, 2), direction, 1.0)[0] == word


@pytest.mark.parametrize(
    ("low", "value", "high", "direction", "word"),
    [
        (0.1, 0.8, 1.5, "increase", "inconclusive"),  # a magnitude is spoken of, and the SESOI is not reached
        (0.1, 0.5, 0.9, "increase", "inconclusive"),
        (-0.9, -0.5, -0.1, "increase", "contradicted"),
        (-0.5, 0.0, 0.5, "increase", "contradicted"),
        (-0.5, 0.0, 0.5, "no effect", "supported"),
    ],
)
def test_at_paper_an_equivalence_speaks_for_or_against(low, value, high, direction, word):
    assert decide(Estimate(value, low, high, 3, 2), direction, 1.0, sized=True)[0] == word


def test_no_effect_as_large_as_the_sesoi_is_a_verdict_of_its_own_below_paper():
    none = rows([0.1, -0.1, 0.02])
    assert judge(none, RULE, "synthetic", PASSED, {}).verdict == "equivalent"
    absent = replace(RULE, direction="no effect")
    assert judge(none, absent, "small", PASSED, {}).verdict == "equivalent"
    assert judge(none, RULE, "paper", PASSED, {}).verdict == "not reproduced"
    assert judge(none, absent, "paper", PASSED, {}).verdict == "reproduced"
    assert judge(none, RULE, "paper", PASSED, {}, altered=True).verdict == "equivalent"


def test_an_equivalence_does_not_stand_against_a_control_with_an_effect():
    rule = replace(RULE, control_metric="csls")
    both = rows([0.1, -0.1, 0.02]) + rows([0.2, 0.1, 0.0], metric="csls")
    assert judge(both, rule, "synthetic", PASSED, {}).verdict == "equivalent"
    apart = rows([0.1, -0.1, 0.02]) + rows([-3, -3.1, -3.2], metric="csls")
    outcome = judge(apart, rule, "synthetic", PASSED, {})
    assert outcome.verdict == "inconclusive"
    assert outcome.codes[-1] is VerdictReason.CONTROL_MATTERS


def test_below_paper_only_the_direction_is_spoken_of():
    outcome = judge(rows([2, 2.1, 2.2]), RULE, "synthetic", PASSED, {})
    assert outcome.verdict == "direction supported"
    assert judge(rows([-2, -2.1, -2.2]), RULE, "small", PASSED, {}).verdict == "direction contradicted"


def test_at_paper_the_magnitude_counts():
    near, far = replace(RULE, value=2.1), replace(RULE, value=8.0)
    assert judge(rows([2, 2.1, 2.2]), near, "paper", PASSED, {}).verdict == "reproduced"
    assert judge(rows([2, 2.1, 2.2]), far, "paper", PASSED, {}).verdict == "partially reproduced"
    assert judge(rows([-2, -2.1, -2.2]), near, "paper", PASSED, {}).verdict == "not reproduced"


def test_a_claimed_drop_is_compared_with_its_sign():
    rule = replace(RULE, direction="decrease", value=2.1)
    assert judge(rows([-2, -2.1, -2.2]), rule, "paper", PASSED, {}).verdict == "reproduced"


def test_scoring_rules_that_disagree_carry_no_verdict():
    measured = rows([2, 2.1, 2.2]) + rows([-3, -3.1, -3.2], metric="csls")
    outcome = judge(measured, replace(RULE, control_metric="csls"), "synthetic", PASSED, {})
    assert outcome.verdict == "inconclusive"
    assert outcome.codes[-1] is VerdictReason.CONTROL_OPPOSED


def test_a_failed_gate_an_invalid_arm_or_few_seeds_block():
    measured = rows([2, 2.1, 2.2])
    failed = judge(measured, RULE, "synthetic", {"passed": False, "reason": "r"}, {})
    assert failed.reasons == [Reason(VerdictReason.GATE, {"gate": "r"})]
    unlearnt = judge(measured, RULE, "synthetic", PASSED, {"treat": "its task was not learnt"})
    assert unlearnt.reasons == [Reason(VerdictReason.INVALID_ARM, {"arm": "treat", "why": "its task was not learnt"})]
    few = judge(rows([2, 2.1]), RULE, "synthetic", PASSED, {})
    assert few.verdict == "inconclusive"
    assert few.codes == [VerdictReason.FEW_REPLICATES]
    assert few.reasons[0].parameters == {"measured": 2, "what": "seeds", "needed": 3}
    assert judge(measured, RULE, "synthetic", {}, {}).verdict == "inconclusive"  # no gate, no verdict


numbers = st.floats(-40, 40, allow_nan=False)


@settings(deadline=None)  # the first judgement loads scipy
@given(st.lists(numbers, min_size=0, max_size=6), st.sampled_from(["increase", "decrease", "no effect"]))
def test_judging_never_fails_and_mirrors(differences, direction):
    rule = replace(RULE, direction=direction)
    outcome = judge(rows(differences), rule, "synthetic", PASSED, {})
    assert outcome.verdict in ("direction supported", "direction contradicted", "equivalent", "inconclusive")
    mirrored = {"increase": "decrease", "decrease": "increase", "no effect": "no effect"}[direction]
    opposite = judge(rows([-d for d in differences]), replace(rule, direction=mirrored), "synthetic", PASSED, {})
    assert opposite.verdict == outcome.verdict


@settings(deadline=None)  # the first judgement loads scipy
@given(st.lists(numbers, min_size=3, max_size=6))
def test_increase_and_decrease_are_never_both_supported(differences):
    up = judge(rows(differences), RULE, "synthetic", PASSED, {}).verdict
    down = judge(rows(differences), replace(RULE, direction="decrease"), "synthetic", PASSED, {}).verdict
    assert not (up == down == "direction supported")


# ------------------------------------------------------------------------------ slopes and correlations

FAR = {f"l{i}": i / 10 for i in range(11)}
CORRELATED = replace(RULE, baseline="", statistic="correlation", unit="ρ", sesoi=0.2, direction="negative")
SLOPED = replace(RULE, statistic="slope", unit="points a unit", direction="positive")


def over_languages(value, distances=FAR, seeds=3):
    return measurements(
        [
            {"arm": arm, "seed": s, "language": x, "metric": "acc", "value": value(arm, s, far or 0.0), "distance": far}
            for s in range(seeds)
            for x, far in distances.items()
            for arm in ("treat", "base")
        ]
    )


def test_a_correlation_is_judged_by_its_sign_and_says_what_the_languages_allow():
    measured = over_languages(lambda arm, seed, far: 40 - 30 * far + seed)
    outcome = judge(measured, CORRELATED, "small", PASSED, {})
    assert outcome.verdict == "direction supported"
    assert outcome.reason.startswith("Rank correlation of treat on acc with distance: -1.00 [-1.00, -1.00] ρ")
    assert "A test over 11 languages detects |r| of 0.76 and more" in outcome.reason
    assert judge(measured, replace(CORRELATED, direction="positive"), "small", PASSED, {}).verdict == (
        "direction contradicted"
    )


def test_a_correlation_below_what_the_languages_can_show_says_so():
    shuffled = {f"l{i}": x for i, x in enumerate((0, 5, 1, 4, 2, 3, 9, 6, 8, 7, 10))}
    by_place = {x: i for i, x in enumerate(shuffled.values())}
    outcome = judge(
        over_languages(lambda arm, seed, far: (by_place[far] * 7 + seed) % 11, shuffled),
        CORRELATED,
        "small",
        PASSED,
        {},
    )
    assert abs(outcome.estimate.value) < detectable(11)
    assert next(one for one in outcome.reasons if one.code is VerdictReason.DETECTABLE).parameters["undetected"]


def test_a_slope_of_differences():
    measured = over_languages(lambda arm, seed, far: 40 - 30 * far + ((8 + seed) * far if arm == "treat" else 0))
    outcome = judge(measured, SLOPED, "synthetic", PASSED, {})
    assert outcome.verdict == "direction supported"
    assert outcome.reason.startswith("Slope of treat − base on acc against distance: +9.00")
    assert "points a unit over 3 seeds and 11 languages" in outcome.reason


def test_too_few_languages_are_inconclusive():
    for statistic, needed in MINIMUM_LANGUAGES.items():
        few = dict(list(FAR.items())[: needed - 1]) | {"left": None, "out": None}
        rule = replace(CORRELATED, statistic=statistic)
        outcome = judge(over_languages(lambda arm, seed, far: 40 - 30 * far + seed, few), rule, "small", PASSED, {})
        assert outcome.verdict == "inconclusive"
        assert outcome.codes == [VerdictReason.FEW_LANGUAGES, VerdictReason.NO_COVARIATE]
        assert outcome.reasons[0].parameters["needed"] == needed
        assert outcome.reasons[1].parameters == {"axis": "distance", "languages": ["left", "out"]}


def test_languages_without_a_distance_are_named():
    some = FAR | {"kab": None}
    outcome = judge(over_languages(lambda arm, seed, far: 40 - far + seed, some), CORRELATED, "small", PASSED, {})
    assert Reason(VerdictReason.NO_COVARIATE, {"axis": "distance", "languages": ["kab"]}) in outcome.reasons


def test_ties_that_make_it_constant_are_inconclusive():
    outcome = judge(over_languages(lambda arm, seed, far: 5.0), CORRELATED, "small", PASSED, {})
    assert outcome.verdict == "inconclusive"
    assert outcome.codes == [VerdictReason.UNDEFINED]
    flat = dict.fromkeys(FAR, 1.0)
    flatly = judge(over_languages(lambda a, s, far: s, flat), SLOPED, "small", PASSED, {})
    assert flatly.codes == [VerdictReason.UNDEFINED]
    assert flatly.reason.startswith("No slope exists for seed 0, 1, 2: the covariate is the same")


values = st.none() | st.floats(allow_nan=True, width=32) | st.integers(-3, 3)


@settings(deadline=None)  # the first judgement loads scipy
@given(
    st.lists(st.tuples(values, values), min_size=0, max_size=9),
    st.integers(0, 4),
    st.sampled_from(["mean", "slope", "correlation", "count"]),
    st.sampled_from(["increase", "negative", "no effect", "count"]),
    st.sampled_from(["synthetic", "paper"]),
    st.booleans(),
)
def test_whatever_was_measured_there_is_a_verdict(pairs, seeds, statistic, direction, fidelity, altered):
    measured = measurements(
        {"arm": arm, "seed": s, "language": str(i), "metric": m, "value": value, "distance": far}
        for s in range(seeds)
        for i, (value, far) in enumerate(pairs)
        for arm in ("treat", "base")
        for m in ("acc", "csls")
    )
    rule = replace(RULE, statistic=statistic, direction=direction)
    outcome = judge(measured, rule, fidelity, PASSED, {}, altered)
    below = fidelity != "paper" or altered
    words = ("direction supported", "direction contradicted", "equivalent") if below else (
        "reproduced", "partially reproduced", "not reproduced",
    )  # fmt: skip
    assert outcome.verdict in (*words, "inconclusive")
    assert outcome.reasons
    stored = json.dumps([one.stored() for one in outcome.reasons], allow_nan=False)
    assert sentences(of("", json.loads(stored))) == outcome.reason


# ---------------------------------------------------------------------------------------------- altered runs


def test_an_altered_run_at_paper_speaks_of_the_direction_only():
    near = replace(RULE, value=2.1)
    outcome = judge(rows([2, 2.1, 2.2]), near, "paper", PASSED, {}, altered=True)
    assert outcome.verdict == "direction supported"
    assert outcome.codes[-1] is VerdictReason.ALTERED


# ---------------------------------------------------------------------------------------------- counts

COUNT = Rule("mnli", "", "examples", "", "count", 392702.0, 0.0, 0.05, 3, unit="examples", statistic="count")


def counted(*values, **more):
    return measurements(
        [
            {"arm": "mnli", "seed": seed, "language": "en", "metric": "examples", "value": value, "n": 1, **more}
            for seed, value in enumerate(values)
        ]
    )


def test_a_count_is_reproduced_only_on_the_published_set():
    right = judge(counted(392702, 392702), COUNT, "paper", {}, {})
    assert (right.verdict, right.estimate.value, right.estimate.low) == ("reproduced", 392702, None)
    assert "392,702 examples in mnli, as published; the claim says 392,702" in right.reason
    assert judge(counted(392703), COUNT, "paper", {}, {}).verdict == "not reproduced"
    below = judge(counted(392702), COUNT, "synthetic", PASSED, {})
    assert below.verdict == "inconclusive"
    assert below.codes == [VerdictReason.OTHER_DATA]


def test_a_rung_with_the_published_content_can_check_a_count_below_paper():
    same = judge(counted(392702, published=True), COUNT, "small", PASSED, {})
    assert same.verdict == "direction supported"
    assert same.codes == [VerdictReason.COUNT]
    assert judge(counted(9, published=True), COUNT, "small", PASSED, {}).verdict == "direction contradicted"
    assert judge(counted(392702, published=False), COUNT, "paper", PASSED, {}).verdict == "inconclusive"


def test_a_count_of_an_altered_run_is_no_count_of_the_published_set():
    assert judge(counted(392702), COUNT, "paper", {}, {}, altered=True).verdict == "inconclusive"
    stated = judge(counted(392702, published=True), COUNT, "paper", {}, {}, altered=True)
    assert stated.verdict == "direction supported"


@pytest.mark.parametrize(
    ("measured", "rule", "code"),
    [
        ([], COUNT, VerdictReason.NOTHING_COUNTED),
        (counted(None), COUNT, VerdictReason.NOTHING_COUNTED),
        (counted(1, 2), COUNT, VerdictReason.COUNTS_DIFFER),
        (counted(1), replace(COUNT, value=None), VerdictReason.NO_NUMBER_CLAIMED),
    ],
)
def test_counts_that_decide_nothing(measured, rule, code):
    outcome = judge(measured, rule, "paper", PASSED, {})
    assert outcome.verdict == "inconclusive"
    assert outcome.codes == [code]
    lost = judge(counted(392702), COUNT, "paper", PASSED, {"mnli": "it was lost"})
    assert lost.codes == [VerdictReason.INVALID_ARM]


# ------------------------------------------------------------------------------ what may be spoken of


@pytest.mark.parametrize("fidelity", ["small", "base", "paper"])
def test_one_measurement_thrice_is_no_verdict_and_has_no_interval(fidelity):
    measured = over_languages(lambda arm, seed, far: 40 - 30 * far)
    rule = replace(CORRELATED, repeats=((0, 1, 2),))
    unnoticed = judge(measured, replace(rule, repeats=()), fidelity, PASSED, {})
    assert unnoticed.verdict == "inconclusive"  # equal numbers give it away, whatever the plan knew
    assert unnoticed.codes == [VerdictReason.SAME_NUMBERS]
    outcome = judge(measured, rule, fidelity, PASSED, {})
    assert outcome.verdict == "inconclusive"
    assert (outcome.estimate.low, outcome.estimate.high, outcome.estimate.seeds) == (None, None, 1)
    assert outcome.estimate.value == pytest.approx(-1)
    assert outcome.reasons == [Reason(VerdictReason.SHARED_MODEL, {"seeds": [0, 1, 2]})]


def test_as_many_measurements_as_the_rule_asks_for_are_judged():
    measured = rows([2, 2, 2.1, 2.2])
    outcome = judge(measured, replace(RULE, repeats=((0, 1),)), "small", PASSED, {})
    assert (outcome.verdict, outcome.estimate.seeds) == ("direction supported", 3)
    few = judge(measured[:-4], replace(RULE, repeats=((0, 1),)), "small", PASSED, {})
    assert few.verdict == "inconclusive"
    assert few.reasons == [Reason(VerdictReason.SHARED_MODEL, {"seeds": [0, 1]})]


@pytest.mark.parametrize(("differences", "word"), [([2, 2.1, 2.2], "supported"), ([-2, -2.1, -2.2], "contradicted")])
def test_at_paper_a_value_that_is_not_comparable_leaves_the_direction(differences, word):
    rule = replace(RULE, value=2.1, direction_only="the claimed value is in “%”, the measured one in points")
    outcome = judge(rows(differences), rule, "paper", PASSED, {})
    assert outcome.verdict == f"direction {word}"
    assert outcome.reason.endswith(f"Only the direction is spoken of: {rule.direction_only}.")
    assert outcome.codes[-1] is VerdictReason.DIRECTION_ONLY
    assert VerdictReason.DIRECTION_ONLY not in judge(rows(differences), rule, "small", PASSED, {}).codes
    assert VerdictReason.DIRECTION_ONLY not in judge(rows(differences), rule, "paper", {}, {}).codes
