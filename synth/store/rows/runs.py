"""Views of experiments: predictions with what can test them, runs, measurements, verdicts."""

from __future__ import annotations

from dataclasses import dataclass, field

from synth.core.reasons import StoredReason
from synth.store.rows.stored import (
    StoredAnalysis,
    StoredGate,
    StoredProvenance,
    StoredSpec,
    StoredStage,
)


@dataclass(frozen=True)
class LinkView:
    """A contrast of an experiment that can test a prediction; slot by slot what matches and what does not."""

    id: int
    claim_id: int
    prediction_id: int
    experiment: str
    contrast: str
    strength: float
    matched: dict[str, str]
    unmatched: dict[str, str]
    unmatched_codes: dict[str, StoredReason]


@dataclass(frozen=True)
class PredictionView:
    """A stored prediction (`synth.core.types.Prediction`) with the contrasts that can test it, best first."""

    id: int
    treatment: str
    baseline: str
    task: str
    metric: str
    direction: str
    value: float | None
    unit: str
    scope: dict[str, str]
    hedge: str
    links: tuple[LinkView, ...] = ()


@dataclass(frozen=True)
class MeasurementView:
    """A value of one arm with one seed in one language; `n`: items behind it."""

    arm: str
    seed: int
    language: str
    metric: str
    value: float
    n: int | None


@dataclass(frozen=True)
class VerdictView:
    """A verdict with the run that it rests on, as `verify --json` gives it.

    `analysis`: what stands beside the estimate; `changed`: what is different from the verdict before it on the same
    prediction, a line each.
    """

    id: int
    claim: int
    experiment: str
    contrast: str
    fidelity: str
    prediction_id: int
    run_id: int
    verdict: str
    estimate: float | None
    level: float
    unit: str
    seeds: int
    reason: str
    reason_codes: tuple[StoredReason, ...]
    deviations: tuple[str, ...]
    deviation_codes: tuple[StoredReason, ...]
    created: str
    spec_hash: str
    registered: str
    started: str | None
    finished: str | None
    seconds: float | None
    gate: StoredGate
    stages: tuple[StoredStage, ...]
    provenance: StoredProvenance
    spec: StoredSpec
    ci: tuple[float | None, float | None]
    prediction: PredictionView
    measurements: tuple[MeasurementView, ...]
    run_ids: tuple[int, ...]
    analysis: StoredAnalysis
    changed: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class RunView:
    """A run of a claim, ended or not."""

    id: int
    claim: int
    experiment: str
    fidelity: str
    state: str
    error: str
    registered: str


@dataclass(frozen=True)
class StoredRunView:
    """A run as it is stored, with the names of its columns."""

    id: int
    claim_id: int
    prediction_id: int
    experiment: str
    contrast: str
    fidelity: str
    spec: StoredSpec
    spec_hash: str
    registered: str
    state: str
    started: str | None
    finished: str | None
    seconds: float | None
    gate: StoredGate
    stages: tuple[StoredStage, ...]
    provenance: StoredProvenance
    error: str


@dataclass(frozen=True)
class StoredVerdictView:
    """A verdict as it is stored, with the names of its columns. Those of earlier versions have no codes."""

    id: int
    claim_id: int
    prediction_id: int
    run_id: int
    verdict: str
    fidelity: str
    estimate: float | None
    ci_low: float | None
    ci_high: float | None
    level: float
    unit: str
    seeds: int
    reason: str
    reason_codes: tuple[StoredReason, ...]
    deviations: tuple[str, ...]
    deviation_codes: tuple[StoredReason, ...]
    created: str
