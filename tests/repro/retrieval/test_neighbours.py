import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from repro.errors import LabError
from repro.retrieval import neighbours
from repro.retrieval.errorbound import ErrorBound, Norms, error_bound
from repro.retrieval.neighbours import MEMORY, block_sides, both, nearest


def by_sorting(queries, candidates, k):
    """The definition: every inner product in float64, sorted, ties by index."""
    scores = (queries[:, None, :].astype(np.float64) * candidates[None].astype(np.float64)).sum(axis=-1)
    order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(scores, order, 1), order


def units(n, dim, seed=0):
    vectors = np.random.default_rng(seed).normal(size=(n, dim)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def check(queries, candidates, k, **options):
    found = both(queries, candidates, k, **options)
    for side, a, b in ((found.forward, queries, candidates), (found.backward, candidates, queries)):
        scores, order = by_sorting(a, b, k)
        np.testing.assert_array_equal(side.indices, order)
        np.testing.assert_allclose(side.scores, scores, atol=1e-5, rtol=1e-5)
    one = nearest(queries, candidates, k, **options)
    np.testing.assert_array_equal(one.indices, found.forward.indices)


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
@pytest.mark.parametrize(("n", "m"), [(1, 1), (3, 2), (31, 33), (700, 900)])
def test_what_sorting_finds_in_both_directions(n, m, precision):
    check(units(n, 24), units(m, 24, 1), 4, precision=precision)


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
@pytest.mark.parametrize("memory", [1, 2**15, 2**18])
def test_blocks_do_not_change_the_result(memory, precision):
    queries, candidates = units(650, 16), units(1100, 16, 1)
    assert block_sides(650, 1100, memory) != block_sides(650, 1100, MEMORY)
    check(queries, candidates, 10, memory=memory, precision=precision)


def test_candidates_that_get_better_and_better():
    """Every block brings something new for every column: the most that can be found at once."""
    queries = np.linspace(0.1, 1, 900, dtype=np.float32)[:, None] * np.ones((1, 8), dtype=np.float32)
    check(queries, units(300, 8), 4, memory=2**16)


@settings(max_examples=60, deadline=None)
@given(
    n=st.integers(1, 80),
    m=st.integers(1, 80),
    dim=st.integers(1, 6),
    k=st.integers(1, 90),
    memory=st.sampled_from([1, 2**14, MEMORY]),
    precision=st.sampled_from(["float32", "bfloat16"]),
    seed=st.integers(0, 1000),
)
def test_ties_go_to_the_lower_index(n, m, dim, k, memory, precision, seed):
    """Small whole numbers: equal rows, rows of zeros and equal scores of different rows everywhere."""
    draw = np.random.default_rng(seed)
    check(
        draw.integers(-1, 2, size=(n, dim)).astype(np.float32),
        draw.integers(-1, 2, size=(m, dim)).astype(np.float32),
        k,
        memory=memory,
        precision=precision,
    )


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_nearly_equal_vectors_are_told_apart(precision):
    """An untuned encoder: everything points the same way, and scores differ less than float32 products err."""
    common = units(1, 32)
    queries = common + 1e-4 * units(200, 32, 1)
    candidates = common + 1e-4 * units(300, 32, 2)
    check(queries, candidates, 5, precision=precision)


def test_equal_vectors_in_a_pool():
    queries, candidates = units(60, 16), np.tile(units(40, 16, 1), (5, 1))
    candidates[7] = candidates[90] = 0
    check(queries, candidates, 12)


def test_a_collapsed_encoder_answers_in_order():
    vectors = np.ones((500, 8), dtype=np.float32)
    np.testing.assert_array_equal(both(vectors, vectors, 3).forward.indices, [[0, 1, 2]] * 500)


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_the_error_of_a_product_is_within_its_bound(precision):
    numbers = {"float32": torch.float32, "bfloat16": torch.bfloat16}[precision]
    for scale in (1e-3, 1.0, 50.0):
        queries, candidates = scale * units(100, 384), scale * units(120, 384, 1)
        rough = (torch.from_numpy(queries).to(numbers) @ torch.from_numpy(candidates).to(numbers).T).double().numpy()
        error = np.abs(rough - queries.astype(np.float64) @ candidates.astype(np.float64).T)
        bound = error_bound(Norms.of(queries), Norms.of(candidates), precision)
        assert (error <= bound.above(rough) - rough).all()
        # Not so loose either that everything would have to be scored again.
        assert (bound.base < {"float32": 3e-5, "bfloat16": 0.005}[precision] * scale**2).all()


def test_k_is_limited_to_the_pool():
    found = both(units(5, 8), units(3, 8), 4)
    assert found.forward.indices.shape == (5, 3)
    assert found.backward.indices.shape == (3, 4)
    assert both(units(5, 8), np.zeros((0, 8)), 4).forward.indices.shape == (5, 0)


def test_blocks_fit_their_memory():
    for n, m in ((1000, 1000), (50_000, 50_000), (200_000, 200_000), (5, 10_000_000)):
        rows, columns = block_sides(n, m, MEMORY)
        assert 4 * rows * columns <= MEMORY / 2
        assert rows % neighbours.GROUP == columns % neighbours.GROUP == 0


def test_vectors_that_are_not_finite_are_refused():
    bad = units(4, 8)
    bad[2, 3] = np.nan
    with pytest.raises(LabError, match="the vector of candidate 2 is not finite"):
        both(units(4, 8), bad, 2)


def test_vectors_of_another_width_are_refused():
    with pytest.raises(ValueError, match="dimensions"):
        both(units(4, 8), units(4, 9), 2)


def test_low_precision_is_for_processors_that_have_it(monkeypatch):
    monkeypatch.setattr(neighbours, "has_bfloat16", lambda: True)
    assert neighbours.default_precision("cpu") == "bfloat16"
    assert neighbours.default_precision("cpu", 10**4) == "float32"
    assert neighbours.default_precision("cuda") == "float32"
    monkeypatch.setattr(neighbours, "has_bfloat16", lambda: False)
    assert neighbours.default_precision("cpu") == "float32"


@pytest.mark.parametrize("memory", [2**14, MEMORY])
def test_products_of_another_library_give_the_same_ranks(memory, monkeypatch):
    """On a GPU the products are torch's, summed in another order: here as well, on the processor."""
    draw = np.random.default_rng(0)
    few = draw.integers(-1, 2, size=(300, 5)).astype(np.float32), draw.integers(-1, 2, size=(400, 5)).astype(np.float32)
    products = []

    def with_torch(left, right, out):
        products.append(torch.mm(left, right.T, out=out))

    monkeypatch.setattr(neighbours, "_multiply", with_torch)
    for queries, candidates in (few, (units(300, 48), units(400, 48, 1))):
        check(queries, candidates, 6, memory=memory, device="cpu", precision="float32")
    assert products


def test_large_pools_go_to_the_gpu_where_there_is_one(monkeypatch):
    assert neighbours.default_device(neighbours.LARGE) == ("cuda" if torch.cuda.is_available() else "cpu")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert neighbours.default_device(neighbours.LARGE) == "cuda"
    assert neighbours.default_device(neighbours.LARGE - 1) == "cpu"


def test_the_device_is_chosen_by_the_size_of_the_pool(monkeypatch):
    sizes = []
    monkeypatch.setattr(neighbours, "default_device", lambda scores: sizes.append(scores) or "cpu")
    both(units(5, 8), units(7, 8), 2)
    nearest(units(5, 8), units(6, 8), 2, device="cpu")
    assert sizes == [35]


def test_settings_of_the_program_are_left_as_they_were():
    torch.set_float32_matmul_precision("high")
    try:
        both(units(5, 8), units(5, 8), 2, precision="bfloat16")
        assert torch.get_float32_matmul_precision() == "high"
    finally:
        torch.set_float32_matmul_precision("highest")


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
@pytest.mark.parametrize("shift", [-3.0, 0.0], ids=["all scores negative", "both signs"])
def test_scores_below_zero_are_in_order(precision, shift):
    """bfloat16 scores are compared by their bits, of which those of negative numbers are in the other order."""
    queries = np.abs(units(200, 6)) if shift else units(200, 6)
    candidates = units(300, 6, 1) * 0.1
    candidates[:, 0] += shift
    check(queries, candidates, 7, precision=precision, memory=2**14)


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_a_few_crowded_rows_among_others(precision):
    """More candidates than are kept lie within the error of some rows' scores, and of no others'."""
    queries, candidates = units(80, 16), units(900, 16, 1)
    candidates[100:700] = units(1, 16, 2) + 1e-7 * units(600, 16, 3)
    queries[5] = queries[60] = candidates[100]
    check(queries, candidates, 3, precision=precision, memory=2**16)


@settings(max_examples=100, deadline=None)
@given(score=st.floats(-50, 50, width=32), base=st.floats(1e-6, 1), relative=st.sampled_from([0.0, 2.0**-8, 0.1]))
def test_no_score_under_the_floor_can_reach_the_others(score, base, relative):
    bound = ErrorBound(np.array([base]), relative)
    scores = np.array([score], dtype=np.float32)
    floor = bound.floor(scores)
    lower = np.nextafter(floor, np.float32(-np.inf))
    assert floor <= scores
    assert bound.above(lower[:, None]) <= bound.below(scores[:, None])
    assert bound.above(floor[:, None] + 1e-4 * (1 + abs(score))) >= bound.below(scores[:, None])
