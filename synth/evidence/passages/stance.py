"""Stance of one passage towards one claim, by rule: numbers, then directions, then paraphrase, else abstention.

The rules are deterministic and give a reason code and words. They answer only where claim and passage speak of the same
thing under the same condition; everything else is NOT_ENOUGH_INFO. Labels as in SciFact (Wadden et al. 2020).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from synth.core.types import Judgement, Prediction, Stance
from synth.evidence.calibration import table
from synth.evidence.passages import entailment, restatement
from synth.evidence.passages.findings import RuleCode, RuleFinding
from synth.evidence.passages.parts.sentence import AnalysedText, read
from synth.text.lexicon import Lexicon

# Below this cosine (all-MiniLM-L6-v2) two sentences share words, not a subject.
RELATED = 0.45

RULES = {"numeric": entailment.check, "direction": restatement.direction, "paraphrase": restatement.paraphrase}
# What keeps a rule from a stance. Only a different condition is a judgement that no model overrules; the others are
# right as often as a guess on labelled sets (docs/quantities.md).
OPEN = frozenset(
    {RuleCode.OTHER_QUALIFIER, RuleCode.NOT_NAMED, RuleCode.NOT_COMPARABLE, RuleCode.IN_PART, RuleCode.AMBIGUOUS}
)


class ClaimLike(Protocol):
    """Interface of a claim that can be judged."""

    @property
    def text(self) -> str: ...

    @property
    def predictions(self) -> Sequence[Prediction]: ...


def judge(
    claim: ClaimLike, passage: str, similarity: float, *, same_paper: bool = False, lexicon: Lexicon | None = None
) -> Judgement:
    """Judge the stance of `passage` towards `claim`, with P(this stance is right), the rule and what it saw.

    Args:
        claim: Its text and predictions.
        passage: One to three sentences, or a row of a table written as text.
        similarity: Cosine of the two texts under the sentence encoder.
        same_paper: Whether both are of one paper. "Our method" means something else in every paper: such a claim is
            judged by passages of its own paper only, and by no "our" of others.
        lexicon: Names to know; the packaged ones by default.
    """
    return _judge(claim.predictions, read(claim.text, lexicon), read(passage, lexicon), similarity, same_paper)


def _judge(
    predictions: Sequence[Prediction], claim: AnalysedText, passage: AnalysedText, similarity: float, same_paper: bool
) -> Judgement:
    unsure = Stance.NOT_ENOUGH_INFO
    if similarity < RELATED:
        return _judgement(RuleFinding(unsure, RuleCode.UNRELATED), "unrelated", similarity)
    if not same_paper and (claim.deictic or passage.deictic):
        return _judgement(
            RuleFinding(unsure, RuleCode.DEICTIC, "speaks of its own paper's method"), "abstain", similarity
        )
    if passage.hypothetical or claim.hypothetical:
        return _judgement(
            RuleFinding(unsure, RuleCode.HYPOTHETICAL, "asks or supposes, does not assert"), "abstain", similarity
        )
    if passage.hedged and not claim.hedged:
        return _judgement(RuleFinding(unsure, RuleCode.HEDGED, "states a possibility only"), "abstain", similarity)
    for method, rule in RULES.items():
        finding = rule(claim, passage, predictions, similarity)
        if finding.decides:
            return _judgement(finding, method, similarity)
        if finding.reason is RuleCode.OTHER_CONDITION:
            return _judgement(finding, "condition", similarity)
        if finding.reason in OPEN:
            return _judgement(finding, "abstain", similarity)
    return _judgement(RuleFinding(unsure, RuleCode.NOTHING), "abstain", similarity)


def _judgement(finding: RuleFinding, method: str, similarity: float) -> Judgement:
    chance = table().chance_right(finding.stance, similarity)
    sure = finding.sure or finding.reason is RuleCode.OTHER_CONDITION
    return Judgement(finding.stance, chance, method, finding.note, finding.reason, sure)
