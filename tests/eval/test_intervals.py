"""Groups of dependent claims, and intervals that are as wide as groups make them."""

from __future__ import annotations

import numpy as np

from synth.core.types import Stance
from synth.eval.scifact.intervals import MIN_GROUPS, groups, intervals
from synth.eval.scifact.records import Claim, CorpusDocument, Gold

LONG = "A sentence that is long enough to be no headword of an abstract."


def mean(sums):
    return {"mean": sums[..., 1] / sums[..., 0]}


def test_claims_are_joined_by_documents_and_documents_by_long_sentences():
    corpus = {
        "1": CorpusDocument("1", "", ("CONCLUSIONS", LONG)),
        "2": CorpusDocument("2", "", (LONG,)),
        "3": CorpusDocument("3", "", ("CONCLUSIONS",)),
    }
    gold = Gold(Stance.SUPPORT, (frozenset({0}),))
    claims = [
        Claim(10, "a", ("1",)),
        Claim(11, "b", None, {"2": gold}),
        Claim(12, "c", ("3", "absent")),
        Claim(13, "d"),
        Claim(14, "e", ("absent",)),
    ]
    assert groups(claims, corpus) == [0, 0, 1, 2, 1]


def test_the_interval_of_a_mean_is_that_of_theory():
    """400 claims, half right: standard error 0.025, so the interval is about 0.5 ± 0.049."""
    rows = np.array([[1.0, i % 2] for i in range(400)])
    low, high = intervals(rows, range(400), mean)["mean"]
    assert abs(low - 0.451) < 0.01
    assert abs(high - 0.549) < 0.01


def test_claims_that_stand_and_fall_together_widen_it():
    """The same 400 claims in 40 groups that are right or wrong as a whole: √10 times as wide."""
    rows = np.array([[1.0, (i // 10) % 2] for i in range(400)])
    low, high = intervals(rows, [i // 10 for i in range(400)], mean)["mean"]
    assert 2.7 < (high - low) / 0.098 < 3.7


def test_few_groups_have_no_interval_and_the_same_seed_gives_the_same():
    rows = np.array([[1.0, i % 2] for i in range(MIN_GROUPS)])
    assert intervals(rows[1:], range(MIN_GROUPS - 1), mean) == {"mean": None}
    assert intervals(rows, range(MIN_GROUPS), mean) == intervals(rows, range(MIN_GROUPS), mean)


def test_an_undefined_measure_has_no_interval():
    rows = np.zeros((MIN_GROUPS, 2))
    with np.errstate(invalid="ignore"):
        assert intervals(rows, range(MIN_GROUPS), mean) == {"mean": None}
