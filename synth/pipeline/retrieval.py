"""From records to works: what a source describes is put with the work that it is, or becomes a new one."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, replace
from pathlib import Path

from sqlmodel import Session, col, or_, select

from synth.sources.identity import same_work, title_key
from synth.store.tables import Hit, Paper, PaperRecord, Screening, SourceQuery
from synth.types import Record


def store_record(s: Session, search_id: int, row: SourceQuery, record: Record) -> bool:
    """Record, work, hit and a pending screening decision. False if this query has had the record before."""
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
    same = select(Hit.id).where(Hit.source_query_id == row.id, Hit.paper_record_id == known.id)
    if s.exec(same).first() is not None:
        return False
    s.add(Hit(source_query_id=row.id or 0, paper_record_id=known.id or 0, position=row.hits))
    row.hits += 1
    screened = select(Screening).where(Screening.search_id == search_id, Screening.paper_id == known.paper_id)
    if s.exec(screened).first() is None:
        s.add(Screening(search_id=search_id, paper_id=known.paper_id))
        row.new += 1
    s.flush()
    return True


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
