"""Selection of the sentences of a document that share a claim's rare words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from synth.text.content import content_words

SENTENCES = 3  # of a document that are read beside the claim


@dataclass(frozen=True)
class Selection:
    """`positions` of the chosen sentences in reading order; `best`: the share of the claim's words, by weight, in the
    sentence with most of them, and `together` in all chosen ones; `ranked`: the chosen, most telling first.
    """

    positions: tuple[int, ...]
    ranked: tuple[int, ...]
    best: float
    together: float


def rarity(texts: Iterable[str]) -> dict[str, float]:
    """Return content word → log(1 + (n − m + 0.5) / (m + 0.5)), m of n texts having it.

    The weight of BM25 (Robertson and Zaragoza 2009, §3.3), in the form that is never 0, so that a single text can be
    searched too.
    """
    words_of = [frozenset(content_words(text)) for text in texts]
    counts = Counter(word for words in words_of for word in words)
    return {word: math.log(1 + (len(words_of) - count + 0.5) / (count + 0.5)) for word, count in counts.items()}


def select(claim: str, sentences: Sequence[str], weights: Mapping[str, float], k: int = SENTENCES) -> Selection:
    """Select the `k` sentences with most of the claim's words by weight (a word that is in no text weighs most).

    Sentences without any shared word are never chosen. Ties: the earlier one.
    """
    most = max(weights.values(), default=1.0)
    claim_weights = {word: weights.get(word, most) for word in content_words(claim)}
    total = sum(claim_weights.values())
    if not total:
        return Selection((), (), 0.0, 0.0)
    shared = [frozenset(content_words(text)) & claim_weights.keys() for text in sentences]
    scores = [sum(claim_weights[word] for word in words) / total for words in shared]
    ranked = sorted((i for i, score in enumerate(scores) if score > 0), key=lambda i: (-scores[i], i))[:k]
    together = frozenset[str]().union(*(shared[i] for i in ranked))
    return Selection(
        positions=tuple(sorted(ranked)),
        ranked=tuple(ranked),
        best=scores[ranked[0]] if ranked else 0.0,
        together=sum(claim_weights[word] for word in together) / total,
    )
