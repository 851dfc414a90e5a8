"""The laboratory small enough for tests: the same code with few sentences and few steps.

Run as a program it verifies claim 1 of the workspace in SYNTH_HOME, so that a test can kill it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

STEPS = {"steps": 6, "batch": 8, "lr": 1e-3}
OVERRIDES: dict[str, Any] = {
    "languages": {
        "topics": 3,
        "sentences": 300,
        "heldout": 40,
        "vocabulary": 600,
        "others": [
            {"code": "aa", "script": "greek", "shared": 0.2},
            {"code": "dd", "order": "SOV", "adjective": "after", "script": "armenian", "shared": 0.2},
        ],
    },
    "pretrain": {
        "shape": {"layers": 2, "hidden": 16, "heads": 2, "feedforward": 32, "dropout": 0.1, "positions": 62},
        "schedule": {"steps": 12, "batch": 16, "lr": 1e-3, "checkpoint_every": 5},
    },
    "targets": {"heldout": {"layer": 1, "neighbours": 5}},
    "tasks": {"mnli": {"examples": 60, "dev": 30}},
    "schedules": {"mnli": STEPS},
}


def add_claim(database: Path) -> None:
    """A claim with a prediction that the experiment `intermediate-transfer` tests, and one that nothing tests."""
    from repro.experiments import experiments
    from synth.store.database import Store
    from synth.store.tables import ClaimRow, ClaimSource, Paper, PassageRow, PredictionRow, Search
    from synth.verify.link_claims import link_claim

    said = "Intermediate-task training on MNLI improves sentence retrieval."
    store = Store(database)
    with store.session() as s:
        s.add(Search(id=1, question="q", key="k", sources=["demo"], created="now"))
        s.add(Paper(id=1, title="A paper"))
        s.flush()
        for number in (1, 2):
            s.add(ClaimRow(id=number, search_id=1, text=said, kind="effect", salience=1 / number))
            s.add(
                PassageRow(
                    id=number,
                    paper_id=1,
                    position=number,
                    kind="sentence",
                    text=said,
                    quote=said,
                    page=1,
                    spans=[[1, 0, len(said)]],
                    sha256="0" * 64,
                    section="abstract",
                )
            )
            s.flush()
            s.add(ClaimSource(claim_id=number, passage_id=number))
        s.add(
            PredictionRow(
                claim_id=1,
                position=0,
                treatment="Intermediate-task training on MNLI",
                task="sentence retrieval",
                direction="increase",
            )
        )
        s.flush()
        for number in (1, 2):
            link_claim(s, s.get_one(ClaimRow, number), list(experiments().values()))
    store.close()


def main() -> None:
    from synth.core.settings import Settings
    from synth.core.workspace import find_workspace
    from synth.verify import run

    workspace = find_workspace()
    test = run.prepare(workspace, 1, "synthetic", 3, overrides=OVERRIDES)

    def progress(stage: str, done: float, total: float, note: str = "") -> None:
        print(f"{stage}: {note}", file=sys.stderr, flush=True)

    run.verify(workspace, Settings(jobs=2), test, progress)


if __name__ == "__main__":
    main()
