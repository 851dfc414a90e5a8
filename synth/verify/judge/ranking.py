"""Test of an arm as the best (or worst) of several: simultaneous intervals of its lead over each other. Pure.

* *Best* is supported if the lead over every other arm is above 0, each at level α: an intersection-union test, which
  needs no correction (Berger 1982, Technometrics 24, 295–300).
* It is contradicted if some other arm leads: any of them may be the one, so their intervals hold at once (Bonferroni,
  Student's t over seeds at level 1 − α/(k − 1); they need no assumption on how arms that share seeds depend on each
  other, unlike Dunnett's).
* Otherwise it is inconclusive: there are arms that cannot be told from it.

The SESOI is no part of it: who wins by a hair has won.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from synth.core.reasons import Reason
from synth.core.reasons.verdicts import VerdictReason
from synth.verify.judge.decision import Decision
from synth.verify.statistics.estimates import t_interval

if TYPE_CHECKING:
    from synth.core.arrays import Floats, IntArray


class RankCase(IntEnum):
    """Place of the claimed arm among the others. Integers, so that arrays hold them."""

    OPEN = 0
    LEADS = 1
    BEHIND = 2

    @property
    def decision(self) -> Decision:
        return _TABLE[self][0]

    @property
    def why(self) -> VerdictReason:
        return _TABLE[self][1]


_TABLE = {
    RankCase.OPEN: (Decision.INCONCLUSIVE, VerdictReason.RANK_OPEN),
    RankCase.LEADS: (Decision.SUPPORTED, VerdictReason.RANK_LEADS),
    RankCase.BEHIND: (Decision.CONTRADICTED, VerdictReason.RANK_BEHIND),
}


@dataclass(frozen=True)
class Lead:
    """By how much the claimed arm leads another, with the ends of the simultaneous interval."""

    rival: str
    value: float
    low: float
    high: float


def cases(leads: Floats, alpha: float) -> IntArray:
    """Return the RankCase of each. `leads`: (…, rivals, seeds), above 0 where the claimed arm is ahead as claimed."""
    import numpy as np

    values = np.asarray(leads, dtype=float)
    rivals = values.shape[-2]
    _, low, _ = t_interval(values, alpha)
    _, _, high = t_interval(values, alpha / rivals)
    ahead, behind = (low > 0).all(axis=-1), (high < 0).any(axis=-1)
    return np.select([ahead, behind], [RankCase.LEADS, RankCase.BEHIND], RankCase.OPEN)


def intervals(leads: Floats, rivals: Sequence[str], alpha: float) -> list[Lead]:
    """Return the simultaneous intervals, smallest lead first. `leads`: (rivals, seeds)."""
    mean, low, high = t_interval(leads, alpha / len(rivals))
    leads_by_rival = [
        Lead(name, float(m), float(a), float(b)) for name, m, a, b in zip(rivals, mean, low, high, strict=True)
    ]
    return sorted(leads_by_rival, key=lambda lead: lead.value)


def why(case: RankCase, leads: Sequence[Lead]) -> Reason[VerdictReason]:
    """Return the reason of the case, with the arms that make it."""
    ahead = [lead for lead in leads if (lead.high < 0 if case is RankCase.BEHIND else lead.low <= 0)]
    columns = {"rivals": "rival", "leads": "value", "lows": "low", "highs": "high"}
    return Reason(case.why, {key: [getattr(lead, name) for lead in ahead] for key, name in columns.items()})
