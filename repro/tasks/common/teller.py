"""Scenes of the generated world, told for a task: in one language, well or badly translated, part by part."""

from __future__ import annotations

import itertools
import random
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from repro.languages.grammar import Language, tell
from repro.languages.realm import Realm
from repro.languages.world import Scene, mistranslate
from repro.tasks import Noise

# Parts of a scene that stand or fall together in a phrase, by what a question can ask for.
PHRASES = {
    "agent": ("agent", "agent_quality"),
    "action": ("action",),
    "thing": ("thing", "thing_quality"),
    "place": ("place", "relation"),
}
SLOTS = ("agent", "agent_quality", "action", "thing", "thing_quality", "relation", "place")
PURPOSES = ("train", "dev", "test")
_NAMED = {slot: slot for slot in SLOTS}


@dataclass(frozen=True)
class Teller:
    """One task's examples in one language: where scenes are drawn and how they come out."""

    realm: Realm
    language: Language
    noise: Noise
    draw: random.Random
    purpose: str = "train"

    @classmethod
    def of(cls, name: str, realm: Realm, language: Language, purpose: str, noise: Noise) -> Teller:
        if purpose not in PURPOSES:
            raise ValueError(f"purpose {purpose!r}; use one of {', '.join(PURPOSES)}")
        return cls(realm, language, noise, random.Random(f"{name} {purpose} {language.code} {realm.seed}"), purpose)

    def scene(self, wanted: Callable[[Scene], bool] = lambda _: True) -> Scene:
        """Return a scene as the world prefers them, out of those that are `wanted`."""
        return next(scene for scene in self._scenes() if wanted(scene))

    def scenes(self, count: int) -> list[Scene]:
        """Draw scenes that have no agent, and no two of action, thing and place, in common."""
        drawn: list[Scene] = []
        for scene in self._scenes():
            if all(apart(scene, other) for other in drawn):
                drawn.append(scene)
            if len(drawn) == count:
                return drawn
        raise AssertionError("endless")

    def _scenes(self) -> Iterator[Scene]:
        drawn = (self.realm.world.scene(self.draw) for _ in itertools.count())
        return (scene for scene in drawn if part_of(scene) == self.purpose)

    def after(self, scene: Scene) -> Scene:
        """Draw something else that the scene's agent does, as the world prefers it, and nothing more."""
        bare = replace(scene, agent_quality="", thing_quality="", relation="", place="")
        next_ = replace(bare, action=self.realm.world.another(self.draw, bare, "action"))
        return replace(next_, thing=self.realm.world.another(self.draw, next_, "thing"))

    def translated(self, scene: Scene) -> Scene:
        """Return the scene as a translation of this quality makes it."""
        return mistranslate(scene, self.noise.dropped, self.noise.confused, self.draw)

    def parts(self, scene: Scene) -> list[tuple[str, str]]:
        """Return (word, slot) in the language's order, the slot one of SLOTS."""
        words = self.realm.lexicons[self.language.code]
        return [(words[getattr(scene, slot)], slot) for slot in order(scene, self.language)]

    def text(self, scene: Scene, without: Sequence[str] = ()) -> str:
        """Return the scene as a sentence, leaving out the slots `without`."""
        return " ".join(word for word, slot in self.parts(scene) if slot not in without)


def part_of(scene: Scene) -> str:
    """Return which examples may start from the scene: "dev" and "test" a tenth each, or "train"; in any language.

    So nothing that a model is judged on was among what it learnt from, in no language.
    """
    draw = zlib.crc32("|".join((scene.topic, *(getattr(scene, slot) for slot in SLOTS))).encode()) % 10
    return {0: "dev", 1: "test"}.get(draw, "train")


def order(scene: Scene, language: Language) -> list[str]:
    """Return the scene's slots that are filled, in the language's order: the scene of their names, told."""
    names = replace(scene, **{slot: slot if getattr(scene, slot) else "" for slot in SLOTS})
    return [slot for slot, _ in tell(names, language, _NAMED)]


def apart(first: Scene, other: Scene) -> bool:
    """Return True if no question that leaves one phrase out could be about both scenes."""
    same = [getattr(first, part) == getattr(other, part) != "" for part in ("action", "thing", "place")]
    return first.agent != other.agent and sum(same) < 2


def preferences(realm: Realm, topic: str, what: str) -> list[str]:
    """Return the world's options for `what` in a topic ("things sings", "actions fox"), the most usual first."""
    options, weights = realm.world.preferences(topic, what)
    return [option for _, option in sorted(zip(weights, options, strict=True), reverse=True)]
