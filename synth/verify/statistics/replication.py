"""Estimate of a contrast over its unit of replication: seeds, languages, sentences or models. Pure.

What is drawn at random is declared per contrast, and it is what the interval is over.

* *seeds*, *models*: one number a replicate (`statistics.estimates.per_seed`); Student's t over them.
* *languages*: the families of the languages are left out one at a time (delete-a-group jackknife, Shao & Tu 1995, The
  Jackknife and Bootstrap, §2.3; for few groups MacKinnon, Nielsen & Webb 2023, J. Appl. Econom. 38, 671–694). Where
  each language is a family of its own, the variance of a mean is s²/n and the interval Student's t over languages.
  Where several seeds were measured, their variance s²/n is added (crossed factors: Owen 2007, Ann. Appl. Stat. 1,
  386–411; what is left over after both counts twice, which makes the interval rather too wide). For a rank correlation
  families and seeds are resampled (`statistics.correlation`).
* *data sets*, *items*: as languages are, each a family of its own. What the measurements call language is their label.
* *folds* of a cross-validation share their training data. The variance of a mean over r repeats of k folds is
  (1/(kr) + 1/(k − 1)) · s² (Nadeau & Bengio 2003, Mach. Learn. 52, 239–281), with kr − 1 degrees of freedom; the
  repeats are the seeds, whose variance is in it.
* *sentences*: the languages are fixed, the lines of the test set are drawn (`statistics.sentences`). The variance
  of several seeds is added here too.

Degrees of freedom of a sum of variances: Satterthwaite 1946, Biometrics Bulletin 2, 110–114.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import product
from math import inf, sqrt
from statistics import fmean
from typing import TYPE_CHECKING

from synth.core.estimate import Estimate
from synth.core.reasons import Reason
from synth.core.reasons.verdicts import Lack
from synth.verify.statistics import correlation
from synth.verify.statistics.estimates import (
    Comparison,
    PerSeed,
    interval,
    mean_and_sd,
    per_seed,
    quantities,
    slope,
    spearman,
    t_quantile,
)
from synth.verify.statistics.measurement import Measured, Measurement, covariates, full
from synth.verify.statistics.sentences import line_variance, outcomes, score_variance

if TYPE_CHECKING:
    from synth.core.arrays import FloatArray

MIN_FAMILIES = 3  # fewer say nothing of others
Families = Mapping[str, str]  # language → family; a language without one is its own


class Unit(StrEnum):
    """Unit of replication: what is drawn at random, and so what an interval is over."""

    SEEDS = "seeds"
    LANGUAGES = "languages"
    SENTENCES = "sentences"
    MODELS = "models"
    DATA_SETS = "data sets"
    ITEMS = "items"
    FOLDS = "folds"


REPEATED = (Unit.SEEDS, Unit.MODELS)  # one number a replicate
LABELLED = (Unit.DATA_SETS, Unit.ITEMS, Unit.FOLDS)  # each label of the measurements is one


@dataclass(frozen=True)
class Spread:
    """Estimate of a contrast with its variance by source (squared units).

    Attributes:
        estimate: over the seeds that measured every language; None where nothing was measured.
        variances: unit → (variance of the estimate, degrees of freedom).
        drawn: resampled estimates where the interval is that of their percentiles (rank correlations), else None.
        seeds, languages, families, sentences: how many there are of each.
        lack: why there is no interval, None where there is one.
    """

    estimate: float | None
    variances: Mapping[Unit, tuple[float, float]] = field(default_factory=dict)
    drawn: FloatArray | None = None
    seeds: int = 0
    languages: int = 0
    families: int = 0
    sentences: int = 0
    lack: Reason[Lack] | None = None

    @property
    def error(self) -> float | None:
        """Standard error of the estimate; None where there is no interval."""
        if self.lack or self.estimate is None:
            return None
        if self.drawn is not None:
            return float(self.drawn.std())
        return sqrt(sum(variance for variance, _ in self.variances.values()))

    @property
    def degrees(self) -> float:
        """Satterthwaite's degrees of freedom."""
        weighted = sum(variance**2 / degrees for variance, degrees in self.variances.values())
        total = sum(variance for variance, _ in self.variances.values())
        return max(1.0, total**2 / weighted) if weighted > 0 else inf

    def at(self, alpha: float) -> Estimate:
        """Return the estimate with its interval at level 1 − `alpha`."""
        error = self.error
        if self.estimate is None or error is None:
            return Estimate(self.estimate, None, None, self.seeds, self.languages)
        if self.drawn is not None:
            low, high = correlation.ends(self.drawn, alpha)
        else:
            half = t_quantile(1 - alpha / 2, round(min(self.degrees, 1e6), 1)) * error
            low, high = self.estimate - half, self.estimate + half
        return Estimate(self.estimate, low, high, self.seeds, self.languages)


