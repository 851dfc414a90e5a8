"""A task's examples, out of the source that an experiment names and as many as it asks for."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Sequence
from types import ModuleType

from repro.data.library import Library
from repro.errors import LabError
from repro.languages.grammar import Language, sentence
from repro.languages.realm import Realm
from repro.parameters import Number, Table
from repro.tasks import Choice, Example, Noise, Pair, Span, Tagged, TaskParameters, source

ATTEMPTS = 6  # to make up for examples that had to be left out
TRIED = 300  # are made first to see what share is left out
MORE = 1.05  # times as many as that share says are made, since shares vary


class Telling(Table):
    """A language in which generated examples are told, and how badly they are translated (`repro.tasks.Noise`)."""

    language: str
    dropped: Number
    confused: Number


def _count(own: TaskParameters, part: str) -> int:
    return own.examples if part == "train" else own.dev


def generated(
    name: str, own: TaskParameters, tellings: Sequence[Telling], heldout: int, realm: Realm, part: str
) -> list[Example]:
    """Generate examples of the task `name`.

    None tells a sentence that retrieval is measured on, and none that is learnt from is among those of the same
    language that tell whether it was learnt.

    Args:
        name: of the task.
        own: how many.
        tellings: "train" has as many from each; "dev" and "test" are well translated, in the language of the first.
        heldout: how many sentences retrieval is measured on.
        realm: the languages.
        part: "train", "dev" or "test".
    """
    make, count = source(name, own.source).make, _count(own, part)
    if make is None:
        raise LabError(f"{name} is not generated but from {own.source!r}", 'use source = "generated"')
    if count < 1:
        raise LabError(f"{name} is generated without end, and {count} examples are asked for", "ask for 1 or more")
    if part != "train":
        tellings = [Telling(language=tellings[0].language, dropped=0.0, confused=0.0)]
    scenes = realm.heldout(heldout)

    def told(language: Language, count: int, purpose: str, noise: Noise, barred: Barred) -> list[Example]:
        return without(barred, count, lambda n: make(realm, language, n, purpose, noise))

    examples: list[Example] = []
    for telling in tellings:
        spoken = realm.language(telling.language)
        barred = Barred(sentence(scene, spoken, realm.lexicons[spoken.code]) for scene in scenes)
        if part == "train":
            for other in ("dev", "test"):
                barred.add(told(spoken, _count(own, other), other, Noise(), barred))
        examples += told(spoken, count, part, Noise(telling.dropped, telling.confused), barred)
    return examples


class Barred:
    """Texts that examples must not have: the `sentences`, not even as a part of a text, and texts of other examples."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self._examples: set[tuple[str, ...]] = set()
        # By their first two words, which no sentence is without.
        self._sentences: dict[tuple[str, ...], list[list[str]]] = {}
        for line in sentences:
            words = line.split()
            self._sentences.setdefault(tuple(words[:2]), []).append(words)

    def add(self, examples: Iterable[Example]) -> None:
        self._examples |= {_texts(example) for example in examples}

    def __contains__(self, example: Example) -> bool:
        texts = _texts(example)
        return texts in self._examples or any(map(self._tells, texts))

    def _tells(self, text: str) -> bool:
        words = text.split()
        return any(
            words[i : i + len(line)] == line
            for i in range(len(words) - 1)
            for line in self._sentences.get((words[i], words[i + 1]), ())
        )


def without(barred: Barred, count: int, make: Callable[[int], Sequence[Example]]) -> list[Example]:
    """Return `count` of the examples that `make` gives for so many or more, none of them `barred`."""
    wanted, allowed = min(count, TRIED), list[Example]()
    for _ in range(ATTEMPTS):
        allowed = [example for example in make(wanted) if example not in barred]
        if len(allowed) >= count:
            return allowed[:count]
        wanted = max(wanted + 1, math.ceil(MORE * wanted * count / max(1, len(allowed))))
    raise LabError(
        f"of {wanted} generated examples all but {len(allowed)} are held out to be measured on",
        "ask for fewer held-out sentences or fewer examples",
    )


def _texts(example: Example) -> tuple[str, ...]:
    if isinstance(example, Pair):
        return example.first, example.second
    if isinstance(example, Choice):
        return example.context, *example.choices
    if isinstance(example, Span):
        return example.question, example.context
    return (" ".join(example.words),)


def real(name: str, own: TaskParameters, library: Library, part: str, seed: int) -> list[Example]:
    """Read examples of data sets: all there are, or fewer drawn at random.

    Another seed learns from others; what is judged on is the same for all seeds.
    """
    read = source(name, own.source).read
    if read is None:
        raise LabError(f"{name} is generated and the fidelity has no languages", f"sources of {name} with data do not")
    examples, count = list(read(library, part)), _count(own, part)
    if not examples:
        raise LabError(f"{name}: the source {own.source!r} has no {part} examples", "see `synth data check`")
    if not 0 < count < len(examples):
        return examples
    draw = random.Random(f"{name} {seed}" if part == "train" else name)
    return draw.sample(examples, count)


def labels(module: ModuleType, train: Sequence[Example]) -> tuple[str, ...]:
    """Return the labels of a task: its own, or for tagging the tags that the training examples have."""
    if module.KIND == "tagging":
        return tuple(sorted({tag for example in train if isinstance(example, Tagged) for tag in example.tags}))
    return tuple(module.LABELS)


def chance(kind: str, names: Sequence[str], examples: Sequence[Example]) -> float:
    """Return what guessing reaches: one in so many labels or choices; 0 for spans, too many to be guessed."""
    if kind == "choice":
        return sum(1 / len(example.choices) for example in examples if isinstance(example, Choice)) / len(examples)
    return 0.0 if kind == "span" else 1 / len(names)
