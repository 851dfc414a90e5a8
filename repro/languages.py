"""Generated languages: one world, many grammars.

A `World` says what happens (topics, who acts on what, how often); a `Language` says how it is told: word order,
scripts and words. All languages tell of the same world, which is what lets a model trained on them without any
parallel text align them; they differ from English by parameters that are set, not found. The method is that of
K et al. (2020), Dufter & Schütze (2020, arXiv:2005.00396), Wang & Eisner (2016) and White & Cotterell (2021).
"""

from __future__ import annotations

import itertools
import random
import tomllib
from collections.abc import Mapping, Set
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib.resources import files
from typing import Any

from repro.errors import LabError

ORDERS = ("SVO", "SOV", "VSO")
SIDES = ("before", "after")
# Letters a word is made of: consonants and vowels of each script.
SCRIPTS = {
    "latin": ("bcdfghjklmnprstvz", "aeiou"),
    "greek": ("βγδζθκλμνπρστφχ", "αεηιουω"),
    "cyrillic": ("бвгджзклмнпрстфхш", "аеиоуы"),
    "georgian": ("ბგდვზთკლმნპრსტფქღშჩც", "აეიოუ"),
    "armenian": ("բգդզթժլխծկհձղճմնշչպջռսվտցփք", "աեէըիոու"),
}
# The roles a word can have in a sentence; the tagging task asks for them.
ROLES = ("agent", "action", "thing", "quality", "relation", "place")


@dataclass(frozen=True)
class Language:
    """A language's parameters. `shared`: share of word types that are English words (names are always shared)."""

    code: str
    order: str = "SVO"
    adjective: str = "before"
    adposition: str = "before"
    script: str = "latin"
    shared: float = 0.0

    def __post_init__(self) -> None:
        for value, allowed, what in (
            (self.order, ORDERS, "order"),
            (self.adjective, SIDES, "adjective"),
            (self.adposition, SIDES, "adposition"),
            (self.script, tuple(SCRIPTS), "script"),
        ):
            if value not in allowed:
                raise LabError(f"language {self.code}: {what} is {value!r}", f"use one of {', '.join(allowed)}")
        if not 0 <= self.shared <= 1:
            raise LabError(f"language {self.code}: shared is {self.shared}", "use a share between 0 and 1")

    @property
    def features(self) -> tuple[bool, bool, bool, bool]:
        """Word order features: subject before verb, verb before object, adjective first, preposition."""
        order = self.order
        return (
            order.index("S") < order.index("V"),
            order.index("V") < order.index("O"),
            self.adjective == "before",
            self.adposition == "before",
        )


ENGLISH = Language("en", shared=1.0)


def of_row(row: Mapping[str, Any]) -> Language:
    """A language from its row in an experiment's `languages` table, which may say more than the language's own."""
    own = {field.name for field in fields(Language)}
    return Language(**{key: value for key, value in row.items() if key in own})


def distance(a: Language, b: Language) -> float:
    """Typological distance in 0..1: the share of word order features in which two languages differ."""
    pairs = list(zip(a.features, b.features, strict=True))
    return sum(x != y for x, y in pairs) / len(pairs)


# ------------------------------------------------------------------------------------------- the world


@dataclass(frozen=True)
class Scene:
    """What one sentence says, as concepts (English words); "" where there is none."""

    topic: str
    agent: str
    agent_quality: str
    action: str
    thing: str
    thing_quality: str
    relation: str
    place: str

    @property
    def concepts(self) -> tuple[str, ...]:
        parts = (self.agent, self.agent_quality, self.action, self.thing, self.thing_quality, self.relation, self.place)
        return tuple(part for part in parts if part)


@cache
def vocabulary() -> dict:
    """The concepts: `names`, `relations` and per topic `agents`, `things`, `actions`, `qualities`, `places`."""
    return tomllib.loads(files("repro").joinpath("words.toml").read_text(encoding="utf-8"))


def concepts() -> list[str]:
    """Every concept that is not a name, in a fixed order."""
    words = vocabulary()
    return [*words["relations"], *itertools.chain(*(t[k] for t in words["topics"].values() for k in sorted(t)))]


