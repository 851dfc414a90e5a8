"""JSON lines: an object a line; `at` is a key or a pointer into it, the metric's own name where it is left out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from repro.commands.metrics import NoMetric, Reading, text
from repro.commands.metrics.json_form import resolve


def read(path: Path, metric: Mapping[str, object]) -> Iterator[Reading]:
    """Yield the value of every line that has it; other lines are of other things."""
    at, per, n = (str(metric[key]) for key in ("at", "per", "n"))
    for number, line in enumerate(text(path).splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise NoMetric(f"line {number} of {path.name} is not JSON ({error})") from error
        try:
            value = resolve(row, _pointer(at))
        except NoMetric:
            continue
        label = {"label": str(resolve(row, _pointer(per)))} if per else {}
        yield Reading(value, n=resolve(row, _pointer(n)) if n else None, **label)


def _pointer(key: str) -> str:
    return key if key.startswith("/") else "/" + key.replace("~", "~0").replace("/", "~1")
