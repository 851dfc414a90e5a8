"""Findings of the rules about one passage: a stance with a reason code. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from synth.core.types import Stance
from synth.evidence.passages.alignment import NumberMatch


class RuleCode(StrEnum):
    """Reason code of the rules."""

    SAME_VALUE = "same value"
    WITHIN = "within bound"
    DERIVED = "derived value"
    OTHER_VALUE = "other value"
    OUTSIDE = "outside bound"
    EXCHANGED = "exchanged"
    ORDER = "order"
    ORDER_REVERSED = "order reversed"
    FIRST = "first of several"
    NOT_FIRST = "not first of several"
    SIGNIFICANCE = "significance"
    TREND = "trend"
    SIGN = "sign"
    DENIED = "denied"
    DIRECTION = "direction"
    PARAPHRASE = "paraphrase"
    OTHER_CONDITION = "other condition"
    OTHER_QUALIFIER = "other qualifier"
    NOT_NAMED = "not named"
    NOT_COMPARABLE = "not comparable"
    IN_PART = "in part"
    AMBIGUOUS = "ambiguous"
    UNRELATED = "unrelated"
    DEICTIC = "own method"
    HYPOTHETICAL = "hypothetical"
    HEDGED = "hedged"
    NOTHING = "nothing"


@dataclass(frozen=True)
class RuleFinding:
    """A stance with its reason and a note for people.

    Args:
        certain: No condition is looked for.
        sure: The passage says all of the claim that is no number; rules are then right often enough to decide alone.
    """

    stance: Stance
    reason: RuleCode
    note: str = ""
    match: NumberMatch | None = None
    certain: bool = False
    sure: bool = False

    @property
    def decides(self) -> bool:
        return self.stance is not Stance.NOT_ENOUGH_INFO


NOTHING = RuleFinding(Stance.NOT_ENOUGH_INFO, RuleCode.NOTHING)
