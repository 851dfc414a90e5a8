"""A laboratory small enough for tests: the real code path with few sentences and few steps."""

from __future__ import annotations

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
OVERRIDES: dict[str, Any] = {
    "languages": LANGUAGES,
    "pretrain": {"shape": SHAPE, "schedule": {"steps": 12, "batch": 16, "lr": 1e-3, "checkpoint_every": 5}},
    "retrieval": {"layer": 1, "neighbours": 5},
    "tasks": {"nli": {"examples": 90, "dev": 30}, "tagging": {"examples": 60, "dev": 20}},
}
STEPS = {"steps": 4, "batch": 8, "lr": 1e-3}


@pytest.fixture(scope="session")
def realm():
    from repro.languages import Realm

    return Realm.of(LANGUAGES, 1)


@pytest.fixture(scope="session")
def tokenizer(realm):
    from repro.languages import sentence
    from repro.tokenizer import train_tokenizer

    scenes = realm.world.scenes(200, 1, "text")
    lines = [sentence(s, lang, realm.lexicons[lang.code]) for lang in realm.languages for s in scenes]
    return train_tokenizer(lines, 600)


@pytest.fixture
def model(tokenizer):
    from repro.model import new_model

    return new_model(SHAPE, len(tokenizer), 1)


@pytest.fixture(scope="session")
def transfer_overrides() -> dict[str, Any]:
    return {**OVERRIDES, "schedules": {"nli": STEPS, "tagging": STEPS, "multi": STEPS}}


@pytest.fixture(scope="session")
def translate_overrides() -> dict[str, Any]:
    return {**OVERRIDES, "schedule": STEPS, "targets": ["aa", "dd"]}
