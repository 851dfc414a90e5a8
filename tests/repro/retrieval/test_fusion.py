import numpy as np
import pytest

from repro.retrieval.fusion import by_embedding, by_rank, by_score, ranks, score_matrices

# Two members, whose vectors have length 1. Their cosines are [[1, 0.6], [0, 0.8]] and [[0, 1], [1, 0]].
ENGLISH = np.array([[1.0, 0.0], [0.0, 1.0]])
OTHERS = np.array([[1.0, 0.0], [0.6, 0.8]]), np.array([[0.0, 1.0], [1.0, 0.0]])


def fused(rule, english=ENGLISH, others=OTHERS, neighbours=1):
    return by_score([score_matrices(english, other, neighbours)[rule] for other in others])


def test_cosines_fused_by_hand():
    np.testing.assert_allclose(fused("cosine"), [[0.5, 0.8], [0.5, 0.4]], atol=1e-6)


def test_margins_fused_by_hand():
    """The mean of the members' margins, not the margin of their mean cosines (0.87, 1.28; 1.05, 0.76).

    Pools of two have two neighbours: densities of the first member's queries 0.8, 0.4, candidates 0.5, 0.7; of the
    second member's 0.5 everywhere, so its margins are 0, 2; 2, 0.
    """
    expected = [[(1 / 0.65 + 0) / 2, (0.6 / 0.75 + 2) / 2], [(0 + 2) / 2, (0.8 / 0.55 + 0) / 2]]
    np.testing.assert_allclose(fused("margin"), expected, atol=1e-6)


def test_csls_fused_by_hand():
    """Means are zero already. Cosines ±0.6 with densities 0.6: CSLS 0 and −2.4; cosines ∓1 with densities 1: −4 and 0.

    The mean cosines ∓0.2 would have densities 0.2, and CSLS −0.8 and 0.
    """
    english = np.array([[1.0, 0.0], [-1.0, 0.0]])
    others = np.array([[0.6, 0.8], [-0.6, -0.8]]), np.array([[-1.0, 0.0], [1.0, 0.0]])
    np.testing.assert_allclose(fused("csls", english, others), [[-2.0, -1.2], [-1.2, -2.0]], atol=1e-6)


def test_equal_candidates_have_equal_scores():
    draw = np.random.default_rng(0)
    one = draw.normal(size=(1, 48)).astype(np.float32)
    other = np.concatenate([draw.normal(size=(30, 48)).astype(np.float32), np.tile(one, (101, 1))])
    for scores in score_matrices(draw.normal(size=(40, 48)).astype(np.float32), other, 3).values():
        assert (scores[:, 30:] == scores[:, 30:31]).all()


def test_ranks_by_hand():
    assert ranks(np.array([[0.1, 0.9, 0.5], [0.3, 0.3, 0.4]])).tolist() == [[3, 1, 2], [2, 3, 1]]


def test_reciprocal_ranks_by_hand():
    found = by_rank([np.array([[0.1, 0.9]]), np.array([[7.0, 3.0]]), np.array([[0.0, 0.1]])])
    np.testing.assert_allclose(found, [[1 / 61 + 2 / 62, 2 / 61 + 1 / 62]])


def test_embeddings_have_equal_say():
    members = [lambda texts: np.array([[3.0, 4.0]]), lambda texts: np.array([[0.0, 0.1]])]
    assert by_embedding(members)(["x"]).tolist() == [pytest.approx([0.3, 0.9])]
