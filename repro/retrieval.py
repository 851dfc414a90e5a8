"""Exact cross-lingual sentence retrieval: English asks, the other language answers (Tatoeba's protocol in XTREME)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]


def normalised(vectors: Floats) -> Floats:
    """Rows of length 1; a row of zeros stays as it is."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where(lengths == 0, 1, lengths)


def cosine_scores(queries: Floats, candidates: Floats) -> Floats:
    """(queries, candidates) cosines, of the vectors as they are."""
    return normalised(queries.astype(np.float64)) @ normalised(candidates.astype(np.float64)).T


def csls_scores(queries: Floats, candidates: Floats, k: int = 10) -> Floats:
    """Cross-domain similarity local scaling (Conneau et al. 2018, arXiv:1710.04087, §2.3) of centred vectors.

    Each language's mean is taken off first: together the control for anisotropy, where all vectors of a language
    point the same way and some of them are everybody's neighbour.
    """
    cosines = cosine_scores(queries - queries.mean(0), candidates - candidates.mean(0))
    k = min(k, *cosines.shape)
    to_candidates = np.sort(cosines, axis=1)[:, -k:].mean(1, keepdims=True)
    to_queries = np.sort(cosines, axis=0)[-k:].mean(0, keepdims=True)
    return 2 * cosines - to_candidates - to_queries


def accuracy(scores: Floats) -> float:
    """Share of queries whose best candidate is their own, row i ↔ column i; among equals the first one counts."""
    return float((scores.argmax(axis=1) == np.arange(len(scores))).mean())
