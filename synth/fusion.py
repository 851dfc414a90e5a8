"""Reciprocal rank fusion of several rankings (Cormack, Clarke and Buettcher 2009, SIGIR)."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

T = TypeVar("T", bound=Hashable)

K = 60  # the paper's constant; it damps the weight of the first few places


def fuse(rankings: Iterable[Sequence[T]], k: int = K) -> list[tuple[T, float]]:
    """Items of all rankings with their fused score, best first.

    An item's score is the sum over rankings of 1 / (k + rank), rank counted from 1; a ranking without the item
    adds nothing. Ties keep the order of first appearance. An item that a ranking repeats counts at its best place.
    """
    if k < 0:
        raise ValueError("k must not be negative")
    scores: dict[T, float] = {}
    for ranking in rankings:
        for rank, item in enumerate(dict.fromkeys(ranking), start=1):
            scores[item] = scores.get(item, 0.0) + 1.0 / (k + rank)
    return sorted(scores.items(), key=lambda pair: -pair[1])
