"""Outcome of judging: a verdict with what carries it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from synth.core.estimate import Estimate
from synth.core.reasons import Reason
from synth.core.reasons.verdicts import VerdictReason, sentences
from synth.core.types import JsonValue

NOTHING = Estimate(None, None, None, 0, 0)


@dataclass(frozen=True)
class Outcome:
    """A verdict with the numbers and the reasons that carry it.

    `analysis`: what else was computed, as it is stored with the run: the level of the interval, the interval over other
    languages, permutation test, prediction interval, magnitude, CV*. `goes_on`: another seed may decide it.
    """

    verdict: str
    estimate: Estimate
    control: Estimate
    reasons: Sequence[Reason[VerdictReason]]
    analysis: Mapping[str, JsonValue] = field(default_factory=dict)
    goes_on: bool = False

    @property
    def reason(self) -> str:
        """The reasons in words."""
        return sentences(self.reasons)

    @property
    def codes(self) -> list[VerdictReason]:
        """The codes of the reasons, in their order."""
        return [one.code for one in self.reasons]
