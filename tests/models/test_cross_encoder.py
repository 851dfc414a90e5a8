import numpy as np
import pytest
import torch
from transformers import BertConfig, BertForSequenceClassification

from synth.core.errors import SynthError
from synth.models.cross_encoder import CrossEncoder
from synth.models.encoder import Encoder

PAIRS = [
    ("Tuning on English improves retrieval.", "We find that tuning on English improves retrieval in all languages."),
    ("Tuning on English improves retrieval.", "We find that tuning on English does not improve retrieval."),
    ("Tuning on English improves retrieval.", "The weather in the valley was fine."),
]


@pytest.fixture(scope="module")
def packaged():
    return CrossEncoder()


def test_the_packaged_model_tells_what_is_said_from_what_is_denied_and_from_what_is_not(packaged):
    assert packaged.logits(PAIRS).argmax(axis=1).tolist() == [0, 1, 2]


def test_answers_do_not_depend_on_the_company_or_the_cache(packaged, tmp_path):
    alone = np.concatenate([packaged.logits([pair]) for pair in PAIRS])
    cached = CrossEncoder(cache=tmp_path / "cache.db")
    long = [("A claim.", "word " * 3000)]
    first = cached.logits(PAIRS + long + PAIRS)
    np.testing.assert_allclose(first[:3], alone, atol=0.02)
    assert np.array_equal(first[:3], first[4:])
    asked = []
    assert np.array_equal(
        CrossEncoder(cache=tmp_path / "cache.db").logits(PAIRS, lambda *a: asked.append(a)), first[:3]
    )
    assert asked == [(3, 3)]  # nothing was computed


def test_loading_prints_nothing(capfd, recwarn):
    CrossEncoder().logits(PAIRS[:1])
    assert capfd.readouterr() == ("", "")
    assert not [w for w in recwarn if w.category is FutureWarning]


def test_no_pairs_and_odd_texts(packaged):
    assert packaged.logits([]).shape == (0, 3)
    odd = [("", ""), ("\ud800", "x"), ("∀x∈ℝ: x²≥0", "\0"), ("x " * 20_000, "y " * 20_000)]
    assert np.isfinite(packaged.logits(odd)).all()


def small(folder, labels):
    config = BertConfig(
        vocab_size=30522,
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=8,
        num_labels=len(labels),
        id2label=dict(enumerate(labels)),
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    for name in ("tokenizer.json", "tokenizer_config.json", "vocab.txt"):
        (folder / name).write_bytes((Encoder().directory / name).read_bytes())
    return folder


def test_a_classifier_of_ones_own_is_read_by_its_labels(tmp_path):
    one = small(tmp_path / "a", ["CONTRADICTION", "entailment", "neutral"])
    found = CrossEncoder(str(one)).logits(PAIRS)
    assert found.shape == (3, 3)
    other = tmp_path / "b"
    other.mkdir()
    for file in one.iterdir():
        (other / file.name).write_bytes(file.read_bytes())
    config = other / "config.json"
    text = config.read_text()
    config.write_text(
        text.replace("CONTRADICTION", "swap").replace("entailment", "contradiction").replace("swap", "entailment")
    )
    np.testing.assert_allclose(CrossEncoder(str(other)).logits(PAIRS)[:, [1, 0, 2]], found, atol=1e-3)


@pytest.mark.parametrize("labels", [["positive", "negative"], ["LABEL_0", "LABEL_1", "LABEL_2"]])
def test_labels_of_another_task_are_refused(tmp_path, labels):
    with pytest.raises(SynthError, match="labels"):
        CrossEncoder(str(small(tmp_path / "m", labels))).logits(PAIRS)


def test_a_pickle_is_refused(tmp_path):
    folder = small(tmp_path / "m", ["entailment", "contradiction", "neutral"])
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(SynthError):
        CrossEncoder(str(folder)).logits(PAIRS)


def test_weights_that_are_no_numbers_are_refused(tmp_path):
    folder = small(tmp_path / "m", ["entailment", "contradiction", "neutral"])
    model = BertForSequenceClassification.from_pretrained(folder)
    with torch.no_grad():
        model.classifier.weight.fill_(float("nan"))
    model.save_pretrained(folder)
    with pytest.raises(SynthError, match="not finite"):
        CrossEncoder(str(folder)).logits(PAIRS)


def test_a_missing_folder_is_told_even_if_nothing_is_read(tmp_path):
    for ask in (CrossEncoder.checked, lambda model: model.logits(PAIRS)):
        with pytest.raises(SynthError):
            ask(CrossEncoder(str(tmp_path / "none")))


def test_labels_of_another_task_are_told_even_if_nothing_is_read(tmp_path):
    with pytest.raises(SynthError, match="labels"):
        CrossEncoder(str(small(tmp_path / "m", ["positive", "negative"]))).checked()
