from collections import Counter

from repro.languages import ENGLISH
from repro.tasks import Noise, learnt
from repro.tasks.nli import LABELS, examples, shortcut

CLEAN = Noise()


def made(realm, count=600, noise=CLEAN, language=ENGLISH, purpose="train"):
    return examples(realm, language, count, purpose, noise)


def test_classes_are_even_and_mean_what_they_say(realm):
    found = made(realm)
    assert Counter(e.label for e in found) == {0: 200, 1: 200, 2: 200}
    moved = 0
    for example in found:
        new = Counter(example.pair) - Counter(example.words)
        left_out = Counter(example.words) - Counter(example.pair)
        # One part is left out (a place goes with its relation), and none, one or two words are exchanged.
        exchanged = {"entailment": 0, "neutral": 1, "contradiction": 2}[LABELS[example.label]]
        # (What is put in may be the very word that was left out, said of something else.)
        moved += new.total() < exchanged
        assert new.total() <= exchanged
        assert left_out.total() - new.total() in (1, 2)
    assert moved < 0.1 * len(found)


def test_lengths_tell_nothing(realm):
    found = made(realm, 6000)
    for side in ("words", "pair"):
        means = [sum(len(getattr(e, side)) for e in found if e.label == y) / 2000 for y in range(3)]
        assert max(means) - min(means) < 0.1


def test_the_second_sentence_alone_tells_little(realm):
    naive = shortcut(made(realm, 6000), made(realm, 1500, purpose="dev"))
    assert 0.3 < naive < 0.5


def test_a_shortcut_in_the_data_would_be_found(realm):
    leaky = [
        type(e)(e.words, (*e.pair, "not") if e.label == 2 else e.pair, e.label) for e in made(realm, 900, purpose="x")
    ]
    assert shortcut(leaky, leaky) > 0.6


def test_noise_changes_sentences_and_no_label(realm):
    clean, noisy = made(realm), made(realm, noise=Noise(0.2, 0.2))
    assert [e.label for e in clean] == [e.label for e in noisy]
    entailed = [e for e in noisy if e.label == 0]
    assert sum(bool(set(e.pair) - set(e.words)) for e in entailed) > len(entailed) / 4


def test_the_task_can_be_told_in_any_language(realm):
    language = realm.language("dd")
    words = set(realm.lexicons["dd"].values())
    assert all(set(e.words + e.pair) <= words for e in made(realm, 60, language=language))


def test_learnt_means_clearly_above_the_shortcut():
    assert learnt(0.60, 0.42, 1500)
    assert not learnt(0.42, 0.42, 1500)
    assert not learnt(0.45, 0.42, 1500)  # less than a tenth of the way to perfection
    assert not learnt(0.52, 0.42, 50)  # within four standard errors
    assert learnt(1.0, 0.94, 3000)