def estimate_over(
    measurements: Sequence[Measured],
    comparison: Comparison,
    metric: str,
    unit: str,
    alpha: float,
    families: Families | None = None,
) -> Estimate:
    """Estimate the comparison with its interval at level 1 − `alpha` over its unit of replication."""
    if unit in REPEATED:
        return interval(per_seed(measurements, comparison, metric), comparison.statistic, alpha)
    return spread(measurements, comparison, metric, unit, families or {}).at(alpha)


def spread(
    measurements: Sequence[Measured], comparison: Comparison, metric: str, unit: str, families: Families
) -> Spread:
    """Estimate with the variance over languages or sentences (`unit`), and over seeds where there are several."""
    seeds = per_seed(measurements, comparison, metric)
    if not seeds.values:
        return Spread(None, languages=len(seeds.languages), lack=Reason(Lack.NOTHING_MEASURED))
    table = _table(measurements, comparison, metric, seeds)
    by_seed = list(seeds.values.values())
    several = _distinct(table)
    variances: dict[Unit, tuple[float, float]] = {}
    if several > 1:
        variances[Unit.SEEDS] = float(mean_and_sd(by_seed)[1]) ** 2 / several, several - 1
    known = {} if unit in LABELLED else families
    groups = [known.get(language, language) for language in seeds.languages]
    own = Spread(fmean(by_seed), variances, None, several, len(groups), len(set(groups)))
    if unit in LABELLED and len(set(groups)) < MIN_FAMILIES:
        counts = {"languages": len(groups), "needed": MIN_FAMILIES}
        return replace(own, lack=Reason(Lack.FEW_LABELS, counts))
    if unit == Unit.FOLDS:
        return _over_folds(own, table)
    if unit in (Unit.LANGUAGES, *LABELLED):
        return _over_languages(own, table, groups, comparison.statistic)
    return _over_sentences(own, measurements, comparison, metric, table)


@dataclass(frozen=True)
class _Table:
    """`values`: (seeds, languages) of the contrast's quantity; `axis`: the covariate by language, () for a mean."""

    seeds: tuple[int, ...]
    languages: tuple[str, ...]
    values: FloatArray
    axis: tuple[float, ...]


def _table(measurements: Sequence[Measured], comparison: Comparison, metric: str, seeds: PerSeed) -> _Table:
    import numpy as np

    by_seed, chosen = quantities(measurements, comparison, metric), tuple(seeds.values)
    values = np.array([[by_seed[seed][language] for language in seeds.languages] for seed in chosen])
    axis: tuple[float, ...] = ()
    if comparison.statistic in ("slope", "correlation"):
        axis_values = covariates(measurements, comparison.covariate)
        axis = tuple(fmean(axis_values[seed, language] for seed in chosen) for language in seeds.languages)
    return _Table(chosen, seeds.languages, values, axis)


def _distinct(table: _Table) -> int:
    """Count the seeds; 1 where all of them gave the very same numbers, which is one measurement."""
    return 1 if (table.values == table.values[0]).all() else len(table.seeds)


def _statistic(values: Sequence[float], axis: Sequence[float], kind: str) -> float | None:
    if kind == "mean":
        return fmean(values)
    return slope(axis, values) if kind == "slope" else spearman(axis, values)


def _over_languages(own: Spread, table: _Table, groups: Sequence[str], kind: str) -> Spread:
    names = sorted(set(groups))
    if len(names) < MIN_FAMILIES:
        counts = {"languages": own.languages, "families": len(names), "needed": MIN_FAMILIES}
        return replace(own, lack=Reason(Lack.FEW_FAMILIES, counts))
    if kind == "correlation":
        # What is resampled is the correlation with the mean over seeds, so that is what the interval belongs to.
        centre = spearman(table.axis, table.values.mean(axis=0).tolist())
        values = table.values if own.seeds > 1 else table.values[:1]
        drawn = correlation.resampled(table.axis, values.T, tuple(groups))
        if centre is None or not len(drawn):
            return replace(own, lack=Reason(Lack.ALL_SAME))
        return replace(own, estimate=centre, drawn=drawn)
    variance = family_variance(table.values.mean(axis=0).tolist(), table.axis, groups, kind)
    if variance is None:
        return replace(own, lack=Reason(Lack.UNDEFINED, {"statistic": kind}))
    return replace(own, variances={**own.variances, Unit.LANGUAGES: (variance, len(names) - 1)})


