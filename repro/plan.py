"""What a run would do, before it does it: arms, seeds, stages with their cost, and the specification that is hashed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from repro.artifacts import Store
from repro.canonical import digest
from repro.checkpoints import find, fingerprint
from repro.data import Library
from repro.errors import LabError
from repro.languages import ENGLISH, distance, of_row
from repro.nodes import Node, needed, present
from repro.registry import Arm, Contrast, Experiment, Fidelity, merge, recipe
from repro.schema import check
from repro.stages import code_version, module

MINIMUM_SEEDS = 2  # one seed says nothing about how much seeds differ


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
        """The seed whose result it is."""
        return self.node.seed if self.node.at is None else self.node.at


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
    library: Library
    altered: bool  # parameters were changed by hand: it is not the registered setting any more
    absent: Mapping[str, str]  # arm → why it is left out

    def stage(self, name: str) -> Stage:
        return next(stage for stage in self.stages if stage.name == name)

    def wall_seconds(self, jobs: int) -> float | None:
        """Expected duration with `jobs` stages side by side: the longest chain, or the work shared out if longer."""
        if any(stage.seconds is None for stage in self.stages):
            return None
        ends: dict[str, float] = {}
        for stage in self.stages:
            ends[stage.name] = (stage.seconds or 0) + max((ends[name] for name in stage.needs), default=0)
        return max([*ends.values(), sum(stage.seconds or 0 for stage in self.stages) / jobs])

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
    library: Library | None = None,
    contrast: str = "",
    online: bool = False,
) -> Plan:
    """The plan of `experiment` at `fidelity` with seeds 1..`seeds` (default: the rule's minimum).

    `overrides` change parameters of the rung (nested like them) and are listed as a deviation. `contrast`: only the
    arms that it compares, and those of the gate. `online`: a model that is not at hand is fetched. Raises LabError
    where the rung is unknown, where it lacks data or a model, and for fewer than two seeds.
    """
    rung = _rung(experiment, fidelity)
    library = library or Library.default()
    chosen = _seeds(experiment, seeds)
    rules = recipe(experiment.recipe)
    params = merge(rung.params, overrides or {})
    check(params, rules.PARAMS, f"{experiment.id} at {fidelity}")
    gate = {**experiment.gate, **rung.gate}
    arms = _arms(experiment, contrast, gate)
    found = {node.name: node for seed in chosen for node in rules.nodes(experiment, params, seed)}
    nodes, absent = present(needed(found, {arm.name for arm in arms}), library)
    _check_tested(experiment, contrast, absent)
    stages = _stages(nodes, rung, store, library, online)
    deviations = [
        *rung.deviations,
        *_stand_ins(nodes),
        *(f"Arm {arm} is left out: {why}." for arm, why in absent.items()),
        *_changes(experiment, overrides or {}, chosen),
    ]
    spec = {
        "experiment": experiment.id,
        "experiment_hash": experiment.hash,
        "fidelity": fidelity,
        "params": params,
        "arms": [asdict(arm) for arm in arms],
        "seeds": list(chosen),
        "contrasts": [asdict(one) for one in experiment.contrasts],
        "rule": {"alpha": experiment.alpha, "minimum_seeds": experiment.minimum_seeds},
        "gate": gate,
        "deviations": deviations,
        "distances": _distances(params),
        "stages": {stage.name: stage.key for stage in stages},
    }
    return Plan(
        experiment=experiment,
        fidelity=rung,
        arms=arms,
        contrasts=experiment.contrasts,
        seeds=chosen,
        stages=stages,
        deviations=tuple(deviations),
        spec=spec,
        spec_hash=digest(spec),
        library=library,
        altered=bool(overrides),
        absent=absent,
    )


def _changes(experiment: Experiment, overrides: Mapping[str, Any], seeds: tuple[int, ...]) -> list[str]:
    """What the user made different, in words."""
    found = []
    if overrides:
        found.append(f"Parameters changed by hand for this run: {_words(overrides)}.")
    if len(seeds) < experiment.minimum_seeds:
        asked = experiment.minimum_seeds
        found.append(f"{len(seeds)} seeds instead of the {asked} that the decision rule asks for.")
    return found


def _arms(experiment: Experiment, contrast: str, gate: Mapping[str, Any]) -> tuple[Arm, ...]:
    if not contrast:
        return experiment.arms
    tested = next((c for c in experiment.contrasts if c.id == contrast), None)
    if tested is None:
        known = ", ".join(c.id for c in experiment.contrasts)
        raise LabError(f"{experiment.id} has no contrast {contrast!r}", f"it has {known}")
    wanted = {tested.treatment, tested.baseline, gate["arm"], gate["control"]}
    return tuple(arm for arm in experiment.arms if arm.name in wanted)


def _check_tested(experiment: Experiment, contrast: str, absent: Mapping[str, str]) -> None:
    """LabError if an arm that the contrast compares is left out."""
    for one in experiment.contrasts:
        for arm in (one.treatment, one.baseline):
            if one.id == contrast and arm in absent:
                raise LabError(absent[arm], "get what is missing, or choose another fidelity")


def _seeds(experiment: Experiment, wanted: int | None) -> tuple[int, ...]:
    count = experiment.minimum_seeds if wanted is None else wanted
    if count < MINIMUM_SEEDS:
        raise LabError(
            f"{count} seed is too few: how much seeds differ would stay unknown"
            if count == 1
            else f"{count} seeds cannot be run",
            f"use at least {MINIMUM_SEEDS} seeds; the rule of {experiment.id} asks for {experiment.minimum_seeds}",
        )
    return tuple(range(1, count + 1))


def _stand_ins(nodes: Iterable[Node]) -> list[str]:
    """What the sources of the tasks deviate in, each once."""
    from repro.tasks import source

    found = [
        source(name, own["source"]).deviation
        for node in nodes
        if node.kind == "tune"
        for name, own in node.params["tasks"].items()
    ]
    return [text for text in dict.fromkeys(found) if text]


def _distances(params: Mapping[str, Any]) -> dict[str, float]:
    """Typological distance from English by language code, where it is set and not measured on real languages."""
    rows = params["languages"]["others"] if "languages" in params else ()
    return {row["code"]: distance(ENGLISH, of_row(row)) for row in rows}


def _rung(experiment: Experiment, name: str) -> Fidelity:
    rung = experiment.fidelities.get(name)
    if rung is None:
        raise LabError(f"{experiment.id} has no fidelity {name!r}", f"it has {', '.join(experiment.fidelities)}")
    if not rung.available:
        raise LabError(f"{experiment.id} cannot run at {name!r} here: {rung.why}", f"it would need {rung.needs}")
    return rung


def _stages(
    nodes: list[Node], rung: Fidelity, store: Store, library: Library, online: bool = False
) -> tuple[Stage, ...]:
    """Keys from content: what a stage is made by, with, and from. Nodes come after those they need."""
    durations = store.durations()
    keys: dict[str, str] = {}
    stages = []
    for node in nodes:
        key = digest(
            {
                "kind": node.kind,
                "code": code_version(node.kind, node.params),
                "params": node.params,
                "seed": node.seed if getattr(module(node.kind), "SEEDED", True) else None,
                "inputs": {role: keys[name] for role, name in node.needs.items()},
                "data": {name: library.locate(name, layout=form).checksum for name, form in node.data},
                **_outside(node, online),
            }
        )
        keys[node.name] = key
        cost_key = digest({"kind": node.kind, "params": node.params})
        measured = durations.get(cost_key)
        seconds = round(median(measured), 1) if measured else rung.seconds.get(node.label, rung.seconds.get(node.kind))
        cached = store.has(key)
        stages.append(Stage(node, key, cost_key, cached, 0.0 if cached else seconds))
    return tuple(stages)


def _outside(node: Node, online: bool) -> dict[str, str]:
    """What a stage depends on that is neither code nor parameters nor data: the files of a checkpoint."""
    if node.kind != "checkpoint":
        return {}
    return {"checkpoint": fingerprint(find(node.params, online))}


def _words(changes: Mapping[str, Any], prefix: str = "") -> str:
    return ", ".join(
        _words(value, f"{prefix}{key}.") if isinstance(value, Mapping) else f"{prefix}{key} = {value}"
        for key, value in changes.items()
    )
