"""Questions that no rule decides about the works of a search, as warnings of its query log."""

from __future__ import annotations

from sqlmodel import Session, col, select

from synth.store.database import Store, reading
from synth.store.questions import questions
from synth.store.tables import Hit, PaperRecord, SourceQuery


def warn(store: Store, search_id: int) -> None:
    """Put each question beside the last query that gave one of its works; answered ones go."""
    with reading(store.path) as connection:
        open_questions = questions(connection, search_id)
    with store.session() as s:
        undecided_of: dict[int, list[str]] = {}
        for question in open_questions:
            query = _query(s, search_id, [work.id for work in question.works])
            undecided_of.setdefault(query, []).append(question.question)
        for row in s.exec(select(SourceQuery).where(SourceQuery.search_id == search_id)).all():
            if row.undecided != (undecided := undecided_of.get(int(row.id or 0), [])):
                row.undecided = undecided


def _query(s: Session, search_id: int, works: list[int]) -> int:
    """Return the last query of the search that gave one of these works; 0 if none did."""
    query_id = s.exec(
        select(SourceQuery.id)
        .join(Hit, col(Hit.source_query_id) == col(SourceQuery.id))
        .join(PaperRecord, col(PaperRecord.id) == col(Hit.paper_record_id))
        .where(SourceQuery.search_id == search_id, col(PaperRecord.paper_id).in_(works))
        .order_by(col(SourceQuery.id).desc())
    ).first()
    return int(query_id or 0)
