"""What one passage says about one claim, by rule: numbers, then directions, then paraphrase, else abstention.

The rules are deterministic and give a reason in words. They answer only where claim and passage speak of the same
thing under the same condition; everything else is NOT_ENOUGH_INFO. Labels as in SciFact (Wadden et al. 2020).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from synth.evidence import direction, numeric, paraphrase
from synth.evidence.calibration import table
from synth.evidence.sentence import Sentence, read
from synth.lexicon import Lexicon
from synth.types import Judgement, Prediction, Stance

# Below this cosine (all-MiniLM-L6-v2) two sentences share words, not a subject.
RELATED = 0.45


RULES = {"numeric": numeric.check, "direction": direction.check, "paraphrase": paraphrase.check}


class ClaimLike(Protocol):
    """What a claim must offer to be judged."""

    @property
    def text(self) -> str: ...

    @property
    def predictions(self) -> Sequence[Prediction]: ...


def judge(
    claim: ClaimLike, passage: str, similarity: float, *, same_paper: bool = False, lexicon: Lexicon | None = None
) -> Judgement:
    """The stance of `passage` towards `claim`, with P(this stance is right), the rule and what it saw.

    `similarity` is the cosine of the two texts under the sentence encoder. "Our method" means something else in
    every paper: such a claim is judged by passages of its own paper only (`same_paper`), and by no "our" of others.
    """
    return _judge(claim.predictions, read(claim.text, lexicon), read(passage, lexicon), similarity, same_paper)


def _judge(
    predictions: Sequence[Prediction], claim: Sentence, passage: Sentence, similarity: float, same_paper: bool
) -> Judgement:
    if similarity < RELATED:
        return _judgement(Stance.NOT_ENOUGH_INFO, "unrelated", similarity)
    if not same_paper and (claim.deictic or passage.deictic):
        return _judgement(Stance.NOT_ENOUGH_INFO, "abstain", similarity, "speaks of its own paper's method")
    if passage.hypothetical or claim.hypothetical:
        return _judgement(Stance.NOT_ENOUGH_INFO, "abstain", similarity, "asks or supposes, does not assert")
    if passage.hedged and not claim.hedged:
        return _judgement(Stance.NOT_ENOUGH_INFO, "abstain", similarity, "states a possibility only")
    for method, rule in RULES.items():
        stance, note = rule(claim, passage, predictions, similarity)
        if stance is not Stance.NOT_ENOUGH_INFO:
            return _judgement(stance, method, similarity, note)
        if note:
            return _judgement(stance, "condition", similarity, note)
    return _judgement(Stance.NOT_ENOUGH_INFO, "abstain", similarity)


def _judgement(stance: Stance, method: str, similarity: float, note: str = "") -> Judgement:
    return Judgement(stance, table().chance_right(stance, similarity), method, note)
