import pytest
import torch

from repro.errors import LabError
from repro.model import embed, load_model, new_model, pad, save_model
from repro.tokenizer import PAD

ROWS = [[0, 10, 11, 2], [0, 12, 2], [0, 13, 14, 15, 16, 2]]


@pytest.mark.parametrize("layer", [0, 1, 2])
def test_vectors_are_means_of_the_layer_over_all_tokens(model, layer):
    model.eval()
    vectors = embed(model, ROWS, layer, batch=2)
    for row, vector in zip(ROWS, vectors, strict=True):
        with torch.inference_mode():
            states = model.roberta(input_ids=torch.tensor([row]), output_hidden_states=True).hidden_states
        torch.testing.assert_close(vector, states[layer][0].mean(0), atol=1e-5, rtol=1e-5)


def test_reading_a_layer_leaves_the_model_whole(model):
    before = len(model.roberta.encoder.layer)
    embed(model, ROWS, 0)
    assert len(model.roberta.encoder.layer) == before


@pytest.mark.parametrize("layer", [-1, 3])
def test_a_layer_that_is_not_there_is_an_error(model, layer):
    with pytest.raises(LabError, match="no layer"):
        embed(model, ROWS, layer)


def test_a_saved_model_is_the_same_and_no_pickle(model, tmp_path):
    save_model(model, tmp_path)
    assert (tmp_path / "model.safetensors").is_file()
    assert not list(tmp_path.glob("*.bin")) + list(tmp_path.glob("*.pt"))
    torch.testing.assert_close(embed(load_model(tmp_path), ROWS, 2), embed(model, ROWS, 2))


def test_a_seed_decides_the_weights(model, tokenizer):
    shape = {"layers": 2, "hidden": 16, "heads": 2, "feedforward": 32, "dropout": 0.1, "positions": 62}
    same, other = (new_model(shape, len(tokenizer), seed) for seed in (1, 2))
    weight = "roberta.encoder.layer.0.attention.self.query.weight"
    assert torch.equal(model.state_dict()[weight], same.state_dict()[weight])
    assert not torch.equal(model.state_dict()[weight], other.state_dict()[weight])


def test_padding_is_on_the_right():
    assert pad([[5, 6], [7]]).tolist() == [[5, 6], [7, PAD]]


def test_a_text_that_is_too_long_is_an_error(model):
    with pytest.raises(LabError, match="63 tokens and the model takes 62"):
        embed(model, [[0, *[10] * 61, 2]], 1)
    assert embed(model, [[0, *[10] * 60, 2]], 1).shape == (1, 16)
