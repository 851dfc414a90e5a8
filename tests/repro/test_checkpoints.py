import shutil

import pytest

from repro.checkpoints import find, fingerprint, layers
from repro.errors import LabError

NAMED = {"name": "nobody/no-model", "revision": "0123456789abcdef"}


def test_a_folder_is_found_and_made_absolute(tmp_path, monkeypatch):
    (tmp_path / "model").mkdir()
    monkeypatch.chdir(tmp_path)
    assert find({**NAMED, "path": "model"}) == tmp_path / "model"
    with pytest.raises(LabError, match="no folder") as caught:
        find({**NAMED, "path": "modle"})
    assert "hub format" in caught.value.do


def test_a_model_of_the_hub_that_is_not_here_says_what_to_do():
    with pytest.raises(LabError, match=r"nobody/no-model \(0123456789ab\)") as caught:
        find(NAMED)
    assert "--model DIR" in caught.value.do


@pytest.mark.parametrize("online", [False, True])
def test_the_hub_is_asked_for_the_pinned_revision_and_for_safetensors_only(online, monkeypatch, tmp_path):
    import huggingface_hub

    asked = {}

    def snapshot_download(name, revision, allow_patterns, local_files_only):
        asked.update(name=name, revision=revision, patterns=allow_patterns, offline=local_files_only)
        return str(tmp_path)

    monkeypatch.setattr(huggingface_hub, "snapshot_download", snapshot_download)
    assert find(NAMED, online) == tmp_path
    assert asked["offline"] is not online
    assert (asked["name"], asked["revision"]) == (NAMED["name"], NAMED["revision"])
    assert "*.safetensors" in asked["patterns"]
    assert not [pattern for pattern in asked["patterns"] if pattern.endswith((".bin", ".pt", "*"))]


def test_the_fingerprint_follows_names_and_bytes_of_what_is_computed_with(tmp_path):
    for name in ("model.safetensors", "config.json", "sentencepiece.bpe.model"):
        (tmp_path / name).write_text(name)
    before = fingerprint(tmp_path)
    (tmp_path / "README.md").write_text("about it")
    (tmp_path / "pytorch_model.bin").write_text("never read")
    assert fingerprint(tmp_path) == before
    for name in ("model.safetensors", "config.json", "sentencepiece.bpe.model"):
        (tmp_path / name).write_text(name + "!")
        assert fingerprint(tmp_path) != before
        (tmp_path / name).write_text(name)
        assert fingerprint(tmp_path) == before
    (tmp_path / "config.json").rename(tmp_path / "generation.json")
    assert fingerprint(tmp_path) != before


def test_the_fingerprint_is_the_same_in_another_folder_and_can_be_remembered(tmp_path, checkpoint):
    shutil.copytree(checkpoint, tmp_path / "elsewhere")
    assert fingerprint(tmp_path / "elsewhere") == fingerprint(checkpoint)
    asked = []
    fingerprint(checkpoint, lambda file: asked.append(file.name) or "0")
    assert {"config.json", "model.safetensors", "tokenizer.json"} <= set(asked)


def test_the_layers_of_a_model_are_in_its_configuration(checkpoint):
    assert layers(checkpoint) == 2


@pytest.mark.parametrize(
    "config",
    [
        None, "", "[]", "{}", '{"num_hidden_layers": "2"}', '{"num_hidden_layers": true}', '{"num_hidden_layers": 0}',
        "[" * 100_000, '{"num_hidden_layers": 2}' + " " * 2**20,
    ],
)  # fmt: skip
def test_a_configuration_without_layers_is_refused(config, tmp_path):
    if config is not None:
        (tmp_path / "config.json").write_text(config)
    with pytest.raises(LabError, match=r"config\.json") as caught:
        layers(tmp_path)
    assert caught.value.do
