"""The scope of a plan: which fidelity, contrasts, arms, seeds and parameters of an experiment it is for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import ModuleType

from repro.design.experiment import Arm, Contrast, Experiment, Fidelity, GateRule
from repro.errors import LabError
from repro.parameters import schema_of
from repro.plan.checks import check_names
from repro.recipes import recipe
from repro.schema import JsonObject, check, merge

MIN_SEEDS = 2  # one seed says nothing about how much seeds differ
REPEATED = ("seeds", "models")  # units of replication that are the plan's seeds


@dataclass(frozen=True)
class Scope:
    """The part of an experiment that a plan is for.

    Attributes:
        recipe: the module that makes the stages.
        contrasts: all that there are at the fidelity, as they are read there.
        contrast: the one that is tested, "" for all.
        compared: names of the arms that the tested contrasts compare.
        arms: those that are measured: the compared ones, and those of the gate.
        seeds: 1, 2, …
        params: the fidelity's, with the changes of the user.
        overrides: these changes alone.
    """

    experiment: Experiment
    fidelity: Fidelity
    recipe: ModuleType
    contrasts: tuple[Contrast, ...]
    contrast: str
    compared: frozenset[str]
    arms: tuple[Arm, ...]
    seeds: tuple[int, ...]
    params: JsonObject
    overrides: JsonObject
    gate: GateRule

    @property
    def tested(self) -> tuple[Contrast, ...]:
        """The contrast that is tested, or all of them."""
        return _tested(self.contrasts, self.contrast)

    @property
    def seeded(self) -> bool:
        """True if seeds draw what the recipe measures; otherwise there is one measurement."""
        return _seeded(self.recipe)


def scope_of(
    experiment: Experiment,
    fidelity: str,
    seeds: int | None,
    overrides: JsonObject,
    contrast: str,
    rivals: bool,
    every_arm: bool,
) -> Scope:
    """Select and check the part of an experiment; the arguments and errors are those of `planner.make_plan`."""
    level = _available(experiment, fidelity)
    rules = recipe(experiment.recipe_at(level))
    contrasts = experiment.contrasts_at(level)
    tested = _tested(contrasts, contrast)
    if seeds and not _seeded(rules):
        raise LabError(f"nothing is drawn by seeds at {level.name}", "leave the seeds out")
    params = _params(experiment, level, overrides)
    if seeds is None and hasattr(rules, "seed_count"):
        seeds = rules.seed_count(params)
    numbers = _seeds(experiment, level, seeds, tested) if _seeded(rules) else (1,)
    gate: GateRule = {**experiment.gate, **level.gate}
    # Where each arm is measured by others, what is tested is what has to be above chance.
    gate["arm"] = gate["arm"] or next((each.treatment for each in tested), "")
    compared = _compared(experiment, contrasts, contrast, rivals)
    measured = compared | {gate["arm"], gate["control"]}
    arms = tuple(arm for arm in experiment.arms if every_arm or arm.name in measured)
    return Scope(experiment, level, rules, contrasts, contrast, compared, arms, numbers, params, overrides, gate)


def _tested(contrasts: Iterable[Contrast], contrast: str) -> tuple[Contrast, ...]:
    return tuple(each for each in contrasts if contrast in ("", each.id))


def _seeded(rules: ModuleType) -> bool:
    return bool(getattr(rules, "SEEDED", True))


def _available(experiment: Experiment, name: str) -> Fidelity:
    """Return the fidelity of this name; LabError if there is none or if it cannot run here."""
    fidelity = experiment.fidelities.get(name)
    if fidelity is None:
        raise LabError(f"{experiment.id} has no fidelity {name!r}", f"it has {', '.join(experiment.fidelities)}")
    if not fidelity.available:
        raise LabError(
            f"{experiment.id} cannot run at {name!r} here: {fidelity.why}", f"it would need {fidelity.needs}"
        )
    return fidelity


def _seeds(
    experiment: Experiment, fidelity: Fidelity, wanted: int | None, tested: Iterable[Contrast]
) -> tuple[int, ...]:
    """Return the seeds 1, 2, …; LabError for fewer than the tested contrasts need."""
    count = (fidelity.seeds or experiment.minimum_seeds) if wanted is None else wanted
    units = {contrast.unit_of_replication for contrast in tested}
    # One measurement is enough where its languages or sentences are the replicates.
    least = 1 if units and not units & set(REPEATED) else MIN_SEEDS
    if count < least:
        raise LabError(
            f"{count} seed is too few: how much seeds differ would stay unknown"
            if count == 1
            else f"{count} seeds cannot be run",
            f"use at least {least} seeds; the rule of {experiment.id} asks for {experiment.minimum_seeds}",
        )
    return tuple(range(1, count + 1))


def _params(experiment: Experiment, fidelity: Fidelity, overrides: JsonObject) -> JsonObject:
    """Return the fidelity's parameters with the user's changes, checked, and what the recipe finds on this machine."""
    params, rules = merge(fidelity.params, overrides), recipe(experiment.recipe_at(fidelity))
    check(params, schema_of(rules.PARAMS), f"{experiment.id} at {fidelity.name}")
    check_names(params, experiment.arms)
    return rules.prepared(experiment, params) if hasattr(rules, "prepared") else params


def _compared(experiment: Experiment, contrasts: tuple[Contrast, ...], contrast: str, rivals: bool) -> frozenset[str]:
    """Return the names of the arms that the contrast compares; of all arms without one."""
    if not contrast:
        return frozenset(arm.name for arm in experiment.arms)
    tested = next((each for each in contrasts if each.id == contrast), None)
    if tested is None:
        where = " at this fidelity" if any(each.id == contrast for each in experiment.contrasts) else ""
        known = ", ".join(each.id for each in contrasts)
        raise LabError(f"{experiment.id} has no contrast {contrast!r}{where}", f"it has {known}{where}")
    return frozenset({tested.treatment, tested.baseline, *(tested.rivals if rivals else ())} - {""})
