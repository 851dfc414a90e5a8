"""The verdict on one term of a model that was fitted to published figures. Pure.

The laboratory gives the term's estimate by a mixed model with its standard errors over families of languages and over
series of models, and the same term by least squares with its error over resampled families and series
(`repro.published.mixed_model`). Here both become intervals at the level of the rule:

* the mixed model's has the two errors added, and Student's t with Satterthwaite's degrees of freedom (1946, Biometrics
  Bulletin 2, 110–114), each error having one degree less than there are families or series;
* the resampled one has Student's t with one degree less than the fewer of the two.

The mixed model decides, and only what the resampled interval says as well stands; where it did not converge the
resampled one decides alone, which is said. Other ways to analyse the figures are counted and decide nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from statistics import NormalDist

from synth.core.estimate import Estimate
from synth.core.reasons import Parameters, Reason
from synth.core.reasons.verdicts import VerdictReason, ends
from synth.core.types import JsonValue
from synth.verify.judge.blocks import Reasons, barred
from synth.verify.judge.outcome import NOTHING, Outcome
from synth.verify.judge.rule import Rule
from synth.verify.statistics.estimates import t_quantile
from synth.verify.statistics.measurement import Measurement, number

ALL = "all"  # in the place of a language
MIN_FAMILIES = 3  # families
POWER = 0.8
ALL_FAMILIES = 254  # of the languages in WALS Online v2020.4
Decide = Callable[[Estimate, str, float], tuple[str, Reason[VerdictReason]]]


@dataclass(frozen=True)
class Error:
    """A standard error and the degrees of freedom of its estimate."""

    size: float
    degrees: float

    def half(self, alpha: float) -> float:
        """Return half the width of the interval at level 1 − `alpha`."""
        return t_quantile(1 - alpha / 2, self.degrees) * self.size


@dataclass(frozen=True)
class Term:
    """Estimates of a term by the laboratory; None where it could not be estimated.

    `others`: way → (estimate, standard error, families).
    """

    mixed: tuple[float, Error] | None
    resampled: tuple[float, Error] | None
    families: int
    series: int
    languages: int
    others: Mapping[str, tuple[float, float, int]]


def judge_coefficient(
    measurements: Sequence[Measurement],
    rule: Rule,
    gate: Mapping[str, object],
    invalid_arms: Mapping[str, str],
    decide: Decide,
) -> Outcome:
    """Return the verdict for a term of the registered model; `decide` is the table of `decision` in words."""
    term = read(measurements, rule)
    deciding = term.mixed or term.resampled
    found = _estimate(deciding, term, rule.alpha)
    resampled = _estimate(term.resampled, term, rule.alpha)
    if why := _blocked(term, rule, gate, invalid_arms):
        return Outcome("inconclusive", found, resampled, [why])
    assert deciding
    word, why = decide(found, rule.direction, rule.sesoi)
    reasons, contrary = [_fitted(found, term, rule), why], None
    if term.mixed is None:
        reasons.append(Reason(VerdictReason.NOT_CONVERGED))
    else:
        reasons.append(Reason(VerdictReason.RESAMPLED, ends(resampled)))
        if term.resampled is None:
            contrary = VerdictReason.NOT_RESAMPLED
        elif word != "inconclusive" and decide(resampled, rule.direction, rule.sesoi)[0] != word:
            contrary = VerdictReason.RESAMPLED_OPEN
    reasons += [Reason(contrary)] if contrary else []
    verdict = "inconclusive" if contrary else _words(word)
    widest = max((one[1] for one in (term.mixed, term.resampled) if one), key=lambda error: error.half(rule.alpha))
    reasons += _other_ways(found, term, rule)
    reasons += [_needed(widest, term, rule)] if verdict == "inconclusive" else []
    return Outcome(verdict, found, resampled, reasons, _analysis(term, rule, resampled, widest))


def _fitted(found: Estimate, term: Term, rule: Rule) -> Reason[VerdictReason]:
    """Return the coefficient, over what it was estimated, and the claimed direction."""
    counts = {"languages": term.languages, "families": term.families, "series": term.series}
    names = {"covariate": rule.covariate, "metric": rule.metric, "unit": rule.unit, "direction": rule.direction}
    return Reason(VerdictReason.COEFFICIENT, {**names, **ends(found), **counts})


def read(measurements: Sequence[Measurement], rule: Rule) -> Term:
    """Collect the rows of the rule's term, and count the languages that its figures are of."""
    rows: dict[str, tuple[float, int]] = {}
    languages = set()
    for m in measurements:
        value = number(m.value)
        if m.arm != rule.treatment or value is None:
            continue
        if m.language != ALL:
            languages.add(m.language)
            continue
        name, _, what = m.metric.partition(" | ")
        if name == rule.covariate:
            rows[what] = (value, m.n or 0)
    families = next((rows[name][1] for name in ("estimate", "least squares") if name in rows), 0)
    series = rows.get("error over series", (0.0, 1))[1]
    return Term(_mixed(rows), _resampled(rows), families, series, len(languages), _others(rows))


