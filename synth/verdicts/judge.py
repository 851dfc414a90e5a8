"""The judge: pure functions from measurements and a rule, fixed before the run, to a verdict.

The rule for one contrast (treatment arm, as a rule against a baseline arm, on one metric):

* `synth.estimates` gives one number a seed (the contrast's statistic: a mean difference over the target languages, a
  slope or a rank correlation over them) and their mean with Student's t interval over seeds at level 1 − alpha (with
  three seeds the quantile is 4.30, so the interval is wide on purpose);
* claimed *increase* or *positive*: supported if the interval lies above 0 and the estimate reaches the SESOI;
  contradicted if it lies below 0, or inside ±SESOI without excluding 0 (no effect that matters: two one-sided tests,
  Schuirmann 1987); otherwise inconclusive. Claimed *decrease* or *negative*: mirrored. Claimed *no effect*: supported
  inside ±SESOI, contradicted wholly outside it;
* the same statistic under the control metric is computed beside it. If it excludes 0 on the other side, the two
  scoring rules disagree and the outcome is inconclusive;
* a gate that failed, an arm whose task was not learnt, too few seeds, or too few languages for a slope or a
  correlation make it inconclusive before any of that; seeds whose results are the very same one, because nothing in
  the contrast was trained anew, are one seed;
* at `paper` the claimed value is held against the interval, if task and unit of the claim are those that were measured;
* a *count* is compared exactly, and only where what was counted is the published set.

Seeds say how well the number holds up on these languages, not how it would turn out on others: beside a slope or a
correlation the reason states the smallest |r| that a test over that many languages would detect.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from synth.estimates import (
    OVER_LANGUAGES,
    Comparison,
    Estimate,
    Measurement,
    PerSeed,
    detectable,
    interval,
    number,
    one_measurement,
    per_seed,
)

UPWARD = ("increase", "greater", "positive")
DOWNWARD = ("decrease", "less", "negative")
NEITHER = ("no effect", "equal")
TESTABLE = UPWARD + DOWNWARD + NEITHER
# Two points always lie on a line, and four ranks agree by chance once in twenty-four.
MINIMUM_LANGUAGES = {"slope": 3, "correlation": 5}
NAMED = 8  # languages named in a reason before the rest is only counted
ALTERED = "Parameters or model of the run are not the published ones, so only the direction is spoken of."


@dataclass(frozen=True)
class Rule:
    """What decides, as stored before the run. `sesoi` in `unit`; `alpha` two-sided; `direction` that of the statistic.

    `statistic`, `covariate`, `languages`, `repeats`, `baseline_metric`: as in `synth.estimates.Comparison`.
    `direction_only`: why the claimed value is not comparable with the measured one
    (`synth.verdicts.linking.direction_only`), "" where it is.
    """

    treatment: str
    baseline: str
    metric: str
    control_metric: str
    direction: str
    value: float | None
    sesoi: float
    alpha: float
    minimum_seeds: int
    unit: str = "points"
    statistic: str = "mean"
    covariate: str = "distance"
    languages: tuple[str, ...] = ()
    repeats: tuple[tuple[int, ...], ...] = ()
    direction_only: str = ""
    baseline_metric: str = ""

    @property
    def comparison(self) -> Comparison:
        return Comparison(
            self.treatment,
            self.baseline,
            self.statistic,
            self.covariate,
            self.languages,
            self.repeats,
            self.baseline_metric,
        )


@dataclass(frozen=True)
class Outcome:
    """A verdict with the numbers and the words that carry it."""

    verdict: str
    estimate: Estimate
    control: Estimate
    reason: str


def decide(found: Estimate, direction: str, sesoi: float) -> tuple[str, str]:
    """("supported" | "contradicted" | "inconclusive", why) for one estimate with an interval."""
    if found.value is None or found.low is None or found.high is None:
        return "inconclusive", "too few seeds for an interval"
    if direction in NEITHER:
        return _decide_no_effect(found.low, found.high, sesoi)
    sign = 1 if direction in UPWARD else -1
    low, high = sorted((sign * found.low, sign * found.high))
    value = sign * found.value
    within = -sesoi < low and high < sesoi
    if low > 0 and value >= sesoi:
        return (
            "supported",
            f"the interval lies on the claimed side and the estimate reaches the SESOI of {sesoi:g}",
        )
    if high < 0:
        return "contradicted", "the interval lies on the side opposite to the claim"
    if within and low <= 0:
        return "contradicted", f"the interval lies inside ±{sesoi:g}: no effect that matters"
    if low > 0:
        return (
            "inconclusive",
            f"the direction is the claimed one, but the estimate is below the SESOI of {sesoi:g}",
        )
    return "inconclusive", "the interval includes 0 and effects that matter: under-powered"


def _decide_no_effect(low: float, high: float, sesoi: float) -> tuple[str, str]:
    if -sesoi < low and high < sesoi:
        return "supported", f"the interval lies inside ±{sesoi:g}: no effect that matters"
    if low > sesoi or high < -sesoi:
        return "contradicted", f"the interval lies outside ±{sesoi:g}: there is an effect that matters"
    return "inconclusive", f"the interval reaches over ±{sesoi:g}: under-powered"


def judge(
    measurements: Sequence[Measurement],
    rule: Rule,
    fidelity: str,
    gate: Mapping[str, object],
    invalid_arms: Mapping[str, str],
    altered: bool = False,
) -> Outcome:
    """The verdict for one prediction.

    `gate` holds `passed` and `reason`; `invalid_arms` arm → why; `altered`: the run's parameters or model are not those
    of the rung, so that even at `paper` no magnitude may be spoken of.
    """
    at_paper = fidelity == "paper" and not altered
    if rule.statistic == "count":
        return _judge_count(measurements, rule, fidelity == "paper", at_paper, invalid_arms)
    seeds = per_seed(measurements, rule.comparison, rule.metric)
    found = interval(seeds, rule.statistic, rule.alpha)
    control = interval(per_seed(measurements, rule.comparison, rule.control_metric), rule.statistic, rule.alpha)
    blocked = _blocked(seeds, rule, gate, invalid_arms)
    if blocked:
        return Outcome("inconclusive", found, control, blocked)
    decision, why = decide(found, rule.direction, rule.sesoi)
    reason = (
        f"{_what(rule)}: {found} {rule.unit} over {found.seeds} seeds and "
        f"{found.languages} languages; claimed direction: {rule.direction}; {why}."
    )
    if rule.statistic in OVER_LANGUAGES:
        reason += _power(found, rule) + _left_out(seeds, rule)
    if rule.control_metric and control.value is not None:
        reason += f" Under {rule.control_metric}: {control} {rule.unit}."
        if decision != "inconclusive" and _opposed(found, control):
            reason += " The two scoring rules disagree in sign, so the numbers carry no verdict."
            decision = "inconclusive"
    if fidelity == "paper" and decision != "inconclusive":
        reason += _scope(rule, altered)
    return Outcome(_word(decision, at_paper and not rule.direction_only, rule, found), found, control, reason)


def _scope(rule: Rule, altered: bool) -> str:
    """Why a verdict in the published setting still speaks of the direction alone, or ""."""
    if altered:
        return f" {ALTERED}"
    return f" Only the direction is spoken of: {rule.direction_only}." if rule.direction_only else ""


def _what(rule: Rule) -> str:
    """ "nli − untuned on accuracy", "Slope of nli − untuned on accuracy against distance"."""
    subject = f"{rule.comparison} on {rule.metric}"
    if rule.statistic == "slope":
        return f"Slope of {subject} against {rule.covariate}"
    if rule.statistic == "correlation":
        return f"Rank correlation of {subject} with {rule.covariate}"
    return subject


def _power(found: Estimate, rule: Rule) -> str:
    """What the number of languages allows to be said of other languages."""
    smallest = detectable(found.languages, rule.alpha)
    if smallest is None:
        return f" Over {found.languages} languages no correlation could be told from chance."
    text = (
        f" A test over {found.languages} languages detects |r| of {smallest:.2f} and more "
        f"(α = {rule.alpha:g}, power 0.8)"
    )
    if rule.statistic == "correlation" and found.value is not None and abs(found.value) < smallest:
        return f"{text}; the estimate is smaller, so it speaks of these languages alone."
    return f"{text}; the interval is over seeds and speaks of these languages."


def _left_out(seeds: PerSeed, rule: Rule) -> str:
    if not seeds.left_out:
        return ""
    named = ", ".join(seeds.left_out[:NAMED])
    more = f" and {len(seeds.left_out) - NAMED} more" if len(seeds.left_out) > NAMED else ""
    return f" Left out for want of {rule.covariate}: {named}{more}."


def _blocked(seeds: PerSeed, rule: Rule, gate: Mapping[str, object], invalid_arms: Mapping[str, str]) -> str:
    if not gate.get("passed"):
        return f"The gate did not pass: {gate.get('reason') or 'no reason on record'}."
    if invalid := _invalid(rule, invalid_arms):
        return invalid
    needed = MINIMUM_LANGUAGES.get(rule.statistic, 0)
    if len(seeds.languages) < needed:
        return (
            f"{len(seeds.languages)} languages were measured that have a value of {rule.covariate}; "
            f"a {rule.statistic} takes at least {needed}.{_left_out(seeds, rule)}"
        )
    if seeds.undefined:
        same = "the covariate is" if rule.statistic == "slope" else "the measured values or the covariate are"
        return (
            f"No {rule.statistic} exists for seed {', '.join(map(str, seeds.undefined))}: "
            f"{same} the same in every language."
        )
    if len(seeds.values) < rule.minimum_seeds:
        if rule.repeats:
            return one_measurement(rule.repeats)
        return f"{len(seeds.values)} complete seeds were measured; the rule asks for {rule.minimum_seeds}."
    return ""


def _invalid(rule: Rule, invalid_arms: Mapping[str, str]) -> str:
    for arm in (rule.treatment, rule.baseline):
        if arm in invalid_arms:
            return f"Arm {arm} is invalid: {invalid_arms[arm]}."
    return ""


def _opposed(a: Estimate, b: Estimate) -> bool:
    """Both intervals exclude 0, on different sides."""
    if None in (a.low, a.high, b.low, b.high):
        return False
    return (a.low > 0 and b.high < 0) or (a.high < 0 and b.low > 0)  # type: ignore[operator]


def _word(decision: str, sized: bool, rule: Rule, found: Estimate) -> str:
    """The vocabulary's word. `sized`: a magnitude may be spoken of (unaltered `paper` fidelity, same task and unit)."""
    if decision == "inconclusive":
        return "inconclusive"
    if not sized:
        return f"direction {decision}"
    if decision == "contradicted":
        return "not reproduced"
    if rule.value is None or rule.direction in NEITHER or found.low is None or found.high is None:
        return "reproduced"
    magnitude = abs(rule.value) if rule.direction in UPWARD else -abs(rule.value)
    return "reproduced" if found.low <= magnitude <= found.high else "partially reproduced"


# ------------------------------------------------------------------------------------------------ counts


def _judge_count(
    measurements: Sequence[Measurement], rule: Rule, paper: bool, at_paper: bool, invalid_arms: Mapping[str, str]
) -> Outcome:
    """One number, compared exactly. No gate and no seeds: a count does not depend on what a model learnt.

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
    nothing = Estimate(None, None, None, 0, 0)
    found = Estimate(values[0], None, None, len({m["seed"] for m in counted}), 0) if len(values) == 1 else nothing
    blocked = _invalid(rule, invalid_arms) or _uncountable(values, rule, published)
    if blocked or rule.value is None:
        return Outcome("inconclusive", found, nothing, blocked)
    equal = values[0] == rule.value
    reason = (
        f"A count was checked, exactly: {_number(values[0])} {rule.unit} in {rule.treatment}, as published; "
        f"the claim says {_number(rule.value)}."
    )
    if at_paper:
        return Outcome("reproduced" if equal else "not reproduced", found, nothing, reason)
    if paper:
        reason += f" {ALTERED}"
    return Outcome("direction supported" if equal else "direction contradicted", found, nothing, reason)


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
