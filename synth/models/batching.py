"""Batched inference for every model: each distinct input once, by length, in batches, kept on disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import numpy as np

    from synth.models.vector_cache import VectorCache

T = TypeVar("T")
Progress = Callable[[int, int], None]

# Padded tokens in one forward pass. Small batches of like length stay in the processor's cache: on a CPU this is
# faster than the large batches that suit a GPU (benchmarks/encoding.py).
TOKENS_PER_BATCH = 1024
COMMIT_EVERY = 256  # inputs between two commits to the disk cache


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield indices by falling length, each batch at most TOKENS_PER_BATCH with its padding. Equal lengths stay in
    order.
    """
    batch: list[int] = []
    for i in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        if batch and (len(batch) + 1) * lengths[batch[0]] > TOKENS_PER_BATCH:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


def completed(
    keys: Mapping[T, bytes],
    computed: Callable[[list[T]], Iterator[list[tuple[T, np.ndarray]]]],
    valid: Callable[[np.ndarray], bool],
    cache: VectorCache | None,
    progress: Progress | None,
) -> dict[bytes, np.ndarray]:
    """Return the row of every key: out of the cache where it has a `valid` one, else as `computed` gives it, group by
    group.

    Each group is committed before the next one is computed, so that an interruption loses one group at most.
    """
    cached = cache.get(list(keys.values())) if cache else {}
    rows = {key: row for key, row in cached.items() if valid(row)}
    missing = [item for item in keys if keys[item] not in rows]
    finished = len(keys) - len(missing)
    if progress:
        progress(finished, len(keys))
    for group in computed(missing):
        fresh = [(keys[item], row) for item, row in group]
        if cache:
            cache.put(fresh)
        rows.update(fresh)
        finished += len(fresh)
        if progress:
            progress(finished, len(keys))
    return rows


def grouped(rows: Iterator[list[tuple[T, np.ndarray]]]) -> Iterator[list[tuple[T, np.ndarray]]]:
    """Yield the rows of several batches together, as many as are worth a commit."""
    group: list[tuple[T, np.ndarray]] = []
    for batch in rows:
        group += batch
        if len(group) >= COMMIT_EVERY:
            yield group
            group = []
    if group:
        yield group
