"""Findings of tables about claims, each with its reason and how often that reason was right on labelled claims."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from synth.core.types import Stance


class TableReason(StrEnum):
    """Reason of a table to support or contradict a claim."""

    VALUE = "value"  # a figure of the claim under the heads that it names
    PART = "part"  # some figures of the claim, not all, under the heads that it names
    DIFFERENCE = "difference"  # a figure that is the difference, ratio or mean of cells
    DERIVED = "derived"  # several differences over one line that the claim does not name
    AGGREGATE = "aggregate"  # a figure that is the sum or mean of the cells of a line
    COMPARISON = "comparison"  # an order of two sides, without its size
    EXTREME = "extreme"  # best, worst, highest, second …
    COUNT = "count"  # how many rows or columns there are, or hold something
    RANGE = "range"  # from the lowest to the highest figure of a line
    EQUAL = "equal"  # the same figure twice
    ALIKE = "alike"  # "on par with": figures that differ by a small share
    CONTRAST = "contrast"  # with and without a feature; the sign of a printed change
    WORDING = "wording"  # a cell of words
    TREND = "trend"  # figures that go up or down along ordered lines or with a column


class Undecided(StrEnum):
    """Reason why no table of a paper decides a claim."""

    NO_TABLE = "no table"  # no table of the paper could be read
    FIGURE = "figure"  # the claim points to a figure
    OTHER_TABLE = "other table"  # the claim points to a table that could not be read
    NOTHING_NAMED = "nothing named"  # no head of a table is named in the claim
    NOTHING_SAID = "nothing said"  # it states no figure, order, extreme, trend or likeness
    UNKNOWN = "unknown"  # it names a system, data set, metric or condition that no such table knows
    NOT_SHOWN = "not shown"  # what it states is not in the cells that it names, or they go either way


@dataclass(frozen=True)
class TableFinding:
    """A decision of one table of one paper about a claim.

    `cells`: orders of the cell passages that it rests on. `agree` of `total` cells or pairs agree with the claim.
    `confidence`: P(the stance is right), measured per reason. `number`: the claim's figure as printed, if one decided.
    `against`: the cell of the other side where `number` is a difference; `matched`: heads that the claim names.
    """

    stance: Stance
    reason: TableReason
    table: str
    page: int
    cells: tuple[int, ...]
    agree: int
    total: int
    note: str
    confidence: float
    number: str = ""
    against: int | None = None
    matched: tuple[str, ...] = ()
    own_paper: bool = True


@cache
def _confidences() -> dict[str, float]:
    text = files(__package__).joinpath("confidence.toml").read_text(encoding="utf-8")
    counts = tomllib.loads(text)["counts"]
    return {key: (entry["right"] + 1) / (entry["decided"] + 2) for key, entry in counts.items()}


def confidence(reason: TableReason, stance: Stance) -> float:
    """Return P(right) of a decision by the rule of succession over the labelled decisions of its reason and stance."""
    return _confidences().get(f"{reason}-{stance.lower()}", 0.5)
