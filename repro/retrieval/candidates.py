"""Candidates of an exact search, out of blocks of approximate scores: none that could be among the k best is missing.

The k largest of the maxima over groups of scores are scores of k different candidates. Hence the k-th best exact score
is no less than the k-th largest maximum less its error, and whoever cannot reach that is no candidate
(`repro.retrieval.errorbound`). Each block is searched twice, for its rows and for its columns, and the candidates of
the first blocks are sifted again by what the later ones brought.

bfloat16 scores are compared by their bits, read as whole numbers of 16 bits, since processors have instructions for
those: among numbers > 0, and between them and others, the order is the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from repro.retrieval.errorbound import ErrorBound

GROUP = 16  # scores that share a maximum; also the unit of padding
CROWDED = 64  # candidates that a row may have, beside GROUP · k


@dataclass
class Candidates:
    """The candidates of the rows of one side, gathered block by block.

    Attributes:
        best: (rows, k) float32, the largest maxima of different groups so far; -inf where there were fewer.
        crowded: (rows,), True where too many candidates are within the error of the scores; none of these is kept.
        found: (row, other, score) arrays, one a block.
    """

    bound: ErrorBound
    k: int
    best: NDArray[np.float32]
    crowded: NDArray[np.bool_]
    found: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]] = field(default_factory=list)

    @classmethod
    def of(cls, bound: ErrorBound, k: int) -> Candidates:
        """Return those of as many rows as `bound` has, none so far."""
        rows = len(bound.base)
        return cls(bound, k, np.full((rows, k), -np.inf, dtype=np.float32), np.zeros(rows, dtype=np.bool_))

    @property
    def most(self) -> int:
        return GROUP * self.k + CROWDED

    def raise_floor(self, rows: slice, maxima: torch.Tensor) -> NDArray[np.float32]:
        """Take the maxima (rows, groups) of a block into account and return the least score of a candidate, a row."""
        values = torch.cat([torch.from_numpy(self.best[rows]).to(maxima.device), maxima], dim=1)
        self.best[rows] = _largest(values, self.k)
        return self.floor(rows)

    def floor(self, rows: slice) -> NDArray[np.float32]:
        """Return the least score that a candidate can have so far; +inf for crowded rows."""
        own = ErrorBound(self.bound.base[rows], self.bound.relative)
        return np.where(self.crowded[rows], np.float32(np.inf), own.floor(self.best[rows].min(axis=1)))

    def table(self) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return scores and indices (rows, most that a row has) in no order; where there are fewer, -inf and 0."""
        rows, others, scores = (np.concatenate(parts) for parts in zip(*self.found, strict=True))
        near = np.flatnonzero(scores >= self.floor(slice(None))[rows])
        near = near[_order(rows[near], len(self.crowded))]
        rows, others, scores = rows[near], others[near], scores[near]
        counts = np.bincount(rows, minlength=len(self.crowded))
        if counts.max(initial=0) > self.most:
            self.crowded |= counts > self.most
            return self.table()
        place = np.arange(len(rows)) - (np.cumsum(counts) - counts)[rows]
        values = np.full((len(counts), int(counts.max(initial=self.k))), -np.inf, dtype=np.float32)
        indices = np.zeros(values.shape, dtype=np.int64)
        values[rows, place], indices[rows, place] = scores, others
        return values, indices


def take(
    block: torch.Tensor, size: tuple[int, int], at: tuple[int, int], rows: Candidates, columns: Candidates | None
) -> None:
    """Add what `block` has for its rows and columns.

    `block`: scores in the upper left `size`, -inf in the rest, which fills whole groups. `at`: the block's first row
    and column among all.
    """
    keys = _keys(block)
    if not _take(keys, size, at, rows, columns) and keys is not block:
        _take(_ordered(keys), size, at, rows, columns, every=True)


