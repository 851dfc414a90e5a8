"""`synth search`: from a question to scored claims. An interrupted search continues where it was."""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from sqlmodel import col, select

from synth.core.errors import UsageError
from synth.core.progress import Progress, silent
from synth.core.settings import Settings
from synth.core.workspace import Workspace
from synth.models.files import pinned
from synth.papers import questions
from synth.search import citation_chasing, evidence, extraction, full_text, query_log, source_settings
from synth.search.completeness import complete
from synth.search.plan import Planned, plan, verbatim
from synth.search.ranking import selection
from synth.search.replay import decide_as_then
from synth.store.database import Store
from synth.store.exclusive_lock import exclusive_lock
from synth.store.job import Job
from synth.store.search_options import SearchOptions
from synth.store.tables import Search, now
from synth.text.content import composed
from synth.text.workspace_lexicon import lexicon_of
from synth.verify import link_claims

T = TypeVar("T")
log = logging.getLogger(__name__)
MAX_QUESTION_LENGTH = 2000


@dataclass(frozen=True)
class SearchRequest:
    """A question's sources in order, folders and files, the person's own queries, limits.

    `queries` are "SOURCE=TEXT" each; a source that has some is asked these and nothing else. `chase` works, the most
    relevant ones, have their references and citations looked up. Zero or None stands for the setting or for nothing.
    """

    sources: tuple[str, ...]
    papers: Path | None = None
    references: tuple[Path, ...] = ()
    queries: tuple[str, ...] = ()
    chase: int = 0
    max_papers: int | None = None


def search(
    workspace: Workspace,
    settings: Settings,
    question: str,
    sources: Sequence[str],
    papers: Path | None = None,
    max_papers: int | None = None,
    fresh: bool = False,
    progress: Progress = silent,
) -> int:
    """Call `run` with sources, folder and limit alone."""
    return run(
        workspace, settings, question, SearchRequest(tuple(sources), papers, max_papers=max_papers), fresh, progress
    )


def run(
    workspace: Workspace,
    settings: Settings,
    question: str,
    request: SearchRequest,
    fresh: bool = False,
    progress: Progress = silent,
) -> int:
    """Run (or finish, or find) the search for `question` and return its id.

    The same command continues an interrupted search and retries the sources that failed; a finished one is
    returned as it is unless `fresh` asks for a new one. Raises UsageError for a question that cannot be asked.
    """
    question = checked_question(question)
    options = _options(workspace, settings, request)
    names = _names(request, options)
    queries(workspace, settings, question, request)
    source_settings.check_sources(names, source_settings.settings_for(workspace, settings, options))
    key = _key(question, names, options)
    store = Store(workspace.database)
    try:
        with exclusive_lock(workspace, f"search-{key[:16]}", "running this very search"):
            number = _open(store, question, names, options, key, fresh)
            _run(Job(store, workspace, settings, number, progress, fresh=fresh))
            return number
    finally:
        store.close()


def queries(workspace: Workspace, settings: Settings, question: str, request: SearchRequest) -> list[Planned]:
    """Plan what each source would be asked, verbatim. UsageError for a question that some source cannot be asked."""
    options = _options(workspace, settings, request)
    return plan(
        checked_question(question),
        _names(request, options),
        options.queries,
        options.max_papers,
        lexicon_of(workspace),
    )


def resume(workspace: Workspace, settings: Settings, number: int, progress: Progress = silent) -> int:
    """Complete search `number`: what it has is kept, and no request that was answered is made again."""
    store = Store(workspace.database)
    try:
        key, options = _stored_search(store, number)
        with exclusive_lock(workspace, f"search-{key[:16]}", "running this very search"):
            _run(Job(store, workspace, _as_then(settings, options), number, progress))
            return number
    finally:
        store.close()


def replay(workspace: Workspace, settings: Settings, number: int, progress: Progress = silent) -> int:
    """Repeat search `number` from its stored answers, without the network, and return the id of the repetition.

    The same queries in the same order; the answers are read and compared anew. What is on this machine (PDFs, dumps,
    references) is read again.
    """
    store = Store(workspace.database)
    try:
        _, options = _stored_search(store, number)
        number = options.replay_of or number  # a repetition of a repetition is one of the original
        with store.session() as s:
            first = s.get_one(Search, number)
        options = replace(first.started_with, replay_of=number)
        key = _key(first.question, first.sources, options)
        with exclusive_lock(workspace, f"search-{key[:16]}", "repeating this very search"):
            new = _open(store, first.question, first.sources, options, key, fresh=True)
            query_log.copy_queries(store, number, new)
            _run(Job(store, workspace, _as_then(settings, options), new, progress))
            return new
    finally:
        store.close()


