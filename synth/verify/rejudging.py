"""A stored run judged once more: the verdict follows from what is in the database, or it does not."""

from __future__ import annotations

from collections.abc import Sequence
from math import isclose
from typing import Protocol

from repro.errors import LabError
from repro.experiments import experiment
from repro.recipes import recipe
from synth.core.errors import SynthError
from synth.core.estimate import Estimate
from synth.store.rows.stored import StoredGate, StoredProvenance, StoredSpec
from synth.verify.judge.failures import Failure
from synth.verify.judge.outcome import Outcome
from synth.verify.judge.rule import Rule
from synth.verify.judge.verdict import judge
from synth.verify.statistics.estimates import with_answers, with_covariates
from synth.verify.statistics.measurement import Measured

MAX_MEASUREMENTS = 1_000_000  # more than any experiment here has; a stranger's run could keep the judge busy for days


class Unjudgeable(Exception):
    """This program cannot judge the run; the message says why."""


class JudgedRun(Protocol):
    """Part of a stored run that judging takes."""

    @property
    def experiment(self) -> str: ...
    @property
    def fidelity(self) -> str: ...
    @property
    def spec(self) -> StoredSpec: ...
    @property
    def gate(self) -> StoredGate: ...
    @property
    def provenance(self) -> StoredProvenance: ...


def rejudged(run: JudgedRun, measurements: Sequence[Measured]) -> Outcome:
    """Return the outcome of a run by the rule that it registered.

    Raises Unjudgeable where the rule is of another version, or the experiment is not known here.
    """
    provenance = run.provenance
    if len(measurements) > MAX_MEASUREMENTS:
        raise Unjudgeable(f"it has more than {MAX_MEASUREMENTS:,} measurements")
    try:
        rule = Rule.of(run.spec["rule"])
        invalid = _invalid(run)
    except (LabError, ValueError) as error:
        raise Unjudgeable(str(error)) from error
    try:
        return judge(
            with_answers(
                with_covariates(measurements, provenance.get("covariates", [])),
                provenance.get("outcomes", []),
            ),
            rule,
            run.fidelity,
            run.gate,
            invalid,
            run.spec["altered"],
            provenance.get("analysis", {}).get("family_of"),
            [Failure.of(row) for row in provenance.get("failures", [])],
        )
    except (SynthError, LabError) as error:
        raise Unjudgeable(str(error)) from error


def _invalid(run: JudgedRun) -> dict[str, str]:
    """Return the arms that carry nothing. Of a command of one's own nothing is known but what it measured."""
    if {"command", "table"} & run.spec["laboratory"].get("params", {}).keys():
        return {}
    return dict(recipe(experiment(run.experiment).recipe).invalid(run.provenance.get("training", [])))


def differences(verdict: str, stored: Estimate, outcome: Outcome) -> list[str]:
    """List in words what of a stored verdict and its estimate the outcome does not give again."""
    estimate = outcome.estimate
    pairs = [
        ("estimate", stored.value, estimate.value),
        ("lower end", stored.low, estimate.low),
        ("upper end", stored.high, estimate.high),
    ]
    changes = [f"{name} {then} is now {now}" for name, then, now in pairs if not _same(then, now)]
    if verdict != outcome.verdict:
        changes.insert(0, f"verdict “{verdict}” is now “{outcome.verdict}”")
    if stored.seeds != estimate.seeds:
        changes.append(f"{stored.seeds} seeds are now {estimate.seeds}")
    return changes


def _same(then: float | None, now: float | None) -> bool:
    if then is None or now is None:
        return then is now
    return isclose(then, now, rel_tol=1e-9, abs_tol=1e-9)
