"""Bad input from a laboratory that carries no verdict: it is said why, and nothing is made of it."""

from __future__ import annotations

from dataclasses import replace
from math import nan

import pytest

from synth.core.reasons import Reason
from synth.core.reasons.verdicts import VerdictReason, sentences
from synth.verify.judge.rule import step_by_step
from synth.verify.judge.scale import wrong_scale
from synth.verify.judge.verdict import Rule, judge
from synth.verify.statistics.measurement import measured as measurements

RULE = Rule("treat", "base", "acc", "", "increase", None, sesoi=1.0, alpha=0.05, minimum_seeds=3)
PASSED = {"passed": True, "reason": ""}
LANGUAGES = ("l1", "l2", "l3")


def rows(value, seeds=3, languages=LANGUAGES, metric="acc", n=1000):
    """Measurements of `value(arm, seed, language index)`."""
    return measurements(
        [
            {"arm": arm, "seed": seed, "language": x, "metric": metric, "value": value(arm, seed, i), "n": n}
            for seed in range(1, seeds + 1)
            for i, x in enumerate(languages)
            for arm in ("treat", "base")
        ]
    )


def gain(arm, seed, i):
    """Three points and a bit, another bit with every seed."""
    return 40.0 + i + seed / 10 + (3 + seed / 10 if arm == "treat" else 0)


def verdict(measured, rule=RULE, fidelity="paper"):
    found = judge(measured, rule, fidelity, PASSED, {})
    return found.verdict, found.reasons


def test_one_seed():
    word, why = verdict(rows(gain, seeds=1))
    assert word == "inconclusive"
    assert why == [Reason(VerdictReason.FEW_REPLICATES, {"measured": 1, "what": "seeds", "needed": 3})]


def test_all_seeds_equal_are_one_measurement():
    word, why = verdict(rows(lambda arm, seed, i: 40.0 + i + (3 if arm == "treat" else 0)))
    assert word == "inconclusive"
    assert why == [Reason(VerdictReason.SAME_NUMBERS, {"seeds": [1, 2, 3]})]


def test_equal_differences_of_seeds_that_differ_are_measurements():
    """An encoder that is frozen changes nothing, in every seed: that is no accident."""
    frozen = rows(lambda arm, seed, i: 40.0 + seed + i)
    assert verdict(frozen, replace(RULE, direction="no effect"))[0] == "reproduced"


def test_a_number_that_is_none_costs_the_seed_and_is_named():
    measured = rows(lambda arm, seed, i: nan if (arm, seed, i) == ("base", 2, 1) else gain(arm, seed, i), seeds=4)
    word, why = verdict(measured)
    assert word == "reproduced"
    gap = Reason(VerdictReason.SEED_GAPS, {"seed": 2, "languages": ["l2"]})
    assert why[0].parameters["seeds"] == 3
    assert gap in why
    few = verdict([m for m in measured if m.seed < 4])
    assert few[0] == "inconclusive"
    assert gap in few[1]


def test_a_language_that_one_arm_lacks_is_named():
    measured = [m for m in rows(gain) if (m.arm, m.language) != ("base", "l3")]
    word, why = verdict(measured)
    assert word == "reproduced"
    assert (why[0].parameters["seeds"], why[0].parameters["languages"]) == (3, 2)
    assert Reason(VerdictReason.ARM_GAPS, {"arm": "base", "languages": ["l3"]}) in why
    asked = verdict(measured, replace(RULE, languages=("l1", "l2", "l9")))[1]
    assert Reason(VerdictReason.LANGUAGES_ABSENT, {"languages": ["l9"]}) in asked


def test_nothing_measured():
    word, why = verdict([])
    assert word == "inconclusive"
    assert (why[0].code, why[0].parameters["measured"]) == (VerdictReason.FEW_REPLICATES, 0)


def test_a_baseline_of_zero_is_a_baseline():
    word, why = verdict(rows(lambda arm, seed, i: gain(arm, seed, i) if arm == "treat" else 0.0))
    assert word == "reproduced"
    assert sentences(why).startswith("treat − base on acc: +44")
    again = judge(rows(lambda a, s, i: gain(a, s, i) if a == "treat" else 0.0), RULE, "paper", PASSED, {})
    assert set(again.analysis["cv_star"]) == {"treat"}  # of zeros there is none


