"""One ranking of several: by reciprocal rank (Cormack, Clarke and Buettcher 2009, SIGIR), or by the scores themselves
(Bruch, Gai and Ingber 2023, An Analysis of Fusion Functions for Hybrid Retrieval).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T", bound=Hashable)

K = 60  # the paper's constant; it damps the weight of the first few places


def fuse(rankings: Iterable[Sequence[T]], k: int = K) -> list[tuple[T, float]]:
    """Return the items of all rankings with their fused score, best first.

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


def blend(words: Mapping[T, float], meaning: Mapping[T, float], share: float = 0.5) -> list[tuple[T, float]]:
    """Return the items of both with the mean of their scores, `share` of it by meaning, best first; 1 is the best of
    either.

    Each score is divided by the largest of its kind; negative ones count as 0. An item that `words` lacks has 0 there;
    one that `meaning` lacks, because nothing is known of it, counts as its words do. Ties keep the order of appearance.
    """
    if not 0 <= share <= 1:
        raise ValueError("share must be between 0 and 1")
    most_words = max(words.values(), default=0.0)
    most_meaning = max(meaning.values(), default=0.0)
    scores: dict[T, float] = {}
    for item in [*words, *(other for other in meaning if other not in words)]:
        by_words = _part(words.get(item, 0.0), most_words)
        by_meaning = _part(meaning[item], most_meaning) if item in meaning else by_words
        scores[item] = (1 - share) * by_words + share * by_meaning
    return sorted(scores.items(), key=lambda pair: -pair[1])


def _part(score: float, most: float) -> float:
    return max(0.0, score) / most if most > 0 else 0.0
