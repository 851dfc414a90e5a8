"""Table of what the arms learnt: a row for each task of each arm, over the seeds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from synth.report.facts import Facts
from synth.report.trained import HEAD, table
from synth.store.rows.runs import VerdictView


def row(seed: int, accuracy: float, **changes: Any) -> dict[str, Any]:
    own = {"arm": "single", "task": "mnli", "seed": seed, "accuracy": accuracy, "metric": "accuracy"}
    beside = {"shortcut": 0.45, "chance": 1 / 3, "learnt": True, "examples": 32000, "published": 392702}
    return own | beside | changes


def trained(full: Facts, *rows: dict[str, Any]) -> VerdictView:
    return replace(full.tests[0], provenance={"training": [*rows]})


def test_seeds_stand_in_one_row(full: Facts) -> None:
    rows = [row(1, 0.65), row(2, 0.69, shortcut=0.47, learnt=False, examples=31990), row(3, 0.94, shortcut=0.46)]
    found = table(trained(full, *rows, row(1, 0.5, arm="all", task="squad1", metric="f1", chance=0)))
    assert found == [
        HEAD,
        ["single", "mnli", "accuracy", "76.0 (65.0 to 94.0)", "46.0", "33.3", "2 of 3", "31,990 to 32,000", "392,702"],
        ["all", "squad1", "F1", "50.0", "45.0", "0.0", "1 of 1", "32,000", "392,702"],
    ]


def test_nothing_trained_is_no_table(full: Facts) -> None:
    assert table(replace(full.tests[0], provenance={})) == []
    assert table(trained(full)) == []
