"""Queries about runs as work: what goes on, how far it is, what it was asked for with."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field

from synth.core.errors import UsageError
from synth.core.types import JsonValue
from synth.store.rows.mapping import view


@dataclass(frozen=True)
class RunProgress:
    """A run with how far it is.

    `process`: of who carries it out, None when nobody is known to; `looks`: the estimate after each number of seeds
    that was judged; `on`: where it runs.
    """

    id: int
    claim: int
    text: str
    experiment: str
    contrast: str
    fidelity: str
    state: str
    error: str
    registered: str
    started: str | None
    finished: str | None
    seconds: float | None
    process: int | None
    spec_hash: str
    on: str
    verdict: str | None
    looks: list[dict[str, JsonValue]] = field(default_factory=list)


_RUNS = """SELECT r.id, r.claim_id AS claim, c.text, r.experiment, r.contrast, r.fidelity, r.state, r.error,
                  r.registered, r.started, r.finished, r.seconds, r.process, r.spec_hash, r.looks,
                  COALESCE(json_extract(r.request, '$.on'), 'local') AS "on",
                  (SELECT v.verdict FROM verdict v WHERE v.run_id = r.id ORDER BY v.id DESC LIMIT 1) AS verdict
           FROM run r JOIN claim c ON c.id = r.claim_id"""


def all_runs(connection: sqlite3.Connection) -> list[RunProgress]:
    """List every run of the workspace, newest first."""
    return [view(RunProgress, row) for row in connection.execute(f"{_RUNS} ORDER BY r.id DESC")]


def one_run(connection: sqlite3.Connection, number: int) -> RunProgress:
    """Return a run. UsageError if there is none."""
    row = connection.execute(f"{_RUNS} WHERE r.id = ?", (number,)).fetchone()
    if row is None:
        raise UsageError(f"There is no run {number}.", "`synth runs` lists the runs.")
    return view(RunProgress, row)


def run_request(connection: sqlite3.Connection, number: int) -> tuple[str, dict[str, JsonValue]]:
    """Return the state of a run and what it was asked for with. UsageError if there is no such run."""
    state = one_run(connection, number).state
    stored = connection.execute("SELECT request FROM run WHERE id = ?", (number,)).fetchone()[0]
    return state, json.loads(stored)
