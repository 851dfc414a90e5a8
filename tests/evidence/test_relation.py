"""Whose words a passage is, and how a claim stands."""

import pytest
from hypothesis import given

from synth.core.types import Stance
from synth.evidence.relation import EvidenceItem, Relation, repeats, secondhand, standing
from tests.evidence.test_confidence import evidence

S, C, N = Stance.SUPPORT, Stance.CONTRADICT, Stance.NOT_ENOUGH_INFO
OWN, OTHER, AGAIN, HEARD, GONE = (
    Relation.SAME_PAPER,
    Relation.OTHER_PAPER,
    Relation.RESTATEMENT,
    Relation.REPORTED,
    Relation.RETRACTED,
)


def rows(*entries):
    return [EvidenceItem(i, *e[:1], e[1], 0.9, "numeric", "", e[2], 0.8, 0.1) for i, e in enumerate(entries)]


@pytest.mark.parametrize(
    ("found", "word"),
    [
        ([], "no evidence"),
        ([(1, N, OWN), (2, N, OTHER)], "no evidence"),
        ([(1, S, OWN)], "grounded"),
        ([(1, S, AGAIN)], "no evidence"),
        ([(2, S, AGAIN)], "no evidence"),
        ([(2, S, HEARD)], "no evidence"),
        ([(2, S, GONE), (3, C, GONE)], "no evidence"),
        ([(1, S, OWN), (2, S, OTHER)], "corroborated by 1 paper"),
        ([(2, S, OTHER), (2, S, OTHER), (3, S, OTHER)], "corroborated by 2 papers"),
        ([(2, C, OTHER)], "contradicted"),
        ([(1, C, OWN)], "contradicted"),
        ([(2, C, OTHER), (1, S, AGAIN)], "contradicted"),
        ([(2, C, OTHER), (3, S, OTHER)], "contested"),
        ([(2, C, OTHER), (1, S, OWN)], "contested"),
    ],
)
def test_standing(found, word):
    assert str(standing(rows(*found))) == word


def test_a_judgement_more_likely_wrong_than_right_decides_nothing():
    weak = [EvidenceItem(1, 2, C, 0.3, "numeric", "", OTHER, 0.8, 0.1)]
    assert str(standing(weak)) == "no evidence"


def test_a_paper_stands_on_the_side_of_its_surest_passage():
    for sure, word in ((S, "corroborated by 1 paper"), (C, "contradicted")):
        found = [
            EvidenceItem(n, 2, side, 0.95 if side is sure else 0.6, "", "", OTHER, 0, 0)
            for n, side in enumerate((S, C))
        ]
        assert str(standing(found)) == word


@given(evidence)
def test_standing_is_one_of_five_words(found):
    assert standing(found).word in {"grounded", "corroborated", "contradicted", "contested", "no evidence"}


def test_the_same_sentence_again_is_a_restatement():
    claim = "XLM-R outperforms mBERT by 14.6% average accuracy on XNLI."
    assert repeats(claim, "XLM-R outperforms mBERT by 14.6% in average accuracy on XNLI .")
    assert not repeats(claim, claim.replace("14.6", "12.6"))
    assert not repeats(claim, claim.replace("mBERT", "XLM-15"))
    assert not repeats(claim, claim.replace("outperforms", "does not outperform"))
    assert not repeats("", "")


def test_a_report_of_others_results_is_secondhand():
    assert secondhand("Conneau et al. (2020) report that XLM-R is better than mBERT for languages with little data.")
    assert not secondhand(
        "We see that XLM-R is better than mBERT (Devlin et al., 2019) for languages with little data."
    )
