"""Exact nearest neighbours by inner product: one pass of matrix products gives the top k of both directions.

The product of a block of queries and a block of candidates serves the rows (queries ask) and the columns (candidates
ask). The products may be approximate (float32 in any order of summation, bfloat16); their error is bounded
(`errorbound`), and of each block all those are kept that could be among the k best (`candidates`). These are scored
again, in float32 after products in bfloat16, and in float64 where the error of float32 could touch a rank; a
row with too many of them is searched in full. Hence the result depends neither on the backend nor on the block size:
float64 order, ties by the lower index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray

from repro.errors import LabError
from repro.machine import has_bfloat16
from repro.retrieval.candidates import GROUP, Candidates, take
from repro.retrieval.errorbound import ROUNDING, ErrorBound, Floats, Norms, error_bound

MEMORY = 256 * 2**20  # bytes for one block of scores and what is drawn from it; copies of the vectors come on top
MIN_ROWS = 256  # rows that a block has at least where memory allows, since low products are slow
LARGE = 2**24  # scores from which on the GPU pays
SEVERAL = 2**18  # scores from which on bfloat16 pays
SCORED_AT_ONCE = 2**18  # numbers of a block that is scored again, small enough for the cache


@dataclass(frozen=True)
class Nearest:
    """The k best candidates of each query, best first; among equals the lower index comes first.

    `scores`: (queries, k) float32, inner products up to their error in float32. `indices`: (queries, k) int64.
    """

    scores: NDArray[np.float32]
    indices: NDArray[np.int64]


@dataclass(frozen=True)
class Neighbours:
    """`forward`: candidates nearest to each query; `backward`: queries nearest to each candidate."""

    forward: Nearest
    backward: Nearest


def both(
    queries: Floats, candidates: Floats, k: int, *, memory: int = MEMORY, device: str = "", precision: str = ""
) -> Neighbours:
    """Return the k best candidates of each query and the k best queries of each candidate, by inner product.

    `queries` (n, dim) and `candidates` (m, dim), in float32 or read as such; normalise them first for cosines. k is
    limited to the size of the other side. `memory`: bytes for the blocks. `device` of the products: "cpu" or "cuda"; by
    default the GPU in large pools where there is one. `precision` of the products: "float32" or "bfloat16"; by default
    bfloat16 in large pools where the processor multiplies it in hardware. The ranks are the same in all cases. LabError
    for vectors that are not finite.
    """
    forward, backward = _search(queries, candidates, k, memory, device, precision, True)
    assert backward is not None
    return Neighbours(forward, backward)


def nearest(
    queries: Floats, candidates: Floats, k: int, *, memory: int = MEMORY, device: str = "", precision: str = ""
) -> Nearest:
    """Return the forward half of `both`."""
    return _search(queries, candidates, k, memory, device, precision, False)[0]


def distinct(vectors: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first row of each distinct vector, and which of these every row equals, byte by byte."""
    whole = np.ascontiguousarray(vectors)
    rows = whole.view(f"V{max(1, whole.shape[1] * whole.itemsize)}").ravel()
    _, firsts, kind = np.unique(rows, return_index=True, return_inverse=True)
    return firsts, kind.ravel()


def default_device(scores: int = LARGE) -> str:
    """Return the GPU if there is one; fewer than `LARGE` scores are left to the processor, where the vectors are."""
    return "cuda" if scores >= LARGE and torch.cuda.is_available() else "cpu"


def default_precision(device: str, scores: int = LARGE) -> str:
    """Return bfloat16 for `SEVERAL` scores or more on a processor that multiplies it in hardware, else float32.

    Emulated, bfloat16 is slower.
    """
    return "bfloat16" if device == "cpu" and scores >= SEVERAL and has_bfloat16() else "float32"


def _search(
    queries: Floats, candidates: Floats, k: int, memory: int, device: str, precision: str, two_way: bool
) -> tuple[Nearest, Nearest | None]:
    scores = len(queries) * len(candidates)
    device = device or default_device(scores)
    precision = precision or default_precision(device, scores)
    if k < 1 or precision not in ROUNDING:
        raise ValueError(f"k = {k}, precision = {precision!r}")
    q, c = _checked(queries, "query"), _checked(candidates, "candidate")
    if q.shape[1] != c.shape[1]:
        raise ValueError(f"queries have {q.shape[1]} dimensions, candidates {c.shape[1]}")
    if not len(q) or not len(c):
        return _nothing(len(q)), _nothing(len(c)) if two_way else None
    norms = Norms.of(q, precision), Norms.of(c, precision)
    rows = Candidates.of(error_bound(*norms, precision), min(k, len(c)))
    columns = Candidates.of(error_bound(*norms[::-1], precision), min(k, len(q))) if two_way else None
    with _full_precision():
        _approximate(q, c, rows, columns, memory, device, precision)
    search = partial(_search, memory=memory, device=device, precision="float32", two_way=False)
    forward = _settled(q, c, rows, error_bound(*norms, "float32"), precision, search, memory)
    if columns is None:
        return forward, None
    return forward, _settled(c, q, columns, error_bound(*norms[::-1], "float32"), precision, search, memory)


