"""Views with nothing in them but what a test gives."""

from __future__ import annotations

from dataclasses import fields
from typing import TypeVar, get_args, get_origin, get_type_hints

View = TypeVar("View")
EMPTY = {str: "", int: 0, float: 0.0, bool: False}


def blank(kind: type[View], /, **values: object) -> View:
    """A view whose other fields are empty: no text, nothing counted, None where that may be."""
    hints = get_type_hints(kind)
    return kind(**{f.name: _empty(hints[f.name]) for f in fields(kind) if f.name not in values}, **values)


def _empty(hint: object) -> object:
    if hint in EMPTY:
        return EMPTY[hint]
    if type(None) in get_args(hint):
        return None
    return () if get_origin(hint) is tuple else {}
