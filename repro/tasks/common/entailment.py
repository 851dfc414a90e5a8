"""Generated sentence pairs in three classes.

The second sentence always leaves one thing out that the first one says. Beyond that it says nothing new (entailment),
another quality (neutral: an apple can be ripe and golden), or two others of agent, action and thing (contradiction).
All three classes have the same lengths, and what is put in is drawn as the world draws it, so that only comparing the
two sentences tells the classes apart.
"""

from __future__ import annotations

from dataclasses import replace

from repro.languages.world import Scene
from repro.tasks import Pair
from repro.tasks.common.formats import NLI
from repro.tasks.common.teller import Teller


def pair(teller: Teller, label: str) -> Pair:
    """Return a pair of the class `label`; noise is applied to both sentences and never to the label."""
    first, second = (teller.text(teller.translated(scene)) for scene in _scenes(teller, NLI.index(label)))
    return Pair(first, second, label)


def _scenes(teller: Teller, exchanges: int) -> tuple[Scene, Scene]:
    first = teller.scene(lambda scene: bool(qualities(scene)) and len(optional(scene)) > 1)
    remaining = teller.draw.choice(qualities(first))
    changes = left_out(teller.draw.choice([part for part in optional(first) if part != remaining]))
    exchanged = ([], [remaining], teller.draw.sample(("agent", "action", "thing"), 2))[exchanges]
    for part in exchanged:
        changes[part] = teller.realm.world.another(teller.draw, first, part)
    return first, replace(first, **changes)


def qualities(scene: Scene) -> list[str]:
    return [part for part in ("agent_quality", "thing_quality") if getattr(scene, part)]


def optional(scene: Scene) -> list[str]:
    """Return the parts that a sentence can do without."""
    return [*qualities(scene), *(["place"] if scene.place else [])]


def left_out(part: str) -> dict[str, str]:
    """Return the changes that leave a part out; a place goes with its relation."""
    return {"place": "", "relation": ""} if part == "place" else {part: ""}