def _checked(vectors: Floats, what: str) -> NDArray[np.float32]:
    if vectors.ndim != 2:
        raise ValueError(f"{what} vectors of shape {vectors.shape}")
    result = np.ascontiguousarray(vectors, dtype=np.float32)
    if not np.isfinite(result.sum(dtype=np.float64)):
        row = int(np.flatnonzero(~np.isfinite(result).all(axis=1))[0])
        raise LabError(f"the vector of {what} {row} is not finite", "check the model: its weights or states overflow")
    return result


def _nothing(n: int) -> Nearest:
    return Nearest(np.zeros((n, 0), dtype=np.float32), np.zeros((n, 0), dtype=np.int64))


@contextmanager
def _full_precision() -> Iterator[None]:
    """Switch off what would break the error bound, whatever the program has set: TF32, sums kept in bfloat16."""
    matmul = torch.backends.cuda.matmul
    before = torch.get_float32_matmul_precision(), matmul.allow_bf16_reduced_precision_reduction
    torch.set_float32_matmul_precision("highest")
    matmul.allow_bf16_reduced_precision_reduction = False
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before[0])
        matmul.allow_bf16_reduced_precision_reduction = before[1]


# -- candidates by approximate products ----------------------------------------------------------------------------


def block_sides(n: int, m: int, memory: int) -> tuple[int, int]:
    """Return rows and columns of a block whose scores take about half of `memory`.

    Whole rows of the pool where it can be.
    """
    numbers = max(memory // 8, GROUP * GROUP)
    columns = min(_padded(m), max(GROUP, numbers // MIN_ROWS // GROUP * GROUP))
    return min(_padded(n), max(GROUP, numbers // columns // GROUP * GROUP)), columns


def _padded(n: int) -> int:
    return -(-n // GROUP) * GROUP


def _approximate(
    q: NDArray[np.float32],
    c: NDArray[np.float32],
    rows: Candidates,
    columns: Candidates | None,
    memory: int,
    device: str,
    precision: str,
) -> None:
    """Gather the candidates of each row, and of each column, by approximate score."""
    height, width = block_sides(len(q), len(c), memory)
    numbers = {"float32": torch.float32, "bfloat16": torch.bfloat16}[precision]
    left, right = (torch.from_numpy(vectors).to(device, numbers) for vectors in (q, c))
    buffer = torch.empty(height * width, dtype=numbers, device=device)
    for top in range(0, len(q), height):
        for start in range(0, len(c), width):
            block = _product(left[top : top + height], right[start : start + width], buffer)
            size = min(height, len(q) - top), min(width, len(c) - start)
            take(block, size, (top, start), rows, columns)


def _product(left: torch.Tensor, right: torch.Tensor, buffer: torch.Tensor) -> torch.Tensor:
    """Multiply left · rightᵀ in the buffer, padded with -inf to whole groups."""
    n, m = len(left), len(right)
    block = buffer[: _padded(n) * _padded(m)].view(_padded(n), _padded(m))
    _multiply(left, right, block[:n, :m])
    block[n:] = -torch.inf
    block[:, m:] = -torch.inf
    return block


def _multiply(left: torch.Tensor, right: torch.Tensor, out: torch.Tensor) -> None:
    if out.device.type == "cpu" and out.dtype == torch.float32:
        # NumPy's OpenBLAS is quick on every processor; MKL, which torch brings, is two times slower on some.
        np.matmul(left.numpy(), right.numpy().T, out=out.numpy())
    else:
        torch.mm(left, right.T, out=out)


# -- exact order ---------------------------------------------------------------------------------------------------


def _settled(
    q: NDArray[np.float32],
    c: NDArray[np.float32],
    candidates: Candidates,
    bound: ErrorBound,
    precision: str,
    search: Callable[..., tuple[Nearest, Nearest | None]],
    memory: int,
) -> Nearest:
    """Return the exact top k of each row of `q`, from its candidates by approximate score.

    `bound`: of scores in float32. `again`: searches in float32, after products in bfloat16.
    """
    k = candidates.k
    scores, indices = candidates.table()
    if precision != "float32":
        scores = _scored_again(q, c, scores, indices)
    scores, indices = _sorted(scores, indices)
    width = min(k, scores.shape[1] - 1)
    apart = bound.below(scores[:, :width]) > bound.above(scores[:, 1 : width + 1])
    result = Nearest(scores[:, :k].copy(), indices[:, :k].copy())
    unsure = np.flatnonzero(~candidates.crowded & ~apart.all(axis=1))
    if len(unsure):
        near = scores[unsure] >= bound.floor(scores[:, k - 1])[unsure, None]
        most = int(near.sum(axis=1).max())
        _fill(result, unsure, *_rescored(q[unsure], c, indices[unsure, :most], near[:, :most]))
    crowded = np.flatnonzero(candidates.crowded)
    if len(crowded) and precision != "float32":
        exact = search(q[crowded], c, k)[0]
        _fill(result, crowded, exact.scores, exact.indices)
    elif len(crowded):
        _fill(result, crowded, *_searched(q[crowded], c, k, 2 * bound.base[crowded], memory))
    return result


def _fill(result: Nearest, rows: NDArray[np.int64], scores: Floats, indices: NDArray[np.int64]) -> None:
    k = result.scores.shape[1]
    result.scores[rows], result.indices[rows] = scores[:, :k], indices[:, :k]


def _scored_again(
    q: NDArray[np.float32], c: NDArray[np.float32], scores: NDArray[np.float32], indices: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Score the candidates in `indices` in float32; -inf where there is none."""
    rows, places = np.nonzero(scores > -np.inf)
    others, found = indices[rows, places], np.empty(len(rows), dtype=np.float32)
    step = max(1, SCORED_AT_ONCE // max(1, q.shape[1]))
    for start in range(0, len(rows), step):
        part = slice(start, start + step)
        np.einsum("ij,ij->i", q.take(rows[part], axis=0), c.take(others[part], axis=0), out=found[part])
    result = np.full_like(scores, -np.inf)
    result[rows, places] = found
    return result


def _sorted(scores: Floats, indices: NDArray[np.int64]) -> tuple[Floats, NDArray[np.int64]]:
    order = np.argsort(-scores, axis=1)
    return np.take_along_axis(scores, order, 1), np.take_along_axis(indices, order, 1)


def _rescored(
    q: Floats, c: Floats, indices: NDArray[np.int64], real: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Score the candidates in `indices` that are `real` exactly: (rows, kept), best first, ties by index."""
    scores = np.empty(indices.shape)
    step = max(1, SCORED_AT_ONCE // max(1, indices.shape[1] * q.shape[1]))
    for start in range(0, len(q), step):
        part = slice(start, start + step)
        scores[part] = _exact(q[part, None, :], c[indices[part]])
    scores[~real] = -np.inf
    order = np.lexsort((indices, -scores), axis=1)
    return np.take_along_axis(scores, order, 1), np.take_along_axis(indices, order, 1)


def _exact(a: Floats, b: Floats) -> NDArray[np.float64]:
    """Return inner products over the last axis in float64, where products of float32 numbers are exact.

    A sum over the last axis has the same order everywhere, unlike a matrix product: equal vectors score equal.
    """
    return np.asarray(np.multiply(a, b, dtype=np.float64).sum(axis=-1))


def _searched(
    q: Floats, c: Floats, k: int, reach: Floats, memory: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the exact top k of a few rows with crowded neighbourhoods: equal vectors, zeros, a collapsed encoder."""
    kinds_of: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None  # which candidates are equal, if many are near
    scores, indices = np.empty((len(q), k)), np.empty((len(q), k), dtype=np.int64)
    step = max(1, memory // (8 * len(c)))
    for start in range(0, len(q), step):
        block = q[start : start + step] @ c.T
        for row, rough in enumerate(block, start):
            least = np.partition(rough, len(c) - k)[len(c) - k] - reach[row]
            near = np.flatnonzero(rough >= least)
            if len(near) * c.shape[1] > SCORED_AT_ONCE:  # equal vectors are scored once
                firsts, same = kinds_of = kinds_of or distinct(c)
                kinds, kind = np.unique(same[near], return_inverse=True)
                pools = np.array_split(firsts[kinds], len(kinds) * c.shape[1] // SCORED_AT_ONCE + 1)
                exact = np.concatenate([_exact(q[row], c[pool]) for pool in pools])[kind]
            else:
                exact = _exact(q[row], c[near])
            order = np.lexsort((near, -exact))[:k]
            scores[row], indices[row] = exact[order], near[order]
    return scores, indices
