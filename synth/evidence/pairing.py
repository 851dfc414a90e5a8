"""Which name of a sentence belongs to which of its numbers: "A and B … 1 and 2", "A is 1, B is 2", "1 (A), 2 (B)"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

Placed = tuple[str, int]  # a name and where it stands


def paired(named: Sequence[Placed], numbers: Sequence[int]) -> list[frozenset[str]]:
    """For each number (its offset) the names that belong to it; every name where the sentence does not part them.

    `named` are the names of one kind in order. They part only if names and numbers come in equal number, all names
    before all numbers (or behind them), or strictly by turns.
    """
    everything = frozenset(name for name, _ in named)
    if len(everything) < 2 or len(numbers) < 2:
        return [everything] * len(numbers)
    runs = _without_repeats(named)
    if len(runs) != len(numbers):
        return [everything] * len(numbers)
    order = sorted([(at, "name") for _, at in runs] + [(at, "number") for at in numbers])
    turns = [kind for _, kind in order]
    apart = turns in (sorted(turns), sorted(turns, reverse=True))
    if apart or all(a != b for a, b in pairwise(turns)):
        return [frozenset({name}) for name, _ in runs]
    return [everything] * len(numbers)


def _without_repeats(named: Sequence[Placed]) -> list[Placed]:
    """Names in order, one that is said again directly after itself once."""
    return [one for i, one in enumerate(named) if i == 0 or named[i - 1][0] != one[0]]
