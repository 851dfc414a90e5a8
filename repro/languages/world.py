"""The generated world: scenes that sentences tell of, and how usual each is.

All languages tell of the same world, which is what lets a model trained on them without any parallel text align them.
"""

from __future__ import annotations

import itertools
import random
import tomllib
from collections.abc import Set
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from repro.errors import LabError


@dataclass(frozen=True)
class Scene:
    """The content of one sentence, as concepts (English words); "" where there is none."""

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
    """Return the concepts: `names`, `relations` and per topic `agents`, `things`, `actions`, `qualities`, `places`."""
    return tomllib.loads(files("repro").joinpath("languages", "words.toml").read_text(encoding="utf-8"))


def concepts() -> list[str]:
    """Return every concept that is not a name, in a fixed order."""
    words = vocabulary()
    return [*words["relations"], *itertools.chain(*(t[k] for t in words["topics"].values() for k in sorted(t)))]


class World:
    """Preferences of who does what to what, drawn once from a seed, the same for every language."""

    def __init__(self, seed: int, topics: int, evenness: float) -> None:
        """Draw the preferences.

        `topics`: how many of the topics there are; `evenness`: Gamma shape of preferences, lower is more skewed.
        """
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
        """Return options and weights of a place. `what`: "agents", "things <action>", "qualities <noun>" and so on."""
        return self._weights[topic, what]

    def _pick(self, draw: random.Random, topic: str, what: str) -> str:
        options, _ = self._weights[topic, what]
        return draw.choices(options, cum_weights=self._running[topic, what])[0]

    def another(self, draw: random.Random, scene: Scene, part: str) -> str:
        """Draw another word for the `part` of a scene, as the world prefers it."""
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
        """Draw `count` different scenes, the same for the same seed and purpose.

        None is in `without` or has a concept in `without_words`. Raises LabError if the world has too few.
        """
        draw = random.Random(f"scenes {purpose} {seed}")
        drawn: dict[Scene, None] = {}
        for _ in range(200 * count + 1000):
            if len(drawn) == count:
                return list(drawn)
            scene = self.scene(draw)
            if scene not in without and without_words.isdisjoint(scene.concepts):
                drawn[scene] = None
        raise LabError(f"the generated world has too few scenes for {count} different ones", "ask for fewer sentences")


def mistranslate(scene: Scene, dropped: float, confused: float, draw: random.Random) -> Scene:
    """Return a scene as a machine translates it: optional parts dropped, words confused within their topic.

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
