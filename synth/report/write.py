"""`synth report`: facts from the database, the reviewers' scores, the rendered file."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from synth import report
from synth.core.atomic import atomic_write, explained_write_errors
from synth.core.errors import UnreadablePdf, UsageError
from synth.core.progress import Progress, silent
from synth.core.settings import Settings
from synth.core.types import Crop, JsonValue
from synth.core.workspace import Workspace
from synth.pdf import Quotes, crop_quotes
from synth.report import review
from synth.report.answer.answer import ReportAnswer, answer
from synth.report.crops import with_crops
from synth.report.plots import pictures
from synth.report.quality import quality
from synth.report.review import gather
from synth.report.review.gather import ReviewSummary
from synth.store.database import Store
from synth.store.rows.claims import Span
from synth.store.rows.mapping import json_row
from synth.store.tables import Report, Review, now


@dataclass(frozen=True)
class WrittenReport:
    """A report that was written, with its review and its answer."""

    path: str
    format: str
    style: str
    title: str
    search: int
    review: ReviewSummary
    answer: ReportAnswer

    def as_json(self) -> dict[str, JsonValue]:
        """Return the JSON object of `synth report --json`."""
        names = ("path", "format", "style", "title", "search")
        row: dict[str, JsonValue] = {name: getattr(self, name) for name in names}
        return row | json_row(self.review) | {"answer": self.answer.as_json()}


def write_report(
    workspace: Workspace,
    settings: Settings,
    search: int | None = None,
    out: Path | None = None,
    format: str = "",
    title: str = "",
    progress: Progress = silent,
    style: str = "full",
) -> WrittenReport:
    """Render the report of `search` (None: the newest) to `out`, its pictures beside it or in it, by format.

    `format`: "" for the style's own. The file appears whole or not at all. UsageError, before any work, for a format or
    style that does not exist and where no file can be written.
    """
    format = format or report.default_format(style)
    report.check_format(format, style)
    alone = report.is_single_file(format, style)
    if out is not None:
        with explained_write_errors(out):
            if out.is_dir():
                raise UsageError(f"{out} is a folder.", "Name a file for the report.")

    gather.named(settings)  # before the work: what cannot be asked is said at once

    def cut(path: str, sha256: str, quotes: Sequence[tuple[Sequence[Span], str]]) -> list[list[Crop]] | str:
        [(_, answer)] = crop_quotes([Quotes(workspace.absolute(path), sha256, quotes)], 1)
        return answer.what if isinstance(answer, UnreadablePdf) else answer

    progress("report", 0, 3, "verifying quotes")
    facts, case = gather.gathered(workspace, settings, search, date.today().isoformat(), title)
    number = facts.search.id
    progress("report", 1, 3, "reviewing")
    reviews = gather.reviewed(case, settings, progress)
    content = report.render(with_crops(facts, cut) if alone else facts, reviews, format, style)
    data = content.encode() if isinstance(content, str) else content
    name = "report" if style == "full" else style
    path = out or workspace.reports / f"search-{number}" / f"{name}.{format}"
    progress("report", 2, 3, "writing")
    with explained_write_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if style == "full" and not alone:
            pictures.write(facts, path.parent)
    atomic_write(path, data)
    _record(workspace, number, reviews, path, format, data, quality(reviews).mean)
    progress("report", 3, 3, path.name)
    return WrittenReport(str(path), format, style, facts.title, number, gather.shown(reviews), answer(facts))


def _record(
    workspace: Workspace,
    number: int,
    reviews: Sequence[review.ReviewResult],
    path: Path,
    format: str,
    data: bytes,
    score: float | None,
) -> None:
    store = Store(workspace.database)
    try:
        with store.session() as s:
            for review in reviews:
                if review.score is not None:
                    row = Review(search_id=number, reviewer=review.reviewer, score=review.score, created=now())
                    row.checks = [json_row(check) for check in review.checks]
                    s.add(row)
            sha256 = hashlib.sha256(data).hexdigest()
            stored = workspace.relative(path)
            s.add(Report(search_id=number, path=stored, format=format, sha256=sha256, score=score, created=now()))
    finally:
        store.close()
