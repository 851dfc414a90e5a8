"""Sentences with a syntax tree: those of Universal Dependencies, and generated ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from repro.data.library import Library
from repro.data.rows import lines, rows
from repro.errors import LabError
from repro.languages.grammar import Language
from repro.languages.realm import Realm
from repro.languages.world import vocabulary
from repro.tasks import Noise, OriginalSet, Source, Tagged
from repro.tasks.common.formats import AGAIN, texts
from repro.tasks.common.teller import Teller

ENGLISH_WEB = OriginalSet("ud-ewt", 12_544)
LONGEST = 5_000  # words of a sentence; more is no sentence


@dataclass(frozen=True)
class Tree:
    """`heads[i]`: the position from 1 on of the head of word i, 0 for the root. All fields have the same length."""

    words: tuple[str, ...]
    upos: tuple[str, ...]
    xpos: tuple[str, ...]
    heads: tuple[int, ...]
    relations: tuple[str, ...]

    def depth(self, i: int) -> int:
        """Return the number of arcs from word i to the root."""
        arcs = 0
        while self.heads[i]:
            i, arcs = self.heads[i] - 1, arcs + 1
        return arcs


# ----------------------------------------------------------------------------------------- Universal Dependencies


def english_web(library: Library, part: str, layout: str) -> Iterator[Tree]:
    """Read UD English-EWT: CoNLL-U as released, or one JSON object a sentence."""
    located = library.locate("ud-ewt", layout=layout)
    if located.layout == "upstream":
        return conllu(located.file(f"en_ewt-ud-{part}.conllu"))
    return flat(located.file(f"en_ewt_{part}.jsonl.xz"))


def conllu(path: Path) -> Iterator[Tree]:
    """Read CoNLL-U: ten columns a word, an empty line after a sentence; no multi-word tokens and empty nodes."""
    words: list[list[str]] = []
    for number, line in enumerate(lines(path), 1):
        if line.startswith("#"):
            continue
        if not line.strip():
            if words:
                yield _tree(words, f"{path.name}, before line {number}")
            words = []
            continue
        cells = line.split("\t")
        if len(cells) != 10:
            raise LabError(f"{path.name}, line {number}: {len(cells)} columns, not 10", AGAIN)
        if cells[0].isdigit():
            words.append(cells)
    if words:
        yield _tree(words, f"{path.name}, at its end")


def _tree(rows_: Sequence[Sequence[str]], where: str) -> Tree:
    try:
        heads = tuple(int(row[6]) for row in rows_)
    except ValueError as error:
        raise LabError(f"{where}: a head is no number", AGAIN) from error
    words, upos, xpos, relations = (tuple(row[i] for row in rows_) for i in (1, 3, 4, 7))
    return checked(Tree(words, upos, xpos, heads, relations), where)


def flat(path: Path) -> Iterator[Tree]:
    for number, row in enumerate(rows(path), 1):
        where = f"{path.name}, sentence {number}"
        columns = [texts(row, key, where) for key in ("tokens", "upos", "xpos", "deprel")]
        heads = row.get("head")
        if not isinstance(heads, list) or not all(isinstance(head, int) for head in heads):
            raise LabError(f"{where}: no heads", AGAIN)
        yield checked(Tree(columns[0], columns[1], columns[2], tuple(heads), columns[3]), where)


def checked(tree: Tree, where: str) -> Tree:
    """Return the tree; LabError if it is none: lengths that differ, a head that is not there, or a cycle."""
    count = len(tree.words)
    columns = (tree.upos, tree.xpos, tree.heads, tree.relations)
    if not 0 < count <= LONGEST or any(len(column) != count for column in columns):
        raise LabError(f"{where}: no sentence with an annotation for each word", AGAIN)
    for start in range(count):
        i, steps = start, 0
        while 0 <= i < count and steps <= count:
            i, steps = tree.heads[i] - 1, steps + 1
        if i != -1:
            raise LabError(f"{where}: the heads are no tree", AGAIN)
    return tree


# --------------------------------------------------------------------------------------------- generated sentences

_UPOS = {"action": "VERB", "agent_quality": "ADJ", "thing_quality": "ADJ", "relation": "ADP"}
_HEADS = {"agent": "action", "thing": "action", "agent_quality": "agent", "thing_quality": "thing", "relation": "place"}
_RELATIONS = {
    "action": "root",
    "agent": "nsubj",
    "thing": "obj",
    "agent_quality": "amod",
    "thing_quality": "amod",
    "relation": "case",
}


def generated(teller: Teller) -> Tree:
    """Return a sentence in which no word tells by itself what it does.

    In half of them an agent of the topic is what is acted upon; in half of those with a place this belongs to the
    agent and stands beside it instead of with the verb; and in half of them one word stands in for a word of another
    class ("the muddy" for a farmer, as English does with "the poor"; an action for what is acted upon, as in "a find").
    """
    draw, scene = teller.draw, teller.scene()
    kinds = vocabulary()["topics"][scene.topic]
    if draw.random() < 0.5:
        scene = replace(scene, thing=draw.choice(kinds["agents"]))
    if draw.random() < 0.5:
        slot, kind = draw.choice(
            (("agent", "qualities"), ("thing", "actions"), ("thing", "qualities"), ("action", "things"))
        )
        if getattr(scene, slot) in kinds[f"{slot}s"]:
            scene = replace(scene, **{slot: draw.choice(kinds[kind])})
    attached = bool(scene.place) and draw.random() < 0.5
    # What is not of its own class is not confused by a translation with a word of its own class.
    heard = teller.translated(scene)
    parts = teller.parts(heard)
    if attached:
        parts = _beside_agent(parts, teller.language)
    slots = [slot for _, slot in parts]
    heads = {**_HEADS, "place": "agent" if attached else "action"}
    return Tree(
        words=tuple(word for word, _ in parts),
        upos=tuple(
            "PROPN" if getattr(heard, slot) in vocabulary()["names"] else _UPOS.get(slot, "NOUN") for slot in slots
        ),
        xpos=tuple(slots),
        heads=tuple(slots.index(heads[slot]) + 1 if slot in heads else 0 for slot in slots),
        relations=tuple(_RELATIONS.get(slot, "nmod" if attached else "obl") for slot in slots),
    )


def _beside_agent(parts: list[tuple[str, str]], language: Language) -> list[tuple[str, str]]:
    """Return the place next to the agent: after it where the language has prepositions, else before it."""
    oblique = [part for part in parts if part[1] in ("place", "relation")]
    others = [part for part in parts if part not in oblique]
    positions = [i for i, (_, slot) in enumerate(others) if slot in ("agent", "agent_quality")]
    at = positions[-1] + 1 if language.adposition == "before" else positions[0]
    return [*others[:at], *oblique, *others[at:]]


# ---------------------------------------------------------------------------------------------- tasks over trees


def sources(name: str, tags: Callable[[Tree], Sequence[str]]) -> dict[str, Source]:
    """Return the sources of a task `name` over trees; `tags` gives the tags of a tree's words."""

    def made(realm: Realm, language: Language, count: int, purpose: str, noise: Noise) -> list[Tagged]:
        teller = Teller.of(name, realm, language, purpose, noise)
        trees = (generated(teller) for _ in range(count))
        return [Tagged(tree.words, tuple(tags(tree))) for tree in trees]

    def published(library: Library, part: str) -> Iterator[Tagged]:
        return (Tagged(tree.words, tuple(tags(tree))) for tree in english_web(library, part, "upstream"))

    def at_hand(library: Library, part: str) -> Iterator[Tagged]:
        return (Tagged(tree.words, tuple(tags(tree))) for tree in english_web(library, part, "at_hand"))

    return {
        "generated": Source(make=made),
        "published": Source(("ud-ewt",), layout="upstream", read=published),
        "ud-ewt": Source(
            ("ud-ewt",),
            "UD English-EWT's training set (12,544 sentences, as released) was put together from its source files.",
            "at_hand",
            read=at_hand,
        ),
    }
