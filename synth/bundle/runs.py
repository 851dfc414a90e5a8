"""The files of one verification run. Pure.

`spec.json` is the specification as it was hashed before the run: the sha256 of the file is the registered hash.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from synth.text.delimited import guarded

Row = Mapping[str, Any]
COLUMNS = ("arm", "seed", "language", "metric", "value", "n")


def canonical(spec: Row) -> bytes:
    """Return the bytes that a specification's hash is of."""
    return json.dumps(spec, sort_keys=True).encode()


def folder(run: Row) -> str:
    return f"runs/run-{run['id']}"


def files(run: Row, verdicts: Sequence[Row], measurements: Sequence[Row]) -> dict[str, bytes]:
    """Map path to content."""
    place = folder(run)
    contents = {f"{place}/spec.json": canonical(run["spec"]), f"{place}/run.json": text(_described(run))}
    if measurements:
        contents[f"{place}/measurements.csv"] = _table(measurements)
    if verdicts:
        contents[f"{place}/verdicts.json"] = text(list(verdicts))
    return contents


def text(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def _described(run: Row) -> dict[str, Any]:
    return {key: value for key, value in run.items() if key != "spec"}


def _table(measurements: Sequence[Row]) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([guarded(row[name]) for name in COLUMNS] for row in measurements)
    return file.getvalue().encode()
