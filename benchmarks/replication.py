"""False verdicts for each unit of replication, and for rules that others use, on the same simulated experiments.

`rows` gives the table that `benchmarks.simulation` prints. A claim says "increase by twice the SESOI". Planted is
an effect of 0 or of the other sign (a verdict for it is false), of the SESOI and of what is claimed (one against it, or
an equivalence, is false). Intervals are those of `synth.verify.statistics.replication`, decisions those of
`synth.verify.judge.decision` below `paper`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from math import asin, pi, sin, sqrt

import numpy as np

from synth.verify.judge import decision
from synth.verify.judge.decision import Decision
from synth.verify.statistics import correlation
from synth.verify.statistics.estimates import slope, spearman, t_interval
from synth.verify.statistics.replication import Spread, Unit, family_variance
from synth.verify.statistics.sentences import line_variance, score_variance

ALPHA = 0.05
BASE = 50.0  # score of the baseline, points
DRAWS = 200  # of a resampled correlation; the judge takes 10,000
SENTENCES = 500
OTHERS = ("±5 %", "±2.0", "mean ≥ SESOI", "one run")
HEAD = [
    "unit",
    "design",
    "false supported",
    "false contradicted",
    "false equivalent",
    "equivalent at 0",
    "supported as claimed",
    *(f"{rule}: {what}" for rule in OTHERS for what in ("false for", "false against")),
]

Generator = np.random.Generator


@dataclass(frozen=True)
class Experiment:
    """Results of one simulated experiment: estimate, its interval, and what a single run of it would have shown."""

    estimate: float
    low: float
    high: float
    single: float


@dataclass(frozen=True)
class Design:
    """A kind of experiment. `sesoi` in the effect's own unit; `percent`: whether ±2.0 points can be asked of it."""

    unit: str
    name: str
    run: Callable[[Generator, float], Experiment]
    sesoi: float = 1.0
    percent: bool = True


def replicates(make: Generator, effect: float, count: int, sd: float) -> Experiment:
    """Draw seeds or models: one number each."""
    values = effect + sd * make.standard_normal(count)
    mean, low, high = map(float, t_interval(values, ALPHA))
    return Experiment(mean, low, high, float(values[0]))


def _families(count: int, groups: int) -> tuple[np.ndarray, list[str]]:
    family = np.arange(count) % groups
    return family, [str(x) for x in family]


def related(make: Generator, family: np.ndarray) -> np.ndarray:
    """Draw a standard normal number a language, of which families share half the variance."""
    return (make.standard_normal(family.max() + 1)[family] + make.standard_normal(len(family))) / sqrt(2)


def _experiment(mean: float, by_seed: np.ndarray, variance: float | None, groups: int) -> Experiment:
    seeds = len(by_seed)
    parts = {} if seeds == 1 else {Unit.SEEDS: (float(by_seed.var(ddof=1)) / seeds, float(seeds - 1))}
    lack = "" if variance is not None else "undefined"
    interval = Spread(mean, {**parts, Unit.LANGUAGES: (variance or 0.0, float(groups - 1))}, lack=lack).at(ALPHA)
    low, high = (float("nan") if x is None else x for x in (interval.low, interval.high))
    return Experiment(mean, low, high, float(by_seed[0]))


def over_languages(make: Generator, effect: float, languages: int, groups: int, seeds: int) -> Experiment:
    """Simulate languages of families that differ by 2 points, seeds by 1, and each language in each seed by 1."""
    family, names = _families(languages, groups)
    table = effect + 2 * related(make, family) + make.standard_normal((seeds, languages))
    table = table + (make.standard_normal((seeds, 1)) if seeds > 1 else 0.0)
    variance = family_variance(table.mean(axis=0).tolist(), (), names, "mean")
    return _experiment(float(table.mean()), table.mean(axis=1), variance, groups)


def over_distance(make: Generator, effect: float, languages: int, groups: int, seeds: int) -> Experiment:
    """Simulate a slope against a distance in which families are alike; slopes differ by 2 points from seed to seed."""
    family, names = _families(languages, groups)
    far = 0.5 + 0.25 * related(make, family)
    slopes = effect + (2 * make.standard_normal((seeds, 1)) if seeds > 1 else 0.0)
    table = slopes * far + 2 * related(make, family) + make.standard_normal((seeds, languages))
    axis = far.tolist()
    by_seed = np.array([slope(axis, row.tolist()) for row in table])
    variance = family_variance(table.mean(axis=0).tolist(), axis, names, "slope")
    return _experiment(float(by_seed.mean()), by_seed, variance, groups)


def correlated(make: Generator, effect: float, languages: int, groups: int, seeds: int) -> Experiment:
    """Simulate a rank correlation; `effect`: Spearman's ρ of all languages there are."""
    family, names = _families(languages, groups)
    strength = 2 * sin(pi * effect / 6)  # Pearson's r of normal numbers with that ρ
    assert abs(6 / pi * asin(strength / 2) - effect) < 1e-9
    x, error = related(make, family), related(make, family)
    y = strength * x + sqrt(1 - strength**2) * error
    table = y + (0.3 * make.standard_normal((seeds, languages)) if seeds > 1 else np.zeros((1, languages)))
    rho = spearman(x.tolist(), table.mean(axis=0).tolist())
    drawn = correlation.resampled(tuple(x), table.T, tuple(names), DRAWS)
    low, high = correlation.ends(drawn, ALPHA)
    return Experiment(rho or 0.0, low, high, spearman(x.tolist(), table[0].tolist()) or 0.0)


