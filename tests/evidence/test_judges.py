"""The rules as a judge of whole documents, with the real encoder."""

from __future__ import annotations

import gzip
import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.evidence import judges, numeric, paraphrase
from synth.evidence.gather import Candidate, Claim, gather
from synth.evidence.judges import Pair, rules
from synth.types import Stance

CLAIM = "XLM-R outperforms mBERT by 14.6% average accuracy on XNLI."
SAME = "On XNLI, XLM-R outperforms mBERT by 14.6% average accuracy."
OTHER = "XLM-R outperforms mBERT by 10.2% average accuracy on XNLI."
WEATHER = "The weather in Dublin was mild in spring."


@pytest.fixture(scope="module")
def judge(encoder):
    return rules(encoder)


def test_one_opinion_a_pair_in_their_order(judge):
    opinions = judge([Pair(CLAIM, (WEATHER, SAME)), Pair(CLAIM, (WEATHER,)), Pair(CLAIM, (OTHER,)), Pair(CLAIM, ())])
    assert [o.stance for o in opinions] == [
        Stance.SUPPORT,
        Stance.NOT_ENOUGH_INFO,
        Stance.CONTRADICT,
        Stance.NOT_ENOUGH_INFO,
    ]
    assert [o.rationale for o in opinions] == [(1,), (), (0,), ()]


def test_a_document_that_speaks_both_ways_testifies_against(judge):
    [opinion] = judge([Pair(CLAIM, (SAME, OTHER))])
    assert (opinion.stance, opinion.rationale) == (Stance.CONTRADICT, (1,))


def test_no_pairs_need_no_model():
    assert rules(None)([]) == []  # type: ignore[arg-type]
    assert [o.stance for o in rules(None)([Pair(CLAIM, (WEATHER,))])] == [Stance.NOT_ENOUGH_INFO]  # type: ignore[arg-type]


def test_what_is_not_encoded_is_what_no_rule_decides(encoder, judge):
    """Leaving out passages that share few words changes no stance: the search's own judging says the same."""
    texts = [SAME, OTHER, WEATHER, "mBERT is weaker than XLM-R.", "Accuracy on XNLI is 14.6%.", CLAIM]
    [opinion] = judge([Pair(CLAIM, tuple(texts))])
    [(_, rows)] = gather([Claim(1, CLAIM)], [Candidate(i, i, text) for i, text in enumerate(texts)], encoder)
    contradicting = {row.passage_id for row in rows if row.stance is Stance.CONTRADICT}
    assert set(opinion.rationale) == contradicting
    assert min(numeric.OVERLAP_MANY_DIGITS, numeric.OVERLAP_FEW_DIGITS, paraphrase.COVERED) >= judges.SHARED_WORDS


@given(st.sampled_from(Stance), st.booleans())
def test_probabilities_are_counts_with_one_more_of_each(stance, named):
    counts = (judges.NAMED if named else judges.RETRIEVED)[stance]
    found = judges._succession(counts)
    assert sum(found.values()) == pytest.approx(1)
    assert list(found.values()) == [pytest.approx((n + 1) / (sum(counts) + 3)) for n in counts]
    assert min(found.values()) > 0


def test_the_counts_of_named_documents_are_all_of_the_labelled_set(data):
    with gzip.open(data / "citation-integrity" / "claims_train.jsonl.gz", "rt") as stream:
        rows = [json.loads(line) for line in stream]
    labels = Counter(next(iter(row["evidence"].values()))[0]["label"] if row["evidence"] else "" for row in rows)
    counted = [sum(counts[i] for counts in judges.NAMED.values()) for i in range(3)]
    assert counted == [labels["SUPPORT"], labels["REFUTE"], labels[""]]
