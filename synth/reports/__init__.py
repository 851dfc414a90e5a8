"""Reports: facts gathered from the database, rendered in a format.

A new module in `synth.reports.formats` with a `render` function is a new format; its name is the module's.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules

from synth.errors import UsageError
from synth.reports import formats
from synth.reports.facts import Facts, gather
from synth.reports.quality import Review

__all__ = ["Facts", "Review", "format_names", "gather", "render"]


def format_names() -> list[str]:
    """Every format, in alphabetical order."""
    return sorted(module.name for module in iter_modules(formats.__path__))


def render(facts: Facts, reviews: Sequence[Review], format: str = "md") -> str:
    """The report as text. UsageError for a format that does not exist."""
    if format not in format_names():
        raise UsageError(
            f"There is no report format {format!r}.", f"Use `--format` with one of: {', '.join(format_names())}."
        )
    text = import_module(f"{formats.__name__}.{format}").render(facts, reviews)
    return text