def _take(
    keys: torch.Tensor,
    size: tuple[int, int],
    at: tuple[int, int],
    rows: Candidates,
    columns: Candidates | None,
    every: bool = False,
) -> bool:
    """Return False, and add nothing, if a floor is not above 0, where bits are in order only after `_ordered`."""
    (n, m), (top, start) = size, at
    height, width = keys.shape
    # The groups of a row are scores that stand a number of columns apart, which is quicker than side by side.
    maxima = keys.view(height, GROUP, width // GROUP).amax(1)[:n]
    sides = [(rows, slice(top, top + n), maxima, 1)]
    if columns is not None:
        sides.append((columns, slice(start, start + m), keys.view(-1, GROUP, width).amax(1)[:, :m].T, 0))
    before = [side.best[part].copy() for side, part, _, _ in sides]
    floors = [side.raise_floor(part, _values(own, every)) for side, part, own, _ in sides]
    if keys.dtype == torch.int16 and not every and not all((floor > 0).all() for floor in floors):
        for (side, part, _, _), best in zip(sides, before, strict=True):
            side.best[part] = best
        return False
    for (side, part, _, axis), floor in zip(sides, floors, strict=True):
        limit = _limits(torch.from_numpy(floor).to(keys.device), keys.dtype, every).unsqueeze(axis)
        i, j, crowded = _reaching(keys[:n, :m], limit, axis, side.most)
        side.crowded[part] |= crowded
        scores = _values(keys[i, j], every)
        own, other, first, second = (i, j, top, start) if axis else (j, i, start, top)
        side.found.append((own.cpu().numpy() + first, other.cpu().numpy() + second, scores.cpu().numpy()))
    return True


def _keys(block: torch.Tensor) -> torch.Tensor:
    """Return numbers that are compared in the place of the scores."""
    return block.view(torch.int16) if block.dtype == torch.bfloat16 else block


def _ordered(keys: torch.Tensor) -> torch.Tensor:
    """Map bits of bfloat16 numbers so that whole numbers are in the order of the scores; its own inverse."""
    return keys ^ ((keys >> 15) & 0x7FFF)


def _values(keys: torch.Tensor, every: bool) -> torch.Tensor:
    """Return the scores in float32 behind keys."""
    if keys.dtype != torch.int16:
        return keys
    return (_ordered(keys) if every else keys).contiguous().view(torch.bfloat16).float()


def _limits(floors: torch.Tensor, kind: torch.dtype, every: bool) -> torch.Tensor:
    """Return keys of the largest scores that are no more than the floors."""
    if kind != torch.int16:
        return floors
    bits = floors.view(torch.int32)
    # Of negative numbers the cut is rounded up, to the next score that there is.
    return ((bits ^ ((bits >> 31) & 0x7FFFFFFF) if every else bits) >> 16).to(torch.int16)


def _largest(values: torch.Tensor, k: int) -> NDArray[Any]:
    """Return the k largest of each row, in no order. On a processor NumPy's partition is several times as fast."""
    if values.device.type != "cpu":
        return values.topk(k, dim=1, sorted=False).values.cpu().numpy()
    return np.partition(values.numpy(), values.shape[1] - k, axis=1)[:, -k:]


def _reaching(
    keys: torch.Tensor, limit: torch.Tensor, axis: int, most: int
) -> tuple[torch.Tensor, torch.Tensor, NDArray[np.bool_]]:
    """Return rows and columns of the keys that reach the limit of their row (`axis` 1) or column (0).

    Where there are many, rows or columns in which more than `most` do are left out and returned as True. On a processor
    comparing, counting and listing are several times as fast in NumPy.
    """
    fast = keys.device.type == "cpu"
    near: Any = keys.numpy() >= limit.numpy() if fast else keys >= limit
    crowded: Any = np.zeros(limit.numel(), dtype=np.bool_)
    if int(np.count_nonzero(near) if fast else near.count_nonzero()) > most * limit.numel():
        crowded = near.sum(axis) > most
        near &= ~(crowded[:, None] if axis else crowded)
    if not fast:
        i, j = near.nonzero(as_tuple=True)
        return i, j, crowded if isinstance(crowded, np.ndarray) else crowded.cpu().numpy()
    places = np.flatnonzero(near)
    rows = places // near.shape[1]
    return torch.from_numpy(rows), torch.from_numpy(places - rows * near.shape[1]), crowded


def _order(rows: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Return a stable order by row; numbers of 16 bits are sorted in linear time."""
    return np.argsort(rows.astype(np.uint16) if count <= 2**16 else rows, kind="stable")
