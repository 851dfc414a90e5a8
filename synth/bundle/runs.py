"""The files of one verification run. Pure.

`spec.json` is the specification as it was hashed before the run: the sha256 of the file is the registered hash.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass

from synth.core.types import JsonValue
from synth.store.rows.mapping import as_json, json_row
from synth.store.rows.runs import MeasurementView, StoredRunView, StoredVerdictView
from synth.store.rows.stored import StoredSpec
from synth.text.delimited import guarded

COLUMNS = ("arm", "seed", "language", "metric", "value", "n")
CODES = ("reason_codes", "deviation_codes")  # keys that verdicts of earlier versions do not have


@dataclass(frozen=True)
class RunInput:
    """A data set or model that a run used; what is empty is not known."""

    name: str
    description: str
    sha256: str = ""
    homepage: str = ""
    licence: str = ""
    licence_url: str = ""


@dataclass(frozen=True)
class BundledRun:
    """A run that has ended, with what came of it and what it used."""

    run: StoredRunView
    verdicts: Sequence[StoredVerdictView]
    measurements: Sequence[MeasurementView]
    inputs: Sequence[RunInput] = ()


def canonical(spec: StoredSpec) -> bytes:
    """Return the bytes that a specification's hash is of."""
    return json.dumps(spec, sort_keys=True).encode()


def folder(run: StoredRunView) -> str:
    return f"runs/run-{run.id}"


def files(bundled: BundledRun) -> dict[str, bytes]:
    """Map path to content."""
    run, place = bundled.run, folder(bundled.run)
    contents = {f"{place}/spec.json": canonical(run.spec), f"{place}/run.json": text(_described(run))}
    if bundled.measurements:
        contents[f"{place}/measurements.csv"] = _table(bundled.measurements)
    if bundled.verdicts:
        contents[f"{place}/verdicts.json"] = text([_verdict(verdict) for verdict in bundled.verdicts])
    return contents


def text(value: object) -> bytes:
    return (json.dumps(as_json(value), ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def _described(run: StoredRunView) -> dict[str, JsonValue]:
    return {key: value for key, value in json_row(run).items() if key != "spec"}


def _verdict(verdict: StoredVerdictView) -> dict[str, JsonValue]:
    return {key: value for key, value in json_row(verdict).items() if verdict.reason_codes or key not in CODES}


def _table(measurements: Sequence[MeasurementView]) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([guarded(getattr(m, name)) for name in COLUMNS] for m in measurements)
    return file.getvalue().encode()