def _stored_search(store: Store, number: int) -> tuple[str, SearchOptions]:
    """Return key and options of search `number`. UsageError if there is none."""
    with store.session() as s:
        search = s.get(Search, number)
        if search is None:
            known = ", ".join(map(str, s.exec(select(Search.id).order_by(col(Search.id))).all())) or "none"
            raise UsageError(f"There is no search {number} in this workspace.", f"Searches here: {known}.")
        return search.key, search.started_with


def _as_then(settings: Settings, options: SearchOptions) -> Settings:
    """Return `settings` with the models that the search was started with."""
    return replace(settings, encoder=options.encoder, parser=options.parser, reranker=options.reranker)


def _pin_models(job: Job) -> None:
    """Store the revisions of the hub's models that the search uses, so that whoever repeats it uses the same."""
    with job.store.session() as s:
        search = s.get_one(Search, job.search_id)
        options = search.started_with
        used = replace(options, encoder=pinned(options.encoder), reranker=pinned(options.reranker))
        if used != options:
            search.options = used.row()


def _options(workspace: Workspace, settings: Settings, request: SearchRequest) -> SearchOptions:
    queries = verbatim(request.queries)
    sources = {*request.sources, *queries}
    dumps = source_settings.settings_for(workspace, settings, SearchOptions())
    return SearchOptions(
        max_papers=request.max_papers or settings.max_papers,
        papers=str(request.papers.resolve()) if request.papers else "",
        references=tuple(str(file.resolve()) for file in request.references),
        queries=queries,
        chase=request.chase,
        acl_dump=str(dumps.acl_dump or "") if "acl" in sources else "",
        arxiv_dump=str(dumps.arxiv_dump or "") if "arxivdump" in sources else "",
        encoder=settings.encoder,
        parser=settings.parser,
        reranker=settings.reranker,
    )


def _names(request: SearchRequest, options: SearchOptions) -> list[str]:
    """List the sources asked, each once: those named, and those that a folder, a file or a query stands for."""
    implied = ["local"] * bool(request.papers) + ["references"] * bool(request.references)
    return list(dict.fromkeys([*request.sources, *options.queries, *implied]))


def _run(job: Job) -> None:
    _stage(query_log.retrieve, job)
    _stage(full_text.read_at_hand, job)
    _stage(selection.screen, job)
    _pin_models(job)
    if _stage(citation_chasing.chase, job):
        _stage(selection.screen, job)
    _stage(decide_as_then, job)
    _stage(full_text.fetch_and_read, job)
    _stage(extraction.extract, job)
    _stage(link_claims.link, job)
    _stage(evidence.weigh, job)
    questions.warn(job.store, job.search_id)
    with job.store.session() as s:
        row = s.get_one(Search, job.search_id)
        row.state = "done"
        row.complete = complete(s, job.search_id)
        row.finished = now()


def _stage(stage: Callable[[Job], T], job: Job) -> T:
    """Run one stage; every stage commits what it has done, and does nothing twice."""
    began = time.monotonic()
    result = stage(job)
    log.info("search %d: %s.%s, %.1f s", job.search_id, stage.__module__, stage.__name__, time.monotonic() - began)
    return result


def checked_question(question: str) -> str:
    """Return the question composed (NFC), with white space folded. UsageError if it is empty or no question at all."""
    folded = " ".join(composed(question).split())
    if not any(c.isalnum() for c in folded):
        raise UsageError("The question is empty.", 'Ask something: `synth search "<question>"`.')
    if len(folded) > MAX_QUESTION_LENGTH:
        raise UsageError(
            f"The question has {len(folded):,} characters; at most {MAX_QUESTION_LENGTH:,} make one question.",
            "Shorten it to one or two sentences.",
        )
    return folded


def _key(question: str, sources: Sequence[str], options: SearchOptions) -> str:
    content = json.dumps([question, sorted(sources), options.row()], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def _open(store: Store, question: str, sources: Sequence[str], options: SearchOptions, key: str, fresh: bool) -> int:
    """Return the id of the search to continue, or of a new one."""
    with store.session() as s:
        earlier = s.exec(select(Search).where(Search.key == key).order_by(Search.id.desc())).first()  # type: ignore[union-attr]
        if earlier is not None and not (fresh and earlier.state == "done"):
            return int(earlier.id or 0)
        new = Search(question=question, key=key, sources=list(sources), options=options.row(), created=now())
        s.add(new)
        s.flush()
        return int(new.id or 0)