def _mixed(rows: Mapping[str, tuple[float, int]]) -> tuple[float, Error] | None:
    if "estimate" not in rows or "error over families" not in rows:
        return None
    errors = [rows[name] for name in ("error over families", "error over series") if name in rows]
    total = sum(size**2 for size, _ in errors)
    parts = sum(size**4 / (groups - 1) for size, groups in errors if groups > 1)
    return rows["estimate"][0], Error(sqrt(total), max(1.0, total**2 / parts if parts else 1.0))


def _resampled(rows: Mapping[str, tuple[float, int]]) -> tuple[float, Error] | None:
    if "least squares" not in rows or "resampled error" not in rows:
        return None
    size, groups = rows["resampled error"]
    return rows["least squares"][0], Error(size, max(1, groups - 1))


def _others(rows: Mapping[str, tuple[float, int]]) -> dict[str, tuple[float, float, int]]:
    ways = {}
    for what, (value, families) in rows.items():
        kind, _, way = what.partition(", ")
        if kind == "estimate" and way and f"error, {way}" in rows:
            ways[way] = (value, rows[f"error, {way}"][0], families)
    return ways


def _estimate(term_estimate: tuple[float, Error] | None, term: Term, alpha: float) -> Estimate:
    if term_estimate is None:
        return NOTHING
    value, half = term_estimate[0], term_estimate[1].half(alpha)
    return Estimate(value, value - half, value + half, 1, term.languages)


def _blocked(
    term: Term, rule: Rule, gate: Mapping[str, object], invalid_arms: Mapping[str, str]
) -> Reason[VerdictReason] | None:
    """Return why no verdict can be given, or None."""
    if why := barred(rule, gate, invalid_arms):
        return why
    if term.mixed is None and term.resampled is None:
        return Reason(VerdictReason.NOT_ESTIMABLE, {"covariate": rule.covariate})
    if term.families < MIN_FAMILIES:
        counts = {"languages": term.languages, "families": term.families, "needed": MIN_FAMILIES}
        return Reason(VerdictReason.TOO_FEW_FAMILIES, counts)
    return None


def _words(word: str) -> str:
    return f"direction {word}" if word in ("supported", "contradicted") else str(word)


def _other_ways(found: Estimate, term: Term, rule: Rule) -> Reasons:
    """Return how often other ways to analyse the figures say the same; empty where there are none."""
    if not term.others or found.value is None:
        return []
    same = [way for way, (value, _, _) in term.others.items() if value * found.value > 0]
    apart = {
        way: value for way, (value, error, groups) in term.others.items() if _leaves_out(value, error, groups, rule)
    }
    firm = [way for way in same if way in apart]
    against = [way for way in apart if way not in same]
    counts = {"ways": len(term.others), "same": len(same), "firm": len(firm)}
    ways = {"turned": [way for way in term.others if way not in same], "against": against}
    return [Reason(VerdictReason.OTHER_WAYS, {**counts, **ways})]


def _leaves_out(value: float, error: float, groups: int, rule: Rule) -> bool:
    return abs(value) > t_quantile(1 - rule.alpha / 2, max(1, groups - 1)) * error


def _needed(error: Error, term: Term, rule: Rule) -> Reason[VerdictReason]:
    """Return what these figures can detect, and how many families and series would detect the SESOI."""
    spread = (NormalDist().inv_cdf(1 - rule.alpha / 2) + NormalDist().inv_cdf(POWER)) * error.size
    smallest = error.half(rule.alpha) + NormalDist().inv_cdf(POWER) * error.size
    times = (spread / rule.sesoi) ** 2
    parameters: Parameters = {
        "power": POWER,
        "smallest": float(smallest),
        "unit": rule.unit,
        "sesoi": rule.sesoi,
        "times": float(times),
        "needed": ceil(times * term.families),
        "known": ALL_FAMILIES,
        "families": term.families,
    }
    return Reason(VerdictReason.POWER, parameters)


def _analysis(term: Term, rule: Rule, resampled: Estimate, widest: Error) -> dict[str, JsonValue]:
    """Return the values that are stored beside the verdict."""
    return {
        "kind": rule.kind,
        "level": 1 - rule.alpha,
        "families": term.families,
        "series": term.series,
        "converged": term.mixed is not None,
        "resampled": [resampled.value, resampled.low, resampled.high],
        "standard_error": widest.size,
        "other_ways": {way: [value, error] for way, (value, error, _) in term.others.items()},
    }
