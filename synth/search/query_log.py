"""Ask the sources; every page of answers is committed with its ledger row, so that a kill loses one page at most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from synth import sources
from synth.core.errors import OutOfBudget, SourceError, UsageError
from synth.papers.intake import store_record
from synth.search.plan import CANDIDATES, WHOLE, Planned, plan
from synth.search.source_settings import source_settings
from synth.sources import HitPage
from synth.store.database import Store
from synth.store.tables import Search, SourceQuery, now
from synth.text.workspace_lexicon import lexicon_of

if TYPE_CHECKING:
    from synth.store.job import Job

ANSWERED = ("ok", "no results")


def retrieve(job: Job) -> None:
    """Ask every source of the search that has not answered to its end. A failure is recorded, the others go on."""
    write_plan(job)
    ask_all(job, "search", ("question", "verbatim"))


def write_plan(job: Job) -> None:
    """Put the queries of the search into its ledger, once: a later version of synth would word them differently."""
    with job.store.session() as s:
        search = s.get_one(Search, job.search_id)
        planned_sources = s.exec(select(SourceQuery.source).where(SourceQuery.search_id == job.search_id)).all()
        options = search.started_with
        if options.replay_of:
            return
        names = [name for name in search.sources if name not in planned_sources]
        for planned in plan(search.question, names, options.queries, options.max_papers, lexicon_of(job.workspace)):
            add_query(s, job.search_id, planned)


def add_query(s: Session, search_id: int, planned: Planned) -> None:
    s.add(
        SourceQuery(
            search_id=search_id,
            source=planned.source,
            query=planned.query,
            kind=planned.kind,
            max_hits=planned.max_hits,
        )
    )
    s.flush()


def copy_queries(store: Store, first: int, second: int) -> None:
    """Put the queries of search `first`, in their order, into the ledger of `second` if it has none yet."""
    with store.session() as s:
        if s.exec(select(SourceQuery.id).where(SourceQuery.search_id == second)).first() is not None:
            return
        rows = select(SourceQuery).where(SourceQuery.search_id == first).order_by(col(SourceQuery.id))
        for row in s.exec(rows).all():
            add_query(s, second, Planned(row.source, row.query, row.kind, row.max_hits or row.hits))


def ask_all(job: Job, stage: str, kinds: Sequence[str]) -> None:
    """Ask what stands open in the ledger among the queries of these `kinds`."""
    with job.store.session() as s:
        rows = s.exec(
            select(SourceQuery)
            .where(SourceQuery.search_id == job.search_id, col(SourceQuery.kind).in_(kinds))
            .order_by(col(SourceQuery.id))
        ).all()
    for number, row in enumerate(rows):
        job.progress(stage, number, len(rows), row.source)
        if row.status not in ANSWERED:
            _ask(job, int(row.id or 0))
        job.progress(stage, number + 1, len(rows), row.source)


def _begin(job: Job, query_id: int) -> SourceQuery:
    with job.store.session() as s:
        row = s.get_one(SourceQuery, query_id)
        row.status = "running"
        row.started = row.started or now()
        row.error = row.remedy = ""
        if row.max_hits is None:
            papers = s.get_one(Search, job.search_id).started_with.max_papers
            row.max_hits = sources.EVERYTHING if row.source in WHOLE else CANDIDATES * papers
        return row


def _ask(job: Job, query_id: int) -> None:
    row = _begin(job, query_id)
    source, settings = sources.source(row.source), source_settings(job, query_id)
    status, error, remedy, spent = "", "", "", 0
    try:
        for page in source.pages(row.query, int(row.max_hits or 0), row.taken, settings):
            open_ = _store_page(job, query_id, page)
            spent += page.requests
            if open_ and spent >= job.settings.max_requests:
                raise OutOfBudget(
                    f"{spent} requests were made for this query, as many as one run may make.",
                    f"Go on with `synth search --resume {job.search_id}`, or raise the setting max_requests.",
                )
    except (SourceError, UsageError) as failure:
        # A query that a source refuses is a failure of that source; the others go on.
        status, error, remedy = getattr(failure, "outcome", "failed"), failure.what, failure.do
        with job.store.session() as s:
            row = s.get_one(SourceQuery, query_id)
            row.requests += getattr(failure, "requests", 0)
            row.retries += getattr(failure, "retries", 0)
    with job.store.session() as s:
        row = s.get_one(SourceQuery, query_id)
        row.status = status or ("ok" if row.hits else "no results")
        row.error, row.remedy, row.finished = error, remedy, now()


def _store_page(job: Job, query_id: int, page: HitPage) -> bool:
    """Commit a page with its ledger row. True if the source has more of what was asked for."""
    with job.store.session() as s:
        row = s.get_one(SourceQuery, query_id)
        duplicates = sum(not store_record(s, job.search_id, row, record) for record in page.records)
        row.total = page.total if page.total is not None else row.total
        row.retries += page.retries
        row.requests += page.requests
        row.request = row.request or page.url
        row.pages += 1
        row.kept_pages += page.cached
        row.taken += page.taken
        repeated = (
            [f"{duplicates} of {len(page.records)} entries came a second time; counted once."] if duplicates else []
        )
        row.warnings = [*row.warnings, *page.warnings, *repeated]
        return row.taken < min(row.max_hits or 0, row.total if row.total is not None else sources.EVERYTHING)
