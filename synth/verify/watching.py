"""Runs under way: who carries them out, and how they are ended."""

from __future__ import annotations

import os
import signal

from repro.artifacts import Store as ArtifactStore
from repro.run.slurm import cancel as cancel_jobs
from synth.core.errors import UsageError
from synth.core.workspace import Workspace
from synth.store.database import Store, reading
from synth.store.exclusive_lock import at_work
from synth.store.tables import Run, now
from synth.store.views.run_progress import RunProgress, all_runs, one_run

CANCELLED = "It was cancelled."


def runs(workspace: Workspace) -> list[RunProgress]:
    """List the runs of a workspace, newest first."""
    with reading(workspace.database) as connection:
        return all_runs(connection)


def state_of(workspace: Workspace, run: RunProgress) -> str:
    """Return done, failed, running (somebody is at it), on Slurm (its jobs go on unwatched) or interrupted."""
    if run.state in ("done", "failed"):
        return run.state
    if _watched(workspace, run):
        return "running"
    return "on Slurm" if run.on == "slurm" else "interrupted"


def _watched(workspace: Workspace, run: RunProgress) -> bool:
    return at_work(workspace, f"run-{run.spec_hash[:16]}")


def cancel(workspace: Workspace, number: int) -> str:
    """End a run: its process as by Ctrl-C, and its jobs. What is measured stays; return what was done, as a sentence.

    Raises:
        UsageError: there is no such run, or it is over.
    """
    with reading(workspace.database) as connection:
        run = one_run(connection, number)
    if run.state in ("done", "failed"):
        raise UsageError(f"Run {number} is {run.state}.", "`synth runs` lists those under way.")
    jobs = 0
    if run.on == "slurm":
        laboratory = _laboratory_hash(workspace, number)
        jobs = cancel_jobs(ArtifactStore(workspace.artifacts), laboratory)
    ended = False
    if run.process is not None and _watched(workspace, run):
        try:
            os.kill(run.process, signal.SIGINT)
            ended = True
        except (ProcessLookupError, PermissionError):
            ended = False  # of another machine, or another person
    _mark(workspace, number)
    parts = [f"{jobs} jobs were cancelled" if jobs else "", "its process was told to end" if ended else ""]
    return f"Run {number}: " + (", ".join(filter(None, parts)) or "nobody was at it") + "; what it measured is kept."


def _laboratory_hash(workspace: Workspace, number: int) -> str:
    """Return the hash of the laboratory's plan, under which its jobs stand."""
    from repro.hashing import digest

    store = Store(workspace.database)
    try:
        with store.session() as s:
            return digest(s.get_one(Run, number).spec["laboratory"])
    finally:
        store.close()


def _mark(workspace: Workspace, number: int) -> None:
    store = Store(workspace.database)
    try:
        with store.session() as s:
            row = s.get_one(Run, number)
            if row.state in ("registered", "running"):
                row.state, row.error, row.finished, row.process = "failed", CANCELLED, now(), None
    finally:
        store.close()
