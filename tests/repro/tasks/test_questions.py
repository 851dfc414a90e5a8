"""The generated questions and choices: SQuAD, HellaSwag, Cosmos QA, CommonsenseQA."""

from collections import Counter

import pytest

from repro.errors import LabError
from repro.languages.grammar import ENGLISH
from repro.languages.realm import Realm, RealmParameters
from repro.languages.world import vocabulary
from repro.tasks import Noise, commonsenseqa, cosmosqa, hellaswag, squad1, squad2
from repro.tasks.common.teller import preferences

CLEAN = Noise()
TOPIC = {word: name for name, topic in vocabulary()["topics"].items() for kind in topic.values() for word in kind}


def test_question_and_answer_together_are_a_sentence_of_the_context(realm):
    for example in squad1.made(realm, ENGLISH, 200, "train", CLEAN):
        (answer,) = example.answers
        context = example.context.split()
        wanted = Counter(example.question.split()) + Counter(answer.text.split())
        size = wanted.total()
        spans = [Counter(context[i : i + size]) for i in range(len(context) - size + 1)]
        assert wanted in spans
        assert answer.text.split() not in ([word] for word in example.question.split())


def test_a_third_of_the_questions_of_squad2_is_about_another_scene(realm):
    found = squad2.made(realm, ENGLISH, 300, "train", CLEAN)
    assert sum(not e.answers for e in found) == 100
    for example in found:
        if not example.answers:
            context, asked = example.context.split(), example.question.split()
            assert asked not in [context[i : i + len(asked)] for i in range(len(context))]


def test_an_ending_has_the_topic_of_its_context(realm):
    for example in hellaswag.made(realm, ENGLISH, 200, "train", CLEAN):
        topics = {TOPIC[word] for word in example.context.split() if word in TOPIC}
        own = [{TOPIC[word] for word in choice.split()} for choice in example.choices]
        assert [i for i, found in enumerate(own) if found <= topics] == [example.label]
        assert len({len(choice.split()) for choice in example.choices}) == 1


def test_the_right_answer_continues_the_sentence_of_the_person_asked_about(realm):
    swapped = 0
    for example in cosmosqa.made(realm, ENGLISH, 200, "train", CLEAN):
        names = [word for word in example.context.split() if word[0].isupper()]
        assert len(set(names)) == 2
        asked = example.choices[0].split()[0]
        words = example.context.split()
        second = words.index(names[1])
        own = words[second:] if asked == names[1] else words[:second]
        topic = {TOPIC[word] for word in own if word in TOPIC}
        found = [{TOPIC[word] for word in choice.split()[1:]} for choice in example.choices]
        assert [i for i, topics in enumerate(found) if topics == topic] == [example.label]
        swapped += asked == names[1]
    assert 60 < swapped < 140


def test_common_sense_is_what_the_world_prefers(realm):
    for example in commonsenseqa.made(realm, ENGLISH, 200, "train", CLEAN):
        right = example.choices[example.label]
        topic = TOPIC[right]
        asked = next(word for word in example.context.split() if word[0].isupper() or TOPIC.get(word) == topic)
        kinds = vocabulary()["topics"][topic]
        if right in kinds["actions"]:
            agents = [w for w in example.context.split() if w in kinds["agents"] or w[0].isupper()]
            assert preferences(realm, topic, f"actions {agents[0]}")[0] == right
        else:
            action = next(word for word in example.context.split() if word in kinds["actions"])
            assert preferences(realm, topic, f"things {action}")[0] == right
        assert asked
        assert len(set(example.choices)) == 5


def test_preferences_begin_with_what_is_most_usual(realm):
    topic = realm.world.topics[0]
    action = vocabulary()["topics"][topic]["actions"][0]
    usual = Counter(s.thing for s in realm.world.scenes(3000, 1, "x") if (s.topic, s.action) == (topic, action))
    assert preferences(realm, topic, f"things {action}")[0] == usual.most_common(1)[0][0]


@pytest.mark.parametrize(("module", "topics"), [(hellaswag, 1), (cosmosqa, 2)])
def test_too_few_topics_are_an_error(module, topics):
    realm = Realm.of(RealmParameters(topics=topics, evenness=0.3, sentences=0, heldout=0, vocabulary=0, others=[]), 1)
    with pytest.raises(LabError, match="topics"):
        module.made(realm, ENGLISH, 1, "train", CLEAN)
