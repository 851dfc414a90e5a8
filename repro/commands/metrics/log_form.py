"""Printed output: `at` is a regular expression with one group around the number; the last match counts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from repro.commands.metrics import NoMetric, Reading, text

MAX_LINE = 100_000  # characters of a line that are looked at


def read(path: Path, metric: Mapping[str, object]) -> Iterator[Reading]:
    """Yield the group of every match, line by line."""
    pattern = re.compile(str(metric["at"]))
    matched = False
    for line in text(path).splitlines():
        for match in pattern.finditer(line[:MAX_LINE]):
            matched = True
            yield Reading(match[1])
    if not matched:
        raise NoMetric(f"no line of {path.name} matches {metric['at']}")
