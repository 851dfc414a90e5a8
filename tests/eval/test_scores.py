"""The F1 scores: the worked example of the format's documentation, and cases counted by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.core.types import Stance
from synth.eval.scifact import scores
from synth.eval.scifact.records import DocumentPrediction, Gold

S, C = Stance.SUPPORT, Stance.CONTRADICT


def gold(stance, *rationales):
    return Gold(stance, tuple(map(frozenset, rationales)))


def values(*claims):
    counted = np.sum([scores.count(g, p) for g, p in claims], axis=0, dtype=float)
    return {name: float(value) for name, value in scores.measures(counted).items()}


def test_the_worked_example_of_the_documentation():
    """allenai/scifact, doc/evaluation.md: abstract F1 1/2, sentence precision 1/5, recall 1/4, F1 2/9."""
    found = values(
        (
            {"11": gold(S, {0, 1}, {11}), "15": gold(S, {4})},
            {"11": DocumentPrediction(S, (1, 11, 13)), "16": DocumentPrediction(C, (18, 20))},
        )
    )
    assert found["abstract_rationalized_f1"] == found["abstract_label_only_f1"] == 0.5
    assert found["sentence_label_precision"] == 1 / 5
    assert found["sentence_label_recall"] == 1 / 4
    assert found["sentence_label_f1"] == pytest.approx(2 / 9)


def test_only_the_first_three_sentences_count_for_an_abstract_and_all_for_sentences():
    claim = {"1": gold(S, {7})}
    late = values((claim, {"1": DocumentPrediction(S, (0, 1, 2, 7))}))
    assert late["abstract_label_only_f1"] == 1
    assert late["abstract_rationalized_f1"] == 0
    assert (late["sentence_label_precision"], late["sentence_label_recall"]) == (1 / 4, 1)
    assert values((claim, {"1": DocumentPrediction(S, (0, 1, 7))}))["abstract_rationalized_f1"] == 1


def test_the_right_sentence_under_the_wrong_label_is_selected_only():
    found = values(({"1": gold(S, {3})}, {"1": DocumentPrediction(C, (3,))}))
    assert (found["sentence_selection_f1"], found["sentence_label_f1"], found["abstract_label_only_f1"]) == (1, 0, 0)


def test_a_rationale_counts_when_it_is_whole():
    found = values(({"1": gold(C, {0, 1, 2})}, {"1": DocumentPrediction(C, (0, 1))}))
    assert (found["abstract_label_only_f1"], found["abstract_rationalized_f1"]) == (1, 0)
    assert found["sentence_selection_f1"] == 0


def test_numbers_are_summed_over_claims_first():
    """Claim 1: both right. Claim 2: nothing found of three documents. P = 1, R = 1/4, F1 = 2/5."""
    missed = {str(i): gold(S, {0}) for i in range(3)}
    found = values(({"1": gold(S, {0})}, {"1": DocumentPrediction(S, (0,))}), (missed, {}))
    assert (found["abstract_label_only_precision"], found["abstract_label_only_recall"]) == (1, 0.25)
    assert found["abstract_label_only_f1"] == pytest.approx(0.4)


def test_no_evidence_on_either_side_gives_zero():
    assert set(values(({}, {})).values()) == {0.0}


def test_overlapping_rationales_cannot_lift_recall_over_one():
    found = values(({"1": gold(S, {0, 1}, {1, 2})}, {"1": DocumentPrediction(S, (0, 1, 2))}))
    assert found["sentence_selection_recall"] == 1


stances = st.sampled_from([S, C])
docs = st.sampled_from("abc")
golds = st.builds(
    gold, stances, st.frozensets(st.integers(0, 3), min_size=1), st.frozensets(st.integers(4, 6), min_size=1)
)
findings = st.builds(DocumentPrediction, stances, st.lists(st.integers(0, 6), unique=True).map(tuple))


@given(st.dictionaries(docs, golds), st.dictionaries(docs, findings))
def test_scores_are_shares_and_stricter_ones_are_not_higher(truth, found):
    result = values((truth, found))
    assert all(0 <= value <= 1 for value in result.values())
    assert result["abstract_rationalized_f1"] <= result["abstract_label_only_f1"]
    assert result["sentence_label_f1"] <= result["sentence_selection_f1"]


@given(st.dictionaries(docs, golds, min_size=1))
def test_the_truth_scores_one_at_sentence_level(truth):
    perfect = {
        doc: DocumentPrediction(g.stance, tuple(sorted(frozenset().union(*g.rationales)))) for doc, g in truth.items()
    }
    result = values((truth, perfect))
    assert result["sentence_label_f1"] == result["abstract_label_only_f1"] == 1
