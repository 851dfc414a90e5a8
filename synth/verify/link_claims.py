"""Link every prediction to the experiments that can test it, or say why none can."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from repro.design.experiment import Experiment
from repro.experiments import all_experiments
from synth.core.errors import SynthError
from synth.core.reasons.untestable import sentence
from synth.core.types import Prediction
from synth.models.encoder import Encoder
from synth.store.tables import ClaimRow, Link, PredictionRow
from synth.verify.declared import declared_links
from synth.verify.linking.candidates import ContrastFit, fits, phrases
from synth.verify.linking.matching import Nearness
from synth.verify.linking.nearest import why_not

if TYPE_CHECKING:
    from synth.store.job import Job


@dataclass(frozen=True)
class OfferedExperiment:
    """Question of an experiment, and the ids of its contrasts."""

    id: str
    question: str
    contrasts: tuple[str, ...]


def asked(folder: Path | None = None) -> list[OfferedExperiment]:
    """List what the experiments ask, those of one's own in `folder` among them."""
    offered = all_experiments(folder).values()
    return [OfferedExperiment(e.id, e.question, tuple(c.id for c in e.contrasts)) for e in offered]


def link(job: Job) -> None:
    """Link the claims of the search anew: the experiments may have changed since the last time.

    Without the sentence encoder words alone are compared, which finds less.
    """
    with job.store.session() as s:
        rows = s.exec(select(ClaimRow).where(ClaimRow.search_id == job.search_id).order_by(col(ClaimRow.id))).all()
        predicted = {int(claim.id or 0): _predictions(s, claim) for claim in rows}
        encoder = Encoder(job.settings.encoder, cache=job.workspace.embeddings)
        offered = list(all_experiments(job.workspace.experiments).values())
        near = _nearness(encoder, offered, [(c.text, predicted[int(c.id or 0)]) for c in rows])
        for claim in rows:
            link_claim(s, claim, offered, near)
    job.progress("link", 1, 1)


def _predictions(s: Session, claim: ClaimRow) -> Sequence[PredictionRow]:
    statement = select(PredictionRow).where(PredictionRow.claim_id == claim.id)
    return s.exec(statement.order_by(col(PredictionRow.position))).all()


def _nearness(
    encoder: Encoder, offered: Sequence[Experiment], claims: Sequence[tuple[str, Sequence[PredictionRow]]]
) -> Nearness | None:
    """Return the cosine of two texts among those that linking compares, encoded at once; None without an encoder."""
    declared = [phrase for e in offered for contrast in e.contrasts for phrase in phrases(contrast)]
    claimed = [
        phrase
        for text, rows in claims
        for row in rows
        for phrase in (text, row.treatment, row.baseline, row.metric, row.scope.get("languages", ""))
    ]
    texts = sorted({text for text in (*declared, *claimed) if text})
    if not claimed:
        return None
    try:
        vectors = dict(zip(texts, encoder.encode(texts), strict=True))
    except SynthError:  # no encoder at hand
        return None
    return lambda one, other: float(vectors[one] @ vectors[other]) if one in vectors and other in vectors else 0.0


def link_claim(s: Session, claim: ClaimRow, offered: Sequence[Experiment], near: Nearness | None = None) -> None:
    """Replace the links of `claim` by those to the experiments that are `offered` now."""
    rows = _predictions(s, claim)
    for old in s.exec(select(Link).where(Link.claim_id == claim.id)).all():
        s.delete(old)
    s.flush()
    linked = declared_links(s, claim, offered) > 0
    for row in rows:
        for fit in fits(as_prediction(row), offered, claim.text, near):
            if _is_declared(claim, fit, offered):
                continue
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
                    unmatched_codes={slot: reason.stored() for slot, reason in fit.differences.items()},
                )
            )
    why = None if linked else why_not([as_prediction(row) for row in rows], offered, kind=claim.kind)
    claim.why_not_testable = sentence(why)
    claim.why_not_testable_code = why.code if why else ""
    claim.why_not_testable_parameters = dict(why.parameters) if why else {}


def _is_declared(claim: ClaimRow, fit: ContrastFit, offered: Sequence[Experiment]) -> bool:
    """Return True if the experiment's author has already linked the contrast to the claim."""
    tested = next(each for each in offered if each.id == fit.experiment)
    return fit.contrast in tested.declared and claim.id in tested.declared[fit.contrast].claims


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
