"""Numbers that exist: a table of runs, a row for each measurement, in the place of a command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from repro.commands.code import data_checksum
from repro.commands.metrics import EVERYTHING, NoMetric, finite
from repro.commands.metrics.csv_form import table
from repro.design.deviations import Coded, DeviationCode
from repro.design.experiment import Experiment
from repro.design.nodes import Node
from repro.errors import LabError
from repro.parameters import Table
from repro.recipes import TrainingRow
from repro.schema import JsonObject


class ImportedArm(Table):
    """An arm of a table; what its author says of it."""

    OPEN = True


class ImportedFidelity(Table):
    """A table of runs; from `rows` on what is found when a run is planned."""

    table: str
    metrics: Mapping[str, Mapping[str, Any]]
    data: Mapping[str, str]
    first_seed: int
    rows: Any = None
    checksums: Mapping[str, str] = {}


ARM, PARAMS = ImportedArm, ImportedFidelity
IMPORTED = "The numbers existed before the rule was registered: it could be chosen knowing them."


def prepared(experiment: Experiment, params: JsonObject) -> JsonObject:
    """Return the parameters with the rows of the table, by arm and seed.

    Raises:
        LabError: the table is not there, lacks a column, or states one number twice.
    """
    stated = ImportedFidelity.read(params)
    file = Path(experiment.folder) / stated.table
    checksum = data_checksum(file)
    metrics = stated.metrics
    try:
        head, rows = table(file)
    except (NoMetric, OSError, UnicodeDecodeError) as error:
        raise LabError(f"{file.name}: {error}", "mend the table") from error
    columns = {name: str(metric["at"] or name) for name, metric in metrics.items()}
    wanted = [
        "arm",
        "seed",
        *columns.values(),
        *(str(m[key]) for m in metrics.values() for key in ("per", "n") if m[key]),
    ]
    if missing := [name for name in dict.fromkeys(wanted) if name not in head]:
        raise LabError(f"{file.name} has no column {', '.join(missing)}", f"its columns are {', '.join(head)}")
    known = {arm.name for arm in experiment.arms}
    by_run: dict[str, dict[str, dict[str, object]]] = {}
    for number, row in enumerate(rows, 2):
        where = f"line {number} of {file.name}"
        if row["arm"] not in known:
            continue  # the table may have more than is compared
        if not row["seed"].strip().isdecimal():
            raise LabError(f"{where}: the seed is {row['seed']!r}", "write a whole number")
        run = by_run.setdefault(row["arm"], {}).setdefault(str(int(row["seed"])), {})
        for name, metric in metrics.items():
            label = row[str(metric["per"])].strip() if metric["per"] else EVERYTHING
            if not row[columns[name]].strip():
                continue
            if f"{name}\t{label}" in run:
                raise LabError(f"{where} states {name} of {row['arm']}, seed {row['seed']} again", "keep one of them")
            run[f"{name}\t{label}"] = _measurement(name, metric, row, columns[name], label)
    additions: dict[str, Any] = {"rows": by_run, "checksums": {"table": checksum}}
    return {**params, **additions}


def _measurement(
    name: str, metric: Mapping[str, object], row: Mapping[str, str], column: str, label: str
) -> dict[str, object]:
    """Return one measurement, or {"failure": why} for a value that is no number."""
    try:
        value = float(str(metric["scale"])) * finite(row[column], name, label)
        items = finite(row[str(metric["n"])], f"items of {name}") if metric["n"] else None
    except NoMetric as error:
        return {"failure": str(error)}
    return {
        "language": label,
        "metric": name,
        "value": value,
        "n": None if items is None else int(items),
        "distance": None,
    }


def seed_count(params: JsonObject) -> int:
    """Return the number of seeds of the table: all of them count, whatever they say."""
    by_run = ImportedFidelity.read(params).rows
    return len({number for by_seed in by_run.values() for number in by_seed})


def nodes(experiment: Experiment, params: JsonObject, seed: int) -> list[Node]:
    """Return one stage an arm with the numbers of the seed; seeds are those of the table, in order."""
    by_run = ImportedFidelity.read(params).rows
    seeds = sorted({int(number) for by_seed in by_run.values() for number in by_seed})
    if seed > len(seeds):
        raise LabError(
            f"{experiment.id} has {len(seeds)} seeds in its table, and the rule asks for {seed}",
            "lower [rule] seeds, or add runs to the table",
        )
    stages = []
    for arm in experiment.arms:
        run = by_run.get(arm.name, {}).get(str(seeds[seed - 1]), {})
        failure = next((row["failure"] for row in run.values() if "failure" in row), "")
        failure = failure or ("" if run else f"the table has no row of seed {seeds[seed - 1]}")
        own = {"rows": [] if failure else list(run.values()), "failure": failure, "checksums": params["checksums"]}
        stages.append(Node(f"take {arm.name}", "imported", seeds[seed - 1], own, {}, arm.name, at=seed))
    return stages


def differences(experiment: Experiment, params: JsonObject) -> list[Coded]:
    """Say that registration came after the numbers."""
    return [(DeviationCode.IMPORTED, IMPORTED)]


def invalid(training: Sequence[TrainingRow]) -> dict[str, str]:
    """Return nothing: nothing is trained."""
    return {}
