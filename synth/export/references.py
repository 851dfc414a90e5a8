"""References for other programs: works of the database as BibTeX, RIS and CSL-JSON.

A new module in `synth.export.formats` with `FILE` (a file name) and `write` is a new format; its name is the
module's. Nothing is filled in: what the database does not know stays out of the reference.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from synth.export import formats
from synth.export.work import CitedWork, works

__all__ = ["CitedWork", "file_name", "format_names", "works", "write"]


def format_names() -> list[str]:
    """Return every format, in alphabetical order."""
    return sorted(module.name for module in iter_modules(formats.__path__))


def file_name(format: str) -> str:
    """Return the file name of this format."""
    return str(_module(format).FILE)


def write(works: Sequence[CitedWork], format: str) -> str:
    """Return the references of `works` in one of `format_names()`; each ends with a line break."""
    return str(_module(format).write(works))


def _module(format: str) -> ModuleType:
    return import_module(f"{formats.__name__}.{format}")
