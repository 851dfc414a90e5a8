"""Past tenses before a bare noun are verbs; participles before one are not."""

from __future__ import annotations

import pytest

from synth.text.parsing import parse

VERBS = [
    ("Our filter improved accuracy by 3.2 points over the baseline.", "improve"),
    ("Our filter reduced perplexity by 4.1 points over the baseline.", "reduce"),
    ("Our filter lowered latency by 12%.", "lower"),
    ("Longer sleep improved mood in adults.", "improve"),
    ("Treatment shortened hospital stay by 2.1 days.", "shorten"),
    ("Our training cut memory use by 30%.", "cut"),
    ("Pretraining reduced error rates from 12.1% to 9.8%.", "reduce"),
    ("Results show that pruning reduced latency without loss.", "reduce"),
    ("We find that our filter increased F1 by 3 points.", "increase"),
    ("The drug significantly reduced LDL cholesterol by 12% compared with placebo.", "reduce"),
    ("Dropout stabilized training on all tasks.", "stabilize"),
]
PARTICIPLES = [
    "We report reduced perplexity in all models.",
    "We observe improved recall on all sets.",
    "Improved F1 of our filter was seen by all users.",
    "Noise reduced images are better than others.",
    "To report improved F1 is our aim.",
    "Models with improved recall are slow.",
    "The method gives improved accuracy on both tasks.",
    "This leads to lowered costs and reduced emissions.",
    "Naps caused reduced fatigue.",
]


@pytest.mark.parametrize(("text", "lemma"), VERBS)
def test_a_past_tense_is_a_verb_with_a_subject_and_an_object(text, lemma):
    [parsed] = parse([text])
    [verb] = [token for token in parsed.tokens if token.lemma == lemma]
    assert verb.tag == "VBD"
    assert not verb.masked
    assert text[verb.start : verb.end] == verb.text
    assert any(token.dep.startswith("nsubj") for token in parsed.children(verb))
    assert parsed.children(verb, "dobj")


def test_two_verbs_of_one_subject():
    [parsed] = parse(["Our filter improved F1 and reduced latency."])
    assert [token.lemma for token in parsed.tokens if token.tag == "VBD"] == ["improve", "reduce"]


@pytest.mark.parametrize("text", PARTICIPLES)
def test_a_participle_stays_one(text):
    [parsed] = parse([text])
    forms = [t for t in parsed.tokens if t.text.lower() in ("reduced", "improved", "lowered")]
    assert forms
    assert all(token.dep in ("amod", "acl") for token in forms)


def test_statistics_have_no_tokens():
    [parsed] = parse(["Recall rose by 3.2 points over coffee, t(38) = 2.1, p < .05, d = 0.4, 95% CI [0.1, 0.7]."])
    assert [token.text for token in parsed.tokens] == "Recall rose by 3.2 points over coffee .".split()
    [parsed] = parse(["Our naps improved recall (64.6 vs 61.4; t(118) = 2.9, p < .01)."])
    assert [token.text for token in parsed.tokens] == "Our naps improved recall .".split()
