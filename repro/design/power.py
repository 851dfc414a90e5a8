"""Power of a design before anything runs: at the SESOI, and the smallest effect that is detected.

Replicates whose statistic has standard deviation σ are judged by Student's t at level 1 − α. With n of them:

* power at the effect δ is the probability that the interval leaves out 0 on the side of δ: P(T' > t_{1−α/2, n−1}), T'
  noncentral t with n − 1 degrees of freedom and noncentrality δ√n/σ;
* the chance of an equivalence is the probability that the interval lies inside ±SESOI where the effect is 0;
* a rank correlation over n independent languages is detected from tanh((z_{1−α/2} + z_{power}) / √(n − 3)) on (Fisher
  1921, Metron 1, 3–32).

Both probabilities are integrals over the distribution of s/σ, √(χ²_{n−1}/(n − 1)), by Simpson's rule. Standard library
only: listing experiments loads no numerical library.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import erf, exp, lgamma, log, sqrt, tanh
from statistics import NormalDist

ENOUGH = 0.8  # power with which a design counts as able to tell
MAX_REPLICATES = 1000  # more are not asked for
STEPS = 400  # of Simpson's rule
_NORMAL = NormalDist()
_SQRT2 = sqrt(2.0)


@dataclass(frozen=True)
class Power:
    """Power of one contrast's design, stored with the plan.

    Attributes:
        unit: unit of replication; `replicates`: how many there are of it, 0 where that is not known.
        sesoi: smallest effect that matters, in `scale`.
        sd: standard deviation between replicates, None where it was not measured or plays no part (correlations).
        measured_over, source: how many replicates `sd` was measured over, and where.
        at_sesoi: power at the SESOI; `equivalence`: chance to show that no effect matters where there is none.
        smallest: smallest effect with power `ENOUGH`; `needed`: replicates that give this power at the SESOI.
            Each None where it is not known or there is none.
    """

    unit: str
    replicates: int
    sesoi: float
    scale: str
    sd: float | None = None
    measured_over: int = 0
    source: str = ""
    at_sesoi: float | None = None
    equivalence: float | None = None
    smallest: float | None = None
    needed: int | None = None

    @property
    def enough(self) -> bool | None:
        """True if the SESOI is detected with power `ENOUGH`; None where that is not known."""
        if self.smallest is None:
            return None
        return self.smallest <= self.sesoi

    def __str__(self) -> str:
        if self.smallest is None:
            return f"Power unknown: how much {self.unit} differ was not measured at this fidelity."
        over = f"with {self.replicates} {self.unit}"
        if self.sd is None:
            head = "Power of 80 % or more" if self.enough else "Under-powered"
            return (
                f"{head}: {over} a correlation of {self.smallest:.2f} and more is detected with 80 % power; the SESOI "
                f"is {self.sesoi:g}."
            )
        head, what = ("Power", "") if self.enough else ("Under-powered", " power")
        text = (
            f"{head}: {self.at_sesoi or 0:.0%}{what} at the SESOI of {self.sesoi:g} {self.scale} {over}. 80 % power: "
        )
        text += f"at {self.smallest:.2g} {self.scale}"
        if not self.enough:
            text += f", or with {self.needed or f'more than {MAX_REPLICATES}'} {self.unit}"
        text += f". Chance to show that no effect matters where there is none: {self.equivalence or 0:.0%}"
        return f"{text} (sd {self.sd:.3g} over {self.measured_over} {self.unit}: {self.source})."


def over_replicates(
    unit: str, replicates: int, sesoi: float, scale: str, alpha: float, sd: float, measured_over: int, source: str
) -> Power:
    """Return the power of a design judged by Student's t; with fewer than two replicates nothing is detected."""
    if replicates < 2:
        return Power(unit, replicates, sesoi, scale, sd, measured_over, source)
    counts = range(2, MAX_REPLICATES + 1)  # power grows with them
    at = bisect_left(counts, True, key=lambda n: detection(sesoi, sd, n, alpha) >= ENOUGH)
    needed = counts[at] if at < len(counts) else None
    return Power(
        unit,
        replicates,
        sesoi,
        scale,
        sd,
        measured_over,
        source,
        round(detection(sesoi, sd, replicates, alpha), 4),
        round(equivalence(sesoi, sd, replicates, alpha), 4),
        round(smallest(sd, replicates, alpha), 6),
        needed,
    )


