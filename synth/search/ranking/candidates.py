"""Relevance of the candidate works of a search, by title, abstract and what was read of their texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from synth.core.types import PassageKind
from synth.models.encoder import Encoder
from synth.models.reranker import Reranker
from synth.search.ranking.relevance import Candidate, Ranked, rank
from synth.store.tables import Paper, PassageRow, Screening

if TYPE_CHECKING:
    from synth.store.job import Job

MAX_TEXT_LENGTH = 200_000  # characters that are ranked: a long paper; what a book says further on counts no more


def candidates(s: Session, papers: Sequence[Paper]) -> list[Candidate]:
    """Return the works with what is stored of their text, table cells left out."""
    parts: dict[int, list[str]] = defaultdict(list)
    length: dict[int, int] = defaultdict(int)
    statement = (
        select(PassageRow.paper_id, PassageRow.text)
        .where(col(PassageRow.paper_id).in_([p.id for p in papers]), PassageRow.kind != PassageKind.CELL.value)
        .order_by(col(PassageRow.paper_id), col(PassageRow.position))
    )
    for paper, text in s.exec(statement).all():
        if length[paper] < MAX_TEXT_LENGTH:
            parts[paper].append(text)
            length[paper] += len(text)
    return [Candidate(int(p.id or 0), p.title, p.abstract, " ".join(parts[p.id or 0])) for p in papers]


def ranked(job: Job, question: str, works: Sequence[Candidate], encoder: Encoder) -> list[Ranked]:
    """Rank the works by relevance; the cross-encoder of the settings, if there is one, orders the best anew."""
    reranker = Reranker(job.settings.reranker) if job.settings.reranker else None
    return rank(question, works, encoder, reranker)


def keep(row: Screening, place: int | None, ranked: Ranked | None) -> None:
    """Note place and score of a work, and what they are made of."""
    row.rank, row.score = place, ranked.score if ranked else None
    row.relevance = (
        {
            "lexical_rank": ranked.lexical_rank,
            "dense_rank": ranked.dense_rank,
            "cosine": ranked.cosine,
            "reranked": ranked.relevance,
        }
        if ranked
        else {}
    )
