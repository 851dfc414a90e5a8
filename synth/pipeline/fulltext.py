"""Full texts: files at hand are read before screening, remote ones are fetched for the works that were included."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlmodel import Session, col, select

from synth import sources
from synth.errors import SourceError, UnreadablePdf
from synth.pipeline.access import source_settings
from synth.pipeline.retrieval import as_record, candidates
from synth.reading import Limits, read_pdfs
from synth.sources.identity import same_work, title_key
from synth.store.tables import Paper, PaperRecord, PassageRow, Screening, ScreeningEvent
from synth.types import Document, Passage, PassageKind, Record

if TYPE_CHECKING:
    from synth.pipeline.search import Job


def read_at_hand(job: Job) -> None:
    """Read the files that came with the records: their first pages say what they are."""
    with job.store.session() as s:
        found = s.exec(unread(job.search_id).where(Paper.pdf_path != "")).all()
        files = {job.workspace.absolute(paper.pdf_path): int(paper.id or 0) for paper in found}
    _read(job, files)


def fetch_and_read(job: Job) -> None:
    """Fetch and read the included works that have no text yet. A failed download leaves the work for the next time."""
    with job.store.session() as s:
        statement = unread(job.search_id).where(Screening.decision == "include")
        wanted = [int(paper.id or 0) for paper in s.exec(statement).all()]
    files = {}
    for number, paper_id in enumerate(wanted):
        job.progress("fetch", number, len(wanted))
        path = _fetch(job, paper_id)
        if path is not None:
            files[path] = paper_id
        job.progress("fetch", number + 1, len(wanted), path.name if path else "no full text")
    _read(job, files)


def unread(search_id: int) -> Any:
    """Works of the search that are not left out and have no text yet."""
    return (
        select(Paper)
        .join(Screening, col(Screening.paper_id) == col(Paper.id))
        .where(Screening.search_id == search_id, Screening.decision != "exclude", Paper.text_state == "unread")
        .order_by(col(Paper.id))
    )


def _fetch(job: Job, paper_id: int) -> Path | None:
    """The PDF of a work from the first source that has it; what went wrong is noted with the work."""
    with job.store.session() as s:
        rows = s.exec(select(PaperRecord).where(PaperRecord.paper_id == paper_id).order_by(col(PaperRecord.id))).all()
    failures, final = [], True
    tried: set[str] = set()
    job.workspace.pdfs.mkdir(parents=True, exist_ok=True)
    for row in rows:
        record = _untried(stored_record(row), tried)
        try:
            path = sources.source(row.source).fetch_pdf(record, job.workspace.pdfs, source_settings(job))
        except SourceError as failure:
            failures.append(failure.what)
            final = final and not failure.retryable
            continue
        if path is not None:
            return path
    with job.store.session() as s:
        paper = s.get_one(Paper, paper_id)
        detail = " ".join(failures) or "No source offers a PDF."
        if final:
            _skip(s, paper, "full text not available", detail)
        else:
            paper.text_reason = detail
    return None


def _untried(record: Record, tried: set[str]) -> Record:
    """`record` without the places in `tried`, to which its own are added: several sources name the same file."""
    places = {name: str(getattr(record, name)) for name in ("arxiv_id", "acl_id", "pdf_url")}
    known = {name: "" for name, place in places.items() if place in tried}
    tried.update(filter(None, places.values()))
    return replace(record, **known)  # type: ignore[arg-type]


def stored_record(row: PaperRecord) -> Record:
    """The record as its source gave it."""
    content = dict(row.content)
    content["authors"] = tuple(content["authors"])
    content["pdf_path"] = Path(content["pdf_path"]) if content["pdf_path"] else None
    return Record(**content)


def _read(job: Job, files: dict[Path, int]) -> None:
    limits = Limits(pages=job.settings.max_pages, file_bytes=job.settings.max_pdf_mb * 2**20)
    job.progress("read", 0, len(files))
    for done, (path, result) in enumerate(read_pdfs(list(files), job.settings.jobs, limits), 1):
        with job.store.session() as s:
            paper = s.get_one(Paper, files[path])
            if isinstance(result, UnreadablePdf):
                paper.title = paper.title or path.name
                _skip(s, paper, f"unreadable PDF ({result.reason})", result.what)
            else:
                store_document(s, paper, job.workspace.relative(path), result)
        job.progress("read", done, len(files), path.name)


def _skip(s: Session, paper: Paper, reason: str, detail: str) -> None:
    """Note why a work has no text; every search that holds it leaves it out for that, unless a person decided."""
    paper.text_state, paper.text_reason = "skipped", f"{reason}: {detail}"
    for row in s.exec(select(Screening).where(Screening.paper_id == paper.id, Screening.by != "person")).all():
        row.decision, row.reason, row.rank = "exclude", reason, None


def store_document(s: Session, paper: Paper, path: str, document: Document) -> None:
    """Put what was read into the store; a file that turns out to be a known work joins that work."""
    _complete(paper, document)
    twin = _twin(s, paper, document.sha256)
    if twin is not None:
        _join(s, paper, twin)
        paper = twin
        if paper.text_state == "read":
            return
    paper.pdf_path, paper.pdf_sha256, paper.pages = path, document.sha256, document.pages
    paper.text_state, paper.text_reason = "read", " ".join(document.warnings)
    for passage in document.passages:
        s.add(_row(int(paper.id or 0), document.sha256, passage))


def _complete(paper: Paper, document: Document) -> None:
    for name in ("title", "year", "arxiv_id", "doi", "abstract"):
        if not getattr(paper, name):
            setattr(paper, name, getattr(document, name))
    paper.authors = paper.authors or list(document.authors)
    paper.title = paper.title or Path(paper.pdf_path).name  # the file's own name, when the PDF carries no title
    paper.title_key = title_key(paper.title)
    if paper.arxiv_id and not paper.url:
        paper.url = f"https://arxiv.org/abs/{paper.arxiv_id}"
    if paper.doi and not paper.url:
        paper.url = f"https://doi.org/{paper.doi}"


def _twin(s: Session, paper: Paper, sha256: str) -> Paper | None:
    """Another row that is the same work: the same file, or the same identifiers or title and authors."""
    same_file = s.exec(select(Paper).where(Paper.id != paper.id, Paper.pdf_sha256 == sha256)).first()
    if same_file is not None:
        return same_file
    return next(
        (p for p in candidates(s, as_record(paper)) if p.id != paper.id and same_work(as_record(paper), as_record(p))),
        None,
    )


def _join(s: Session, paper: Paper, twin: Paper) -> None:
    """Move records and screenings of `paper` to `twin` and drop the row; its records keep what each source said.

    What a person decided of either stays decided."""
    for record in s.exec(select(PaperRecord).where(PaperRecord.paper_id == paper.id)).all():
        record.paper_id = int(twin.id or 0)
    for event in s.exec(select(ScreeningEvent).where(ScreeningEvent.paper_id == paper.id)).all():
        event.paper_id = int(twin.id or 0)
    for row in s.exec(select(Screening).where(Screening.paper_id == paper.id)).all():
        same = select(Screening).where(Screening.search_id == row.search_id, Screening.paper_id == twin.id)
        kept = s.exec(same).first()
        if kept is None:
            row.paper_id = int(twin.id or 0)
        else:
            if row.by == "person" and kept.by != "person":
                kept.decision, kept.reason, kept.by = row.decision, row.reason, row.by
            s.delete(row)
    s.flush()
    s.delete(paper)
    s.flush()


def _row(paper_id: int, sha256: str, passage: Passage) -> PassageRow:
    return PassageRow(
        paper_id=paper_id,
        position=passage.order,
        kind=passage.kind.value,
        text=passage.text,
        quote=passage.quote,
        page=passage.page,
        spans=[list(span) for span in passage.spans],
        sha256=sha256,
        section=passage.section,
        row_head=passage.row,
        column_head=passage.column,
        table_label=passage.table,
        bold=passage.bold,
        best=passage.best,
    )


def as_passage(row: PassageRow) -> Passage:
    """The stored passage as the stages know it."""
    return Passage(
        kind=PassageKind(row.kind),
        text=row.text,
        quote=row.quote,
        page=row.page,
        spans=tuple((page, start, end) for page, start, end in row.spans),
        section=row.section,
        order=row.position,
        row=row.row_head,
        column=row.column_head,
        table=row.table_label,
        bold=row.bold,
        best=row.best,
    )
