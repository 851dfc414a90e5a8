"""Bitext mining: which sentences of two corpora are translations of each other (BUCC shared task)."""

from __future__ import annotations

from collections.abc import Collection
from hashlib import sha256
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from repro.retrieval.neighbours import Nearest, Neighbours
from repro.retrieval.scoring import MARGIN_NEIGHBOURS, Densities, Rule, densities, ratio_margin

Pair = tuple[str, str]


class Mined(NamedTuple):
    """Pairs (source row, target row) by falling score; every row is in at most one pair."""

    sources: NDArray[np.int64]
    targets: NDArray[np.int64]
    scores: NDArray[np.float64]


def mine(neighbours: Neighbours, k: int = MARGIN_NEIGHBOURS, rule: Rule = ratio_margin) -> Mined:
    """Return the pairs that the margin prefers ("max" retrieval of Artetxe and Schwenk 2019, 1811.01136, §3.2).

    Each source sentence proposes the best of its k nearest targets, each target sentence the best of its k nearest
    sources; of all proposals the best is taken, its two sentences are struck out, and so on. At equal scores a
    proposal of a source comes before one of a target, and the lower row first.
    """
    if not neighbours.forward.indices.size:
        return Mined(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))
    around = densities(neighbours, k)
    targets, forward = _proposals(neighbours.forward, k, rule, around)
    sources, backward = _proposals(neighbours.backward, k, rule, Densities(around.candidates, around.queries))
    pairs = np.concatenate(
        [np.stack([np.arange(len(targets)), targets]), np.stack([sources, np.arange(len(sources))])], axis=1
    )
    scores = np.concatenate([forward, backward])
    taken: tuple[set[int], set[int]] = (set(), set())
    chosen = []
    for i in np.argsort(-scores, kind="stable"):
        source, target = pairs[:, i].tolist()
        if source not in taken[0] and target not in taken[1]:
            taken[0].add(source)
            taken[1].add(target)
            chosen.append(i)
    return Mined(pairs[0, chosen], pairs[1, chosen], scores[chosen])


def _proposals(
    nearest: Nearest, k: int, rule: Rule, around: Densities
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    indices = nearest.indices[:, :k]
    cosines = nearest.scores[:, :k].astype(np.float64)
    scores = rule(cosines, around.queries[:, None], around.candidates[indices])
    best = scores.argmax(axis=1)[:, None]
    return np.take_along_axis(indices, best, 1)[:, 0], np.take_along_axis(scores, best, 1)[:, 0].astype(np.float64)


class Score(NamedTuple):
    """Shares from 0 to 1 (Zweigenbaum et al. 2018)."""

    f1: float
    precision: float
    recall: float


def score(mined: Collection[Pair], gold: Collection[Pair]) -> Score:
    """Return precision, recall and F1 of the pairs that were mined."""
    right = len(set(mined) & set(gold))
    if not right:
        return Score(0.0, 0.0, 0.0)
    precision, recall = right / len(set(mined)), right / len(set(gold))
    return Score(2 * precision * recall / (precision + recall), precision, recall)


def threshold(pairs: dict[Pair, float], gold: Collection[Pair]) -> float:
    """Return the score from which on pairs are kept so that F1 against `gold` is highest.

    It is halfway between two pairs' scores.

    Among equally good cuts the one that keeps fewer pairs; a cut never separates equal scores. Infinite when no pair
    is right.
    """
    items = sorted(pairs.items(), key=lambda item: -item[1])
    best, cut, right = 0.0, float("inf"), 0
    known = set(gold)
    for n, (pair, value) in enumerate(items, start=1):
        right += pair in known
        following = items[n][1] if n < len(items) else value
        f1 = 2 * right / (n + len(known))
        if f1 > best and (following < value or n == len(items)):
            best, cut = f1, (value + following) / 2
    return cut


def at_best(pairs: dict[Pair, float], gold: Collection[Pair]) -> Score:
    """Return the score at the threshold chosen on the same gold pairs: an upper bound, not an estimate."""
    return at(pairs, gold, threshold(pairs, gold))


def at(pairs: dict[Pair, float], gold: Collection[Pair], cut: float) -> Score:
    return score([pair for pair, value in pairs.items() if value >= cut], gold)


def held_out(pairs: dict[Pair, float], gold: Collection[Pair]) -> Score:
    """Return the score with a threshold chosen on other gold pairs than those it is scored on.

    For sets with gold pairs in one split only.

    Mined pairs and gold pairs are divided in two by their source sentence (one bit of the SHA-256 of its id, so the
    same sentences fall into the same half for every model). The threshold of each half is the one that is best on the
    other; the mean over the two halves is given. Mining itself sees no gold, so both halves share one pool and the
    task is as hard as the whole set. With few gold pairs a half is a noisy place to choose from: expect less than the
    threshold of a separate dev set would give.
    """
    halves = [
        ({p: s for p, s in pairs.items() if _half(p) == half}, [p for p in gold if _half(p) == half]) for half in (0, 1)
    ]
    scores = [at(*halves[half], threshold(*halves[1 - half])) for half in (0, 1)]
    return Score(*(sum(values) / 2 for values in zip(*scores, strict=True)))


def _half(pair: Pair) -> int:
    return sha256(pair[0].encode()).digest()[0] & 1
