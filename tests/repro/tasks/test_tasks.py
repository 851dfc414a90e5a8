"""What holds for every task: its contract, and what its generated examples look like."""

from collections import Counter

import pytest

from repro.data.catalogue import names as datasets
from repro.errors import LabError
from repro.languages.grammar import ENGLISH, sentence
from repro.tasks import Choice, Noise, Pair, Span, Tagged, TaskParameters, learnt, names, source, task
from repro.tasks.common.loading import Barred, Telling, _texts, generated, labels, real, without

INTERMEDIATE = {
    "anli": 1_104_934, "mnli": 392_702, "qqp": 363_846, "squad2": 130_319, "squad1": 87_599, "hellaswag": 39_905,
    "ccg": 38_015, "cosmosqa": 25_588, "commonsenseqa": 9_741,
}  # fmt: skip
SYNTACTIC = {"upos", "deprel", "depth", "chunk"}
CLASSES = {"pair": Pair, "choice": Choice, "span": Span, "tagging": Tagged}
every = pytest.mark.parametrize("name", names())


def made(name, realm, count=30, purpose="train", language=ENGLISH, noise=Noise()):  # noqa: B008
    return list(source(name, "generated").make(realm, language, count, purpose, noise))


def test_the_nine_intermediate_tasks_and_the_four_of_the_ensemble():
    assert set(names()) == set(INTERMEDIATE) | SYNTACTIC
    assert {name: task(name).PUBLISHED.examples for name in INTERMEDIATE} == INTERMEDIATE
    assert {task(name).PUBLISHED.examples for name in SYNTACTIC} == {12_544}


@every
def test_a_task_keeps_the_contract(name):
    module = task(name)
    assert module.KIND in CLASSES
    assert ("f1" if module.KIND == "span" else "accuracy") == module.METRIC
    assert bool(module.LABELS) == (module.KIND == "pair" or name == "squad2")
    assert module.PUBLISHED.dataset in datasets()
    assert {"generated", "published"} < set(module.SOURCES)
    for key, one in module.SOURCES.items():
        assert (one.make is None) != (one.read is None)
        assert set(one.datasets) <= set(datasets())
        assert bool(one.datasets) == (one.read is not None)
        # A stand-in says what it is, in a sentence; what is as in the original work says nothing.
        assert bool(one.deviation) == (key not in ("generated", "published"))
        assert not one.deviation or one.deviation.endswith(".")


@every
def test_generated_examples_are_well_formed(name, realm):
    for language, noise in ((ENGLISH, Noise()), (realm.language("dd"), Noise(0.2, 0.2))):
        for example in made(name, realm, 60, language=language, noise=noise):
            assert isinstance(example, CLASSES[task(name).KIND])
            _check(example, task(name))


def _check(example, module):
    if isinstance(example, Pair):
        assert example.first
        assert example.second
        assert example.label in module.LABELS
    elif isinstance(example, Choice):
        assert 0 <= example.label < len(example.choices)
        assert all(example.choices)
    elif isinstance(example, Span):
        for answer in example.answers:
            assert answer.text
            assert example.context[answer.start : answer.start + len(answer.text)] == answer.text
        assert example.question
    else:
        assert len(example.words) == len(example.tags) > 0


@every
def test_generated_examples_are_the_same_for_the_same_purpose_only(name, realm):
    assert made(name, realm) == made(name, realm)
    assert made(name, realm) != made(name, realm, purpose="dev")


@every
def test_no_shortcut_solves_a_task(name, realm):
    module, train, dev = task(name), made(name, realm, 1500), made(name, realm, 400, "dev")
    found = module.shortcut(train, dev)
    assert 0 < found < 0.97
    # A model that makes no mistake would count as having learnt it.
    assert learnt(1.0, found, 400)


