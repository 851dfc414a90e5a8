"""The verdict on "X is the best of several": every arm of the same role is a rival. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from synth.core.estimate import Estimate
from synth.core.reasons import Parameters, Reason
from synth.core.reasons.verdicts import VerdictReason
from synth.verify.judge import ranking
from synth.verify.judge.blocks import blocked, gaps, no_interval, too_few
from synth.verify.judge.outcome import NOTHING, Outcome
from synth.verify.judge.rule import Rule
from synth.verify.statistics.estimates import Comparison, Measurement, PerSeed, per_seed
from synth.verify.statistics.replication import Families, Spread, Unit, spread


def judge_ranking(
    measurements: Sequence[Measurement],
    rule: Rule,
    at_paper: bool,
    gate: Mapping[str, object],
    invalid_arms: Mapping[str, str],
    families: Families | None = None,
) -> Outcome:
    """Return the verdict; its estimate is the lead over the nearest rival with its simultaneous interval.

    The intervals are over the rule's unit of replication.

    `Rule.direction`: "best" or "worst"; `Rule.rivals`: the arms that it is compared with.
    """
    leads = {rival: _lead(measurements, rule, rival) for rival in rule.rivals}
    common = sorted(set.intersection(*(set(found) for found in leads.values()))) if leads else []
    seeds = PerSeed(dict.fromkeys(common, 0.0))
    why = [Reason(VerdictReason.NO_RIVALS)] if not leads else []
    few = too_few(seeds, measurements, rule)
    if why := why or blocked(measurements, seeds, rule, at_paper, gate, invalid_arms) or few:
        more = why == few and not rule.repeats and bool(rule.looks)
        return Outcome("inconclusive", NOTHING, NOTHING, why, goes_on=more)
    level = rule.level(len(common))
    if rule.repeated:
        table = [[leads[rival][seed] for seed in common] for rival in rule.rivals]
        case = int(ranking.cases(table, level))
        found = ranking.intervals(table, rule.rivals, level)
    else:
        spreads = {rival: spread(*_compared(measurements, rule, rival), families or {}) for rival in rule.rivals}
        if lacking := next((one for one in spreads.values() if one.lack), None):
            return Outcome("inconclusive", NOTHING, NOTHING, no_interval(rule.unit_of_replication, lacking))
        case, found = _over_units(spreads, level, 1 if rule.direction == "best" else -1)
    nearest = found[0]
    decision = ranking.CASES[case][0]
    over = f"{len(common)} seeds" if rule.unit_of_replication == Unit.SEEDS else str(rule.unit_of_replication)
    subject: Parameters = {"treatment": rule.treatment, "metric": rule.metric, "rivals": len(found), "over": over}
    lead: Parameters = {
        "rival": nearest.rival,
        "lead": nearest.value,
        "low": nearest.low,
        "high": nearest.high,
        "unit": rule.unit,
    }
    reasons = [
        Reason(VerdictReason.RANK, {**subject, "direction": rule.direction}),
        ranking.why(case, found),
        Reason(VerdictReason.NEAREST, lead),
        *gaps(measurements, rule),
    ]
    estimate = Estimate(nearest.value, nearest.low, nearest.high, len(common), 0)
    analysis = {"kind": rule.kind, "level": 1 - level, "leads": [vars(lead) for lead in found]}
    last = rule.looks[-1][0] if rule.looks else 0
    word = _word(decision, at_paper and not rule.direction_only)
    more = decision == "inconclusive" and len(common) < last
    return Outcome(word, estimate, NOTHING, reasons, analysis, more)


def _lead(measurements: Sequence[Measurement], rule: Rule, rival: str) -> dict[int, float]:
    """By how much the claimed arm is ahead, by seed."""
    compared = Comparison(rule.treatment, rival, languages=rule.languages, repeats=rule.repeats)
    sign = 1 if rule.direction == "best" else -1
    return {seed: sign * value for seed, value in per_seed(measurements, compared, rule.metric).values.items()}


def _compared(
    measurements: Sequence[Measurement], rule: Rule, rival: str
) -> tuple[Sequence[Measurement], Comparison, str, str]:
    """What `synth.verify.statistics.replication.spread` takes of the claimed arm against a rival."""
    compared = Comparison(rule.treatment, rival, languages=rule.languages, repeats=rule.repeats)
    return measurements, compared, rule.metric, rule.unit_of_replication


def _over_units(spreads: Mapping[str, Spread], level: float, sign: int) -> tuple[int, list[ranking.Lead]]:
    """Return number of `ranking.CASES` and the simultaneous leads, smallest first, from estimates over languages or
    sentences.

    As `ranking.cases`: ahead of each at the level, or behind some where all intervals hold at once.
    """
    leads = []
    for rival, one in spreads.items():
        held = one.at(level / len(spreads))
        low, high = sorted((sign * float(held.low or 0), sign * float(held.high or 0)))
        leads.append(ranking.Lead(rival, sign * float(held.value or 0), low, high))
    each = [one.at(level) for one in spreads.values()]
    ahead = all((one.low if sign > 0 else -float(one.high or 0)) > 0 for one in each if one.low is not None)
    behind = any(lead.high < 0 for lead in leads)
    return (1 if ahead else 2 if behind else 0), sorted(leads, key=lambda lead: lead.value)


def _word(decision: str, sized: bool) -> str:
    if decision == "inconclusive":
        return decision
    if not sized:
        return f"direction {decision}"
    return "reproduced" if decision == "supported" else "not reproduced"
