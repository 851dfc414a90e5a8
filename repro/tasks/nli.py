"""Sentence-pair classification in three classes, the type of MNLI and XNLI.

The second sentence always leaves one thing out that the first one says. Beyond that it says nothing new (entailment),
another quality (neutral: an apple can be ripe and golden), or two others of agent, action and thing (contradiction).
All three classes have the same lengths, and what is put in is drawn as the world draws it, so that only comparing the
two sentences tells the classes apart.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from repro.languages import Language, Realm, Scene, mistranslate, tell
from repro.tasks import Example, Noise

KIND = "sentence pair, 3 classes"
LABELS = ("entailment", "neutral", "contradiction")


def examples(realm: Realm, language: Language, count: int, purpose: str, noise: Noise) -> list[Example]:
    """`count` pairs, a third of them in each class; `noise` is applied to both sentences and never to the label."""
    draw = random.Random(f"nli {purpose} {language.code} {realm.seed}")
    words = realm.lexicons[language.code]
    found = []
    for i in range(count):
        label = i % len(LABELS)
        told = [
            tuple(word for word, _ in tell(mistranslate(scene, noise.dropped, noise.confused, draw), language, words))
            for scene in _pair(realm, draw, label)
        ]
        found.append(Example(told[0], told[1], label))
    return found


def _pair(realm: Realm, draw: random.Random, label: int) -> tuple[Scene, Scene]:
    while True:
        first = realm.world.scene(draw)
        qualities = [part for part in ("agent_quality", "thing_quality") if getattr(first, part)]
        optional = [*qualities, *(["place"] if first.place else [])]
        if qualities and len(optional) > 1:
            break
    kept = draw.choice(qualities)
    left_out = draw.choice([part for part in optional if part != kept])
    changes = {"place": "", "relation": ""} if left_out == "place" else {left_out: ""}
    exchanged = ([], [kept], draw.sample(("agent", "action", "thing"), 2))[label]
    for part in exchanged:
        changes[part] = realm.world.another(draw, first, part)
    return first, replace(first, **changes)


def shortcut(train: Sequence[Example], dev: Sequence[Example]) -> float:
    """Dev accuracy of naive Bayes (add-one) over both lengths and the words of the second sentence, each alone.

    What hypothesis-only classifiers are for natural NLI data (Poliak et al. 2018).
    """
    counts = [
        Counter[object](f for e in train if e.label == label for f in _features(e)) for label in range(len(LABELS))
    ]
    sizes = [sum(c.values()) for c in counts]
    kinds = len(set().union(*counts))

    def score(example: Example, label: int) -> float:
        return sum(math.log((counts[label][f] + 1) / (sizes[label] + kinds)) for f in _features(example))

    right = 0
    for example in dev:
        scores = [score(example, label) for label in range(len(LABELS))]
        right += scores.index(max(scores)) == example.label
    return right / len(dev)


def _features(example: Example) -> list[object]:
    return [("lengths", len(example.words), len(example.pair)), *example.pair]
