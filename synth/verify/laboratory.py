"""Experiments of the laboratory, with the claims of the workspace that each can test."""

from __future__ import annotations

from dataclasses import dataclass

from repro.artifacts import Store as ArtifactStore
from repro.data.library import Library
from repro.design.deviations import DeviationCode
from repro.design.experiment import Experiment
from repro.experiments import all_experiments, experiment
from repro.plan.plan import Plan
from repro.plan.planner import make_plan
from synth.core.errors import UsageError
from synth.core.reasons import Reason
from synth.core.reasons.differences import Difference
from synth.core.types import JsonValue
from synth.core.workspace import Workspace
from synth.store import views
from synth.store.database import reading
from synth.store.rows.mapping import as_json, json_row
from synth.verify.laboratory_errors import as_synth_errors

JOBS = 2  # stages side by side, for the estimate of a plan's duration


@dataclass(frozen=True)
class OfferedFidelity:
    """A fidelity of an experiment on this machine, with its plan; without one `why_not` says what it lacks."""

    name: str
    plan: Plan | None
    why_not: str = ""

    def as_json(self) -> dict[str, JsonValue]:
        """Return the JSON object of `synth experiments --json`."""
        plan = self.plan
        if plan is None:
            return {"fidelity": self.name, "available": False, "why_not": self.why_not}
        return {
            "fidelity": self.name,
            "available": True,
            "seeds": as_json(plan.seeds),
            "stages": len(plan.stages),
            "cached": cached(plan),
            "seconds": plan.wall_seconds(JOBS),
            "unmeasured": unmeasured(plan),
            "power": {name: {**json_row(power), "said": str(power)} for name, power in plan.power.items()},
            "deviations": as_json(plan.deviations),
            "deviation_codes": as_json([reason.stored() for _, reason in coded(plan)]),
        }


@dataclass(frozen=True)
class ExperimentOverview:
    """An experiment with its fidelities on this machine, and the claims of the workspace that it can test."""

    experiment: Experiment
    fidelities: tuple[OfferedFidelity, ...]
    claims: tuple[int, ...]

    def as_json(self) -> dict[str, JsonValue]:
        """Return the JSON object of `synth experiments --json`."""
        entry = self.experiment
        return {
            "id": entry.id,
            "title": entry.title,
            "question": entry.question,
            "power": entry.power,
            "arms": as_json(entry.arms),
            "contrasts": as_json(entry.contrasts),
            "fidelities": [fidelity.as_json() for fidelity in self.fidelities],
            "claims": as_json(self.claims),
            "hash": entry.hash,
        }


def cached(plan: Plan) -> int:
    """Count the stages that earlier runs have finished."""
    return sum(stage.cached for stage in plan.stages)


def unmeasured(plan: Plan) -> int:
    """Count the stages to go that were never timed on this machine."""
    return sum(not stage.cached and stage.seconds is None for stage in plan.stages)


def overview(workspace: Workspace, wanted: str | None = None) -> list[ExperimentOverview]:
    """List all experiments, or the one asked for. UsageError for an unknown id."""
    with as_synth_errors(UsageError):
        own = workspace.experiments
        wanted_experiments = [experiment(wanted, own)] if wanted else list(all_experiments(own).values())
    claims = _claims(workspace)
    store, library = ArtifactStore(workspace.artifacts), Library.default(workspace.data)
    return [
        ExperimentOverview(
            entry,
            tuple(_offered(entry, name, store, library) for name in entry.fidelities),
            tuple(claims.get(entry.id, ())),
        )
        for entry in wanted_experiments
    ]


def _claims(workspace: Workspace) -> dict[str, list[int]]:
    """Map experiment ids to the listed claims linked to them; empty without a workspace."""
    if not workspace.database.exists():
        return {}
    with reading(workspace.database) as connection:
        return views.testable(connection)


def _offered(entry: Experiment, fidelity: str, store: ArtifactStore, library: Library) -> OfferedFidelity:
    try:
        with as_synth_errors(UsageError):
            return OfferedFidelity(fidelity, make_plan(entry, fidelity, store, library=library))
    except UsageError as error:
        return OfferedFidelity(fidelity, None, f"{error.what} {error.do}")


def coded(plan: Plan) -> list[tuple[DeviationCode, Reason[Difference]]]:
    """Return the laboratory's own differences from the published setting, with the code it gives each."""
    pairs = zip(plan.deviation_codes, plan.deviations, strict=True)
    return [(code, Reason(Difference(code.value), {"text": text})) for code, text in pairs]
