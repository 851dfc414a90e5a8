"""Several encoders made one: by their vectors, by their scores, or by their ranks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from repro.retrieval.scoring import (
    MARGIN_NEIGHBOURS,
    Rule,
    centred,
    cosine,
    csls,
    normalised,
    ratio_margin,
    score_blocks,
)

Floats = NDArray[np.floating]
Encode = Callable[[Sequence[str]], Floats]
RECIPROCAL = 60  # the constant of reciprocal rank fusion (Cormack, Clarke and Büttcher 2009, §2)


def by_embedding(members: Sequence[Encode]) -> Encode:
    """Return the mean of the members' vectors, each of length 1. The members share one space: one pre-trained model."""

    def encode(texts: Sequence[str]) -> Floats:
        return np.mean([normalised(member(texts)) for member in members], axis=0, dtype=np.float32)

    return encode


def by_score(matrices: Sequence[Floats]) -> Floats:
    """Return the members' scores (queries, candidates) fused: their mean.

    Scores are taken as they are: a member whose scores lie far apart has more say than one whose scores are close.
    """
    return np.mean(matrices, axis=0)


def ranks(scores: Floats) -> NDArray[np.int64]:
    """Turn (queries, candidates) scores into ranks: 1 for each query's best; among equals the first wins."""
    return rankdata(-scores, method="ordinal", axis=1).astype(np.int64)


def by_rank(matrices: Sequence[Floats]) -> Floats:
    """Return the members' scores (queries, candidates) fused: the sum of 1 / (60 + rank)."""
    return np.sum([1.0 / (RECIPROCAL + ranks(scores)) for scores in matrices], axis=0)


def score_matrices(english: Floats, other: Floats, neighbours: int) -> dict[str, Floats]:
    """Return scores (English, other) of one member under each scoring rule of `repro.targets.parallel_rows`."""
    raw = normalised(english), normalised(other)
    flat = normalised(centred(english)), normalised(centred(other))
    return {
        "cosine": _scores(*raw, cosine, 1),
        "centred": _scores(*flat, cosine, 1),
        "csls": _scores(*flat, csls, neighbours),
        "margin": _scores(*raw, ratio_margin, MARGIN_NEIGHBOURS),
    }


def _scores(english: Floats, other: Floats, rule: Rule, k: int) -> Floats:
    return np.concatenate([scores for _, scores in score_blocks(english, other, rule, k)])
