"""Whose words a passage is, and how a claim stands."""

import pytest
from hypothesis import given

from synth.evidence.relation import Evidence, Relation, relate, repeats, standing
from synth.types import Stance
from tests.evidence.test_confidence import evidence

S, C, N = Stance.SUPPORT, Stance.CONTRADICT, Stance.NOT_ENOUGH_INFO
OWN, OTHER, AGAIN, HEARD = Relation.SAME_PAPER, Relation.OTHER_PAPER, Relation.RESTATEMENT, Relation.SECONDHAND


def rows(*entries):
    return [Evidence(i, *e[:1], e[1], 0.9, "numeric", "", e[2], 0.8, 0.1) for i, e in enumerate(entries)]


@pytest.mark.parametrize(
    ("found", "word"),
    [
        ([], "no evidence"),
        ([(1, N, OWN), (2, N, OTHER)], "no evidence"),
        ([(1, S, OWN)], "grounded"),
        ([(1, S, AGAIN)], "grounded"),
        ([(2, S, AGAIN)], "grounded"),
        ([(2, S, HEARD)], "no evidence"),
        ([(1, S, OWN), (2, S, OTHER)], "corroborated by 1 paper"),
        ([(2, S, OTHER), (2, S, OTHER), (3, S, OTHER)], "corroborated by 2 papers"),
        ([(2, C, OTHER)], "contradicted"),
        ([(2, C, OTHER), (1, S, AGAIN)], "contradicted"),
        ([(2, C, OTHER), (3, S, OTHER)], "contested"),
        ([(2, C, OTHER), (1, S, OWN)], "contested"),
    ],
)
def test_standing(found, word):
    assert str(standing(rows(*found))) == word


def test_a_judgement_more_likely_wrong_than_right_decides_nothing():
    weak = [Evidence(1, 2, C, 0.3, "numeric", "", OTHER, 0.8, 0.1)]
    assert str(standing(weak)) == "no evidence"


@given(evidence)
def test_standing_is_one_of_five_words(found):
    assert standing(found).word in {"grounded", "corroborated", "contradicted", "contested", "no evidence"}


def test_the_same_sentence_again_is_a_restatement_wherever_it_stands():
    claim = "XLM-R outperforms mBERT by 14.6% average accuracy on XNLI."
    again = "XLM-R outperforms mBERT by 14.6% in average accuracy on XNLI ."
    assert relate(claim, again, same_paper=True) is AGAIN
    assert relate(claim, again, same_paper=False) is AGAIN
    assert not repeats(claim, claim.replace("14.6", "12.6"))
    assert not repeats(claim, claim.replace("mBERT", "XLM-15"))


def test_a_report_of_others_results_is_secondhand():
    claim = "XLM-R outperforms mBERT on low-resource languages."
    heard = "Conneau et al. (2020) report that XLM-R is better than mBERT for languages with little data."
    own = "We see that XLM-R is better than mBERT (Devlin et al., 2019) for languages with little data."
    assert relate(claim, heard, same_paper=False) is HEARD
    assert relate(claim, own, same_paper=False) is OTHER
    assert relate(claim, heard, same_paper=True) is OWN
