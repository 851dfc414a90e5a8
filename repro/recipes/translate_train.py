"""Learning a task for another language from machine-translated data, alone and with English (Sherborne et al. 2020)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from repro.design.experiment import Experiment
from repro.design.nodes import Node
from repro.recipes import ENGLISH, FOUNDATION, foundation, models, not_learnt, tuning

# `translated`, `english`: what the arm learns from; `pretrained`: whether it starts from the pre-trained model, or with
# `monolingual` from one that was pre-trained on the target language's text alone.
# An arm with none of them is there for the gate alone.
ARM = {"translated?": bool, "english?": bool, "pretrained?": bool, "monolingual?": bool}
PARAMS = {
    **FOUNDATION,
    "task": str,
    "languages_tested": [str],
}


def nodes(experiment: Experiment, params: dict[str, Any], seed: int) -> list[Node]:
    stages = foundation(params, seed)
    for arm in experiment.arms:
        if not arm.params:
            continue
        start = f"{'pretrain' if arm.params['pretrained'] else 'random model'}, seed {seed}"
        # Without translated data one model serves every target language.
        tested = params["languages_tested"]
        groups = [[code] for code in tested] if arm.params["translated"] else [tested]
        for codes in groups:
            label = f"{arm.name} {'+'.join(codes)}"
            if arm.params.get("monolingual"):
                alone = _alone(codes[0], params, seed)
                stages.append(alone)
                start = alone.name
            tune = tuning(
                arm.name,
                [params["task"]],
                params,
                seed,
                label=label,
                model=start,
                sources=_sources(arm.params, codes[0], params),
            )
            test = {key: tune.params[key] for key in ("tasks", "length", "languages")} | {"targets": codes}
            stages += [tune, Node(f"test {label}", "accuracy", seed, test, {"model": tune.name}, arm.name)]
    return stages


def _alone(code: str, params: dict[str, Any], seed: int) -> Node:
    """Return the model that is pre-trained as the others are, on the text of one language."""
    own = models(params, seed)[0]
    return Node(f"pretrain {code} alone", own.kind, own.seed, {**own.params, "only": [code]}, own.needs)


def _sources(arm: Mapping[str, Any], target: str, params: dict[str, Any]) -> list[dict[str, Any]]:
    translated = [{"language": target, **params["translation"]}] if arm["translated"] else []
    return translated + (ENGLISH if arm["english"] else [])


def invalid(training: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return all arms if none learnt the task, else none: whether an arm learns it is the result here."""
    if any(row["learnt"] for row in training):
        return {}
    return {row["arm"]: f"no arm learnt the task; {not_learnt(row)}" for row in training}
