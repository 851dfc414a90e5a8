"""Models pre-trained on other text, or of another shape, each measured by retrieval as it is.

The method of K et al. 2020, Dufter & Schütze 2020 and Conneau et al. 2020b: generated languages differ in one thing at
a time, and nothing is trained but the model itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated

from repro.design.experiment import Experiment
from repro.design.nodes import Node
from repro.errors import LabError
from repro.hashing import canonical
from repro.languages.grammar import LanguageParameters
from repro.languages.realm import RealmParameters
from repro.models.shape import ModelShape
from repro.parameters import Changes, Table
from repro.recipes import Foundation, TrainingRow, pretrained_as, retrieval
from repro.schema import JsonObject


class PretrainingArm(Table):
    """Changes laid over the fidelity's parameters.

    Attributes:
        languages: all but `others`.
        others: over every other language.
        codes: which of the other languages there are.
        shape, steps: of the model and its training.
        layer: to be read.
        random: nothing is trained.
    """

    languages: Annotated[Mapping[str, object], Changes(RealmParameters, without=["others"])] = {}
    others: Annotated[Mapping[str, object], Changes(LanguageParameters, without=["code", "script"])] = {}
    codes: Sequence[str] | None = None
    shape: Annotated[Mapping[str, object], Changes(ModelShape)] = {}
    steps: int | None = None
    layer: int | None = None
    random: bool = False


ARM, PARAMS = PretrainingArm, Foundation


def nodes(experiment: Experiment, params: JsonObject, seed: int) -> list[Node]:
    """Return text, model and measurement of every arm; arms that share text share the stage that makes it."""
    stated = Foundation.read(params)
    if not stated.languages:
        raise LabError(
            f"{experiment.id} compares generated languages, and this fidelity has none", "use another fidelity"
        )
    stages: list[Node] = []
    texts: dict[str, str] = {}  # the parameters of a text, written out → the arm that it is named after
    for arm in experiment.arms:
        languages, own = changed(stated, stated.languages, PretrainingArm.read(arm.params))
        name = texts.setdefault(canonical(languages.to_json()), arm.name)
        if name == arm.name:
            stages.append(Node(f"languages {name}", "languages", seed, languages.to_json()))
        text = f"languages {name}, seed {seed}"
        model = Node(f"pretrain {arm.name}", "pretrain", seed, pretrained_as(own).to_json(), {"languages": text})
        stages.append(model)
        for measured in retrieval(arm.name, own, seed, model.name):
            stages.append(replace(measured, needs={"model": model.name, "languages": text}))
    return stages


def changed(params: Foundation, languages: RealmParameters, own: PretrainingArm) -> tuple[RealmParameters, Foundation]:
    """Return the languages and the fidelity's parameters as an arm has them."""
    known = [other.code for other in languages.others]
    codes = known if own.codes is None else own.codes
    if unknown := set(codes) - set(known):
        raise LabError(f"there is no language {sorted(unknown)[0]!r}", f"codes: {', '.join(sorted(known))}")
    others = [other.but(**own.others) for other in languages.others if other.code in codes]
    languages = languages.but(**own.languages, others=others)
    stated = pretrained_as(params)
    schedule = stated.schedule
    if own.random:
        schedule = schedule.but(steps=0, epochs=0)
    elif own.steps is not None:
        schedule = schedule.but(steps=own.steps)
    pretrain = stated.but(shape=stated.shape.but(**own.shape), schedule=schedule)
    layer = {} if own.layer is None else {"layer": own.layer}
    targets = {name: target.but(**layer) for name, target in params.targets.items()}
    return languages, params.but(languages=languages, pretrain=pretrain, targets=targets)


def invalid(training: Sequence[TrainingRow]) -> dict[str, str]:
    """Return nothing: nothing is learnt but the model itself, which the gate judges."""
    return {}
