"""A JSON document: `at` is a pointer (RFC 6901); with `per`, to a list of objects or an object of labels."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from repro.commands.metrics import NoMetric, Reading, text


def read(path: Path, metric: Mapping[str, object]) -> Iterator[Reading]:
    """Yield the value at the pointer.

    With `per`, the pointer leads to a list of objects, of which `per` is the key with the label and the metric's own
    name or `value` the one with the number (`/rows/*/accuracy` names it), or to an object {label: number}.
    """
    try:
        document = json.loads(text(path))
    except ValueError as error:
        raise NoMetric(f"{path.name} is not JSON ({error})") from error
    at, per, n = str(metric["at"]), str(metric["per"]), str(metric["n"])
    if not per:
        yield Reading(resolve(document, at), n=resolve(document, n) if n else None)
        return
    head, star, tail = at.partition("/*")
    rows = resolve(document, head)
    if isinstance(rows, dict) and not star:
        yield from (Reading(value, str(label)) for label, value in rows.items())
        return
    if not isinstance(rows, list):
        raise NoMetric(f"{path.name} has no list at {head or '/'}")
    for row in rows:
        label = resolve(row, f"/{per}")
        yield Reading(resolve(row, tail or "/value"), str(label), resolve(row, f"/{n}") if n else None)


def resolve(document: object, pointer: str) -> object:
    """Return what the pointer leads to; NoMetric with the step that fails."""
    value = document
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and key in value:
            value = value[key]
        elif isinstance(value, list) and key.removeprefix("-").isdecimal() and -len(value) <= int(key) < len(value):
            value = value[int(key)]
        else:
            there = f"; there is {', '.join(map(str, [*value][:8]))}" if isinstance(value, dict) and value else ""
            raise NoMetric(f"there is nothing at {pointer}: {key!r} is not there{there}")
    return value
