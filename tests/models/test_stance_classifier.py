"""The packaged classifier's storage, tokens and pooling, on a tiny one."""

import json

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer, models, pre_tokenizers

from synth.core.errors import SynthError
from synth.models import stance_classifier
from synth.models.cross_encoder import CrossEncoder
from synth.models.stance_classifier import CLAIM, END, NEITHER, PASSAGE, START, PairClassifier, encode_pairs, padded
from synth.models.stance_reader import Reader

WORDS = ["<s>", "<pad>", "</s>", "<unk>", *"tuning helps retrieval does not the weather was fine".split()]
PAIRS = [("tuning helps retrieval", "tuning does not help"), ("tuning helps", "the weather was fine")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    torch.manual_seed(3)
    model = PairClassifier(len(WORDS), width=32, layers=2, heads=2).eval()
    path = tmp_path_factory.mktemp("model")
    stance_classifier.save(model, path, {"base": "none"})
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(WORDS)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(path / "tokenizer.json"))
    return path, model


def logits(tokenizer, model):
    with torch.inference_mode():
        return torch.cat([model(*padded([row])) for row in encode_pairs(tokenizer, PAIRS)])


def test_what_is_stored_is_read_again_within_the_rounding(folder):
    path, model = folder
    tokenizer, loaded = stance_classifier.load(path)
    assert torch.allclose(logits(tokenizer, loaded), logits(tokenizer, model), atol=0.1)
    name = "encoder.embeddings.word_embeddings.weight"
    again = stance_classifier._from_nibbles(*stance_classifier._to_nibbles(loaded.state_dict()[name]), 32)
    assert torch.equal(again, loaded.state_dict()[name])  # a table that was rounded once stays as it is


def test_padding_and_company_change_nothing(folder):
    tokenizer, model = stance_classifier.load(folder[0])
    together = model(*padded(encode_pairs(tokenizer, PAIRS)))
    assert torch.allclose(together, logits(tokenizer, model), atol=1e-5)


def test_a_row_holds_claim_and_passage_and_is_cut(folder):
    tokenizer, _ = stance_classifier.load(folder[0])
    [(ids, segments)] = encode_pairs(tokenizer, [("tuning helps", "the weather")])
    assert ids == [START, 4, 5, END, END, 9, 10, END]
    assert segments == [NEITHER, CLAIM, CLAIM, NEITHER, NEITHER, PASSAGE, PASSAGE, NEITHER]
    [(ids, segments)] = encode_pairs(tokenizer, [("tuning " * 900, "the " * 9000)])
    assert len(ids) == len(segments) == stance_classifier.MAX_TOKENS
    assert segments.count(CLAIM) == stance_classifier.MAX_CLAIM_TOKENS
    assert encode_pairs(tokenizer, [("", "")])[0][0] == [START, END, END, END]


def spoilt(folder, tmp_path, change):
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    change(tmp_path)
    return CrossEncoder(packaged=tmp_path)


def _with(name, value):
    def change(folder):
        tensors = load_file(folder / "model.safetensors")
        tensors[name] = value(tensors[name])
        save_file(tensors, folder / "model.safetensors")

    return change


def _wider(folder):
    shape = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**shape, "layers": 3}))


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "model.safetensors").unlink(),
        lambda folder: (folder / "model.safetensors").write_bytes(b"\x80\x04 a pickle"),
        lambda folder: (folder / "config.json").write_text("{"),
        _wider,
        _with("out.bias", lambda bias: bias[:2]),
        _with("out.bias", lambda bias: bias * float("nan")),
    ],
)
def test_a_model_that_is_missing_damaged_or_of_another_shape_is_refused(folder, tmp_path, change):
    with pytest.raises(SynthError, match="stance model") as refused:
        spoilt(folder[0], tmp_path, change).logits(PAIRS)
    assert "rules" in refused.value.do


def test_a_model_that_gives_no_finite_numbers_says_nothing(folder, tmp_path):
    huge = _with("out.weight.scales", lambda scales: torch.full_like(scales, 1e30))
    model = spoilt(folder[0], tmp_path, huge)
    assert np.isnan(model.logits(PAIRS)).all()
    assert np.isnan(Reader(model).log_odds(PAIRS)).all()
