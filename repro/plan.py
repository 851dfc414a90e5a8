"""What a run would do, before it does it: arms, seeds, stages with their cost, and the specification that is hashed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from statistics import median
from types import ModuleType
from typing import Any

from repro.artifacts import Store
from repro.canonical import digest
from repro.checkpoints import find, fingerprint, layers
from repro.checks import check_layers, check_names
from repro.checksums import NAME as CHECKSUMS
from repro.checksums import Checksums, data_checksum
from repro.data import Library
from repro.deviations import facts, sentences
from repro.errors import LabError
from repro.languages import ENGLISH, distance, of_row
from repro.nodes import Node, needed, present
from repro.power import Power, over_languages, over_replicates
from repro.registry import OVER_LANGUAGES, Arm, Contrast, Experiment, Fidelity, merge, recipe
from repro.schema import check
from repro.stages import code_version, module

MINIMUM_SEEDS = 2  # one seed says nothing about how much seeds differ
REPEATED = ("seeds", "models")  # units of replication that are the plan's seeds


@dataclass(frozen=True)
class Stage:
    """A node with its key in the store. `seconds`: expected, on one core; 0 if cached, None if never measured.

    `content`: what goes into the keys of the stages that read it, the same wherever a checkpoint lies; else the key.
    """

    node: Node
    key: str
    content: str
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
    power: Mapping[str, Power] = field(default_factory=dict)  # contrast → what the design can tell

    def stage(self, name: str) -> Stage:
        return next(stage for stage in self.stages if stage.name == name)

    def first(self, seeds: int) -> Plan:
        """What the first `seeds` seeds take. Specification and hash stay those of the whole, which was registered."""
        chosen = self.seeds[:seeds]
        read = {name for stage in self.stages for name in stage.needs}
        by_name = {stage.name: stage for stage in self.stages}
        wanted: set[str] = set()
        todo = [stage.name for stage in self.stages if stage.name not in read and stage.seed in chosen]
        while todo:
            name = todo.pop()
            if name not in wanted:
                wanted.add(name)
                todo += by_name[name].needs
        return replace(self, seeds=chosen, stages=tuple(s for s in self.stages if s.name in wanted))

    def repeats(self, *arms: str) -> tuple[tuple[int, ...], ...]:
        """Groups of seeds in which all measurements of `arms` are the very same results; () if every seed has its own.

        Such seeds are one measurement: they share a model, and nothing that these arms need is trained anew. "" is no
        arm; of arms that are left out nothing is said.
        """
        if not {arm for arm in arms if arm} <= {stage.arm for stage in self.stages}:
            return ()
        read = {name for stage in self.stages for name in stage.needs}
        found: dict[int, set[str]] = {}
        for stage in self.stages:
            if stage.arm and stage.arm in arms and stage.name not in read:
                found.setdefault(stage.seed, set()).add(stage.content)
        groups: dict[frozenset[str], list[int]] = {}
        for seed, contents in found.items():
            groups.setdefault(frozenset(contents), []).append(seed)
        return tuple(tuple(sorted(group)) for group in groups.values() if len(group) > 1)

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
            "power": {name: str(one) for name, one in self.power.items()},
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
    rivals: bool = False,
    every_arm: bool = False,
) -> Plan:
    """The plan of `experiment` at `fidelity` with seeds 1..`seeds` (default: the rung's number, or the rule's minimum).

    `overrides` change parameters of the rung (nested like them) and are listed as a deviation. `contrast`: only the
    arms that it compares, and those of the gate; with `rivals` also its rivals, with `every_arm` all there are, though
    only the deviations of what it compares are listed. `online`: a model that is not at hand is fetched. Raises
    LabError where the rung is unknown, where it lacks data or a model, for fewer than two seeds where seeds or models
    are the unit of replication, and for a parameter that names what there is not. Checksums of data and models are
    taken as they are remembered in `store` (`repro.checksums`); a stage that reads them reads them whole.
    """
    rung = _rung(experiment, fidelity)
    library = library or Library.default()
    rules = recipe(experiment.recipe_at(rung))
    contrasts = experiment.contrasts_at(rung)
    tested = [one for one in contrasts if contrast in ("", one.id)]
    # Nothing that a recipe without seeds measures is drawn, so there is one measurement.
    seeded = getattr(rules, "SEEDED", True)
    if seeds and not seeded:
        raise LabError(f"nothing is drawn by seeds at {rung.name}", "leave the seeds out")
    chosen = _seeds(experiment, rung, seeds, tested) if seeded else (1,)
    params = _params(experiment, rung, overrides or {})
    contrasts = experiment.contrasts_at(rung)
    gate = {**experiment.gate, **rung.gate}
    # Where each arm is measured by others, what is tested is what has to be above chance.
    gate["arm"] = gate["arm"] or next((c.treatment for c in contrasts if contrast in ("", c.id)), "")
    compared = _compared(experiment, contrasts, contrast, rivals)
    arms = tuple(a for a in experiment.arms if every_arm or a.name in compared | {gate["arm"], gate["control"]})
    nodes, absent = _nodes(experiment, rules, params, chosen, arms, library)
    _check_tested(contrasts, contrast, absent)
    check_layers(nodes, lambda node: _depth(node, online))
    stages = _stages(nodes, rung, store, library, online)
    changes = _changes(experiment, rung, overrides or {}, chosen if seeded else ())
    own = needed({node.name: node for node in nodes}, compared)
    said = sentences(rung.deviations, _facts(experiment, contrasts, contrast, compared, own))
    said += rules.stated(own) if hasattr(rules, "stated") else []
    deviations = (*said, *_stand_ins(own), *_left_out(absent), *changes)
    power = {one.id: _power(one, rung, params, experiment.alpha, len(chosen)) for one in tested if one.sesoi > 0}
    spec = _spec(experiment, rung, contrasts, params, arms, chosen, gate, deviations, stages, power)
    return Plan(
        experiment=experiment,
        fidelity=rung,
        arms=arms,
        contrasts=contrasts,
        seeds=chosen,
        stages=stages,
        deviations=deviations,
        spec=spec,
        spec_hash=digest(spec),
        library=library,
        altered=bool(overrides),
        absent=absent,
        power=power,
    )


def _once(contrasts: Iterable[Contrast]) -> bool:
    """Return True if one measurement is enough for all of them, its languages or sentences being the replicates."""
    return not any(one.unit_of_replication in REPEATED for one in contrasts)


def _power(contrast: Contrast, rung: Fidelity, params: Mapping[str, Any], alpha: float, seeds: int) -> Power:
    """What the contrast's design can tell at this rung, from how much its replicates were measured to differ.

    A correlation is over languages whatever its unit; how many there are is known where they are generated, and
    otherwise stated with the variation.
    """
    known, unit = rung.variation.get(contrast.id), contrast.unit_of_replication
    if contrast.statistic == "correlation":
        languages = (known.drawn if known else 0) or _generated(contrast, params)
        return over_languages("languages", languages, contrast.sesoi, contrast.unit, alpha)
    if unit in REPEATED:
        replicates = seeds
    else:
        replicates = (known.drawn if known else 0) or (_generated(contrast, params) if unit == "languages" else 0)
    if known is None:
        return Power(unit, replicates, contrast.sesoi, contrast.unit)
    found = (known.sd, known.replicates, known.source)
    return over_replicates(unit, replicates, contrast.sesoi, contrast.unit, alpha, *found)


def _generated(contrast: Contrast, params: Mapping[str, Any]) -> int:
    """How many generated languages the contrast counts; 0 at a rung with real ones."""
    codes = [row["code"] for row in params.get("languages", {}).get("others", ())]
    return sum(not contrast.languages or code in contrast.languages for code in codes)


def _params(experiment: Experiment, rung: Fidelity, overrides: Mapping[str, Any]) -> dict[str, Any]:
    """The rung's parameters with the user's changes, checked."""
    params = merge(rung.params, overrides)
    check(params, recipe(experiment.recipe_at(rung)).PARAMS, f"{experiment.id} at {rung.name}")
    check_names(params, experiment.arms)
    return params


def _nodes(
    experiment: Experiment,
    rules: ModuleType,
    params: dict[str, Any],
    seeds: tuple[int, ...],
    arms: tuple[Arm, ...],
    library: Library,
) -> tuple[list[Node], dict[str, str]]:
    """The nodes that measure the arms and whose data are at hand; arm → why, for those that are left out."""
    found = {node.name: node for seed in seeds for node in rules.nodes(experiment, params, seed)}
    return present(needed(found, {arm.name for arm in arms}), library)


def _spec(
    experiment: Experiment,
    rung: Fidelity,
    contrasts: tuple[Contrast, ...],
    params: Mapping[str, Any],
    arms: tuple[Arm, ...],
    seeds: tuple[int, ...],
    gate: Mapping[str, Any],
    deviations: tuple[str, ...],
    stages: tuple[Stage, ...],
    power: Mapping[str, Power],
) -> dict[str, Any]:
    """Everything that is fixed before the run."""
    return {
        "experiment": experiment.id,
        "experiment_hash": experiment.hash,
        "fidelity": rung.name,
        "params": params,
        "arms": [asdict(arm) for arm in arms],
        "seeds": list(seeds),
        "contrasts": [asdict(one) for one in contrasts],
        "power": {name: asdict(one) for name, one in power.items()},
        "rule": {"alpha": experiment.alpha, "minimum_seeds": experiment.minimum_seeds},
        "gate": gate,
        "deviations": list(deviations),
        "distances": _distances(params),
        "stages": {stage.name: stage.content for stage in stages},
    }


def _left_out(absent: Mapping[str, str]) -> list[str]:
    return [f"Arm {arm} is left out: {why}." for arm, why in absent.items()]


def _changes(experiment: Experiment, rung: Fidelity, overrides: Mapping[str, Any], seeds: tuple[int, ...]) -> list[str]:
    """What the user made different, in words. `seeds`: () where the recipe has none."""
    found = []
    if overrides:
        found.append(f"Parameters changed by hand for this run: {_words(overrides)}.")
    # A rung that states fewer needs no more: what is drawn there is languages.
    asked = min(experiment.minimum_seeds, rung.seeds or experiment.minimum_seeds)
    if 0 < len(seeds) < asked:
        found.append(f"{len(seeds)} seeds instead of the {asked} that the decision rule asks for.")
    return found


def _compared(experiment: Experiment, contrasts: tuple[Contrast, ...], contrast: str, rivals: bool) -> set[str]:
    """Names of the arms that the contrast compares; of all arms without one."""
    if not contrast:
        return {arm.name for arm in experiment.arms}
    tested = next((c for c in contrasts if c.id == contrast), None)
    if tested is None:
        where = " at this fidelity" if any(c.id == contrast for c in experiment.contrasts) else ""
        known = ", ".join(c.id for c in contrasts)
        raise LabError(f"{experiment.id} has no contrast {contrast!r}{where}", f"it has {known}{where}")
    return {tested.treatment, tested.baseline, *(tested.rivals if rivals else ())} - {""}


def _facts(
    experiment: Experiment, contrasts: tuple[Contrast, ...], contrast: str, compared: set[str], nodes: list[Node]
) -> frozenset[str]:
    """What is true of the contrast, or of all of them together, for `repro.deviations`."""
    tested = [c for c in contrasts if contrast in ("", c.id)]
    return facts(
        nodes,
        [experiment.arm(name).params for name in compared],
        [c.covariate for c in tested if c.statistic in OVER_LANGUAGES],
        any(c.languages for c in tested),
    )


def _check_tested(contrasts: tuple[Contrast, ...], contrast: str, absent: Mapping[str, str]) -> None:
    """LabError if an arm that the contrast compares is left out."""
    for one in contrasts:
        for arm in (one.treatment, one.baseline):
            if one.id == contrast and arm in absent:
                raise LabError(absent[arm], "get what is missing, or choose another fidelity")


def _seeds(experiment: Experiment, rung: Fidelity, wanted: int | None, tested: list[Contrast]) -> tuple[int, ...]:
    least = 1 if tested and _once(tested) else MINIMUM_SEEDS
    count = (rung.seeds or experiment.minimum_seeds) if wanted is None else wanted
    if count < least:
        raise LabError(
            f"{count} seed is too few: how much seeds differ would stay unknown"
            if count == 1
            else f"{count} seeds cannot be run",
            f"use at least {least} seeds; the rule of {experiment.id} asks for {experiment.minimum_seeds}",
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
    """The nodes with their keys and costs. Nodes come after those they need."""
    durations = store.durations()
    sums = Checksums(store.root / CHECKSUMS)
    contents: dict[str, str] = {}
    versions: dict[tuple[Any, ...], str] = {}
    stages = []
    for node in nodes:
        made_by = (node.kind, tuple(node.params.get("tasks", ())), node.params.get("target"))
        if made_by not in versions:
            versions[made_by] = code_version(node.kind, node.params)
        key, content = _keys(node, versions[made_by], contents, library, sums, online)
        contents[node.name] = content
        cost_key = digest({"kind": node.kind, "params": node.params})
        measured = durations.get(cost_key)
        seconds = round(median(measured), 1) if measured else rung.seconds.get(node.label, rung.seconds.get(node.kind))
        cached = store.has(key)
        stages.append(Stage(node, key, content, cost_key, cached, 0.0 if cached else seconds))
    sums.save()
    return tuple(stages)


def _keys(
    node: Node, code: str, contents: Mapping[str, str], library: Library, sums: Checksums, online: bool
) -> tuple[str, str]:
    """Key and content of a stage: what it is made by, with, and from. `code`: the version of the sources that make it;
    `contents`: of the nodes it needs, by name.

    A checkpoint's artifact says in which folder it lies, so the folder is in its key; what is made from it depends on
    its files alone, and is the same wherever they lie.
    """
    facts = {
        "kind": node.kind,
        "code": code,
        "params": node.params,
        "seed": node.seed if getattr(module(node.kind), "SEEDED", True) else None,
        "inputs": {role: contents[name] for role, name in node.needs.items()},
        "data": {name: data_checksum(library, name, form, sums) for name, form in node.data},
    }
    if node.kind != "checkpoint":
        key = digest(facts)
        return key, key
    folder = find(node.params, online)
    files = fingerprint(folder, sums.of)
    key = digest({**facts, "checkpoint": files, "folder": str(folder)})
    return key, digest({"kind": node.kind, "checkpoint": files})


def _depth(node: Node, online: bool) -> int:
    """How many layers the model has that a node pre-trains or finds."""
    if node.kind == "checkpoint":
        return layers(find(node.params, online))
    return int(node.params["shape"]["layers"])


def _words(changes: Mapping[str, Any], prefix: str = "") -> str:
    return ", ".join(
        _words(value, f"{prefix}{key}.") if isinstance(value, Mapping) else f"{prefix}{key} = {value}"
        for key, value in changes.items()
    )
