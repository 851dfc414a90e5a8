"""Transformations of one language's sentence vectors that take out what all of them share.

Contextual vectors lie in a narrow cone (Ethayarajh 2019, arXiv:1909.00512), and each language in a place of its own.
Each function takes the vectors (sentences, dimension) of one language and knows nothing of the other's.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from repro.retrieval.scoring import centred

Floats = NDArray[np.floating]
RIDGE = 1.0  # times the mean variance; without it the directions that few sentences leave empty would be blown up


def as_they_are(vectors: Floats) -> Floats:
    """Return the vectors unchanged."""
    return vectors


def without_components(vectors: Floats, count: int) -> Floats:
    """Remove the mean and the first `count` principal components (Mu and Viswanath 2018, arXiv:1702.01417).

    Per language, as Yang et al. 2021 (arXiv:2109.04727) remove what identifies it.
    """
    flat = centred(vectors)
    if not len(flat):
        return flat
    _, _, axes = np.linalg.svd(flat, full_matrices=False)
    first = axes[:count]
    return flat - (flat @ first.T) @ first


def whitened(vectors: Floats, ridge: float = RIDGE) -> Floats:
    """Remove the mean, and scale each principal component to equal variance (Su et al. 2021, arXiv:2103.15316).

    The variance of a component counts as its own plus `ridge` times the mean of all, since a language has fewer
    sentences than are needed to tell small variances.
    """
    flat = centred(vectors)
    if not len(flat):
        return flat
    _, lengths, axes = np.linalg.svd(flat, full_matrices=False)
    variances = lengths**2 / len(flat)
    floor = ridge * variances.sum() / flat.shape[1]
    scale = np.divide(1.0, np.sqrt(variances + floor), where=variances + floor > 0, out=np.zeros_like(variances))
    return ((flat @ axes.T) * scale) @ axes


WAYS: dict[str, Callable[[Floats], Floats]] = {
    "none": as_they_are,
    "centred": centred,
    "one component": lambda vectors: without_components(vectors, 1),
    "four components": lambda vectors: without_components(vectors, 4),
    "sixteen components": lambda vectors: without_components(vectors, 16),
    "whitened": whitened,
}
