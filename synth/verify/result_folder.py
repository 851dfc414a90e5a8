"""A run's retrieval scores as a result folder of mteb, for whoever compares models by such folders."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from repro.published import results
from repro.published.tables import Model, languages
from synth.core.errors import UsageError
from synth.core.workspace import Workspace
from synth.store import views
from synth.store.database import reading
from synth.store.rows.runs import MeasurementView

# Nearest by cosine, mteb's rule; of several the first that the run measured.
METRICS = ("accuracy", "accuracy_cosine")


def export_run(workspace: Workspace, number: int, out: Path | None = None) -> dict[str, Any]:
    """Write every arm and seed of a run as one revision of a model below `out`, and return files, counts and notes.

    Only languages of Tatoeba are written, nearest by cosine. The laboratory's English side asks unless the run says
    otherwise, while mteb's other side does: `model_meta.json` says which. UsageError for a run that measured no such
    thing, a re-analysis of others' figures among them.
    """
    with reading(workspace.database) as connection:
        row = connection.execute("SELECT * FROM run WHERE id = ?", (number,)).fetchone()
        if row is None:
            raise UsageError(f"There is no run {number}.", "`synth show claim N` names the runs of a claim.")
        measured = views.measurements(connection, number)
    spec = json.loads(row["spec"])
    if spec.get("rule", {}).get("statistic") == "coefficient":
        raise UsageError(f"Run {number} measured nothing: it re-analysed others' figures.", "Export another run.")
    scores = _scores(measured)
    if not scores:
        raise UsageError(
            f"Run {number} measured no accuracy in a language of Tatoeba.", "Export a run with real languages."
        )
    folder = out or workspace.reports / f"run-{number}-mteb"
    facts = {
        "asks": str(_asks(spec.get("laboratory", {}).get("params", {}))),
        "measured_by": f"synth, run {number}, {row['experiment']} at {row['fidelity']}",
        "spec_hash": row["spec_hash"],
    }
    files = []
    for (arm, seed), own in sorted(scores.items()):
        model = Model(f"synth/{row['experiment']}-{arm}", f"run-{number}-seed-{seed}", None, "")
        files.append(results.write(folder, model, own, facts))
    count = max(len(own) for own in scores.values())
    notes = ["F1 is not among what was measured; main_score is the accuracy."]
    if facts["asks"] == "english":
        notes.append("English asks in these scores, and the other language in mteb's: they are not the same task.")
    return {"folder": str(folder), "counts": {"files": len(files), "languages": count}, "notes": notes}


def _asks(params: Mapping[str, Any]) -> str:
    """Return the side that asks: English in the laboratory's targets, unless a parameter says otherwise."""
    stated = [params.get("asks"), *(own.get("asks") for own in params.get("targets", {}).values())]
    return next((side for side in stated if side), "english")


def _scores(measured: Sequence[MeasurementView]) -> dict[tuple[str, int], dict[str, dict[str, float]]]:
    """Collect (arm, seed) → language → {accuracy}, as shares."""
    tatoeba = languages()
    metric = next((name for name in METRICS if any(m.metric == name for m in measured)), "")
    shares: dict[tuple[str, int], dict[str, dict[str, float]]] = {}
    for m in measured:
        if m.metric == metric and m.language in tatoeba:
            shares.setdefault((m.arm, m.seed), {})[m.language] = {"accuracy": m.value / 100}
    return shares
