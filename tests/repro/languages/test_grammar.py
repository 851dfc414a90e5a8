import random

import pytest

from repro.errors import LabError
from repro.languages.grammar import ENGLISH, Language, distance, sentence, tell
from repro.languages.realm import Realm, RealmParameters, lexicon
from repro.languages.world import Scene, concepts, mistranslate, vocabulary

SCENE = Scene("farm", "farmer", "fat", "grows", "apple", "ripe", "near", "barn")
PLAIN = {word: word for word in concepts()} | {name: name for name in vocabulary()["names"]}

THREE_TOPICS = RealmParameters(topics=3, evenness=0.3, sentences=0, heldout=0, vocabulary=0, others=[])


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({}, "fat farmer grows ripe apple near barn"),
        ({"adjective": "after"}, "farmer fat grows apple ripe near barn"),
        ({"adposition": "after"}, "fat farmer grows ripe apple barn near"),
        ({"order": "SOV"}, "fat farmer near barn ripe apple grows"),
        ({"order": "VSO", "adjective": "after"}, "grows farmer fat apple ripe near barn"),
    ],
)
def test_word_order_follows_the_parameters(parameters, told):
    assert sentence(SCENE, Language("xx", **parameters), PLAIN) == told


def test_every_word_carries_its_role():
    told = tell(SCENE, Language("xx", order="SOV"), PLAIN)
    assert dict(told)["farmer"] == "agent"
    assert dict(told)["near"] == "relation"
    assert [role for _, role in told] == ["quality", "agent", "relation", "place", "quality", "thing", "action"]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (Language("aa", script="greek"), 0.0),
        (Language("bb", adjective="after"), 0.25),
        (Language("cc", order="SOV"), 0.25),
        (Language("dd", order="VSO"), 0.25),
        (Language("ee", order="SOV", adjective="after", adposition="after"), 0.75),
    ],
)
def test_distance_is_the_share_of_differing_word_order_features(language, expected):
    assert distance(ENGLISH, language) == distance(language, ENGLISH) == expected


@pytest.mark.parametrize("bad", [{"order": "OVS"}, {"adjective": "left"}, {"script": "klingon"}, {"shared": 1.5}])
def test_a_parameter_that_cannot_be_is_an_error(bad):
    with pytest.raises(LabError):
        Language("xx", **bad)


def test_every_concept_has_one_word_and_every_word_one_concept():
    words = concepts() + vocabulary()["names"]
    assert len(set(words)) == len(words)
    for language in (Language("aa", shared=0.3), Language("bb", script="greek")):
        told = lexicon(language, 7)
        assert set(told) == set(words)
        assert len(set(told.values())) == len(told)


def test_the_same_words_are_shared_in_every_language():
    shared = []
    for code in ("aa", "bb"):
        told = lexicon(Language(code, shared=0.25), 3)
        shared.append({concept for concept in concepts() if told[concept] == concept})
    assert shared[0] == shared[1]
    assert len(shared[0]) == round(0.25 * len(concepts()))
    nothing = lexicon(Language("cc"), 3)
    assert all(nothing[concept] != concept for concept in concepts())


def test_a_realm_is_decided_by_its_seed(realm):
    again = Realm.of(THREE_TOPICS, 1)
    assert again.world.scenes(50, 1, "text") == realm.world.scenes(50, 1, "text")
    assert realm.world.scenes(50, 1, "text") != realm.world.scenes(50, 2, "text")
    assert Realm.of(THREE_TOPICS, 2).world.scenes(50, 1, "text") != again.world.scenes(50, 1, "text")


def test_held_out_sentences_share_no_word_between_languages(realm):
    heldout = realm.heldout(40)
    assert len(set(heldout)) == 40
    for language in realm.languages[1:]:
        for scene in heldout:
            english = set(sentence(scene, ENGLISH, realm.lexicons["en"]).split())
            other = set(sentence(scene, language, realm.lexicons[language.code]).split())
            assert english.isdisjoint(other)


def test_excluded_scenes_do_not_come_back(realm):
    first = set(realm.world.scenes(100, 1, "a"))
    assert first.isdisjoint(realm.world.scenes(300, 1, "b", without=first))


def test_a_world_that_is_too_small_says_so(realm):
    everything = frozenset(concepts()) | frozenset(vocabulary()["names"])
    with pytest.raises(LabError, match="too few scenes"):
        realm.world.scenes(5, 1, "x", without_words=everything)


def test_another_is_never_the_same(realm):
    draw = random.Random(0)
    for scene in realm.world.scenes(50, 1, "another"):
        for part in ("agent", "action", "thing", "thing_quality"):
            assert realm.world.another(draw, scene, part) != getattr(scene, part)


def test_mistranslation_keeps_to_its_rates(realm):
    scenes = realm.world.scenes(600, 1, "mt")
    draw = random.Random(0)
    assert all(mistranslate(scene, 0.0, 0.0, draw) == scene for scene in scenes)
    noisy = [mistranslate(scene, 0.2, 0.1, draw) for scene in scenes]
    confused = sum(a.action != b.action for a, b in zip(scenes, noisy, strict=True)) / len(scenes)
    assert 0.06 < confused < 0.14
    placed = [(a, b) for a, b in zip(scenes, noisy, strict=True) if a.place]
    dropped = sum(not b.place for _, b in placed) / len(placed)
    assert 0.14 < dropped < 0.26
    assert all(bool(b.place) == bool(b.relation) for _, b in placed)
    assert all(b.agent and b.action and b.thing for b in noisy)