@pytest.mark.parametrize("name", [name for name in names() if task(name).KIND in ("pair", "choice")])
def test_labels_are_even(name, realm):
    found = made(name, realm, 600)
    counts = Counter(example.label for example in found)
    assert set(counts.values()) == {600 // len(counts)}
    assert len(counts) == (len(task(name).LABELS) or len(found[0].choices))


@every
def test_a_task_is_told_in_another_language(name, realm):
    own = set(realm.lexicons["dd"].values())
    for example in made(name, realm, 20, language=realm.language("dd")):
        texts = {
            Pair: lambda e: [e.first, e.second],
            Choice: lambda e: [e.context, *e.choices],
            Span: lambda e: [e.question, e.context],
            Tagged: lambda e: e.words,
        }[type(example)](example)
        assert {word for text in texts for word in text.split()} <= own


def test_an_unknown_task_or_source_names_what_there_is():
    with pytest.raises(LabError) as caught:
        task("mnlii")
    assert "mnli" in caught.value.do
    with pytest.raises(LabError) as caught:
        source("mnli", "snli")
    assert "xnli" in caught.value.do


def test_learnt_means_clearly_above_the_shortcut():
    assert learnt(0.60, 0.42, 1500)
    assert not learnt(0.42, 0.42, 1500)
    assert not learnt(0.45, 0.42, 1500)  # less than a tenth of the way to perfection
    assert not learnt(0.52, 0.42, 50)  # within four standard errors
    assert learnt(1.0, 0.94, 3000)


COUNTS = TaskParameters(source="generated", examples=30, dev=12)
TELLINGS = [Telling(language=code, dropped=0.0, confused=0.0) for code in ("dd", "en")]


def test_every_source_language_gives_its_examples(realm):
    found = generated("mnli", COUNTS, TELLINGS, 20, realm, "train")
    own = set(realm.lexicons["dd"].values())
    assert len(found) == 60
    assert all(set(e.first.split()) <= own for e in found[:30])
    assert not any(set(e.first.split()) <= own for e in found[30:])
    assert [e.label for e in generated("mnli", COUNTS, TELLINGS, 20, realm, "dev")] == list(task("mnli").LABELS) * 4
    test, dev = (generated("mnli", COUNTS, TELLINGS[1:], 20, realm, part) for part in ("test", "dev"))
    assert test != dev


@every
def test_what_is_measured_on_is_not_learnt_from(name, realm):
    counts = TaskParameters(source="generated", examples=1500, dev=100)
    train = generated(name, counts, TELLINGS, 300, realm, "train")
    assert len(train) == 2 * counts.examples
    for telling in TELLINGS:
        code = telling.language
        lines = [sentence(s, realm.language(code), realm.lexicons[code]) for s in realm.heldout(300)]
        for part in ("dev", "test"):
            judged = generated(name, counts, [telling], 300, realm, part)
            assert len(judged) == counts.dev
            assert not set(judged) & set(train)
        texts = [f" {text} " for example in train for text in _texts(example)]
        assert not [line for line in lines if any(f" {line} " in text for text in texts)]


def test_what_is_barred_is_made_up_for():
    def make(count):
        return [Pair(f"a b{i % 4}", "c d", "x") for i in range(count)]

    barred = Barred(["b1 x", "a b2"])
    barred.add([Pair("a b3", "c d", "another label")])
    assert without(barred, 10, make) == [Pair(f"a b{i % 2}", "c d", "x") for i in range(10)]
    with pytest.raises(LabError, match="all but 0 are held out"):
        without(Barred(["c d"]), 3, make)


def test_a_wrong_source_or_count_is_an_error(realm):
    one = TaskParameters(source="generated", examples=1, dev=1)
    with pytest.raises(LabError, match="0 examples are asked for"):
        generated("mnli", one.but(examples=0), TELLINGS, 20, realm, "train")
    with pytest.raises(LabError, match="not generated"):
        generated("mnli", one.but(source="xnli"), TELLINGS, 20, realm, "train")
    with pytest.raises(LabError, match="no languages"):
        real("mnli", one, None, "train", 1)


def test_tags_come_from_the_training_examples():
    train = [Tagged(("a", "b"), ("Y", "X")), Tagged(("a",), ("X",))]
    assert labels(task("ccg"), train) == ("X", "Y")
    assert labels(task("mnli"), []) == ("entailment", "neutral", "contradiction")
