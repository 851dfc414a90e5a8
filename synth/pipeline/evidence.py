"""Evidence: what the other passages of the search say about each claim. One transaction a claim."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlmodel import Session, col, delete, select

from synth.evidence import confidence as confidences
from synth.evidence import gather as gathering
from synth.evidence import relation
from synth.pipeline.linking import as_prediction
from synth.pipeline.names import lexicon_of
from synth.pipeline.screening import encoder_for
from synth.pipeline.stances import reader_for
from synth.store.tables import ClaimRow, ClaimSource, Evidence, PassageRow, PredictionRow, Screening, Search
from synth.types import PassageKind

if TYPE_CHECKING:
    from synth.evidence.batching import Progress
    from synth.evidence.encoder import Encoder
    from synth.pipeline.search import Job


def weigh(job: Job) -> None:
    """Gather the evidence of every claim that has none yet, and what follows from it: confidence and standing. Each is
    compared with the question as well."""
    claims = _claims(job)
    if not claims:
        return
    passages, encoder = _passages(job), encoder_for(job)

    def encoding(done: int, total: int) -> None:
        job.progress("encode", done, total)

    found = gathering.gather(
        claims,
        passages,
        encoder,
        progress=encoding,
        lexicon=lexicon_of(job.workspace),
        reader=reader_for(job.settings, job.workspace),
    )
    close = _nearness(job, claims, encoder, encoding)
    job.progress("evidence", 0, len(claims))
    for number, (claim_id, rows) in enumerate(found, 1):
        with job.store.session() as s:
            _store(s, claim_id, rows)
            s.get_one(ClaimRow, claim_id).nearness = close[claim_id]
        job.progress("evidence", number, len(claims))


def _claims(job: Job) -> list[gathering.Claim]:
    """The claims without evidence, with their predictions and the passages and papers they come from."""
    with job.store.session() as s:
        waiting = select(ClaimRow).where(ClaimRow.search_id == job.search_id, col(ClaimRow.evidence_done).is_(False))
        rows = s.exec(waiting.order_by(col(ClaimRow.salience).desc(), col(ClaimRow.id))).all()
        sources: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for claim_id, passage_id, paper_id in s.exec(
            select(ClaimSource.claim_id, PassageRow.id, PassageRow.paper_id)
            .join(PassageRow, col(PassageRow.id) == col(ClaimSource.passage_id))
            .join(ClaimRow, col(ClaimRow.id) == col(ClaimSource.claim_id))
            .where(ClaimRow.search_id == job.search_id)
        ).all():
            sources[claim_id].append((int(passage_id or 0), paper_id))
        predictions = defaultdict(list)
        for row in s.exec(
            select(PredictionRow)
            .join(ClaimRow, col(ClaimRow.id) == col(PredictionRow.claim_id))
            .where(ClaimRow.search_id == job.search_id)
            .order_by(col(PredictionRow.position))
        ).all():
            predictions[row.claim_id].append(as_prediction(row))
    return [
        gathering.Claim(
            id=int(row.id or 0),
            text=row.text,
            predictions=tuple(predictions[int(row.id or 0)]),
            sources=frozenset(passage for passage, _ in sources[int(row.id or 0)]),
            papers=frozenset(paper for _, paper in sources[int(row.id or 0)]),
        )
        for row in rows
    ]


def _nearness(job: Job, claims: Sequence[gathering.Claim], encoder: Encoder, told: Progress) -> dict[int, float]:
    """Claim id → cosine of the claim and the question."""
    with job.store.session() as s:
        question = s.get_one(Search, job.search_id).question
    asked, *said = encoder.encode([question, *(claim.text for claim in claims)], told)
    return {claim.id: float(one @ asked) for claim, one in zip(claims, said, strict=True)}


def _passages(job: Job) -> list[gathering.Candidate]:
    with job.store.session() as s:
        rows = s.exec(
            select(PassageRow)
            .join(Screening, col(Screening.paper_id) == col(PassageRow.paper_id))
            .where(Screening.search_id == job.search_id, Screening.decision == "include")
            .order_by(col(PassageRow.id))
        ).all()
    return [gathering.Candidate(int(row.id or 0), row.paper_id, row.text, PassageKind(row.kind)) for row in rows]


def _store(s: Session, claim_id: int, rows: Sequence[relation.Evidence]) -> None:
    s.exec(delete(Evidence).where(col(Evidence.claim_id) == claim_id))
    for rank, row in enumerate(rows, 1):
        s.add(
            Evidence(
                claim_id=claim_id,
                passage_id=row.passage_id,
                stance=row.stance.value,
                confidence=row.confidence,
                relation=row.relation.value,
                method=row.method,
                note=row.note,
                rank=rank,
            )
        )
    standing = relation.standing(rows)
    claim = s.get_one(ClaimRow, claim_id)
    claim.confidence = confidences.confidence(rows)
    claim.standing, claim.witnesses = standing.word, standing.papers_for
    claim.evidence_done = True