class World:
    """Who does what to what, and how often: preferences drawn once from a seed, the same for every language."""

    def __init__(self, seed: int, topics: int, evenness: float) -> None:
        """`topics`: how many of the topics there are; `evenness`: Gamma shape of preferences, lower is more skewed."""
        draw = random.Random(f"world {seed}")
        words = vocabulary()
        self.topics = list(words["topics"])[:topics]
        self._evenness = evenness
        # A name is at home in two topics, so that names say something about what surrounds them.
        self.names: dict[str, list[str]] = {topic: [] for topic in self.topics}
        for name in words["names"]:
            for topic in draw.sample(self.topics, min(2, len(self.topics))):
                self.names[topic].append(name)
        self._weights: dict[tuple[str, str], tuple[list[str], list[float]]] = {}
        self._running: dict[tuple[str, str], list[float]] = {}  # sums of the weights so far, for drawing
        for topic in self.topics:
            kinds = words["topics"][topic]
            self._prefer(draw, topic, "agents", kinds["agents"])
            self._prefer(draw, topic, "places", kinds["places"])
            for agent in kinds["agents"] + self.names[topic]:
                self._prefer(draw, topic, f"actions {agent}", kinds["actions"])
            for action in kinds["actions"]:
                self._prefer(draw, topic, f"things {action}", kinds["things"])
            for noun in kinds["agents"] + kinds["things"]:
                self._prefer(draw, topic, f"qualities {noun}", kinds["qualities"])
            for place in kinds["places"]:
                self._prefer(draw, topic, f"relations {place}", words["relations"])

    def _prefer(self, draw: random.Random, topic: str, what: str, options: list[str]) -> None:
        # A few options are usual, the others rare, none impossible.
        weights = [draw.gammavariate(self._evenness, 1.0) + 0.02 for _ in options]
        self._weights[topic, what] = (options, weights)
        self._running[topic, what] = list(itertools.accumulate(weights))

    def preferences(self, topic: str, what: str) -> tuple[list[str], list[float]]:
        """What can stand there, and how usual each is: `what` is "agents", "things <action>", "qualities <noun>", …"""
        return self._weights[topic, what]

    def _pick(self, draw: random.Random, topic: str, what: str) -> str:
        options, _ = self._weights[topic, what]
        return draw.choices(options, cum_weights=self._running[topic, what])[0]

    def another(self, draw: random.Random, scene: Scene, part: str) -> str:
        """What could as well stand in the scene for its `part`, drawn as the world prefers it, and not what does."""
        what = {
            "agent": "agents",
            "action": f"actions {scene.agent}",
            "thing": f"things {scene.action}",
            "agent_quality": f"qualities {scene.agent}",
            "thing_quality": f"qualities {scene.thing}",
        }[part]
        options, weights = self._weights[scene.topic, what]
        others = [(o, w) for o, w in zip(options, weights, strict=True) if o != getattr(scene, part)]
        return draw.choices([o for o, _ in others], [w for _, w in others])[0]

    def scene(self, draw: random.Random) -> Scene:
        topic = draw.choice(self.topics)
        if self.names[topic] and draw.random() < 0.3:
            agent, quality = draw.choice(self.names[topic]), ""
        else:
            agent = self._pick(draw, topic, "agents")
            quality = self._pick(draw, topic, f"qualities {agent}") if draw.random() < 0.5 else ""
        action = self._pick(draw, topic, f"actions {agent}")
        thing = self._pick(draw, topic, f"things {action}")
        thing_quality = self._pick(draw, topic, f"qualities {thing}") if draw.random() < 0.5 else ""
        place = self._pick(draw, topic, "places") if draw.random() < 0.7 else ""
        relation = self._pick(draw, topic, f"relations {place}") if place else ""
        return Scene(topic, agent, quality, action, thing, thing_quality, relation, place)

    def scenes(
        self,
        count: int,
        seed: int,
        purpose: str,
        without: Set[Scene] = frozenset(),
        without_words: Set[str] = frozenset(),
    ) -> list[Scene]:
        """`count` different scenes, the same for the same seed and purpose.

        None is in `without` or has a concept in `without_words`. Raises LabError if the world has too few.
        """
        draw = random.Random(f"scenes {purpose} {seed}")
        seen: dict[Scene, None] = {}
        for _ in range(200 * count + 1000):
            if len(seen) == count:
                return list(seen)
            scene = self.scene(draw)
            if scene not in without and without_words.isdisjoint(scene.concepts):
                seen[scene] = None
        raise LabError(f"the generated world has too few scenes for {count} different ones", "ask for fewer sentences")


# ------------------------------------------------------------------------------------------- telling it


