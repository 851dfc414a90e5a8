"""Works and the records that describe them: looking a work up, joining two, taking records out of one.

A work that turns out to be another one keeps its row (`joined_into`) with whatever was read of it, so that every join
can be undone. What a person decided is never changed by a rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from sqlmodel import Session, and_, col, delete, or_, select, update

from synth.core.reasons import Reason
from synth.core.reasons.duplicates import JoinRule
from synth.core.reasons.screening import TextReason, text_note
from synth.core.types import Editorial, Notice, Publication, PublicationType, Record
from synth.papers.editorial import GRAVITY
from synth.papers.identity import Key, WorkMatch, conflicting, identifiers, match, title_key, title_keys
from synth.papers.publication import best, of_record
from synth.store.tables import (
    DECISION,
    ClaimCell,
    ClaimRow,
    ClaimSource,
    Duplicate,
    Evidence,
    Hit,
    Paper,
    PaperRecord,
    PassageRow,
    RecordKey,
    ReferenceRow,
    Run,
    Screening,
    ScreeningEvent,
    Search,
    SourceQuery,
    now,
)

PDF_SOURCE = "its PDF"
TEXT_REASON = ("text_reason", "text_reason_code", "text_reason_parameters")
FIELDS = ("title", "year", "abstract", "url", "arxiv_id", "doi", "acl_id", "comment")
PUBLICATION = tuple(field.name for field in fields(Publication))


@dataclass(frozen=True)
class Why:
    """Ground of a join or split, as it is stored."""

    rule: JoinRule
    by: str = "rule"  # rule | person
    evidence: dict[str, Any] = field(default_factory=dict)
    reason: str = ""


# ---------------------------------------------------------------------------------------------- looking up


def stored_record(row: PaperRecord) -> Record:
    """Return the record as its source gave it."""
    content = dict(row.content)
    content["authors"] = tuple(content["authors"])
    content["pdf_path"] = Path(content["pdf_path"]) if content["pdf_path"] else None
    content["editorial"] = Editorial(content.get("editorial", ""))
    content["notices"] = tuple(
        Notice(notice["doi"], Editorial(notice["status"]), notice["date"]) for notice in content.get("notices", ())
    )
    content["versions"] = tuple(content.get("versions", ()))
    content["publication"] = _as_publication(content.get("publication", {}))
    return Record(**content)


def _as_publication(values: Mapping[str, Any]) -> Publication:
    return Publication(**{**values, "publication_type": PublicationType(values.get("publication_type", ""))})


def publication_of(paper: Paper) -> Publication:
    """Return the publication in the row of a work."""
    return _as_publication({name: getattr(paper, name) for name in PUBLICATION})


def describe_publication(paper: Paper, publication: Publication) -> None:
    """Write all parts of a publication into the row of a work."""
    for name in PUBLICATION:
        setattr(paper, name, getattr(publication, name))


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
        abstract=paper.abstract,
    )


def records(s: Session, paper_id: int) -> list[PaperRecord]:
    """Return the records of a work in the order in which they came."""
    rows = select(PaperRecord).where(PaperRecord.paper_id == paper_id).order_by(col(PaperRecord.id))
    return list(s.exec(rows).all())


def members(s: Session, paper: Paper) -> list[Record]:
    """Return everything that says what a work is: its row (a PDF may have told its title) and its records."""
    return [as_record(paper), *map(stored_record, records(s, int(paper.id or 0)))]


def keys_of(record: Record) -> set[Key]:
    return {*identifiers(record), *(("title", key) for key in title_keys(record.title))}


def add_keys(s: Session, record_id: int, record: Record) -> None:
    """Let the record be found by what it is called."""
    for kind, value in sorted(keys_of(record)):
        s.add(RecordKey(paper_record_id=record_id, kind=kind, value=value))


def candidates(s: Session, record: Record) -> list[Paper]:
    """Return the works that could be the same, in order of their numbers: an identifier or a title agrees; `match`
    decides.
    """
    tests = [
        getattr(Paper, name) == getattr(record, name) for name in ("arxiv_id", "doi", "acl_id") if getattr(record, name)
    ]
    keys = keys_of(record)
    titles = [value for kind, value in keys if kind == "title"]
    if titles:
        tests.append(col(Paper.title_key).in_(titles))
    numbers: set[int] = set()
    if tests:
        numbers |= {current(s, paper) for paper in s.exec(select(Paper).where(or_(*tests))).all()}
    if keys:
        named = [and_(RecordKey.kind == kind, RecordKey.value == value) for kind, value in sorted(keys)]
        numbers |= set(
            s.exec(
                select(PaperRecord.paper_id)
                .join(RecordKey, col(RecordKey.paper_record_id) == col(PaperRecord.id))
                .where(or_(*named))
            ).all()
        )
    return [s.get_one(Paper, number) for number in sorted(numbers)]


def current(s: Session, paper: Paper) -> int:
    """Return the number of the work that `paper` is now."""
    while paper.joined_into is not None:
        paper = s.get_one(Paper, paper.joined_into)
    return int(paper.id or 0)


def find(s: Session, record: Record, but: int = 0) -> list[tuple[Paper, WorkMatch]]:
    """Return the works that `record` describes, each with the reason.

    Several only where identifiers say so: a title that fits several works tells none of them. `but` is left out.
    """
    fitting = [
        (paper, reason)
        for paper in candidates(s, record)
        if paper.id != but and (reason := match(record, members(s, paper))) is not None
    ]
    certain = [pair for pair in fitting if pair[1].certain]
    return certain or (fitting if len(fitting) == 1 else [])


def separated_by_person(s: Session, ours: Iterable[int], theirs: Iterable[int]) -> bool:
    """Return True if a person has said that one of these records is another work than one of those."""
    left, right = set(ours), set(theirs)
    rows = select(Duplicate).where(Duplicate.kind == "split", Duplicate.by == "person", col(Duplicate.undone).is_(None))
    return any(
        (left & {*row.records} and right & {*row.others}) or (right & {*row.records} and left & {*row.others})
        for row in s.exec(rows).all()
    )


def may_join(s: Session, paper: Paper, other: Paper) -> bool:
    """Return True if a rule may put two works together: no identifiers against it, and no person."""
    ours, theirs = (frozenset[Key]().union(*map(identifiers, members(s, work))) for work in (paper, other))
    numbers = ([int(r.id or 0) for r in records(s, int(work.id or 0))] for work in (paper, other))
    return not conflicting(ours, theirs) and not separated_by_person(s, *numbers)


def complete(paper: Paper, record: Record | Paper) -> None:
    """Fill what `paper` lacks from `record`; what is known is not overwritten, but by a publication that says more."""
    for name in FIELDS:
        if not getattr(paper, name):
            setattr(paper, name, getattr(record, name))
    paper.title_key = title_key(paper.title)
    paper.authors = paper.authors or list(record.authors)
    theirs = of_record(record) if isinstance(record, Record) else publication_of(record)
    describe_publication(paper, best([publication_of(paper), theirs]))
    if isinstance(record, Record):
        mark_editorial(paper, record.editorial, record.source, record.editorial_date)
    else:
        mark_editorial(paper, Editorial(record.retracted), record.retracted_source, record.retracted_date)
    paper.withdrawn = paper.withdrawn or record.withdrawn
    if record.pdf_path and not paper.pdf_path:
        paper.pdf_path = str(record.pdf_path)


def mark_editorial(paper: Paper, status: Editorial, source: str, date: str) -> None:
    """Give a work an editorial status, unless it has a graver one."""
    if GRAVITY.index(status) <= GRAVITY.index(Editorial(paper.retracted)):
        return
    paper.retracted, paper.retracted_source, paper.retracted_date = status.value, source, date
    paper.withdrawn = paper.withdrawn or status.withdraws


def explain_text(paper: Paper, reason: Reason[TextReason] | None) -> None:
    """Note why a work has no text, or what reading it warned of; None for nothing."""
    paper.text_reason = text_note(reason)
    paper.text_reason_code = reason.code if reason else ""
    paper.text_reason_parameters = dict(reason.parameters) if reason else {}


def warn_of_text(paper: Paper, sentence: str) -> None:
    """Add a sentence to what reading a work warned of; why it has no text stays in front of it."""
    if paper.text_reason_code in ("", TextReason.WARNED):
        explain_text(paper, Reason(TextReason.WARNED, {"detail": f"{paper.text_reason} {sentence}".strip()}))
    else:
        paper.text_reason = f"{paper.text_reason} {sentence}"


def copy_decision(row: Screening, into: Screening) -> None:
    """Let what was decided about one work hold for another, with its reason."""
    for name in DECISION:
        setattr(into, name, getattr(row, name))


# ---------------------------------------------------------------------------------------------- joining


def note_join(s: Session, paper: Paper, record_id: int, why: Why) -> None:
    """Store that a new record was put with the work `paper`, which has it already."""
    others = [int(row.id or 0) for row in records(s, int(paper.id or 0)) if row.id != record_id]
    s.add(
        Duplicate(
            kind="join",
            paper_id=int(paper.id or 0),
            records=[record_id],
            others=others,
            rule=why.rule,
            by=why.by,
            evidence=why.evidence,
            reason=why.reason,
            created=now(),
        )
    )


def join(s: Session, paper: Paper, other: Paper, why: Why) -> Paper:
    """Make one work of two and store the decision; returns the one that stays: that which was read, else `paper`."""
    if other.text_state == "read" and paper.text_state != "read":
        paper, other = other, paper
    moved, there = records(s, int(other.id or 0)), records(s, int(paper.id or 0))
    s.add(
        Duplicate(
            kind="join",
            paper_id=int(paper.id or 0),
            other_id=int(other.id or 0),
            records=[int(row.id or 0) for row in moved],
            others=[int(row.id or 0) for row in there],
            rule=why.rule,
            by=why.by,
            evidence=why.evidence,
            reason=why.reason,
            created=now(),
        )
    )
    merge_works(s, paper, other, moved)
    return paper


def merge_works(s: Session, paper: Paper, other: Paper, moved: Sequence[PaperRecord]) -> None:
    """Give `paper` the records, metadata and screenings of `other`."""
    for row in moved:
        row.paper_id = int(paper.id or 0)
    other.joined_into = int(paper.id or 0)
    complete(paper, other)
    if paper.text_state == "skipped" and other.text_state == "unread":
        paper.text_state = "unread"  # another record may lead to a text
        explain_text(paper, None)
    s.flush()
    _join_screenings(s, paper, other)
    if paper.text_state == other.text_state == "read":
        for search_id in _searches_with_claims(s, int(other.id or 0)):
            forget_claims(s, search_id, int(other.id or 0))
    s.flush()


def _join_screenings(s: Session, paper: Paper, other: Paper) -> None:
    events = update(ScreeningEvent).where(col(ScreeningEvent.paper_id) == other.id)
    s.execute(events.values(paper_id=int(paper.id or 0)))
    for row in s.exec(select(Screening).where(Screening.paper_id == other.id)).all():
        same = s.exec(
            select(Screening).where(Screening.search_id == row.search_id, Screening.paper_id == paper.id)
        ).first()
        if same is None:
            row.paper_id = int(paper.id or 0)
            continue
        counts_more = row.by == "person" if row.by != same.by else same.decision != "include"
        if counts_more and row.decision != "pending":
            copy_decision(row, same)
        s.delete(row)
    s.flush()


# ---------------------------------------------------------------------------------------------- splitting


def split_off(s: Session, paper: Paper, moved: Sequence[PaperRecord], into: Paper | None = None) -> Paper:
    """Make a work of its own of some records of `paper` (the earlier one, `into`, where there was one)."""
    new = into or Paper(title=moved[0].title or paper.title)
    new.joined_into = None
    s.add(new)
    s.flush()
    for row in moved:
        row.paper_id = int(new.id or 0)
    s.flush()
    _take_text(s, paper, new, moved)
    gone = [stored_record(row) for row in moved]
    for work, strangers in ((paper, gone), (new, [as_record(paper)] if into is None else [])):
        _describe(s, work, strangers)
    _split_screenings(s, paper, new)
    return new


def _take_text(s: Session, paper: Paper, new: Paper, moved: Sequence[PaperRecord]) -> None:
    """Move the text with the record that it came from."""
    own = {int(row.id or 0) for row in moved}
    files = {str(row.content.get("pdf_path") or "") for row in moved} - {""}
    theirs = paper.pdf_record in own or (paper.pdf_record is None and paper.pdf_path in files)
    if theirs and new.text_state != "read":
        for table in (PassageRow, ReferenceRow):
            s.execute(update(table).where(col(table.paper_id) == paper.id).values(paper_id=new.id))
        for name in ("pdf_path", "pdf_sha256", "pdf_record", "pages", "text_state", *TEXT_REASON):
            setattr(new, name, getattr(paper, name))
        if paper.retracted_source == PDF_SOURCE:
            mark_editorial(new, Editorial(paper.retracted), PDF_SOURCE, "")
        paper.pdf_path = paper.pdf_sha256 = ""
        explain_text(paper, None)
        paper.pdf_record, paper.pages, paper.text_state = None, None, "unread"


def _describe(s: Session, work: Paper, strangers: Sequence[Record]) -> None:
    """Describe a work by its own records; what only `strangers` said of it goes."""
    own = [stored_record(row) for row in records(s, int(work.id or 0))]
    for name in (*FIELDS, "authors"):
        values = [getattr(record, name) for record in own if getattr(record, name)]
        value = getattr(work, name)
        theirs = any(list(value) == list(getattr(x, name)) if name == "authors" else value == getattr(x, name)
                     for x in strangers) if value else False  # fmt: skip
        if values:
            setattr(work, name, list(values[0]) if name == "authors" else values[0])
        elif theirs:
            setattr(work, name, [] if name == "authors" else None if name == "year" else "")
    describe_publication(work, best(map(of_record, own)))
    from_pdf = work.retracted if work.retracted_source == PDF_SOURCE and work.text_state == "read" else ""
    work.withdrawn = any(record.withdrawn for record in own)
    work.retracted = work.retracted_source = work.retracted_date = ""
    for record in own:
        mark_editorial(work, record.editorial, record.source, record.editorial_date)
    mark_editorial(work, Editorial(from_pdf), PDF_SOURCE, "")
    work.title_key = title_key(work.title)
    if not work.pdf_path:
        work.pdf_path = next((str(record.pdf_path) for record in own if record.pdf_path), "")
    s.flush()


def searches_of(s: Session, paper_id: int) -> set[int]:
    """Return the searches that have a record of the work among their hits."""
    return set(
        s.exec(
            select(SourceQuery.search_id)
            .join(Hit, col(Hit.source_query_id) == col(SourceQuery.id))
            .join(PaperRecord, col(PaperRecord.id) == col(Hit.paper_record_id))
            .where(PaperRecord.paper_id == paper_id)
        ).all()
    )


def _split_screenings(s: Session, paper: Paper, new: Paper) -> None:
    """Copy screenings: every search screens the works that it has hits of; a decision on the whole counts for both
    parts.
    """
    was = {row.search_id: row for row in s.exec(select(Screening).where(Screening.paper_id == paper.id)).all()}
    left, moved = searches_of(s, int(paper.id or 0)), searches_of(s, int(new.id or 0))
    text_went = new.text_state == "read" and paper.text_state != "read"
    for search_id, row in was.items():
        if search_id in moved:
            known = s.exec(
                select(Screening).where(Screening.search_id == search_id, Screening.paper_id == new.id)
            ).first()
            if known is None:
                copy = Screening(
                    search_id=search_id, paper_id=int(new.id or 0), claims_done=row.claims_done & text_went
                )
                if row.by == "person":
                    copy_decision(row, copy)
                s.add(copy)
        if search_id not in left:
            s.delete(row)
        elif text_went:
            row.claims_done = False
    s.flush()


# ---------------------------------------------------------------------------------------------- what follows


def _searches_with_claims(s: Session, paper_id: int) -> set[int]:
    return set(
        s.exec(
            select(ClaimRow.search_id)
            .join(ClaimSource, col(ClaimSource.claim_id) == col(ClaimRow.id))
            .join(PassageRow, col(PassageRow.id) == col(ClaimSource.passage_id))
            .where(PassageRow.paper_id == paper_id)
        ).all()
    )


def forget_claims(s: Session, search_id: int, paper_id: int) -> None:
    """Take out of a search what rests on the text of a work that is no work of its own any more, and have the rest
    weighed anew: a work is no witness for itself. Claims that were tested stay as they are.
    """
    tested = select(Run.claim_id)
    passages = select(PassageRow.id).where(PassageRow.paper_id == paper_id)
    open_ = (
        select(ClaimRow.id).where(ClaimRow.search_id == search_id, col(ClaimRow.id).not_in(tested))
    )  # fmt: skip
    for table in (ClaimSource, ClaimCell, Evidence):
        s.execute(delete(table).where(col(table.claim_id).in_(open_), col(table.passage_id).in_(passages)))
    sourced = select(ClaimSource.claim_id)
    s.execute(delete(ClaimRow).where(col(ClaimRow.id).in_(open_), col(ClaimRow.id).not_in(sourced)))
    reopen(s, search_id)


def reopen(s: Session, search_id: int) -> None:
    """Have a search ranked and weighed anew by `synth search --resume`; what sources answered stays."""
    search = s.get_one(Search, search_id)
    if search.started_with.replay_of:
        return  # a repetition takes in what its original took in
    search.state, search.complete, search.finished = "running", False, None
    s.execute(update(ClaimRow).where(col(ClaimRow.search_id) == search_id).values(evidence_done=False))
    s.execute(
        update(Screening)
        .where(col(Screening.search_id) == search_id, col(Screening.by) == "rule")
        .values(decision="pending", reason="")
    )
    s.expire_all()
