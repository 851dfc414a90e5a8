"""Estimates of a contrast: one number a seed, and its mean over seeds with an interval. Pure.

Intervals over another unit of replication than the seed: `statistics.replication`. Per seed, over the languages l
that both arms measured, with the quantity
q_l = treatment − baseline (the treatment alone where there is no baseline) and the covariate x_l:

* mean: Σ q_l / n;
* slope: Σ (x_l − x̄)(q_l − q̄) / Σ (x_l − x̄)², least squares, in the metric's unit per unit of the covariate;
* correlation: Spearman's ρ, i.e. Pearson's r of the ranks, tied values sharing the mean of their ranks
  (Spearman 1904);
* count: the number itself, without averaging;
* coefficient: of a term of a model that a re-analysis fits (`judge.coefficient`), which is no number a seed.

The interval is Student's t over seeds; that of a correlation is cut at ±1. Seeds that share one measurement (`repeats`)
count once: the same number three times says nothing about how much seeds differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache
from math import sqrt, tanh
from statistics import NormalDist, fmean
from typing import TYPE_CHECKING

from synth.core.estimate import Estimate
from synth.core.types import JsonValue
from synth.verify.statistics.measurement import Measured, Measurement, covariates, full, number
from synth.verify.stored import restored

if TYPE_CHECKING:
    from synth.core.arrays import FloatArray, Floats

OVER_LANGUAGES = ("slope", "correlation")  # statistics that set the quantity against a covariate
WITH_COVARIATE = (*OVER_LANGUAGES, "coefficient")  # these, and a term of a model fitted to published figures


@dataclass(frozen=True)
class Comparison:
    """Arms that are compared, and the statistic. `languages`: the only ones that count, () for all.

    `baseline_metric`: what the baseline is read by, "" for the treatment's metric. `repeats`: groups of seeds that are
    one measurement, not several (see `repro.plan.plan.Plan.repeats`).
    """

    treatment: str
    baseline: str
    statistic: str = "mean"
    covariate: str = "distance"
    languages: tuple[str, ...] = ()
    repeats: tuple[tuple[int, ...], ...] = ()
    baseline_metric: str = ""

    @classmethod
    def of(cls, rule: Mapping[str, object]) -> Comparison:
        """Read from a stored rule, which may be older than some of the keys."""
        stored = {f.name: rule[f.name] for f in fields(cls) if f.name in rule}
        return restored(cls, {"treatment": "", "baseline": "", **stored})

    @property
    def axis(self) -> str:
        """The covariate in words."""
        return {"text": "the amount of text"}.get(self.covariate, self.covariate)

    def __str__(self) -> str:
        if not self.baseline:
            return self.treatment
        return f"{self.treatment} − {self.baseline}" + (f" by {self.baseline_metric}" if self.baseline_metric else "")


@dataclass(frozen=True)
class PerSeed:
    """The statistic by seed. `left_out`: languages without the covariate; `undefined`: seeds in which the quantity or
    the covariate is the same in every language, so that no slope or correlation exists.
    """

    values: dict[int, float] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    undefined: tuple[int, ...] = ()


def per_seed(measurements: Sequence[Measured], comparison: Comparison, metric: str) -> PerSeed:
    """Return the statistic of every seed that measured all the languages which any seed measured.

    Of seeds that are one measurement only the first is there.
    """
    repeated = {seed for group in comparison.repeats for seed in group[1:]}
    by_seed = {seed: q for seed, q in quantities(measurements, comparison, metric).items() if seed not in repeated}
    languages = sorted({language for by_language in by_seed.values() for language in by_language})
    if comparison.statistic not in OVER_LANGUAGES:
        complete = {seed: q for seed, q in by_seed.items() if len(q) == len(languages)}
        return PerSeed({seed: fmean(q.values()) for seed, q in complete.items()}, tuple(languages))
    axis = covariates(measurements, comparison.covariate)
    placed = [language for language in languages if any((seed, language) in axis for seed in by_seed)]
    values: dict[int, float] = {}
    undefined = []
    for seed, q in by_seed.items():
        if not placed or not all(language in q and (seed, language) in axis for language in placed):
            continue
        x, y = [axis[seed, language] for language in placed], [q[language] for language in placed]
        value = slope(x, y) if comparison.statistic == "slope" else spearman(x, y)
        if value is None:
            undefined.append(seed)
        else:
            values[seed] = value
    return PerSeed(values, tuple(placed), tuple(x for x in languages if x not in placed), tuple(undefined))


def quantities(measurements: Sequence[Measured], comparison: Comparison, metric: str) -> dict[int, dict[str, float]]:
    """Map seed → language → treatment − baseline (the treatment alone without a baseline), where both were measured."""
    treated = _values(measurements, comparison.treatment, metric, comparison.languages)
    if not comparison.baseline and comparison.statistic != "mean":
        base = dict.fromkeys(treated, 0.0)
    else:
        other = comparison.baseline_metric or metric
        base = _values(measurements, comparison.baseline, other, comparison.languages)
    by_seed: dict[int, dict[str, float]] = {}
    for (seed, language), value in treated.items():
        if (seed, language) in base:
            by_seed.setdefault(seed, {})[language] = value - base[seed, language]
    return dict(sorted(by_seed.items()))


def scores(measurements: Sequence[Measured], arm: str, metric: str, within: Comparison) -> list[float]:
    """Return the score of `arm` alone with each seed, the mean over the languages that `within` counts."""
    single = Comparison(arm, "", "count", languages=within.languages, repeats=within.repeats)
    return list(per_seed(measurements, single, metric).values.values())


def _values(
    measurements: Sequence[Measured], arm: str, metric: str, languages: Sequence[str]
) -> dict[tuple[int, str], float]:
    """Map (seed, language) to the arm's value; only `languages`, or all where there are none."""
    values = {}
    for m in measurements:
        wanted = m.arm == arm and m.metric == metric and (not languages or m.language in languages)
        if wanted and (value := number(m.value)) is not None:
            values[m.seed, m.language] = value
    return values


