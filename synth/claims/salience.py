"""How prominent a claim is, 0 to 1: an order for readers, not a probability.

salience = kind + part + measured + named + announced + asked − hedged − dangling − long      (clipped to 0 … 1)

kind       0.30 effect, comparison, ranking, correlation; 0.15 count; 0.10 method
part       0.15 abstract; 0.12 conclusion; 0.10 results, discussion; 0.08 introduction, caption; 0 elsewhere
measured   0.15 if a prediction has a value
named      0.10 if a prediction names a task, metric or baseline
announced  0.05 if the authors speak ("we", "our", "results show")
asked      0.25 · share of the question's content words that the claim has (0 without a question)
hedged     0.08 if "may", "might", "suggest" …
dangling   0.08 if it opens with "this", "these", "it", "they", "such", "however" …, which point outside the sentence
long       0.05 over 50 words
"""

from __future__ import annotations

import re

from synth.claims.analysis import Sentence
from synth.claims.words import HEDGES, bag
from synth.types import ClaimKind, Prediction

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
WORD = re.compile(r"[^\W\d_]{3,}")
STOPWORDS = bag(
    "the and for with that this from are was were what which how does has have can when than between "
    "into its our their not who why whether being been using use used such other there more most "
    "effect effects affect impact extent"
)


def content(text: str) -> frozenset[str]:
    """Lower-case content words, plural -s dropped."""
    words = (w.lower() for w in WORD.findall(text))
    return frozenset(w[:-1] if w.endswith("s") and len(w) > 4 else w for w in words if w not in STOPWORDS)


def salience(
    sentence: Sentence, kind: ClaimKind, part: str, predictions: tuple[Prediction, ...], question: str = ""
) -> float:
    words = content(sentence.text)
    asked = content(question[:2_000])
    score = KIND.get(kind, 0.30) + PART.get(part, 0.0)
    score += 0.15 * any(p.value is not None for p in predictions)
    score += 0.10 * any(p.task or p.metric or p.baseline for p in predictions)
    score += 0.05 * bool(ANNOUNCED.search(sentence.text))
    score += 0.25 * (len(words & asked) / len(asked) if asked else 0.0)
    score -= 0.08 * bool(words & HEDGES)
    score -= 0.08 * bool(DANGLING.match(sentence.text))
    score -= 0.05 * (len(sentence.text.split()) > 50)
    return round(min(1.0, max(0.0, score)), 4)
