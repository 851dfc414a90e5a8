"""MLflow's folder of runs (`mlruns`): `at` is the metric's key; the newest run's last step counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from repro.commands.metrics import NoMetric, Reading, load_error

LIBRARY = "mlflow"


def read(path: Path, metric: Mapping[str, object]) -> Iterator[Reading]:
    """Yield the metric's history in the newest run that has it."""
    try:
        from mlflow.tracking import MlflowClient
    except ImportError as error:
        raise load_error("mlflow-skinny") from error
    key = str(metric["at"])
    client = MlflowClient(tracking_uri=path.absolute().as_uri())
    runs = [run for each in client.search_experiments() for run in client.search_runs([each.experiment_id])]
    for run in sorted(runs, key=lambda run: run.info.start_time, reverse=True):
        if history := client.get_metric_history(run.info.run_id, key):
            yield from (Reading(point.value) for point in sorted(history, key=lambda p: (p.step, p.timestamp)))
            return
    raise NoMetric(f"no run below {path.name} has the metric {key!r}")
