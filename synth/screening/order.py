"""Order of screening: the next record by the model, by the search's own ranking, or at random."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

ORDERS = ("relevant", "uncertain", "random")
RANDOM_SHARE = 0.1  # of the records, drawn at random in between: what an estimate of recall rests on


class Next(NamedTuple):
    """The record to show. `drawn`: random | order. `chance`: the model's P(relevant), None before it was asked."""

    paper: int
    drawn: str
    chance: float | None


def next_record(
    waiting: Sequence[int],
    everything: Sequence[int],
    order: str,
    chances: Callable[[], Mapping[int, float]],
    turn: tuple[int, int, str],
    share: float = RANDOM_SHARE,
) -> Next | None:
    """Return the record of `waiting` (in the search's own order) to show now, or None if there is none.

    `turn` is (seed, decisions so far, who screens): it decides whether this record is a random draw, so that the same
    decisions lead to the same records again. A random draw is one of `everything` that is undecided, each equally
    likely, what was left for later included. `chances` is asked only where the order needs it.
    """
    if not waiting:
        return None
    seed, done, who = turn
    draw = np.random.default_rng([seed, done, zlib.crc32(who.encode("utf-8", "replace"))])
    if order == "random" or draw.random() < share:
        return Next(sorted(everything)[int(draw.integers(len(everything)))], "random", None)
    chance_of = chances()
    if order == "relevant":
        best = max(waiting, key=lambda paper: chance_of[paper])  # of equals the first: the better ranked one
    else:
        best = min(waiting, key=lambda paper: abs(chance_of[paper] - 0.5))
    return Next(best, "order", chance_of[best])
