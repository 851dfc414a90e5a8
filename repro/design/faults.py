"""Faults of a file: what is wrong with it and what would mend it, all of them at once."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from pydantic import TypeAdapter, ValidationError

from repro.errors import LabError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

T = TypeVar("T")
Schema = Mapping[str, object]


class Fault(NamedTuple):
    """One thing that is wrong with a file, and what would mend it."""

    what: str
    do: str


def raise_faults(faults: Iterable[Fault], name: str) -> None:
    """Raise LabError with all `faults` of the file `name`; nothing if there are none."""
    listed = list(dict.fromkeys(faults))
    if len(listed) == 1:
        raise LabError(f"{name}: {listed[0].what}", listed[0].do)
    if listed:
        text = "; ".join(f"{fault.what} ({fault.do})" for fault in listed)
        raise LabError(f"{name} has {len(listed)} faults: {text}", "mend the file")


def validated(definition: TypeAdapter[T], data: Mapping[str, object], name: str) -> T:
    """Build what `data` defines. LabError with every key and value that the definition does not have."""
    try:
        return definition.validate_python(data)
    except ValidationError as error:
        raise_faults(pydantic_faults(error, definition), name)
        raise


def pydantic_faults(
    error: ValidationError, definition: TypeAdapter[T], computed: Mapping[str, Collection[str]] | None = None
) -> list[Fault]:
    """Put an error of pydantic into faults, with the keys that there are.

    `computed`: by the name of a class, fields that no file states.
    """
    schema, details = definition.json_schema(), error.errors()
    places = [_steps(detail) for detail in details]
    # What is wrong inside a table makes the table wrong, too: only the inner fault says something.
    inner = [
        detail
        for detail, own in zip(details, places, strict=True)
        if not any(len(other) > len(own) and other[: len(own)] == own for other in places)
    ]
    return [_fault(detail, schema, computed or {}) for detail in inner]


def _steps(detail: ErrorDetails) -> list[int | str]:
    """Return the place of an error without the steps that are pydantic's own."""
    own = ("constrained-", "function-")
    return [step for step in detail["loc"] if not (isinstance(step, str) and step.startswith(own))]


def _fault(detail: ErrorDetails, schema: Schema, computed: Mapping[str, Collection[str]]) -> Fault:
    path = _steps(detail)
    *outer, last = path or [""]
    where = place(outer)
    if detail["type"] in ("unexpected_keyword_argument", "extra_forbidden"):
        return unknown_key(f"{where}: " if where else "", str(last), _keys(schema, outer, computed))
    if detail["type"] == "missing":
        return Fault(f"{where + ': ' if where else ''}the key {str(last)!r} is missing", f"add {last}")
    reason = detail["msg"].removeprefix("Value error, ")
    whole, value = place(path), _short(detail["input"])
    return Fault(f"{whole}: {value}: {reason[0].lower()}{reason[1:]}", f"mend {whole}")


def unknown_key(where: str, key: str, known: Iterable[str]) -> Fault:
    """Return the fault of a key that there is not, with the nearest one that there is."""
    keys = sorted(known)
    close = difflib.get_close_matches(key, keys, n=1, cutoff=0.5)
    return Fault(
        f"{where}unknown key {key!r}", f"did you mean {close[0]!r}?" if close else f"known keys: {', '.join(keys)}"
    )


def _keys(schema: Schema, path: Sequence[int | str], computed: Mapping[str, Collection[str]]) -> list[str]:
    """Return the keys that a table at `path` of the file can have, by the definition's JSON schema."""
    node: Schema = schema
    for step in path:
        node = _resolved(node, schema)
        if isinstance(step, int):
            node = node["items"]  # type: ignore[assignment]
        else:
            properties = node.get("properties", {})
            named = node.get("patternProperties", {})  # of a table whose keys have a form
            others = next(iter(named.values()), node.get("additionalProperties", {}))  # type: ignore[attr-defined]
            node = properties.get(step) or others  # type: ignore[attr-defined,assignment]
    own = _resolved(node, schema)
    left_out = computed.get(str(own.get("title")), ())
    return [key for key in own.get("properties", {}) if key not in left_out]  # type: ignore[attr-defined]


def _resolved(node: Schema, schema: Schema) -> Schema:
    """Follow a reference, also the one that an optional table consists of."""
    for option in node.get("anyOf", ()):  # type: ignore[attr-defined]
        if "$ref" in option:
            node = option
    if "$ref" in node:
        return schema["$defs"][str(node["$ref"]).rpartition("/")[2]]  # type: ignore[index]
    return node


def place(path: Iterable[int | str]) -> str:
    """Return a path as one writes it: arms[3].role."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def _short(value: object, longest: int = 60) -> str:
    text = repr(value)
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
