"""Folders of Weights & Biases' offline runs: `at` is the metric's key; the newest run's last value counts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from repro.commands.metrics import NoMetric, Reading, load_error

LIBRARY = "wandb"


def read(path: Path, metric: Mapping[str, object]) -> Iterator[Reading]:
    """Yield the metric's history in the newest run that has it."""
    try:
        from wandb.proto import wandb_internal_pb2
        from wandb.sdk.internal.datastore import DataStore
    except ImportError as error:
        raise load_error(LIBRARY) from error
    key = str(metric["at"])
    for file in sorted(path.rglob("*.wandb"), key=lambda file: file.stat().st_mtime, reverse=True):
        store = DataStore()
        store.open_for_scan(str(file))
        values = []
        while (data := store.scan_data()) is not None:
            record = wandb_internal_pb2.Record()
            record.ParseFromString(data)
            for item in record.history.item:
                if (item.key or ".".join(item.nested_key)) == key:
                    values.append(json.loads(item.value_json))
        if values:
            yield from (Reading(value) for value in values)
            return
    raise NoMetric(f"no run below {path.name} has the metric {key!r}")
