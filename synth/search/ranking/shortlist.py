"""Shortlist of thousands of works before encoding: by their words, and by the means of their word vectors.

Encoding a title with its abstract takes about 50 ms of a core, ten thousand of them ten minutes. The model's own input
embeddings, weighted by how rare a token is and freed of what all texts share (Arora, Liang and Ma 2017, ICLR, §3), cost
a thousandth of that, and find most of what the encoder would put first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from synth.models.encoder import Encoder

CHUNK = 500  # texts that are held as tokens at a time


def closeness(question: str, texts: Sequence[str], encoder: Encoder) -> np.ndarray:
    """Return the cosine of the question's mean word vector with that of each text, shape (len(texts),); larger is
    closer.
    """
    import numpy as np

    table = encoder.token_vectors
    tokens = list(_tokens([question, *texts], encoder))
    counts = np.zeros(len(table), dtype=np.int64)
    for ids in tokens[1:]:
        counts[np.unique(ids)] += 1
    rarity = np.log((len(texts) + 1) / (counts + 0.5)).clip(min=0.0).astype(np.float32)
    means = np.stack([(rarity[ids] @ table[ids]) / max(len(ids), 1) for ids in tokens])
    means -= means[1:].mean(axis=0)
    common = np.linalg.eigh(means[1:].T @ means[1:])[1][:, -1]
    means -= np.outer(means @ common, common)
    means /= np.linalg.norm(means, axis=1, keepdims=True).clip(min=1e-12)
    return np.asarray(means[1:] @ means[0])


def _tokens(texts: Sequence[str], encoder: Encoder) -> Iterator[np.ndarray]:
    import numpy as np

    for start in range(0, len(texts), CHUNK):
        for ids in encoder.token_ids(texts[start : start + CHUNK]):
            yield np.asarray(ids, dtype=np.int32)


def first_of(rankings: Sequence[Sequence[int]], size: int) -> list[int]:
    """Return `size` items, each ranking's best in turn."""
    turns = chain.from_iterable(zip_longest(*rankings))
    return list(dict.fromkeys(item for item in turns if item is not None))[:size]
