"""Nested tables from TOML files: checked for exactly the expected keys and types, and put over one another."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from repro.errors import LabError

# A schema is a type; [schema] for a list; {"key": schema} for a table, where "key?" may be left out and "*" stands
# for any further key. A float may be written as an integer. `object` is anything.
Schema = Any


def check(value: Any, schema: Schema, where: str) -> None:
    """Raise LabError at the first place where `value` does not fit `schema`; `where` names the file and table."""
    if isinstance(schema, dict):
        _check_table(value, schema, where)
    elif isinstance(schema, list):
        _expect(isinstance(value, list), where, "a list", value)
        for i, item in enumerate(value):
            check(item, schema[0], f"{where}[{i}]")
    elif schema is not object:
        fits = isinstance(value, (int, float) if schema is float else schema)
        # In Python True is an integer; in an experiment file it is a slip of the pen.
        _expect(fits and (schema is bool or not isinstance(value, bool)), where, f"a {schema.__name__}", value)


def _check_table(value: Any, schema: dict[str, Schema], where: str) -> None:
    _expect(isinstance(value, dict), where, "a table", value)
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


def _expect(fits: bool, where: str, what: str, value: Any) -> None:
    if not fits:
        raise LabError(f"{where}: {value!r} is not {what}", f"write {what} there")


def merge(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Put `changes` over `base`, table by table; lists are replaced whole."""
    merged = dict(base)
    for key, value in changes.items():
        old = merged.get(key)
        merged[key] = merge(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return merged
