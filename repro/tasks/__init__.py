"""The tasks a model can be trained on, one module each: `KIND`, `LABELS`, `examples(realm, ...)`, `shortcut(...)`.

`shortcut(train, dev)` is the dev accuracy of a rule that misses the point of the task (the second sentence alone, the
word alone): a model counts as having learnt the task only if it is clearly better.
"""

from __future__ import annotations

import difflib
import math
import pkgutil
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

from repro.errors import LabError


@dataclass(frozen=True)
class Example:
    """Words of one text, or of two (`pair`), and the label: one for the whole, or one a word of the text."""

    words: tuple[str, ...]
    pair: tuple[str, ...]
    label: int | tuple[int, ...]


@dataclass(frozen=True)
class Noise:
    """How bad the machine translation of a text is; see `languages.mistranslate`."""

    dropped: float = 0.0
    confused: float = 0.0


def names() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def task(name: str) -> ModuleType:
    """The task's module; LabError with the closest names if there is none."""
    if name not in names():
        close = difflib.get_close_matches(name, names(), n=2) or names()
        raise LabError(f"there is no task {name!r}", f"did you mean {' or '.join(close)}?")
    return import_module(f"repro.tasks.{name}")


def learnt(accuracy: float, shortcut: float, decisions: int) -> bool:
    """Whether an accuracy over `decisions` labels is clearly above what a shortcut reaches without the task's point.

    The bar: a tenth of the way from the shortcut to perfection, and four standard errors.
    """
    error = math.sqrt(shortcut * (1 - shortcut) / decisions)
    return accuracy >= shortcut + 0.1 * (1 - shortcut) and accuracy > shortcut + 4 * error
