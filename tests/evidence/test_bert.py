"""The encoder in plain PyTorch gives the states of transformers' models for the same weights."""

import pytest
import torch
import transformers

from synth.evidence.bert import Bert, shape_of

SIZES = {
    "vocab_size": 50,
    "hidden_size": 24,
    "num_hidden_layers": 2,
    "num_attention_heads": 3,
    "intermediate_size": 48,
    "max_position_embeddings": 40,
}


@pytest.mark.parametrize(("kind", "padding"), [("Bert", 0), ("XLMRoberta", 1)])
def test_states_are_those_of_the_library(kind, padding):
    torch.manual_seed(1)
    config = getattr(transformers, f"{kind}Config")(**SIZES, pad_token_id=padding, type_vocab_size=2)
    theirs = getattr(transformers, f"{kind}Model")(config, add_pooling_layer=False).eval()
    shape = shape_of(config.to_dict())
    assert shape is not None
    ours = Bert.of(shape, theirs.state_dict()).eval()
    ids = torch.randint(3, 50, (4, 11))
    real = torch.arange(11)[None, :] < torch.tensor([11, 7, 3, 1])[:, None]
    ids[~real] = padding
    with torch.inference_mode():
        expected = theirs(input_ids=ids, attention_mask=real.long()).last_hidden_state
        assert torch.allclose(ours(ids, real)[real], expected[real], atol=1e-6)
        assert torch.allclose(ours(ids[:1], real[:1]), expected[:1], atol=1e-6)


def test_converting_the_matrices_first_changes_nothing():
    shape = shape_of({**SIZES, "model_type": "bert", "hidden_act": "gelu"})
    model = Bert(shape).eval()
    ids, real = torch.randint(3, 50, (2, 9)), torch.ones(2, 9, dtype=torch.bool)
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        before = model(ids, real)
        assert torch.equal(model.multiply_in(torch.bfloat16)(ids, real), before)


@pytest.mark.parametrize(
    "other", [{"model_type": "mpnet"}, {"hidden_act": "relu"}, {"position_embedding_type": "relative_key"}]
)
def test_models_of_another_kind_are_not_taken(other):
    assert shape_of({**SIZES, "model_type": "bert", "hidden_act": "gelu", **other}) is None


def test_a_checkpoint_that_lacks_a_weight_is_refused():
    shape = shape_of({**SIZES, "model_type": "bert", "hidden_act": "gelu"})
    weights = Bert(shape).state_dict()
    del weights["encoder.layer.1.output.dense.weight"]
    with pytest.raises(KeyError):
        Bert.of(shape, weights)