def stated(measurements: Sequence[Measured], names: Sequence[str]) -> list[dict[str, JsonValue]]:
    """Return the covariates of these names as a store keeps them: a row for every seed and language that has any."""
    rows: dict[tuple[int, str], dict[str, JsonValue]] = {}
    for name in dict.fromkeys(names):
        for (seed, language), value in covariates(measurements, name).items():
            rows.setdefault((seed, language), {"seed": seed, "language": language})[name] = value
    return [rows[key] for key in sorted(rows)]


def answered(measurements: Sequence[Measurement], metrics: Sequence[str]) -> list[dict[str, JsonValue]]:
    """Return which sentences were answered rightly (`right`), a row for each measurement by `metrics` that knows."""
    return [
        {"arm": m.arm, "seed": m.seed, "language": m.language, "metric": m.metric, "right": m.right}
        for m in measurements
        if m.metric in metrics and m.right
    ]


def with_answers(measurements: Iterable[Measured], rows: Iterable[Mapping[str, object]]) -> list[Measurement]:
    """Put the rows of `answered` back on stored measurements."""
    right_of = {tuple(row[name] for name in ("arm", "seed", "language", "metric")): str(row["right"]) for row in rows}
    return [
        replace(m, right=right_of.get((m.arm, m.seed, m.language, m.metric), m.right)) for m in map(full, measurements)
    ]


def with_covariates(measurements: Iterable[Measured], rows: Iterable[Mapping[str, object]]) -> list[Measurement]:
    """Put the covariates of `stated` back on stored measurements."""
    known: dict[tuple[object, object], dict[str, float]] = {}
    for row in rows:
        values = {name: number(value) for name, value in row.items() if name not in ("seed", "language")}
        known[row["seed"], row["language"]] = {name: value for name, value in values.items() if value is not None}
    return [
        replace(m, covariates={**known.get((m.seed, m.language), {}), **m.covariates}) for m in map(full, measurements)
    ]


def interval(found: PerSeed, statistic: str, alpha: float) -> Estimate:
    """Compute mean and Student's t interval (mean ± t · s / √n, n − 1 degrees of freedom) of one number a seed."""
    values, languages = list(found.values.values()), len(found.languages)
    n = len(values)
    if n == 0:
        return Estimate(None, None, None, 0, languages)
    if n == 1:
        return Estimate(values[0], None, None, 1, languages)
    mean, low, high = map(float, t_interval(values, alpha))
    if statistic == "correlation":
        low, high = max(low, -1.0), min(high, 1.0)
    return Estimate(mean, low, high, n, languages)


def t_interval(values: Floats, alpha: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Compute the mean and both ends of Student's t interval at level 1 − `alpha` over the last axis (…, n ≥ 2)."""
    import numpy as np

    mean, sd = mean_and_sd(values)
    n = np.shape(values)[-1]
    half = t_quantile(1 - alpha / 2, n - 1) * sd / sqrt(n)
    return mean, mean - half, mean + half


def mean_and_sd(values: Floats) -> tuple[FloatArray, FloatArray]:
    """Compute mean and standard deviation (n − 1 in the denominator) over the last axis; exactly 0 if all equal."""
    import numpy as np

    array = np.asarray(values, dtype=float)
    moved = array - array[..., :1]  # a rounded mean of equal values would leave a spread that is not there
    return array[..., 0] + moved.mean(axis=-1), moved.std(axis=-1, ddof=1)


@cache
def t_quantile(share: float, degrees: float) -> float:
    """Return a quantile of Student's t distribution."""
    from scipy.special import stdtrit  # scipy.stats computes it by this, and takes a second to import

    return float(stdtrit(degrees, share))


def slope(x: Sequence[float], y: Sequence[float]) -> float | None:
    """Return the least-squares slope of `y` on `x`; None where `x` does not vary."""
    across = _products(x, x)
    return _products(x, y) / across if across > 0 else None


def spearman(x: Sequence[float], y: Sequence[float]) -> float | None:
    """Return Spearman's ρ; None where `x` or `y` does not vary."""
    first, second = ranks(x), ranks(y)
    spread = _products(first, first) * _products(second, second)
    return max(-1.0, min(1.0, _products(first, second) / sqrt(spread))) if spread > 0 else None


def ranks(values: Sequence[float]) -> list[float]:
    """Return ranks from 1; equal values share the mean of the ranks they take up."""
    ordered = sorted(values)
    first = {value: at for at, value in reversed(list(enumerate(ordered, 1)))}
    return [first[value] + (ordered.count(value) - 1) / 2 for value in values]


def _products(x: Sequence[float], y: Sequence[float]) -> float:
    """Sum (x − x̄)(y − ȳ); exactly 0 for constant values, which a rounded mean would not give."""
    if not x or min(x) == max(x) or min(y) == max(y):
        return 0.0
    middle, centre = fmean(x), fmean(y)
    return sum((a - middle) * (b - centre) for a, b in zip(x, y, strict=True))


def detectable(n: int, alpha: float = 0.05, power: float = 0.8) -> float | None:
    """Return the smallest |r| that a two-sided test over `n` independent languages detects; None for fewer than four.

    Fisher's z (1921): atanh r is about normal with standard deviation 1/√(n − 3), so the smallest z is
    (z_{1−α/2} + z_{power}) / √(n − 3).
    """
    if n < 4:
        return None
    normal = NormalDist()
    return tanh((normal.inv_cdf(1 - alpha / 2) + normal.inv_cdf(power)) / sqrt(n - 3))
