"""Bootstrap intervals over groups of claims that are not independent of each other.

Claims that share a document, or whose documents have a sentence in common (parts of one article), are drawn together
(cluster bootstrap; Field and Welsh 2007): they stand and fall with the same text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from synth.eval.scifact.records import Claim, CorpusDocument

RESAMPLES = 2000
LEVEL = 0.95
MIN_GROUPS = 10  # groups; percentiles of fewer say nothing
SENTENCE = 40  # characters from which a sentence that two documents share is no headword such as "CONCLUSIONS"

Measures = Callable[[NDArray[np.float64]], Mapping[str, NDArray[np.float64]]]


def groups(claims: Sequence[Claim], corpus: Mapping[str, CorpusDocument]) -> list[int]:
    """Return a number for each claim's group, from 0; claims are joined by the documents that they cite or rest on."""
    root: dict[object, object] = {}

    def find(node: object) -> object:
        while root.setdefault(node, node) != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    for i, claim in enumerate(claims):
        for doc in {*(claim.cited or ()), *(claim.evidence or {})}:
            root[find(i)] = find(("document", doc))
            for sentence in corpus[doc].sentences if doc in corpus else ():
                if len(sentence) >= SENTENCE:
                    root[find(("document", doc))] = find(("sentence", sentence))
    numbers: dict[object, int] = {}
    return [numbers.setdefault(find(i), len(numbers)) for i in range(len(claims))]


def intervals(
    rows: NDArray[np.float64], group: Sequence[int], measures: Measures, seed: int = 0
) -> dict[str, tuple[float, float] | None]:
    """Compute percentile intervals at LEVEL; None with fewer than MIN_GROUPS groups, or where undefined.

    `rows`: a claim's sums, shape (claims, m); `measures` takes sums of shape (resamples, m).
    """
    count = max(group, default=-1) + 1
    by_group = np.zeros((count, rows.shape[1]))
    np.add.at(by_group, np.asarray(group, dtype=int), rows)
    if count < MIN_GROUPS:
        return dict.fromkeys(measures(by_group.sum(axis=0)[None]))
    weights = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=RESAMPLES)
    drawn = measures(weights @ by_group)
    tail = 50 * (1 - LEVEL)
    bounds: dict[str, tuple[float, float] | None] = {}
    for name, values in drawn.items():
        defined = values[np.isfinite(values)]
        bounds[name] = tuple(np.percentile(defined, [tail, 100 - tail]).tolist()) if defined.size else None
    return bounds
