"""The cells that carry the numbers of a claim, for showing them beside it: the display side of the findings. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from synth.tables.finding import TableFinding
from synth.types import Passage, Stance


@dataclass(frozen=True)
class Link:
    """`number` of a claim, as printed there, with the cell that carries it; `against`: the baseline's, of a difference.

    `matched`: the heads of the cells that the claim names.
    """

    number: str
    cell: Passage
    against: Passage | None
    matched: tuple[str, ...]


def links(found: Sequence[TableFinding], cells: dict[int, Passage]) -> list[Link]:
    """One link for each number that a table bears out. `cells`: the paper's cell passages by their order."""
    kept: dict[str, Link] = {}
    for finding in found:
        if finding.stance is not Stance.SUPPORT or not finding.number or not finding.cells:
            continue
        cell = cells.get(finding.cells[0])
        if cell is not None:
            against = cells.get(finding.against) if finding.against is not None else None
            kept.setdefault(finding.number, Link(finding.number, cell, against, finding.matched))
    return list(kept.values())
