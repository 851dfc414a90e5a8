"""Which claims are near the question: by the words they share with it. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from math import log

from synth.reports.facts import Facts, Row

# Words of four letters and more that say nothing about the subject of a question.
COMMON = re.compile(
    "about|also|between|does|from|have|into|more|most|than|that|their|them|then|there|these|they|this|those|what|when|"
    "where|which|while|will|with|would|could|should|extent|effects?|impact|influence"
)
CLOSE = 0.5  # share of the best claim's weight that makes a claim near
NO_FINDING = ("method", "count")  # kinds of claims that answer no question


def weights(facts: Facts) -> dict[int, float]:
    """Claim id → weight of the words that it shares with the question, a word counting more the fewer claims have it:
    Σ log(1 + N/n_w)."""
    wanted = content_words(facts.search["question"])
    common = {claim["id"]: wanted & content_words(claim["text"]) for claim in facts.claims}
    frequency = Counter(word for words in common.values() for word in words)
    total = len(facts.claims)
    return {number: sum(log(1 + total / frequency[word]) for word in words) for number, words in common.items()}


def sharing(facts: Facts) -> list[Row]:
    """Claims about findings that share words with the question: those that share most come first, then the most
    salient. If no claim shares a word (another language), all of them count."""
    shared = weights(facts)
    found = [claim for claim in facts.claims if claim["kind"] not in NO_FINDING]
    if any(shared.values()):
        found = [claim for claim in found if shared[claim["id"]]]
    return sorted(found, key=lambda claim: _order(claim, shared))


def near(facts: Facts) -> list[Row]:
    """The claims of `sharing` with at least half the weight of the first."""
    shared = weights(facts)
    found = sharing(facts)
    return [claim for claim in found if shared[claim["id"]] >= CLOSE * shared[found[0]["id"]]]


def _order(claim: Row, shared: Mapping[int, float]) -> tuple[float, float, int]:
    return -shared[claim["id"]], -claim["salience"], claim["id"]


@lru_cache(maxsize=4096)  # the same claims are asked for once for every part of the answer
def content_words(text: str) -> frozenset[str]:
    """The words that carry the meaning, in a form in which "task" meets "tasks" and "train" meets "training"."""
    return frozenset(form(word) for word in subject_words(text))


def subject_words(text: str) -> list[str]:
    """The words of four letters and more that are about the subject, in order, each once, as they are written."""
    found = {word.lower(): word for word in reversed(re.findall(r"\w{4,}", text)) if not COMMON.fullmatch(word.lower())}
    return list(reversed(found.values()))


def form(word: str) -> str:
    """What "task" and "tasks", "train" and "Training" have in common."""
    word = word.lower()
    for ending in ("ing", "ed", "s"):
        if word.endswith(ending) and not word.endswith("ss") and len(word) - len(ending) >= 4:
            word = word.removesuffix(ending)
    return word[:6]
