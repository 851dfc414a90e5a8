"""Salience of a claim, 0 to 1: an order for readers, not a probability.

salience = kind + part + measured + named + announced + asked − hedged − dangling − long − vague − again
(clipped to 0 … 1)

kind       0.30 effect, comparison, ranking, correlation; 0.15 count; 0.10 method
part       0.15 abstract; 0.12 conclusion; 0.10 results, discussion; 0.08 introduction, caption; 0 elsewhere
measured   0.15 if a prediction has a value
named      0.08 if one names a task or metric, 0.08 if a baseline or a rank, 0.06 if a treatment
announced  0.03 if the authors speak ("we", "our", "results show")
asked      0.25 · share of the question's content words that the claim has (0 without a question)
hedged     0.08 if "may", "might", "suggest" …
dangling   0.08 if it opens with "this", "these", "it", "they", "such", "however" …, which point outside the sentence
long       0.05 over 50 words
vague      0.12 for a finding of which no prediction is read
again      0.20 if a more prominent finding of the paper says the same
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from synth.claims.words import HEDGES, bag
from synth.core.types import ClaimDraft, ClaimKind, Prediction
from synth.text.content import STOP_WORDS

KIND = {ClaimKind.COUNT: 0.15, ClaimKind.METHOD: 0.10}
PART = {
    "abstract": 0.15,
    "conclusion": 0.12,
    "results": 0.10,
    "discussion": 0.10,
    "introduction": 0.08,
    "caption": 0.08,
}
DANGLING = re.compile(
    r"(?:(?:however|moreover|furthermore|also),?\s)?(?:this|these|those|it|they|such|the (?:latter|former"
    r"|same|other))\b",
    re.IGNORECASE,
)
ANNOUNCED = re.compile(r"\b(?:we|our|results? (?:show|indicate|suggest)|this (?:paper|work|study))\b", re.IGNORECASE)
AGAIN = 0.2
WORD = re.compile(r"[^\W\d_]{3,}")
# What a question asks with says nothing of its subject either.
NO_CONTENT = STOP_WORDS | bag("affect effect effects extent impact not whether")


def content(text: str) -> frozenset[str]:
    """Return the content words in lower case, plural -s dropped."""
    return frozenset(w[:-1] if w.endswith("s") and len(w) > 4 else w for w in _words(text) if w not in NO_CONTENT)


def _words(text: str) -> frozenset[str]:
    return frozenset(w.lower() for w in WORD.findall(text))


def salience(text: str, kind: ClaimKind, part: str, predictions: Sequence[Prediction], question: str = "") -> float:
    """Return how prominent a claim is, by the sum at the top of this module."""
    words = content(text)
    question_words = content(question[:2_000])
    score = KIND.get(kind, 0.30) + PART.get(part, 0.0)
    score += 0.15 * any(p.value is not None for p in predictions)
    score += 0.08 * any(p.task or p.metric for p in predictions)
    score += 0.08 * any(p.baseline or p.direction in ("best", "worst") for p in predictions)
    score += 0.06 * any(p.treatment for p in predictions)
    score += 0.03 * bool(ANNOUNCED.search(text))
    score += 0.25 * (len(words & question_words) / len(question_words) if question_words else 0.0)
    score -= 0.08 * any(p.hedge for p in predictions) or 0.08 * bool(_words(text) & HEDGES)
    score -= 0.08 * bool(DANGLING.match(text))
    score -= 0.05 * (len(text.split()) > 50)
    score -= 0.12 * (kind is not ClaimKind.METHOD and not predictions)
    return round(min(1.0, max(0.0, score)), 4)


def lower_repeated(claims: Sequence[ClaimDraft]) -> list[ClaimDraft]:
    """Lower the salience of findings that repeat a more prominent one of the same paper."""
    order = sorted(range(len(claims)), key=lambda i: (-claims[i].salience, i))
    prominent: list[tuple[frozenset[str], frozenset[tuple[object, ...]]]] = []
    lowered = list(claims)
    for i in order:
        if claims[i].kind is ClaimKind.METHOD or claims[i].reported:
            continue
        words = content(claims[i].text)
        keys = frozenset(
            (p.treatment.lower(), p.baseline.lower(), p.task, p.direction) for p in claims[i].predictions if p.treatment
        )
        if any(len(words & w) >= 0.6 * max(1, len(words | w)) or (keys and keys <= k) for w, k in prominent):
            lowered[i] = replace(claims[i], salience=round(max(0.0, claims[i].salience - AGAIN), 4))
        prominent.append((words, keys))
    return lowered
