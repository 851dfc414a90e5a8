import pytest

from repro.errors import LabError
from repro.languages import ENGLISH
from repro.tasks import Noise, names, task
from repro.tasks.tagging import LABELS, examples, shortcut


def test_every_word_has_a_role(realm):
    for example in examples(realm, ENGLISH, 50, "train", Noise()):
        assert len(example.words) == len(example.label)
        assert not example.pair
        assert {"agent", "action", "thing"} <= {LABELS[i] for i in example.label}


def test_the_word_alone_does_not_tell_its_role(realm):
    train, dev = (examples(realm, ENGLISH, 500, part, Noise()) for part in ("train", "dev"))
    assert shortcut(train, train) < 0.99
    assert 0.8 < shortcut(train, dev) < 0.99
    # The same word is an agent in one place and what is acted upon in another.
    roles = {}
    for example in train:
        for word, label in zip(example.words, example.label, strict=True):
            roles.setdefault(word, set()).add(LABELS[label])
    assert any({"agent", "thing"} <= found for found in roles.values())


def test_order_decides_in_another_language_too(realm):
    for example in examples(realm, realm.language("dd"), 30, "train", Noise()):
        assert LABELS[example.label[-1]] == "action"


@pytest.mark.parametrize("name", names())
def test_every_task_keeps_the_contract(name, realm):
    module = task(name)
    made = module.examples(realm, ENGLISH, 30, "train", Noise())
    assert len(made) == 30
    assert made == module.examples(realm, ENGLISH, 30, "train", Noise())
    assert made != module.examples(realm, ENGLISH, 30, "dev", Noise())
    assert 0 <= module.shortcut(made, made) <= 1
    assert module.KIND


def test_an_unknown_task_names_the_closest():
    with pytest.raises(LabError) as caught:
        task("nlii")
    assert "nli" in caught.value.do
