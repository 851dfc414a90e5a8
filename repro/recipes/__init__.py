"""Recipes turn an experiment's arms and parameters into stages, one module each.

A recipe has `ARM` and `PARAMS`, the tables of an arm's and a fidelity's parameters; `nodes(experiment, params, seed)`,
the stages of one seed, each after those it needs; and `invalid(training)`, arm → why its measurements say nothing. A
recipe is light to import.

What a fidelity's parameters have in common, whatever the recipe (`Foundation`):

* where the model comes from: `languages` (generated) or `corpus` (real text), and `pretrain`; or `model`, a checkpoint,
  which is not used where both are given;
* `tasks`: for each, the source of its examples (`generated`, `published`, or a stand-in) and how many of them;
  `schedules`: how it is trained, by the name of the task, or `multi` for several at once;
* `mlm`: how much masked language modelling goes on beside a task, `translation`: how bad a translation is, for the arms
  that have them;
* `targets`: what is measured, by the name of a module of `repro.targets`, at which layer and by which pooling;
  `readings`: other places where a model is read, by name, for experiments that train nothing.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping, Sequence
from importlib import import_module
from types import ModuleType
from typing import TypedDict, TypeVar

from repro.data.corpora import CorpusParameters
from repro.design.nodes import Node
from repro.design.stage_parameters import LanguageModelling, PretrainParameters, ReadingPlace, TuneParameters
from repro.errors import LabError
from repro.languages.realm import RealmParameters
from repro.models.checkpoints import CheckpointParameters
from repro.parameters import Number, Table
from repro.schema import JsonObject
from repro.tasks import TaskParameters, source
from repro.tasks.common.loading import Telling
from repro.training.schedule import Schedule

T = TypeVar("T")


class FidelityPretraining(PretrainParameters):
    """Pre-training of the fidelity's model.

    `seed`: where it is given, that one model serves all seeds, which then differ in what comes after it.
    """

    seed: int | None = None


class FidelityTarget(Table):
    """A target of the fidelity, the place where models are read for it, and parameters of the target's own."""

    OPEN = True

    layer: int
    pooling: str
    neighbours: int
    languages: str | Sequence[str] | None = None
    distance: str | None = None


class Translation(Table):
    """Generated text: the shares of words that are lost, or confused with others. Real text: the task's source."""

    dropped: Number = 0.0
    confused: Number = 0.0
    source: str = ""


class Foundation(Table):
    """Parameters of a fidelity that recipes have in common; see above."""

    languages: RealmParameters | None = None
    corpus: CorpusParameters | None = None
    pretrain: FidelityPretraining | None = None
    model: CheckpointParameters | None = None
    length: int
    tasks: Mapping[str, TaskParameters]
    schedules: Mapping[str, Schedule]
    targets: Mapping[str, FidelityTarget]
    readings: Mapping[str, ReadingPlace] = {}
    mlm: LanguageModelling | None = None
    translation: Translation | None = None

    @property
    def published(self) -> bool:
        """True if the fidelity's model is a checkpoint; what is pre-trained for the run takes its place."""
        return self.model is not None and self.pretrain is None


class TrainingRow(TypedDict):
    """Result of a model on a task that it was trained on; accuracies are shares."""

    arm: str
    seed: int
    task: str
    accuracy: float
    shortcut: float
    learnt: bool


ENGLISH = Telling(language="en", dropped=0.0, confused=0.0)


def recipe(name: str) -> ModuleType:
    """Return the recipe's module; LabError if there is none."""
    known = sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(__path__))
    if name not in known:
        raise LabError(f"there is no recipe {name!r}", f"recipes: {', '.join(known)}")
    return import_module(f"repro.recipes.{name.replace('-', '_')}")


def foundation(params: Foundation, seed: int) -> list[Node]:
    """Return the nodes that experiments share: text, a pre-trained model, and (if made here) a random one."""
    nodes = [*text(params, seed), *models(params, seed)]
    nodes += retrieval("untuned", params, seed, base(params, seed))
    if not params.published:
        nodes += retrieval("random", params, seed, f"random model, seed {_base_seed(params, seed)}")
    return nodes


def text(params: Foundation, seed: int) -> list[Node]:
    """Return the node that makes the text of all languages, if the fidelity has one."""
    seed = _base_seed(params, seed)
    if params.languages:
        return [Node("languages", "languages", seed, params.languages.to_json())]
    if params.corpus:
        return [Node("corpus", "corpus", seed, params.corpus.to_json(), data=(("multilingual-raw", ""),))]
    return []


def models(params: Foundation, seed: int) -> list[Node]:
    """Return the pre-trained model, and one of the same shape that was never trained."""
    seed = _base_seed(params, seed)
    if params.model and params.published:
        return [Node("model", "checkpoint", seed, params.model.to_json())]
    stated = pretrained_as(params)
    random = stated.but(schedule=stated.schedule.but(steps=0, epochs=0))
    needs = {"languages": text(params, seed)[0].name}
    return [
        Node("pretrain", "pretrain", seed, _unseeded(stated), needs),
        Node("random model", "pretrain", seed, _unseeded(random), needs),
    ]


