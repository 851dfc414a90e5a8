"""Tables as evidence: decisions of a paper's tables about a claim, by figures under named heads, differences and
orders.
"""

from __future__ import annotations

from synth.tables.assemble import grids, parse_flat_table
from synth.tables.finding import TableFinding, TableReason, Undecided
from synth.tables.grid import TableGrid
from synth.tables.judge import Tables, verdict
from synth.tables.links import CellLink

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
