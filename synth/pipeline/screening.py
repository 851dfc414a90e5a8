"""Rank the candidate works by relevance to the question and take in the best ones. Every decision keeps its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import col, select

from synth.evidence.encoder import Encoder
from synth.evidence.index import PassageIndex
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
        candidates = [(int(paper.id or 0), f"{paper.title}. {paper.abstract}") for _, paper in rows]
    job.progress("rank", 0, 1)
    ranked = PassageIndex(candidates, encoder_for(job)).rank(question, len(candidates))
    place = {hit.passage_id: (number, hit.score) for number, hit in enumerate(ranked, 1)}
    with job.store.session() as s:
        taken = 0
        for row, paper in sorted(s.exec(statement).all(), key=lambda pair: place.get(pair[1].id or 0, (10**9, 0))):
            row.rank, row.score = place.get(int(paper.id or 0), (None, None))
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
