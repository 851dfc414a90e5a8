"""Claims near the question, by the words they share with it and by what the encoder makes of both. Pure."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from math import log
from typing import TYPE_CHECKING

from synth.report.facts import Facts
from synth.report.marks import INDEPENDENT
from synth.store.rows.claims import FullClaimView
from synth.text.content import content_words, stem

if TYPE_CHECKING:
    from synth.verify.link_claims import OfferedExperiment

# What a question is asked with, beside stop words: it says nothing about the subject.
ASKING = frozenset(map(stem, ("affect", "effect", "extent", "impact", "influence", "role")))
# Words of a question that say which way, not what about.
CHANGES = frozenset(map(stem, "apply correlate enhance gain help improve increase lower mitigate raise reduce".split()))
WRITTEN = re.compile(r"\w+(?:-\w+)*")
CLOSE = 0.75  # share of the best claim's nearness that makes a claim near
DECIDED = 0.5  # the same for claims that a run or other papers decide
SAME = 0.35  # share of the words of two questions that both have, from which they ask the same
NO_FINDING = ("method", "count")  # kinds of claims that answer no question


def nearness(facts: Facts) -> dict[int, float]:
    """Map each claim id to its nearness to the question, 0 to 2.

    Sum of two shares of the highest among the claims: the weight of the shared words and the cosine of the two
    sentences. In a search without cosines the words alone.
    """
    shared, cosines = weights(facts), {claim.id: claim.nearness or 0.0 for claim in facts.claims}
    most, highest = (max(values.values(), default=0.0) for values in (shared, cosines))
    return {
        number: (shared[number] / most if most else 0.0) + (max(0.0, cosines[number]) / highest if highest > 0 else 0.0)
        for number in shared
    }


def weights(facts: Facts) -> dict[int, float]:
    """Map each claim id to the weight of the words that it shares with the question.

    A word counts more the fewer claims have it: Σ log(1 + N/n_w).
    """
    wanted = subject(facts.search.question)
    common = {claim.id: wanted & subject(claim.text) for claim in facts.claims}
    frequency = Counter(word for words in common.values() for word in words)
    total = len(facts.claims)
    return {number: sum(log(1 + total / frequency[word]) for word in words) for number, words in common.items()}


def sharing(facts: Facts) -> list[FullClaimView]:
    """Return the claims about findings that share words with the question, nearest first, then the most salient.

    If no claim shares a word (another language), all of them count.
    """
    shared, close = weights(facts), nearness(facts)
    findings = [claim for claim in facts.claims if claim.kind not in NO_FINDING]
    if any(shared.values()):
        findings = [claim for claim in findings if shared[claim.id]]
    return sorted(findings, key=lambda claim: (-close[claim.id], -claim.salience, claim.id))


def candidates(facts: Facts) -> list[FullClaimView]:
    """Return the claims that may answer the question, nearest first: near ones, and from half as near those that runs
    or other papers decide.
    """
    close, sharers = nearness(facts), sharing(facts)
    best = close[sharers[0].id] if sharers else 0.0
    return [c for c in sharers if close[c.id] >= best * (DECIDED if _is_independent(c) else CLOSE)]


def _is_independent(claim: FullClaimView) -> bool:
    return claim.by is not None and claim.by.axis in INDEPENDENT


def same_question(facts: Facts) -> OfferedExperiment | None:
    """Return the experiment whose question has most words about the subject with that of the search, if most of its
    own.
    """
    wanted = subject(facts.search.question)

    def shared(experiment: OfferedExperiment) -> float:
        own = subject(experiment.question)
        return len(own & wanted) / len(own | wanted) if own else 0.0

    best = max(facts.experiments, key=shared, default=None)
    return best if best is not None and shared(best) >= SAME else None


def unspoken(facts: Facts) -> list[str]:
    """List the words about the question's subject that no finding contains; none where there is no finding."""
    if not facts.claims:
        return []
    spoken = frozenset().union(*(subject(claim.text) for claim in facts.claims))
    words = [word for word in subject_words(facts.search.question) if stem(word.lower()) not in CHANGES]
    return [word for word in words if not subject(word) <= spoken]


@lru_cache(maxsize=4096)  # the same claims are asked for once for every part of the answer
def subject(text: str) -> frozenset[str]:
    """Return the words that carry the meaning, in a form in which "task" meets "tasks" and "retrieves" meets
    "retrieval".
    """
    return frozenset(word[:6] for word in content_words(text) if word not in ASKING)


def subject_words(text: str) -> list[str]:
    """Return the words about the subject, in order, each once, as they are written: "cross-lingual" is one."""
    spellings = {word.lower(): word for word in reversed(WRITTEN.findall(text)) if subject(word)}
    return list(reversed(spellings.values()))