def over_languages(unit: str, languages: int, sesoi: float, scale: str, alpha: float) -> Power:
    """Return the power of a rank correlation over independent languages; with fewer than four nothing is detected."""
    if languages < 4:
        return Power(unit, languages, sesoi, scale)
    reach = _NORMAL.inv_cdf(1 - alpha / 2) + _NORMAL.inv_cdf(ENOUGH)
    return Power(unit, languages, sesoi, scale, smallest=round(tanh(reach / sqrt(languages - 3)), 4))


def detection(effect: float, sd: float, n: int, alpha: float) -> float:
    """Return the probability that Student's t interval of `n` ≥ 2 leaves out 0 on the side of `effect` ≥ 0."""
    if sd == 0:
        return 1.0 if effect > 0 else 0.0
    shift, bound = effect * sqrt(n) / sd, t_quantile(1 - alpha / 2, n - 1)
    return _expected(lambda s: _cdf(shift - bound * s), n - 1)


def equivalence(sesoi: float, sd: float, n: int, alpha: float) -> float:
    """Return the probability that Student's t interval of `n` ≥ 2 lies inside ±`sesoi` where the effect is 0."""
    if sd == 0:
        return 1.0
    bound, reach = t_quantile(1 - alpha / 2, n - 1), sesoi * sqrt(n) / sd
    return _expected(lambda s: max(0.0, 2 * _cdf(reach - bound * s) - 1), n - 1)


def smallest(sd: float, n: int, alpha: float, power: float = ENOUGH) -> float:
    """Return the smallest effect that `n` ≥ 2 replicates detect with probability `power`, in the unit of `sd`."""
    if sd == 0:
        return 0.0
    return sd * _smallest(n, alpha, power)


@cache
def _smallest(n: int, alpha: float, power: float) -> float:
    return _solve(lambda effect: detection(effect, 1.0, n, alpha) - power)


def _cdf(x: float) -> float:
    """Return the standard normal distribution function, without the calls inside `NormalDist.cdf`."""
    return 0.5 * (1.0 + erf(x / _SQRT2))


@cache
def t_quantile(share: float, degrees: int) -> float:
    """Return the quantile of Student's t distribution, 0.5 ≤ `share` < 1.

    P(T > t) = I_x(ν/2, 1/2) / 2 with x = ν / (ν + t²), I the regularised incomplete beta function.
    """
    return _solve(lambda t: share - 1 + _beta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2)


def _beta(x: float, a: float, b: float) -> float:
    """Return the regularised incomplete beta function by its continued fraction.

    Source: Press et al. 2007, Numerical Recipes, §6.4.
    """
    if x <= 0 or x >= 1:
        return min(1.0, max(0.0, x))
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta(1 - x, b, a)
    front = exp(a * log(x) + b * log(1 - x) + lgamma(a + b) - lgamma(a) - lgamma(b)) / a
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1))
    fraction = d
    for m in range(1, 300):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / (1 + term * d)
            c = 1 + term / c
            fraction *= c * d
        if abs(c * d - 1) < 1e-14:
            break
    return front * fraction


def _solve(function: Callable[[float], float]) -> float:
    """Return where a function, monotonous from 0 on, changes the sign that it has at 0; 0 where it is 0 there."""
    start = function(0.0)
    if start == 0:
        return 0.0
    low, high = 0.0, 1.0
    while (function(high) > 0) == (start > 0) and high < 1e9:
        low, high = high, 2 * high
    for _ in range(60):
        middle = (low + high) / 2
        if (function(middle) > 0) == (start > 0):
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _expected(value: Callable[[float], float], degrees: int) -> float:
    """Return the mean of `value`(s/σ) over the distribution of s/σ with so many degrees of freedom."""
    nodes, step = _nodes(degrees)
    total = 0.0
    for s, weight, density in nodes:
        total += weight * value(s) * density
    return min(1.0, max(0.0, total * step / 3))


@cache
def _nodes(degrees: int) -> tuple[list[tuple[float, int, float]], float]:
    """Return the points of Simpson's rule over s/σ with weight and density, where there is any; and their distance."""
    constant = log(2) + degrees / 2 * log(degrees / 2) - lgamma(degrees / 2)

    def density(s: float) -> float:
        if s <= 0:
            return exp(constant) if degrees == 1 else 0.0
        exponent = constant + (degrees - 1) * log(s) - degrees * s * s / 2
        return exp(exponent) if exponent > -700 else 0.0

    wide = 9 / sqrt(2 * degrees)
    start, end = max(0.0, 1 - wide), 1 + wide
    step = (end - start) / STEPS
    weights = [1 if i in (0, STEPS) else 4 if i % 2 else 2 for i in range(STEPS + 1)]
    nodes = [(start + i * step, weight, density(start + i * step)) for i, weight in enumerate(weights)]
    return [node for node in nodes if node[2] > 0], step
