"""Experiments of the laboratory, with the claims of the workspace that each can test."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

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
from synth.core.workspace import Workspace
from synth.store import views
from synth.store.database import reading
from synth.verify.laboratory_errors import as_synth_errors

JOBS = 2  # stages side by side, for the estimate of a plan's duration


def overview(workspace: Workspace, wanted: str | None = None) -> list[dict[str, Any]]:
    """List all experiments, or the one asked for. UsageError for an unknown id."""
    with as_synth_errors(UsageError):
        own = workspace.experiments
        wanted_experiments = [experiment(wanted, own)] if wanted else list(all_experiments(own).values())
    claims = _claims(workspace)
    store, library = ArtifactStore(workspace.artifacts), Library.default(workspace.data)
    return [_row(entry, claims.get(entry.id, []), store, library) for entry in wanted_experiments]


def _claims(workspace: Workspace) -> dict[str, list[int]]:
    """Map experiment ids to the listed claims linked to them; empty without a workspace."""
    if not workspace.database.exists():
        return {}
    with reading(workspace.database) as connection:
        return views.testable(connection)


def _row(entry: Experiment, claims: list[int], store: ArtifactStore, library: Library) -> dict[str, Any]:
    return {
        "id": entry.id,
        "title": entry.title,
        "question": entry.question,
        "power": entry.power,
        "arms": [asdict(arm) for arm in entry.arms],
        "contrasts": [asdict(contrast) for contrast in entry.contrasts],
        "fidelities": [_rung(entry, name, store, library) for name in entry.fidelities],
        "claims": claims,
        "hash": entry.hash,
    }


def _rung(entry: Experiment, fidelity: str, store: ArtifactStore, library: Library) -> dict[str, Any]:
    try:
        with as_synth_errors(UsageError):
            plan = make_plan(entry, fidelity, store, library=library)
    except UsageError as error:
        return {"fidelity": fidelity, "available": False, "why_not": f"{error.what} {error.do}"}
    todo = [stage for stage in plan.stages if not stage.cached]
    known = [stage.seconds for stage in todo if stage.seconds is not None]
    return {
        "fidelity": fidelity,
        "available": True,
        "seeds": list(plan.seeds),
        "stages": len(plan.stages),
        "cached": len(plan.stages) - len(todo),
        "seconds": plan.wall_seconds(JOBS),
        "unmeasured": len(todo) - len(known),
        "power": {name: {**asdict(entry), "said": str(entry)} for name, entry in plan.power.items()},
        "deviations": list(plan.deviations),
        "deviation_codes": [reason.stored() for _, reason in coded(plan)],
    }


def coded(plan: Plan) -> list[tuple[DeviationCode, Reason[Difference]]]:
    """Return the laboratory's own differences from the published setting, with the code it gives each."""
    pairs = zip(plan.deviation_codes, plan.deviations, strict=True)
    return [(code, Reason(Difference(code.value), {"text": text})) for code, text in pairs]