def pretrained_as(params: Foundation) -> FidelityPretraining:
    """Return how the fidelity's model is pre-trained; LabError where the fidelity has no model at all."""
    if params.pretrain is None:
        raise LabError("the fidelity has no model", "give it `pretrain` or `model`")
    return params.pretrain


def _unseeded(stated: FidelityPretraining) -> JsonObject:
    return {key: value for key, value in stated.to_json().items() if key != "seed"}


def base(params: Foundation, seed: int) -> str:
    """Return the name of the node that gives the pre-trained model."""
    return f"{'model' if params.published else 'pretrain'}, seed {_base_seed(params, seed)}"


def _base_seed(params: Foundation, seed: int) -> int:
    if params.published:
        return 1
    own = pretrained_as(params).seed
    return seed if own is None else own


def made_from(params: Foundation, seed: int) -> dict[str, str]:
    """Return what a measurement needs of the text that its model was made from: nothing for a checkpoint.

    There a fidelity's text is for arms that go on with masked language modelling, and for nobody else.
    """
    nodes = text(params, seed) if params.languages or not params.published else []
    return {"languages": nodes[0].name} if nodes else {}


def retrieval(arm: str, params: Foundation, seed: int, model: str) -> list[Node]:
    """Measure `model` (a node's name) on every target of the fidelity and give the results to `arm`."""
    from repro.languages.typology import datasets as distances
    from repro.targets import target as module

    nodes = []
    for name, target in params.targets.items():
        needs = {"model": model} | made_from(params, seed)
        label = f"retrieve {arm}" + (f" {name}" if len(params.targets) > 1 else "")
        own = {"target": name, **target.to_json()}
        data = [*module(name).DATASETS, *(distances(target.distance) if target.distance is not None else ())]
        nodes.append(Node(label, "retrieval", seed, own, needs, arm, data=tuple((one, "") for one in data)))
    return nodes


def tuning(
    arm: str,
    names: Sequence[str],
    params: Foundation,
    seed: int,
    *,
    label: str = "",
    model: str = "",
    schedule: str = "",
    tasks: Mapping[str, TaskParameters] | None = None,
    sources: Sequence[Telling] | None = None,
    frozen: bool = False,
    mlm: LanguageModelling | None = None,
) -> Node:
    """Return the node that trains a model on tasks.

    Args:
        arm: whose result it is.
        names: of the tasks.
        params: the fidelity's.
        seed: of the training.
        label: what the stage is called; by default as the arm.
        model: name of the node to start from; by default the pre-trained model.
        schedule: a name in `schedules`; by default the task's, or "multi".
        tasks: in the place of the fidelity's.
        sources: of generated examples; by default English.
        frozen, mlm: as in `TuneParameters`.
    """
    chosen = entry(params.schedules, "schedules", schedule or (names[0] if len(names) == 1 else "multi"))
    own = {name: entry(params.tasks, "tasks", name) for name in names}
    stage = TuneParameters(tasks=own if tasks is None else tasks, schedule=chosen, length=params.length)
    if params.languages:
        stage = stage.but(languages=params.languages, sources=[ENGLISH])
    if sources is not None:
        stage = stage.but(sources=sources)
    if frozen:
        stage = stage.but(frozen=True)
    needs = {"model": model or base(params, seed)}
    if mlm:
        stage = stage.but(mlm=mlm)
        needs["corpus"] = text(params, seed)[0].name
    data = task_data(stage.tasks)
    return Node(f"tune {label or arm}", "tune", seed, stage.to_json(), needs, arm, data=data, optional=True)


def entry(table: Mapping[str, T], what: str, name: str) -> T:
    """Return `table[name]`; LabError with what there is in the table, which the fidelity calls `what`."""
    if name not in table:
        raise LabError(f"the fidelity has no {what}.{name}", f"{what} has {', '.join(table)}")
    return table[name]


def task_data(tasks: Mapping[str, TaskParameters]) -> tuple[tuple[str, str], ...]:
    """Return the data sets that the tasks' sources read, and in which form."""
    sources = [source(name, own.source) for name, own in tasks.items()]
    return tuple(dict.fromkeys((name, origin.layout) for origin in sources for name in origin.datasets))


def not_learnt(row: TrainingRow) -> str:
    """Return in words why a task of an arm counts as not learnt; `row` as in `repro.run.outcome.Outcome.training`."""
    return (
        f"{row['task']} was not learnt with seed {row['seed']}: accuracy {100 * row['accuracy']:.1f} %, "
        f"a shortcut alone {100 * row['shortcut']:.1f} %"
    )


def unlearnt_arms(training: Sequence[TrainingRow]) -> dict[str, str]:
    """Return an arm in which one seed did not learn one task: what it measured says nothing about that task."""
    reasons: dict[str, str] = {}
    for row in training:
        if not row["learnt"]:
            reasons.setdefault(row["arm"], not_learnt(row))
    return reasons
