"""Completeness of a search: its sources' answers, the texts of what it took in, their claims and evidence."""

from __future__ import annotations

from sqlmodel import Session, col, select

from synth.search.full_text import unread
from synth.search.query_log import ANSWERED
from synth.store.tables import ClaimRow, Paper, Screening, SourceQuery


def complete(s: Session, number: int) -> bool:
    """Return True if nothing of search `number` is left to do.

    Works without any text that could be had count as done.
    """
    queries = s.exec(select(SourceQuery.status).where(SourceQuery.search_id == number)).all()
    included = Screening.decision == "include"
    waiting = (
        select(Screening.id)
        .join(Paper, col(Paper.id) == col(Screening.paper_id))
        .where(Screening.search_id == number, included, Paper.text_state == "read")
        .where(col(Screening.claims_done).is_(False))
    )
    unweighed = select(ClaimRow.id).where(ClaimRow.search_id == number, col(ClaimRow.evidence_done).is_(False))
    unfinished = (unread(number).where(included), waiting, unweighed)
    return all(status in ANSWERED for status in queries) and all(
        s.exec(statement).first() is None for statement in unfinished
    )
