"""Recipes turn an experiment's arms and parameters into stages, one module each.

A recipe has `ARM` and `PARAMS`, the schemas of an arm's and a fidelity's parameters; `nodes(experiment, params, seed)`,
the stages of one seed, each after those it needs; and `invalid(training)`, arm → why its measurements say nothing. A
recipe is light to import.

What a fidelity's parameters have in common, whatever the recipe (`FOUNDATION`):

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
from typing import Any

from repro.design.nodes import Node
from repro.errors import LabError
from repro.tasks import source

LANGUAGES = {
    "topics": int,
    "evenness": float,
    "sentences": int,
    "heldout": int,
    "vocabulary": int,
    "aside?": float,  # held-out sentences keep clear of the words that languages with this share would share
    "own_scenes?": bool,  # every language tells of scenes of its own, not of one stock
    "others": [
        {
            "code": str,
            "order?": str,
            "adjective?": str,
            "adposition?": str,
            "script?": str,
            "shared?": float,
            "sentences?": int,
        }
    ],
}
CORPUS = {
    "languages": [str],
    "lines": int,
    "pairs": int,
    "alpha": float,
    "longest": int,
    "vocabulary": int,
    "alphabet": int,
}
SCHEDULE = {
    "lr": float,
    "steps?": int,
    "epochs?": float,
    "batch?": int,
    "tokens?": int,
    "warmup?": float,
    "weight_decay?": float,
    "clip?": float,
    "accumulate?": int,
    "evaluate_every?": int,
    "patience?": int,
    "checkpoint_every?": int,
}
SHAPE = {"layers": int, "hidden": int, "heads": int, "feedforward": int, "dropout": float, "positions": int}
# `cut`: texts longer than the model takes are cut (real text); otherwise they are an error. `seed`: where it is given,
# that one pre-trained model serves all seeds, which then differ in what comes after it.
# `only`: of the text, that in these languages alone.
PRETRAIN = {"shape": SHAPE, "masked": float, "schedule": SCHEDULE, "cut?": bool, "seed?": int, "only?": [str]}
MODEL = {"name": str, "revision": str, "path?": str}
TASK = {"source": str, "examples": int, "dev": int}  # 0 examples: all there are
TARGET = {"layer": int, "pooling": str, "neighbours": int, "languages?": object, "distance?": str, "*": object}
# Generated text: how many words are lost or confused with others. Real text: the task's source that has translations.
TRANSLATION = {"dropped?": float, "confused?": float, "source?": str}
FOUNDATION = {
    "languages?": LANGUAGES,
    "corpus?": CORPUS,
    "pretrain?": PRETRAIN,
    "model?": MODEL,
    "length": int,
    "tasks": {"*": TASK},
    "schedules": {"*": SCHEDULE},
    "targets": {"*": TARGET},
    "readings?": {"*": {"layer": int, "pooling": str}},
    "mlm?": {"share": float, "masked": float},
    "translation?": TRANSLATION,
}
ENGLISH = [{"language": "en", "dropped": 0.0, "confused": 0.0}]


def recipe(name: str) -> ModuleType:
    """Return the recipe's module; LabError if there is none."""
    known = sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(__path__))
    if name not in known:
        raise LabError(f"there is no recipe {name!r}", f"recipes: {', '.join(known)}")
    return import_module(f"repro.recipes.{name.replace('-', '_')}")


def foundation(params: Mapping[str, Any], seed: int) -> list[Node]:
    """Return the nodes that experiments share: text, a pre-trained model, and (if made here) a random one."""
    nodes = [*text(params, seed), *models(params, seed)]
    nodes += retrieval("untuned", params, seed, base(params, seed))
    if not _published(params):
        nodes += retrieval("random", params, seed, f"random model, seed {_base_seed(params, seed)}")
    return nodes


def text(params: Mapping[str, Any], seed: int) -> list[Node]:
    """Return the node that makes the text of all languages, if the fidelity has one."""
    seed = _base_seed(params, seed)
    if "languages" in params:
        return [Node("languages", "languages", seed, params["languages"])]
    if "corpus" in params:
        return [Node("corpus", "corpus", seed, params["corpus"], data=(("multilingual-raw", ""),))]
    return []


