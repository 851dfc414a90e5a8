"""MLflow's runs, a folder (`mlruns`) or a SQLite file: `at` is the metric's key; the newest run's last step counts.

Both are read as MLflow documents them (a text file for each metric with "time value step" a line; tables `runs` and
`metrics`), because the library brings a server with it.
"""

from __future__ import annotations

import math
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from repro.commands.metrics import NoMetric, Reading, text

Point = tuple[int, int, object]  # step, time, value


def read(path: Path, metric: Mapping[str, object]) -> Iterator[Reading]:
    """Yield the metric's history in the newest run that has it."""
    key = str(metric["at"])
    for points in _from_folder(path, key) if path.is_dir() else _from_database(path, key):
        if points:
            yield from (Reading(value) for _, _, value in sorted(points, key=lambda point: point[:2]))
            return
    raise NoMetric(f"no run in {path.name} has the metric {key!r}")


def _from_folder(path: Path, key: str) -> Iterator[list[Point]]:
    """Yield the points of each run that has the metric, newest run first."""
    files = [file for file in path.rglob(f"metrics/{_glob(key)}") if file.is_file()]
    for file in sorted(files, key=lambda file: _started(file, key), reverse=True):
        rows = [line.split() for line in text(file).splitlines() if line.strip()]
        if any(len(row) < 2 for row in rows):
            raise NoMetric(f"{file.name} is no metric of MLflow")
        yield [(int(row[2]) if len(row) > 2 else 0, int(row[0]), row[1]) for row in rows]


def _glob(key: str) -> str:
    return re.sub(r"([*?\[])", r"[\1]", key)


def _started(file: Path, key: str) -> int:
    """Return when the run of a metric's file started, in milliseconds; 0 where it does not say."""
    meta = file.parents[len(Path(key).parts)] / "meta.yaml"
    match = re.search(r"^start_time: (\d+)", text(meta), re.MULTILINE) if meta.is_file() else None
    return int(match[1]) if match else 0


def _from_database(path: Path, key: str) -> Iterator[list[Point]]:
    rows = """SELECT m.run_uuid, m.step, m.timestamp, m.value, m.is_nan FROM metrics m
              JOIN runs r ON r.run_uuid = m.run_uuid WHERE m.key = ? ORDER BY r.start_time DESC"""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            by_run: dict[str, list[Point]] = {}
            for run, step, time, value, is_nan in connection.execute(rows, (key,)):
                by_run.setdefault(run, []).append((step, time, math.nan if is_nan else value))
    except sqlite3.Error as error:
        raise NoMetric(f"{path.name} is no database of MLflow ({error})") from error
    yield from by_run.values()
