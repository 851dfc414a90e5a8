"""One meaning of quantities: read printed numbers into a normal form, compare and derive them.

from synth.quantities import compare, read

claimed, = read("accuracy improves by more than 3 points")
stated, = read("accuracy rises from 71.2% to 74.4%")
compare(claimed, stated).outcome  # Entailment.ENTAILED
"""

from synth.quantities.comparison import compare
from synth.quantities.joining import listed
from synth.quantities.outcome import ComparisonReason, Entailment, QuantityComparison
from synth.quantities.quantity import (
    PERCENT,
    POINTS,
    TIMES,
    Comparator,
    Kind,
    Quantity,
    point,
    same,
    significant_digits,
)
from synth.quantities.reading import read

__all__ = [
    "PERCENT",
    "POINTS",
    "TIMES",
    "Comparator",
    "ComparisonReason",
    "Entailment",
    "Kind",
    "Quantity",
    "QuantityComparison",
    "compare",
    "listed",
    "point",
    "read",
    "same",
    "significant_digits",
]
