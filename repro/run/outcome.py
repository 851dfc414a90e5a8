"""The outcome of a run: measurements, gate, training, provenance, gathered from the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any, cast

from repro.artifacts import Store
from repro.design.experiment import GateRule
from repro.design.stage_parameters import NamedModules
from repro.hashing import digest
from repro.machine import processor
from repro.plan.plan import Plan
from repro.plan.stages import Stage
from repro.published.parameters import FittedTerms
from repro.recipes import recipe
from repro.run import gate, provenance
from repro.run.gate import Measurement
from repro.stages import read_json

CURVE = 40  # points of a training curve


@dataclass(frozen=True)
class Outcome:
    """The measurements of a run and all that belongs to them. Accuracies are percentages.

    `measurements`: {arm, seed, language, distance, metric, value, n}. `training`: what the arms' own tasks reached,
    {arm, seed, task, accuracy, shortcut, chance, decisions, learnt}; here accuracies are shares. `invalid`: arm → why
    its measurements say nothing. `stages`: {name, key, cached, seconds}. `curves`: {arm, seed, stage, name, losses},
    the loss of every training in at most CURVE points [step, mean loss of the steps since the last point].
    `failures`: {arm, seed, code, parameters}, the seeds of an arm that have no measurement, and why.
    """

    measurements: tuple[Measurement, ...]
    gate: gate.Gate
    training: tuple[dict[str, Any], ...]
    invalid: dict[str, str]
    stages: tuple[dict[str, Any], ...]
    provenance: dict[str, Any]
    curves: tuple[dict[str, Any], ...] = ()
    failures: tuple[dict[str, Any], ...] = ()

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def collect(plan: Plan, store: Store, seconds: dict[str, float], jobs: int) -> Outcome:
    measurements: list[Measurement] = []
    training: list[dict[str, Any]] = []
    curves: list[dict[str, Any]] = []
    stages, failures = [], []
    for stage in plan.stages:
        folder = store.read(stage.key)
        own = {"arm": stage.arm, "seed": stage.seed, **_target(stage)}
        if (folder / "measurements.json").is_file():
            rows = read_json(folder / "measurements.json")
            measurements += [cast(Measurement, {**own, **row}) for row in rows]
        if (folder / "failure.json").is_file():
            failures.append({**own, **read_json(folder / "failure.json")})
        if (folder / "training.json").is_file():
            losses = read_json(folder / "training.json").get("losses", [])
            about = {"stage": stage.node.kind, "name": stage.node.label}
            curves.append({**own, **about, "losses": thinned(losses)})
        if stage.node.kind == "tune":
            tasks = read_json(folder / "training.json")["tasks"]
            training += [{**own, "task": name, **facts} for name, facts in tasks.items()]
        cached = stage.name not in seconds
        took = store.manifest(stage.key)["seconds"] if cached else round(seconds[stage.name], 3)
        stages.append({"name": stage.name, "key": stage.key, "cached": cached, "seconds": took})
    return Outcome(
        measurements=tuple(measurements),
        gate=gate.judge(measurements, cast(GateRule, plan.spec["gate"])),
        training=tuple(training),
        invalid={**recipe(plan.experiment.recipe).invalid(training), **plan.absent},
        stages=tuple(stages),
        provenance={
            **provenance.environment(jobs),
            "device": _devices(plan, store),
            "spec_hash": plan.spec_hash,
            "experiment_hash": plan.experiment.hash,
            "seeds": list(plan.seeds),
            "data": {
                stage.name: digest(store.manifest(stage.key)["files"])
                for stage in plan.stages
                if stage.node.kind in ("languages", "corpus", "checkpoint")
            }
            | {
                name: plan.library.locate(name, layout=form).checksum
                for stage in plan.stages
                for name, form in stage.node.data
            }
            | {
                stage.name: FittedTerms.read(stage.node.params).checksum
                for stage in plan.stages
                if stage.node.kind == "reanalysis"
            },
        },
        curves=tuple(curve for curve in curves if curve["losses"]),
        failures=tuple(failures),
    )


def thinned(losses: Sequence[float], points: int = CURVE) -> list[list[float]]:
    """Return [step, mean loss since the last point] in windows of one length; the last one may be shorter."""
    window = max(1, -(-len(losses) // points))
    parts = [losses[start : start + window] for start in range(0, len(losses), window)]
    return [[i * window + len(part), round(fmean(part), 4)] for i, part in enumerate(parts)]


def _devices(plan: Plan, store: Store) -> str:
    """Return what the stages were computed on; "" for a plan without stages."""
    stated = {store.manifest(stage.key).get("device") for stage in plan.stages}
    return "; ".join(sorted(filter(None, stated))) or f"cpu ({processor()})"


def _target(stage: Stage) -> dict[str, str]:
    target = NamedModules.read(stage.node.params).target
    return {} if target is None else {"target": target}
