"""Seeds one at a time: how an interval may be looked at after each without a higher risk of error. Pure.

Repeated confidence intervals (Jennison & Turnbull 1989, J. R. Stat. Soc. B 51, 305–361): at look k, after n_k seeds,
the interval is Student's t at level 1 − α_k, and the α_k are such that all intervals contain the truth at once with
probability 1 − α. Whatever is decided from any of them, whenever one stops, has the error that the fixed interval at
level 1 − α would have. The α_k spend α by Kim & DeMets' power family (1987, Biometrika 74, 149–154): α·(n_k/n_K)² may
have been used up after look k, so early looks need overwhelming evidence.

For Student's t no normal approximation is used, with three seeds it would be far off: as in Jennison & Turnbull (1991,
Biometrika 78, 133–141) the joint distribution of the t statistics is that of running sums of normal numbers, free of
mean and variance; it is drawn here PATHS times with a fixed seed. The α_k are part of the registered rule.

Giving up: where a decision at the last look has become improbable (`chance` below `FUTILE`), no further seed is asked
for. That can only turn a decision into `inconclusive`, so it costs power and no error (non-binding futility).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from math import sqrt
from typing import TYPE_CHECKING

from synth.verify.statistics.estimates import t_quantile

if TYPE_CHECKING:
    from synth.core.arrays import BoolArray, FloatArray, Floats

POWER = 2.0  # exponent of the spending function
FUTILE = 0.1  # a smaller chance of a decision is not worth another seed
PATHS = 200_000
GRID = 40  # points of the predictive distribution
DIGITS = 5  # decimals of a level as it is registered, rounded down
MAX_SEEDS = 100  # seeds


@cache
def levels(first: int, last: int, alpha: float) -> tuple[tuple[int, float], ...]:
    """((n_k, α_k), …) for looks after `first`, `first` + 1, …, `last` seeds; a single look has α itself.

    ValueError unless 2 ≤ first ≤ last ≤ MOST and 0 < alpha < 1.
    """
    if not (2 <= first <= last <= MAX_SEEDS and 0 < alpha < 1):
        raise ValueError(f"looks from {first} to {last} seeds at alpha {alpha}")
    if first == last:
        return ((first, alpha),)
    import numpy as np
    from scipy.special import stdtr, stdtrit

    open_paths = _t_statistics(first, last)
    spending, spent = [], 0
    for look, n in enumerate(range(first, last + 1)):
        # Paths that an earlier look has closed are gone from the array; of the others the farthest out are closed now.
        due = round(PATHS * alpha * (n / last) ** POWER) - spent
        now = open_paths[:, look]
        level = 0.0
        if due > 0:
            rank = len(now) - 1 - due
            level = float(2 * stdtr(n - 1, -np.partition(now, rank)[rank]))
        level = int(level * 10**DIGITS) / 10**DIGITS
        if level > 0:
            open_paths = open_paths[now <= -stdtrit(n - 1, level / 2)]
        spent = PATHS - len(open_paths)
        spending.append((n, level))
    return tuple(spending)


def _t_statistics(first: int, last: int) -> FloatArray:
    """Return |t| of the test of mean 0 after `first` … `last` standard normal numbers: (PATHS, looks)."""
    import numpy as np

    drawn = np.random.Generator(np.random.PCG64(20_031_989)).standard_normal((PATHS, last))
    sums, squares = np.cumsum(drawn, axis=1), np.cumsum(drawn * drawn, axis=1)
    n = np.arange(first, last + 1)
    mean = sums[:, first - 1 :] / n
    variance = np.maximum(squares[:, first - 1 :] - n * mean * mean, 1e-300) / (n - 1)
    return np.asarray(np.abs(mean) / np.sqrt(variance / n))


def chance(
    mean: Floats, sd: Floats, n: int, last: int, settled: Callable[[FloatArray, FloatArray], BoolArray]
) -> FloatArray:
    """Probability that the last look decides, given `mean` and `sd` of the `n` seeds so far; of the shape of `mean`.

    The mean of all `last` seeds is predicted as mean + t_{n−1}·sd·√(1/n − 1/last) (the posterior predictive under the
    reference prior; Spiegelhalter, Freedman & Blackburn 1986, Control. Clin. Trials 7, 8–17), the standard deviation
    stays; `settled(means, sds)` says of arrays whether they decide. The distribution is taken at GRID equal steps.
    """
    import numpy as np

    middle, spread = np.asarray(mean, dtype=float)[..., None], np.asarray(sd, dtype=float)[..., None]
    steps = np.array([t_quantile((i + 0.5) / GRID, n - 1) for i in range(GRID)])
    means = middle + spread * sqrt(1 / n - 1 / last) * steps
    return settled(means, np.broadcast_to(spread, means.shape)).mean(axis=-1)
