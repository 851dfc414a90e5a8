"""What a claim detector has to beat: everything, the first or last sentences, cue words. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from synth.claims.cues import NAMES, cues
from synth.claims.features import Document
from synth.claims.scoring import best_threshold

# By these the authors announce a result; the other cues tell aims, methods and background.
ANNOUNCING = ("finding verb", "results say", "we find that", "conclusion", "comparison", "change", "relation")

Score = Callable[[Document], np.ndarray]  # one number a sentence, higher = rather a claim


@dataclass(frozen=True)
class Baseline:
    """A score with the threshold that was chosen for it."""

    name: str
    score: Score
    threshold: float

    def take(self, document: Document) -> np.ndarray:
        return np.asarray(self.score(document) >= self.threshold)


def everything(document: Document) -> np.ndarray:
    return np.ones(len(document.sentences))


def lead(document: Document) -> np.ndarray:
    """First sentences first: −1, −2, … so that a threshold of −k takes the first k."""
    return -np.arange(1.0, len(document.sentences) + 1)


def tail(document: Document) -> np.ndarray:
    """Last sentences first."""
    return lead(document)[::-1]


def cue_words(document: Document) -> np.ndarray:
    """How many kinds of announcing cues the sentence has."""
    at = [NAMES.index(name) for name in ANNOUNCING]
    found = np.array([cues(s) for s in document.sentences]).reshape(-1, len(NAMES))
    return np.asarray(found[:, at].sum(axis=1))


SCORES: dict[str, Score] = {
    "every sentence": everything,
    "first sentences": lead,
    "last sentences": tail,
    "cue words": cue_words,
}


def chosen(documents: Sequence[Document], claims: Sequence[np.ndarray]) -> list[Baseline]:
    """Every baseline with the threshold of the highest F1 over these documents."""
    return [
        Baseline(name, score, best_threshold([score(d) for d in documents], claims)) for name, score in SCORES.items()
    ]
