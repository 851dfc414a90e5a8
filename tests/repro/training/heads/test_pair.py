import pytest
import torch

from repro.errors import LabError
from repro.models.tokenizer import encode as tokens
from repro.tasks import Pair
from repro.training.heads import Heads, Layout
from repro.training.heads.pair import encode, loss, measure

LABELS = ("no", "yes")


def test_a_pair_is_encoded_as_the_tokenizer_does(tokenizer):
    data = encode([Pair("farmer grows", "farmer", "yes")], tokenizer, 62, LABELS)
    assert data.rows == tokens(tokenizer, ["farmer grows"], ["farmer"])
    assert data.labels == [1]
    assert (data.decisions, data.lengths) == (1, [len(data.rows[0])])


def test_long_and_empty_texts(tokenizer, model):
    data = encode([Pair("farmer " * 500, "", "yes"), Pair("", "", "no")], tokenizer, 20, LABELS)
    assert data.lengths[0] == 20
    heads = Heads(model, {"x": Layout("pair", LABELS)}, 1)
    assert torch.isfinite(loss(heads, "x", data, [0, 1]))
    assert 0 <= measure(heads, "x", data)["accuracy"] <= 1


def test_an_unknown_label_is_an_error(tokenizer):
    with pytest.raises(LabError, match="'perhaps'"):
        encode([Pair("a", "b", "perhaps")], tokenizer, 20, LABELS)


def test_accuracy_counts_examples(tokenizer, model):
    heads = Heads(model, {"x": Layout("pair", LABELS)}, 1)
    with torch.no_grad():  # always answer "yes"
        heads.layers["x"].weight.zero_()
        heads.layers["x"].bias.copy_(torch.tensor([0.0, 1.0]))
    examples = [Pair("farmer", "grows", label) for label in ("yes", "no", "no", "no")]
    assert measure(heads, "x", encode(examples, tokenizer, 62, LABELS)) == {"accuracy": 0.25}
