"""Is an arm the best (or worst) of several? Simultaneous intervals of its lead over each of the others. Pure.

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
from typing import Any

from synth.core.reasons import Reason
from synth.core.reasons.verdicts import VerdictReason
from synth.verify.statistics.estimates import t_interval

# Case → what it decides and why.
CASES = (
    ("inconclusive", VerdictReason.RANK_OPEN),
    ("supported", VerdictReason.RANK_LEADS),
    ("contradicted", VerdictReason.RANK_BEHIND),
)


@dataclass(frozen=True)
class Lead:
    """By how much the claimed arm leads another, with the ends of the simultaneous interval."""

    rival: str
    value: float
    low: float
    high: float


def cases(leads: Any, alpha: float) -> Any:
    """Numbers of the CASES. `leads`: (…, rivals, seeds), above 0 where the claimed arm is ahead as claimed."""
    import numpy as np

    leads = np.asarray(leads, dtype=float)
    rivals = leads.shape[-2]
    _, low, _ = t_interval(leads, alpha)
    _, _, high = t_interval(leads, alpha / rivals)
    return np.select([(low > 0).all(axis=-1), (high < 0).any(axis=-1)], [1, 2], 0)


def intervals(leads: Any, rivals: Sequence[str], alpha: float) -> list[Lead]:
    """Return the simultaneous intervals, smallest lead first. `leads`: (rivals, seeds)."""
    mean, low, high = t_interval(leads, alpha / len(rivals))
    found = [Lead(name, float(m), float(a), float(b)) for name, m, a, b in zip(rivals, mean, low, high, strict=True)]
    return sorted(found, key=lambda lead: lead.value)


def why(case: int, leads: Sequence[Lead]) -> Reason[VerdictReason]:
    """Return the reason of the case, with the arms that make it."""
    ahead = [lead for lead in leads if (lead.high < 0 if case == 2 else lead.low <= 0)]
    columns = {"rivals": "rival", "leads": "value", "lows": "low", "highs": "high"}
    return Reason(CASES[case][1], {key: [getattr(lead, name) for lead in ahead] for key, name in columns.items()})
