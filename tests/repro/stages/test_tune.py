"""The stages that train on tasks and test what came out, on a model that is small enough for tests."""

import json
import os
from importlib.resources import files

import pytest
from safetensors.torch import load_file

from repro.data.library import Library
from repro.errors import LabError
from repro.stages import Job, accuracy, read_json, tune
from tests.repro.conftest import LANGUAGES

TASKS = {name: {"source": "generated", "examples": 24, "dev": 12} for name in ("mnli", "hellaswag", "squad2", "ccg")}
ENGLISH = {"language": "en", "dropped": 0.0, "confused": 0.0}
PARAMS = {
    "tasks": TASKS,
    "languages": LANGUAGES,
    "sources": [ENGLISH],
    "schedule": {"steps": 6, "batch": 4, "lr": 1e-3},
    "length": 62,
}


@pytest.fixture
def stage(tmp_path, model, tokenizer):
    (tmp_path / "start").mkdir()
    model.save_pretrained(tmp_path / "start" / "model")
    tokenizer.save_pretrained(tmp_path / "start" / "model")
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "en.txt").write_text("farmer grows wheat\ncook stirs soup\n" * 10)

    def run(name, params, module=tune, start="start", library=Library(None, None)):  # noqa: B008
        out = tmp_path / name
        out.mkdir()
        inputs = {"model": tmp_path / start, "corpus": tmp_path}
        module.run(Job(params, 1, inputs, out, tmp_path / f"partial {name}", lambda *_: None, library))
        return out

    return run


def weights(folder):
    return load_file(folder / "model" / "model.safetensors")


def test_what_is_written(stage):
    out = stage("multi", PARAMS)
    found = read_json(out / "training.json")
    assert len(found["losses"]) == 6
    assert set(found["tasks"]) == set(TASKS)
    for name, row in found["tasks"].items():
        assert row["metric"] == ("f1" if name == "squad2" else "accuracy")
        assert row["accuracy"] == row["metrics"][row["metric"]]
        assert 0 <= row["shortcut"] <= 1
        assert (row["examples"], row["dev"], row["dropped"], row["cut"]) == (24, 12, 0, 0)
        assert row["source"] == "generated"
        assert row["deviation"] == ""
        assert row["published"] > 10_000
        assert row["decisions"] >= 12
        assert isinstance(row["learnt"], bool)
    assert found["tasks"]["hellaswag"]["chance"] == 0.25
    assert found["tasks"]["mnli"]["labels"] == ["entailment", "neutral", "contradiction"]
    kinds = {name: own["kind"] for name, own in json.loads((out / "heads.json").read_text()).items()}
    assert kinds == {"mnli": "pair", "hellaswag": "choice", "squad2": "span", "ccg": "tagging"}
    assert {key.split(".")[0] for key in load_file(out / "heads.safetensors")} == set(TASKS)


def test_a_tuned_model_is_tested_in_other_languages(stage):
    tuned = stage("multi", PARAMS)
    before = read_json(tuned / "training.json")["tasks"]
    params = {key: PARAMS[key] for key in ("tasks", "languages", "length")} | {"targets": ["en", "dd"]}
    rows = read_json(stage("test", params, accuracy, "multi") / "measurements.json")
    assert {(row["language"], row["metric"]) for row in rows} == {
        (code, metric)
        for code in ("en", "dd")
        for metric in ("accuracy_mnli", "accuracy_hellaswag", "accuracy_ccg", "f1_squad2", "exact_squad2")
    }
    assert all(0 <= row["value"] <= 100 for row in rows)
    assert {row["distance"] for row in rows} == {0.0, 0.75}
    assert rows[0]["n"] == before["mnli"]["decisions"]


def test_translated_sources_add_examples(stage):
    sources = [ENGLISH, {"language": "dd", "dropped": 0.1, "confused": 0.1}]
    found = read_json(stage("translated", {**PARAMS, "sources": sources}) / "training.json")
    assert {row["examples"] for row in found["tasks"].values()} == {48}
    assert len(found["losses"]) == 6


def test_frozen_changes_heads_alone_and_language_modelling_its_own_head_too(stage, tmp_path):
    start = weights(tmp_path / "start")
    frozen = weights(stage("frozen", {**PARAMS, "frozen": True}))
    assert all(frozen[name].equal(value) for name, value in start.items())
    plain = weights(stage("plain", PARAMS))
    changed = {name for name, value in start.items() if not plain[name].equal(value)}
    assert changed
    # Without language modelling its head stays what it was, but for what it shares with the encoder.
    assert not any(name.startswith("lm_head.dense") for name in changed)
    both = weights(stage("mlm", {**PARAMS, "mlm": {"share": 0.5, "masked": 0.3}}))
    assert any(not both[name].equal(value) for name, value in start.items() if name.startswith("lm_head.dense"))


def test_frozen_and_language_modelling_exclude_each_other(stage):
    with pytest.raises(LabError, match="frozen"):
        stage("both", {**PARAMS, "frozen": True, "mlm": {"share": 0.5, "masked": 0.3}})


def test_language_modelling_needs_text(stage, tmp_path):
    (tmp_path / "text" / "en.txt").write_text("\n")
    with pytest.raises(LabError, match="no text"):
        stage("mlm", {**PARAMS, "mlm": {"share": 0.5, "masked": 0.3}})


def test_epochs_and_early_stopping(stage):
    schedule = {"epochs": 2.0, "batch": 8, "lr": 1e-3, "evaluate_every": 1, "patience": 1}
    found = read_json(stage("short", {**PARAMS, "schedule": schedule}) / "training.json")
    assert 2 <= len(found["losses"]) <= 2 * 4 * 3


REAL = {
    "tasks": {
        "mnli": {"source": "xnli", "examples": 32, "dev": 16},
        "squad1": {"source": "tydiqa-goldp", "examples": 32, "dev": 16},
    },
    **{key: PARAMS[key] for key in ("schedule", "length")},
}


def test_data_that_is_not_there_is_named(stage):
    with pytest.raises(LabError, match="xnli is not on this machine"):
        stage("real", REAL)


@pytest.mark.skipif(not os.environ.get("SYNTH_DATA"), reason="SYNTH_DATA is not set")
def test_real_data_without_generated_languages(stage):
    tasks = read_json(stage("real", REAL, library=Library.default()) / "training.json")["tasks"]
    assert [(row["examples"], row["dev"]) for row in tasks.values()] == [(32, 16), (32, 16)]
    assert tasks["mnli"]["published"] == 392_702
    assert "XNLI" in tasks["mnli"]["deviation"]
    assert tasks["squad1"]["cut"] > 0  # 62 positions are few for a paragraph


@pytest.mark.parametrize("module", [tune, accuracy])
def test_the_result_depends_on_all_code_that_makes_it(module):
    root = files("repro")
    assert all(root.joinpath(name).is_file() for name in module.SOURCES)
    for folder in ("training/heads", "tasks/common"):
        own = {f"{folder}/{entry.name}" for entry in root.joinpath(folder).iterdir() if entry.name.endswith(".py")}
        assert own - {"tasks/common/__init__.py"} <= set(module.SOURCES)
