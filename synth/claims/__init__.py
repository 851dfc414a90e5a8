"""Claims of a paper: the sentences that assert something, and what they predict, read from a dependency parse."""

from synth.claims.dedupe import duplicates, same_claim
from synth.claims.detect import find_claims, is_measurable
from synth.claims.predictions import predictions
from synth.text.lexicon import Lexicon, Mention, load_lexicon

__all__ = [
    "Lexicon",
    "Mention",
    "duplicates",
    "find_claims",
    "is_measurable",
    "load_lexicon",
    "predictions",
    "same_claim",
]
