"""The rule from three axes to ✓ / × / –, and what it says decided."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.core.mark import SURE, Axis, PredictionVerdict, Side, mark

UP, DOWN, OPEN = (
    PredictionVerdict("direction supported", 4, "synthetic"),
    PredictionVerdict("not reproduced", 5, "paper"),
    PredictionVerdict("inconclusive"),
)
THREE, AGAINST = Side(0.93, 3, 0), Side(0.1, 0, 2)
CONTESTED, WEAK, OWN = Side(0.5, 2, 1), Side(0.7, 1, 0), Side(0.9, 2, 0, "Table 2")
OWN_AGAINST = Side(0.12, 0, 1, "p. 6")


@pytest.mark.parametrize(
    ("tested", "papers", "own", "verified", "axis"),
    [
        ([UP], AGAINST, OWN_AGAINST, True, Axis.RUN),
        ([PredictionVerdict("reproduced", 1)], Side(), Side(), True, Axis.RUN),
        ([DOWN], THREE, OWN, False, Axis.RUN),
        ([UP, DOWN], THREE, OWN, None, None),
        ([OPEN], THREE, OWN, True, Axis.PAPERS),
        ([OPEN], Side(), OWN, True, Axis.OWN_PAPER),
        ([], AGAINST, OWN, False, Axis.PAPERS),
        ([], CONTESTED, OWN, None, None),
        ([], WEAK, Side(), None, None),
        ([], WEAK, OWN, True, Axis.OWN_PAPER),
        ([], Side(0.3, 0, 1), OWN, None, None),
        ([], WEAK, OWN_AGAINST, None, None),
        ([], Side(), OWN_AGAINST, False, Axis.OWN_PAPER),
        ([], Side(0.1, 0, 0), Side(0.1, 0, 0), None, None),
        ([], Side(), Side(), None, None),
    ],
)
def test_the_strongest_axis_that_speaks_decides(tested, papers, own, verified, axis):
    found = mark(tested, papers, own)
    assert (found.verified, found.axis) == (verified, axis)
    assert (found.by is None) == (axis is None)


def test_by_what():
    assert mark([UP], THREE, OWN).by == {"axis": "run", "papers": 0, "where": "run 4", "fidelity": "synthetic"}
    assert mark([], THREE, OWN).by == {"axis": "papers", "papers": 3, "where": "", "fidelity": None}
    assert mark([], Side(), OWN).by == {"axis": "own paper", "papers": 0, "where": "Table 2", "fidelity": None}


def test_axes_that_disagree_are_a_conflict_and_the_strongest_stands():
    found = mark([UP], AGAINST, OWN)
    assert found.verified
    assert found.conflict
    assert mark([], AGAINST, OWN).conflict
    assert mark([], Side(0.3, 0, 1), OWN).conflict
    assert mark([UP, DOWN]).conflict
    assert not mark([UP], THREE, OWN).conflict
    assert mark([], CONTESTED, OWN).contested


@pytest.mark.parametrize(("direction", "verified"), [("increase", False), ("no effect", True), ("equal", True)])
def test_an_equivalence_refutes_an_effect_and_verifies_its_absence(direction, verified):
    assert mark([PredictionVerdict("equivalent", 7, "small", direction)]).verified is verified


sides = st.builds(
    Side,
    st.none() | st.floats(0, 1),
    st.integers(0, 4),
    st.integers(0, 4),
    st.sampled_from(["", "Table 1", "p. 2"]),
)
verdicts = st.lists(
    st.builds(
        PredictionVerdict,
        st.sampled_from(["reproduced", "not reproduced", "equivalent", "inconclusive", "direction supported"]),
        st.integers(1, 9),
        st.sampled_from(["paper", "synthetic"]),
        st.sampled_from(["increase", "no effect", ""]),
    ),
    max_size=3,
)


@given(verdicts, sides, sides)
def test_a_mark_names_what_decided_it(tested, papers, own):
    found = mark(tested, papers, own)
    assert (found.verified is None) == (found.axis is None)
    if found.axis is Axis.PAPERS:
        assert found.papers > 0
        assert not found.contested


@given(sides, st.floats(0, 1))
def test_more_confidence_in_other_papers_never_turns_yes_into_less(papers, more):
    before = mark([], papers)
    raised = replace(papers, confidence=max(papers.confidence or 0.0, more))
    if papers.confidence is not None and before.verified is True:
        assert mark([], raised).verified is True


@given(verdicts, sides, sides)
def test_nothing_is_verified_below_the_bound_by_literature(tested, papers, own):
    found = mark(tested, papers, own)
    side = {Axis.PAPERS: papers, Axis.OWN_PAPER: own}.get(found.axis)
    if side is not None:
        assert side.confidence >= SURE if found.verified else side.confidence <= 1 - SURE + 1e-9
