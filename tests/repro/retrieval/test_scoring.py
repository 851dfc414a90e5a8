from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repro.retrieval.neighbours import both
from repro.retrieval.scoring import (
    accuracy,
    ahead,
    ahead_in,
    average_precision,
    centred,
    cosine,
    csls,
    densities,
    distance_margin,
    normalised,
    pool_accuracy,
    ratio_margin,
    weighted_f1,
)


def units(n, dim, seed=0):
    return normalised(np.random.default_rng(seed).normal(size=(n, dim)).astype(np.float32))


def test_normalised_leaves_zeros():
    np.testing.assert_allclose(normalised(np.array([[3.0, 4.0], [0.0, 0.0]])), [[0.6, 0.8], [0.0, 0.0]])


def test_cosine_ranks_by_hand():
    # Cosines 0.6 and 0.8 of the first query, 0 and 1 of the second: the first prefers the second candidate.
    queries, candidates = np.array([[0.6, 0.8], [0.0, 1.0]]), np.array([[1.0, 0.0], [0.0, 1.0]])
    preferred = ahead(queries, candidates, np.array([0, 1]))
    assert preferred.tolist() == [1, 0]
    assert accuracy(preferred) == 0.5


def test_rules_by_hand():
    """Two queries, three candidates, k = 2; every number worked out on paper.

    Cosines: q0: 1, 0.8, 0; q1: 0, 0.6, 1. Densities of the queries: 0.9, 0.8; of the candidates: 0.5, 0.7, 0.5.
    """
    queries, candidates = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[1.0, 0.0], [0.8, 0.6], [0.0, 1.0]])
    around = densities(both(queries, candidates, 2), 2)
    np.testing.assert_allclose(around.queries, [0.9, 0.8], atol=1e-6)
    np.testing.assert_allclose(around.candidates, [0.5, 0.7, 0.5], atol=1e-6)
    values = (queries @ candidates.T, around.queries[:, None], around.candidates[None])
    np.testing.assert_allclose(csls(*values), [[0.6, 0.0, -1.4], [-1.3, -0.3, 0.7]], atol=1e-6)
    np.testing.assert_allclose(distance_margin(*values), [[0.3, 0.0, -0.7], [-0.65, -0.15, 0.35]], atol=1e-6)
    ratios = [[1 / 0.7, 0.8 / 0.8, 0.0], [0.0, 0.6 / 0.75, 1 / 0.65]]
    np.testing.assert_allclose(ratio_margin(*values), ratios, atol=1e-6)
    np.testing.assert_allclose(cosine(*values), values[0])


def test_a_ratio_to_no_density_keeps_the_order():
    scores = ratio_margin(np.array([-0.2, 0.0, 0.1]), np.array(-0.3), np.zeros(3))
    assert np.isfinite(scores).all()
    assert scores.argsort().tolist() == [0, 1, 2]


def test_centring_undoes_a_common_direction():
    draw = np.random.default_rng(0)
    queries = draw.normal(size=(50, 8))
    candidates = queries + 0.1 * draw.normal(size=(50, 8)) + 100.0
    right = np.arange(50)
    assert accuracy(ahead(normalised(queries), normalised(candidates), right)) < 0.8
    assert accuracy(ahead(normalised(centred(queries)), normalised(centred(candidates)), right)) > 0.95


@pytest.mark.parametrize("rule", [csls, distance_margin, ratio_margin])
def test_a_hub_loses(rule):
    # The third candidate is nearest to every query; taking its own neighbourhood into account makes it lose.
    queries = normalised(np.array([[1.0, 0.4, 0.0], [0.4, 1.0, 0.0], [0.7, 0.7, 0.1]]))
    hub = normalised(np.array([[1.0, -0.2, 0.0], [-0.2, 1.0, 0.0], [0.7, 0.7, 0.0]]))
    assert ahead(queries, hub, np.arange(3)).tolist() == [1, 1, 0]
    assert accuracy(ahead(queries, hub, np.arange(3), rule, 2)) == 1.0


def test_a_candidate_beyond_the_nearest_can_win():
    """Why the rules score whole rows: with k = 1 the neighbours of the query alone hold hubs only."""
    queries = normalised(np.array([[1.0, 0.0], [0.9, 0.4], [0.9, 0.43]]))
    candidates = normalised(np.array([[0.88, -0.475], [0.9, 0.41], [0.9, 0.42]]))
    assert both(queries, candidates, 1).forward.indices[0].tolist() == [1]
    assert ahead(queries, candidates, np.array([0, 1, 2]), csls, 1)[0] == 0


