"""Statistical significance from what is printed: p-values against α, confidence intervals against the null."""

from __future__ import annotations

from synth.quantities.quantity import Comparator, Kind, Quantity

ALPHA = 0.05


def significant(quantity: Quantity, alpha: float = ALPHA) -> bool | None:
    """Return whether a p-value or an interval says significant at level `alpha`; None where it leaves that open.

    An interval of a ratio is held against 1, any other against 0. Only an interval of a ratio, a change or a
    coefficient says anything: that of a level does not contain 0 whatever the effect.
    """
    if quantity.kind is Kind.P_VALUE:
        if quantity.comparator in (Comparator.EXACT, Comparator.ABOUT):
            return quantity.value <= alpha
        if quantity.comparator.is_upper:
            return True if quantity.value <= alpha else None
        return False if quantity.value >= alpha else None
    if quantity.interval is None:
        return None
    if quantity.kind is Kind.RATIO:
        null = 1.0
    elif quantity.is_change or quantity.kind is Kind.COEFFICIENT:
        null = 0.0
    else:
        return None
    low, high = quantity.interval
    return not low <= null <= high


def direction(quantity: Quantity) -> int:
    """Return where a ratio, change or coefficient points: 1 up, -1 down, 0 nowhere or not said."""
    if quantity.kind is Kind.RATIO:
        return (quantity.value > 1) - (quantity.value < 1)
    if quantity.kind is Kind.COEFFICIENT:
        return (quantity.value > 0) - (quantity.value < 0)
    return quantity.sign if quantity.is_change else 0
