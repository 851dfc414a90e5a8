"""A laboratory small enough for tests: the real code path with few sentences and few steps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

LANGUAGES: dict[str, Any] = {
    "topics": 3,
    "evenness": 0.3,
    "sentences": 300,
    "heldout": 40,
    "vocabulary": 600,
    "others": [
        {"code": "aa", "script": "greek", "shared": 0.2},
        {
            "code": "dd",
            "order": "SOV",
            "adjective": "after",
            "adposition": "after",
            "script": "armenian",
            "shared": 0.2,
        },
    ],
}
SHAPE = {"layers": 2, "hidden": 16, "heads": 2, "feedforward": 32, "dropout": 0.1, "positions": 62}
STEPS = {"steps": 4, "batch": 8, "lr": 1e-3}
TASKS = (
    "anli", "mnli", "qqp", "squad2", "squad1", "hellaswag", "ccg", "cosmosqa", "commonsenseqa",
    "upos", "deprel", "depth", "chunk",
)  # fmt: skip
OVERRIDES: dict[str, Any] = {
    "languages": LANGUAGES,
    "pretrain": {"shape": SHAPE, "schedule": {"steps": 12, "batch": 16, "lr": 1e-3, "checkpoint_every": 5}},
    "targets": {"heldout": {"layer": 1, "neighbours": 5}},
    "tasks": {name: {"examples": 60, "dev": 20} for name in TASKS},
    "schedules": dict.fromkeys((*TASKS, "multi"), STEPS),
}


@pytest.fixture(scope="session")
def realm():
    from repro.languages.realm import Realm, RealmParameters

    return Realm.of(RealmParameters.read(LANGUAGES), 1)


@pytest.fixture(scope="session")
def tokenizer(realm):
    from repro.languages.grammar import sentence
    from repro.models.tokenizer import train_tokenizer

    scenes = realm.world.scenes(200, 1, "text")
    lines = [sentence(s, lang, realm.lexicons[lang.code]) for lang in realm.languages for s in scenes]
    return train_tokenizer(lines, 600)


@pytest.fixture
def model(tokenizer):
    from repro.models.shape import ModelShape
    from repro.models.xlmr import new_model

    return new_model(ModelShape.read(SHAPE), len(tokenizer), 1)


# What single experiments have beyond that.
OWN: dict[str, dict[str, Any]] = {
    "model-size": {
        "sizes": {"small": {"layer": 1, "shape": {**SHAPE, "layers": 1}}, "large": {"layer": 1, "shape": SHAPE}}
    },
    "translate-train": {"languages_tested": ["aa", "dd"]},
    "task-diversity": {"schedules": {**OVERRIDES["schedules"], "equal": STEPS}},
}


@pytest.fixture(scope="session")
def overrides() -> Callable[[str], dict[str, Any]]:
    """The changes that make the synthetic rung of an experiment small, by its id."""
    return lambda experiment: {**OVERRIDES, **OWN.get(experiment, {})}


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory) -> Path:
    """An XLM-R in hub format, with random weights."""
    from tests.repro.small_checkpoint import save

    return save(tmp_path_factory.mktemp("checkpoint"))
