"""Exact nearest neighbours by inner product: one pass of matrix products gives the top k of both directions.

The product of a block of queries and a block of candidates serves the rows (queries ask) and the columns (candidates
ask). Of each block only maxima over groups of `GROUP` neighbouring scores are looked at in full: the k best scores of
a row lie in its k best groups, because a group outside these has k better maxima before it. The products may be
approximate (float32 in any order of summation, bfloat16); their error is bounded, every neighbour whose place the
error could touch is scored again in float64, and a row for which the candidates kept do not suffice is searched in
full. Hence the result depends neither on the backend nor on the block size: float64 order, ties by the lower index.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from repro.errors import LabError
from repro.processor import has_bfloat16_matrices

Floats = NDArray[np.floating]
GROUP = 16  # scores that share a maximum; also the unit of padding
MEMORY = 256 * 2**20  # bytes for one block of scores and what is drawn from it; copies of the vectors come on top
SLACK = {"float32": 2, "bfloat16": 16}  # neighbours kept beyond k, so that the error seldom reaches past them
ROUNDING = {"float32": 2.0**-24, "bfloat16": 2.0**-8}  # largest relative error of rounding a number
LOWEST = 256  # rows that a block has at least where memory allows, since low products are slow
CROWDED = 8  # groups with something new for a column, from which on looking at all of its groups is cheaper
COLUMN_SHARE = 12  # keeps what is drawn from the columns of a block, in bytes, below half of the block
LARGE = 2**24  # scores from which on low precision pays
SCORED_AT_ONCE = 2**20  # numbers of a float64 block, small enough for the cache


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
    """The k best candidates of each query and the k best queries of each candidate, by inner product.

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
    """The forward half of `both`."""
    return _search(queries, candidates, k, memory, device, precision, False)[0]


