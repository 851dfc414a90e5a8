"""The tasks a model can be trained on, one module each.

A task module has `KIND` (a module of `repro.training.heads`), `METRIC`, `LABELS` (empty where they are taken from the
training examples), `PUBLISHED`, `SOURCES`: where its examples can come from, and `shortcut(train, dev)`: the dev score
of a rule that misses the point of the task (the second sentence alone, the word alone). A model counts as having learnt
a task only if it is clearly better than that. What several tasks share is in `repro.tasks.common`.
"""

from __future__ import annotations

import difflib
import math
import pkgutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import ModuleType

from repro.data.library import Library
from repro.errors import LabError
from repro.parameters import Table


@dataclass(frozen=True)
class Pair:
    """Two texts and the label of the two together."""

    first: str
    second: str
    label: str


@dataclass(frozen=True)
class Choice:
    """A text, what could follow it, and the index of what does."""

    context: str
    choices: tuple[str, ...]
    label: int


@dataclass(frozen=True)
class Answer:
    """A stretch of a context; `start` counts characters (Unicode code points)."""

    start: int
    text: str


@dataclass(frozen=True)
class Span:
    """A question to a context, and the answers that count as right: () if the context has none."""

    question: str
    context: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Tagged:
    """Words and a tag for each."""

    words: tuple[str, ...]
    tags: tuple[str, ...]


Example = Pair | Choice | Span | Tagged


class TaskParameters(Table):
    """The source of a task's examples (`generated`, `published`, or a stand-in) and how many; 0: all there are."""

    source: str
    examples: int
    dev: int


@dataclass(frozen=True)
class Noise:
    """Errors of a machine translation; see `repro.languages.world.mistranslate`."""

    dropped: float = 0.0
    confused: float = 0.0


@dataclass(frozen=True)
class OriginalSet:
    """The data set of the catalogue that the original work used, and how many training examples it had."""

    dataset: str
    examples: int


@dataclass(frozen=True)
class Source:
    """A source of examples: `make` generates them, or `read` takes them from data sets of the catalogue.

    `make(realm, language, count, purpose, noise)`: `count` examples, others for another `purpose`.
    `read(library, part)`: with `part` "train" or "dev". `deviation`: how they differ from what the original work used,
    in one sentence; "" if they do not. `layout`: the form of the data sets that is read, "" for any.
    """

    datasets: tuple[str, ...] = ()
    deviation: str = ""
    layout: str = ""
    make: Callable[..., Sequence[Example]] | None = None
    read: Callable[[Library, str], Iterable[Example]] | None = None
    complete: bool = False


@cache
def names() -> tuple[str, ...]:
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.ispkg))


def task(name: str) -> ModuleType:
    """Return the task's module; LabError with the closest names if there is none."""
    if name not in names():
        close = difflib.get_close_matches(name, names(), n=2) or names()
        raise LabError(f"there is no task {name!r}", f"did you mean {' or '.join(close)}?")
    return import_module(f"repro.tasks.{name}")


def source(name: str, wanted: str) -> Source:
    """Return the source `wanted` of the task `name`; LabError with those there are."""
    sources: dict[str, Source] = task(name).SOURCES
    if wanted not in sources:
        raise LabError(f"task {name} has no source {wanted!r}", f"it has {', '.join(sources)}")
    return sources[wanted]


def learnt(score: float, shortcut: float, decisions: int) -> bool:
    """Return True if a score (a share) over `decisions` is clearly above what a shortcut reaches.

    The bar: a tenth of the way from the shortcut to perfection, and four standard errors. (The error is that of an
    accuracy; a mean of F1 values between 0 and 1 has none that is larger.)
    """
    error = math.sqrt(shortcut * (1 - shortcut) / decisions)
    return score >= shortcut + 0.1 * (1 - shortcut) and score > shortcut + 4 * error
