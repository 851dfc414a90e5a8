"""The making of a plan: an experiment at one fidelity, turned into stages and a specification."""

from __future__ import annotations

from collections.abc import Mapping

from repro.artifacts import Store
from repro.data.library import Library
from repro.design.experiment import Experiment
from repro.design.nodes import Node, needed, present
from repro.errors import LabError
from repro.hashing import digest
from repro.plan.checks import check_layers
from repro.plan.plan import Plan
from repro.plan.scope import Scope, scope_of
from repro.plan.specification import deviations, powers, specification
from repro.plan.stages import depth, staged
from repro.schema import JsonObject


def make_plan(
    experiment: Experiment,
    fidelity: str,
    store: Store,
    seeds: int | None = None,
    overrides: JsonObject | None = None,
    library: Library | None = None,
    contrast: str = "",
    online: bool = False,
    rivals: bool = False,
    every_arm: bool = False,
) -> Plan:
    """Plan `experiment` at `fidelity`.

    Checksums of data and models are taken as they are remembered in `store` (`repro.data.checksums`); a stage that
    reads them reads them whole.

    Args:
        experiment: what is planned.
        fidelity: one of the experiment's.
        store: where results are kept.
        seeds: how many, numbered from 1; by default the fidelity's number, or the rule's minimum.
        overrides: changes of the fidelity's parameters, nested like them; listed as a deviation.
        library: where data sets lie; by default SYNTH_DATA.
        contrast: only the arms that it compares, and those of the gate; "" for all contrasts.
        online: fetch a model that is not at hand.
        rivals: also the contrast's rivals.
        every_arm: all arms that there are, though only the deviations of what is compared are listed.

    Raises:
        LabError: the fidelity is unknown or lacks data or a model; there are fewer than two seeds where seeds or
            models are the unit of replication; a parameter names what there is not.
    """
    scope = scope_of(experiment, fidelity, seeds, overrides or {}, contrast, rivals, every_arm)
    library = library or Library.default()
    nodes, absent = _nodes(scope, library)
    _check_compared(scope, absent)
    check_layers(nodes, lambda node: depth(node, online))
    stages = staged(nodes, scope.fidelity, store, library, online)
    differences, power = deviations(scope, nodes, absent), powers(scope)
    sentences = tuple(text for _, text in differences)
    spec = specification(scope, stages, sentences, power)
    return Plan(
        experiment=experiment,
        fidelity=scope.fidelity,
        arms=scope.arms,
        contrasts=scope.contrasts,
        seeds=scope.seeds,
        stages=stages,
        deviations=sentences,
        deviation_codes=tuple(code for code, _ in differences),
        spec=spec,
        spec_hash=digest(spec),
        library=library,
        altered=bool(overrides),
        absent=absent,
        power=power,
    )


def _nodes(scope: Scope, library: Library) -> tuple[list[Node], dict[str, str]]:
    """Return the nodes that measure the arms and whose data are at hand, and arm → why, for those left out."""
    by_seed = (scope.recipe.nodes(scope.experiment, scope.params, seed) for seed in scope.seeds)
    by_name = {node.name: node for nodes in by_seed for node in nodes}
    return present(needed(by_name, {arm.name for arm in scope.arms}), library)


def _check_compared(scope: Scope, absent: Mapping[str, str]) -> None:
    """Raise LabError if an arm of the one contrast that is tested is left out."""
    for contrast in scope.tested if scope.contrast else ():
        for arm in (contrast.treatment, contrast.baseline):
            if arm in absent:
                raise LabError(absent[arm], "get what is missing, or choose another fidelity")
