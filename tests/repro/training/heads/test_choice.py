import math

import pytest
import torch

from repro.models.tokenizer import encode as tokens
from repro.tasks import Choice
from repro.training.heads import Heads, Layout
from repro.training.heads.choice import encode, loss, measure

LAYOUT = {"x": Layout("choice", ())}
EXAMPLES = [
    Choice("farmer", ("grows wheat", "serves", "plays drum"), 1),
    Choice("cook stirs", ("soup", ""), 0),
    Choice("", ("soup", "bread", "knife", "plate"), 3),
]


def test_every_choice_stands_with_the_context(tokenizer):
    data = encode(EXAMPLES, tokenizer, 62)
    assert data.rows[0] == tokens(tokenizer, ["farmer"] * 3, list(EXAMPLES[0].choices))
    assert data.lengths == [sum(map(len, rows)) for rows in data.rows]
    assert [len(rows) for rows in data.rows] == [3, 2, 4]


def test_the_loss_is_a_softmax_over_an_examples_own_choices(model, tokenizer):
    heads = Heads(model, LAYOUT, 1).eval()
    with torch.no_grad():  # all choices alike: log 3, log 2 and log 4
        heads.layers["x"].weight.zero_()
    data = encode(EXAMPLES, tokenizer, 62)
    assert loss(heads, "x", data, [0, 1, 2]).item() == pytest.approx(math.log(24) / 3, rel=1e-5)
    assert loss(heads, "x", data, [1]).item() == pytest.approx(math.log(2), rel=1e-5)


def test_the_loss_by_hand_from_the_scores(model, tokenizer):
    heads = Heads(model, LAYOUT, 1).eval()
    data = encode(EXAMPLES, tokenizer, 62)
    with torch.no_grad():
        scores = [heads.layers["x"](heads([row])[:, 0]).item() for row in data.rows[0]]
    expected = math.log(sum(math.exp(s - scores[1]) for s in scores))
    assert loss(heads, "x", data, [0]).item() == pytest.approx(expected, rel=1e-4)


def test_the_first_of_equal_choices_is_taken_and_missing_ones_never(model, tokenizer):
    heads = Heads(model, LAYOUT, 1)
    with torch.no_grad():
        heads.layers["x"].weight.zero_()
        heads.layers["x"].bias.fill_(-5.0)
    assert measure(heads, "x", encode(EXAMPLES, tokenizer, 62)) == {"accuracy": pytest.approx(1 / 3)}
