from collections import Counter

from synth.text.lexicon import load_lexicon
from training.stance.pairs import CONTRADICT, NOT_ENOUGH_INFO, SUPPORT
from training.stance.selfmade import made, usable

ABSTRACTS = [
    [
        f"We show that tuning the model on task {i} improves retrieval of sentences by {i + 2}.5 points on Tatoeba.",
        "The model is trained on the text of a hundred languages that are written in many scripts.",
        f"Multi-task training on {i + 3} tasks is better than training on any single task for most of the languages.",
        "However, the gain is smaller for languages that are distant from English, which was not expected by us.",
    ]
    for i in range(60)
]


def test_pairs_are_balanced_and_repeatable():
    found = made(ABSTRACTS, 90, 1, load_lexicon())
    assert Counter(e.target for e in found) == {SUPPORT: 30, CONTRADICT: 30, NOT_ENOUGH_INFO: 30}
    assert found == made(ABSTRACTS, 90, 1, load_lexicon()) != made(ABSTRACTS, 90, 2, load_lexicon())


def test_no_pair_says_its_claim_itself_unless_it_supports():
    for example in made(ABSTRACTS, 90, 1, load_lexicon()):
        if example.target != SUPPORT:
            assert example.claim not in example.passage
        assert example.claim
        assert example.passage


def test_only_whole_english_sentences_are_used():
    assert usable("The model is trained on the text of a hundred languages.")
    assert not usable("Le modèle apprend le texte écrit dans cent langues différentes.")
    assert not usable("Too short.")
    assert not usable("the model is trained on the text of a hundred languages.")
