"""Shapes of the JSON that runs store: specification, gate, stages, provenance.

They are read as they were written, by this version or an earlier one, so that hashes can be taken of them again;
every key may be absent.
"""

from __future__ import annotations

from typing import TypedDict

from synth.core.types import JsonValue


class StoredRule(TypedDict, total=False):
    """The decision rule (`synth.verify.judge.rule.Rule`), registered before the run."""

    treatment: str
    baseline: str
    metric: str
    control_metric: str
    direction: str
    value: float | None
    sesoi: float
    alpha: float
    minimum_seeds: int
    unit: str
    statistic: str
    covariate: str
    languages: list[str]
    repeats: list[list[int]]
    direction_only: str
    baseline_metric: str
    rounding: float
    spread: float
    looks: list[tuple[int, float]]
    predictions: int
    rivals: list[str]
    published_baseline: float | None
    futile: float
    unit_of_replication: str


class StoredArm(TypedDict, total=False):
    """An arm as the laboratory describes it."""

    name: str
    role: str
    description: str


class StoredLaboratory(TypedDict, total=False):
    """The laboratory's own specification, as far as readers use it."""

    seeds: list[int]
    arms: list[StoredArm]
    distances: dict[str, float]
    params: dict[str, JsonValue]


class StoredSpec(TypedDict, total=False):
    """Everything that was fixed before a run; its hash is the registered one."""

    claim: int
    rule: StoredRule
    deviations: list[str]
    altered: bool
    laboratory: StoredLaboratory


class StoredGate(TypedDict, total=False):
    """Outcome of the gate: did the run measure anything at all."""

    passed: bool
    reason: str
    numbers: dict[str, JsonValue]


class StoredStage(TypedDict, total=False):
    """A stage of a run; `cached`: an earlier run had finished it."""

    name: str
    cached: bool
    seconds: float


class StoredTraining(TypedDict, total=False):
    """Accuracy of one arm on one of its own tasks with one seed; shares, not per cent."""

    arm: str
    task: str
    seed: int
    metric: str
    accuracy: float
    shortcut: float
    chance: float
    learnt: bool
    examples: int
    published: int


class StoredCurve(TypedDict, total=False):
    """Losses of one training: (step, loss)."""

    arm: str
    stage: str
    name: str
    seed: int | None
    losses: list[tuple[int, float | None]]


class StoredAnalysis(TypedDict, total=False):
    """Numbers that the judge computed beside the estimate."""

    family_of: dict[str, str]


class StoredProvenance(TypedDict, total=False):
    """The origin of a run's numbers, and what was kept of them beside the measurements."""

    commit: str
    modified: bool
    versions: dict[str, str]
    device: str
    data: dict[str, str]
    seeds: list[int]
    training: list[StoredTraining]
    curves: list[StoredCurve]
    covariates: list[dict[str, str | float]]  # of a seed and a language, by name
    outcomes: list[dict[str, JsonValue]]
    failures: list[dict[str, JsonValue]]  # seeds of an arm without a measurement: arm, seed, code, parameters
    analysis: StoredAnalysis
