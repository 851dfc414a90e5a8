"""Tagging: for every word, its role in the sentence (agent, action, thing, quality, relation, place).

The type of CCG supertagging. The role cannot be read off a word alone: what is a thing in one sentence is the agent
of another one here, because the task also tells sentences in which a person or an animal is acted upon.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from repro.languages import ROLES, Language, Realm, mistranslate, tell, vocabulary
from repro.tasks import Example, Noise

KIND = "tagging"
LABELS = ROLES


def examples(realm: Realm, language: Language, count: int, purpose: str, noise: Noise) -> list[Example]:
    """`count` sentences with one role a word; in half of them an agent of the topic is what is acted upon."""
    draw = random.Random(f"tagging {purpose} {language.code} {realm.seed}")
    words = realm.lexicons[language.code]
    found = []
    for _ in range(count):
        scene = realm.world.scene(draw)
        if draw.random() < 0.5:
            scene = replace(scene, thing=draw.choice(vocabulary()["topics"][scene.topic]["agents"]))
        told = tell(mistranslate(scene, noise.dropped, noise.confused, draw), language, words)
        found.append(Example(tuple(w for w, _ in told), (), tuple(LABELS.index(role) for _, role in told)))
    return found


def shortcut(train: Sequence[Example], dev: Sequence[Example]) -> float:
    """Dev accuracy of giving each word the role it had most often, whatever stands around it."""
    seen: dict[str, Counter[int]] = {}
    for example in train:
        for word, role in zip(example.words, _roles(example), strict=True):
            seen.setdefault(word, Counter())[role] += 1
    usual = {word: roles.most_common(1)[0][0] for word, roles in seen.items()}
    pairs = [(usual.get(w), role) for e in dev for w, role in zip(e.words, _roles(e), strict=True)]
    return sum(guess == role for guess, role in pairs) / len(pairs)


def _roles(example: Example) -> tuple[int, ...]:
    assert isinstance(example.label, tuple)
    return example.label
