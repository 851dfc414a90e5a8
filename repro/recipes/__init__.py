"""Recipes turn an experiment's arms and parameters into stages, one module each.

A recipe has `ARM` and `PARAMS`, the schemas of an arm's and a rung's parameters; `nodes(experiment, params, seed)`, the
stages of one seed, each after those it needs; and `invalid(training)`, arm → why its measurements say nothing. A recipe
is light to import.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from repro.plan import Node

LANGUAGES = {
    "topics": int,
    "evenness": float,
    "sentences": int,
    "heldout": int,
    "vocabulary": int,
    "others": [{"code": str, "order?": str, "adjective?": str, "adposition?": str, "script?": str, "shared?": float}],
}
SCHEDULE = {
    "steps": int,
    "batch": int,
    "lr": float,
    "warmup?": float,
    "weight_decay?": float,
    "clip?": float,
    "checkpoint_every?": int,
}
SHAPE = {"layers": int, "hidden": int, "heads": int, "feedforward": int, "dropout": float, "positions": int}
PRETRAIN = {"shape": SHAPE, "masked": float, "schedule": SCHEDULE}
COUNTS = {"examples": int, "dev": int}  # of one task
RETRIEVAL = {"layer": int, "neighbours": int}


def foundation(params: dict[str, Any], seed: int) -> list[Node]:
    """What experiments share: the languages, a pre-trained and a random model, and the retrieval of both."""
    random = {**params["pretrain"], "schedule": {**params["pretrain"]["schedule"], "steps": 0}}
    needs = {"languages": f"languages, seed {seed}"}
    return [
        Node("languages", "languages", seed, params["languages"]),
        Node("pretrain", "pretrain", seed, params["pretrain"], needs),
        Node("random model", "pretrain", seed, random, needs),
        retrieval("untuned", params, seed, f"pretrain, seed {seed}"),
        retrieval("random", params, seed, f"random model, seed {seed}"),
    ]


def retrieval(arm: str, params: dict[str, Any], seed: int, model: str) -> Node:
    """Measure `model` (a node's name) and give the result to `arm`."""
    needs = {"languages": f"languages, seed {seed}", "model": model}
    return Node(f"retrieve {arm}", "retrieval", seed, params["retrieval"], needs, arm)


def tuning(
    tasks: list[str], sources: list[dict[str, Any]], schedule: dict[str, Any], params: dict[str, Any]
) -> dict[str, Any]:
    """Parameters of a `tune` stage: `tasks` learnt from `sources`, with the rung's counts of examples."""
    return {
        "tasks": tasks,
        "sources": sources,
        "schedule": schedule,
        "examples": {name: params["tasks"][name]["examples"] for name in tasks},
        "dev": {name: params["tasks"][name]["dev"] for name in tasks},
        "languages": params["languages"],
    }


def not_learnt(row: Mapping[str, Any]) -> str:
    """Why a task of an arm counts as not learnt, in words; `row` as in `lab.Outcome.training`."""
    return (
        f"{row['task']} was not learnt with seed {row['seed']}: accuracy {100 * row['accuracy']:.1f} %, "
        f"a shortcut alone {100 * row['shortcut']:.1f} %"
    )
