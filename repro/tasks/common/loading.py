"""A task's examples, out of the source that an experiment names and as many as it asks for."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from repro.data import Library
from repro.errors import LabError
from repro.languages import Realm
from repro.tasks import Example, Noise, source

PARTS = {"train": "examples", "dev": "dev", "test": "dev"}  # which of a task's counts is meant


def generated(name: str, params: Mapping[str, Any], realm: Realm, part: str, language: str = "") -> list[Example]:
    """Generated examples of the task `name`; `params` are those of a tune stage.

    "train": as many from each of `params.sources`. "dev" and "test": in `language` (default: that of the first
    source), well translated.
    """
    own = params["tasks"][name]
    make, count = source(name, own["source"]).make, own[PARTS[part]]
    if make is None:
        raise LabError(f"{name} is not generated but from {own['source']!r}", 'use source = "generated"')
    if count < 1:
        raise LabError(f"{name} is generated without end, and {count} examples are asked for", "ask for 1 or more")
    if part != "train":
        code = language or params["sources"][0]["language"]
        return list(make(realm, realm.language(code), count, part, Noise()))
    found: list[Example] = []
    for row in params["sources"]:
        found += make(realm, realm.language(row["language"]), count, part, Noise(row["dropped"], row["confused"]))
    return found


def real(name: str, own: Mapping[str, Any], library: Library, part: str, seed: int) -> list[Example]:
    """Examples of data sets: all there are, or where fewer are asked for, so many of them drawn at random.

    Another seed learns from others; what is judged on is the same for all seeds.
    """
    read = source(name, own["source"]).read
    if read is None:
        raise LabError(f"{name} is generated and the rung has no languages", f"sources of {name} with data do not")
    found, count = list(read(library, part)), own[PARTS[part]]
    if not found:
        raise LabError(f"{name}: the source {own['source']!r} has no {part} examples", "see `synth data check`")
    if not 0 < count < len(found):
        return found
    draw = random.Random(f"{name} {seed}" if part == "train" else name)
    return draw.sample(found, count)


def labels(module: Any, train: Sequence[Any]) -> tuple[str, ...]:
    """The labels of a task: its own, or for tagging the tags that the training examples have."""
    if module.KIND == "tagging":
        return tuple(sorted({tag for example in train for tag in example.tags}))
    return tuple(module.LABELS)


def chance(kind: str, names: Sequence[str], examples: Sequence[Any]) -> float:
    """What guessing gets: one in so many labels or choices; 0 for spans, of which there are too many to be guessed."""
    if kind == "choice":
        return sum(1 / len(example.choices) for example in examples) / len(examples)
    return 0.0 if kind == "span" else 1 / len(names)
