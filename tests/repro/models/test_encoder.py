import json

import numpy as np
import pytest
import torch

from repro.errors import LabError
from repro.models.encoder import Encoder, Reading, StateReader, in_batches, pooled
from repro.models.tokenizer import PAD, encode
from repro.models.xlmr import folder_of, load_model, save_model

TEXTS = ["a cat sees a dog", "", "a dog", "a cat sees a dog", "the cat " * 200]


@pytest.fixture
def folder(model, tokenizer, tmp_path):
    save_model(model, tmp_path / "model")
    tokenizer.save_pretrained(tmp_path / "model")
    return tmp_path / "model"


@pytest.mark.parametrize("layer", [0, 1, 2])
@pytest.mark.parametrize("pooling", ["mean", "mean-without-specials", "cls"])
def test_vectors_are_the_pooled_states_of_the_layer(folder, tokenizer, layer, pooling):
    model = load_model(folder).eval()
    vectors = Encoder(folder, layer, pooling).encode(TEXTS)
    for row, vector in zip(encode(tokenizer, TEXTS, limit=62), vectors, strict=True):
        with torch.inference_mode():
            states = model.roberta(input_ids=torch.tensor([row]), output_hidden_states=True).hidden_states[layer][0]
        words = [i for i, token in enumerate(row) if token > 3]
        expected = {
            "mean": states.mean(0),
            "cls": states[0],
            "mean-without-specials": states[words].mean(0) if words else states.mean(0),
        }[pooling]
        np.testing.assert_allclose(vector, expected.numpy(), atol=1e-5, rtol=1e-4)


def test_equal_texts_are_computed_once_and_have_equal_vectors(folder):
    done = []
    vectors = Encoder(folder, 1).encode(TEXTS, lambda share, message: done.append(message))
    assert np.array_equal(vectors[0], vectors[3])
    assert done[-1].startswith("4/4")


def test_no_text_gives_no_vector(folder):
    assert Encoder(folder, 1).encode([]).shape == (0, 16)


@pytest.mark.parametrize("layer", [-1, 3])
def test_a_layer_that_is_not_there_is_an_error(folder, layer):
    with pytest.raises(LabError, match="no layer"):
        Encoder(folder, layer)


def test_an_unknown_pooling_is_an_error(folder):
    with pytest.raises(LabError, match="no pooling 'max'"):
        Encoder(folder, 1, "max")


def test_layers_above_are_not_computed(folder):
    assert len(StateReader(folder, [Reading(0), Reading(1)]).body.encoder.layer) == 1


def test_a_model_that_is_referred_to_is_found(folder, tmp_path):
    artifact = tmp_path / "artifact"
    artifact.mkdir()
    (artifact / "reference.json").write_text(json.dumps({"folder": str(folder)}))
    assert folder_of(artifact) == folder
    assert folder_of(tmp_path) == tmp_path / "model"


def test_padding_does_not_count():
    hidden = torch.tensor([[[1.0], [3.0], [100.0]]])
    ids = torch.tensor([[0, 2, PAD]])
    assert pooled(hidden, ids, "mean", [0, 2]).item() == 2.0


@pytest.mark.parametrize("layer", [0, 1, 2])
def test_an_xl_model_is_read_at_its_layers_too(tokenizer, tmp_path, layer):
    from transformers import XLMRobertaXLConfig, XLMRobertaXLForMaskedLM

    torch.manual_seed(1)
    config = XLMRobertaXLConfig(
        vocab_size=len(tokenizer),
        num_hidden_layers=2,
        hidden_size=16,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
        type_vocab_size=1,
    )
    save_model(XLMRobertaXLForMaskedLM(config), tmp_path)
    tokenizer.save_pretrained(tmp_path)
    model = load_model(tmp_path).eval()
    rows = encode(tokenizer, TEXTS[:3])
    vectors = Encoder(tmp_path, layer).encode(TEXTS[:3])
    for row, vector in zip(rows, vectors, strict=True):
        with torch.inference_mode():
            states = model.roberta(input_ids=torch.tensor([row]), output_hidden_states=True).hidden_states[layer][0]
        np.testing.assert_allclose(vector, states.mean(0).numpy(), atol=1e-5, rtol=1e-4)


def test_batches_for_reading_have_every_example_once():
    lengths = [5, 3000, 7, 4096, 9000, 1]
    found = list(in_batches(lengths, torch.device("cpu")))
    assert sorted(i for batch in found for i in batch) == list(range(6))
    assert [4] in found
    assert len(found) < 6