def test_a_claim_of_plus_zero():
    rule = replace(RULE, direction="no effect", value=0.0)
    level = rows(lambda arm, seed, i: 40.0 + seed / 10 + (seed / 100 if arm == "treat" else 0))
    assert verdict(level, rule)[0] == "reproduced"
    assert verdict(rows(gain), rule)[0] == "not reproduced"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (lambda arm, seed, i: gain(arm, seed, i) / (100 if seed == 2 else 1), VerdictReason.TWO_SCALES),
        (lambda arm, seed, i: (0.873 if arm == "treat" else 85.1) + seed / 1000, VerdictReason.SHARES),
        (lambda arm, seed, i: 0.85 + seed / 1000 + (0.02 if arm == "treat" else 0), VerdictReason.SHARES),
        (lambda arm, seed, i: -3.0 + seed, VerdictReason.NO_PERCENTAGE),
        (lambda arm, seed, i: 120.0 + seed, VerdictReason.NO_PERCENTAGE),
    ],
)
def test_a_metric_on_the_wrong_scale(value, code):
    word, why = verdict(rows(value))
    assert word == "inconclusive"
    assert [one.code for one in why] == [code]


def test_low_percentages_are_no_shares():
    """A model at chance finds 2 and 7 of 1,000 sentences."""
    chance = rows(lambda arm, seed, i: 44.0 + seed if arm == "treat" else (0.2, 0.7, 0.35)[i] + seed / 10)
    assert verdict(chance)[0] == "reproduced"
    assert wrong_scale({("a", "l"): [(0.5, None)]}, "points") is None
    assert wrong_scale({("a", "l"): [(0.5, 100)]}, "ρ") is None


def test_a_claimed_share_where_points_were_measured_is_pointed_out():
    word, why = verdict(rows(gain), replace(RULE, value=0.032, rounding=0.0005))
    assert word in ("reproduced", "partially reproduced")
    assert (why[-1].code, why[-1].parameters["share"]) == (VerdictReason.MAGNITUDE, True)


# ---------------------------------------------------------------------------------- fidelity and controls


def test_a_control_that_was_not_measured():
    word, why = verdict(rows(gain), replace(RULE, control_metric="csls"))
    assert word == "inconclusive"
    assert why[-1] == Reason(VerdictReason.CONTROL_NOT_MEASURED, {"metric": "csls"})
    both = rows(gain) + rows(gain, metric="csls")
    assert verdict(both, replace(RULE, control_metric="csls"))[0] == "reproduced"


def test_a_baseline_far_from_the_published_one():
    far = replace(RULE, published_baseline=60.0)
    word, why = verdict(rows(gain), far)
    assert word == "inconclusive"
    assert [one.code for one in why] == [VerdictReason.OTHER_BASELINE]
    assert "base reaches 41.2 points, 60 were published" in sentences(why)
    assert verdict(rows(gain), replace(RULE, published_baseline=41.0))[0] == "reproduced"
    assert verdict(rows(gain), far, "small")[0] == "direction supported"  # another model, another baseline


def test_at_paper_the_magnitude_is_the_same_another_or_open():
    near, far = replace(RULE, value=3.2, rounding=0.05), replace(RULE, value=9.0, rounding=0.05)
    assert verdict(rows(gain), near)[0] == "reproduced"
    word, why = verdict(rows(gain), far)
    assert word == "partially reproduced"
    assert (why[-1].code, why[-1].parameters["magnitude"]) == (VerdictReason.MAGNITUDE, "different")
    assert "Claimed: +9 points; the measured one is farther from it" in sentences(why)
    loose = rows(lambda arm, seed, i: 40.0 + i + seed / 10 + (5 + 1.5 * (seed - 2) if arm == "treat" else 0))
    word, why = verdict(loose, replace(RULE, value=8.5, rounding=0.05))
    assert word == "partially reproduced"
    assert why[-1].parameters["magnitude"] == "open"
    assert "One more run is expected in [" in sentences(why)