def _over_folds(own: Spread, table: _Table) -> Spread:
    """Return the mean over repeats and folds with the variance that overlapping training data make of it."""
    folds = table.values.shape[1]
    values = table.values if own.seeds > 1 else table.values[:1]
    count = values.size
    spread_of_all = float(values.std(ddof=1))
    variance = (1 / count + 1 / (folds - 1)) * spread_of_all**2
    return replace(own, variances={Unit.FOLDS: (variance, count - 1)})


def family_variance(values: Sequence[float], axis: Sequence[float], families: Sequence[str], kind: str) -> float | None:
    """Jackknife the variance of a mean or slope over languages, a family left out at a time; None if undefined.

    `values`, `axis` (() for a mean), `families`: of each language. (G − 1)/G · Σ (θ_(g) − mean θ_(·))² over G families.
    """
    names, estimates = sorted(set(families)), []
    for name in names:
        remaining = [i for i, family in enumerate(families) if family != name]
        value = _statistic([values[i] for i in remaining], [axis[i] for i in remaining] if axis else (), kind)
        if value is None:
            return None
        estimates.append(value)
    centre = fmean(estimates)
    return (len(names) - 1) / len(names) * sum((value - centre) ** 2 for value in estimates)


def _over_sentences(
    own: Spread, measurements: Sequence[Measured], comparison: Comparison, metric: str, table: _Table
) -> Spread:
    weights = _weights(table, comparison.statistic)
    if weights is None:
        return replace(own, lack=Reason(Lack.NO_SENTENCES, {"statistic": comparison.statistic}))
    rows = _rows(measurements, comparison, metric)
    answers = _answers(rows, comparison, table)
    if answers is not None:
        variance, lines = line_variance(answers, weights)
        return replace(own, variances={**own.variances, Unit.SENTENCES: (variance, lines - 1)}, sentences=lines)
    shares = _shares(rows, comparison, table)
    if shares is None:
        return replace(own, lack=Reason(Lack.SENTENCES_UNKNOWN))
    variance, items = score_variance(shares, weights)
    return replace(own, variances={**own.variances, Unit.SENTENCES: (variance, items - 1)}, sentences=items)


def _weights(table: _Table, kind: str) -> FloatArray | None:
    """Return the weight of each language: what one point more in it adds to the estimate."""
    import numpy as np

    if kind == "mean":
        return np.full(len(table.languages), 1 / len(table.languages))
    if kind != "slope":
        return None
    away = np.asarray(table.axis) - fmean(table.axis)
    return away / float((away**2).sum())


def _rows(
    measurements: Sequence[Measured], comparison: Comparison, metric: str
) -> dict[tuple[str, int, str], Measurement]:
    """Map (arm, seed, language) to its measurement by the metric that the arm is read by."""
    metrics = {comparison.treatment: metric, comparison.baseline: comparison.baseline_metric or metric}
    return {(m.arm, m.seed, m.language): m for m in map(full, measurements) if m.arm and m.metric == metrics.get(m.arm)}


def _answers(
    rows: Mapping[tuple[str, int, str], Measurement], comparison: Comparison, table: _Table
) -> list[FloatArray] | None:
    """Return per language the contrast of each line in points, mean over seeds; None unless every answer is known."""
    arms = [(comparison.treatment, 100.0)] + ([(comparison.baseline, -100.0)] if comparison.baseline else [])
    by_language = []
    for language in table.languages:
        lines: FloatArray | None = None
        for (arm, sign), seed in product(arms, table.seeds):
            row = rows.get((arm, seed, language))
            own = outcomes(row) if row else None
            if own is None or len(own) < 2 or (lines is not None and lines.shape != own.shape):
                return None
            share = sign / len(table.seeds) * own
            lines = share if lines is None else lines + share
        if lines is not None:
            by_language.append(lines)
    return by_language


def _shares(
    rows: Mapping[tuple[str, int, str], Measurement], comparison: Comparison, table: _Table
) -> list[list[tuple[float, int]]] | None:
    """Return per language (mean share of right answers, sentences) of each arm; None where an `n` is not known."""
    by_language = []
    for language in table.languages:
        arms = []
        for arm in filter(None, (comparison.treatment, comparison.baseline)):
            own = [rows[arm, seed, language] for seed in table.seeds]
            values = [m.value for m in own if m.value is not None and 0 <= m.value <= 100]
            if len(values) < len(own) or not all(m.n and m.n > 1 for m in own):
                return None
            arms.append((fmean(values) / 100, own[0].n or 0))
        by_language.append(arms)
    return by_language
