"""Predictions with what can test them, runs, measurements and verdicts."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import replace

from synth.core.types import Prediction
from synth.store.rows.mapping import select, view
from synth.store.rows.runs import (
    LinkView,
    MeasurementView,
    PredictionView,
    RunView,
    StoredRunView,
    StoredVerdictView,
    VerdictView,
)
from synth.store.rows.stored import StoredProvenance
from synth.store.verdict_history import changes

_SLOTS = tuple(Prediction.__dataclass_fields__)


def predictions(connection: sqlite3.Connection, number: int) -> list[PredictionView]:
    """List the predictions of a claim, each with the experiments that can test it (best first)."""
    rows = select(
        connection,
        """SELECT id, treatment, baseline, task, metric, direction, value, unit, scope, hedge
           FROM prediction WHERE claim_id = ? ORDER BY position""",
        number,
    )
    link_rows = select(connection, "SELECT * FROM link WHERE claim_id = ? ORDER BY strength DESC, id", number)
    links = [view(LinkView, row) for row in link_rows]
    return [
        view(PredictionView, row, links=tuple(link for link in links if link.prediction_id == row["id"]))
        for row in rows
    ]


def slots(prediction: PredictionView) -> Prediction:
    """Return a stored prediction as the value that it was made of."""
    return Prediction(**{slot: getattr(prediction, slot) for slot in _SLOTS})


_VERDICT = """
SELECT v.id, v.claim_id AS claim, r.experiment, r.contrast, v.fidelity, v.prediction_id, v.run_id, v.verdict,
       v.estimate, v.ci_low, v.ci_high, v.level, v.unit, v.seeds, v.reason, v.reason_codes, v.deviations,
       v.deviation_codes, v.created,
       r.spec_hash, r.registered, r.started, r.finished, r.seconds, r.gate, r.stages, r.provenance, r.spec
FROM verdict v JOIN run r ON r.id = v.run_id
"""


def verdicts(connection: sqlite3.Connection, number: int) -> list[VerdictView]:
    """List the verdicts of a claim, newest first, as `verify --json` gives each."""
    rows = select(connection, _VERDICT + "WHERE v.claim_id = ? ORDER BY v.id DESC", number)
    tested = {prediction.id: prediction for prediction in predictions(connection, number)}
    listed = [_verdict(connection, row, tested[row["prediction_id"]]) for row in rows]
    return [replace(verdict, changed=_changed(verdict, listed[at + 1 :])) for at, verdict in enumerate(listed)]


def _verdict(connection: sqlite3.Connection, row: sqlite3.Row, prediction: PredictionView) -> VerdictView:
    provenance: StoredProvenance = json.loads(row["provenance"])
    analysis = provenance.pop("analysis", {})
    return view(
        VerdictView,
        row,
        provenance=provenance,
        ci=(row["ci_low"], row["ci_high"]),
        prediction=prediction,
        measurements=tuple(measurements(connection, row["run_id"])),
        run_ids=(row["run_id"],),
        analysis=analysis,
    )


def _changed(verdict: VerdictView, before: Iterable[VerdictView]) -> tuple[str, ...]:
    """List what is different from the verdict before it on the same prediction."""
    older = next((other for other in before if other.prediction_id == verdict.prediction_id), None)
    return tuple(changes(verdict, older)) if older else ()


def measurements(connection: sqlite3.Connection, run: int) -> list[MeasurementView]:
    rows = select(
        connection,
        "SELECT arm, seed, language, metric, value, n FROM measurement WHERE run_id = ? ORDER BY id",
        run,
    )
    return [MeasurementView(*row) for row in rows]


def runs(connection: sqlite3.Connection, number: int) -> list[RunView]:
    """List every run of the claims of a search, ended or not."""
    rows = select(
        connection,
        """SELECT r.id, r.claim_id AS claim, r.experiment, r.fidelity, r.state, r.error, r.registered
           FROM run r JOIN claim c ON c.id = r.claim_id WHERE c.search_id = ? ORDER BY r.id""",
        number,
    )
    return [view(RunView, row) for row in rows]


def stored_runs(connection: sqlite3.Connection) -> list[StoredRunView]:
    """List every run of the database that has ended, as it is stored."""
    rows = select(connection, "SELECT * FROM run WHERE state IN ('done', 'failed') ORDER BY id")
    return [view(StoredRunView, row) for row in rows]


def stored_verdicts(connection: sqlite3.Connection, run: int) -> list[StoredVerdictView]:
    """List the verdicts that rest on a run, as they are stored."""
    rows = select(connection, "SELECT * FROM verdict WHERE run_id = ? ORDER BY id", run)
    return [view(StoredVerdictView, row) for row in rows]
