"""Tables as evidence: decisions of a paper's tables about a claim, by figures under named heads, differences and
orders.
"""

from __future__ import annotations

from synth.evidence.tables.finding import TableFinding, TableReason, Undecided
from synth.evidence.tables.grids.assemble import grids, parse_flat_table
from synth.evidence.tables.grids.grid import TableGrid
from synth.evidence.tables.grids.links import CellLink
from synth.evidence.tables.judge import Tables, verdict

__all__ = [
    "CellLink",
    "TableFinding",
    "TableGrid",
    "TableReason",
    "Tables",
    "Undecided",
    "grids",
    "parse_flat_table",
    "verdict",
]
