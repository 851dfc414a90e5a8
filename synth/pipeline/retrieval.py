"""Ask the sources; every page of answers is committed with its ledger row, so that a kill loses one page at most."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqlmodel import Session, col, or_, select

from synth import sources
from synth.errors import SourceError
from synth.pipeline.screening import encoder_for
from synth.sources import Page, Source, SourceSettings, local
from synth.sources.identity import same_work, title_key
from synth.store.tables import Hit, Paper, PaperRecord, Screening, Search, SourceQuery, now
from synth.types import Record

if TYPE_CHECKING:
    from synth.pipeline.search import Job


EVERYTHING = 10**6
CANDIDATES = 4  # records asked of a source for each paper taken in: ours is a second, closer ranking


def check_sources(names: Sequence[str], question: str, papers: Path | None) -> None:
    """Refuse with UsageError, before anything is stored, what no source could answer: an unknown source, a question
    that makes no query, `local` without a folder of PDFs."""
    for name in names:
        sources.source(name).query(question)
    if "local" in names:
        local.found(papers)


def source_settings(job: Job) -> SourceSettings:
    papers = _options(job)["papers"]
    return SourceSettings(
        papers=Path(papers) if papers else None,
        encode=encoder_for(job).encode,
        max_pdf_bytes=job.settings.max_pdf_mb * 2**20,
    )


def _options(job: Job) -> dict[str, str]:
    with job.store.session() as s:
        return s.get_one(Search, job.search_id).options


def retrieve(job: Job) -> None:
    """Ask every source of the search that has not answered to its end. A failure is recorded, the others go on."""
    with job.store.session() as s:
        search = s.get_one(Search, job.search_id)
        names, question, taken = search.sources, search.question, int(search.options["max_papers"])
    for number, name in enumerate(names):
        job.progress("search", number, len(names), name)
        source = sources.source(name)
        query_id, start = _begin(job, source, question)
        if query_id is not None:
            # A folder is taken whole: its order is the alphabet's, and the ranking comes later.
            limit = EVERYTHING if name == "local" else CANDIDATES * taken
            _ask(job, source, question, limit, query_id, start)
        job.progress("search", number + 1, len(names), name)


def _begin(job: Job, source: Source, question: str) -> tuple[int | None, int]:
    """(ledger row, hits already stored), or (None, 0) if the source has answered."""
    query = source.query(question)
    with job.store.session() as s:
        row = s.exec(
            select(SourceQuery).where(
                SourceQuery.search_id == job.search_id,
                SourceQuery.source == source.name,
                SourceQuery.query == query,
            )
        ).first()
        if row is None:
            row = SourceQuery(search_id=job.search_id, source=source.name, query=query)
            s.add(row)
        if row.status in ("ok", "no results"):
            return None, 0
        row.status = "running"
        row.started = row.started or now()
        row.error = row.remedy = ""
        s.flush()
        return int(row.id or 0), row.hits


def _ask(job: Job, source: Source, question: str, limit: int, query_id: int, start: int) -> None:
    try:
        for page in source.pages(question, limit, start, source_settings(job)):
            _store_page(job, query_id, page)
        status, error, remedy = "", "", ""
    except SourceError as failure:
        status, error, remedy = "failed", failure.what, failure.do
        with job.store.session() as s:
            row = s.get_one(SourceQuery, query_id)
            row.requests += failure.requests
            row.retries += failure.retries
    with job.store.session() as s:
        row = s.get_one(SourceQuery, query_id)
        row.status = status or ("ok" if row.hits else "no results")
        row.error, row.remedy, row.finished = error, remedy, now()


def _store_page(job: Job, query_id: int, page: Page) -> None:
    with job.store.session() as s:
        row = s.get_one(SourceQuery, query_id)
        for record in page.records:
            _store_record(s, job.search_id, row, record)
        row.total = page.total if page.total is not None else row.total
        row.retries += page.retries
        row.requests += page.requests
        row.warnings = [*row.warnings, *page.warnings]


def _store_record(s: Session, search_id: int, row: SourceQuery, record: Record) -> None:
    """Record, work, hit and a pending screening decision."""
    if record.pdf_path is not None:
        # A file that has changed since is another version.
        record = replace(record, version=record.version or _checksum(record.pdf_path)[:16])
    known = s.exec(
        select(PaperRecord).where(
            PaperRecord.source == record.source,
            PaperRecord.source_id == record.source_id,
            PaperRecord.version == record.version,
        )
    ).first()
    if known is None:
        paper = _work(s, record)
        known = PaperRecord(
            paper_id=paper.id or 0,
            source=record.source,
            source_id=record.source_id,
            version=record.version,
            title=record.title,
            url=record.url,
            pdf_url=record.pdf_url,
            content=_content(record),
        )
        s.add(known)
        s.flush()
    s.add(Hit(source_query_id=row.id or 0, paper_record_id=known.id or 0, position=row.hits))
    row.hits += 1
    screened = select(Screening).where(Screening.search_id == search_id, Screening.paper_id == known.paper_id)
    if s.exec(screened).first() is None:
        s.add(Screening(search_id=search_id, paper_id=known.paper_id))
        row.new += 1
    s.flush()


def _checksum(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""  # reading it will say what is wrong


def _content(record: Record) -> dict[str, object]:
    return asdict(record) | {"pdf_path": str(record.pdf_path) if record.pdf_path else ""}


def _work(s: Session, record: Record) -> Paper:
    """The work that `record` describes: the known one, mended with what the record adds, or a new one."""
    for paper in candidates(s, record):
        if same_work(record, as_record(paper)):
            complete(paper, record)
            return paper
    paper = Paper(title=record.title)
    complete(paper, record)
    s.add(paper)
    s.flush()
    return paper


def candidates(s: Session, record: Record) -> list[Paper]:
    """Works that could be the same: an identifier or the normalised title agrees; `same_work` decides."""
    tests = [
        getattr(Paper, name) == getattr(record, name) for name in ("arxiv_id", "doi", "acl_id") if getattr(record, name)
    ]
    if record.title:
        tests.append(col(Paper.title_key) == title_key(record.title))
    return list(s.exec(select(Paper).where(or_(*tests)).order_by(col(Paper.id))).all()) if tests else []


def as_record(paper: Paper) -> Record:
    return Record(
        source="",
        source_id="",
        title=paper.title,
        authors=tuple(paper.authors),
        year=paper.year,
        arxiv_id=paper.arxiv_id,
        doi=paper.doi,
        acl_id=paper.acl_id,
    )


def complete(paper: Paper, record: Record) -> None:
    """Fill what `paper` lacks from `record`; what is known is never overwritten."""
    for name in ("title", "year", "abstract", "url", "arxiv_id", "doi", "acl_id", "comment"):
        if not getattr(paper, name):
            setattr(paper, name, getattr(record, name))
    paper.title_key = title_key(paper.title)
    paper.authors = paper.authors or list(record.authors)
    paper.withdrawn = paper.withdrawn or record.withdrawn
    if record.pdf_path is not None and not paper.pdf_path:
        paper.pdf_path = str(record.pdf_path)
