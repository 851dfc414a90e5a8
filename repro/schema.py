"""Nested tables from TOML files: checked for exactly the expected keys and types, and put over one another."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import TypeAlias, TypeVar

from repro.errors import LabError

# What JSON and TOML can say.
JsonValue: TypeAlias = "bool | int | float | str | Sequence[JsonValue] | Mapping[str, JsonValue] | None"
JsonObject: TypeAlias = Mapping[str, JsonValue]
# A schema is a type; [schema] for a list; {"key": schema} for a table, where "key?" may be left out and "*" stands
# for any further key. A float may be written as an integer. `object` is anything.
Schema: TypeAlias = "type | Sequence[Schema] | Mapping[str, Schema]"
T = TypeVar("T")


def check(value: object, schema: Schema, where: str) -> None:
    """Raise LabError at the first place where `value` does not fit `schema`; `where` names the file and table."""
    if isinstance(schema, Mapping):
        _check_table(_of_kind(value, dict, where, "a table"), schema, where)
    elif isinstance(schema, Sequence):
        for i, item in enumerate(_of_kind(value, list, where, "a list")):
            check(item, schema[0], f"{where}[{i}]")
    elif schema is not object:
        # In Python True is an integer; in an experiment file it is a slip of the pen.
        fits = isinstance(value, (int, float) if schema is float else schema)
        if not fits or (schema is not bool and isinstance(value, bool)):
            raise _misfit(value, where, f"a {schema.__name__}")


def _check_table(value: dict[str, object], schema: Mapping[str, Schema], where: str) -> None:
    known = {key.rstrip("?") for key in schema if key != "*"}
    for key in value:
        if key not in known and "*" not in schema:
            close = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
            hint = f"did you mean {close[0]!r}?" if close else f"known keys: {', '.join(sorted(known))}"
            raise LabError(f"{where}: unknown key {key!r}", hint)
    for key, inner in schema.items():
        name = key.rstrip("?")
        if key == "*":
            for other in value.keys() - known:
                check(value[other], inner, f"{where}.{other}")
        elif name in value:
            check(value[name], inner, f"{where}.{name}")
        elif not key.endswith("?"):
            raise LabError(f"{where}: the key {name!r} is missing", f"add {name} to {where}")


def _of_kind(value: object, kind: type[T], where: str, what: str) -> T:
    if not isinstance(value, kind):
        raise _misfit(value, where, what)
    return value


def _misfit(value: object, where: str, what: str) -> LabError:
    return LabError(f"{where}: {value!r} is not {what}", f"write {what} there")


def merge(base: JsonObject, changes: JsonObject) -> dict[str, JsonValue]:
    """Put `changes` over `base`, table by table; lists are replaced whole."""
    merged = dict(base)
    for key, value in changes.items():
        old = merged.get(key)
        merged[key] = merge(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return merged
