"""Estimate of recall from records drawn at random while screening. Pure.

At draw t one of u_t undecided records is shown, each equally likely; f_t relevant ones were found before. If there are
T relevant works in all, T − f_t of them are among the u_t, so that the draw is relevant with probability

    p_t(T) = (T − f_t) / u_t,

whatever a model chose to show in between: what it chose is in f_t and u_t. Hence for any guess q_t made before the draw

    R_t(T) = Π_s  q_s^{y_s} (1 − q_s)^{1 − y_s}  /  Π_s  p_s(T)^{y_s} (1 − p_s(T))^{1 − y_s}

is a non-negative martingale with mean at most 1 at the true T, and by Ville's inequality {T : R_t(T) < 1/α} holds it at
all t at once with probability 1 − α: a confidence sequence for sampling without replacement (Waudby-Smith and Ramdas
2020, arXiv:2006.04347, which has the ratio of prior to posterior of a hypergeometric for R). One may look after every
decision and stop when it looks good; an interval for a single look could not be trusted then. q_t is the mean of a
Beta(GUESS_RELEVANT, GUESS_IRRELEVANT) after the draws before: relevant works are expected to be rare.

It assumes that random draws are decided like any other record, and that decisions are right. Works
which the search did not find do not count: recall is of what the search found, not of all that exists.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

LEVEL = 0.95
TARGET = 0.95  # share of the relevant works that a reviewer commonly wants
GUESS_RELEVANT, GUESS_IRRELEVANT = 0.2, 1.0


@dataclass(frozen=True)
class Draw:
    """A random draw: of how many undecided records (itself among them), relevant ones found before, and whether it
    was relevant. A draw that is still undecided counts as relevant: it may be.
    """

    undecided: int
    found: int
    relevant: bool


@dataclass(frozen=True)
class Recall:
    """Recall so far with its interval. `missed`: relevant works not found yet, estimated and at most.

    `recall` is None where nothing was found and nothing is known to be left; `draws` it rests on.
    """

    recall: float | None
    low: float
    high: float
    missed: float
    missed_at_most: int
    draws: int
    level: float


def estimate(draws: Sequence[Draw], relevant: int, undecided: int, level: float = LEVEL) -> Recall:
    """Estimate recall with `relevant` works found and `undecided` records left, after `draws` in order.

    Every T from relevant to relevant + undecided is weighed. Without draws the interval is as wide as that. The
    estimate is the median of T, its likelihood weighed by 1/√(T − relevant + ½): Jeffreys' prior for a small share of
    relevant works among the undecided (Brown, Cai and DasGupta 2001). It tends to say too little rather than too much.
    """
    totals = np.arange(relevant, relevant + undecided + 1)
    likelihood = log_likelihood(draws, totals)
    held = totals[_guessed(draws) - likelihood < -math.log(1 - level)]
    # Rounding aside the set is never empty of the best T: R(T) < 1/α fails for all only when the draws contradict
    # each other, as where labels were changed meanwhile; then nothing is excluded.
    held = held if held.size else totals
    weights = np.exp(likelihood - likelihood.max()) if np.isfinite(likelihood.max()) else np.ones(len(totals))
    middle = _median(totals, weights / np.sqrt(totals - relevant + 0.5))
    most, least = int(held.max()), int(held.min())
    return Recall(
        recall=relevant / middle if middle else None,
        low=relevant / most if most else 0.0,
        high=relevant / least if least else 1.0,
        missed=middle - relevant,
        missed_at_most=most - relevant,
        draws=len(draws),
        level=level,
    )


def log_likelihood(draws: Sequence[Draw], totals: np.ndarray) -> np.ndarray:
    """Compute log Π p_t^{y_t} (1 − p_t)^{1 − y_t} of each T of `totals`, shape (n,); −inf where T cannot be."""
    likelihood = np.zeros(len(totals))
    with np.errstate(divide="ignore", invalid="ignore"):
        for draw in draws:
            p = (totals - draw.found) / draw.undecided
            likelihood += np.log(np.where((p >= 0) & (p <= 1), p if draw.relevant else 1 - p, 0.0))
    return likelihood


def _guessed(draws: Sequence[Draw]) -> float:
    """Compute log Π q_t^{y_t} (1 − q_t)^{1 − y_t}, each q_t from the draws before it."""
    hits, logarithm = 0, 0.0
    for number, draw in enumerate(draws):
        q = (GUESS_RELEVANT + hits) / (GUESS_RELEVANT + GUESS_IRRELEVANT + number)
        logarithm += math.log(q if draw.relevant else 1 - q)
        hits += draw.relevant
    return logarithm


def _median(totals: np.ndarray, weights: np.ndarray) -> float:
    """Return the weighted median, between whole numbers."""
    share = np.cumsum(weights) / weights.sum()
    place = int(np.searchsorted(share, 0.5))
    before = share[place - 1] if place else 0.0
    return float(max(totals[0], totals[place] - 0.5 + (0.5 - before) / (share[place] - before)))


def chance_of_luck(relevant: int, before: int, undecided: int, sample: int, target: float = TARGET) -> float:
    """P(so few relevant ones in the sample | recall is below `target`): small = stopping is safe.

    Callaghan and Müller-Hansen 2020 (doi:10.1186/s13643-020-01521-4), "Statistical stopping criteria": of `undecided`
    records undecided when drawing at random began, with `before` relevant works found by then, `sample` were
    drawn since; `relevant` relevant ones are known now. The null hypothesis has K = ⌊relevant/target − before + 1⌋
    relevant works among the `undecided`, the fewest for which recall would be below target;
    p = P(X ≤ relevant − before), X hypergeometric. It holds for one look, at draws that nothing but chance chose.
    """
    from scipy.stats import hypergeom

    lacking = math.floor(relevant / target - before + 1)
    if lacking > undecided:  # so many cannot be there
        return 0.0
    return float(hypergeom.cdf(relevant - before, undecided, lacking, sample))
