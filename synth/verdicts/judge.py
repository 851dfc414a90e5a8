"""The judge: pure functions from measurements and a rule, fixed before the run, to a verdict.

The rule for one contrast (treatment arm against baseline arm, one metric):

* per seed, the difference treatment − baseline is averaged over the target languages, so that languages are paired
  and the seed is the unit of replication;
* estimate = mean of those differences; interval = Student's t over seeds at level 1 − alpha (with three seeds the
  quantile is 4.30, so the interval is wide on purpose);
* claimed *increase*: supported if the interval lies above 0 and the estimate reaches the SESOI; contradicted if it
  lies below 0, or inside ±SESOI without excluding 0 (no effect that matters: two one-sided tests, Schuirmann 1987);
  otherwise inconclusive. Claimed *decrease*: mirrored. Claimed *no effect*: supported inside ±SESOI, contradicted
  wholly outside it;
* the same difference under the control metric is computed beside it. If it excludes 0 on the other side, the two
  scoring rules disagree and the outcome is inconclusive;
* a gate that failed, an arm whose task was not learnt, or too few seeds make it inconclusive before any of that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, sqrt
from statistics import fmean, stdev

UPWARD = ("increase", "greater")
DOWNWARD = ("decrease", "less")
NEITHER = ("no effect", "equal")
TESTABLE = UPWARD + DOWNWARD + NEITHER


@dataclass(frozen=True)
class Rule:
    """What decides, as stored before the run. `sesoi` in the metric's unit; `alpha` two-sided."""

    treatment: str
    baseline: str
    metric: str
    control_metric: str
    direction: str
    value: float | None
    sesoi: float
    alpha: float
    minimum_seeds: int


@dataclass(frozen=True)
class Estimate:
    """Mean difference over seeds with its interval; None where too few seeds were measured."""

    value: float | None
    low: float | None
    high: float | None
    seeds: int
    languages: int

    def __str__(self) -> str:
        if self.value is None:
            return "not estimable"
        if self.low is None or self.high is None:
            return f"{self.value:+.2f}"
        return f"{self.value:+.2f} [{self.low:+.2f}, {self.high:+.2f}]"


@dataclass(frozen=True)
class Outcome:
    """A verdict with the numbers and the words that carry it."""

    verdict: str
    estimate: Estimate
    control: Estimate
    reason: str


def estimate(
    measurements: Sequence[Mapping[str, object]], treatment: str, baseline: str, metric: str, alpha: float
) -> Estimate:
    """Paired difference treatment − baseline. Only (seed, language) pairs that both arms measured count."""
    values: dict[tuple[str, int, str], float] = {}
    for m in measurements:
        value = float(m["value"])  # type: ignore[arg-type]
        if m["metric"] == metric and isfinite(value):
            values[str(m["arm"]), int(m["seed"]), str(m["language"])] = value  # type: ignore[call-overload]
    by_seed: dict[int, list[float]] = {}
    languages = set()
    for (arm, seed, language), value in values.items():
        other = values.get((baseline, seed, language))
        if arm == treatment and other is not None:
            by_seed.setdefault(seed, []).append(value - other)
            languages.add(language)
    differences = [fmean(found) for found in by_seed.values() if len(found) == len(languages)]
    return _interval(differences, len(languages), alpha)


def _interval(differences: Sequence[float], languages: int, alpha: float) -> Estimate:
    n = len(differences)
    if n == 0:
        return Estimate(None, None, None, 0, languages)
    mean = fmean(differences)
    if n == 1:
        return Estimate(mean, None, None, 1, languages)
    from scipy.stats import t

    half = float(t.ppf(1 - alpha / 2, n - 1)) * stdev(differences) / sqrt(n)
    return Estimate(mean, mean - half, mean + half, n, languages)


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
    measurements: Sequence[Mapping[str, object]],
    rule: Rule,
    fidelity: str,
    gate: Mapping[str, object],
    invalid_arms: Mapping[str, str],
) -> Outcome:
    """The verdict for one prediction. `gate` holds `passed` and `reason`; `invalid_arms` arm → why."""
    found = estimate(measurements, rule.treatment, rule.baseline, rule.metric, rule.alpha)
    control = estimate(measurements, rule.treatment, rule.baseline, rule.control_metric, rule.alpha)
    blocked = _blocked(found, rule, gate, invalid_arms)
    if blocked:
        return Outcome("inconclusive", found, control, blocked)
    decision, why = decide(found, rule.direction, rule.sesoi)
    reason = (
        f"{rule.treatment} − {rule.baseline} on {rule.metric}: {found} points over {found.seeds} seeds and "
        f"{found.languages} languages; claimed direction: {rule.direction}; {why}."
    )
    if rule.control_metric and control.value is not None:
        reason += f" Under {rule.control_metric}: {control} points."
        if decision != "inconclusive" and _opposed(found, control):
            reason += " The two scoring rules disagree in sign, so the numbers carry no verdict."
            decision = "inconclusive"
    return Outcome(_word(decision, fidelity, rule, found), found, control, reason)


def _blocked(found: Estimate, rule: Rule, gate: Mapping[str, object], invalid_arms: Mapping[str, str]) -> str:
    if not gate.get("passed"):
        return f"The gate did not pass: {gate.get('reason') or 'no reason on record'}."
    for arm in (rule.treatment, rule.baseline):
        if arm in invalid_arms:
            return f"Arm {arm} is invalid: {invalid_arms[arm]}."
    if found.seeds < rule.minimum_seeds:
        return f"{found.seeds} complete seeds were measured; the rule asks for {rule.minimum_seeds}."
    return ""


def _opposed(a: Estimate, b: Estimate) -> bool:
    """Both intervals exclude 0, on different sides."""
    if None in (a.low, a.high, b.low, b.high):
        return False
    return (a.low > 0 and b.high < 0) or (a.high < 0 and b.low > 0)  # type: ignore[operator]


def _word(decision: str, fidelity: str, rule: Rule, found: Estimate) -> str:
    """The vocabulary's word. Only at `paper` fidelity may a magnitude be spoken of."""
    if decision == "inconclusive":
        return "inconclusive"
    if fidelity != "paper":
        return f"direction {decision}"
    if decision == "contradicted":
        return "not reproduced"
    if rule.value is None or found.low is None or found.high is None:
        return "reproduced"
    magnitude = rule.value if rule.direction in UPWARD else -abs(rule.value)
    return "reproduced" if found.low <= magnitude <= found.high else "partially reproduced"
