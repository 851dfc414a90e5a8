"""Scoring rules of retrieval, and how often the candidate that they prefer is the right one.

A rule turns the cosines of a query with all candidates, and how dense the neighbourhoods on both sides are, into
scores. All of them are exact over the whole pool: where a rule punishes hubs, a candidate may win that is not among
the nearest by cosine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from repro.retrieval.neighbours import MEMORY, Neighbours, both, distinct

Floats = NDArray[np.floating]
Rule = Callable[[Floats, Floats, Floats], Floats]
MARGIN_NEIGHBOURS = 4  # Artetxe and Schwenk 2019
MIN_DENSITY = 1e-9


def normalised(vectors: Floats) -> Floats:
    """Scale rows to length 1; a row of zeros stays as it is."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where(lengths == 0, 1, lengths)


def centred(vectors: Floats) -> Floats:
    """Return the vectors of one language without their mean, which undoes a direction that all of them share."""
    return vectors - vectors.mean(axis=0) if len(vectors) else vectors


class Densities(NamedTuple):
    """Mean score of the k nearest: (n,) of each query among candidates, (m,) of each candidate among queries."""

    queries: Floats
    candidates: Floats


def densities(neighbours: Neighbours, k: int) -> Densities:
    """Compute densities from the nearest neighbours in both directions: k of them, unless the pool is smaller."""
    forward, backward = neighbours.forward.scores[:, :k], neighbours.backward.scores[:, :k]
    return Densities(forward.mean(axis=1, dtype=np.float64), backward.mean(axis=1, dtype=np.float64))


# -- rules: (…) scores from (…) cosines, the query's density and the candidate's, which are broadcast ---------------


def cosine(cosines: Floats, query: Floats, candidate: Floats) -> Floats:
    """Return the cosine as it is; also the "absolute" margin (Artetxe and Schwenk 2019, §3.1)."""
    return cosines


def csls(cosines: Floats, query: Floats, candidate: Floats) -> Floats:
    """Score by cross-domain local scaling: 2·cos − r(query) − r(candidate) (Conneau et al. 2018, 1710.04087, §2.3)."""
    return 2 * cosines - query - candidate


def distance_margin(cosines: Floats, query: Floats, candidate: Floats) -> Floats:
    """Score by cos − (r(query) + r(candidate)) / 2 (Artetxe and Schwenk 2019, 1811.01136, eq. 1–2); half of CSLS."""
    return cosines - (query + candidate) / 2


def ratio_margin(cosines: Floats, query: Floats, candidate: Floats) -> Floats:
    """Score by cos / ((r(query) + r(candidate)) / 2) (Artetxe and Schwenk 2019, 1811.01136, eq. 1–2).

    A ratio to a negative density would turn the order around, so densities below 1e-9 count as 1e-9; with cosines of
    sentence vectors that are not centred this does not happen.
    """
    return cosines / np.maximum((query + candidate) / 2, MIN_DENSITY)


MARGINS: dict[str, Rule] = {"ratio": ratio_margin, "distance": distance_margin, "absolute": cosine}


# -- ranks and accuracy ---------------------------------------------------------------------------------------------


def ahead(
    queries: Floats,
    candidates: Floats,
    right: NDArray[np.int64],
    rule: Rule = cosine,
    k: int = 1,
    memory: int = MEMORY,
) -> NDArray[np.int64]:
    """Count the candidates preferred to the right one, (queries,); 0 is a right answer. Among equals the first wins.

    `queries` (n, dim) and `candidates` (m, dim) of length 1, query i ↔ candidate `right[i]`. `rule` sees densities
    over `k` neighbours. Scores are computed in float64, in blocks of `memory` bytes; equal candidates score exactly the
    same.
    """
    result = np.empty(len(queries), dtype=np.int64)
    for rows, scores in score_blocks(queries, candidates, rule, k, memory):
        result[rows] = ahead_in(scores, right[rows])
    return result


