"""Learning a task for another language from machine-translated data, alone and with English (Sherborne et al. 2020)."""

from __future__ import annotations

from collections.abc import Sequence

from repro.design.experiment import Experiment
from repro.design.nodes import Node
from repro.design.stage_parameters import AccuracyParameters, TuneParameters
from repro.errors import LabError
from repro.parameters import Table
from repro.recipes import ENGLISH, Foundation, TrainingRow, foundation, models, not_learnt, tuning
from repro.schema import JsonObject
from repro.tasks.common.loading import Telling


class TranslateTrainArm(Table):
    """Tasks that an arm learns from, and the model that it starts from; an arm without any is there for the gate alone.

    Attributes:
        translated, english: what it learns from.
        pretrained: it starts from the pre-trained model, not from the random one.
        monolingual: it starts from one that was pre-trained on the target language's text alone.
    """

    translated: bool = False
    english: bool = False
    pretrained: bool = False
    monolingual: bool = False


class TranslateTrainFidelity(Foundation):
    task: str
    languages_tested: Sequence[str]


ARM, PARAMS = TranslateTrainArm, TranslateTrainFidelity


def nodes(experiment: Experiment, params: JsonObject, seed: int) -> list[Node]:
    stated = TranslateTrainFidelity.read(params)
    stages = foundation(stated, seed)
    for arm in experiment.arms:
        if not arm.params:
            continue
        own = TranslateTrainArm.read(arm.params)
        start = f"{'pretrain' if own.pretrained else 'random model'}, seed {seed}"
        # Without translated data one model serves every target language.
        tested = stated.languages_tested
        groups = [[code] for code in tested] if own.translated else [tested]
        for codes in groups:
            label = f"{arm.name} {'+'.join(codes)}"
            if own.monolingual:
                alone = _alone(codes[0], stated, seed)
                stages.append(alone)
                start = alone.name
            sources = _sources(own, codes[0], stated)
            tune = tuning(arm.name, [stated.task], stated, seed, label=label, model=start, sources=sources)
            learnt = TuneParameters.read(tune.params)
            if not learnt.languages:
                raise LabError(f"{experiment.id} is measured on generated languages", "use another fidelity")
            test = AccuracyParameters(
                tasks=learnt.tasks, length=learnt.length, languages=learnt.languages, targets=codes
            )
            stages += [tune, Node(f"test {label}", "accuracy", seed, test.to_json(), {"model": tune.name}, arm.name)]
    return stages


def _alone(code: str, params: Foundation, seed: int) -> Node:
    """Return the model that is pre-trained as the others are, on the text of one language."""
    own = models(params, seed)[0]
    return Node(f"pretrain {code} alone", own.kind, own.seed, {**own.params, "only": [code]}, own.needs)


def _sources(arm: TranslateTrainArm, target: str, params: Foundation) -> list[Telling]:
    stated = params.translation.to_json() if params.translation else {}
    translated = [Telling.read({"language": target, **stated})] if arm.translated else []
    return [*translated, *([ENGLISH] if arm.english else [])]


def invalid(training: Sequence[TrainingRow]) -> dict[str, str]:
    """Return all arms if none learnt the task, else none: whether an arm learns it is the result here."""
    if any(row["learnt"] for row in training):
        return {}
    return {row["arm"]: f"no arm learnt the task; {not_learnt(row)}" for row in training}
