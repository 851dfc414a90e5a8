"""The judge: pure functions from measurements and a rule, fixed before the run, to a verdict.

The rule for one contrast (treatment arm, as a rule against a baseline arm, on one metric):

* the contrast's statistic (a mean difference over the target languages, a slope or a rank correlation over them) has an
  interval at level 1 − alpha over the registered *unit of replication* (`statistics.replication`): training seeds
  or models, one number each, with Student's t (with three seeds the quantile is 4.30, so the interval is wide on
  purpose); families of languages; or sentences. Where seeds vary beside languages or sentences, both are in it. Where
  seeds are added one by one, it is at the level of the look (`judge.sequential`);
* what that interval says of the claimed direction is the table of `judge.decision`;
* a *correlation* is a statement about languages: judged by seeds, it is decided only if the interval over resampled
  families of languages (`statistics.correlation`) says the same;
* *best* and *worst* take the leads over all other arms (`judge.ranking`); a *count* is compared exactly, and
  only where what was counted is the published set (`judge.counts`); a *coefficient* of a model fitted to
  published figures has its own interval, over families and series (`judge.coefficient`);
* the same statistic under the control metric is computed beside it. If it excludes 0 on the other side, the two
  scoring rules disagree and the outcome is inconclusive, as it is where an effect that matters under the control stands
  against none under the metric; so it is if the control was not measured;
* a gate that failed, an arm whose task was not learnt, too few replicates, numbers on two scales, or a baseline that is
  not the published one make it inconclusive before any of that (`judge.blocks`); seeds whose results are the
  very same one are one seed;
* at `paper` the claimed value is held against the measured one (`judge.equivalence`), if task and unit of the
  claim are those that were measured. *Reproduced* says that the magnitude is the claimed one, *partially reproduced*
  that the direction is and the magnitude is another one or remains open.

Seeds say how well the number holds up on these languages, not how it would turn out on others: beside a mean judged by
seeds stands a hierarchical bootstrap over families, languages, sentences and seeds, and beside a slope or a correlation
the smallest |r| that a test over that many languages would detect.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from synth.core.estimate import Estimate
from synth.core.reasons import Parameters, Reason
from synth.core.reasons.verdicts import VerdictReason, ends
from synth.core.types import JsonValue
from synth.verify.judge import failures as failed
from synth.verify.judge.analysis import Families, OtherLanguages, Repeats, other_languages, repeats
from synth.verify.judge.blocks import MINIMUM_LANGUAGES, Reasons, blocked, gaps, left_out, no_interval, too_few
from synth.verify.judge.coefficient import judge_coefficient
from synth.verify.judge.contest import judge_ranking
from synth.verify.judge.counts import judge_count
from synth.verify.judge.decision import (
    DOWNWARD,
    NEITHER,
    TESTABLE,
    UPWARD,
    WITHIN_SESOI,
    Case,
    Decision,
    case_of,
    deciding,
)
from synth.verify.judge.equivalence import Closeness
from synth.verify.judge.failures import Failure
from synth.verify.judge.outcome import Outcome
from synth.verify.judge.rule import Rule, assess, goes_on, settled, words
from synth.verify.statistics.estimates import OVER_LANGUAGES, PerSeed, detectable, mean_and_sd, per_seed
from synth.verify.statistics.measurement import Measurement
from synth.verify.statistics.replication import Spread, estimate_over, spread
from synth.verify.stored import as_stored

__all__ = [
    "DOWNWARD",
    "MINIMUM_LANGUAGES",
    "NEITHER",
    "TESTABLE",
    "UPWARD",
    "Outcome",
    "Rule",
    "decide",
    "judge",
]


def decide(
    estimate: Estimate, direction: str, sesoi: float, sized: bool = False
) -> tuple[Decision, Reason[VerdictReason]]:
    """Return what one estimate with an interval decides, and why. `sized`: a magnitude may be spoken of."""
    case = case_of(estimate.value, estimate.low, estimate.high, direction, sesoi)
    return case.decision(sized), Reason(case.why, {"sesoi": sesoi})


def judge(
    measurements: Sequence[Measurement],
    rule: Rule,
    fidelity: str,
    gate: Mapping[str, object],
    invalid_arms: Mapping[str, str],
    altered: bool = False,
    families: Families | None = None,
    failures: Sequence[Failure] = (),
) -> Outcome:
    """Return the verdict for one prediction.

    `failures`: seeds that have no measurement. They are left out with all their arms; more than the rule allows leave
    no verdict. The other arguments are those of `_verdict`.
    """
    lost = failed.counted(failures, rule)
    without = {failure.seed for failure in lost}
    run = {m.seed for m in measurements if m.arm in (rule.treatment, rule.baseline, *rule.rivals)} | without
    why = failed.reason(lost, len(run), rule)
    left = [m for m in measurements if m.seed not in without]
    outcome = _verdict(left, failed.after(lost, rule), fidelity, gate, invalid_arms, altered, families)
    if why is None:
        return outcome
    if why.code is VerdictReason.SEEDS_LEFT_OUT:
        return replace(outcome, reasons=[*outcome.reasons, why])
    return Outcome("inconclusive", outcome.estimate, outcome.control, [why], outcome.analysis)


def _verdict(
    measurements: Sequence[Measurement],
    rule: Rule,
    fidelity: str,
    gate: Mapping[str, object],
    invalid_arms: Mapping[str, str],
    altered: bool,
    families: Families | None,
) -> Outcome:
    """Return the verdict of seeds that were all measured.

    `gate` holds `passed` and `reason`; `invalid_arms` arm → why; `altered`: the run's parameters or model are not those
    of the fidelity, so that even at `paper` no magnitude may be spoken of; `families`: of the languages, as far as
    known.
    """
    at_paper = fidelity == "paper" and not altered
    if rule.kind == "count":
        return judge_count(measurements, rule, fidelity == "paper", at_paper, invalid_arms)
    if rule.kind == "coefficient":
        return judge_coefficient(measurements, rule, gate, invalid_arms, decide)
    families = families or {}
    if rule.kind == "ranking":
        return judge_ranking(measurements, rule, at_paper, gate, invalid_arms, families)
    seeds = per_seed(measurements, rule.comparison, rule.metric)
    level = rule.level(len(seeds.values))
    unit = rule.unit_of_replication
    found, control = (
        estimate_over(measurements, rule.comparison, metric, unit, level, families)
        for metric in (rule.metric, rule.control_metric)
    )
    few = too_few(seeds, measurements, rule)
    why = blocked(measurements, seeds, rule, at_paper, gate, invalid_arms) or few
    more = bool(few) and why == few and not rule.repeats and bool(rule.looks)
    drawn = None
    if not rule.repeated:
        drawn = spread(measurements, rule.comparison, rule.metric, unit, families)
        why = why or no_interval(unit, drawn)
    if why:
        return Outcome("inconclusive", found, control, why, goes_on=more)
    return _judged(measurements, seeds, found, control, rule, fidelity, altered, families, drawn)


def _judged(
    measurements: Sequence[Measurement],
    seeds: PerSeed,
    found: Estimate,
    control: Estimate,
    rule: Rule,
    fidelity: str,
    altered: bool,
    families: Families,
    drawn: Spread | None,
) -> Outcome:
    """Return the verdict where nothing blocks one.

    `drawn`: the estimate over languages or sentences, None over seeds.
    """
    sized = fidelity == "paper" and not altered and not rule.direction_only
    values = list(seeds.values.values())
    n = len(values)
    mean, sd = mean_and_sd(values) if n > 1 else (values[0], 0.0)
    if drawn is None:
        cases, sizes = assess(mean, sd, n, rule, sized)
        case, size = Case(int(cases)), Closeness(int(sizes))
        more = bool(goes_on(mean, sd, n, rule, sized))
    else:
        case, size = _assessed(found, rule, sized)
        left = bool(rule.looks) and n < rule.looks[-1][0] and drawn.seeds > 1
        more = left and not bool(settled(case, size, rule, sized))
    decided, why = case.decision(sized), Reason(case.why, {"sesoi": rule.sesoi})
    word = words(case, size, rule, sized)
    others = other_languages(measurements, rule, list(seeds.values), families)
    again = repeats(measurements, rule, values)
    reasons = [_estimate(rule, found, drawn), why, *_looks(rule, n, decided, more), *gaps(measurements, rule)]
    contrary = _contrary(rule, control, found, case, decided) or _unshared(rule, others, case)
    if rule.statistic in OVER_LANGUAGES:
        reasons += [_power(found, rule, others), *left_out(seeds, rule)]
    else:
        reasons += _over_others(rule, others)
    if rule.control_metric and control.value is not None:
        shown = {"metric": rule.control_metric, "unit": rule.unit, **ends(control)}
        reasons.append(Reason(VerdictReason.CONTROL, shown))
    beside = _analysis(rule, n, size, others, again, drawn)
    if contrary and decided != Decision.INCONCLUSIVE:
        return Outcome("inconclusive", found, control, [*reasons, contrary], beside)
    if fidelity == "paper" and decided != Decision.INCONCLUSIVE:
        spoken = drawn is None or again.prediction_interval is not None
        reasons += _scope(rule, altered) or (_magnitude(rule, size, found, float(sd), again) if spoken else [])
    return Outcome(word, found, control, reasons, beside, more)


def _assessed(found: Estimate, rule: Rule, sized: bool) -> tuple[Case, Closeness]:
    """Return the case, and the closeness of the magnitude, of an interval that is not over seeds.

    The magnitude is the claimed one if the interval lies within what the printed number and the SESOI leave open.
    """
    low, high = found.low, found.high
    case = case_of(found.value, low, high, rule.direction, rule.sesoi)
    if not sized or rule.claimed is None or low is None or high is None:
        return case, Closeness.OPEN
    if abs(low - rule.claimed) < rule.known and abs(high - rule.claimed) < rule.known:
        return case, Closeness.SAME
    apart = low > rule.claimed + rule.known or high < rule.claimed - rule.known
    return case, Closeness.DIFFERENT if apart else Closeness.OPEN


def _analysis(
    rule: Rule, n: int, size: Closeness, others: OtherLanguages | None, again: Repeats, drawn: Spread | None
) -> dict[str, JsonValue]:
    """Return the values that are stored beside the verdict."""
    found: dict[str, JsonValue] = {"kind": rule.kind, "level": 1 - rule.level(n)}
    found |= {"other_languages": others.stored() if others else {}, **as_stored(again)}
    found["unit_of_replication"] = str(rule.unit_of_replication)
    if drawn is not None:
        found["variances"] = {str(unit): variance for unit, (variance, _) in drawn.variances.items()}
        found["families"], found["sentences"] = drawn.families, drawn.sentences
    if rule.claimed is not None:
        found["magnitude"] = size.word
    if rule.looks:
        found["looks"] = [seeds for seeds, _ in rule.looks if seeds <= n]
    return found


# -------------------------------------------------------------------------------------- what decides against


def _contrary(
    rule: Rule, control: Estimate, found: Estimate, case: Case, decided: Decision
) -> Reason[VerdictReason] | None:
    """Return why the control keeps a decision from standing, or None."""
    if not rule.control_metric:
        return None
    if control.value is None:
        return Reason(VerdictReason.CONTROL_NOT_MEASURED, {"metric": rule.control_metric})
    if decided == Decision.INCONCLUSIVE:
        return None
    if _opposed(found, control):
        return Reason(VerdictReason.CONTROL_OPPOSED)
    low, high = control.low, control.high
    if case in WITHIN_SESOI and low is not None and high is not None and (low > rule.sesoi or high < -rule.sesoi):
        return Reason(VerdictReason.CONTROL_MATTERS)
    return None


def _opposed(a: Estimate, b: Estimate) -> bool:
    """Both intervals exclude 0, on different sides."""
    if None in (a.low, a.high, b.low, b.high):
        return False
    return (a.low > 0 and b.high < 0) or (a.high < 0 and b.low > 0)  # type: ignore[operator]


def _unshared(rule: Rule, others: OtherLanguages | None, case: Case) -> Reason[VerdictReason] | None:
    """Return why languages keep a decision on a correlation judged by seeds from standing, or None."""
    if rule.statistic != "correlation" or not rule.repeated or case not in deciding(False):
        return None
    if others is None or not others.interval:
        counts = (
            {"languages": others.languages, "families": others.families} if others else {"languages": 0, "families": 0}
        )
        return Reason(VerdictReason.FEW_FAMILIES, counts)
    if agrees(others.interval, case, rule.direction, rule.sesoi):
        return None
    return Reason(VerdictReason.FAMILIES_DISAGREE)


def agrees(over: tuple[float, float], case: Case, direction: str, sesoi: float) -> bool:
    """Return True if the interval over families says the same as `case` of `judge.decision`.

    That the effect is large enough to matter is for the measured languages to show, here only the interval counts.
    """
    low, high = over
    if case in WITHIN_SESOI:
        return -sesoi < low and high < sesoi
    side = case.decision(False)
    if direction in NEITHER:
        return low > sesoi or high < -sesoi
    upward = (direction in UPWARD) == (side == Decision.SUPPORTED)
    return low > 0 if upward else high < 0


# ------------------------------------------------------------------------------------------------ beside a decision


def _estimate(rule: Rule, found: Estimate, drawn: Spread | None) -> Reason[VerdictReason]:
    """Return what was estimated, over what, and the claimed direction. `drawn`: None over seeds or models."""
    replicates = {"seeds": found.seeds, "languages": found.languages}
    if drawn is not None:
        replicates = {name: getattr(drawn, name) for name in ("seeds", "languages", "families", "sentences")}
    parameters: Parameters = {
        "comparison": str(rule.comparison),
        "metric": rule.metric,
        "statistic": rule.statistic,
        "axis": rule.comparison.axis,
        "unit": rule.unit,
        "direction": rule.direction,
        "replicated": str(rule.unit_of_replication),
        **ends(found),
        **replicates,
    }
    return Reason(VerdictReason.ESTIMATE, parameters)


def _looks(rule: Rule, n: int, word: str, more: bool) -> Reasons:
    """Return how many seeds it took, where they were added one by one."""
    if not rule.looks:
        return []
    last = rule.looks[-1][0]
    futile = word == "inconclusive" and n < last and not more
    levels = {"level": 1 - rule.level(n), "together": 1 - rule.alpha}
    return [Reason(VerdictReason.SEED_BY_SEED, {"seeds": n, "most": last, "futile": futile, **levels})]


def _power(found: Estimate, rule: Rule, others: OtherLanguages | None) -> Reason[VerdictReason]:
    """Return what the number of languages allows to be said of other languages."""
    smallest = detectable(found.languages, rule.alpha)
    if smallest is None:
        return Reason(VerdictReason.NOT_DETECTABLE, {"languages": found.languages})
    low, high = (others and others.interval) or (None, None)
    undetected = rule.statistic == "correlation" and found.value is not None and abs(found.value) < smallest
    parameters: Parameters = {
        "languages": found.languages,
        "smallest": float(smallest),
        "alpha": rule.alpha,
        "power": others.power if others else "",
        "low": low,
        "high": high,
        "repeated": rule.repeated,
        "undetected": bool(undetected),
    }
    return Reason(VerdictReason.DETECTABLE, parameters)


def _over_others(rule: Rule, others: OtherLanguages | None) -> Reasons:
    if others is None or not others.interval:
        return []
    low, high = others.interval
    counts = {"families": others.families, "languages": others.languages}
    return [Reason(VerdictReason.OTHER_LANGUAGES, {"low": low, "high": high, "unit": rule.unit, **counts})]


def _scope(rule: Rule, altered: bool) -> Reasons:
    """Return why a verdict in the published setting still speaks of the direction alone; empty where it does not."""
    if altered:
        return [Reason(VerdictReason.ALTERED)]
    return [Reason(VerdictReason.DIRECTION_ONLY, {"why": rule.direction_only})] if rule.direction_only else []


def _magnitude(rule: Rule, size: Closeness, found: Estimate, sd: float, again: Repeats) -> Reasons:
    """Return the claimed number against the measured one."""
    if rule.claimed is None or again.prediction_interval is None:
        return []
    low, high = again.prediction_interval
    parameters: Parameters = {
        "magnitude": size.word,
        "claimed": rule.claimed,
        "unit": rule.unit,
        "known": rule.known,
        "spread": rule.spread,
        "sd": sd,
        "low": float(low),
        "high": float(high),
        "share": bool(0 < abs(rule.claimed) <= 1 and found.value and low <= 100 * rule.claimed <= high),
    }
    return [Reason(VerdictReason.MAGNITUDE, parameters)]
