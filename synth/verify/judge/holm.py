"""Error shared by several predictions of one claim: Holm's procedure, run by run. Pure.

Holm's procedure (1979, Scand. J. Stat. 6, 65–70) decides the prediction with the smallest p at α/m, the next at
α/(m − 1), and so on, which keeps the probability of any false decision at α. Predictions are tested one run at a time
and not in the order of their p; done as a graph (Bretz, Maurer, Brannath & Posch 2009, Stat. Med. 28, 586–604) the same
procedure is: the share of a prediction that was decided passes to those that were not. So the level of a run follows
from what was decided before it, and can be registered.
"""

from __future__ import annotations


def level(alpha: float, predictions: int, decided: int) -> float:
    """Return α of the next test, of `predictions` that can be tested, of which `decided` others are decided already.

    ValueError for no predictions, or fewer than were decided.
    """
    if predictions < 1 or not 0 <= decided < predictions:
        raise ValueError(f"{decided} of {predictions} predictions decided")
    return alpha / (predictions - decided)
