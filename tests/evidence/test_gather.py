"""Claims to evidence, with the real encoder."""

import pytest

from synth.evidence.confidence import confidence
from synth.evidence.gather import Candidate, Claim, gather
from synth.evidence.relation import Relation, standing
from synth.types import PassageKind, Stance

SOURCE = "XLM-R outperforms mBERT by +14.6% average accuracy on XNLI and by +13% average F1 on MLQA."
PASSAGES = [
    Candidate(1, 1, SOURCE),
    Candidate(2, 1, "On XNLI, XLM-R outperforms mBERT by 14.6% average accuracy."),
    Candidate(3, 1, "XLM-R also outperforms mBERT by 13.0% F1 on MLQA."),
    Candidate(4, 2, "XLM-R outperforms mBERT by 14.6% average accuracy on XNLI and 13% average F1 on MLQA."),
    Candidate(5, 2, "The weather in Dublin was mild in spring."),
    Candidate(6, 1, "14.6", PassageKind.CELL),
    Candidate(7, 3, "XLM-R outperforms mBERT by 10.2% average accuracy on XNLI."),
    Candidate(8, 3, "mBERT was trained on Wikipedia text in 104 languages."),
    Candidate(9, 4, "mBERT learned from text of Wikipedia in 104 languages."),
]
CLAIMS = [
    Claim(1, SOURCE, sources=frozenset({1}), papers=frozenset({1})),
    Claim(2, "XLM-R outperforms mBERT by 14.6% average accuracy on XNLI.", papers=frozenset({9})),
    Claim(3, PASSAGES[7].text, sources=frozenset({8}), papers=frozenset({3})),
]


@pytest.fixture(scope="module")
def found(encoder):
    return dict(gather(CLAIMS, PASSAGES, encoder))


def test_a_claim_is_never_its_own_evidence(found):
    assert 1 not in {row.passage_id for row in found[1]}
    assert 8 not in {row.passage_id for row in found[3]}


def test_cells_are_not_judged(found):
    assert 6 not in {row.passage_id for rows in found.values() for row in rows}


def test_passages_of_one_paper_support_a_summary_together(found):
    rows = {row.passage_id: row for row in found[1]}
    assert rows[2].stance is rows[3].stance is Stance.SUPPORT
    assert rows[2].relation is Relation.SAME_PAPER
    assert "14.6" in rows[2].note


def test_a_repeat_in_another_paper_is_no_independent_witness(found):
    assert {row.relation for row in found[1] if row.passage_id == 4} == {Relation.RESTATEMENT}
    assert str(standing(found[1])) == "grounded"


def test_another_number_for_the_same_thing_contradicts(found):
    rows = {row.passage_id: row for row in found[2]}
    assert rows[7].stance is Stance.CONTRADICT
    assert rows[2].stance is Stance.SUPPORT
    assert standing(found[2]).word in {"contested", "corroborated"}


def test_corroboration_by_another_paper_gives_a_probability(found):
    assert str(standing(found[3])) == "corroborated by 1 paper"
    assert 0.5 < confidence(found[3]) < 1.0


def test_done_claims_are_left_out_and_order_is_kept(encoder):
    assert [i for i, _ in gather(CLAIMS, PASSAGES, encoder, done={2})] == [1, 3]


def test_nothing_to_search_in(encoder):
    assert list(gather(CLAIMS[:1], [], encoder)) == [(1, [])]
    assert list(gather([], PASSAGES, encoder)) == []
