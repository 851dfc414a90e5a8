"""The generated sentence pairs: MNLI, ANLI+ and QQP."""

from collections import Counter

from repro.languages.grammar import ENGLISH
from repro.tasks import Noise, Pair, anli, mnli, qqp
from repro.tasks.common import shortcuts

CLEAN = Noise()


def made(module, realm, count=600, noise=CLEAN, purpose="train"):
    return module.made(realm, ENGLISH, count, purpose, noise)


def bags(example):
    return Counter(example.first.split()), Counter(example.second.split())


def test_the_classes_of_mnli_mean_what_they_say(realm):
    moved, found = 0, made(mnli, realm)
    for example in found:
        first, second = bags(example)
        new, left_out = second - first, first - second
        # One part is left out (a place goes with its relation), and none, one or two words are exchanged.
        exchanged = {"entailment": 0, "neutral": 1, "contradiction": 2}[example.label]
        # (What is put in may be the very word that was left out, said of something else.)
        moved += new.total() < exchanged
        assert new.total() <= exchanged
        assert left_out.total() - new.total() in (1, 2)
    assert moved < 0.1 * len(found)


def test_lengths_tell_nothing_in_mnli(realm):
    found = made(mnli, realm, 6000)
    for side in ("first", "second"):
        means = [sum(len(getattr(e, side).split()) for e in found if e.label == label) / 2000 for label in mnli.LABELS]
        assert max(means) - min(means) < 0.1


def test_the_second_sentence_alone_tells_little(realm):
    naive = mnli.shortcut(made(mnli, realm, 6000), made(mnli, realm, 1500, purpose="dev"))
    assert 0.3 < naive < 0.5


def test_a_shortcut_in_the_data_would_be_found(realm):
    leaky = [
        Pair(e.first, f"{e.second} not" if e.label == "contradiction" else e.second, e.label)
        for e in made(mnli, realm, 900)
    ]
    assert shortcuts.pair(leaky, leaky) > 0.6


def test_noise_changes_sentences_and_no_label(realm):
    clean, noisy = made(mnli, realm), made(mnli, realm, noise=Noise(0.2, 0.2))
    assert [e.label for e in clean] == [e.label for e in noisy]
    entailed = [bags(e) for e in noisy if e.label == "entailment"]
    assert sum(bool(second - first) for first, second in entailed) > len(entailed) / 4


def test_adversarial_pairs_have_the_same_words_in_every_class(realm):
    found = made(anli, realm, 600)
    hard = [e for i, e in enumerate(found) if i // 3 % 2]
    assert Counter(e.label for e in hard) == dict.fromkeys(anli.LABELS, 100)
    for example in hard:
        first, second = bags(example)
        assert first == second
    # Order alone does not tell: some that say the same begin with the place, and some that do not say the same too.
    for label in anli.LABELS:
        own = [e for e in hard if e.label == label]
        assert any(e.first.split()[0] != e.second.split()[0] for e in own)


def test_contradiction_exchanges_who_acts_on_whom(realm):
    hard = [e for i, e in enumerate(made(anli, realm, 600)) if i // 3 % 2]
    for example in hard:
        actors = []
        for text in (example.first, example.second):
            words = text.split()
            if words[0] in {"in", "near", "behind", "beside", "under", "above"}:
                words = words[2:]
            agents = [w for w in words if w in AGENTS or w[0].isupper()]
            actors.append(agents[0])
        assert (actors[0] != actors[1]) == (example.label == "contradiction")


def test_duplicates_differ_in_one_part_that_is_left_out(realm):
    for example in made(qqp, realm, 300):
        first, second = bags(example)
        shorter, longer = sorted((first, second), key=Counter.total)
        if example.label == "duplicate":
            assert not shorter - longer
            assert (longer - shorter).total() in (1, 2)
        else:
            assert (shorter - longer).total() >= 1


def _agents():
    from repro.languages.world import vocabulary

    return {word for topic in vocabulary()["topics"].values() for word in topic["agents"]}


AGENTS = _agents()
