"""Rank the candidate works by relevance to the question and take in the best ones. Every decision keeps its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from synth.core.reasons import Reason
from synth.core.reasons.screening import ExclusionReason, exclusion, without_text
from synth.core.types import Editorial
from synth.models.encoder import Encoder
from synth.papers.notices import apply_notices
from synth.search.ranking import candidates
from synth.store.tables import Paper, Screening, Search

if TYPE_CHECKING:
    from synth.store.job import Job


def encoder_for(job: Job) -> Encoder:
    return Encoder(job.settings.encoder, cache=job.workspace.embeddings)


def screen(job: Job) -> None:
    """Decide every pending work. Ranks cover all candidates of the search, so a resumed search ranks them anew."""
    with job.store.session() as s:
        search = s.get_one(Search, job.search_id)
        question = search.question
        apply_notices(s, job.search_id)
        statement = (
            select(Screening, Paper)
            .join(Paper, col(Paper.id) == col(Screening.paper_id))
            .where(Screening.search_id == job.search_id)
            .order_by(col(Paper.id))
        )
        rows = s.exec(statement).all()
        if all(row.decision != "pending" for row, _ in rows):
            return
        works = candidates.candidates(s, [paper for _, paper in rows])
    job.progress("rank", 0, 1)
    ranked = candidates.ranked(job, question, works, encoder_for(job))
    place = {found.id: (number, found) for number, found in enumerate(ranked, 1)}
    with job.store.session() as s:
        for row, paper in s.exec(statement).all():
            candidates.keep(row, *place.get(int(paper.id or 0), (None, None)))
        s.flush()
        decide(s, job.search_id)
    job.progress("rank", 1, 1)


def decide(s: Session, search_id: int) -> None:
    """Take in the works that rank first, up to the limit of the search; one without a text leaves its place to the
    next. What a person decided stands, and what a person took in counts.
    """
    limit = s.get_one(Search, search_id).started_with.max_papers
    rows = s.exec(
        select(Screening, Paper)
        .join(Paper, col(Paper.id) == col(Screening.paper_id))
        .where(Screening.search_id == search_id)
        .order_by(col(Screening.rank).is_(None), col(Screening.rank), col(Paper.id))
    ).all()
    taken = sum(row.by != "rule" and row.decision == "include" and paper.text_state != "skipped" for row, paper in rows)
    for row, paper in rows:
        if row.by == "rule":
            why = _why_excluded(paper, taken, limit)
            explain(row, why)
            row.decision = "exclude" if why else "include"
            taken += row.decision == "include"
    s.flush()


def explain(row: Screening, reason: Reason[ExclusionReason] | None) -> None:
    """Note why a work is left out; None for one that is not."""
    row.reason = exclusion(reason)
    row.reason_code = reason.code if reason else ""
    row.reason_parameters = dict(reason.parameters) if reason else {}


def _why_excluded(paper: Paper, taken: int, limit: int) -> Reason[ExclusionReason] | None:
    if paper.withdrawn:
        return Reason(ExclusionReason(paper.retracted or Editorial.WITHDRAWN))
    if paper.retracted == Editorial.NOTICE:
        return Reason(ExclusionReason.NOTICE)
    if paper.text_state == "skipped":
        return without_text(paper.text_reason_code, paper.text_reason_parameters, paper.text_reason)
    return Reason(ExclusionReason.BELOW_LIMIT, {"limit": limit}) if taken >= limit else None
