"""The normal form of a printed quantity: an interval with unit, kind and comparator."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Kind of a number."""

    LEVEL = "level"  # a value reached or held: 80.9 % accuracy
    CHANGE = "change"  # a difference between two levels: 3 points better
    RELATIVE_CHANGE = "relative change"  # a difference as a share of where it began
    FACTOR = "factor"  # three times, twofold
    COUNT = "count"  # 392,702 examples
    P_VALUE = "p-value"
    COEFFICIENT = "coefficient"  # of a correlation or an agreement, -1 to 1
    RATIO = "ratio"  # of odds, hazards, risks: 1 is no effect
    DURATION = "duration"
    SIZE = "size"  # bytes, grams, metres, parameters


class Comparator(StrEnum):
    """Relation between a number and the values that the words around it leave possible."""

    EXACT = ""
    ABOUT = "about"
    MORE = ">"
    AT_LEAST = "≥"
    LESS = "<"
    AT_MOST = "≤"
    UP_TO = "up to"  # the largest of several
    DOWN_TO = "down to"  # the smallest of several

    @property
    def is_lower(self) -> bool:
        """Return True if the number is a lower bound."""
        return self in (Comparator.MORE, Comparator.AT_LEAST)

    @property
    def is_upper(self) -> bool:
        """Return True if the number is an upper bound."""
        return self in (Comparator.LESS, Comparator.AT_MOST)

    @property
    def denied(self) -> Comparator:
        """Return the bound that a negation makes of this one: "not more than 3" is at most 3."""
        return DENIED.get(self, self)


DENIED = {
    Comparator.MORE: Comparator.AT_MOST,
    Comparator.AT_LEAST: Comparator.LESS,
    Comparator.LESS: Comparator.AT_LEAST,
    Comparator.AT_MOST: Comparator.MORE,
}

PERCENT, POINTS, TIMES = "%", "points", "x"
# Units in which a score may be printed; 0.87, 87 % and 87.0 are one level.
SCORE_UNITS = frozenset({PERCENT, POINTS, ""})


@dataclass(frozen=True)
class Quantity:
    """One printed quantity in canonical units.

    Args:
        low, high: Ends of the interval in the canonical unit; equal for a point. Of a change its size, never negative.
        step: Size of the last printed digit, in the same unit: 1.1 million has a step of 100,000.
        unit: "%", "points", "x", a base unit ("second", "byte", "gram" …) or "".
        ends: First and last level of "from A to B".
        sign: Direction of a change: 1 up, -1 down, 2 better, -2 worse (settled by the metric), 0 not said.
        metric: Canonical name of the metric, "" where none stands near.
        nouns: What is counted, as stems; `head` is the last of them.
        total: The whole of "13 of 15".
        spread: The printed standard deviation or error, in the same unit.
        interval: The printed confidence interval.
        denied: Whether the sentence denies it.
        printed: The number as printed, with its sign, before units are applied.
        signed: Whether a sign is printed.
        worded: Whether it is written in words.
        listed: Whether the neighbour to the left is a member of the same list.
        absolute: Whether a change is said to be absolute.
        qualifier: The printed words that the comparator was read from ("up to", "on average"), in lower case.
        measure: A unit of measurement as printed ("ms").
        derived: How it was worked out ("difference", "ratio", "mean" …); "" for what is printed.
    """

    low: float
    high: float
    step: float
    unit: str
    kind: Kind
    comparator: Comparator
    metric: str
    start: int
    end: int
    text: str
    ends: tuple[float, float] | None = None
    sign: int = 0
    nouns: frozenset[str] = frozenset()
    head: str = ""
    total: float | None = None
    spread: float | None = None
    interval: tuple[float, float] | None = None
    denied: bool = False
    printed: float | None = None
    signed: bool = False
    worded: bool = False
    listed: bool = False
    absolute: bool = False
    qualifier: str = ""
    measure: str = ""
    derived: str = ""

    @property
    def value(self) -> float:
        """Return the number; of a range its middle."""
        return (self.low + self.high) / 2

    @property
    def is_range(self) -> bool:
        """Return True for an interval that was printed as one."""
        return self.low != self.high

    @property
    def is_change(self) -> bool:
        """Return True for a difference, absolute or relative."""
        return self.kind in (Kind.CHANGE, Kind.RELATIVE_CHANGE)

    @property
    def pair(self) -> tuple[float, float] | None:
        """Return both numbers of a range or of "from A to B"; None for a single number."""
        return self.ends or ((self.low, self.high) if self.is_range else None)

    @property
    def is_measured(self) -> bool:
        """Return True for a number with a unit of measurement."""
        return self.unit not in SCORE_UNITS and self.unit != TIMES

    @property
    def printed_step(self) -> float:
        """Return the size of the last printed digit in the printed unit."""
        return self.step * abs(self.printed / self.low) if self.is_measured and self.printed and self.low else self.step

    def __str__(self) -> str:
        if self.ends:
            return f"from {self.ends[0]:g} to {self.ends[1]:g}"
        return f"{self.low:g} to {self.high:g}" if self.is_range else f"{self.low:g}"


def point(value: float, step: float, text: str = "") -> Quantity:
    """Return a bare number as a level."""
    return Quantity(value, value, step, "", Kind.LEVEL, Comparator.EXACT, "", 0, max(1, len(text)), text, printed=value)


def same(a: float, b: float, step: float) -> bool:
    """Return True if two values print the same to a last digit of size `step`."""
    # A half may be rounded either way, and decimal fractions are not exact.
    return abs(a - b) <= step / 2 + 1e-9 * max(abs(a), abs(b), step)


def significant_digits(value: float) -> int:
    """Count the significant digits of the shortest print: 7 → 1, 8.2 → 2. Few digits agree by chance."""
    if value == 0 or not math.isfinite(value):
        return 1
    return len(f"{abs(value):.10g}".replace(".", "").strip("0")) or 1
