"""Placeholders of a command: `{seed}`, `{out}`, `{arm.KEY}` and `{data.NAME}`. `{{` and `}}` are braces. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

_PART = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")


def placeholders(arguments: Iterable[str]) -> list[str]:
    """List the names between braces, in order of appearance, each once."""
    names = (match[1] for argument in arguments for match in _PART.finditer(argument) if match[1] is not None)
    return list(dict.fromkeys(names))


def filled(arguments: Sequence[str], values: Mapping[str, object]) -> list[str]:
    """Fill in the placeholders that `values` has; others stay as they are, braces doubled or not.

    A value is put in as it is written in TOML: true and false in small letters.
    """

    def value_of(match: re.Match[str]) -> str:
        name = match[1]
        return _written(values[name]) if name is not None and name in values else match[0]

    return [_PART.sub(value_of, argument) for argument in arguments]


def unescaped(arguments: Iterable[str]) -> list[str]:
    """Turn doubled braces into single ones, once everything is filled in."""
    return [argument.replace("{{", "{").replace("}}", "}") for argument in arguments]


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
