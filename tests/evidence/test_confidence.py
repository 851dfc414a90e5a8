"""Confidence is a probability or nothing, moves the right way, and counts a paper once."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from synth.core.mark import SURE
from synth.core.types import Stance
from synth.evidence.agreement import ceiling
from synth.evidence.confidence import confidence, weigh
from synth.evidence.relation import WITNESSES, EvidenceItem, Relation

rows = st.builds(
    EvidenceItem,
    passage_id=st.integers(0, 1000),
    paper=st.integers(0, 6),
    stance=st.sampled_from(Stance),
    confidence=st.floats(0.0, 1.0),
    method=st.just("numeric"),
    note=st.just(""),
    relation=st.sampled_from(Relation),
    similarity=st.floats(-1, 1),
    score=st.floats(0, 1),
    location=st.sampled_from(["Table 1", "p. 2"]),
)
evidence = st.lists(rows, max_size=8)
IDLE = (Relation.RESTATEMENT, Relation.REPORTED, Relation.RETRACTED)


def row(stance, paper=1, confidence=0.9, relation=Relation.OTHER_PAPER, **rest):
    return EvidenceItem(1, paper, stance, confidence, "numeric", "", relation, 0.8, 0.1, **rest)


@given(evidence)
def test_a_probability_or_nothing(found):
    value = confidence(found)
    deciding = [r for r in found if r.stance is not Stance.NOT_ENOUGH_INFO and r.relation in WITNESSES]
    assert (value is None) == (not deciding)
    assert value is None or 0.0 < value < 1.0


@given(evidence, rows, st.sampled_from(WITNESSES))
def test_one_more_support_never_lowers(found, more, relation):
    more = replace(more, stance=Stance.SUPPORT, relation=relation)
    before, after = confidence(found), confidence([*found, more])
    assert after is not None
    assert before is None or after >= before - 1e-12


@given(evidence, rows, st.sampled_from(WITNESSES))
def test_one_more_contradiction_never_raises(found, more, relation):
    more = replace(more, stance=Stance.CONTRADICT, relation=relation)
    before, after = confidence(found), confidence([*found, more])
    assert after is not None
    assert before is None or after <= before + 1e-12


@given(evidence, rows)
def test_what_is_no_witness_changes_no_confidence(found, more):
    for idle in (replace(more, stance=Stance.NOT_ENOUGH_INFO), *(replace(more, relation=r) for r in IDLE)):
        assert confidence([*found, idle]) == confidence(found)
        assert weigh([*found, idle]).papers.confidence == weigh(found).papers.confidence


@given(evidence, st.randoms())
def test_order_does_not_matter(found, random):
    shuffled = list(found)
    random.shuffle(shuffled)
    assert confidence(shuffled) == confidence(found)


def test_many_weak_sentences_of_one_paper_are_one_weak_witness():
    weak = [replace(row(Stance.SUPPORT, confidence=0.6), passage_id=n) for n in range(50)]
    assert confidence(weak) == confidence(weak[:1]) < SURE
    assert confidence([*weak, row(Stance.SUPPORT, paper=2)]) > confidence(weak)


def test_many_weak_papers_are_no_surer_than_the_surest_of_them():
    """Four papers whose passages may mean what the claim says are not four that say it."""
    weak = [row(Stance.SUPPORT, paper=n, confidence=p) for n, p in enumerate((0.77, 0.7, 0.6, 0.55), 1)]
    assert confidence(weak) == 0.77
    sure = [*weak, row(Stance.SUPPORT, paper=5, confidence=0.85)]
    assert confidence(sure) > 0.95
    against = [replace(each, stance=Stance.CONTRADICT) for each in weak]
    assert confidence(against) == 1 - 0.77


def test_conflict_lowers_and_a_contradiction_alone_is_below_one_half():
    assert confidence([row(Stance.SUPPORT), row(Stance.CONTRADICT, paper=2)]) < confidence([row(Stance.SUPPORT)])
    assert confidence([row(Stance.CONTRADICT)]) < 0.5


def test_certainty_ends_where_the_labelled_pairs_do():
    sure = [row(Stance.SUPPORT, paper=n, confidence=1.0) for n in range(20)]
    assert confidence(sure) == ceiling()


def test_both_axes_are_weighed_apart():
    found = weigh(
        [
            row(Stance.SUPPORT, 1, 0.95, Relation.SAME_PAPER, cells=(4, 5), location="Table 2"),
            row(Stance.SUPPORT, 1, 0.95, Relation.SAME_PAPER, location="p. 3"),
            row(Stance.SUPPORT, 2),
            row(Stance.CONTRADICT, 3),
            row(Stance.SUPPORT, 4, relation=Relation.REPORTED),
            row(Stance.SUPPORT, 5, relation=Relation.REPORTED),
            row(Stance.SUPPORT, 6, relation=Relation.RETRACTED),
        ]
    )
    assert (found.papers.supporting, found.papers.contradicting, found.reported_by) == (1, 1, 2)
    assert (found.own.supporting, found.own.place) == (2, "Table 2")
    assert found.own.confidence > SURE > found.papers.confidence
    assert found.standing.word == "contested"
