"""Notices among the records of a search applied to its other works, and DOIs that papers bear wrongly."""

from __future__ import annotations

from sqlmodel import Session, col, select

from synth.core.types import Editorial, Record
from synth.papers.editorial import read_title, subjects
from synth.papers.identity import title_key
from synth.papers.works import (
    PDF_SOURCE,
    candidates,
    current,
    mark_editorial,
    members,
    records,
    stored_record,
    warn_of_text,
)
from synth.store.tables import Hit, Paper, PaperRecord, RecordKey, SourceQuery

NOTICE_SOURCE = "a notice among the papers"
PRINTED = "printed doi"  # kind of key: what stands on a paper's first page, which may be another's


def apply_notices(s: Session, search_id: int) -> None:
    """Mark the works that a search's notices withdraw or cast doubt on. A notice names them by DOI or by title."""
    rows = s.exec(
        select(PaperRecord)
        .join(Hit, col(Hit.paper_record_id) == col(PaperRecord.id))
        .join(SourceQuery, col(SourceQuery.id) == col(Hit.source_query_id))
        .where(SourceQuery.search_id == search_id)
        .order_by(col(PaperRecord.id))
    ).all()
    titles: dict[int, dict[str, str]] = {}  # work → title → who gave it
    dois: dict[int, set[str]] = {}
    for row in rows:
        record = stored_record(row)
        titles.setdefault(row.paper_id, {}).setdefault(record.title, record.source)
        for notice in record.notices:
            dois.setdefault(row.paper_id, set()).add(notice.doi)
            named = Record(source="", source_id="", title="", doi=notice.doi)
            for paper in candidates(s, named):
                mark_editorial(paper, notice.status, record.source, notice.date)
    for number, sources in titles.items():
        paper = s.get_one(Paper, number)
        for title, source in {paper.title: PDF_SOURCE, **sources}.items():
            _apply_title(s, paper, title, source, dois.get(number, set()))
    s.flush()


def _apply_title(s: Session, notice: Paper, title: str, source: str, dois: set[str]) -> None:
    """Mark the paper whose title a notice gives in its own (and none with another DOI than the notice's `dois`); of
    words that papers begin with as well, make a notice.
    """
    reading = read_title(title, notice.doi)
    for subject in subjects(reading) if reading.announced else ():
        key = title_key(subject)
        named = Record(source="", source_id="", title=subject)
        for paper in candidates(s, named):
            titles = {title_key(member.title) for member in members(s, paper)}
            if key not in titles or (dois and paper.doi and paper.doi not in dois):
                continue
            mark_editorial(paper, reading.announced, NOTICE_SOURCE if source == PDF_SOURCE else source, "")
            if not reading.sure and paper.id != notice.id:
                mark_editorial(notice, Editorial.NOTICE, source, "")


def note_printed_doi(s: Session, paper: Paper, doi: str) -> None:
    """Note the DOI that a work's first page bears; one that stands on another work too is taken from both.

    Whoever has it from a source keeps it: templates, journals and cited works have DOIs that are printed and wrong.
    """
    own = records(s, int(paper.id or 0))
    if own:
        s.add(RecordKey(paper_record_id=int(own[0].id or 0), kind=PRINTED, value=doi))
        s.flush()
    keyed = select(PaperRecord.paper_id).join(RecordKey, col(RecordKey.paper_record_id) == col(PaperRecord.id))
    keyed = keyed.where(RecordKey.value == doi, col(RecordKey.kind).in_((PRINTED, "doi")))
    holders = set(s.exec(keyed).all()) | {
        current(s, paper) for paper in s.exec(select(Paper).where(Paper.doi == doi)).all()
    }
    if len(holders | {paper.id}) < 2:
        return
    for number in sorted(holders | {int(paper.id or 0)}):
        work = s.get_one(Paper, number)
        stated = any(record.content.get("doi") == doi for record in records(s, number))
        if work.doi == doi and not stated:
            work.doi = ""
            work.url = "" if work.url == f"https://doi.org/{doi}" else work.url
            reason = f"The DOI {doi} on its first page stands on another paper too and is not used."
            warn_of_text(work, reason)
