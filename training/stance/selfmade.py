"""Pairs made from abstracts: what a sentence still says when it is shortened, contradicted, or said of something else.

No label is anyone's judgement; each follows from how its pair was made. Every way of contradicting is used on claim
and on passage, so that no word by itself tells the label.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from synth.text.lexicon import Lexicon
from training.stance import rewriting
from training.stance.pairs import CONTRADICT, NOT_ENOUGH_INFO, SUPPORT, Example
from training.stance.rewriting import Rewrite

SOURCE = "abstracts"
SHORTEST, LONGEST = 7, 45  # words of a sentence that is used
CONTRARIES: tuple[Rewrite, ...] = (
    rewriting.opposite,
    rewriting.negation,
    rewriting.other_number,
    rewriting.exchanged,
)
COMMON = frozenset("the of and to is are we for that".split())  # no English sentence of some length is without
ALONE = 0.5  # share of passages that are one sentence; the others have their neighbours around them


def made(abstracts: Sequence[Sequence[str]], count: int, seed: int, lexicon: Lexicon) -> list[Example]:
    """Make `count` pairs, or as many as the `abstracts` (lists of sentences) give, a third of each stance."""
    draw = random.Random(f"pairs {seed}")
    places = [(a, i) for a, told in enumerate(abstracts) for i, s in enumerate(told) if usable(s)]
    draw.shuffle(places)
    replaced = rewriting.of_another(lexicon)
    found: list[list[Example]] = [[], [], []]
    for a, i in places:
        if all(len(part) >= count // 3 for part in found):
            break
        for part, (target, way) in zip(found, WAYS, strict=True):
            if len(part) < count // 3 and (pair := way(abstracts[a], i, draw, replaced)):
                part.append(Example(*pair, target, SOURCE))
    pairs = [pair for part in found for pair in part]
    draw.shuffle(pairs)
    return pairs


def usable(sentence: str) -> bool:
    words = sentence.split()
    english = any(word in COMMON for word in words)
    return SHORTEST <= len(words) <= LONGEST and sentence.endswith(".") and sentence[0].isupper() and english


def _shortened(sentence: str, draw: random.Random) -> str:
    """Return the sentence without its frame, and mostly weaker by one step or two."""
    told = rewriting.statement(sentence, draw) or sentence
    for _ in range(draw.choice((0, 1, 1, 2))):
        told = rewriting.weaker(told, draw) or told
    return told


def _contrary(sentence: str, draw: random.Random) -> str | None:
    for rewrite in draw.sample(CONTRARIES, len(CONTRARIES)):
        if told := rewrite(sentence, draw):
            return told
    return None


def _around(told: Sequence[str], i: int, sentence: str, draw: random.Random) -> str:
    if draw.random() < ALONE:
        return sentence
    return " ".join([*told[max(0, i - 1) : i], sentence, *told[i + 1 : i + 2]])


def _supported(told: Sequence[str], i: int, draw: random.Random, replaced: Rewrite) -> tuple[str, str] | None:
    sentence = told[i] if draw.random() < 0.6 else _contrary(told[i], draw)
    if not sentence:
        return None
    claim = _shortened(sentence, draw)
    return None if claim == sentence else (claim, _around(told, i, sentence, draw))


def _contradicted(told: Sequence[str], i: int, draw: random.Random, replaced: Rewrite) -> tuple[str, str] | None:
    contrary = _contrary(told[i], draw)
    if not contrary:
        return None
    if draw.random() < 0.5:
        return _shortened(contrary, draw), _around(told, i, told[i], draw)
    return _shortened(told[i], draw), _around(told, i, contrary, draw)


def _open(told: Sequence[str], i: int, draw: random.Random, replaced: Rewrite) -> tuple[str, str] | None:
    """Make a sentence that the passage leaves open: of another thing, more than it says, only possible, or another."""
    sentence = told[i] if draw.random() < 0.7 else _contrary(told[i], draw) or told[i]
    way = draw.randrange(4)
    if way == 0 and (other := replaced(sentence, draw)):
        return _shortened(other, draw) if draw.random() < 0.3 else other, _around(told, i, sentence, draw)
    if way == 1 and (less := rewriting.weaker(sentence, draw)):
        return rewriting.statement(sentence, draw) or sentence, less
    if way == 2 and (only := rewriting.possibility(sentence, draw)):
        return _shortened(sentence, draw), only
    others = [n for n, other in enumerate(told) if abs(n - i) > 1 and usable(other)]
    if not others:
        return None
    n = draw.choice(others)
    rest = " ".join(told[n : n + 1] if draw.random() < ALONE else told[max(0, n - 1) : n + 1])
    return (_shortened(sentence, draw), rest) if sentence not in rest and told[i] not in rest else None


WAYS = ((SUPPORT, _supported), (CONTRADICT, _contradicted), (NOT_ENOUGH_INFO, _open))