def distinct(vectors: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The first row of each distinct vector, and which of these every row equals, byte by byte."""
    whole = np.ascontiguousarray(vectors)
    rows = whole.view(f"V{max(1, whole.shape[1] * whole.itemsize)}").ravel()
    _, firsts, kind = np.unique(rows, return_index=True, return_inverse=True)
    return firsts, kind.ravel()


def default_device(scores: int = LARGE) -> str:
    """The GPU if there is one; fewer than `LARGE` scores are left to the processor, where the vectors are."""
    return "cuda" if scores >= LARGE and torch.cuda.is_available() else "cpu"


def default_precision(device: str, scores: int = LARGE) -> str:
    """bfloat16 on a processor with AMX, else float32.

    Emulated, bfloat16 is slower. With AVX-512's instructions its products are twice as fast, but what they save is
    spent on scoring more candidates again.

    Fewer than `LARGE` scores are quicker in float32 everywhere, since less of them has to be scored again.
    """
    return "bfloat16" if device == "cpu" and scores >= LARGE and has_bfloat16_matrices() else "float32"


def error_bound(queries: Floats, candidates: Floats, precision: str) -> NDArray[np.float64]:
    """(queries,): how far an approximate score can be from the exact inner product, whatever the candidate.

    Accumulating d products in float32 errs by at most d·u / (1 − d·u) times the product of the norms (Higham 2002,
    §3.1, any order of summation), u = 2⁻²⁴. bfloat16 adds what rounding moved each vector (Cauchy–Schwarz) and the
    rounding of the result, and counts the accumulation four times because matrix units may truncate.
    """
    q, c = _lengths(queries), float(_lengths(candidates).max(initial=0))
    accumulated = (1 if precision == "float32" else 4) * queries.shape[1] * ROUNDING["float32"]
    bound = q * c * accumulated / (1 - accumulated)
    if precision == "bfloat16":
        moved_q, moved_c = _lengths(queries - _rounded(queries)), _lengths(candidates - _rounded(candidates))
        farthest = float(moved_c.max(initial=0))
        inputs = moved_q * (c + farthest) + q * farthest
        bound = (bound + inputs) * (1 + ROUNDING[precision]) + q * c * ROUNDING[precision]
    return bound + 1e-30  # numbers so small that they underflow


def _search(
    queries: Floats, candidates: Floats, k: int, memory: int, device: str, precision: str, two_way: bool
) -> tuple[Nearest, Nearest | None]:
    scores = len(queries) * len(candidates)
    device = device or default_device(scores)
    precision = precision or default_precision(device, scores)
    if k < 1 or precision not in SLACK:
        raise ValueError(f"k = {k}, precision = {precision!r}")
    q, c = _checked(queries, "query"), _checked(candidates, "candidate")
    if q.shape[1] != c.shape[1]:
        raise ValueError(f"queries have {q.shape[1]} dimensions, candidates {c.shape[1]}")
    if not len(q) or not len(c):
        return _nothing(len(q)), _nothing(len(c)) if two_way else None
    with _full_precision():
        rows, columns = _approximate(q, c, k + SLACK[precision], memory, device, precision, two_way)
    forward = _settled(q, c, k, rows, precision, memory, device)
    return forward, _settled(c, q, k, columns, precision, memory, device) if columns is not None else None


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


def _lengths(vectors: Floats) -> NDArray[np.float64]:
    """Not below the norms: the sums of squares in float32 err by far less than what is added."""
    return np.sqrt(np.einsum("ij,ij->i", vectors, vectors)).astype(np.float64) * (1 + 1e-3) + 1e-18


def _rounded(vectors: Floats) -> Floats:
    return torch.from_numpy(vectors).bfloat16().float().numpy()


@contextmanager
def _full_precision() -> Iterator[None]:
    """Switches off what would break the error bound, whatever the program has set: TF32, sums kept in bfloat16."""
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


@dataclass
class _Best:
    """The `keep` best approximate scores so far of each row, best first, on the device; -inf where there is none."""

    scores: torch.Tensor
    indices: torch.Tensor

    @classmethod
    def empty(cls, rows: int, keep: int, device: str) -> _Best:
        return cls(
            torch.full((rows, keep), -torch.inf, device=device),
            torch.zeros((rows, keep), dtype=torch.int64, device=device),
        )

    def add(self, rows: slice | torch.Tensor, scores: torch.Tensor, indices: torch.Tensor) -> None:
        """Merge new (rows, any) scores into these rows."""
        merged, order = torch.cat([self.scores[rows], scores], dim=1).topk(self.scores.shape[1], dim=1)
        self.indices[rows] = torch.cat([self.indices[rows], indices], dim=1).gather(1, order)
        self.scores[rows] = merged


def block_sides(n: int, m: int, memory: int) -> tuple[int, int]:
    """Rows and columns of a block whose scores take about half of `memory`: whole rows of the pool where it can be."""
    numbers = max(memory // 8, GROUP * GROUP)
    columns = min(_padded(m), max(GROUP, numbers // LOWEST // GROUP * GROUP))
    return min(_padded(n), max(GROUP, numbers // columns // GROUP * GROUP)), columns


def _padded(n: int) -> int:
    return -(-n // GROUP) * GROUP


def _approximate(
    q: NDArray[np.float32], c: NDArray[np.float32], keep: int, memory: int, device: str, precision: str, two_way: bool
) -> tuple[_Best, _Best | None]:
    """The `keep` best candidates of each row, and of each column, by approximate score."""
    height, width = block_sides(len(q), len(c), memory)
    numbers = {"float32": torch.float32, "bfloat16": torch.bfloat16}[precision]
    left, right = (torch.from_numpy(vectors).to(device, numbers) for vectors in (q, c))
    buffer = torch.empty(height * width, dtype=numbers, device=device)
    rows = _Best.empty(len(q), min(keep, len(c)), device)
    columns = _Best.empty(len(c), min(keep, len(q)), device) if two_way else None
    for top in range(0, len(q), height):
        for start in range(0, len(c), width):
            block = _product(left[top : top + height], right[start : start + width], buffer)
            n, m = min(height, len(q) - top), min(width, len(c) - start)
            _take_rows(rows, block, n, top, start)
            if columns is not None:
                _take_columns(columns, block, m, start, top)
    return rows, columns


def _product(left: torch.Tensor, right: torch.Tensor, buffer: torch.Tensor) -> torch.Tensor:
    """left · rightᵀ in the buffer, padded with -inf to whole groups."""
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


def _take_rows(best: _Best, block: torch.Tensor, n: int, top: int, start: int) -> None:
    keep = best.scores.shape[1]
    chosen = block.view(len(block), -1, GROUP).amax(2)[:n]
    chosen = chosen.topk(min(keep, chosen.shape[1]), dim=1, sorted=False).indices
    places = _members(chosen).view(n, -1)
    scores, order = block[:n].gather(1, places).topk(min(keep, places.shape[1]), dim=1)
    best.add(slice(top, top + n), scores.float(), places.gather(1, order) + start)


def _take_columns(best: _Best, block: torch.Tensor, m: int, start: int, top: int) -> None:
    maxima = block.view(-1, GROUP, block.shape[1]).amax(1)
    step = max(GROUP, block.numel() // (COLUMN_SHARE * best.scores.shape[1] * GROUP))
    for at in range(0, m, step):
        part = slice(at, min(at + step, m))
        columns = slice(start + part.start, start + part.stop)
        least = best.scores[columns, -1]
        found = (maxima[:, part] > least).nonzero()
        if len(found) > CROWDED * len(least) or not _merge_found(best, block[:, part], found, least, columns, top):
            _take_all_columns(best, block[:, part], maxima[:, part], columns, top)


def _take_all_columns(best: _Best, block: torch.Tensor, maxima: torch.Tensor, columns: slice, top: int) -> None:
    """As `_take_rows`: the best groups of each column, whatever was found before."""
    m, keep = maxima.shape[1], best.scores.shape[1]
    chosen = maxima.T.contiguous().topk(min(keep, len(maxima)), dim=1, sorted=False).indices
    places = _members(chosen).view(m, -1)
    scores = block[places, torch.arange(m, device=block.device).unsqueeze(1)]
    scores, order = scores.topk(min(keep, places.shape[1]), dim=1)
    best.add(columns, scores.float(), places.gather(1, order) + top)


def _merge_found(
    best: _Best, block: torch.Tensor, found: torch.Tensor, least: torch.Tensor, at: slice, top: int
) -> bool:
    """Merge the scores above `least` of the (group, column) pairs in `found`; False if they are too many of one column.

    After the first few blocks hardly any score is new: the n-th block changes a share of about 1/n of what is kept.
    """
    places, column = _members(found[:, 0]), found[:, 1]
    scores = block[places, column.unsqueeze(1)]
    new = (scores > least[column].unsqueeze(1)).nonzero(as_tuple=True)
    if not len(new[0]):
        return True
    column, order = column[new[0]].sort()
    scores, places = scores[new][order].float(), places[new][order]
    columns, row, counts = column.unique_consecutive(return_inverse=True, return_counts=True)
    width = int(counts.max())
    if len(columns) * width > CROWDED * GROUP * len(least):
        return False
    position = torch.arange(len(row), device=row.device) - (counts.cumsum(0) - counts)[row]
    table = torch.full((len(columns), width), -torch.inf, device=block.device)
    indices = torch.zeros((len(columns), width), dtype=torch.int64, device=block.device)
    table[row, position], indices[row, position] = scores, places + top
    best.add(columns + at.start, table, indices)
    return True


def _members(groups: torch.Tensor) -> torch.Tensor:
    """(…, GROUP): the places of the scores of each group."""
    return groups.unsqueeze(-1) * GROUP + torch.arange(GROUP, device=groups.device)


# -- exact order ---------------------------------------------------------------------------------------------------


def _settled(
    q: NDArray[np.float32], c: NDArray[np.float32], k: int, best: _Best, precision: str, memory: int, device: str
) -> Nearest:
    """The exact top k of each row of `q`, from the candidates kept by approximate score."""
    k = min(k, len(c))
    scores, indices = best.scores.cpu().numpy(), best.indices.cpu().numpy()
    reach = 2 * error_bound(q, c, precision)  # two scores this close may be in the wrong order
    gaps = scores[:, :-1] - scores[:, 1:]
    # The scores that are out of the list are no better than its last, which must be out of reach of the k-th.
    complete = (scores[:, k - 1] - scores[:, -1] > reach) | (scores.shape[1] == len(c))
    certain = complete & (gaps[:, :k] > reach[:, None]).all(axis=1) & (precision == "float32")
    result = Nearest(scores[:, :k].copy(), indices[:, :k].copy())
    unsure = np.flatnonzero(complete & ~certain)
    _fill(result, unsure, *_rescored(q[unsure], c, indices[unsure]))
    rest = np.flatnonzero(~complete)
    if len(rest) and precision != "float32":
        again = _search(q[rest], c, k, memory, device, "float32", False)[0]
        _fill(result, rest, again.scores, again.indices)
    elif len(rest):
        _fill(result, rest, *_searched(q[rest], c, k, reach[rest], memory))
    return result


def _fill(result: Nearest, rows: NDArray[np.int64], scores: Floats, indices: NDArray[np.int64]) -> None:
    k = result.scores.shape[1]
    result.scores[rows], result.indices[rows] = scores[:, :k], indices[:, :k]


def _rescored(q: Floats, c: Floats, indices: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Exact scores (rows, kept) of the candidates in `indices`, best first, ties by index."""
    scores = np.empty(indices.shape)
    step = max(1, SCORED_AT_ONCE // max(1, indices.shape[1] * q.shape[1]))
    for start in range(0, len(q), step):
        part = slice(start, start + step)
        scores[part] = _exact(q[part, None, :], c[indices[part]])
    order = np.lexsort((indices, -scores), axis=1)
    return np.take_along_axis(scores, order, 1), np.take_along_axis(indices, order, 1)


def _exact(a: Floats, b: Floats) -> NDArray[np.float64]:
    """Inner products over the last axis in float64, where the products of float32 numbers are exact.

    A sum over the last axis has the same order everywhere, unlike a matrix product: equal vectors score equal.
    """
    return np.asarray(np.multiply(a, b, dtype=np.float64).sum(axis=-1))


def _searched(
    q: Floats, c: Floats, k: int, reach: Floats, memory: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The exact top k of a few rows with crowded neighbourhoods: equal vectors, zeros, a collapsed encoder."""
    firsts, same = distinct(c)
    scores, indices = np.empty((len(q), k)), np.empty((len(q), k), dtype=np.int64)
    step = max(1, memory // (8 * len(c)))
    for start in range(0, len(q), step):
        block = q[start : start + step] @ c.T
        for row, rough in enumerate(block, start):
            least = np.partition(rough, len(c) - k)[len(c) - k] - reach[row]
            found = np.flatnonzero(rough >= least)
            kinds, kind = np.unique(same[found], return_inverse=True)  # equal vectors are scored once
            pools = np.array_split(firsts[kinds], len(kinds) * c.shape[1] // SCORED_AT_ONCE + 1)
            exact = np.concatenate([_exact(q[row], c[pool]) for pool in pools])[kind]
            order = np.lexsort((found, -exact))[:k]
            scores[row], indices[row] = exact[order], found[order]
    return scores, indices
