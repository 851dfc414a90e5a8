"""The judge against hand-computed intervals, and its logic as properties."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.verdicts.judge import Estimate, Rule, decide, estimate, judge

RULE = Rule("treat", "base", "acc", "csls", "increase", None, sesoi=1.0, alpha=0.05, minimum_seeds=3)
PASSED = {"passed": True, "reason": ""}


def rows(differences, metric="acc", languages=("l1", "l2")):
    """Measurements in which seed i differs by differences[i] in every language."""
    return [
        {"arm": arm, "seed": seed, "language": language, "metric": metric, "value": 10 + (d if arm == "treat" else 0)}
        for seed, d in enumerate(differences)
        for language in languages
        for arm in ("treat", "base")
    ]


def test_interval_is_students_t_over_seeds():
    # mean 2, sd 1, n 3: half width = 4.302653 * 1 / sqrt(3) = 2.484138 (t table, 97.5 %, 2 df)
    found = estimate(rows([1, 2, 3]), "treat", "base", "acc", 0.05)
    assert found.value == pytest.approx(2)
    assert found.low == pytest.approx(2 - 2.484138, abs=1e-5)
    assert found.high == pytest.approx(2 + 2.484138, abs=1e-5)
    assert (found.seeds, found.languages) == (3, 2)


def test_a_seed_that_lacks_a_language_does_not_count():
    measured = [m for m in rows([1, 2, 3]) if not (m["seed"] == 2 and m["language"] == "l2" and m["arm"] == "treat")]
    assert estimate(measured, "treat", "base", "acc", 0.05).seeds == 2


def test_nan_does_not_count():
    measured = rows([1, 2, 3])
    measured[0]["value"] = float("nan")
    assert estimate(measured, "treat", "base", "acc", 0.05).seeds == 2


@pytest.mark.parametrize(
    ("low", "value", "high", "direction", "word"),
    [
        (0.5, 1.5, 2.5, "increase", "supported"),
        (0.1, 0.5, 0.9, "increase", "inconclusive"),  # right side, too small to matter
        (-0.5, 0.0, 0.5, "increase", "contradicted"),  # no effect that matters
        (-3.0, -2.0, -1.0, "increase", "contradicted"),
        (-1.0, 1.0, 3.0, "increase", "inconclusive"),
        (-2.5, -1.5, -0.5, "decrease", "supported"),
        (0.5, 1.5, 2.5, "decrease", "contradicted"),
        (-0.5, 0.0, 0.5, "no effect", "supported"),
        (1.5, 2.0, 2.5, "no effect", "contradicted"),
        (0.5, 1.5, 2.5, "no effect", "inconclusive"),
        (0.5, 1.5, 2.5, "greater", "supported"),
    ],
)
def test_decision_table(low, value, high, direction, word):
    assert decide(Estimate(value, low, high, 3, 2), direction, 1.0)[0] == word


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
    outcome = judge(measured, RULE, "synthetic", PASSED, {})
    assert outcome.verdict == "inconclusive"
    assert "disagree" in outcome.reason


def test_a_failed_gate_an_invalid_arm_or_few_seeds_block():
    measured = rows([2, 2.1, 2.2])
    assert "gate did not pass" in judge(measured, RULE, "synthetic", {"passed": False, "reason": "r"}, {}).reason
    assert "was not learnt" in judge(measured, RULE, "synthetic", PASSED, {"treat": "its task was not learnt"}).reason
    few = judge(rows([2, 2.1]), RULE, "synthetic", PASSED, {})
    assert few.verdict == "inconclusive"
    assert "2 complete seeds" in few.reason
    assert judge(measured, RULE, "synthetic", {}, {}).verdict == "inconclusive"  # no gate, no verdict


numbers = st.floats(-50, 50, allow_nan=False)


@given(st.lists(numbers, min_size=0, max_size=6), st.sampled_from(["increase", "decrease", "no effect"]))
def test_judging_never_fails_and_mirrors(differences, direction):
    rule = replace(RULE, direction=direction)
    outcome = judge(rows(differences), rule, "synthetic", PASSED, {})
    assert outcome.verdict in ("direction supported", "direction contradicted", "inconclusive")
    mirrored = {"increase": "decrease", "decrease": "increase", "no effect": "no effect"}[direction]
    opposite = judge(rows([-d for d in differences]), replace(rule, direction=mirrored), "synthetic", PASSED, {})
    assert opposite.verdict == outcome.verdict


@given(st.lists(numbers, min_size=3, max_size=6))
def test_increase_and_decrease_are_never_both_supported(differences):
    up = judge(rows(differences), RULE, "synthetic", PASSED, {}).verdict
    down = judge(rows(differences), replace(RULE, direction="decrease"), "synthetic", PASSED, {}).verdict
    assert not (up == down == "direction supported")