def test_a_correlation_that_families_do_not_carry_is_inconclusive():
    languages = tuple(f"l{i}" for i in range(9))
    far = {x: i / 9 for i, x in enumerate(languages)}
    disturbed = (8, 6, 7, 1, 2, 3, 5, 4, 0)
    measured = [
        replace(m, covariates={"distance": far[m.language]})
        for m in rows(lambda arm, seed, i: 40.0 + disturbed[i] + seed / 10, languages=languages)
    ]
    rule = replace(RULE, baseline="", statistic="correlation", direction="negative", sesoi=0.2, unit="ρ")
    two = {x: "north" if i < 5 else "south" for i, x in enumerate(languages)}
    found = judge(measured, rule, "small", PASSED, {}, families=two)
    assert found.verdict == "inconclusive"
    assert found.reasons[-1] == Reason(VerdictReason.FEW_FAMILIES, {"languages": 9, "families": 2})
    alone = judge(measured, rule, "small", PASSED, {})
    assert alone.verdict == "inconclusive"
    assert "With families of languages resampled as well, the interval is [" in alone.reason
    assert alone.codes[-1] is VerdictReason.FAMILIES_DISAGREE


# ------------------------------------------------------------------------------------------------ ranking

ARMS = {"treat": 3.0, "base": 0.0, "other": 1.0}


def contest(values):
    return measurements(
        [
            {"arm": arm, "seed": seed, "language": "l", "metric": "acc", "n": 9, "value": 50 + value + (seed % 3) / 20}
            for seed in (1, 2, 3)
            for arm, value in values.items()
        ]
    )


def test_the_best_of_several():
    rule = replace(RULE, baseline="", direction="best", rivals=("base", "other"))
    found = judge([replace(m, value=m.value + m.seed / 50) for m in contest(ARMS)], rule, "paper", PASSED, {})
    assert found.verdict == "reproduced"
    assert "it leads every other arm. The nearest is other, a lead of +2.00" in found.reason
    beaten = judge(contest(ARMS | {"other": 9.0}), rule, "small", PASSED, {})
    assert beaten.verdict == "direction contradicted"
    assert beaten.codes == [VerdictReason.RANK, VerdictReason.RANK_BEHIND, VerdictReason.NEAREST]
    assert beaten.reasons[1].parameters["rivals"] == ["other"]
    worst = judge(contest(ARMS), replace(rule, direction="worst"), "small", PASSED, {})
    assert worst.verdict == "direction contradicted"
    nobody = judge(contest(ARMS), replace(rule, rivals=()), "small", PASSED, {})
    assert nobody.codes == [VerdictReason.NO_RIVALS]
    lost = judge(contest(ARMS), rule, "small", PASSED, {"other": "it was lost"})
    assert lost.codes == [VerdictReason.INVALID_ARM]


# -------------------------------------------------------------------------------------------- seed by seed


def test_another_seed_is_asked_for_only_where_it_may_decide():
    rule = step_by_step(RULE, 8)
    far = rows(lambda arm, seed, i: gain(arm, seed, i) + (20 if arm == "treat" else 0))
    clear = judge(far, rule, "small", PASSED, {})
    assert (clear.verdict, clear.goes_on) == ("direction supported", False)
    assert "Seeds were added one by one, 3 of at most 8; the interval is at level 99." in clear.reason
    open_ = judge(rows(lambda a, s, i: gain(a, s, i) + (s % 2 if a == "treat" else 0)), rule, "small", PASSED, {})
    assert (open_.verdict, open_.goes_on) == ("inconclusive", True)
    wild = (-9, 9.5, 0, 4, -5, 0.5)
    scattered = rows(lambda arm, seed, i: 40.0 + seed / 10 + (wild[seed - 1] if arm == "treat" else 0), seeds=6)
    hopeless = judge(scattered, rule, "small", PASSED, {})
    assert (hopeless.verdict, hopeless.goes_on) == ("inconclusive", False)
    steps = next(one for one in hopeless.reasons if one.code is VerdictReason.SEED_BY_SEED)
    assert steps.parameters["futile"]
    assert not judge(rows(gain), rule, "small", {"passed": False}, {}).goes_on
    assert judge(rows(gain, seeds=2), rule, "small", PASSED, {}).goes_on
    same = judge(rows(lambda arm, seed, i: 40.0), rule, "small", PASSED, {})
    assert not same.goes_on
