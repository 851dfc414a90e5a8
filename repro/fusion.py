"""Several encoders made one: by their vectors, by their scores, or by their ranks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from repro.neighbours import both
from repro.scoring import MARGIN_NEIGHBOURS, Rule, centred, cosine, csls, densities, normalised, ratio_margin

Floats = NDArray[np.floating]
Encode = Callable[[Sequence[str]], Floats]
RECIPROCAL = 60  # the constant of reciprocal rank fusion (Cormack, Clarke and Büttcher 2009, §2)


def by_embedding(members: Sequence[Encode]) -> Encode:
    """The mean of the members' vectors, each of length 1. The members share one space: one pre-trained model."""

    def encode(texts: Sequence[str]) -> Floats:
        return np.mean([normalised(member(texts)) for member in members], axis=0, dtype=np.float32)

    return encode


def by_score(members: Sequence[Encode]) -> Encode:
    """The members' vectors, each of length 1, one after the other: a cosine of these is the mean of their cosines."""

    def encode(texts: Sequence[str]) -> Floats:
        return np.concatenate([normalised(member(texts)) for member in members], axis=1)

    return encode


def ranks(scores: Floats) -> NDArray[np.int64]:
    """(queries, candidates) scores → 1 for each query's best candidate, 2 for the next; among equals the first wins."""
    order = np.argsort(-scores, axis=1, kind="stable")
    found = np.empty_like(order)
    np.put_along_axis(found, order, np.arange(1, scores.shape[1] + 1)[None], axis=1)
    return found


def by_rank(matrices: Sequence[Floats]) -> Floats:
    """The members' scores (queries, candidates) fused: the sum of 1 / (60 + rank)."""
    return np.sum([1.0 / (RECIPROCAL + ranks(scores)) for scores in matrices], axis=0)


def score_matrices(english: Floats, other: Floats, neighbours: int) -> dict[str, Floats]:
    """Scores (English, other) of one member under each scoring rule of `repro.targets.parallel_rows`."""
    raw = normalised(english), normalised(other)
    flat = normalised(centred(english)), normalised(centred(other))
    return {
        "cosine": _scores(*raw, cosine, 1),
        "centred": _scores(*flat, cosine, 1),
        "csls": _scores(*flat, csls, neighbours),
        "margin": _scores(*raw, ratio_margin, MARGIN_NEIGHBOURS),
    }


def _scores(english: Floats, other: Floats, rule: Rule, k: int) -> Floats:
    around = densities(both(english, other, k), k)
    cosines = english.astype(np.float64) @ other.astype(np.float64).T
    return rule(cosines, around.queries[:, None], around.candidates[None])
