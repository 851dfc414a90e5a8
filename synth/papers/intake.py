"""From records to works: what a source describes is put with the work that it is, or becomes a new one."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, replace
from pathlib import Path

from sqlmodel import Session, select

from synth.core.types import Record
from synth.papers import works
from synth.papers.editorial import with_status
from synth.papers.works import Why
from synth.store.tables import Hit, Paper, PaperRecord, Screening, SourceQuery


def store_record(s: Session, search_id: int, row: SourceQuery, record: Record) -> bool:
    """Record, work, hit and a pending screening decision. False if this query has had the record before."""
    record = with_status(record)
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
        paper, why = _work(s, record)
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
        works.add_keys(s, int(known.id or 0), record)
        if why is not None:
            works.note_join(s, paper, int(known.id or 0), why)
    elif record.editorial or record.notices:
        # Retracted since the record was stored.
        new = _content(record)
        known.content = {**known.content, **{name: new[name] for name in ("editorial", "editorial_date", "notices")}}
        paper = s.get_one(Paper, known.paper_id)
        works.mark_editorial(paper, record.editorial, record.source, record.editorial_date)
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


def _work(s: Session, record: Record) -> tuple[Paper, Why | None]:
    """Return the work that `record` describes, mended with what the record adds, and why; or a new one."""
    matches = works.find(s, record)
    if not matches:
        paper = Paper(title=record.title)
        works.complete(paper, record)
        s.add(paper)
        s.flush()
        return paper, None
    (paper, first), *others = matches
    for other, also in others:
        # The record names both: they were one work all the time.
        if works.may_join(s, paper, other):
            evidence = also.evidence | {"through": f"{record.source} {record.source_id}"}
            paper = works.join(s, paper, other, Why(also.rule, evidence=evidence))
    works.complete(paper, record)
    return paper, Why(first.rule, evidence=first.evidence)
