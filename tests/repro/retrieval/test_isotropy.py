import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repro.retrieval.isotropy import WAYS, whitened, without_components


def cloud(seed, n=300, dim=8):
    random = np.random.default_rng(seed)
    return (random.normal(size=(n, dim)) * np.arange(1, dim + 1) + 5 * random.normal(size=dim)).astype(np.float32)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 1000), st.integers(1, 4))
def test_removed_components_are_the_largest_and_nothing_of_them_is_left(seed, count):
    vectors = cloud(seed)
    left = without_components(vectors, count)
    assert abs(left.mean(axis=0)).max() < 1e-3
    before = np.linalg.svd(vectors - vectors.mean(0), compute_uv=False)
    after = np.linalg.svd(left, compute_uv=False)
    np.testing.assert_allclose(after[: 8 - count], before[count:], rtol=1e-3)
    assert after[8 - count :].max() < 1e-2


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 1000))
def test_whitening_makes_variances_equal_as_far_as_the_ridge_lets_it(seed):
    vectors = cloud(seed)
    variances = np.linalg.eigvalsh(np.cov(whitened(vectors, ridge=0).T, bias=True))
    np.testing.assert_allclose(variances, 1, rtol=1e-2)
    own = np.linalg.eigvalsh(np.cov(vectors.T, bias=True))
    with_ridge = np.linalg.eigvalsh(np.cov(whitened(vectors, ridge=1).T, bias=True))
    np.testing.assert_allclose(with_ridge, own / (own + own.mean()), rtol=1e-2)


@pytest.mark.parametrize("way", WAYS)
def test_few_sentences_or_none_or_equal_ones_are_no_error(way):
    for vectors in (np.zeros((0, 8), np.float32), np.ones((3, 8), np.float32), cloud(1, n=2)):
        found = WAYS[way](vectors)
        assert found.shape == vectors.shape
        assert np.isfinite(found).all()
