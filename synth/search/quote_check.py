"""`synth check`: every stored quote against its PDF, byte for byte."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from synth.core.errors import UnreadablePdf
from synth.core.progress import Progress, silent
from synth.core.settings import Settings
from synth.core.workspace import Workspace
from synth.pdf import Limits, Quotes, verify_files
from synth.store import views
from synth.store.database import reading
from synth.store.passages import quotes, resting_claims
from synth.store.rows.claims import Span, StoredQuoteView

# The file was read once with these limits; if it now is one of these, its content is another.
CHANGED = ("changed", "empty", "not-a-pdf", "truncated", "damaged", "encrypted")


@dataclass(frozen=True)
class FileCheck:
    """A PDF with how many of its quotes held; `problem` in words, "" where all did."""

    paper: int
    paper_title: str
    path: str
    sha256: str
    quotes: int
    held: int
    problem: str


@dataclass(frozen=True)
class BrokenQuote:
    """A quote that its PDF no longer gives back at its place, and the claims that rest on it."""

    passage: int
    paper: int
    page: int
    quote: str
    spans: tuple[Span, ...]
    sha256: str
    why: str
    claims: tuple[int, ...]


@dataclass(frozen=True)
class QuoteCheck:
    """Result of checking quotes: of one search, or of the whole workspace (`search` None)."""

    search: int | None
    quotes: int
    held: int
    files: tuple[FileCheck, ...]
    broken: tuple[BrokenQuote, ...]


Unheld = list[tuple[StoredQuoteView, str]]  # quotes that do not hold, and why


def check(
    workspace: Workspace, settings: Settings, search: int | None = None, progress: Progress = silent
) -> QuoteCheck:
    """Verify the quotes of `search` (None: of the whole workspace) anew. Raises UsageError for an unknown search."""
    with reading(workspace.database) as connection:
        wanted = None if search is None else views.search_id(connection, search)
        rows = quotes(connection, wanted)
        claims = resting_claims(connection)
    by_file: dict[tuple[str, str], list[StoredQuoteView]] = {}
    for row in rows:
        by_file.setdefault((row.pdf_path, row.sha256), []).append(row)
    files = _verified(workspace, settings, by_file, progress)
    return QuoteCheck(
        search=wanted,
        quotes=len(rows),
        held=sum(file.held for file, _ in files),
        files=tuple(file for file, _ in files),
        broken=tuple(_broken(row, why, claims) for _, wrong in files for row, why in wrong),
    )


def _verified(
    workspace: Workspace,
    settings: Settings,
    by_file: dict[tuple[str, str], list[StoredQuoteView]],
    progress: Progress,
) -> list[tuple[FileCheck, Unheld]]:
    """Return each file with its quotes that do not hold, and why, in the order of the papers."""
    limits = Limits(pages=settings.max_pages, file_bytes=settings.max_pdf_mb * 2**20)
    requests = [
        Quotes(workspace.absolute(path), sha256, [(row.spans, row.quote) for row in rows])
        for (path, sha256), rows in by_file.items()
    ]
    keys = list(by_file)
    checked: dict[int, tuple[FileCheck, Unheld]] = {}
    progress("check", 0, len(keys))
    for index, outcome in verify_files(requests, settings.jobs, limits):
        path = keys[index][0]
        checked[index] = _file(path, by_file[keys[index]], outcome)
        progress("check", len(checked), len(keys), path)
    return [checked[index] for index in sorted(checked)]


def _file(path: str, rows: Sequence[StoredQuoteView], outcome: list[bool] | UnreadablePdf) -> tuple[FileCheck, Unheld]:
    if isinstance(outcome, UnreadablePdf):
        problem = _problem(path, outcome)
        wrong = [(row, problem) for row in rows]
    else:
        problem = ""
        wrong = [(row, "quote not at its place") for row, holds in zip(rows, outcome, strict=True) if not holds]
    first = rows[0]
    checked = FileCheck(
        paper=first.paper,
        paper_title=first.paper_title,
        path=path,
        sha256=first.sha256,
        quotes=len(rows),
        held=len(rows) - len(wrong),
        problem=problem or (f"{len(wrong)} quotes not at their place" if wrong else ""),
    )
    return checked, wrong


def _problem(path: str, error: UnreadablePdf) -> str:
    if not path or error.reason == "missing":
        return "PDF missing"
    if error.reason in CHANGED:
        return "PDF changed" if error.reason == "changed" else f"PDF changed ({error.reason})"
    return f"PDF cannot be read ({error.reason})"


def _broken(row: StoredQuoteView, why: str, claims: dict[int, list[int]]) -> BrokenQuote:
    resting = tuple(claims.get(row.passage, ()))
    return BrokenQuote(row.passage, row.paper, row.page, row.quote, row.spans, row.sha256, why, resting)
