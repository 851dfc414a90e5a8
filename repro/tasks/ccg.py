"""CCG supertagging: the category of every word (Hockenmaier & Steedman 2007, J07-3004).

As a generated task: for every word its role in the sentence (agent, action, thing, quality, relation, place). The role
cannot be read off a word alone: what is a thing in one sentence is the agent of another one here, because the task also
tells sentences in which a person or an animal is acted upon.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from repro.data.library import Library
from repro.data.rows import lines
from repro.errors import LabError
from repro.languages.grammar import Language, tell
from repro.languages.realm import Realm
from repro.languages.world import vocabulary
from repro.tasks import Noise, OriginalSet, Source, Tagged
from repro.tasks.common import shortcuts
from repro.tasks.common.formats import AGAIN
from repro.tasks.common.teller import Teller
from repro.tasks.common.trees import english_web

KIND = "tagging"
METRIC = "accuracy"
LABELS = ()
PUBLISHED = OriginalSet("ccgbank", 38_015)
# A leaf of a derivation in CCGbank's .auto files: category, two parts of speech, word, predicate-argument category.
LEAF = re.compile(r"\(<L (\S+) (\S+) (\S+) (\S+) (\S+)>\)")
shortcut = shortcuts.tagging


def made(realm: Realm, language: Language, count: int, purpose: str, noise: Noise) -> list[Tagged]:
    """Generate `count` sentences with one role a word; in half of them an agent of the topic is acted upon."""
    teller = Teller.of("ccg", realm, language, purpose, noise)
    lexicon = realm.lexicons[language.code]
    sentences = []
    for _ in range(count):
        scene = teller.scene()
        if teller.draw.random() < 0.5:
            scene = replace(scene, thing=teller.draw.choice(vocabulary()["topics"][scene.topic]["agents"]))
        words = tell(teller.translated(scene), language, lexicon)
        sentences.append(Tagged(tuple(word for word, _ in words), tuple(role for _, role in words)))
    return sentences


def published(library: Library, part: str) -> Iterator[Tagged]:
    """Read CCGbank's derivations, one a line after a line that begins with "ID="; the leaves are the words."""
    path = library.locate("ccgbank", layout="upstream").file(f"{part}.auto")
    for number, line in enumerate(lines(path), 1):
        if line.startswith("ID=") or not line.strip():
            continue
        leaves = LEAF.findall(line)
        if not leaves or len(leaves) != line.count("(<L "):
            raise LabError(f"{path.name}, line {number}: no derivation in CCGbank's form", AGAIN)
        yield Tagged(tuple(leaf[3] for leaf in leaves), tuple(leaf[0] for leaf in leaves))


def penn(library: Library, part: str) -> Iterator[Tagged]:
    """Read UD English-EWT's Penn Treebank parts of speech."""
    return (Tagged(tree.words, tree.xpos) for tree in english_web(library, part, ""))


SOURCES = {
    "generated": Source(make=made),
    "published": Source(("ccgbank",), layout="upstream", read=published, complete=True),
    "ud-ewt": Source(
        ("ud-ewt",),
        "CCG supertagging is replaced by Penn Treebank parts of speech on UD English-EWT (12,544 sentences), since "
        "CCGbank (38,015) is licensed.",
        read=penn,
    ),
}
