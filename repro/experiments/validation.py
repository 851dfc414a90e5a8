"""Validation of experiment files: keys and values by the definition, and references between the parts.

All faults of a file are reported together, each with what would mend it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import Field, fields
from functools import cache

from pydantic import TypeAdapter, ValidationError

from repro.design.experiment import COMPUTED, FIDELITIES, STATISTICS, Contrast, Experiment, Fidelity
from repro.design.faults import Fault, pydantic_faults, raise_faults, unknown_key
from repro.errors import LabError
from repro.parameters import schema_of
from repro.recipes import recipe
from repro.schema import JsonObject, check

COMPUTING = (Experiment, Fidelity)  # classes with fields that are computed


# ------------------------------------------------------------------------------------------- keys and values


@cache
def _definition() -> TypeAdapter[Experiment]:
    return TypeAdapter(Experiment)


def validated(data: JsonObject, name: str) -> Experiment:
    """Build the experiment that `data` defines. LabError with every key and value that the definition does not have."""
    try:
        built = _definition().validate_python(data)
    except ValidationError as error:
        computed = {kind.__name__: [each.name for each in _computed(kind)] for kind in COMPUTING}
        raise_faults([*pydantic_faults(error, _definition(), computed), *_computed_keys(data)], name)
        raise
    raise_faults(_computed_keys(data), name)
    return built


def _computed_keys(data: JsonObject) -> Iterator[Fault]:
    """Yield keys that are computed, which no file states, and fidelities that there are not."""
    tables = data.get("fidelities")
    tables = tables if isinstance(tables, dict) else {}
    for key in tables:
        if key not in FIDELITIES:
            yield unknown_key("fidelities: ", key, FIDELITIES)
    for each in _computed(Experiment):
        if each.name in data:
            yield Fault(f"unknown key {each.name!r}", "leave it out: it is computed")
    for key, each in ((key, each) for key in tables for each in _computed(Fidelity)):
        if isinstance(tables[key], dict) and each.name in tables[key]:
            yield Fault(f"fidelities.{key}: unknown key {each.name!r}", "leave it out: it is computed")


def _computed(kind: type) -> list[Field[object]]:
    return [each for each in fields(kind) if COMPUTED in each.metadata]


# ------------------------------------------------------------------------------------------- references


def experiment_faults(experiment: Experiment) -> list[Fault]:
    """Return what does not fit together: references first; where they hold, parameters that the recipes do not know."""
    faults = [*_reference_faults(experiment), *_contrast_faults(experiment), *_unit_faults(experiment)]
    return faults or list(_parameter_faults(experiment))


def _reference_faults(experiment: Experiment) -> Iterator[Fault]:
    """Yield arms and contrasts that are named and not there, and names that two arms have."""
    arms = [arm.name for arm in experiment.arms]
    if len(set(arms)) != len(arms):
        yield Fault("two arms have the same name", "give every arm a name of its own")
    names = [(c.id, arm) for c in experiment.contrasts for arm in (c.treatment, c.baseline, *c.rivals)]
    names += [("gate", experiment.gate["arm"]), ("gate", experiment.gate["control"])]
    for where, arm in names:
        if arm and arm not in arms:
            yield Fault(f"{where} names the arm {arm!r}, which is not there", f"arms: {', '.join(arms)}")
    known = [contrast.id for contrast in experiment.contrasts]
    for key, fidelity in experiment.fidelities.items():
        for table in ("contrasts", "units_of_replication", "variation"):
            for contrast in getattr(fidelity, table):
                if contrast not in known:
                    where = f"fidelities.{key}.{table}"
                    yield Fault(f"{where}: there is no contrast {contrast!r}", f"contrasts: {', '.join(known)}")


def _contrast_faults(experiment: Experiment) -> Iterator[Fault]:
    """Yield fields of a contrast that contradict each other."""
    for contrast in experiment.contrasts:
        if contrast.statistic == "mean" and not contrast.baseline:
            others = ", ".join(name for name in STATISTICS if name != "mean")
            yield Fault(
                f"contrast {contrast.id} has the statistic 'mean' and the baseline ''",
                f"a mean needs a baseline; other statistics: {others}",
            )
        if contrast.baseline_metric and contrast.control:
            yield Fault(
                f"contrast {contrast.id} has a baseline_metric and a control",
                "leave one out: a control is read of both arms",
            )


def _unit_faults(experiment: Experiment) -> Iterator[Fault]:
    """Yield units of replication that the contrast's statistic cannot be drawn over."""
    contrasts: dict[str, Contrast] = {contrast.id: contrast for contrast in experiment.contrasts}
    declared = [(contrast.id, contrast.unit_of_replication) for contrast in experiment.contrasts]
    declared += [pair for each in experiment.fidelities.values() for pair in each.units_of_replication.items()]
    for name, unit in declared:
        kind = contrasts[name].statistic if name in contrasts else ""
        if (kind == "count" and unit != "seeds") or (kind == "correlation" and unit == "sentences"):
            yield Fault(
                f"contrast {name} is a {kind} and replicated over {unit}",
                "a count repeats nothing, and a correlation is over languages",
            )


def _parameter_faults(experiment: Experiment) -> Iterator[Fault]:
    """Yield parameters of arms and fidelities that their recipes do not know or that are of another type."""
    tables = [(experiment.recipe, "ARM", arm.params, f"arm {arm.name}") for arm in experiment.arms]
    tables += [
        (experiment.recipe_at(each), "PARAMS", each.params, f"fidelities.{key}.params")
        for key, each in experiment.fidelities.items()
        if each.available
    ]
    for name, schema, params, where in tables:
        try:
            check(params, schema_of(getattr(recipe(name), schema)), where)
        except LabError as error:
            yield Fault(error.what, error.do)
