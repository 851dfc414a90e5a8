"""A title from a research question, by a few rules of English; where none applies, the question itself."""

from __future__ import annotations

import re

# Verbs between a cause and what it acts on: "Does X mitigate Y?" is about the effect of X on Y.
EFFECTS = (
    "affect|influence|impact|change|modulate|moderate|mediate|mitigate|reduce|lower|decrease|limit|hurt|harm|degrade|"
    "increase|improve|raise|boost|enhance|help|benefit|shape|determine|drive|alter|alleviate|strengthen|weaken"
)
OPENINGS = (
    r"(?:does|do|did|can|could|will|would|may|might|should|how does|how do|how can|to what extent (?:does|do|can))"
)
RULES = (
    (r"(?:how|to what extent) (?:does|do) (?P<x>.+?) correlate with (?P<y>.+)", "The Correlation of {x} with {y}"),
    (rf"{OPENINGS} (?P<x>.+?) (?:{EFFECTS}) (?P<y>.+)", "The Effect of {x} on {y}"),
    (r"(?:what is|what are) (?P<x>the .+)", "{x}"),
    (r"how does (?P<x>.+?) compare (?:to|with) (?P<y>.+)", "A Comparison of {x} with {y}"),
)
SMALL = "a|an|the|and|or|but|nor|of|on|in|for|with|to|from|by|at|as|into|over|per|than|via|vs|when|between|within|that"
# A "cause" that ends so is cut inside a clause ("a model that can | reduce …") or is no thing at all ("how can we …").
UNFINISHED = "that|which|who|whom|can|could|may|might|will|would|should|must|to|not|also|we|you|one|i|they"
LONGEST = 200  # a derived title longer than this is no better than the question


def title_of(question: str) -> str:
    """ "Does A mitigate B?" → "The Effect of A on B", in title case; else the question as it stands."""
    text = " ".join(question.split())
    stem = text.rstrip("?？.!。 ")
    if "?" in stem or ". " in stem:  # more than one sentence
        return text
    for pattern, form in RULES:
        match = re.fullmatch(pattern, stem, re.IGNORECASE)
        if match and not re.search(rf"\b(?:{UNFINISHED})$", match["x"], re.I):
            title = title_case(form.format(**match.groupdict()))
            return title if len(title) <= LONGEST else text
    return text


def title_case(text: str) -> str:
    """Capitals on the first and last word and on all but small words; words that carry capitals keep theirs."""
    words = text.split()
    last = len(words) - 1
    return " ".join(_cased(word, i in (0, last)) for i, word in enumerate(words))


def _cased(word: str, outer: bool) -> str:
    if not outer and re.fullmatch(SMALL, word, re.I):
        return word.lower()
    # Each part of a hyphenated word: "zero-shot" → "Zero-Shot", "XTREME-R" stays.
    return "-".join(part if any(map(str.isupper, part)) else part[:1].upper() + part[1:] for part in word.split("-"))
