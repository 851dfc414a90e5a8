"""Training results: what the arms of a run learnt of their own tasks before they were compared. Pure."""

from __future__ import annotations

from statistics import fmean
from typing import Literal

from synth.report.wording import decimal, listed
from synth.store.rows.runs import VerdictView
from synth.store.rows.stored import StoredTraining

HEAD = ["Arm", "Task", "Metric", "Score, %", "Shortcut, %", "Chance, %", "Learnt", "Examples", "Published"]

NOTE = (
    "Shortcut: what a rule reaches that passes over the task's point. Learnt: in how many seeds the score is clearly "
    "above it. Examples: to train on; published: in the data set of that name, of which synthetic examples are none."
)


def table(test: VerdictView) -> list[list[str]]:
    """Return head and a row for each task of each arm, empty where nothing was trained.

    Scores on the task's own development examples: mean over seeds, with the lowest and highest. Shortcut: what a rule
    reaches that passes over the task's point. Learnt: in how many of the seeds the score is clearly above it
    (`repro.tasks.learnt`). Examples: to train on, and in the published data set.
    """
    groups: dict[tuple[str, str], list[StoredTraining]] = {}
    for row in test.provenance.get("training", ()):
        groups.setdefault((row["arm"], row["task"]), []).append(row)
    return [HEAD, *(_row(arm, task, rows) for (arm, task), rows in groups.items())] if groups else []


def _row(arm: str, task: str, rows: list[StoredTraining]) -> list[str]:
    scores = [100 * row["accuracy"] for row in rows]
    mean = decimal(fmean(scores), 1)
    spread = f" ({decimal(min(scores), 1)} to {decimal(max(scores), 1)})" if len(rows) > 1 else ""
    shares = ([row["shortcut"] for row in rows], [row["chance"] for row in rows])
    beside = [decimal(100 * fmean(of_rows), 1) for of_rows in shares]
    metric = listed(sorted({_metric(row) for row in rows}))
    learnt = f"{sum(bool(row['learnt']) for row in rows)} of {len(rows)}"
    return [arm, task, metric, mean + spread, *beside, learnt, _amounts(rows, "examples"), _amounts(rows, "published")]


def _metric(row: StoredTraining) -> str:
    return str(row.get("metric", "accuracy")).replace("f1", "F1")


def _amounts(rows: list[StoredTraining], key: Literal["examples", "published"]) -> str:
    """Format a range of amounts: "32,000", "31,990 to 32,000" where seeds differ, "–" where it is not on record."""
    amounts = sorted({amount for row in rows if (amount := row.get(key)) is not None})
    if not amounts:
        return "–"
    return f"{amounts[0]:,}" if len(amounts) == 1 else f"{amounts[0]:,} to {amounts[-1]:,}"
