import json

import pytest
import torch

from repro.errors import LabError
from repro.models.shape import ModelShape
from repro.models.tokenizer import PAD
from repro.models.xlmr import check_lengths, load_model, new_model, pad, save_model


def test_a_saved_model_is_the_same_and_no_pickle(model, tokenizer, tmp_path):
    save_model(model, tmp_path)
    tokenizer.save_pretrained(tmp_path)
    assert (tmp_path / "model.safetensors").is_file()
    assert not list(tmp_path.glob("*.bin")) + list(tmp_path.glob("*.pt"))
    again = load_model(tmp_path).state_dict()
    assert all(torch.equal(weight, again[name]) for name, weight in model.state_dict().items())


def test_a_seed_decides_the_weights(model, tokenizer):
    shape = {"layers": 2, "hidden": 16, "heads": 2, "feedforward": 32, "dropout": 0.1, "positions": 62}
    same, other = (new_model(ModelShape.read(shape), len(tokenizer), seed) for seed in (1, 2))
    weight = "roberta.encoder.layer.0.attention.self.query.weight"
    assert torch.equal(model.state_dict()[weight], same.state_dict()[weight])
    assert not torch.equal(model.state_dict()[weight], other.state_dict()[weight])


def test_padding_is_on_the_right():
    assert pad([[5, 6], [7]]).tolist() == [[5, 6], [7, PAD]]


def test_a_text_that_is_too_long_is_an_error(model):
    with pytest.raises(LabError, match="63 tokens and the model takes 62"):
        check_lengths(model, [[0, *[10] * 61, 2]])
    check_lengths(model, [[0, *[10] * 60, 2]])


@pytest.fixture
def checkpoint(model, tokenizer, tmp_path):
    save_model(model, tmp_path)
    tokenizer.save_pretrained(tmp_path)
    return tmp_path


def test_a_folder_without_a_model_is_an_error(tmp_path):
    with pytest.raises(LabError, match="no config.json"):
        load_model(tmp_path)


def test_another_architecture_is_refused(checkpoint):
    config = json.loads((checkpoint / "config.json").read_text())
    (checkpoint / "config.json").write_text(json.dumps({**config, "model_type": "bert"}))
    with pytest.raises(LabError, match="holds a 'bert' model"):
        load_model(checkpoint)


def test_a_pickle_is_refused_unread(checkpoint):
    (checkpoint / "model.safetensors").rename(checkpoint / "pytorch_model.bin")
    with pytest.raises(LabError, match="only a pickle"):
        load_model(checkpoint)


def test_a_model_without_its_tokenizer_is_an_error(checkpoint):
    (checkpoint / "tokenizer.json").unlink()
    with pytest.raises(LabError, match="no tokenizer"):
        load_model(checkpoint)


@pytest.mark.parametrize("damage", ["config", "weights"])
def test_a_damaged_checkpoint_is_an_error(checkpoint, damage):
    file = checkpoint / {"config": "config.json", "weights": "model.safetensors"}[damage]
    file.write_bytes(file.read_bytes()[:100])
    with pytest.raises(LabError, match=r"not a model's configuration|cannot be loaded"):
        load_model(checkpoint)
