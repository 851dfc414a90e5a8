"""Closeness of repeats: the prediction interval, and the coefficient of variation CV*. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, isfinite, lgamma, sqrt

from synth.verify.statistics.estimates import mean_and_sd, t_quantile


def prediction_interval(values: Sequence[float], alpha: float) -> tuple[float, float] | None:
    """Return the interval of one further run at level 1 − `alpha`: mean ± t·s·√(1 + 1/n). None for under two values.

    Hahn & Meeker 1991, Statistical Intervals, ch. 4; for replications, Patil, Peng & Leek 2016, Perspect. Psychol. Sci.
    11, 539–544. A published number outside of it is not one run of the same method.
    """
    n = len(values)
    if n < 2:
        return None
    mean, sd = map(float, mean_and_sd(values))
    half = t_quantile(1 - alpha / 2, n - 1) * sd * sqrt(1 + 1 / n)
    return mean - half, mean + half


def cv_star(values: Sequence[float]) -> float | None:
    """Return CV* in percent: (1 + 1/(4n)) · 100 · (s/c₄)/mean, c₄ = √(2/(n−1)) · Γ(n/2)/Γ((n−1)/2).

    The degree of reproducibility of Belz, Popović & Mille 2022 (2022.acl-long.2), for scores on a scale that starts
    at 0; never of differences, whose mean may be anything. None for fewer than two values, or where one is not above 0.
    """
    n = len(values)
    if n < 2 or not all(isfinite(value) and value > 0 for value in values):
        return None
    mean, sd = map(float, mean_and_sd(values))
    c4 = sqrt(2 / (n - 1)) * exp(lgamma(n / 2) - lgamma((n - 1) / 2))
    return (1 + 1 / (4 * n)) * 100 * (sd / c4) / mean