def shared_words(share: float, seed: int) -> set[str]:
    """The concepts that languages with this share of English words share: a greater share holds a smaller one."""
    shared = sorted(concepts(), key=lambda word: random.Random(f"shared {word} {seed}").random())
    return set(shared[: round(share * len(shared))])


def lexicon(language: Language, seed: int) -> dict[str, str]:
    """The language's word for every concept and name. Shared words are the same ones in every language."""
    words, everything = vocabulary(), concepts()
    kept = shared_words(language.shared, seed)
    draw = random.Random(f"lexicon {language.code} {seed}")
    consonants, vowels = SCRIPTS[language.script]
    taken = set(everything) | set(words["names"])
    own: dict[str, str] = {name: name for name in words["names"]}
    for concept in everything:
        word = concept
        while concept not in kept and word in taken:
            word = "".join(draw.choice(consonants) + draw.choice(vowels) for _ in range(draw.choice((2, 2, 3))))
        taken.add(word)
        own[concept] = word
    return own


def tell(scene: Scene, language: Language, words: dict[str, str]) -> list[tuple[str, str]]:
    """The scene as (word, role) pairs in the language's order.

    An oblique stands at the end, but before the object where the verb comes last, as in most such languages.
    """

    def phrase(noun: str, role: str, quality: str) -> list[tuple[str, str]]:
        parts = [(words[noun], role)]
        if quality:
            parts.insert(0 if language.adjective == "before" else 1, (words[quality], "quality"))
        return parts

    oblique: list[tuple[str, str]] = []
    if scene.place:
        oblique = [(words[scene.place], "place")]
        oblique.insert(0 if language.adposition == "before" else 1, (words[scene.relation], "relation"))
    parts = {
        "S": phrase(scene.agent, "agent", scene.agent_quality),
        "V": [(words[scene.action], "action")],
        "O": phrase(scene.thing, "thing", scene.thing_quality),
    }
    sequence = [parts[letter] for letter in language.order]
    sequence.insert(1 if language.order == "SOV" else 3, oblique)
    return list(itertools.chain(*sequence))


def sentence(scene: Scene, language: Language, words: dict[str, str]) -> str:
    return " ".join(word for word, _ in tell(scene, language, words))


def mistranslate(scene: Scene, dropped: float, confused: float, draw: random.Random) -> Scene:
    """What a machine translation makes of a scene: optional parts dropped, words confused within their topic.

    `dropped` and `confused` are probabilities per part. Agent, action and thing are never dropped, only confused.
    """
    topic = vocabulary()["topics"][scene.topic]
    kinds = {
        "agent": topic["agents"],
        "agent_quality": topic["qualities"],
        "action": topic["actions"],
        "thing": topic["things"],
        "thing_quality": topic["qualities"],
        "place": topic["places"],
    }
    changed: dict[str, str] = {}
    for part, options in kinds.items():
        old = getattr(scene, part)
        if not old:
            continue
        if part in ("agent_quality", "thing_quality", "place") and draw.random() < dropped:
            changed[part] = ""
        elif draw.random() < confused:
            changed[part] = draw.choice([word for word in options if word != old])
    if changed.get("place") == "":
        changed["relation"] = ""
    return replace(scene, **changed)


@dataclass(frozen=True)
class Realm:
    """One seed's whole setting: the world, its languages (English first) and their lexicons."""

    world: World
    seed: int
    languages: tuple[Language, ...]
    lexicons: dict[str, dict[str, str]]
    aside: float = 0.0  # share of the words that no held-out sentence has, whatever is shared

    @classmethod
    def of(cls, params: Mapping[str, Any], seed: int) -> Realm:
        """From an experiment's `languages` table: topics, evenness and the parameters of each language but English."""
        languages = (ENGLISH, *(of_row(row) for row in params["others"]))
        world = World(seed, params["topics"], params["evenness"])
        lexicons = {lang.code: lexicon(lang, seed) for lang in languages}
        return cls(world, seed, languages, lexicons, params.get("aside", 0.0))

    def language(self, code: str) -> Language:
        return next(language for language in self.languages if language.code == code)

    def heldout(self, count: int) -> list[Scene]:
        """Scenes told without any word that another language shares with English.

        Otherwise shared words alone, which even an untrained model can match, would find the translation.
        """
        common = {
            concept
            for language in self.languages[1:]
            for concept, word in self.lexicons[language.code].items()
            if word == concept
        }
        common |= shared_words(self.aside, self.seed)
        return self.world.scenes(count, self.seed, "heldout", without_words=common)
