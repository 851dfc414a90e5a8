"""Rank the candidate works by relevance to the question and take in the best ones. Every decision keeps its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import col, select

from synth.evidence.encoder import Encoder
from synth.pipeline import ranking
from synth.store.tables import Paper, Screening, Search

if TYPE_CHECKING:
    from synth.pipeline.search import Job


def encoder_for(job: Job) -> Encoder:
    return Encoder(job.settings.encoder, cache=job.workspace.embeddings)


def screen(job: Job) -> None:
    """Decide every pending work. Ranks cover all candidates of the search, so a resumed search ranks them anew."""
    with job.store.session() as s:
        search = s.get_one(Search, job.search_id)
        question, limit = search.question, int(search.options["max_papers"])
        statement = (
            select(Screening, Paper)
            .join(Paper, col(Paper.id) == col(Screening.paper_id))
            .where(Screening.search_id == job.search_id)
            .order_by(col(Paper.id))
        )
        rows = s.exec(statement).all()
        if all(row.decision != "pending" for row, _ in rows):
            return
        works = ranking.candidates(s, [paper for _, paper in rows])
    job.progress("rank", 0, 1)
    ranked = ranking.ranked(job, question, works, encoder_for(job))
    place = {found.id: (number, found) for number, found in enumerate(ranked, 1)}
    with job.store.session() as s:
        taken = 0
        pairs = s.exec(statement).all()
        for row, paper in sorted(pairs, key=lambda pair: place.get(pair[1].id or 0, (len(place) + 1, None))[0]):
            ranking.keep(row, *place.get(int(paper.id or 0), (None, None)))
            reason = _why_excluded(paper, taken, limit)
            if row.by == "rule":
                row.decision, row.reason = ("exclude", reason) if reason else ("include", "")
            taken += row.decision == "include"
    job.progress("rank", 1, 1)


def _why_excluded(paper: Paper, taken: int, limit: int) -> str:
    if paper.withdrawn:
        return "withdrawn"
    if paper.text_state == "skipped":
        return paper.text_reason.partition(": ")[0]
    return f"below the limit of {limit} papers" if taken >= limit else ""
