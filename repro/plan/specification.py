"""The specification of a run: its deviations, its power, and everything else that is fixed before it starts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import cast

from repro.design.deviations import Coded, DeviationCode, coded, facts
from repro.design.experiment import OVER_LANGUAGES, Contrast
from repro.design.nodes import Node, needed
from repro.design.power import Power, over_languages, over_replicates
from repro.design.stage_parameters import TuneParameters
from repro.languages.grammar import ENGLISH, LanguageParameters, distance
from repro.languages.realm import RealmParameters
from repro.parameters import Table
from repro.plan.scope import REPEATED, Scope
from repro.plan.stages import Stage
from repro.schema import JsonObject


def specification(
    scope: Scope, stages: Iterable[Stage], deviations: Iterable[str], power: Mapping[str, Power]
) -> JsonObject:
    """Return everything that is fixed before the run."""
    experiment = scope.experiment
    return {
        "experiment": experiment.id,
        "experiment_hash": experiment.hash,
        "fidelity": scope.fidelity.name,
        "params": scope.params,
        "arms": [asdict(arm) for arm in scope.arms],
        "seeds": list(scope.seeds),
        "contrasts": [asdict(contrast) for contrast in scope.contrasts],
        "power": {name: asdict(each) for name, each in power.items()},
        "rule": {"alpha": experiment.alpha, "minimum_seeds": experiment.minimum_seeds},
        "gate": cast(JsonObject, scope.gate),
        "deviations": list(deviations),
        "distances": _distances(scope.params),
        "stages": {stage.name: stage.content for stage in stages},
    }


class GeneratedPart(Table):
    """The part of a fidelity's parameters that has the generated languages."""

    languages: RealmParameters | None = None


def _others(params: JsonObject) -> Sequence[LanguageParameters]:
    """Return the generated languages but English; none at a fidelity with real ones."""
    languages = GeneratedPart.read(params).languages
    return languages.others if languages else ()


def _distances(params: JsonObject) -> dict[str, float]:
    """Return the typological distance from English by code of each generated language."""
    return {other.code: distance(ENGLISH, other.language()) for other in _others(params)}


# ------------------------------------------------------------------------------------------- deviations


def deviations(scope: Scope, nodes: Iterable[Node], absent: Mapping[str, str]) -> tuple[Coded, ...]:
    """Return in what a run differs from the published setting, in codes and sentences.

    Args:
        scope: the part of the experiment that is run.
        nodes: all nodes of the plan.
        absent: arm → why it is left out.
    """
    own = needed({node.name: node for node in nodes}, scope.compared)
    listed = coded(scope.fidelity.deviations, _facts(scope, own))
    if hasattr(scope.recipe, "stated"):
        listed += [(DeviationCode.STATED, text) for text in scope.recipe.stated(own)]
    left_out = [(DeviationCode.ARM_LEFT_OUT, f"Arm {arm} is left out: {why}.") for arm, why in absent.items()]
    of_recipe = scope.recipe.differences(scope.experiment, scope.params) if hasattr(scope.recipe, "differences") else []
    return (*listed, *_stand_ins(own), *left_out, *of_recipe, *_changes(scope))


def _facts(scope: Scope, nodes: Sequence[Node]) -> frozenset[str]:
    """Return the facts (`repro.design.deviations`) about the tested contrasts together."""
    return facts(
        nodes,
        [scope.experiment.arm(name).params for name in scope.compared],
        [contrast.covariate for contrast in scope.tested if contrast.statistic in OVER_LANGUAGES],
        any(contrast.languages for contrast in scope.tested),
    )


def _stand_ins(nodes: Iterable[Node]) -> list[Coded]:
    """Return the deviations of the sources of the tasks, each once."""
    from repro.tasks import source

    texts = [
        source(name, own.source).deviation
        for node in nodes
        if node.kind == "tune"
        for name, own in TuneParameters.read(node.params).tasks.items()
    ]
    return [(DeviationCode.STAND_IN_DATA, text) for text in dict.fromkeys(texts) if text]


def _changes(scope: Scope) -> list[Coded]:
    """Return the changes of the user."""
    changes = []
    if scope.overrides:
        words = f"Parameters changed by hand for this run: {_words(scope.overrides)}."
        changes.append((DeviationCode.PARAMETERS_CHANGED, words))
    # A fidelity that states fewer needs no more: what is drawn there is languages.
    least = min(scope.experiment.minimum_seeds, scope.fidelity.seeds or scope.experiment.minimum_seeds)
    if scope.seeded and len(scope.seeds) < least:
        words = f"{len(scope.seeds)} seeds instead of the {least} that the decision rule asks for."
        changes.append((DeviationCode.FEWER_SEEDS, words))
    return changes


def _words(changes: JsonObject, prefix: str = "") -> str:
    return ", ".join(
        _words(value, f"{prefix}{key}.") if isinstance(value, Mapping) else f"{prefix}{key} = {value}"
        for key, value in changes.items()
    )


# ------------------------------------------------------------------------------------------- power


def powers(scope: Scope) -> dict[str, Power]:
    """Return contrast → what its design can detect, of the tested ones that have a SESOI."""
    return {contrast.id: _power(contrast, scope) for contrast in scope.tested if contrast.sesoi > 0}


def _power(contrast: Contrast, scope: Scope) -> Power:
    """Compute what the contrast's design can detect, from how much its replicates were measured to differ.

    A correlation is over languages whatever its unit; their number is known where they are generated, and otherwise
    stated with the variation.
    """
    variation, unit = scope.fidelity.variation.get(contrast.id), contrast.unit_of_replication
    alpha, drawn = scope.experiment.alpha, variation.drawn if variation else 0
    if contrast.statistic == "correlation":
        languages = drawn or _generated_languages(contrast, scope.params)
        return over_languages("languages", languages, contrast.sesoi, contrast.unit, alpha)
    if unit in REPEATED:
        replicates = len(scope.seeds)
    else:
        replicates = drawn or (_generated_languages(contrast, scope.params) if unit == "languages" else 0)
    if variation is None:
        return Power(unit, replicates, contrast.sesoi, contrast.unit)
    measured = (variation.sd, variation.replicates, variation.source)
    return over_replicates(unit, replicates, contrast.sesoi, contrast.unit, alpha, *measured)


def _generated_languages(contrast: Contrast, params: JsonObject) -> int:
    """Return the number of generated languages that the contrast counts; 0 at a fidelity with real ones."""
    codes = [other.code for other in _others(params)]
    return sum(not contrast.languages or code in contrast.languages for code in codes)
