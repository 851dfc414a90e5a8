"""A table with a head: `at` is its column; commas, semicolons or tabs."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from repro.commands.metrics import NoMetric, Reading, text


def read(path: Path, metric: Mapping[str, object]) -> Iterator[Reading]:
    """Yield the column's value of every row in which it is not empty."""
    at, per, n = (str(metric[key]) for key in ("at", "per", "n"))
    head, rows = table(path)
    for column in filter(None, (at, per, n)):
        if column not in head:
            raise NoMetric(f"{path.name} has no column {column!r}; it has {', '.join(head)}")
    for row in rows:
        if (value := row.get(at) or "").strip():
            label = {"label": (row.get(per) or "").strip()} if per else {}
            yield Reading(value, n=row.get(n) if n else None, **label)


def table(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """Return head and rows of a delimited file; NoMetric for one that is none."""
    lines = text(path).splitlines()
    if not lines:
        raise NoMetric(f"{path.name} is empty")
    delimiter = max(",;\t", key=lines[0].count)
    try:
        reader = csv.DictReader(lines, delimiter=delimiter, strict=True)
        rows = [{str(key).strip(): str(value) for key, value in row.items() if key is not None} for row in reader]
    except csv.Error as error:
        raise NoMetric(f"{path.name} is no table ({error})") from error
    head = [str(name).strip() for name in reader.fieldnames or ()]
    if len(set(head)) != len(head):
        raise NoMetric(f"{path.name} has two columns of one name")
    return head, rows
