"""HellaSwag: which of four endings goes on from a context (Zellers et al. 2019, arXiv:1905.07830)."""

from __future__ import annotations

from collections.abc import Iterator

from repro.data.library import Library
from repro.data.rows import rows
from repro.errors import LabError
from repro.languages.grammar import Language
from repro.languages.realm import Realm
from repro.languages.world import Scene
from repro.tasks import Choice, Noise, OriginalSet, Source
from repro.tasks.common import shortcuts
from repro.tasks.common.formats import number, text, texts
from repro.tasks.common.teller import Teller

KIND = "choice"
METRIC = "accuracy"
LABELS = ()
PUBLISHED = OriginalSet("hellaswag", 39_905)
ENDINGS = 4
shortcut = shortcuts.choice


def made(realm: Realm, language: Language, count: int, purpose: str, noise: Noise) -> list[Choice]:
    """Generate `count` scenes with four endings: what the agent does next, and what agents of other topics do next.

    An ending does not name its agent, all have the same parts, and each is drawn as the world prefers it for its own
    agent: only together with the context one of them is more likely.
    """
    if len(realm.world.topics) < 2:
        raise LabError("hellaswag needs two topics", "give the generated languages more topics")
    teller = Teller.of("hellaswag", realm, language, purpose, noise)
    return [_choice(teller, i % ENDINGS) for i in range(count)]


def _choice(teller: Teller, label: int) -> Choice:
    scenes: list[Scene] = []
    while len(scenes) < ENDINGS:
        scene = teller.scene(lambda s: s.topic not in {other.topic for other in scenes[:1]})
        scenes.append(scene)
    endings = [teller.text(teller.translated(teller.after(scene)), ("agent",)) for scene in scenes]
    endings[0], endings[label] = endings[label], endings[0]
    return Choice(teller.text(teller.translated(scenes[0])), tuple(endings), label)


def published(library: Library, part: str) -> Iterator[Choice]:
    name = {"train": "train", "dev": "val"}[part]
    path = library.locate("hellaswag", layout="upstream").file(f"hellaswag_{name}.jsonl")
    for row in rows(path):
        endings = texts(row, "endings", path.name, ENDINGS)
        yield Choice(text(row, "ctx", path.name), endings, number(row, "label", path.name, ENDINGS))


def from_dev(library: Library, part: str) -> Iterator[Choice]:
    """Yield the validation set, 8,042 rows to learn from and 2,000 as dev."""
    path = library.locate("hellaswag", layout="at_hand").file("hellaswag_val.jsonl.gz")
    for row in rows(path):
        if text(row, "part", path.name) == part:
            endings = texts(row, "endings", path.name, ENDINGS)
            yield Choice(text(row, "ctx", path.name), endings, number(row, "label", path.name, ENDINGS))


SOURCES = {
    "generated": Source(make=made),
    "published": Source(("hellaswag",), layout="upstream", read=published, complete=True),
    "hellaswag-dev": Source(
        ("hellaswag",),
        "HellaSwag is learnt from 8,042 questions of its validation set (dev: the other 2,000), not from its 39,905.",
        "at_hand",
        read=from_dev,
    ),
}
