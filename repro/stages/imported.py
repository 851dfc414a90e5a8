"""Take the numbers of one seed of one arm from a table of runs that exist."""

from __future__ import annotations

from repro.design.stage_parameters import ImportedParameters
from repro.errors import LabError
from repro.stages import Job, write_json

SOURCES: tuple[str, ...] = ()
TORCH = False


def run(job: Job) -> None:
    """Write `measurements.json`, the rows that the recipe read when the run was registered; or `failure.json`."""
    params = ImportedParameters.read(job.params)
    rows = params.rows
    if params.failure:
        write_json(job.out / "failure.json", {"code": "metric", "parameters": {"message": params.failure}})
    elif not rows:
        raise LabError("the table has no row of this seed and arm", "run the same command again")
    else:
        write_json(job.out / "measurements.json", rows)
