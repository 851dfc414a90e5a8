"""Decision about one figure or one order of a claim, and the test that a cell states a figure. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from synth.core.types import Stance
from synth.evidence.tables.finding import TableReason
from synth.evidence.tables.grids.grid import GridCell, GridLine
from synth.quantities import Comparator, Quantity, same

RELATIVE_TOLERANCE = 0.02  # of "about", "nearly"
BOUND_REACH = 1.5  # "over 80" says so of 86, hardly of 300


@dataclass(frozen=True)
class Result:
    """A decision about one figure or one order, before it becomes a finding."""

    stance: Stance
    reason: TableReason
    cells: tuple[GridCell, ...]
    note: str
    number: str = ""
    agree: int = 1
    total: int = 1
    against: GridCell | None = None
    lines: tuple[GridLine, ...] = ()


def states(claimed: Quantity, value: float, step: float, *, shares: bool = False) -> bool | None:
    """Return True if a cell's figure is the claimed one as far as the claim prints it; None where that cannot be
    decided.
    """
    claimed_value, claimed_step = claimed.printed, claimed.printed_step
    if claimed_value is None:
        return None
    if shares and (claimed.unit == "%" or abs(claimed_value) > 1):
        claimed_value, claimed_step = claimed_value / 100, claimed_step / 100
    if value == claimed_value and claimed.comparator in (Comparator.MORE, Comparator.LESS):
        return None  # neither more nor less, but it may be rounded
    if claimed.comparator.is_lower:
        return False if value < claimed_value else value <= BOUND_REACH * claimed_value or None
    if claimed.comparator.is_upper:
        return False if value > claimed_value else value * BOUND_REACH >= claimed_value or claimed.unit == "%" or None
    if claimed_value * value < 0:
        return True if same(-value, claimed_value, claimed_step) and not claimed.signed else None
    if claimed.comparator is Comparator.ABOUT:
        return (
            abs(value - claimed_value) <= max(claimed_step / 2, RELATIVE_TOLERANCE * abs(claimed_value)) + 1e-9 or None
        )
    if step > claimed_step * 1.001:
        return False if abs(value - claimed_value) > step else None
    if same(value, claimed_value, claimed_step):
        return True
    return None if abs(value - claimed_value) <= claimed_step * 1.001 else False
