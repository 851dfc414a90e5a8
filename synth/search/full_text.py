"""Full texts: files at hand are read before screening, remote ones are fetched for the works that were included."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from synth import sources
from synth.core.errors import SourceError, UnreadablePdf
from synth.core.reasons import Reason
from synth.core.reasons.duplicates import JoinRule
from synth.core.reasons.screening import TextReason, without_text
from synth.core.types import Document, Editorial, Passage, PassageKind, Record
from synth.papers import identity, works
from synth.papers.editorial import read_title
from synth.papers.identity import title_key
from synth.papers.notices import note_printed_doi
from synth.papers.works import Why, as_record, stored_record
from synth.pdf import Limits, read_pdfs
from synth.search.ranking import selection
from synth.search.source_settings import source_settings
from synth.store.tables import Paper, PaperRecord, PassageRow, ReferenceRow, Screening, Search

if TYPE_CHECKING:
    from sqlmodel.sql.expression import SelectOfScalar

    from synth.store.job import Job

MAX_SAME_FAILURES = 3  # downloads that fail in the same way, one after the other


def read_at_hand(job: Job) -> None:
    """Read the files that came with the records: their first pages say what they are."""
    with job.store.session() as s:
        papers = s.exec(unread(job.search_id).where(Paper.pdf_path != "")).all()
        files = {job.workspace.absolute(paper.pdf_path): int(paper.id or 0) for paper in papers}
    _read(job, files)


def fetch_and_read(job: Job) -> None:
    """Fetch and read the included works that have no text yet. One whose text cannot be had is left out with the
    reason, and the next in rank takes its place. A failed download leaves the work for the next time.
    """
    tried: set[int] = set()
    while True:
        with job.store.session() as s:
            if not s.get_one(Search, job.search_id).started_with.replay_of:  # a repetition decides as then
                selection.decide(s, job.search_id)
            statement = unread(job.search_id).where(Screening.decision == "include")
            wanted = [number for paper in s.exec(statement).all() if (number := int(paper.id or 0)) not in tried]
        if not wanted:
            return
        tried.update(wanted)
        _fetch_all(job, wanted)


def _fetch_all(job: Job, wanted: list[int]) -> None:
    """Fetch and read these works. When one after the other fails in the same way (no network), the rest is left for
    the next time.
    """
    files = {}
    same, failure = 0, ""
    for number, paper_id in enumerate(wanted):
        job.progress("fetch", number, len(wanted))
        if same >= MAX_SAME_FAILURES:
            with job.store.session() as s:
                why = Reason(TextReason.NOT_TRIED, {"tried": MAX_SAME_FAILURES, "detail": failure})
                works.explain_text(s.get_one(Paper, paper_id), why)
            job.progress("fetch", number + 1, len(wanted), "not tried")
            continue
        path, problem = _fetch(job, paper_id)
        same = same + 1 if problem and problem == failure else int(bool(problem))
        failure = problem
        if path is not None:
            files[path] = paper_id
        job.progress("fetch", number + 1, len(wanted), path.name if path else "no full text")
    _read(job, files)


def unread(search_id: int) -> SelectOfScalar[Paper]:
    """Select the works of the search that are not left out and have no text yet."""
    return (
        select(Paper)
        .join(Screening, col(Screening.paper_id) == col(Paper.id))
        .where(Screening.search_id == search_id, Screening.decision != "exclude", Paper.text_state == "unread")
        .order_by(col(Paper.id))
    )


def _fetch(job: Job, paper_id: int) -> tuple[Path | None, str]:
    """Fetch the PDF of a work from the first source that has it, or what failed and may work later ("" if nothing
    will). What went wrong is noted with the work.
    """
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
            with job.store.session() as s:
                s.get_one(Paper, paper_id).pdf_record = row.id
            return path, ""
    with job.store.session() as s:
        paper = s.get_one(Paper, paper_id)
        detail = " ".join(failures) or "No source offers a PDF."
        if final:
            _skip(s, paper, Reason(TextReason.NOT_RETRIEVED, {"detail": detail}))
            return None, ""
        works.explain_text(paper, Reason(TextReason.FAILED, {"detail": detail}))
        return None, detail


def _untried(record: Record, tried: set[str]) -> Record:
    """Return `record` without the places in `tried`, to which its own are added: several sources name one file."""
    places = {name: str(getattr(record, name)) for name in ("arxiv_id", "acl_id", "pdf_url")}
    known = {name: "" for name, place in places.items() if place in tried}
    tried.update(filter(None, places.values()))
    return replace(record, **known)  # type: ignore[arg-type]


def _read(job: Job, files: dict[Path, int]) -> None:
    limits = Limits(pages=job.settings.max_pages, file_bytes=job.settings.max_pdf_mb * 2**20)
    job.progress("read", 0, len(files))
    for done, (path, result) in enumerate(read_pdfs(list(files), job.settings.jobs, limits), 1):
        with job.store.session() as s:
            paper = s.get_one(Paper, files[path])
            if isinstance(result, UnreadablePdf):
                paper.title = paper.title or path.name
                _skip(s, paper, Reason(TextReason.UNREADABLE, {"why": result.reason, "detail": result.what}))
            else:
                store_document(s, paper, job.workspace.relative(path), result)
        job.progress("read", done, len(files), path.name)


def _skip(s: Session, paper: Paper, reason: Reason[TextReason]) -> None:
    """Note why a work has no text; every search that holds it leaves it out for that, unless a person decided."""
    paper.text_state = "skipped"
    works.explain_text(paper, reason)
    for row in s.exec(select(Screening).where(Screening.paper_id == paper.id, Screening.by != "person")).all():
        row.decision = "exclude"
        selection.explain(row, without_text(reason.code, reason.parameters, paper.text_reason))


def store_document(s: Session, paper: Paper, path: str, document: Document) -> None:
    """Put what was read into the store; a file that turns out to be a known work joins that work."""
    paper = s.get_one(Paper, works.current(s, paper))
    if paper.text_state == "read":
        return  # another file of the same work was read before
    stated_doi = identity.doi(document.doi) or ""
    empty = identity.is_placeholder(stated_doi)
    printed = "" if empty else stated_doi
    printed_alone = bool(printed) and not paper.doi
    _complete(paper, document, printed)
    twin = _twin(s, paper, document.sha256)
    if twin is not None:
        record = paper.pdf_record
        paper = works.join(s, twin[0], paper, twin[1])
        _mark(paper, document)
        if paper.text_state == "read":
            return
        paper.pdf_record = record
    else:
        _mark(paper, document)
    paper.pdf_path, paper.pdf_sha256, paper.pages = path, document.sha256, document.pages
    paper.text_state = "read"
    works.explain_text(paper, None)
    for warning in document.warnings:
        works.warn_of_text(paper, _sentence(warning))
    if printed_alone and twin is None:
        note_printed_doi(s, paper, printed)
    if empty:
        works.warn_of_text(paper, f"The DOI on its first page ({stated_doi}) is a template's; not used.")
    for passage in document.passages:
        s.add(_row(int(paper.id or 0), document.sha256, passage))
    for position, text in enumerate(document.references):
        s.add(ReferenceRow(paper_id=int(paper.id or 0), position=position, text=text))


def _mark(paper: Paper, document: Document) -> None:
    """Give the work the status that its first page and a stamp over its pages tell."""
    for status in (read_title(document.title, paper.doi).status, *map(Editorial, document.marks)):
        works.mark_editorial(paper, status, works.PDF_SOURCE, "")


def _complete(paper: Paper, document: Document, printed: str) -> None:
    for name in ("title", "year", "arxiv_id", "abstract"):
        if not getattr(paper, name):
            setattr(paper, name, getattr(document, name))
    paper.doi = paper.doi or printed
    paper.authors = paper.authors or list(document.authors)
    paper.title = paper.title or Path(paper.pdf_path).name  # the file's own name, when the PDF carries no title
    paper.title_key = title_key(paper.title)
    if paper.arxiv_id and not paper.url:
        paper.url = f"https://arxiv.org/abs/{paper.arxiv_id}"
    if paper.doi and not paper.url:
        paper.url = f"https://doi.org/{paper.doi}"


def _twin(s: Session, paper: Paper, sha256: str) -> tuple[Paper, Why] | None:
    """Find another row that is the same work: the same file, or the same identifiers or title and authors."""
    same = select(Paper).where(Paper.id != paper.id, Paper.pdf_sha256 == sha256, col(Paper.joined_into).is_(None))
    same_file = s.exec(same.order_by(col(Paper.id))).first()
    if same_file is not None:
        # The same file is the same work, unless a person has said otherwise.
        own, theirs = ([int(row.id or 0) for row in works.records(s, int(work.id or 0))] for work in (paper, same_file))
        if not works.separated_by_person(s, own, theirs):
            return same_file, Why(JoinRule.SAME_FILE, evidence={"sha256": sha256})
    for twin, match in works.find(s, as_record(paper), but=int(paper.id or 0)):
        if works.may_join(s, twin, paper):
            return twin, Why(match.rule, evidence=match.evidence)
    return None


def _sentence(warning: str) -> str:
    return f"{warning[:1].upper()}{warning[1:].rstrip('.')}."


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
        row_head=passage.row or passage.label,
        column_head=passage.column,
        table_label=passage.table,
        bold=passage.bold,
        best=passage.best,
    )


def as_passage(row: PassageRow) -> Passage:
    """Return the stored passage as the stages know it."""
    return Passage(
        kind=PassageKind(row.kind),
        text=row.text,
        quote=row.quote,
        page=row.page,
        spans=tuple((page, start, end) for page, start, end in row.spans),
        section=row.section,
        order=row.position,
        row=row.row_head if row.kind == PassageKind.CELL else "",
        label=row.row_head if row.kind == PassageKind.SENTENCE else "",
        column=row.column_head,
        table=row.table_label,
        bold=row.bold,
        best=row.best,
    )