def models(params: Mapping[str, Any], seed: int) -> list[Node]:
    """Return the pre-trained model, and one of the same shape that was never trained."""
    seed = _base_seed(params, seed)
    if _published(params):
        return [Node("model", "checkpoint", seed, params["model"])]
    pretrain = {key: value for key, value in params["pretrain"].items() if key != "seed"}
    random = {**pretrain, "schedule": {**pretrain["schedule"], "steps": 0, "epochs": 0}}
    needs = {"languages": text(params, seed)[0].name}
    return [
        Node("pretrain", "pretrain", seed, pretrain, needs),
        Node("random model", "pretrain", seed, random, needs),
    ]


def base(params: Mapping[str, Any], seed: int) -> str:
    """Return the name of the node that gives the pre-trained model."""
    return f"{'model' if _published(params) else 'pretrain'}, seed {_base_seed(params, seed)}"


def _published(params: Mapping[str, Any]) -> bool:
    """Return True if the fidelity's model is a checkpoint; what is pre-trained for the run takes its place."""
    return "model" in params and "pretrain" not in params


def _base_seed(params: Mapping[str, Any], seed: int) -> int:
    if _published(params):
        return 1
    return int(params["pretrain"].get("seed", seed))


def made_from(params: Mapping[str, Any], seed: int) -> dict[str, str]:
    """Return what a measurement needs of the text that its model was made from: nothing for a checkpoint.

    There a fidelity's text is for arms that go on with masked language modelling, and for nobody else.
    """
    nodes = text(params, seed) if "languages" in params or not _published(params) else []
    return {"languages": nodes[0].name} if nodes else {}


def retrieval(arm: str, params: Mapping[str, Any], seed: int, model: str) -> list[Node]:
    """Measure `model` (a node's name) on every target of the fidelity and give the results to `arm`."""
    from repro.languages.typology import datasets as distances
    from repro.targets import target as module

    nodes = []
    for name, target in params["targets"].items():
        needs = {"model": model} | made_from(params, seed)
        label = f"retrieve {arm}" + (f" {name}" if len(params["targets"]) > 1 else "")
        own = {"target": name, **target}
        data = [*module(name).DATASETS, *(distances(own["distance"]) if "distance" in own else ())]
        nodes.append(Node(label, "retrieval", seed, own, needs, arm, data=tuple((one, "") for one in data)))
    return nodes


def tuning(arm: str, names: Sequence[str], params: Mapping[str, Any], seed: int, **more: Any) -> Node:
    """Return the node that trains the pre-trained model on the tasks `names`.

    `more`: `schedule` (a name in `schedules`; default: the task's, or "multi"), `sources` of generated examples
    (default: English), `frozen`, `mlm`, `model` (the node to start from), `label`.
    """
    label, start = more.pop("label", arm), more.pop("model", base(params, seed))
    schedule = entry(params, "schedules", more.pop("schedule", names[0] if len(names) == 1 else "multi"))
    stage: dict[str, Any] = {
        "tasks": {name: entry(params, "tasks", name) for name in names},
        "schedule": schedule,
        "length": params["length"],
    }
    if "languages" in params:
        stage |= {"languages": params["languages"], "sources": ENGLISH}
    stage |= more
    needs = {"model": start}
    if "mlm" in stage:
        needs["corpus"] = text(params, seed)[0].name
    return Node(f"tune {label}", "tune", seed, stage, needs, arm, data=task_data(stage["tasks"]), optional=True)


def entry(params: Mapping[str, Any], table: str, name: str) -> Any:
    """Return `params[table][name]`; LabError with what there is."""
    if name not in params[table]:
        raise LabError(f"the fidelity has no {table}.{name}", f"{table} has {', '.join(params[table])}")
    return params[table][name]


def task_data(tasks: Mapping[str, Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    """Return the data sets that the tasks' sources read, and in which form."""
    sources = [source(name, own["source"]) for name, own in tasks.items()]
    return tuple(dict.fromkeys((name, origin.layout) for origin in sources for name in origin.datasets))


def not_learnt(row: Mapping[str, Any]) -> str:
    """Return in words why a task of an arm counts as not learnt; `row` as in `repro.run.outcome.Outcome.training`."""
    return (
        f"{row['task']} was not learnt with seed {row['seed']}: accuracy {100 * row['accuracy']:.1f} %, "
        f"a shortcut alone {100 * row['shortcut']:.1f} %"
    )


def unlearnt_arms(training: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return an arm in which one seed did not learn one task: what it measured says nothing about that task."""
    reasons: dict[str, str] = {}
    for row in training:
        if not row["learnt"]:
            reasons.setdefault(row["arm"], not_learnt(row))
    return reasons
