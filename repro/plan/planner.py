"""What a run would do, before it does it: arms, seeds, stages with their cost, and the specification that is hashed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from types import ModuleType
from typing import Any

from repro.artifacts import Store
from repro.data.library import Library
from repro.design.deviations import facts, sentences
from repro.design.experiment import OVER_LANGUAGES, Arm, Contrast, Experiment, Fidelity
from repro.design.nodes import Node, needed, present
from repro.design.power import Power, over_languages, over_replicates
from repro.errors import LabError
from repro.hashing import digest
from repro.languages.grammar import ENGLISH, distance, of_row
from repro.plan.checks import check_layers, check_names
from repro.plan.plan import Plan
from repro.plan.stages import Stage, depth, staged
from repro.recipes import recipe
from repro.schema import check, merge

MINIMUM_SEEDS = 2  # one seed says nothing about how much seeds differ
REPEATED = ("seeds", "models")  # units of replication that are the plan's seeds


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
    taken as they are remembered in `store` (`repro.data.checksums`); a stage that reads them reads them whole.
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
    check_layers(nodes, lambda node: depth(node, online))
    stages = staged(nodes, rung, store, library, online)
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
    """What is true of the contrast, or of all of them together, for `repro.design.deviations`."""
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


def _words(changes: Mapping[str, Any], prefix: str = "") -> str:
    return ", ".join(
        _words(value, f"{prefix}{key}.") if isinstance(value, Mapping) else f"{prefix}{key} = {value}"
        for key, value in changes.items()
    )
