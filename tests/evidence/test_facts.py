"""The numbers of a sentence as facts: what they measure, and whose they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.evidence.sentence import read


def of(text):
    return [(f.low if f.low == f.high else (f.low, f.high), f.unit, f.sort) for f in read(text).facts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "It has improvements of 8.2, 7.5, and 7.0 points.",
            [(8.2, "points", "change"), (7.5, "points", "change"), (7.0, "points", "change")],
        ),
        ("It contains 1,104,934 training examples.", [(1104934.0, "", "count")]),
        ("It has an accuracy of 80.9% on XNLI.", [(80.9, "%", "level")]),
        ("Improving 15.7% on Swahili and 11.4% on Urdu.", [(15.7, "%", "change"), (11.4, "%", "change")]),
        ("It obtains 83.6 F1, 2.2 BLEU points better.", [(83.6, "", "level"), (2.2, "points", "change")]),
        ("There is a 3x speedup over nine tasks.", [(3.0, "times", "factor"), (9.0, "", "count")]),
        ("It has 1.1 million pairs and 10k sentences.", [(1.1e6, "", "count"), (1e4, "", "count")]),
        ("A score of 88.9 ± 0.3 on the test set.", [(88.9, "", "level")]),
        ("The ratio was 0.72 (95% CI 0.58–0.89).", [(0.72, "", "level")]),
        ("Training took 1.5 hours and 200 ms.", [(5400.0, "second", "level"), (0.2, "second", "level")]),
        ("The correlation is r = −0.62.", [(-0.62, "", "coefficient")]),
        ("The effect is significant (p < .01).", [(0.01, "", "p")]),
        ("Gains are between 3 and 5 points.", [((3.0, 5.0), "points", "change")]),
        ("A relative gain of 9.8% in F1.", [(9.8, "relative %", "change")]),
        ("In 2019, SARS-CoV-2 (Table 3), SQuAD 2.0 [12, 13].", []),
        ("", []),
    ],
)
def test_numbers_with_what_they_are(text, expected):
    assert of(text) == expected


def slots(text, kind):
    return [set(f.slots.get(kind, ())) for f in read(text).facts]


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("On SQuAD, MNLI and QQP it gains 8.2, 7.5 and 7.0 points.", "task", [{"SQuAD"}, {"MNLI"}, {"QQP"}]),
        ("It has 93.0% on German and 88.4% on Finnish.", "languages", [{"German"}, {"Finnish"}]),
        ("An accuracy of 93.0% (de) and 88.4% (fi).", "languages", [{"German"}, {"Finnish"}]),
        ("XLM-R scores 65.2 F1 and mBERT scores 62.2 F1.", "model", [{"XLM-R"}, {"mBERT"}]),
        ("9,741 training and 1,221 development questions.", "split", [{"training set"}, {"development set"}]),
        ("On XNLI it has 80.1% accuracy.", "task", [{"XNLI"}]),
        # more names than numbers: the sentence does not say whose they are
        ("On SQuAD and MNLI it gains 8.2 points.", "task", [{"SQuAD", "MNLI"}]),
    ],
)
def test_names_belong_to_numbers(text, kind, expected):
    assert slots(text, kind) == expected


def test_metrics_belong_to_numbers():
    assert [f.metric for f in read("It reaches 76.1 F1 and 60.0 EM on XQuAD.").facts] == ["F1", "exact match"]
    assert [f.metric for f in read("Precision and recall are 91.0 and 85.5, respectively.").facts] == [
        "precision",
        "recall",
    ]


def test_what_is_compared_with_is_a_baseline():
    (fact,) = read("XLM-R outperforms mBERT by 14.6 points.").facts
    assert (fact.slots["model"], fact.slots["baseline"]) == ({"XLM-R"}, {"mBERT"})


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Dropout lowers accuracy by 2.1 points.", -1),
        ("Dropout raises accuracy by 2.1 points.", 1),
        ("Dropout improves accuracy by 2.1 points.", 1),
        # less of these is better
        ("Dropout improves perplexity by 2.1 points.", -1),
        ("Dropout degrades the word error rate by 2.1 points.", 1),
        ("Accuracy falls from 92.3% to 88.1%.", -1),
    ],
)
def test_directions(text, sign):
    assert [f.sign for f in read(text).facts] == [sign]


def test_a_dose_is_a_condition_of_the_effect():
    assert [f.condition for f in read("A dose of 10 mg lowered LDL cholesterol by 39%.").facts] == [True, False]
    assert [f.condition for f in read("Annotation took 40 hours.").facts] == [False]


def test_a_denied_bound_is_the_other_bound():
    (fact,) = read("Dropout does not improve accuracy by more than 0.1 points.").facts
    assert (fact.bound, fact.denied) == ("≤", False)
    (fact,) = read("Dropout does not gain 0.1 points.").facts
    assert fact.denied


@given(st.text(max_size=300))
def test_facts_of_any_text(text):
    for fact in read(text).facts:
        assert fact.low <= fact.high
        assert 0 <= fact.start < fact.end
