"""What a sentence looks like on its surface: cues of an announced result, a conclusion, an aim, a method.

Each cue is one number. The names are those of the model card (docs/claim-detection.md); the order is that of the
weights, so a new cue goes to the end and asks for weights trained anew. The expressions have no nested repetition.
"""

from __future__ import annotations

import math
import re

from synth.claims.text import MAX_CHARACTERS
from synth.claims.words import CHANGE_FORMS, COMPARATIVES, COMPARE_FORMS, CORRELATED, CORRELATION_FORMS, HEDGES, bag

WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
NEGATIVE = bag("not no never neither nor cannot without lack lacks lacked fail fails failed unable")
COMPARING = frozenset(COMPARATIVES) | frozenset(COMPARE_FORMS) | bag("than compared best worst highest lowest")
CHANGING = frozenset(CHANGE_FORMS)
RELATING = (
    CORRELATED | frozenset(CORRELATION_FORMS) | bag("related linked predicts predicted depends due causes caused")
)

# In lower case. Written before any classifier was trained, from the words by which authors announce what they do.
PATTERNS = {
    "first person": r"\b(?:we|our|ours|us)\b",
    "finding verb": r"\b(?:show|find|found|observe|demonstrate|indicate|suggest|reveal|confirm|conclude|report|identif|"
    r"provide evidence|establish|prove)[a-z]*\b",
    "results say": r"\b(?:results?|findings?|data|experiments?|analys[ei]s|evaluations?|evidence|observations?)"
    r"(?: \w+){0,3} (?:show|indicate|suggest|demonstrate|reveal|confirm|support|imply|provide|highlight)",
    "we find that": r"\bwe (?:\w+ )?(?:show|find|found|observed?|demonstrated?|conclude|report|showed|reveal)\b",
    "conclusion": r"\b(?:in conclusion|conclu[ds]\w*|in summary|overall|taken together|together,|thus|therefore|hence|"
    r"consequently|in sum|these (?:results|findings|data)|our (?:results|findings|data)|this (?:suggests|indicates))\b",
    "aim": r"\b(?:aims?|aimed|objectives?|purpose|goal|investigate[ds]?|examine[ds]?|explore[ds]?|address(?:es)?|"
    r"hypothesi[sz]ed?|whether|question)\b",
    "proposal": r"\b(?:propose[ds]?|present(?:s|ed)?|introduce[ds]?|develop(?:s|ed)?|describe[ds]?|novel|new)\b",
    "this paper": r"\b(?:in this|this|the present|here,?) (?:paper|work|study|article|review|we)\b|^here,? we\b",
    "passive past": r"\b(?:was|were) (?:\w+ ){0,2}\w+ed\b",
    "method verb": r"\b(?:used|using|collected|measured|performed|conducted|recruited|randomi[sz]ed|selected|trained|"
    r"evaluated|tested|applied|analy[sz]ed|included|enrolled|assessed|calculated|obtained)\b",
    "past": r"\b(?:was|were|had|did)\b",
    "present": r"\b(?:is|are|has|have|does|do)\b",
    "may": r"\b(?:may|might|could|would|likely|potential(?:ly)?|possibl[ey]|promising)\b",
    "should": r"\b(?:should|must|needs?|needed|required?|recommend\w*|important|crucial|necessary|future|further)\b",
    "can": r"\b(?:can|able|allows?|enables?|helps?|contributes?|provides?|plays?)\b",
    "percent": r"%|\bpercent|\bpoints?\b|\bper cent",
    "statistics": r"\bp ?[<=>]|\bci\b|confidence interval|significant|\bn ?= ?\d|±",
    "number": r"\d",
    "contrast": r"^(?:however|although|while|despite|nevertheless|but|yet|whereas)\b",
    "background": r"\b(?:recent(?:ly)?|previous(?:ly)?|existing|traditional(?:ly)?|widely|often|remains?|unclear|"
    r"unknown|challeng\w+|problems?|increasingly|many|common(?:ly)?|typically|usually)\b",
    "points back": r"^(?:this|these|those|it|they|such|both)\b",
    "that": r"\bthat\b",
    "state of the art": r"state[- ]of[- ]the[- ]art|\bsota\b",
    "notice": r"©|copyright|all rights reserved|published by|elsevier|springer|trial registration|available at|https?:",
}
COMPILED = tuple(re.compile(pattern) for pattern in PATTERNS.values())
NAMES = (*PATTERNS, "negation", "comparison", "change", "relation", "hedge", "words", "short", "long")


def cues(sentence: str) -> list[float]:
    """One number for each of NAMES: 1 or 0 for a pattern or a word of a list, and three that tell the length."""
    text = " ".join(sentence[:MAX_CHARACTERS].lower().split())
    listed = WORD.findall(text)
    words = frozenset(listed)
    held = [bool(words & group) for group in (NEGATIVE, COMPARING, CHANGING, RELATING, HEDGES)]
    length = [math.log1p(len(listed)), len(listed) < 8, len(listed) > 40]
    return [*(float(bool(p.search(text))) for p in COMPILED), *map(float, held), *map(float, length)]