def test_among_equals_the_first_counts():
    assert ahead(np.ones((4, 1)), np.ones((4, 1)), np.arange(4)).tolist() == [0, 1, 2, 3]


def test_ranks_in_a_matrix_by_hand():
    # The first query's second candidate is better, the second's first is equal and comes before, the third's after.
    scores = np.array([[0.1, 0.2, 0.0], [0.3, 0.3, 0.1], [0.5, 0.0, 0.5]])
    assert ahead_in(scores, np.array([0, 1, 0])).tolist() == [1, 1, 0]


@pytest.mark.parametrize("rule", [cosine, csls, ratio_margin])
def test_equal_candidates_score_equal_whatever_their_place(rule):
    queries, candidates = units(90, 48), np.tile(units(1, 48, 1), (131, 1))
    assert (ahead(queries, candidates, np.full(90, 100), rule, 4) == 100).all()


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 40), st.integers(1, 6), st.integers(1, 12), st.sampled_from([1, 2**10, 2**28]), st.integers(0, 99)
)
def test_ranks_are_what_the_whole_matrix_says(n, width, k, memory, seed):
    queries, candidates = units(n, width, seed), units(n, width, seed + 1)
    cosines = queries.astype(np.float64) @ candidates.astype(np.float64).T
    rows = np.sort(cosines, axis=1)[:, -k:].mean(axis=1, keepdims=True)
    columns = np.sort(cosines, axis=0)[-k:].mean(axis=0, keepdims=True)
    for rule, scores in ((cosine, cosines), (csls, 2 * cosines - rows - columns)):
        found = ahead(queries, candidates, np.arange(n), rule, k, memory=memory)
        margin = scores - np.diag(scores)[:, None]
        assert (found >= (margin > 1e-5).sum(axis=1)).all()
        assert (found <= (margin > -1e-5).sum(axis=1) - 1).all()


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 30), st.data())
def test_pool_accuracy_is_the_hypergeometric_chance(pool, data):
    size = data.draw(st.integers(1, pool))
    preferred = np.array(data.draw(st.lists(st.integers(0, pool - 1), min_size=1, max_size=5)))
    chances = [comb(pool - 1 - b, size - 1) / comb(pool - 1, size - 1) for b in preferred.tolist()]
    assert pool_accuracy(preferred, pool, size) == pytest.approx(sum(chances) / len(chances))


def test_pool_accuracy_by_hand():
    # Two of the three wrong candidates are preferred; one wrong one is drawn, and is the harmless one in 1 of 3 cases.
    assert pool_accuracy(np.array([2]), 4, 2) == pytest.approx(1 / 3)
    assert pool_accuracy(np.array([0, 1, 5]), 1000, 1000) == pytest.approx(1 / 3)
    assert pool_accuracy(np.array([999]), 1000, 1) == 1.0
    with pytest.raises(ValueError, match="no 5 candidates in a pool of 4"):
        pool_accuracy(np.array([0]), 4, 5)


def test_pool_accuracy_is_what_drawing_pools_gives():
    draw = np.random.default_rng(0)
    queries = units(60, 6)
    candidates = normalised(queries + 0.5 * units(60, 6, 1))
    preferred = ahead(queries, candidates, np.arange(60))
    hits = []
    for _ in range(2000):
        i = draw.integers(60)
        pool = np.append(draw.choice(np.delete(np.arange(60), i), 9, replace=False), i)
        hits.append(pool[(candidates[pool] @ queries[i]).argmax()] == i)
    assert pool_accuracy(preferred, 60, 10) == pytest.approx(np.mean(hits), abs=0.04)


def test_average_precision_by_hand():
    # Right at ranks 1 and 3 of 3: (1/1 + 2/3) / 2; with five right answers the best that 3 ranks allow is 3 hits.
    relevant = np.array([[True, False, True], [False, False, True], [False, False, False]])
    found = average_precision(relevant, np.array([2, 5, 1]))
    np.testing.assert_allclose(found, [(1 + 2 / 3) / 2, (1 / 3) / 3, 0.0])


@settings(deadline=None)
@given(st.integers(1, 30).flatmap(lambda n: st.lists(st.integers(0, n - 1), min_size=n, max_size=n)))
def test_the_weighted_f1_is_that_of_scikit_learn(answers):
    from sklearn.metrics import f1_score

    expected = f1_score(range(len(answers)), answers, average="weighted", zero_division=0)
    assert weighted_f1(np.array(answers), len(answers)) == pytest.approx(expected)
