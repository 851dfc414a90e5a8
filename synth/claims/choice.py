"""Where a trained judge may add to the rules: a sentence that they do not know, or take for background, is a claim.

`chance` is what `synth.claims.detector` says of a sentence, None without a detector. It takes nothing away: the
sentences that the rules take and that it holds for the least likely are nearly all claims ("In this paper, we show
that …"). It overrules no other rejection, whose reasons (a question, future work, others' work, a fragment) it was
never taught. docs/claim-detection.md tells how the bound was chosen and what it does.
"""

from __future__ import annotations

# On the choosing documents of the packaged detector 44 sentences are newly taken from here on, 89 % of them results.
TAKE = 0.8
PARTS = frozenset({"abstract", "introduction", "results", "discussion", "conclusion"})


def takes(chance: float | None, part: str) -> bool:
    """Whether a sentence in which no rule finds a claim is one after all."""
    return chance is not None and chance >= TAKE and part in PARTS


def overrules(reason: str, chance: float | None, part: str) -> bool:
    """Whether a rejection by `synth.claims.rejections` does not hold: in an abstract, where the place is known."""
    return reason == "background" and part == "abstract" and takes(chance, part)