def over_sentences(make: Generator, effect: float, languages: int, paired: bool) -> Experiment:
    """Simulate lines as hard in every language and for both arms, as far as half of the variance goes.

    Without pairing, what the judge does where only scores are known: binomial, the widest bound over languages.
    """
    from statistics import NormalDist

    hard = make.standard_normal(SENTENCES)
    right = {}
    for arm, share in (("treatment", (BASE + effect) / 100), ("baseline", BASE / 100)):
        own = (hard + make.standard_normal((languages, SENTENCES))) / sqrt(2)
        right[arm] = (own < NormalDist().inv_cdf(share)).astype(float)
    lines = 100 * (right["treatment"] - right["baseline"])
    mean = float(lines.mean())
    if paired:
        variance, _ = line_variance(list(lines), [1 / languages] * languages)
    else:
        shares = [[(float(right[arm][i].mean()), SENTENCES) for arm in right] for i in range(languages)]
        variance, _ = score_variance(shares, [1 / languages] * languages)
    interval = Spread(mean, {Unit.SENTENCES: (variance, SENTENCES - 1.0)}).at(ALPHA)
    return Experiment(mean, float(interval.low or 0), float(interval.high or 0), float(lines[:, :100].mean()))


def designs() -> Iterator[Design]:
    for count, sd in ((3, 1.0), (10, 1.0), (10, 3.0)):
        yield Design("seeds", f"{count} seeds, sd {sd:g}", partial(replicates, count=count, sd=sd))
    yield Design("models", "6 models, sd 3", partial(replicates, count=6, sd=3.0))
    for shape in ((36, 36, 1), (36, 12, 1), (36, 12, 3), (11, 5, 3)):
        name = "{} languages of {} families, seeds {}".format(*shape)
        run = partial(over_languages, languages=shape[0], groups=shape[1], seeds=shape[2])
        yield Design("languages", name, run)
    for shape in ((36, 12, 1), (12, 12, 5)):
        sizes = dict(zip(("languages", "groups", "seeds"), shape, strict=True))
        name = "slope, {} of {}, seeds {}".format(*shape)
        yield Design("languages", name, partial(over_distance, **sizes), sesoi=5.0, percent=False)
        name = "correlation, {} of {}, seeds {}".format(*shape)
        yield Design("languages", name, partial(correlated, **sizes), sesoi=0.3, percent=False)
    for paired in (True, False):
        name = f"{SENTENCES} in 4 languages, {'paired by line' if paired else 'scores alone'}"
        yield Design("sentences", name, partial(over_sentences, languages=4, paired=paired), sesoi=2.0)


def row(make: Generator, design: Design, count: int) -> list[str]:
    sesoi, claimed = design.sesoi, 2 * design.sesoi
    simulated = {x: [design.run(make, x) for _ in range(count)] for x in (-sesoi, 0.0, sesoi, claimed)}
    ours = {x: _decisions(simulated[x], sesoi) for x in simulated}
    cells = [
        max(ours[x][Decision.SUPPORTED] for x in (-sesoi, 0.0)),
        max(ours[x][Decision.CONTRADICTED] for x in (0.0, sesoi, claimed)),
        max(ours[x][Decision.EQUIVALENT] for x in (-sesoi, sesoi, claimed)),
        ours[0.0][Decision.EQUIVALENT],
        ours[claimed][Decision.SUPPORTED],
    ]
    shown = [f"{100 * share:.1f}" for share in cells]
    for holds in (_within_share, _within_points, _above_threshold, _one_run):
        if holds is _within_points and not design.percent:
            shown += ["–", "–"]
            continue
        verified = {
            x: np.mean([holds(experiment, design, claimed) for experiment in simulated[x]]) for x in (0.0, claimed)
        }
        shown += [f"{100 * verified[0.0]:.1f}", f"{100 * (1 - verified[claimed]):.1f}"]
    return [design.unit, design.name, *shown]


def _decisions(experiments: list[Experiment], sesoi: float) -> dict[Decision, float]:
    ends = np.array([(item.estimate, item.low, item.high) for item in experiments]).T
    cases = decision.cases(*ends, "increase", sesoi)
    return {item: float(np.isin(cases, decision.deciding(False, item)).mean()) for item in Decision}


def _within_share(experiment: Experiment, design: Design, claimed: float) -> bool:
    """Return True if the measured score is within 5 % of the published one; of a slope or correlation, the number."""
    published = BASE + claimed if design.percent else claimed
    return abs(experiment.estimate - claimed) <= 0.05 * published


def _within_points(experiment: Experiment, design: Design, claimed: float) -> bool:
    """Return True if the measured score is within 2.0 points of the published one."""
    return abs(experiment.estimate - claimed) <= 2.0


def _above_threshold(experiment: Experiment, design: Design, claimed: float) -> bool:
    """Return True if the mean effect reaches a threshold, here the SESOI."""
    return experiment.estimate >= design.sesoi


def _one_run(experiment: Experiment, design: Design, claimed: float) -> bool:
    """Return True if the treatment of one run scores above the baseline of one run."""
    return experiment.single > 0


def rows(make: Generator, count: int) -> list[list[str]]:
    return [row(make, design, count) for design in designs()]
