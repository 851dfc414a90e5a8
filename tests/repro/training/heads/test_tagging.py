import pytest
import torch

from repro.models.tokenizer import encode as tokens
from repro.tasks import Tagged
from repro.training.heads import Heads, Layout
from repro.training.heads.tagging import UNKNOWN, encode, loss, measure

TAGS = ("A", "B", "C")
LAYOUT = {"x": Layout("tagging", TAGS)}


def test_words_are_tagged_at_their_first_piece(tokenizer):
    words = ("farmer", "xyzzyx", "grows")
    data = encode([Tagged(words, ("A", "C", "B"))], tokenizer, 62, TAGS)
    assert data.rows == tokens(tokenizer, [" ".join(words)])
    pieces = [len(tokenizer(word, add_special_tokens=False)["input_ids"]) for word in words]
    assert pieces[1] > 1
    assert data.positions == [[1, 1 + pieces[0], 1 + pieces[0] + pieces[1]]]
    assert data.labels == [[0, 2, 1]]
    assert data.decisions == 3


def test_an_unseen_tag_and_a_word_that_is_cut_off_count_as_wrong(tokenizer, model):
    heads = Heads(model, LAYOUT, 1)
    with torch.no_grad():  # always answer "A"
        heads.layers["x"].weight.zero_()
        heads.layers["x"].bias.copy_(torch.tensor([1.0, 0.0, 0.0]))
    examples = [Tagged(("farmer", "grows", "farmer", "grows"), ("A", "X", "B", "A"))]
    whole = encode(examples, tokenizer, 62, TAGS)
    assert whole.labels == [[0, UNKNOWN, 1, 0]]
    assert measure(heads, "x", whole) == {"accuracy": 0.5}
    length = whole.positions[0][3] + 1  # room for three words and the two special tokens
    cut = encode(examples, tokenizer, length, TAGS)
    assert len(cut.rows[0]) <= length
    assert measure(heads, "x", cut) == {"accuracy": 0.25}
    assert torch.isfinite(loss(heads, "x", whole, [0]))


def test_what_has_no_token_is_not_learnt_from(tokenizer, model):
    examples = [Tagged(("",), ("A",)), Tagged(("farmer" * 100,), ("A",)), Tagged(("cow",), ("B",))]
    data = encode(examples, tokenizer, 10, TAGS, training=True)
    assert (len(data.rows), data.dropped) == (1, 2)
    judged = encode(examples, tokenizer, 10, TAGS)
    assert judged.decisions == 3
    assert measure(Heads(model, LAYOUT, 1), "x", judged)["accuracy"] in (0, pytest.approx(1 / 3))
