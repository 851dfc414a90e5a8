"""`synth report`: facts from the database, the reviewers' scores, the rendered file."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from synth import reports, reviewers
from synth.pipeline import reviewing
from synth.progress import Progress, silent
from synth.reports import pictures
from synth.settings import Settings
from synth.store.database import Store, translated
from synth.store.tables import Report, Review, now
from synth.workspace import Workspace


def write_report(
    workspace: Workspace,
    settings: Settings,
    search: int | None = None,
    out: Path | None = None,
    format: str = "md",
    title: str = "",
    progress: Progress = silent,
) -> dict[str, Any]:
    """Render the report of `search` (None: the newest) to `out`, with its pictures beside it.

    Returns path, format, search, and score, spread, agreement and reviewers (`reviewing.shown`). The file appears
    whole or not at all.
    """

    reviewing.named(settings)  # before the work: what cannot be asked is said at once
    progress("report", 0, 3, "verifying quotes")
    facts, case = reviewing.gathered(workspace, settings, search, date.today().isoformat(), title)
    number = facts.search["id"]
    progress("report", 1, 3, "reviewing")
    reviews = reviewing.reviewed(case, settings, progress)
    text = reports.render(facts, reviews, format)
    path = out or workspace.reports / f"search-{number}" / f"report.{format}"
    progress("report", 2, 3, "writing")
    with translated(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        pictures.write(facts, path.parent)
        _write(path, text)
    found = reviewing.shown(reviews)
    _record(workspace, number, reviews, path, format, text, found["score"])
    progress("report", 3, 3, path.name)
    return {
        "path": str(path),
        "format": format,
        "search": number,
        **found,
    }


def _write(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _record(
    workspace: Workspace,
    number: int,
    reviews: Sequence[reviewers.Review],
    path: Path,
    format: str,
    text: str,
    score: float | None,
) -> None:
    store = Store(workspace.database)
    try:
        with store.session() as s:
            for review in reviews:
                if review.score is not None:
                    row = Review(search_id=number, reviewer=review.reviewer, score=review.score, created=now())
                    row.checks = review.checks
                    s.add(row)
            sha256 = hashlib.sha256(text.encode()).hexdigest()
            stored = workspace.relative(path)
            s.add(Report(search_id=number, path=stored, format=format, sha256=sha256, score=score, created=now()))
    finally:
        store.close()
