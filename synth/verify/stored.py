"""Frozen values as stored JSON, and read back from it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from synth.core.types import JsonValue

Value = TypeVar("Value")


def restored(kind: Callable[..., Value], stored: Mapping[str, object]) -> Value:
    """Build a value from the fields that were stored of it; lists become the tuples that they were."""
    return kind(**{name: _tupled(value) for name, value in stored.items()})


def _tupled(value: object) -> object:
    return tuple(map(_tupled, value)) if isinstance(value, list | tuple) else value


def as_stored(value: DataclassInstance) -> dict[str, JsonValue]:
    """Return the fields of a value, nested ones included, as JSON holds them."""
    return {name: _listed(item) for name, item in asdict(value).items()}


def _listed(value: object) -> JsonValue:
    if isinstance(value, Mapping):
        return {str(key): _listed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_listed(item) for item in value]
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def canonical(stored: Mapping[str, JsonValue]) -> bytes:
    """Return the bytes that the hash of a specification is of."""
    return json.dumps(stored, sort_keys=True).encode()
