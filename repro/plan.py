"""What a run would do, before it does it: arms, seeds, stages with their cost, and the specification that is hashed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

from repro.artifacts import Store
from repro.canonical import digest
from repro.errors import LabError
from repro.languages import ENGLISH, Language, distance
from repro.registry import Arm, Contrast, Experiment, Fidelity, recipe
from repro.schema import check
from repro.stages import code_version

MINIMUM_SEEDS = 2  # one seed says nothing about how much seeds differ


@dataclass(frozen=True)
class Node:
    """A stage as a recipe describes it. `needs`: names of the nodes it reads, by the role they play for it.

    `label` is what the stage is called whatever the seed; stages with the same label cost about the same.
    """

    label: str
    kind: str  # a module of repro.stages
    seed: int
    params: Mapping[str, Any]
    needs: Mapping[str, str] = field(default_factory=dict)
    arm: str = ""  # the arm whose result it is; "" for what several arms share

    @property
    def name(self) -> str:
        return f"{self.label}, seed {self.seed}"


@dataclass(frozen=True)
class Stage:
    """A node with its key in the store. `seconds`: expected, on one core; 0 if cached, None if never measured."""

    node: Node
    key: str
    cost_key: str
    cached: bool
    seconds: float | None

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def needs(self) -> tuple[str, ...]:
        return tuple(self.node.needs.values())

    @property
    def arm(self) -> str:
        return self.node.arm

    @property
    def seed(self) -> int:
        return self.node.seed


@dataclass(frozen=True)
class Plan:
    experiment: Experiment
    fidelity: Fidelity
    arms: tuple[Arm, ...]
    contrasts: tuple[Contrast, ...]
    seeds: tuple[int, ...]
    stages: tuple[Stage, ...]  # each after those it needs
    deviations: tuple[str, ...]
    spec: Mapping[str, Any]  # everything that is fixed before the run
    spec_hash: str

    def stage(self, name: str) -> Stage:
        return next(stage for stage in self.stages if stage.name == name)

    def wall_seconds(self, jobs: int) -> float | None:
        """Expected duration with `jobs` stages side by side: the longest chain, or the work shared out if longer."""
        if any(stage.seconds is None for stage in self.stages):
            return None
        ends: dict[str, float] = {}
        for stage in self.stages:
            ends[stage.name] = (stage.seconds or 0) + max((ends[name] for name in stage.needs), default=0)
        return max(*ends.values(), sum(stage.seconds or 0 for stage in self.stages) / jobs)

    def to_json(self) -> dict[str, Any]:
        return {
            "experiment": self.experiment.id,
            "fidelity": self.fidelity.name,
            "arms": [arm.name for arm in self.arms],
            "seeds": list(self.seeds),
            "stages": [{"name": s.name, "cached": s.cached, "seconds": s.seconds} for s in self.stages],
            "deviations": list(self.deviations),
            "spec_hash": self.spec_hash,
        }


def make_plan(
    experiment: Experiment,
    fidelity: str,
    store: Store,
    seeds: int | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> Plan:
    """The plan of `experiment` at `fidelity` with seeds 1..`seeds` (default: the rule's minimum).

    `overrides` change parameters of the rung (nested like them) and are listed as a deviation. Raises LabError where
    the rung is unknown or not available, and for fewer than two seeds.
    """
    rung = _rung(experiment, fidelity)
    count = experiment.minimum_seeds if seeds is None else seeds
    if count < MINIMUM_SEEDS:
        raise LabError(
            f"{count} seed is too few: how much seeds differ would stay unknown"
            if count == 1
            else f"{count} seeds cannot be run",
            f"use at least {MINIMUM_SEEDS} seeds; the rule of {experiment.id} asks for {experiment.minimum_seeds}",
        )
    rules = recipe(experiment.recipe)
    params = merge(rung.params, overrides or {})
    check(params, rules.PARAMS, f"{experiment.id} at {fidelity}")
    chosen = tuple(range(1, count + 1))
    nodes = [node for seed in chosen for node in rules.nodes(experiment, params, seed)]
    stages = _stages(nodes, rung, store)
    deviations = list(rung.deviations)
    if overrides:
        deviations.append(f"Parameters changed by hand for this run: {_words(overrides)}.")
    if count < experiment.minimum_seeds:
        deviations.append(f"{count} seeds instead of the {experiment.minimum_seeds} that the decision rule asks for.")
    spec = {
        "experiment": experiment.id,
        "experiment_hash": experiment.hash,
        "fidelity": fidelity,
        "params": params,
        "arms": [asdict(arm) for arm in experiment.arms],
        "seeds": list(chosen),
        "contrasts": [asdict(contrast) for contrast in experiment.contrasts],
        "rule": {"alpha": experiment.alpha, "minimum_seeds": experiment.minimum_seeds},
        "gate": dict(experiment.gate),
        "deviations": deviations,
        "distances": _distances(params),
        "stages": {stage.name: stage.key for stage in stages},
    }
    return Plan(
        experiment=experiment,
        fidelity=rung,
        arms=experiment.arms,
        contrasts=experiment.contrasts,
        seeds=chosen,
        stages=stages,
        deviations=tuple(deviations),
        spec=spec,
        spec_hash=digest(spec),
    )


def _distances(params: Mapping[str, Any]) -> dict[str, float]:
    """Typological distance from English by language code: the axis along which results are read."""
    return {row["code"]: distance(ENGLISH, Language(**row)) for row in params["languages"]["others"]}


def _rung(experiment: Experiment, name: str) -> Fidelity:
    rung = experiment.fidelities.get(name)
    if rung is None:
        raise LabError(f"{experiment.id} has no fidelity {name!r}", f"it has {', '.join(experiment.fidelities)}")
    if not rung.available:
        raise LabError(f"{experiment.id} cannot run at {name!r} here: {rung.why}", f"it would need {rung.needs}")
    return rung


def _stages(nodes: list[Node], rung: Fidelity, store: Store) -> tuple[Stage, ...]:
    """Keys from content: what a stage is made by, with, and from. Nodes come after those they need."""
    durations = store.durations()
    keys: dict[str, str] = {}
    stages = []
    for node in nodes:
        key = digest(
            {
                "kind": node.kind,
                "code": code_version(node.kind, tuple(node.params.get("tasks", ()))),
                "params": node.params,
                "seed": node.seed,
                "inputs": {role: keys[name] for role, name in node.needs.items()},
            }
        )
        keys[node.name] = key
        cost_key = digest({"label": node.label, "params": node.params})
        measured = durations.get(cost_key)
        seconds = round(median(measured), 1) if measured else rung.seconds.get(node.label)
        cached = store.has(key)
        stages.append(Stage(node, key, cost_key, cached, 0.0 if cached else seconds))
    return tuple(stages)


def merge(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with `changes` put over it, table by table; lists are replaced whole."""
    merged = dict(base)
    for key, value in changes.items():
        old = merged.get(key)
        merged[key] = merge(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return merged


def _words(changes: Mapping[str, Any], prefix: str = "") -> str:
    return ", ".join(
        _words(value, f"{prefix}{key}.") if isinstance(value, Mapping) else f"{prefix}{key} = {value}"
        for key, value in changes.items()
    )
