"""The mapping between values and rows: a row of SQL becomes a view, a view becomes JSON.

A view is a frozen dataclass whose fields are named, and ordered, as the keys of its JSON object. A field whose JSON
differs says so by `keys`: several keys for one value, or none for what readers inside the program need alone.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from types import UnionType
from typing import TYPE_CHECKING, TypeVar, Union, get_args, get_origin, get_type_hints, is_typeddict

from synth.core.types import JsonValue

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

View = TypeVar("View", bound="DataclassInstance")
_KEYS = "keys"
_HINTS: dict[type, dict[str, object]] = {}
_JSON_FIELDS: dict[type, list[tuple[str, str]]] = {}


def keys(*names: str) -> dict[str, tuple[str, ...]]:
    """Return the metadata of a field that stands under these keys in JSON; under none if there are no names."""
    return {_KEYS: names}


def hidden() -> dict[str, tuple[str, ...]]:
    """Return the metadata of a field that JSON does not show."""
    return keys()


def select(connection: sqlite3.Connection, sql: str, *values: object) -> list[sqlite3.Row]:
    """Return every row of a query."""
    return connection.execute(sql, values).fetchall()


def view(kind: type[View], row: sqlite3.Row | Mapping[str, object], **more: object) -> View:
    """Build a view from the columns of a row that are named as its fields, and from `more`, which comes first.

    Columns with JSON are parsed where the field is a list, a tuple or a mapping; truth values are made of SQLite's
    integers.
    """
    hints = _hints(kind)
    values = {name: _value(row[name], hints[name]) for name in row.keys() if name in hints and name not in more}  # noqa: SIM118
    return kind(**values, **more)


def _hints(kind: type[DataclassInstance]) -> dict[str, object]:
    """Return the type of each field of a view; a view that is not known yet is looked at."""
    if kind not in _HINTS:
        hints = get_type_hints(kind)
        _HINTS[kind] = {f.name: hints[f.name] for f in fields(kind)}
    return _HINTS[kind]


def _value(stored: object, hint: object) -> object:
    if hint is bool:
        return bool(stored)
    if isinstance(stored, str) and _is_encoded(hint):
        return _shaped(json.loads(stored), hint)
    return stored


def _is_encoded(hint: object) -> bool:
    if get_origin(hint) in (Union, UnionType):
        return any(map(_is_encoded, get_args(hint)))
    return get_origin(hint) in (list, tuple, dict) or is_typeddict(hint)


def _shaped(value: object, hint: object) -> object:
    """Make tuples of lists where the hint has tuples; JSON has lists alone."""
    if get_origin(hint) is not tuple or not isinstance(value, list):
        return value
    return tuple(_shaped(item, get_args(hint)[0]) for item in value)


def as_json(value: object) -> JsonValue:
    """Return a value as JSON has it: views as objects, tuples as lists."""
    if is_dataclass(value) and not isinstance(value, type):
        return json_row(value)
    if isinstance(value, Mapping):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def json_row(value: DataclassInstance) -> dict[str, JsonValue]:
    """Return a view as a JSON object."""
    return {key: as_json(getattr(value, name)) for key, name in _json_fields(type(value))}


def _json_fields(kind: type[DataclassInstance]) -> list[tuple[str, str]]:
    """List (key, field) of a view in the order of its JSON."""
    if kind not in _JSON_FIELDS:
        _JSON_FIELDS[kind] = [(key, f.name) for f in fields(kind) for key in f.metadata.get(_KEYS, (f.name,))]
    return _JSON_FIELDS[kind]
