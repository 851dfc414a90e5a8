"""Cosmos QA: which of four answers to a question fits a paragraph (Huang et al. 2019, arXiv:1909.00277)."""

from __future__ import annotations

from collections.abc import Iterator

from repro.data.library import Library
from repro.data.rows import rows
from repro.errors import LabError
from repro.languages.grammar import Language
from repro.languages.realm import Realm
from repro.languages.world import Scene
from repro.schema import JsonObject
from repro.tasks import Choice, Noise, OriginalSet, Source
from repro.tasks.common import shortcuts
from repro.tasks.common.formats import number, text, texts
from repro.tasks.common.teller import Teller

KIND = "choice"
METRIC = "accuracy"
LABELS = ()
PUBLISHED = OriginalSet("cosmosqa", 25_588)
ANSWERS = 4
shortcut = shortcuts.choice


def made(realm: Realm, language: Language, count: int, purpose: str, noise: Noise) -> list[Choice]:
    """Generate `count` contexts of two sentences, each about a named person, with four answers to what one does.

    The question is the person's name, which says little; the right answer is not in the context but something else that
    people do where this sentence plays. One of the others would be right for the other person, two for neither. All
    are drawn as the world prefers them. Each answer is given together with its question, as in the natural task.
    """
    if len(realm.world.topics) < 3:
        raise LabError("cosmosqa needs three topics", "give the generated languages more topics")
    teller = Teller.of("cosmosqa", realm, language, purpose, noise)
    return [_choice(teller, i % ANSWERS) for i in range(count)]


def _choice(teller: Teller, label: int) -> Choice:
    scenes: list[Scene] = []
    while len(scenes) < ANSWERS:
        before, among = scenes[:2], {name for names in teller.realm.world.names.values() for name in names}
        topics, agents = {s.topic for s in before}, {s.agent for s in before}
        scenes.append(teller.scene(lambda s: s.agent in among - agents and s.topic not in topics))  # noqa: B023
    answers = [teller.text(teller.translated(teller.after(scene)), ("agent",)) for scene in scenes]
    answers[0], answers[label] = answers[label], answers[0]
    texts = [teller.text(teller.translated(scene)) for scene in scenes[:2]]
    teller.draw.shuffle(texts)
    return Choice(" ".join(texts), tuple(f"{scenes[0].agent} {answer}" for answer in answers), label)


def published(library: Library, part: str) -> Iterator[Choice]:
    name = {"train": "train", "dev": "valid"}[part]
    path = library.locate("cosmosqa", layout="upstream").file(f"{name}.csv")
    for row in rows(path):
        yield _of(row, tuple(text(row, f"answer{i}", path.name) for i in range(ANSWERS)), path.name)


def from_dev(library: Library, part: str) -> Iterator[Choice]:
    """Yield the validation set, 2,388 rows to learn from and 597 as dev."""
    path = library.locate("cosmosqa", layout="at_hand").file("cosmosqa_valid.jsonl.gz")
    for row in rows(path):
        if text(row, "part", path.name) == part:
            yield _of(row, texts(row, "choices", path.name, ANSWERS), path.name)


def _of(row: JsonObject, answers: tuple[str, ...], where: str) -> Choice:
    question = text(row, "question", where)
    choices = tuple(f"{question} {answer}" for answer in answers)
    return Choice(text(row, "context", where), choices, number(row, "label", where, ANSWERS))


SOURCES = {
    "generated": Source(make=made),
    "published": Source(("cosmosqa",), layout="upstream", read=published, complete=True),
    "cosmosqa-dev": Source(
        ("cosmosqa",),
        "Cosmos QA is learnt from 2,388 questions of its validation set (dev: the other 597), not from its 25,588.",
        "at_hand",
        read=from_dev,
    ),
}
