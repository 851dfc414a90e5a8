import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repro.retrieval import accuracy, cosine_scores, csls_scores


def test_cosines_computed_by_hand():
    scores = cosine_scores(np.array([[3.0, 4.0], [0.0, 2.0]]), np.array([[1.0, 0.0], [0.0, 5.0]]))
    np.testing.assert_allclose(scores, [[0.6, 0.8], [0.0, 1.0]])
    assert accuracy(scores) == 0.5  # the first query prefers the second candidate


def test_a_zero_vector_scores_zero():
    assert cosine_scores(np.zeros((1, 2)), np.eye(2)).tolist() == [[0.0, 0.0]]


def test_csls_computed_by_hand():
    # Centred already, so the cosines are those of the vectors: with k = 1 the row and column maxima are all 1.
    queries = np.array([[1.0, 0.0], [-1.0, 0.0]])
    np.testing.assert_allclose(csls_scores(queries, queries, k=1), [[0.0, -4.0], [-4.0, 0.0]])
    # With k = 2 every neighbourhood mean is (1 − 1) / 2 = 0, which leaves twice the cosine.
    np.testing.assert_allclose(csls_scores(queries, queries, k=2), [[2.0, -2.0], [-2.0, 2.0]])


def test_centring_undoes_a_common_direction():
    draw = np.random.default_rng(0)
    queries = draw.normal(size=(50, 8))
    candidates = queries + 0.1 * draw.normal(size=(50, 8)) + 100.0
    assert accuracy(cosine_scores(queries, candidates)) < 0.8
    assert accuracy(csls_scores(queries, candidates)) == 1.0


def test_csls_rescues_queries_from_a_hub():
    # The third candidate is nearest to every query; taking its own neighbourhood into account makes it lose.
    queries = np.array([[1.0, 0.4, 0.0], [0.4, 1.0, 0.0], [0.7, 0.7, 0.1]])
    hub = np.array([[1.0, -0.2, 0.0], [-0.2, 1.0, 0.0], [0.7, 0.7, 0.0]])
    assert accuracy(cosine_scores(queries, hub)) == pytest.approx(1 / 3)
    assert accuracy(csls_scores(queries, hub, k=2)) == 1.0


def test_among_equals_the_first_counts():
    assert accuracy(np.ones((4, 4))) == 0.25


@settings(max_examples=50, deadline=None)
@given(st.integers(2, 12), st.integers(1, 5), st.integers(0, 10_000))
def test_accuracy_is_what_a_loop_finds(n, width, seed):
    draw = np.random.default_rng(seed)
    scores = cosine_scores(draw.normal(size=(n, width)), draw.normal(size=(n, width)))
    right = sum(max(range(n), key=lambda j: (scores[i][j], -j)) == i for i in range(n))
    assert accuracy(scores) == pytest.approx(right / n)
