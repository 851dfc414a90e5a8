"""Analyses stored beside a verdict: other languages, one more run, the spread of repeats. Pure.

None of it decides on a mean difference: the claim is about the languages that were measured, and those are judged by
seeds. A correlation over languages is a statement about languages: there `statistics.correlation` does decide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from synth.core.types import JsonValue
from synth.verify.judge.blocks import Numbers, numbers
from synth.verify.judge.rule import Rule
from synth.verify.judge.scale import PERCENT
from synth.verify.statistics import bootstrap, correlation, permutation
from synth.verify.statistics.estimates import quantities, scores
from synth.verify.statistics.measurement import Measurement, covariates
from synth.verify.statistics.repetition import cv_star, prediction_interval
from synth.verify.statistics.replication import Families
from synth.verify.stored import as_stored


@dataclass(frozen=True)
class OtherLanguages:
    """Estimate for other languages than the measured ones.

    `interval`: None for fewer families than it takes. `power`: which correlations can be detected, in words; "" for a
    mean.
    """

    interval: tuple[float, float] | None
    families: int
    languages: int
    permutation_p: float | None
    power: str = ""

    def stored(self) -> dict[str, JsonValue]:
        """Return the JSON that is stored beside the verdict."""
        named = as_stored(self)
        return named if self.power else {name: value for name, value in named.items() if name != "power"}


@dataclass(frozen=True)
class Repeats:
    """Spread of repeats: the interval of one more seed's number, and CV* by arm of its scores, not of differences."""

    prediction_interval: tuple[float, float] | None
    cv_star: dict[str, float]


def other_languages(
    measurements: Sequence[Measurement], rule: Rule, seeds: Sequence[int], families: Families
) -> OtherLanguages | None:
    """Compute what the measured languages say of others; None where nothing can be said.

    Where languages or sentences are the unit of replication they are in the verdict's own interval, and nothing stands
    beside it. `seeds`: the complete ones.
    """
    by_seed_and_language = quantities(measurements, rule.comparison, rule.metric)
    by_seed = [by_seed_and_language[seed] for seed in seeds if seed in by_seed_and_language]
    if not by_seed or not rule.repeated:
        return None
    if rule.statistic == "correlation":
        return _correlation(measurements, rule, by_seed, families)
    if rule.statistic != "mean" or len(by_seed[0]) < 2:
        return None
    languages = sorted(by_seed[0])
    groups = [families.get(language, language) for language in languages]
    differences = [[by_language[language] for by_language in by_seed] for language in languages]
    variance = _sentences(numbers(measurements, rule), rule, languages)
    interval = bootstrap.interval(differences, groups, rule.alpha, variance)
    means = [fmean(row) for row in differences]
    chance = permutation.sign_flip(permutation.by_family(means, groups))
    return OtherLanguages(interval, len(set(groups)), len(languages), chance)


def _correlation(
    measurements: Sequence[Measurement], rule: Rule, by_seed: Sequence[Mapping[str, float]], families: Families
) -> OtherLanguages:
    axis = {language: value for (_, language), value in covariates(measurements, rule.covariate).items()}
    languages = sorted(language for language in by_seed[0] if language in axis)
    groups = [families.get(language, language) for language in languages]
    x = [axis[language] for language in languages]
    y = [fmean(by_language[language] for by_language in by_seed) for language in languages]
    return OtherLanguages(
        interval=correlation.interval(x, y, groups, rule.alpha),
        families=len(set(groups)),
        languages=len(languages),
        permutation_p=permutation.rank_correlation(x, y),
        power=correlation.power(groups, rule.alpha),
    )


def _sentences(values: Numbers, rule: Rule, languages: Sequence[str]) -> list[float] | None:
    """Compute the binomial variance of each language's mean difference, in squared points; None if not known.

    The same sentences are asked of every seed, so seeds do not make it smaller. That both arms answer the same ones
    would: it is left out, which makes the interval rather too wide.
    """
    if rule.unit not in PERCENT:
        return None
    total = []
    for language in languages:
        variance = 0.0
        for arm in (rule.treatment, rule.baseline):
            scored = [(value, items) for value, items in values[arm, language].values() if value is not None and items]
            if not scored:
                return None
            share = min(1.0, max(0.0, fmean(value for value, _ in scored) / 100))
            variance += 100**2 * share * (1 - share) / fmean(items for _, items in scored)
        total.append(variance)
    return total


def repeats(measurements: Sequence[Measurement], rule: Rule, values: Sequence[float]) -> Repeats:
    """Compute the spread of repeats. `values`: one number a seed."""
    metrics = {rule.treatment: rule.metric, rule.baseline: rule.baseline_metric or rule.metric}
    coefficients = {
        arm: cv_star(scores(measurements, arm, metric, rule.comparison))
        for arm, metric in metrics.items()
        if arm and rule.unit in PERCENT
    }
    known = {arm: value for arm, value in coefficients.items() if value is not None}
    return Repeats(prediction_interval(values, rule.alpha), known)