def ahead_in(scores: Floats, right: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count as `ahead`, from scores (queries, candidates)."""
    own = np.take_along_axis(scores, right[:, None], axis=1)
    before = np.arange(scores.shape[1]) < right[:, None]
    return ((scores > own) | ((scores == own) & before)).sum(axis=1)


def score_blocks(
    queries: Floats,
    candidates: Floats,
    rule: Rule = cosine,
    k: int = 1,
    memory: int = MEMORY,
) -> Iterator[tuple[slice, Floats]]:
    """Yield slices of queries and their scores (queries, candidates) in float64; arguments as for `ahead`."""
    if rule is cosine:
        around = Densities(np.zeros(len(queries)), np.zeros(len(candidates)))
    else:
        around = densities(both(queries, candidates, k, memory=memory), k)
    # Each distinct candidate is multiplied once: a matrix product may give equal columns unequal last digits.
    firsts, kind = distinct(candidates)
    pool, crowd = candidates[firsts].astype(np.float64).T, around.candidates[firsts][kind]
    step = max(1, memory // (4 * 8 * max(1, len(candidates))))
    for start in range(0, len(queries), step):
        rows = slice(start, min(start + step, len(queries)))
        cosines = (queries[rows].astype(np.float64) @ pool)[:, kind]
        yield rows, rule(cosines, around.queries[rows, None], crowd[None])


def accuracy(preferred: NDArray[np.int64]) -> float:
    """Return the share of queries with nothing preferred to the right answer, from `ahead`."""
    return float((preferred == 0).mean())


def weighted_f1(answers: NDArray[np.int64], candidates: int) -> float:
    """Return F1 over candidates as classes, weighted by how often each is right; query i ↔ candidate i.

    `answers` (queries,): the candidate that each query took. As mteb scores bitexts (Muennighoff et al. 2023,
    arXiv:2210.07316, by scikit-learn's weighted average): a candidate that is taken c times, rightly once, has
    precision 1 / c and recall 1, hence F1 2 / (1 + c).
    """
    taken = np.bincount(answers, minlength=candidates)
    right = answers == np.arange(len(answers))
    return float((2 * right / (1 + taken[: len(answers)])).mean())


def pool_accuracy(preferred: NDArray[np.int64], pool: int, size: int) -> float:
    """Return the expected accuracy if each query chose from `size` of the `pool` candidates, the right one included.

    The other size − 1 are drawn without replacement from the pool − 1 wrong ones, of which b are preferred to the
    right one: P(none of these drawn) = C(pool − 1 − b, size − 1) / C(pool − 1, size − 1), averaged over the queries.
    Exact, no sampling; makes languages comparable whose pools differ. Holds for rules under which a candidate's score
    does not depend on the rest of the pool (cosines). ValueError if the pool is smaller than `size`.
    """
    if not 1 <= size <= pool:
        raise ValueError(f"no {size} candidates in a pool of {pool}")
    drawn = np.arange(pool)
    # P(b + 1) = P(b) · (pool − size − b) / (pool − 1 − b), and 0 once too few candidates are left.
    factors = np.maximum(pool - size - drawn[:-1], 0) / (pool - 1 - drawn[:-1]) if pool > 1 else np.ones(0)
    return float(np.concatenate([[1.0], np.cumprod(factors)])[preferred].mean())


def average_precision(relevant: NDArray[np.bool_], total: NDArray[np.int64]) -> Floats:
    """Return average precision at k, (queries,), of a ranking cut at k.

    `relevant` (queries, k): whether the answer at each rank is a right one; `total` (queries,): right answers there
    are. Divided by min(total, k), as in LAReQA's evaluation (Roy et al. 2020, 2004.05484).
    """
    k = relevant.shape[1]
    precision = relevant.cumsum(axis=1) / np.arange(1, k + 1)
    return (precision * relevant).sum(axis=1) / np.minimum(total, k)
