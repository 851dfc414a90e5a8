"""A count is one number, compared exactly: no seeds, no interval, no gate. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from synth.verify.judge.blocks import ALTERED, invalid
from synth.verify.judge.outcome import NOTHING, Outcome
from synth.verify.judge.rule import Rule
from synth.verify.statistics.estimates import Estimate, Measurement, number


def judge_count(
    measurements: Sequence[Measurement], rule: Rule, paper: bool, at_paper: bool, invalid_arms: Mapping[str, str]
) -> Outcome:
    """Compare one number exactly. No gate and no seeds: a count does not depend on what a model learnt.

    `published` of a measurement says whether what was counted has the content of the published set; where it says
    nothing, the rung `paper` (without changes by hand) is taken at its word, any other is not.
    """
    counted = [
        m
        for m in measurements
        if m["arm"] == rule.treatment
        and m["metric"] == rule.metric
        and (not rule.languages or m["language"] in rule.languages)
    ]
    values = sorted({value for m in counted if (value := number(m["value"])) is not None})
    published = all(m.get("published", at_paper) is True for m in counted)
    found = Estimate(values[0], None, None, len({m["seed"] for m in counted}), 0) if len(values) == 1 else NOTHING
    blocked = invalid(rule, invalid_arms) or _uncountable(values, rule, published)
    if blocked or rule.value is None:
        return Outcome("inconclusive", found, NOTHING, blocked)
    equal = values[0] == rule.value
    reason = (
        f"A count was checked, exactly: {_number(values[0])} {rule.unit} in {rule.treatment}, as published; "
        f"the claim says {_number(rule.value)}."
    )
    if at_paper:
        return Outcome("reproduced" if equal else "not reproduced", found, NOTHING, reason)
    if paper:
        reason += f" {ALTERED}"
    return Outcome("direction supported" if equal else "direction contradicted", found, NOTHING, reason)


def _uncountable(values: Sequence[float], rule: Rule, published: bool) -> str:
    """Why these counts decide nothing, or ""."""
    if not values:
        return f"Nothing was counted for {rule.treatment}."
    if len(values) > 1:
        return f"The counts for {rule.treatment} differ: {', '.join(map(_number, values))}."
    if rule.value is None:
        return "The claim states no number to compare the count with."
    if not published:
        return (
            f"{_number(values[0])} {rule.unit} were counted for {rule.treatment}, but not in the published set: "
            "a count of other data says nothing about it."
        )
    return ""


def _number(value: float) -> str:
    return f"{value:,.0f}" if value % 1 == 0 else f"{value:,g}"
