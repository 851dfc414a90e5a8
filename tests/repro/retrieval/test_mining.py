import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repro.retrieval.mining import at, at_best, held_out, mine, score, threshold
from repro.retrieval.neighbours import Nearest, Neighbours, both
from repro.retrieval.scoring import normalised, ratio_margin


def neighbours(cosines, k):
    scores = np.array(cosines, dtype=np.float32)

    def side(matrix):
        order = np.argsort(-matrix, axis=1, kind="stable")[:, :k]
        return Nearest(np.take_along_axis(matrix, order, 1), order)

    return Neighbours(side(scores), side(scores.T))


def test_mining_by_hand():
    """Densities with k = 2: sources 0.75, 0.6; targets 0.7, 0.4, 0.65.

    Ratios: s0: t0 0.9/0.725 = 1.241, t2 0.6/0.7 = 0.857; s1: t2 0.7/0.625 = 1.12, t0 0.5/0.65 = 0.769; t1 proposes
    s1 (0.5/0.5 = 1) before s0 (0.3/0.575 = 0.52), but s1 is taken by then.
    """
    mined = mine(neighbours([[0.9, 0.3, 0.6], [0.5, 0.5, 0.7]], 2), 2)
    assert list(zip(mined.sources.tolist(), mined.targets.tolist(), strict=True)) == [(0, 0), (1, 2)]
    np.testing.assert_allclose(mined.scores, [0.9 / 0.725, 0.7 / 0.625], atol=1e-6)


def test_a_proposal_of_the_other_side_counts():
    """Source 0 prefers target 1, which goes to source 1; target 0 then brings source 0 after all."""
    mined = mine(neighbours([[0.8, 0.85], [0.1, 0.99]], 1), 1)
    assert sorted(zip(mined.sources.tolist(), mined.targets.tolist(), strict=True)) == [(0, 0), (1, 1)]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 99))
def test_every_sentence_is_in_one_pair_at_most(n, m, seed):
    draw = np.random.default_rng(seed)
    found = both(normalised(draw.normal(size=(n, 4))), normalised(draw.normal(size=(m, 4))), 4)
    mined = mine(found)
    assert len(set(mined.sources.tolist())) == len(mined.sources) == len(set(mined.targets.tolist()))
    assert (np.diff(mined.scores) <= 0).all()
    assert len(mined.scores) >= min(n, m, 1)


def test_the_mined_score_is_the_margin():
    draw = np.random.default_rng(0)
    queries = normalised(draw.normal(size=(40, 8)))
    candidates = normalised(queries + 0.2 * draw.normal(size=(40, 8)))
    mined = mine(both(queries, candidates, 4))
    cosines = queries @ candidates.T
    rows, columns = np.sort(cosines, 1)[:, -4:].mean(1), np.sort(cosines, 0)[-4:].mean(0)
    expected = ratio_margin(cosines, rows[:, None], columns[None])[mined.sources, mined.targets]
    np.testing.assert_allclose(mined.scores, expected, atol=1e-5)
    assert (mined.sources == mined.targets).mean() > 0.9


def test_score_by_hand():
    gold = [("a", "A"), ("b", "B"), ("c", "C"), ("d", "D")]
    found = score([("a", "A"), ("b", "X")], gold)
    assert found == pytest.approx((2 * 0.5 * 0.25 / 0.75, 0.5, 0.25))
    assert score([], gold) == (0, 0, 0)


PAIRS = {("a", "A"): 1.4, ("b", "B"): 1.3, ("x", "X"): 1.2, ("c", "C"): 1.1, ("y", "Y"): 1.0, ("z", "Z"): 0.9}
GOLD = [("a", "A"), ("b", "B"), ("c", "C")]


def test_threshold_by_hand():
    # F1 after 1 to 6 pairs: 2/4, 4/5, 4/6, 6/7, 6/8, 6/9; the best is after four, between 1.1 and 1.0.
    assert threshold(PAIRS, GOLD) == pytest.approx(1.05)
    assert at_best(PAIRS, GOLD) == pytest.approx((6 / 7, 3 / 4, 1.0))


def test_threshold_after_the_last_pair_and_without_a_right_one():
    assert at_best({("a", "A"): 0.5}, [("a", "A")]).f1 == 1.0
    assert threshold({("a", "B"): 0.5}, [("a", "A")]) == float("inf")
    assert at_best({}, GOLD) == (0, 0, 0)


def test_a_threshold_does_not_separate_equals():
    pairs = {("a", "A"): 1.0, ("x", "X"): 1.0, ("b", "B"): 1.0}
    assert at_best(pairs, [("a", "A"), ("b", "B")]) == pytest.approx((4 / 5, 2 / 3, 1.0))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 8), st.booleans()), max_size=25), st.integers(0, 5))
def test_no_threshold_is_better(items, missing):
    pairs = {(f"s{i}", f"t{i}"): float(value) for i, (value, _) in enumerate(items)}
    gold = [(f"s{i}", f"t{i}") for i, (_, right) in enumerate(items) if right] + [(f"m{i}", "") for i in range(missing)]
    best = at_best(pairs, gold).f1
    assert best == pytest.approx(max([at(pairs, gold, cut).f1 for cut in [*range(10)]], default=0))


def test_held_out_takes_each_threshold_from_the_other_half():
    # Right from a score on: each half's own cut lies between two of its own scores, a little off for the other half.
    ids = [f"s{i}" for i in range(200)]
    pairs = {(name, name.upper()): 1.0 + 0.001 * i for i, name in enumerate(ids)}
    gold = [pair for pair, value in pairs.items() if value >= 1.1]
    kept, chosen_on_itself = held_out(pairs, gold), at_best(pairs, gold)
    assert chosen_on_itself.f1 == 1.0
    assert 0.9 < kept.f1 <= 1.0
    few = dict(list(pairs.items())[100:104])
    assert held_out(few, list(few)[:1]).f1 == 0.0  # one half has no gold pair to choose a threshold from
