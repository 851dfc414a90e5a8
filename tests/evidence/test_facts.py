"""Which words and names of a passage belong to which of its numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.evidence.passages.contrasts import by_prefix, by_property, by_qualifier, by_spans, by_translation
from synth.evidence.passages.parts.conditions import TextPair
from synth.evidence.passages.parts.sentence import read


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
        ("On XNLI, XLM-R has 80.1% and mBERT 65.4%.", "task", [{"XNLI"}, {"XNLI"}]),
        # More names than numbers: the sentence does not say whose they are.
        ("On SQuAD and MNLI it gains 8.2 points.", "task", [{"SQuAD", "MNLI"}]),
        # The second sentence goes on about what the first named.
        ("XLM-R is evaluated on XNLI. It reaches 80.1%.", "model", [{"XLM-R"}]),
    ],
)
def test_names_belong_to_numbers(text, kind, expected):
    assert slots(text, kind) == expected


def test_metrics_belong_to_numbers():
    assert [f.metric for f in read("It reaches 76.1 F1 and 60.0 EM on XQuAD.").facts] == ["F1", "exact match"]
    told = [f.metric for f in read("Precision and recall are 91.0 and 85.5, respectively.").facts]
    assert told == ["precision", "recall"]
    assert [f.metric for f in read("gains of -0.78 and +1.23 in terms of TER and BLEU, respectively").facts] == [
        "TER",
        "BLEU",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mortality was 12% in the control group and 9% in the treated group.", ["control", "treat"]),
        ("It ranged from 2.2% (Japan) to 10.4% (Brazil).", ["japan", "brazil"]),
        ("DR was 34.6% (34.5–34.8), PDR was 6.96% (6.87–7.04).", ["dr", "pdr"]),
        ("Stay was shorter with remdesivir than with placebo (12 days vs. 17 days).", ["remdesivir", "placebo"]),
        ("There are 17 million with proliferative DR and 21 million with macular edema.", ["proliferativ", "macular"]),
    ],
)
def test_words_belong_to_numbers(text, expected):
    facts = read(text).facts
    assert len(facts) == len(expected)
    for fact, word in zip(facts, expected, strict=True):
        assert word in fact.own
        assert not fact.own & (set(expected) - {word})


TABLES = {
    "pipes": "Table 3. Model | XNLI | PAWS-X. mBERT | 65.4 | 81.9. XLM-R | 79.2 | 86.4",
    "keys": "Scores. Model: mBERT, XNLI: 65.4, PAWS-X: 81.9; Model: XLM-R, XNLI: 79.2, PAWS-X: 86.4",
    "lists": "Accuracy by task: XNLI, PAWS-X. mBERT: 65.4, 81.9. XLM-R: 79.2, 86.4.",
    "cells": "Table 2 | mBERT | XNLI: 65.4 | PAWS-X: 81.9\nTable 2 | XLM-R | XNLI: 79.2 | PAWS-X: 86.4",
}


@pytest.mark.parametrize("text", TABLES.values(), ids=TABLES)
def test_tables_written_as_text(text):
    found = {(f.low, *sorted(f.own & {"mbert", "xlmr", "xnli", "pawsx"})) for f in read(text).facts if f.low > 50}
    assert found == {
        (65.4, "mbert", "xnli"),
        (81.9, "mbert", "pawsx"),
        (79.2, "xlmr", "xnli"),
        (86.4, "pawsx", "xlmr"),
    }


def test_what_is_compared_with_is_a_baseline():
    (fact,) = read("XLM-R outperforms mBERT by 14.6 points.").facts
    assert (fact.slots["model"], fact.slots["baseline"]) == ({"XLM-R"}, {"mBERT"})


def test_a_dose_a_threshold_and_an_age_are_conditions():
    conditions = {
        "A dose of 10 mg lowered LDL cholesterol by 39%.": [True, False],
        "Annotation took 40 hours.": [False],
        "At the 0.85 threshold its precision is 0.61.": [True, False],
        "51.1% achieved BP <130/80 mmHg and 18.8% all of them.": [False, True, True, False],
        "Of the two systems one gains 3.1 points.": [True, False],
    }
    for text, expected in conditions.items():
        assert [f.condition for f in read(text).facts] == expected, text


@pytest.mark.parametrize(
    ("rule", "claim", "passage"),
    [
        (by_prefix, "It prevents asymptomatic infection.", "It prevents symptomatic infection."),
        (by_prefix, "Hyperglycaemia doubles the risk.", "Hypoglycaemia doubles the risk."),
        (by_qualifier, "The risk of stroke rose by 32%.", "The risk of heart disease rose by 32%."),
        (by_qualifier, "In the second subtask it has 80%.", "In the first subtask it has 80%."),
        (by_spans, "A ten-day course helped.", "It helped if given for 5 days."),
        (by_spans, "Its top-1 error fell.", "Its top-5 error fell."),
        (by_translation, "English to German improves.", "It improves German to English."),
        (by_property, "A trains faster than B.", "A performs better than B."),
    ],
)
def test_conditions_that_differ(rule, claim, passage):
    assert rule(TextPair.of(read(claim), read(passage))) is not None
    assert rule(TextPair.of(read(claim), read(claim))) is None


def test_acronyms_stand_for_their_words():
    pair = TextPair.of(read("Proliferative diabetic retinopathy is rare."), read("PDR is rare."))
    assert {"proliferativ", "diabet", "retinopath"} <= pair.known


@given(st.text(max_size=300))
def test_facts_of_any_text(text):
    for fact in read(text).facts:
        assert fact.low <= fact.high
