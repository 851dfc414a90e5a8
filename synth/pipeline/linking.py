"""Link every prediction to the experiments that can test it, or say why none can."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlmodel import Session, col, select

from repro.registry import experiments
from synth.store.tables import ClaimRow, Link, PredictionRow
from synth.types import Prediction
from synth.verdicts.linking import fits, why_not

if TYPE_CHECKING:
    from synth.pipeline.search import Job


def asked() -> list[dict[str, Any]]:
    """What the experiments ask: id, question, ids of the contrasts."""
    known = experiments().values()
    return [{"id": e.id, "question": e.question, "contrasts": [c.id for c in e.contrasts]} for e in known]


def link(job: Job) -> None:
    """(Re)link the claims of the search. Cheap, and the experiments may have changed since the last time."""
    with job.store.session() as s:
        rows = s.exec(select(ClaimRow).where(ClaimRow.search_id == job.search_id).order_by(col(ClaimRow.id))).all()
        for claim in rows:
            link_claim(s, claim)
    job.progress("link", 1, 1)


def link_claim(s: Session, claim: ClaimRow) -> None:
    """Replace the links of `claim` by those that its predictions have now."""
    known = experiments().values()
    rows = s.exec(
        select(PredictionRow).where(PredictionRow.claim_id == claim.id).order_by(col(PredictionRow.position))
    ).all()
    for old in s.exec(select(Link).where(Link.claim_id == claim.id)).all():
        s.delete(old)
    s.flush()
    linked = False
    for row in rows:
        for fit in fits(as_prediction(row), known):
            linked = True
            s.add(
                Link(
                    claim_id=int(claim.id or 0),
                    prediction_id=int(row.id or 0),
                    experiment=fit.experiment,
                    contrast=fit.contrast,
                    strength=fit.strength,
                    matched=fit.matched,
                    unmatched=fit.unmatched,
                )
            )
    claim.why_not_testable = "" if linked else why_not([as_prediction(row) for row in rows], known, kind=claim.kind)


def as_prediction(row: PredictionRow) -> Prediction:
    return Prediction(
        treatment=row.treatment,
        baseline=row.baseline,
        task=row.task,
        metric=row.metric,
        direction=row.direction,
        value=row.value,
        unit=row.unit,
        scope=row.scope,
        hedge=row.hedge,
    )
