"""Equivalence of measured and claimed magnitude, with bounds from SESOI, printed precision, seed variance. Pure.

The claim's number c is one run of somebody else's, rounded. It may differ from the true effect θ of the same method by

* what does not matter (the SESOI) and half a unit of its last printed digit: `known`, in the metric's unit;
* what one run differs from the mean of all: z standard deviations σ between seeds, z = 1.96 for 95 % of the runs.

So the magnitude is the claimed one if |θ − c| < known + z·σ, with σ not known. Two one-sided tests (Schuirmann 1987)
against bounds that contain the unknown σ: at the bound, √n(m − c − known)/s follows the noncentral t distribution with
n − 1 degrees of freedom and noncentrality z√n, whatever σ is (Johnson & Welch 1940, Biometrika 31, 362–389). Hence

    same        |m − c| < known + q_α     · s/√n
    different   |m − c| > known + q_{1−α} · s/√n        q: quantiles of that noncentral t

Each wrong answer has probability α at most. With z = 0 `same` is the ordinary TOST with Student's t; with known = 0 it
is the equivalence test with standardised bounds (Wellek 2010, Testing Statistical Hypotheses of Equivalence, ch. 5).
"""

from __future__ import annotations

import re
from enum import IntEnum
from functools import cache
from math import sqrt
from typing import TYPE_CHECKING

from synth.verify.statistics.estimates import t_quantile

if TYPE_CHECKING:
    from synth.core.arrays import Floats, IntArray

ONE_RUN = 1.959963984540054  # 95 % of single runs lie within this many standard deviations of their mean
NUMERAL = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?|\.\d+")


class Closeness(IntEnum):
    """Relation of the measured magnitude to the claimed one. Integers, so that arrays hold them."""

    SAME = 1
    OPEN = 0
    DIFFERENT = -1

    @property
    def word(self) -> str:
        """The word that verdicts store."""
        return self.name.lower()


def closeness(
    mean: Floats, sd: Floats, n: int, claimed: float, known: float, level: float, spread: float = ONE_RUN
) -> IntArray:
    """Return the Closeness of the measured magnitude to the claimed one, an array of the shape of `mean`.

    `mean`, `sd`: over `n` ≥ 2 seeds; `claimed`, `known` in their unit; `spread`: z; `level`: α, one-sided.
    """
    import numpy as np

    off = np.abs(np.asarray(mean, dtype=float) - claimed) - known
    unit = np.asarray(sd, dtype=float) / sqrt(n)
    same = off < quantile(level, n, spread) * unit
    # Without any spread the limits coincide, and what lies on them is the same.
    different = off > quantile(1 - level, n, spread) * unit
    at_bound = (unit == 0) & (off <= 0)
    return np.select([same | at_bound, different], [Closeness.SAME, Closeness.DIFFERENT], Closeness.OPEN)


@cache
def quantile(share: float, n: int, spread: float) -> float:
    """Return a quantile of the noncentral t with n − 1 degrees of freedom and noncentrality `spread`·√n."""
    if spread == 0:
        return t_quantile(share, n - 1)
    from scipy.stats import nct

    return float(nct.ppf(share, n - 1, spread * sqrt(n)))


def half_unit(value: float, text: str) -> float:
    """Return half a unit of the last digit with which `text` prints `value`; as Python prints it where it does not.

    Of several numerals of that value the one with the most decimals counts.
    """
    printed = [numeral for numeral in NUMERAL.findall(text) if float(numeral.replace(",", "")) == abs(value)]
    shown = max(printed, key=_decimals, default=f"{abs(value):g}")
    return 0.5 * 10.0 ** -_decimals(shown)


def _decimals(numeral: str) -> int:
    return len(numeral.partition(".")[2])
