"""Claims: found paper by paper, joined with the same claim of other papers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from synth.claims import find_claims
from synth.claims.dedupe import duplicates
from synth.core.types import ClaimDraft, Prediction
from synth.evidence.tables import Tables
from synth.search.full_text import as_passage
from synth.store.tables import ClaimCell, ClaimRow, ClaimSource, Paper, PassageRow, PredictionRow, Screening, Search
from synth.text.workspace_lexicon import lexicon_of
from synth.verify.link_claims import as_prediction

if TYPE_CHECKING:
    from sqlmodel.sql.expression import SelectOfScalar

    from synth.store.job import Job


def extract(job: Job) -> None:
    """Find the claims of every included work that was read. One transaction a work."""
    with job.store.session() as s:
        question = s.get_one(Search, job.search_id).question
        statement = (
            select(Screening)
            .join(Paper, col(Paper.id) == col(Screening.paper_id))
            .where(
                Screening.search_id == job.search_id,
                Screening.decision == "include",
                Paper.text_state == "read",
            )
            .order_by(col(Screening.rank))
        )
        waiting = [row.paper_id for row in s.exec(statement).all() if not row.claims_done]
    lexicon = lexicon_of(job.workspace)
    for number, paper_id in enumerate(waiting):
        job.progress("claims", number, len(waiting))
        with job.store.session() as s:
            paper = s.get_one(Paper, paper_id)
            rows = s.exec(
                select(PassageRow).where(PassageRow.paper_id == paper_id).order_by(col(PassageRow.position))
            ).all()
            passages = [as_passage(row) for row in rows]
            drafts = find_claims(passages, question, lexicon, title=paper.title, parser=job.settings.parser)
            ids = {row.position: int(row.id or 0) for row in rows}
            stored = _store(s, job.search_id, drafts, ids)
            _store_cells(s, stored, Tables(passages, lexicon), ids)
            s.exec(_screening(job.search_id, paper_id)).one().claims_done = True
        job.progress("claims", number + 1, len(waiting), paper.title)


def _screening(search_id: int, paper_id: int) -> SelectOfScalar[Screening]:
    return select(Screening).where(Screening.search_id == search_id, Screening.paper_id == paper_id)


@dataclass(frozen=True)
class Stored:
    """A claim of the store as de-duplication compares it."""

    id: int
    text: str
    predictions: tuple[Prediction, ...]


def _store(
    s: Session, search_id: int, drafts: list[ClaimDraft], passage_ids: dict[int, int]
) -> list[tuple[int, ClaimDraft]]:
    """Add new claims; a draft that says what a stored claim says becomes another source of it. (claim id, draft) of all
    drafts.
    """
    earlier = _stored_claims(s, search_id)
    placed: list[tuple[int, ClaimDraft]] = []
    for group in duplicates([*earlier, *drafts]):
        stored = [earlier[i] for i in group if i < len(earlier)]
        new = [drafts[i - len(earlier)] for i in group if i >= len(earlier)]
        if not new:
            continue
        claim_id = stored[0].id if stored else _insert(s, search_id, max(new, key=lambda draft: draft.salience))
        row = s.get_one(ClaimRow, claim_id)
        row.salience = max(row.salience, *(draft.salience for draft in new))
        row.evidence_done = False  # a new source must not stay counted as evidence
        for draft in new:
            s.add(ClaimSource(claim_id=claim_id, passage_id=passage_ids[draft.passage.order]))
            placed.append((claim_id, draft))
    return placed


def _store_cells(s: Session, placed: list[tuple[int, ClaimDraft]], tables: Tables, passage_ids: dict[int, int]) -> None:
    """Store the cells of the paper's tables that carry numbers of its claims.

    Two sources of a claim may find the same.
    """
    cells: set[tuple[int, int, str]] = set()
    for claim_id, draft in placed:
        for link in tables.links(draft):
            cell = passage_ids[link.cell.order]
            if (claim_id, cell, link.number) in cells:
                continue
            cells.add((claim_id, cell, link.number))
            against = passage_ids[link.against.order] if link.against else None
            row = ClaimCell(claim_id=claim_id, passage_id=cell, against_id=against, number=link.number)
            row.matched = list(link.matched)
            s.add(row)


def _stored_claims(s: Session, search_id: int) -> list[Stored]:
    rows = s.exec(select(ClaimRow).where(ClaimRow.search_id == search_id).order_by(col(ClaimRow.id))).all()
    predictions = defaultdict(list)
    for row in s.exec(
        select(PredictionRow)
        .join(ClaimRow, col(ClaimRow.id) == col(PredictionRow.claim_id))
        .where(ClaimRow.search_id == search_id)
        .order_by(col(PredictionRow.position))
    ).all():
        predictions[row.claim_id].append(as_prediction(row))
    return [Stored(int(row.id or 0), row.text, tuple(predictions[int(row.id or 0)])) for row in rows]


def _insert(s: Session, search_id: int, draft: ClaimDraft) -> int:
    row = ClaimRow(search_id=search_id, text=draft.text, kind=draft.kind.value, salience=draft.salience)
    s.add(row)
    s.flush()
    claim_id = int(row.id or 0)
    for position, p in enumerate(draft.predictions):
        s.add(
            PredictionRow(
                claim_id=claim_id,
                position=position,
                treatment=p.treatment,
                baseline=p.baseline,
                task=p.task,
                metric=p.metric,
                direction=p.direction,
                value=p.value,
                unit=p.unit,
                scope=p.scope,
                hedge=p.hedge,
            )
        )
    return claim_id
