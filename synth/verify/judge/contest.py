"""The verdict on "X is the best of several": every arm of the same role is a rival. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from synth.core.estimate import Estimate
from synth.core.reasons import Parameters, Reason
from synth.core.reasons.verdicts import VerdictReason
from synth.core.types import JsonValue
from synth.verify.judge import ranking
from synth.verify.judge.blocks import blocked, gaps, no_interval, too_few
from synth.verify.judge.decision import Decision
from synth.verify.judge.outcome import NOTHING, Outcome
from synth.verify.judge.ranking import RankCase
from synth.verify.judge.rule import Rule
from synth.verify.statistics.estimates import Comparison, PerSeed, per_seed
from synth.verify.statistics.measurement import Measurement
from synth.verify.statistics.replication import Families, Spread, Unit, spread
from synth.verify.stored import as_stored


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
        case = RankCase(int(ranking.cases(table, level)))
        found = ranking.intervals(table, rule.rivals, level)
    else:
        spreads = {rival: spread(*_compared(measurements, rule, rival), families or {}) for rival in rule.rivals}
        if lacking := next((one for one in spreads.values() if one.lack), None):
            return Outcome("inconclusive", NOTHING, NOTHING, no_interval(rule.unit_of_replication, lacking))
        case, found = _over_units(spreads, level, 1 if rule.direction == "best" else -1)
    nearest = found[0]
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
    analysis: dict[str, JsonValue] = {"kind": rule.kind, "level": 1 - level, "leads": [as_stored(one) for one in found]}
    last = rule.looks[-1][0] if rule.looks else 0
    word = _word(case.decision, at_paper and not rule.direction_only)
    more = case is RankCase.OPEN and len(common) < last
    return Outcome(word, estimate, NOTHING, reasons, analysis, more)


def _lead(measurements: Sequence[Measurement], rule: Rule, rival: str) -> dict[int, float]:
    """Compute by how much the claimed arm is ahead, by seed."""
    compared = Comparison(rule.treatment, rival, languages=rule.languages, repeats=rule.repeats)
    sign = 1 if rule.direction == "best" else -1
    return {seed: sign * value for seed, value in per_seed(measurements, compared, rule.metric).values.items()}


def _compared(
    measurements: Sequence[Measurement], rule: Rule, rival: str
) -> tuple[Sequence[Measurement], Comparison, str, str]:
    """Return the arguments of `statistics.replication.spread` for the claimed arm against a rival."""
    compared = Comparison(rule.treatment, rival, languages=rule.languages, repeats=rule.repeats)
    return measurements, compared, rule.metric, rule.unit_of_replication


def _over_units(spreads: Mapping[str, Spread], level: float, sign: int) -> tuple[RankCase, list[ranking.Lead]]:
    """Return the case and the simultaneous leads, smallest first, over languages or sentences.

    As `ranking.cases`: ahead of each at the level, or behind some where all intervals hold at once.
    """
    leads = []
    for rival, interval in spreads.items():
        held = interval.at(level / len(spreads))
        low, high = sorted((sign * float(held.low or 0), sign * float(held.high or 0)))
        leads.append(ranking.Lead(rival, sign * float(held.value or 0), low, high))
    each = [interval.at(level) for interval in spreads.values()]
    ahead = all(
        (interval.low if sign > 0 else -float(interval.high or 0)) > 0 for interval in each if interval.low is not None
    )
    behind = any(lead.high < 0 for lead in leads)
    case = RankCase.LEADS if ahead else RankCase.BEHIND if behind else RankCase.OPEN
    return case, sorted(leads, key=lambda lead: lead.value)


def _word(decision: Decision, sized: bool) -> str:
    if decision is Decision.INCONCLUSIVE:
        return str(decision)
    if not sized:
        return f"direction {decision}"
    return "reproduced" if decision is Decision.SUPPORTED else "not reproduced"
