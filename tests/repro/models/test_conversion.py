import hashlib
import json

import numpy as np
import pytest
import torch

from repro.errors import LabError
from repro.models.conversion import as_xlmr, from_bert, tokenizer, unpack
from repro.models.e5file import E5File
from repro.models.encoder import Encoder
from repro.models.tokenizer import load_tokenizer
from repro.models.xlmr import backbone, check_checkpoint, load_model
from tests.repro import small_e5file as small


def small_bert(folder, vocabulary=50, **changes):
    """Save a BERT with XLM-R's padding in hub format."""
    from transformers import BertConfig, BertModel

    torch.manual_seed(1)
    options = {"vocab_size": vocabulary, "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2}
    options |= {"intermediate_size": 32, "max_position_embeddings": 24, "pad_token_id": 1, "layer_norm_eps": 1e-12}
    model = BertModel(BertConfig(**options, **changes), add_pooling_layer=True).eval()
    model.save_pretrained(folder)
    tokenizer([f"p{i}" for i in range(vocabulary)], [0.0] * vocabulary, {}, 24).save_pretrained(folder)
    return model


@pytest.fixture
def unpacked(tmp_path):
    data = small.built()
    (tmp_path / "weights.bin").write_bytes(data)
    unpack(E5File(tmp_path / "weights.bin", hashlib.sha256(data).hexdigest()), tmp_path / "model")
    return tmp_path / "model"


def test_a_bert_computes_the_same_as_the_xlmr_it_becomes(tmp_path):
    bert = small_bert(tmp_path / "bert")
    from_bert(tmp_path / "bert", tmp_path / "xlmr")
    assert check_checkpoint(tmp_path / "xlmr")["max_position_embeddings"] == 26
    body = backbone(load_model(tmp_path / "xlmr")).eval()
    ids = torch.tensor([[0, 5, 9, 33, 2, 7, 2], [0, 8, 2, 1, 1, 1, 1]])
    mask = (ids != 1).long()
    with torch.inference_mode():
        own = body(input_ids=ids, attention_mask=mask).last_hidden_state
        expected = bert(input_ids=ids, attention_mask=mask).last_hidden_state
    torch.testing.assert_close(own[mask.bool()], expected[mask.bool()], atol=1e-6, rtol=1e-5)


@pytest.mark.parametrize("change", [{"hidden_act": "relu"}, {"position_embedding_type": "relative_key"}])
def test_a_bert_that_computes_otherwise_is_refused(tmp_path, change):
    small_bert(tmp_path / "bert")
    file = tmp_path / "bert" / "config.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | change))
    with pytest.raises(LabError, match="computes otherwise"):
        from_bert(tmp_path / "bert", tmp_path / "xlmr")


def test_damaged_weights_of_a_bert_are_an_error_for_the_user(tmp_path):
    small_bert(tmp_path / "bert")
    (tmp_path / "bert" / "model.safetensors").write_bytes(b"nothing")
    with pytest.raises(LabError, match="cannot be converted"):
        from_bert(tmp_path / "bert", tmp_path / "xlmr")


def test_unpacked_weights_are_those_of_the_file_and_positions_begin_after_padding(unpacked):
    own = backbone(load_model(unpacked)).state_dict()
    values = small.values()
    assert own["embeddings.position_embeddings.weight"].shape == (small.POSITIONS + 2, small.HIDDEN)
    np.testing.assert_array_equal(own["embeddings.position_embeddings.weight"][2:].numpy(), values["emb.pos"])
    np.testing.assert_array_equal(own["embeddings.token_type_embeddings.weight"].numpy(), values["emb.type"][:1])
    np.testing.assert_array_equal(own["encoder.layer.1.attention.self.key.weight"].numpy(), values["l1.k.w"])
    assert Encoder(unpacked, 2).encode(["a bc", "ﬁ"]).shape == (2, small.HIDDEN)


def test_unpacked_text_is_normalised_and_cut_into_the_best_pieces(unpacked):
    own = load_tokenizer(unpacked)
    assert own.convert_ids_to_tokens(own("Ａ\tbc")["input_ids"]) == ["<s>", "▁a", "▁bc", "</s>"]
    assert own("  a   bc\x07 ")["input_ids"] == own("a bc")["input_ids"]
    assert own.convert_ids_to_tokens(own("ﬁ")["input_ids"]) == ["<s>", "▁", "<unk>", "i", "</s>"]
    assert (own.pad_token_id, own.mask_token) == (1, "<mask>")


def test_weights_without_positions_are_a_key_error():
    with pytest.raises(KeyError):
        as_xlmr({"encoder.x": np.zeros(1, dtype=np.float32)})
