"""Models pre-trained on other text, or of another shape, each measured by retrieval as it is.

The method of K et al. 2020, Dufter & Schütze 2020 and Conneau et al. 2020b: generated languages differ in one thing at
a time, and nothing is trained but the model itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from repro.design.experiment import Experiment
from repro.design.nodes import Node
from repro.errors import LabError
from repro.recipes import FOUNDATION, LANGUAGES, SHAPE, retrieval
from repro.schema import merge

# Laid over the fidelity's parameters: `languages` (all but `others`), `others` (over every other language), `codes`
# (which of the other languages there are), `shape`, `steps` and `layer` (to be read). `random`: nothing is trained.
ARM = {
    "languages?": {f"{key.removesuffix('?')}?": kind for key, kind in LANGUAGES.items() if key != "others"},
    "others?": {"order?": str, "adjective?": str, "adposition?": str, "shared?": float, "sentences?": int},
    "codes?": [str],
    "shape?": {f"{key}?": kind for key, kind in SHAPE.items()},
    "steps?": int,
    "layer?": int,
    "random?": bool,
}
PARAMS = {**FOUNDATION}


def nodes(experiment: Experiment, params: dict[str, Any], seed: int) -> list[Node]:
    """Return text, model and measurement of every arm; arms that share text share the stage that makes it."""
    if "languages" not in params:
        raise LabError(
            f"{experiment.id} compares generated languages, and this fidelity has none", "use another fidelity"
        )
    stages: list[Node] = []
    texts: dict[str, str] = {}  # the parameters of a text, written out → the arm that it is named after
    for arm in experiment.arms:
        own = changed(params, arm.params)
        name = texts.setdefault(repr(own["languages"]), arm.name)
        if name == arm.name:
            stages.append(Node(f"languages {name}", "languages", seed, own["languages"]))
        text = f"languages {name}, seed {seed}"
        model = Node(f"pretrain {arm.name}", "pretrain", seed, own["pretrain"], {"languages": text})
        stages.append(model)
        for measured in retrieval(arm.name, own, seed, model.name):
            stages.append(Node(**{**vars(measured), "needs": {"model": model.name, "languages": text}}))
    return stages


def changed(params: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fidelity's parameters as an arm has them."""
    languages = merge(params["languages"], own.get("languages", {}))
    codes = own.get("codes", [row["code"] for row in languages["others"]])
    known = {row["code"] for row in languages["others"]}
    if unknown := set(codes) - known:
        raise LabError(f"there is no language {sorted(unknown)[0]!r}", f"codes: {', '.join(sorted(known))}")
    languages["others"] = [row | own.get("others", {}) for row in languages["others"] if row["code"] in codes]
    schedule = {"steps": own["steps"]} if "steps" in own else {}
    if own.get("random"):
        schedule = {"steps": 0, "epochs": 0}
    pretrain = merge(params["pretrain"], {"shape": own.get("shape", {}), "schedule": schedule})
    layer = {"layer": own["layer"]} if "layer" in own else {}
    targets = {name: {**target, **layer} for name, target in params["targets"].items()}
    return {**params, "languages": languages, "pretrain": pretrain, "targets": targets}


def invalid(training: list[Mapping[str, Any]]) -> dict[str, str]:
    """Return nothing: nothing is learnt but the model itself, which the gate judges."""
    return {}
