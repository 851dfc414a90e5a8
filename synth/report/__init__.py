"""Reports: facts gathered from the database, rendered in a format.

A new module in `synth.report.formats` is a new format; its name is the module's. It has `render(facts, reviews)`,
which gives text or bytes, and says by `SINGLE_FILE` whether pictures and page images stand in the file itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from synth.core.errors import UsageError
from synth.report import classic, formats
from synth.report.facts import Facts, gather
from synth.report.quality import ScoredReview

__all__ = [
    "STYLES",
    "Facts",
    "ScoredReview",
    "check_format",
    "default_format",
    "format_names",
    "gather",
    "is_single_file",
    "render",
]

STYLES = ("full", "classic")


def format_names() -> list[str]:
    """Return every format, in alphabetical order."""
    return sorted(module.name for module in iter_modules(formats.__path__))


def default_format(style: str) -> str:
    """Return the format in which a style is written if nothing else is asked for.

    Raises UsageError for a style that does not exist.
    """
    if style not in STYLES:
        raise UsageError(f"There is no report style {style!r}.", f"Use `--style` with one of: {', '.join(STYLES)}.")
    return "txt" if style == "classic" else "md"


def render(facts: Facts, reviews: Sequence[ScoredReview], format: str = "md", style: str = "full") -> str | bytes:
    """Return the report as text, or bytes where the format is none.

    UsageError for a style or format that does not exist.
    """
    if style == "classic":
        return classic.render(facts, reviews, format)
    rendered: str | bytes = _module(format).render(facts, reviews)
    return rendered


def check_format(format: str, style: str = "full") -> None:
    """Raise UsageError for a style that does not exist and for a format that the style does not have."""
    default_format(style)
    if style == "classic":
        classic.check_format(format)
    else:
        _module(format)


def is_single_file(format: str, style: str = "full") -> bool:
    """Return True if the format holds its pictures itself and shows where quotes stand on their pages."""
    default_format(style)  # there is such a style
    return style == "full" and bool(_module(format).SINGLE_FILE)


def _module(format: str) -> ModuleType:
    if format not in format_names():
        raise UsageError(
            f"There is no report format {format!r}.", f"Use `--format` with one of: {', '.join(format_names())}."
        )
    return import_module(f"{formats.__name__}.{format}")
