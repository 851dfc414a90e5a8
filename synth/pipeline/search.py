"""`synth search`: from a question to scored claims. An interrupted search continues where it was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import select

from synth.errors import UsageError
from synth.pipeline import evidence, extraction, fulltext, linking, retrieval, screening
from synth.pipeline.alone import alone
from synth.progress import Progress, silent
from synth.settings import Settings
from synth.store.database import Store
from synth.store.tables import Screening, Search, SourceQuery, now
from synth.workspace import Workspace

LONGEST_QUESTION = 2000


@dataclass(frozen=True)
class Job:
    """What every stage of a search works with."""

    store: Store
    workspace: Workspace
    settings: Settings
    search_id: int
    progress: Progress


def search(
    workspace: Workspace,
    settings: Settings,
    question: str,
    sources: Sequence[str],
    papers: Path | None = None,
    max_papers: int | None = None,
    again: bool = False,
    progress: Progress = silent,
) -> int:
    """Run (or finish, or find) the search for `question` and return its id.

    The same command continues an interrupted search and retries the sources that failed; a finished one is
    returned as it is unless `again` asks for a new one. Raises UsageError for a question that cannot be asked.
    """
    question = checked_question(question)
    retrieval.check_sources(sources, question, papers)
    limit = max_papers or settings.max_papers
    options: dict[str, object] = {
        "papers": str(papers.resolve()) if papers else "",
        "max_papers": limit,
        "encoder": settings.encoder,
    }
    if settings.claim_detector:  # only then, so that searches from before this setting are found again
        options["claim_detector"] = settings.claim_detector
    if settings.reranker:
        options["reranker"] = settings.reranker
    key = _key(question, sources, options)
    store = Store(workspace.database)
    try:
        with alone(workspace, f"search-{key[:16]}", "running this very search"):
            number = _open(store, question, sources, options, key, again)
            job = Job(store, workspace, settings, number, progress)
            _run(job)
            return number
    finally:
        store.close()


def _run(job: Job) -> None:
    retrieval.retrieve(job)
    fulltext.read_at_hand(job)
    screening.screen(job)
    fulltext.fetch_and_read(job)
    extraction.extract(job)
    linking.link(job)
    evidence.weigh(job)
    with job.store.session() as s:
        found = s.get_one(Search, job.search_id)
        queries = s.exec(select(SourceQuery).where(SourceQuery.search_id == job.search_id)).all()
        found.state = "done"
        unread = fulltext.unread(job.search_id).where(Screening.decision == "include")
        found.complete = all(q.status in ("ok", "no results") for q in queries) and s.exec(unread).first() is None
        found.finished = now()


def checked_question(question: str) -> str:
    """The question with white space folded. UsageError if it is empty or no question at all."""
    folded = " ".join(question.split())
    if not any(c.isalnum() for c in folded):
        raise UsageError("The question is empty.", 'Ask something: `synth search "<question>"`.')
    if len(folded) > LONGEST_QUESTION:
        raise UsageError(
            f"The question has {len(folded):,} characters; at most {LONGEST_QUESTION:,} make one question.",
            "Shorten it to one or two sentences.",
        )
    return folded


def _key(question: str, sources: Sequence[str], options: dict[str, object]) -> str:
    content = json.dumps([question, sorted(sources), options], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def _open(
    store: Store, question: str, sources: Sequence[str], options: dict[str, object], key: str, again: bool
) -> int:
    """The id of the search to continue, or of a new one."""
    with store.session() as s:
        earlier = s.exec(select(Search).where(Search.key == key).order_by(Search.id.desc())).first()  # type: ignore[union-attr]
        if earlier is not None and not (again and earlier.state == "done"):
            return int(earlier.id or 0)
        found = Search(question=question, key=key, sources=list(sources), options=options, created=now())
        s.add(found)
        s.flush()
        return int(found.id or 0)
