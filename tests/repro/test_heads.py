import pytest
import torch

from repro.heads import UNLABELLED, Heads, accuracy, encode_examples, task_examples, task_loss
from repro.tasks import Example
from repro.tokenizer import encode
from repro.training import Schedule, fit

PARAMS = {
    "examples": {"nli": 60, "tagging": 60},
    "dev": {"nli": 30, "tagging": 20},
    "sources": [{"language": "en", "dropped": 0.0, "confused": 0.0}],
}


def test_a_pair_is_encoded_as_the_tokenizer_does_and_labelled_at_its_start(tokenizer):
    data = encode_examples([Example(("farmer", "grows"), ("farmer",), 2)], tokenizer)
    assert data.rows == encode(tokenizer, ["farmer grows"], ["farmer"])
    assert data.labels[0] == [2, *[UNLABELLED] * (len(data.rows[0]) - 1)]
    assert data.decisions == 1


def test_words_are_labelled_at_their_first_piece(tokenizer):
    words = ("farmer", "xyzzyx", "grows")
    data = encode_examples([Example(words, (), (0, 3, 1))], tokenizer)
    assert data.rows == encode(tokenizer, [" ".join(words)])
    assert [label for label in data.labels[0] if label != UNLABELLED] == [0, 3, 1]
    assert data.decisions == 3
    assert data.labels[0][0] == data.labels[0][-1] == UNLABELLED
    pieces = len(tokenizer("farmer", add_special_tokens=False)["input_ids"])
    assert data.labels[0][1] == 0
    assert data.labels[0][1 + pieces] == 3


@pytest.mark.parametrize("names", [["nli"], ["tagging"], ["nli", "tagging"]])
def test_every_task_can_be_learnt_by_heart(model, tokenizer, realm, names):
    heads = Heads(model, names, seed=1)
    params = {**PARAMS, "examples": {"nli": 12, "tagging": 12}}
    data = {name: encode_examples(task_examples(name, realm, params, "train"), tokenizer) for name in names}
    fit(heads, task_loss(heads, data, 12, seed=1), Schedule(steps=150 * len(names), batch=12, lr=1e-2), seed=1)
    for name in names:
        assert accuracy(heads, name, data[name]) > 0.9


def test_accuracy_counts_labelled_positions(model, tokenizer, realm):
    heads = Heads(model, ["tagging"], seed=1)
    with torch.no_grad():  # always answer label 1
        heads.layers["tagging"].weight.zero_()
        heads.layers["tagging"].bias.copy_(torch.eye(6)[1])
    examples = task_examples("tagging", realm, PARAMS, "dev")
    right = sum(label == 1 for e in examples for label in e.label)
    total = sum(len(e.label) for e in examples)
    assert accuracy(heads, "tagging", encode_examples(examples, tokenizer)) == pytest.approx(right / total)


def test_every_source_gives_its_examples(realm):
    sources = [{"language": code, "dropped": 0.0, "confused": 0.0} for code in ("dd", "en")]
    examples = task_examples("nli", realm, {**PARAMS, "sources": sources}, "train")
    assert len(examples) == 120
    own = set(realm.lexicons["dd"].values())
    assert all(set(e.words) <= own for e in examples[:60])
    assert not all(set(e.words) <= own for e in examples[60:])


def test_train_and_dev_differ(realm):
    train, dev = (task_examples("nli", realm, PARAMS, part) for part in ("train", "dev"))
    assert train[:30] != dev
