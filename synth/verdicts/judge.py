"""The judge: pure functions from measurements and a rule, fixed before the run, to a verdict.

The rule for one contrast (treatment arm, as a rule against a baseline arm, on one metric):

* `synth.estimates` gives one number a seed (the contrast's statistic: a mean difference over the target languages, a
  slope or a rank correlation over them) and their mean with Student's t interval over seeds at level 1 − alpha (with
  three seeds the quantile is 4.30, so the interval is wide on purpose); where seeds are added one by one, at the level
  of the look (`synth.verdicts.sequential`);
* what that interval says of the claimed direction is the table of `synth.verdicts.decision`;
* a *correlation* is a statement about languages: it is decided only if the interval over resampled families of
  languages (`synth.verdicts.correlation`) says the same;
* *best* and *worst* take the leads over all other arms (`synth.verdicts.ranking`); a *count* is compared exactly, and
  only where what was counted is the published set (`synth.verdicts.counts`);
* the same statistic under the control metric is computed beside it. If it excludes 0 on the other side, the two
  scoring rules disagree and the outcome is inconclusive; so it is if the control was not measured;
* a gate that failed, an arm whose task was not learnt, too few seeds, too few languages, numbers on two scales, or a
  baseline that is not the published one make it inconclusive before any of that (`synth.verdicts.blocks`); seeds whose
  results are the very same one are one seed;
* at `paper` the claimed value is held against the measured one (`synth.verdicts.equivalence`), if task and unit of the
  claim are those that were measured. *Reproduced* says that the magnitude is the claimed one, *partially reproduced*
  that the direction is and the magnitude is another one or remains open.

Seeds say how well the number holds up on these languages, not how it would turn out on others: beside a mean stands a
hierarchical bootstrap over families, languages, sentences and seeds, and beside a slope or a correlation the smallest
|r| that a test over that many languages would detect.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from synth.estimates import (
    OVER_LANGUAGES,
    Estimate,
    Measurement,
    PerSeed,
    detectable,
    interval,
    mean_and_sd,
    per_seed,
)
from synth.verdicts import decision
from synth.verdicts.analysis import Families, other_languages, repeats
from synth.verdicts.blocks import ALTERED, MINIMUM_LANGUAGES, blocked, gaps, left_out, too_few
from synth.verdicts.contest import judge_ranking
from synth.verdicts.correlation import agrees
from synth.verdicts.counts import judge_count
from synth.verdicts.decision import DOWNWARD, NEITHER, TESTABLE, UPWARD
from synth.verdicts.equivalence import DIFFERENT, SAME
from synth.verdicts.outcome import Outcome
from synth.verdicts.rule import Rule, assess, goes_on, words

__all__ = [
    "ALTERED",
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


def decide(found: Estimate, direction: str, sesoi: float) -> tuple[str, str]:
    """("supported" | "contradicted" | "inconclusive", why) for one estimate with an interval."""
    mean, low, high = (float("nan") if x is None else x for x in (found.value, found.low, found.high))
    return _case(int(decision.cases(mean, low, high, direction, sesoi)), sesoi)


def _case(case: int, sesoi: float) -> tuple[str, str]:
    word, why = decision.CASES[case]
    return word, why.format(sesoi=sesoi)


def judge(
    measurements: Sequence[Measurement],
    rule: Rule,
    fidelity: str,
    gate: Mapping[str, object],
    invalid_arms: Mapping[str, str],
    altered: bool = False,
    families: Families | None = None,
) -> Outcome:
    """The verdict for one prediction.

    `gate` holds `passed` and `reason`; `invalid_arms` arm → why; `altered`: the run's parameters or model are not those
    of the rung, so that even at `paper` no magnitude may be spoken of; `families`: of the languages, as far as known.
    """
    at_paper = fidelity == "paper" and not altered
    if rule.kind == "count":
        return judge_count(measurements, rule, fidelity == "paper", at_paper, invalid_arms)
    if rule.kind == "ranking":
        return judge_ranking(measurements, rule, at_paper, gate, invalid_arms)
    seeds = per_seed(measurements, rule.comparison, rule.metric)
    level = rule.level(len(seeds.values))
    found = interval(seeds, rule.statistic, level)
    control = interval(per_seed(measurements, rule.comparison, rule.control_metric), rule.statistic, level)
    few = too_few(seeds, measurements, rule)
    if why := blocked(measurements, seeds, rule, at_paper, gate, invalid_arms) or few:
        more = why == few and not rule.repeats and bool(rule.looks)
        return Outcome("inconclusive", found, control, why, goes_on=more)
    return _judged(measurements, seeds, found, control, rule, fidelity, altered, families or {})


def _judged(
    measurements: Sequence[Measurement],
    seeds: PerSeed,
    found: Estimate,
    control: Estimate,
    rule: Rule,
    fidelity: str,
    altered: bool,
    families: Families,
) -> Outcome:
    sized = fidelity == "paper" and not altered and not rule.direction_only
    values = list(seeds.values.values())
    n, (mean, sd) = len(values), mean_and_sd(values)
    case, size = (int(x) for x in assess(mean, sd, n, rule, sized))
    more = bool(goes_on(mean, sd, n, rule, sized))
    word, why = _case(case, rule.sesoi)
    others = other_languages(measurements, rule, list(seeds.values), families)
    again = repeats(measurements, rule, values)
    reason = (
        f"{_what(rule)}: {found} {rule.unit} over {found.seeds} seeds and "
        f"{found.languages} languages; claimed direction: {rule.direction}; {why}."
    )
    reason += _looks(rule, n, word, more) + gaps(measurements, rule)
    contrary = _contrary(rule, control, found, word) or _unshared(rule, others, case)
    if rule.statistic in OVER_LANGUAGES:
        reason += _power(found, rule, others) + left_out(seeds, rule)
    else:
        reason += _over_others(rule, others)
    if rule.control_metric and control.value is not None:
        reason += f" Under {rule.control_metric}: {control} {rule.unit}."
    if contrary and word != "inconclusive":
        return Outcome("inconclusive", found, control, reason + contrary, _analysis(rule, n, size, others, again))
    if fidelity == "paper" and word != "inconclusive":
        reason += _scope(rule, altered) or _magnitude(rule, size, found, float(sd), again)
    verdict = words(case, size, rule, sized)
    return Outcome(verdict, found, control, reason, _analysis(rule, n, size, others, again), more)


def _analysis(rule: Rule, n: int, size: int, others: dict[str, Any], again: dict[str, Any]) -> dict[str, Any]:
    """What is stored beside the verdict."""
    found: dict[str, Any] = {"kind": rule.kind, "level": 1 - rule.level(n), "other_languages": others, **again}
    if rule.claimed is not None:
        found["magnitude"] = {SAME: "same", DIFFERENT: "different"}.get(size, "open")
    if rule.looks:
        found["looks"] = [seeds for seeds, _ in rule.looks if seeds <= n]
    return found


# -------------------------------------------------------------------------------------- what decides against


def _contrary(rule: Rule, control: Estimate, found: Estimate, word: str) -> str:
    """Why the control keeps a decision from standing, or ""."""
    if not rule.control_metric:
        return ""
    if control.value is None:
        return f" The control was not measured: without {rule.control_metric} the numbers carry no verdict."
    if word != "inconclusive" and _opposed(found, control):
        return " The two scoring rules disagree in sign, so the numbers carry no verdict."
    return ""


def _opposed(a: Estimate, b: Estimate) -> bool:
    """Both intervals exclude 0, on different sides."""
    if None in (a.low, a.high, b.low, b.high):
        return False
    return (a.low > 0 and b.high < 0) or (a.high < 0 and b.low > 0)  # type: ignore[operator]


def _unshared(rule: Rule, others: Mapping[str, Any], case: int) -> str:
    """Why languages keep a decision on a correlation from standing, or ""."""
    if rule.statistic != "correlation" or case not in decision.DECISIVE:
        return ""
    if not others.get("interval"):
        return (
            f" The {others.get('languages', 0)} languages are of {others.get('families', 0)} families, too few to be "
            "resampled, so nothing is said of languages."
        )
    if agrees(others["interval"], case, rule.direction, rule.sesoi):
        return ""
    return " It does not hold over resampled families of languages, so these languages are too few for a verdict."


# ------------------------------------------------------------------------------------------------ in words


def _what(rule: Rule) -> str:
    """ "nli − untuned on accuracy", "Slope of nli − untuned on accuracy against distance"."""
    subject = f"{rule.comparison} on {rule.metric}"
    if rule.statistic == "slope":
        return f"Slope of {subject} against {rule.comparison.axis}"
    if rule.statistic == "correlation":
        return f"Rank correlation of {subject} with {rule.comparison.axis}"
    return subject


def _looks(rule: Rule, n: int, word: str, more: bool) -> str:
    """How many seeds it took, where they were added one by one."""
    if not rule.looks:
        return ""
    last = rule.looks[-1][0]
    text = f" Seeds were added one by one, {n} of at most {last}"
    if word == "inconclusive" and n < last and not more:
        text += ", and no more: with the rest of them a decision had become improbable"
    level, overall = 1 - rule.level(n), 1 - rule.alpha
    return f"{text}; the interval is at level {level:.2%}, so that all looks together are at {overall:.4g}."


def _power(found: Estimate, rule: Rule, others: Mapping[str, Any]) -> str:
    """What the number of languages allows to be said of other languages."""
    smallest = detectable(found.languages, rule.alpha)
    if smallest is None:
        return f" Over {found.languages} languages no correlation could be told from chance."
    text = " " + (others.get("power") or _detects(found.languages, smallest, rule.alpha))
    if others.get("interval"):
        low, high = others["interval"]
        text += f". With families of languages resampled as well, the interval is [{low:+.2f}, {high:+.2f}]"
    if rule.statistic == "correlation" and found.value is not None and abs(found.value) < smallest:
        return f"{text}. The estimate is smaller than what can be detected, so it speaks of these languages alone."
    return f"{text}. The first interval is over seeds and speaks of these languages."


def _detects(languages: int, smallest: float, alpha: float) -> str:
    sizes = f"correlations of {smallest:.2f} and more"
    return f"With {languages} languages, {sizes} can be detected (α = {alpha:g}, power 0.8)"


def _over_others(rule: Rule, others: Mapping[str, Any]) -> str:
    if not others.get("interval"):
        return ""
    low, high = others["interval"]
    of = "languages" if others["families"] == others["languages"] else "families of languages, languages"
    return (
        f" For other languages than these: [{low:+.2f}, {high:+.2f}] {rule.unit}, resampling {of}, sentences and seeds."
    )


def _scope(rule: Rule, altered: bool) -> str:
    """Why a verdict in the published setting still speaks of the direction alone, or ""."""
    if altered:
        return f" {ALTERED}"
    return f" Only the direction is spoken of: {rule.direction_only}." if rule.direction_only else ""


def _magnitude(rule: Rule, size: int, found: Estimate, sd: float, again: Mapping[str, Any]) -> str:
    """The claimed number against the measured one."""
    if rule.claimed is None:
        return ""
    bounds = f"±({rule.known:g} + {rule.spread:.2f} standard deviations of {sd:.2f} between seeds)"
    said = {
        SAME: f"the measured one is within {bounds} of it",
        DIFFERENT: f"the measured one is farther from it than {bounds}",
    }.get(size, f"whether the measured one is within {bounds} of it remains open")
    text = f" Claimed: {rule.claimed:+g} {rule.unit}; {said}."
    low, high = again["prediction_interval"]
    text += f" One more run is expected in [{low:+.2f}, {high:+.2f}]."
    if 0 < abs(rule.claimed) <= 1 and found.value and low <= 100 * rule.claimed <= high:
        text += " The claimed number looks like a share, and points were measured."
    return text
