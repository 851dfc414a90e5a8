"""Evidence: what the tables and passages of the search say about each finding. One transaction a claim."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sqlmodel import Session, col, delete, select

from synth.core.types import ClaimKind, Editorial, PassageKind, Prediction
from synth.evidence import witnesses
from synth.evidence.candidates import EvidenceClaim, PassageCandidate, SearchContext, TableJudge
from synth.evidence.confidence import weigh as weigh_evidence
from synth.evidence.gather import gather
from synth.evidence.relation import EvidenceItem as Row
from synth.papers import works
from synth.search import citations
from synth.search.full_text import as_passage
from synth.search.ranking.selection import encoder_for
from synth.search.stance_models import reader_for
from synth.store.tables import (
    ClaimRow,
    ClaimSource,
    Evidence,
    Paper,
    PassageRow,
    PredictionRow,
    ReferenceRow,
    Screening,
    Search,
)
from synth.text.lexicon import Lexicon
from synth.text.workspace_lexicon import lexicon_of
from synth.verify.link_claims import as_prediction

if TYPE_CHECKING:
    from synth.models.batching import Progress
    from synth.models.encoder import Encoder
    from synth.store.job import Job


def weigh(job: Job) -> None:
    """Gather the evidence of every claim that has none yet, and what follows from it: confidence and standing. Each is
    compared with the question as well.
    """
    claims = _claims(job)
    if not claims:
        return
    encoder, lexicon = encoder_for(job), lexicon_of(job.workspace)
    papers = _papers(job)
    passages = _passages(job)

    def encoding(done: int, total: int) -> None:
        job.progress("encode", done, total)

    gathered = gather(
        claims,
        _candidates(job, passages, papers),
        encoder,
        search=_context(job, papers, passages, lexicon),
        progress=encoding,
        lexicon=lexicon,
        reader=reader_for(job.settings, job.workspace),
    )
    close = _nearness(job, claims, encoder, encoding)
    job.progress("evidence", 0, len(claims))
    for number, (claim_id, rows) in enumerate(gathered, 1):
        with job.store.session() as s:
            _store(s, claim_id, rows)
            s.get_one(ClaimRow, claim_id).nearness = close[claim_id]
        job.progress("evidence", number, len(claims))


def _claims(job: Job) -> list[EvidenceClaim]:
    """Return the claims without evidence, with their predictions, and with the passages and the paper that they come
    from.

    A claim that several papers make is the best-ranked one's; what the others say is evidence like anything else.
    """
    with job.store.session() as s:
        waiting = select(ClaimRow).where(ClaimRow.search_id == job.search_id, col(ClaimRow.evidence_done).is_(False))
        rows = s.exec(waiting.order_by(col(ClaimRow.salience).desc(), col(ClaimRow.id))).all()
        sources: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for claim_id, passage_id, paper_id in s.exec(
            select(ClaimSource.claim_id, PassageRow.id, PassageRow.paper_id)
            .join(PassageRow, col(PassageRow.id) == col(ClaimSource.passage_id))
            .join(ClaimRow, col(ClaimRow.id) == col(ClaimSource.claim_id))
            .join(Screening, col(Screening.paper_id) == col(PassageRow.paper_id), isouter=True)
            .where(ClaimRow.search_id == job.search_id, Screening.search_id == job.search_id)
            .order_by(
                col(Screening.decision) == "exclude",
                col(Screening.rank).is_(None),
                col(Screening.rank),
                col(PassageRow.position),
            )
        ).all():
            sources[claim_id].append((int(passage_id or 0), paper_id))
        predictions = _predictions(s, job.search_id)
    claims = []
    for row in rows:
        mine = sources[int(row.id or 0)]
        home = mine[0][1] if mine else 0
        claims.append(
            EvidenceClaim(
                id=int(row.id or 0),
                text=row.text,
                predictions=predictions.get(int(row.id or 0), ()),
                sources=frozenset(passage for passage, paper in mine if paper == home),
                papers=frozenset({home}),
                kind=ClaimKind(row.kind),
            )
        )
    return claims


def _predictions(s: Session, search_id: int) -> dict[int, tuple[Prediction, ...]]:
    by_claim: dict[int, list[Prediction]] = defaultdict(list)
    for row in s.exec(
        select(PredictionRow)
        .join(ClaimRow, col(ClaimRow.id) == col(PredictionRow.claim_id))
        .where(ClaimRow.search_id == search_id)
        .order_by(col(PredictionRow.position))
    ).all():
        by_claim[row.claim_id].append(as_prediction(row))
    return {claim: tuple(rows) for claim, rows in by_claim.items()}


def _nearness(job: Job, claims: Sequence[EvidenceClaim], encoder: Encoder, progress: Progress) -> dict[int, float]:
    """Map claim ids to the cosine of claim and question."""
    with job.store.session() as s:
        question = s.get_one(Search, job.search_id).question
    question_vector, *vectors = encoder.encode([question, *(claim.text for claim in claims)], progress)
    return {claim.id: float(vector @ question_vector) for claim, vector in zip(claims, vectors, strict=True)}


def _papers(job: Job) -> list[Paper]:
    """Return the works that were taken in."""
    with job.store.session() as s:
        statement = (
            select(Paper)
            .join(Screening, col(Screening.paper_id) == col(Paper.id))
            .where(Screening.search_id == job.search_id, Screening.decision == "include")
            .order_by(col(Paper.id))
        )
        return list(s.exec(statement).all())


def _passages(job: Job) -> list[PassageRow]:
    """Return all passages of the works that were taken in."""
    with job.store.session() as s:
        statement = (
            select(PassageRow)
            .join(Screening, col(Screening.paper_id) == col(PassageRow.paper_id))
            .where(Screening.search_id == job.search_id, Screening.decision == "include")
            .order_by(col(PassageRow.id))
        )
        return list(s.exec(statement).all())


def _candidates(job: Job, passages: Sequence[PassageRow], papers: Sequence[Paper]) -> list[PassageCandidate]:
    """Return the passages as they are judged: what they cite, and what the claims that they state predict."""
    with job.store.session() as s:
        references: dict[int, list[str]] = defaultdict(list)
        for row in s.exec(select(ReferenceRow).order_by(col(ReferenceRow.position))).all():
            references[row.paper_id].append(row.text)
        predictions = _predictions(s, job.search_id)
        stated = {
            int(passage): int(claim)
            for passage, claim in s.exec(
                select(ClaimSource.passage_id, ClaimSource.claim_id)
                .join(ClaimRow, col(ClaimRow.id) == col(ClaimSource.claim_id))
                .where(ClaimRow.search_id == job.search_id, ClaimRow.kind != ClaimKind.METHOD.value)
            ).all()
        }
    spoken = [(int(row.id or 0), row.paper_id, row.text) for row in passages if row.kind != PassageKind.CELL]
    cited = citations.cited(spoken, references, [_cited(paper) for paper in papers])
    return [
        PassageCandidate(
            id=int(row.id or 0),
            paper=row.paper_id,
            text=row.text,
            kind=PassageKind(row.kind),
            section=row.section,
            page=row.page,
            order=row.position,
            cites=cited.get(int(row.id or 0), frozenset()),
            predictions=predictions.get(stated.get(int(row.id or 0), 0), ()),
            states_finding=int(row.id or 0) in stated,
        )
        for row in passages
    ]


def _cited(paper: Paper) -> citations.Cited:
    return citations.Cited(int(paper.id or 0), paper.title, tuple(paper.authors), paper.year, paper.arxiv_id, paper.doi)


def _context(job: Job, papers: Sequence[Paper], passages: Sequence[PassageRow], lexicon: Lexicon) -> SearchContext:
    """Gather what is known of the papers: their tables, which of them are one witness, which were retracted."""
    by_paper: dict[int, list[PassageRow]] = defaultdict(list)
    for row in passages:
        by_paper[row.paper_id].append(row)
    return SearchContext(
        tables=_tables(by_paper, lexicon),
        witnesses=_witnesses(job, papers, by_paper),
        retracted=frozenset(int(p.id or 0) for p in papers if p.withdrawn or Editorial(p.retracted).disqualifies),
    )


def _tables(by_paper: Mapping[int, Sequence[PassageRow]], lexicon: Lexicon) -> dict[int, TableJudge]:
    from synth.evidence.tables import Tables

    return {
        paper: Tables([as_passage(row) for row in rows], lexicon)
        for paper, rows in by_paper.items()
        if any(row.kind == PassageKind.CELL for row in rows)
    }


def _witnesses(job: Job, papers: Sequence[Paper], by_paper: Mapping[int, Sequence[PassageRow]]) -> witnesses.Witnesses:
    """Compare the papers: their texts, authors and titles, and what sources say are versions of them."""
    by_doi = {paper.doi: int(paper.id or 0) for paper in papers if paper.doi}
    compared = []
    with job.store.session() as s:
        for paper in papers:
            number = int(paper.id or 0)
            records = [works.stored_record(row) for row in works.records(s, number)]
            named = {by_doi[doi] for record in records for doi in record.versions if doi in by_doi}
            compared.append(
                witnesses.ComparedPaper(
                    id=number,
                    title=paper.title,
                    authors=tuple(paper.authors),
                    abstract=paper.abstract,
                    text=tuple(row.text for row in by_paper[number] if row.kind == PassageKind.SENTENCE),
                    same_work=frozenset(named - {number}),
                )
            )
    return witnesses.compare(compared)


def _store(s: Session, claim_id: int, rows: Sequence[Row]) -> None:
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
                cells=list(row.cells),
                location=row.location,
            )
        )
    weighed = weigh_evidence(rows)
    claim = s.get_one(ClaimRow, claim_id)
    finding = claim.kind != ClaimKind.METHOD
    claim.confidence = weighed.confidence
    claim.standing = weighed.standing.word if finding else ""
    claim.witnesses, claim.witnesses_against = weighed.papers.supporting, weighed.papers.contradicting
    claim.reported_by = weighed.reported_by
    claim.papers_confidence, claim.own_confidence = weighed.papers.confidence, weighed.own.confidence
    claim.own_for, claim.own_against, claim.own_place = (
        weighed.own.supporting,
        weighed.own.contradicting,
        weighed.own.place,
    )
    claim.evidence_done = True
