"""Outcome of judging: a verdict with what carries it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from synth.verify.statistics.estimates import Estimate

NOTHING = Estimate(None, None, None, 0, 0)


@dataclass(frozen=True)
class Outcome:
    """A verdict with the numbers and the words that carry it.

    `analysis`: what else was computed, as it is stored with the run: the level of the interval, the interval over other
    languages, permutation test, prediction interval, magnitude, CV*. `goes_on`: another seed may decide it.
    """

    verdict: str
    estimate: Estimate
    control: Estimate
    reason: str
    analysis: Mapping[str, Any] = field(default_factory=dict)
    goes_on: bool = False
