"""A count is one number, compared exactly: no seeds, no interval, no gate. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from synth.core.estimate import Estimate
from synth.core.reasons import Parameters, Reason
from synth.core.reasons.verdicts import VerdictReason
from synth.verify.judge.blocks import invalid
from synth.verify.judge.outcome import NOTHING, Outcome
from synth.verify.judge.rule import Rule
from synth.verify.statistics.measurement import Measurement, number


def judge_count(
    measurements: Sequence[Measurement], rule: Rule, paper: bool, at_paper: bool, invalid_arms: Mapping[str, str]
) -> Outcome:
    """Compare one number exactly. No gate and no seeds: a count does not depend on what a model learnt.

    `published` of a measurement says whether what was counted has the content of the published set; where it says
    nothing, the fidelity `paper` (without changes by hand) is taken at its word, any other is not.
    """
    counted = [
        m
        for m in measurements
        if m.arm == rule.treatment and m.metric == rule.metric and (not rule.languages or m.language in rule.languages)
    ]
    values = sorted({value for m in counted if (value := number(m.value)) is not None})
    published = all(at_paper if m.published is None else m.published for m in counted)
    found = Estimate(values[0], None, None, len({m.seed for m in counted}), 0) if len(values) == 1 else NOTHING
    blocked = invalid(rule, invalid_arms) or _uncountable(values, rule, published)
    if blocked or rule.value is None:
        return Outcome("inconclusive", found, NOTHING, [blocked] if blocked else [])
    equal = values[0] == rule.value
    counts: Parameters = {"counted": values[0], "unit": rule.unit, "arm": rule.treatment, "claimed": rule.value}
    reasons = [Reason(VerdictReason.COUNT, counts)]
    if at_paper:
        return Outcome("reproduced" if equal else "not reproduced", found, NOTHING, reasons)
    if paper:
        reasons.append(Reason(VerdictReason.ALTERED))
    return Outcome("direction supported" if equal else "direction contradicted", found, NOTHING, reasons)


def _uncountable(values: Sequence[float], rule: Rule, published: bool) -> Reason[VerdictReason] | None:
    """Return why these counts decide nothing, or None."""
    if not values:
        return Reason(VerdictReason.NOTHING_COUNTED, {"arm": rule.treatment})
    if len(values) > 1:
        return Reason(VerdictReason.COUNTS_DIFFER, {"arm": rule.treatment, "counts": list(values)})
    if rule.value is None:
        return Reason(VerdictReason.NO_NUMBER_CLAIMED)
    if not published:
        parameters: Parameters = {"counted": values[0], "unit": rule.unit, "arm": rule.treatment}
        return Reason(VerdictReason.OTHER_DATA, parameters)
    return None
