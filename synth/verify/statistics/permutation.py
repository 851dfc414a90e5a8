"""Permutation tests: how often chance alone would give as much. Pure.

* `sign_flip`: under the hypothesis of no effect the difference of a unit (a family of languages) might as well have the
  other sign (Fisher 1935, The Design of Experiments, §21; Dror et al. 2018, P18-1128). Exact up to EXACT units.
* `rank_correlation`: under independence every order of the values is as likely (Pitman 1937, J. R. Stat. Soc. Suppl. 4,
  225–232).

Where not all are counted, DRAWS are drawn with a fixed seed and p = (1 + b)/(1 + DRAWS), so that the test keeps its
level (Phipson & Smyth 2010, Stat. Appl. Genet. Mol. Biol. 9(1), 39). With n units p cannot be smaller than 2/2ⁿ: three
seeds can never give less than 0.25, which is why seeds are not what is permuted.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from synth.verify.statistics.estimates import ranks

if TYPE_CHECKING:
    from synth.core.arrays import FloatArray, IntArray

DRAWS = 10_000
EXACT = 13  # 2¹³ = 8,192 signs
SEED = 1935
NEARLY = 1 - 1e-12  # sums of the same numbers in another order differ in the last digit


def sign_flip(values: Sequence[float]) -> float | None:
    """Return the two-sided p of the mean of `values` against 0; None without values."""
    import numpy as np

    if not len(values):
        return None
    differences = np.asarray(values, dtype=float)
    sums = np.abs(_signs(len(differences)) @ differences)
    as_much = int(np.count_nonzero(sums >= abs(differences.sum()) * NEARLY))
    return as_much / len(sums) if len(differences) <= EXACT else (1 + as_much) / (1 + len(sums))


@lru_cache(maxsize=8)
def _signs(n: int) -> FloatArray:
    import numpy as np

    if n <= EXACT:
        bits = np.arange(2**n)[:, None] >> np.arange(n)[None, :] & 1
    else:
        bits = np.random.Generator(np.random.PCG64(SEED)).integers(0, 2, size=(DRAWS, n))
    return np.asarray(2.0 * bits - 1.0, dtype=float)


def by_family(values: Sequence[float], families: Sequence[str]) -> list[float]:
    """Sum of the values of each family: languages of one family change sign together."""
    sums: dict[str, float] = {}
    for value, family in zip(values, families, strict=True):
        sums[family] = sums.get(family, 0.0) + value
    return list(sums.values())


def rank_correlation(x: Sequence[float], y: Sequence[float]) -> float | None:
    """Return the two-sided p of Spearman's ρ; None where a side does not vary."""
    import numpy as np

    first, second = (np.asarray(ranks(list(side))) for side in (x, y))
    first, second = first - first.mean(), second - second.mean()
    if not first.any() or not second.any():
        return None
    drawn = np.abs(first[_orders(len(first))] @ second)
    as_much = int(np.count_nonzero(drawn >= abs(first @ second) * NEARLY))
    return (1 + as_much) / (1 + len(drawn))


@lru_cache(maxsize=8)
def _orders(n: int) -> IntArray:
    import numpy as np

    generator = np.random.Generator(np.random.PCG64(SEED + 1))
    return generator.permuted(np.tile(np.arange(n), (DRAWS, 1)), axis=1)
