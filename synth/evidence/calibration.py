"""Calibration table: how often each kind of judgement was right on labelled pairs, written by `fit`.

A chance is (right + 1) / (n + 2), Laplace's rule of succession, so that few observations stay far from certainty
and none at all gives one half. docs/confidence.md says what was labelled and how well it holds.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from synth.core.types import Stance


@dataclass(frozen=True)
class CalibrationCell:
    """Judgements of one stance from a similarity of `since` up: their number, and how many of them were right."""

    stance: Stance
    since: float
    right: int
    n: int

    @property
    def chance(self) -> float:
        return (self.right + 1) / (self.n + 2)


@dataclass(frozen=True)
class CalibrationTable:
    """`supported` of `claims` labelled claims were supported by their paper; `cells` by stance, similarity rising."""

    supported: int
    claims: int
    cells: tuple[CalibrationCell, ...]

    def chance_right(self, stance: Stance, similarity: float) -> float:
        """Return P(a judgement of this stance at this similarity is right)."""
        cells = [cell for cell in self.cells if cell.stance is stance]
        reached = (
            [cell for cell in cells if similarity >= cell.since] or cells[:1] or [CalibrationCell(stance, 0.0, 0, 0)]
        )
        return reached[-1].chance

    @property
    def ceiling(self) -> float:
        """Return the highest probability that the supports in the table can distinguish from certainty."""
        n = sum(cell.n for cell in self.cells if cell.stance is Stance.SUPPORT)
        return (n + 1) / (n + 2)


@cache
def table() -> CalibrationTable:
    """Return the shipped counts."""
    data = tomllib.loads(files(__package__).joinpath("calibration.toml").read_text(encoding="utf-8"))
    cells = [CalibrationCell(Stance(cell["stance"]), cell["since"], cell["right"], cell["n"]) for cell in data["cell"]]
    return CalibrationTable(data["supported"], data["claims"], tuple(sorted(cells, key=lambda cell: cell.since)))
