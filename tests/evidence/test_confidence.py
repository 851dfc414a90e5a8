"""Confidence is a probability or nothing, moves the right way, and counts a paper once."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from synth.evidence.confidence import confidence
from synth.evidence.relation import Evidence, Relation
from synth.types import Stance

rows = st.builds(
    Evidence,
    passage_id=st.integers(0, 1000),
    paper=st.integers(0, 6),
    stance=st.sampled_from(Stance),
    confidence=st.floats(0.0, 1.0),
    method=st.just("numeric"),
    note=st.just(""),
    relation=st.sampled_from(Relation),
    similarity=st.floats(-1, 1),
    score=st.floats(0, 1),
)
evidence = st.lists(rows, max_size=8)


def row(stance, paper=1, confidence=0.9, relation=Relation.OTHER_PAPER):
    return Evidence(1, paper, stance, confidence, "numeric", "", relation, 0.8, 0.1)


@given(evidence)
def test_a_probability_or_nothing(found):
    value = confidence(found)
    deciding = [
        r
        for r in found
        if r.stance is not Stance.NOT_ENOUGH_INFO and r.relation in (Relation.SAME_PAPER, Relation.OTHER_PAPER)
    ]
    assert (value is None) == (not deciding)
    assert value is None or 0.0 < value < 1.0


@given(evidence, rows)
def test_one_more_agreeing_paper_never_lowers(found, more):
    more = replace(more, paper=99, stance=Stance.SUPPORT, relation=Relation.OTHER_PAPER)
    before, after = confidence(found), confidence([*found, more])
    assert after is not None
    assert before is None or after >= before - 1e-12


@given(evidence, rows)
def test_a_contradiction_never_raises(found, more):
    more = replace(more, stance=Stance.CONTRADICT, relation=Relation.OTHER_PAPER)
    before, after = confidence(found), confidence([*found, more])
    assert after is not None
    assert before is None or after <= before + 1e-12


@given(evidence, rows)
def test_undecided_restated_and_secondhand_passages_change_nothing(found, more):
    for idle in (
        replace(more, stance=Stance.NOT_ENOUGH_INFO),
        replace(more, relation=Relation.RESTATEMENT),
        replace(more, relation=Relation.SECONDHAND),
    ):
        assert confidence([*found, idle]) == confidence(found)


@given(evidence, st.randoms())
def test_order_does_not_matter(found, random):
    shuffled = list(found)
    random.shuffle(shuffled)
    assert confidence(shuffled) == confidence(found)


def test_two_sentences_of_one_paper_are_one_witness():
    once = confidence([row(Stance.SUPPORT)])
    assert confidence([row(Stance.SUPPORT), row(Stance.SUPPORT)]) == once
    assert confidence([row(Stance.SUPPORT), row(Stance.SUPPORT, paper=2)]) > once


def test_conflict_lowers_and_a_contradiction_alone_is_below_one_half():
    assert confidence([row(Stance.SUPPORT), row(Stance.CONTRADICT, paper=2)]) < confidence([row(Stance.SUPPORT)])
    assert confidence([row(Stance.CONTRADICT)]) < 0.5
