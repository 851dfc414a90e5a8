"""Links from the numbers of a claim to the cells that carry them, for display. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from synth.core.types import Passage, Stance
from synth.evidence.tables.finding import TableFinding


@dataclass(frozen=True)
class CellLink:
    """Link of a `number` of a claim, as printed there, to the cell that carries it; `against`: the baseline's, of a
    difference.

    `matched`: the heads of the cells that the claim names.
    """

    number: str
    cell: Passage
    against: Passage | None
    matched: tuple[str, ...]


def links(findings: Sequence[TableFinding], cells: dict[int, Passage]) -> list[CellLink]:
    """Return one link for each number that a table bears out. `cells`: the paper's cell passages by their order."""
    by_number: dict[str, CellLink] = {}
    for finding in findings:
        if finding.stance is not Stance.SUPPORT or not finding.number or not finding.cells:
            continue
        cell = cells.get(finding.cells[0])
        if cell is not None:
            against = cells.get(finding.against) if finding.against is not None else None
            by_number.setdefault(finding.number, CellLink(finding.number, cell, against, finding.matched))
    return list(by_number.values())
