"""Hierarchical bootstrap of a mean difference over other languages and seeds. Pure, vectorised.

Seeds and languages are crossed (every seed measures every language), languages lie in families and sentences in
languages. A draw takes families with replacement, in each of them its languages with replacement, and independently of
these the seeds (the pigeonhole bootstrap of crossed factors, Owen 2007, Ann. Appl. Stat. 1, 386–411; levels from the
top down, Davison & Hinkley 1997, Bootstrap Methods, §3.8). Treatment and baseline of a language and seed stay together:
what is drawn are their differences. Sentences enter as the binomial variance of the accuracies of a language.

Few units make a bootstrap too narrow: with three seeds its variance is 2/3 of what it should be. As Hesterberg (2015,
Am. Stat. 69, 371–386) proposes, the part of a level with k units is stretched by √(k/(k − 1)), and the percentiles by
the ratio of Student's to the normal quantile, with Satterthwaite's degrees of freedom (1946, Biometrics Bulletin 2,
110–114) of the variances of the levels. One family or one seed says nothing of others, and there is no interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

from synth.verify.statistics.estimates import t_quantile

if TYPE_CHECKING:
    from synth.core.arrays import FloatArray, Floats

DRAWS = 10_000
SEED = 1979


def interval(
    differences: Floats,
    families: Sequence[str],
    alpha: float,
    sentence_variance: Floats | None = None,
    draws: int = DRAWS,
) -> tuple[float, float] | None:
    """Return the interval at level 1 − `alpha` for the mean over languages; None for fewer than 2 families or
    seeds.

    `differences`: (languages, seeds), treatment − baseline; `families`: of each language; `sentence_variance`: of each
    language's mean difference, in squared units, or None.
    """
    import numpy as np

    table = np.asarray(differences, dtype=float)
    languages, seeds = table.shape
    groups = len(set(families))
    if groups < 2 or seeds < 2:
        return None
    among = language_weights(tuple(families), draws)
    over = seed_weights(seeds, draws)
    centre = among.mean(axis=0) @ table.mean(axis=1)
    by_language, by_seed = table.mean(axis=1) - table.mean(), table.mean(axis=0) - table.mean()
    residual = table - table.mean() - by_language[:, None] - by_seed[None, :]
    # One pass over the draws: the languages' part and, for each seed, that of what is left over.
    parts = among @ np.column_stack([by_language, residual])
    first = (parts[:, 0] - parts[:, 0].mean()) * sqrt(groups / (groups - 1))
    second = (over @ by_seed) * sqrt(seeds / (seeds - 1))
    drawn = first + second + np.einsum("ds,ds->d", parts[:, 1:], over)
    sentences = 0.0
    if sentence_variance is not None:
        sentences = float(np.sum(sentence_variance)) / languages**2
        drawn = drawn + sqrt(sentences) * _normal(draws)
    stretch = _stretch(float(first.var()), groups - 1, float(second.var()), seeds - 1, sentences, alpha)
    low, high = np.quantile(drawn, [alpha / 2, 1 - alpha / 2])
    return float(centre + stretch * low), float(centre + stretch * high)


def _stretch(first: float, few: int, second: float, others: int, sentences: float, alpha: float) -> float:
    """Divide Student's quantile by the normal one, at Satterthwaite's degrees of freedom."""
    total, weighted = first + second + sentences, first**2 / few + second**2 / others
    if weighted <= 0:
        return 1.0
    degrees = round(total**2 / weighted, 1)
    return t_quantile(1 - alpha / 2, max(1.0, degrees)) / NormalDist().inv_cdf(1 - alpha / 2)


def language_weights(families: tuple[str, ...], draws: int = DRAWS) -> FloatArray:
    """Return the weight of each language in each draw: (draws, languages), rows that sum to 1."""
    counts = language_counts(families, draws)
    return counts / counts.sum(axis=1, keepdims=True)


@lru_cache(maxsize=16)
def language_counts(families: tuple[str, ...], draws: int = DRAWS) -> FloatArray:
    """Count how often each language is drawn: (draws, languages). The same for every call: draws have a fixed seed."""
    import numpy as np

    generator = np.random.Generator(np.random.PCG64(SEED))
    names = sorted(set(families))
    family_counts = generator.multinomial(len(names), [1 / len(names)] * len(names), size=draws)
    counts = np.zeros((draws, len(families)))
    for column, name in enumerate(names):
        members = [i for i, family in enumerate(families) if family == name]
        if len(members) == 1:
            counts[:, members[0]] = family_counts[:, column]
            continue
        # A family that is drawn k times draws its languages k times over, each time anew.
        share = [1 / len(members)] * len(members)
        counts[:, members] = generator.multinomial(family_counts[:, column] * len(members), share)
    counts.flags.writeable = False
    return counts


@lru_cache(maxsize=16)
def seed_weights(seeds: int, draws: int = DRAWS) -> FloatArray:
    """Return the weight of each seed in each draw: (draws, seeds), rows that sum to 1."""
    import numpy as np

    generator = np.random.Generator(np.random.PCG64(SEED + 1))
    return generator.multinomial(seeds, [1 / seeds] * seeds, size=draws) / seeds


@lru_cache(maxsize=4)
def _normal(draws: int) -> FloatArray:
    import numpy as np

    return np.random.Generator(np.random.PCG64(SEED + 2)).standard_normal(draws)
