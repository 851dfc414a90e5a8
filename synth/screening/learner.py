"""Active learning: a model of what a person takes in, learnt anew from all decisions after each one.

Logistic regression over two views of title and abstract: the sentence encoder's vector and TF-IDF words. As in the
continuous active learning of Cormack and Grossman (2015, arXiv:1504.06868, AutoTAR) the question stands in as one
relevant text, and records that nobody has decided, drawn at random, count as irrelevant while few are known to be:
so there are two classes from the first decision on. Class weights are balanced, because few works are relevant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

MIN_IRRELEVANT = 100  # texts to learn from; undecided ones make up what is missing (AutoTAR's number)
MAX_TERMS = 20_000  # the most frequent ones
PENALTY = 1.0  # scikit-learn's C
DENSE_WEIGHT = 3.0  # weight of the encoder's vector beside the words, both of length one
MAX_ITERATIONS = 100


class Learner:
    """Chances of inclusion for a fixed set of texts, given some decisions.

    `texts` (n) are what a person judges by, `vectors` (n, dimension) their unit vectors, `question` and
    `question_vector` (dimension,) what is being looked for. `seed` draws the presumed irrelevant ones.
    """

    def __init__(
        self, texts: Sequence[str], vectors: np.ndarray, question: str, question_vector: np.ndarray, seed: int = 0
    ) -> None:
        self._size = len(texts)
        self._seed = seed
        self._rows = _features([*texts, question], np.vstack([vectors, question_vector]))

    def chances(self, decisions: Mapping[int, bool]) -> np.ndarray:
        """P(relevant) of every text, shape (n,), from `decisions` (place → taken in). The same for the same decisions,
        in whatever order they came. The numbers order works; balanced weights make them too large to be probabilities.
        """
        from sklearn.linear_model import LogisticRegression

        places, labels = self._examples(decisions)
        if len(set(labels)) < 2:  # nothing is left to be presumed irrelevant, so nothing is left to order
            return np.full(self._size, float(labels[0]) if labels else 0.5)
        model = LogisticRegression(C=PENALTY, class_weight="balanced", max_iter=MAX_ITERATIONS, tol=1e-3)
        model.fit(self._rows[places], labels)
        return np.asarray(model.predict_proba(self._rows[: self._size])[:, 1])

    def _examples(self, decisions: Mapping[int, bool]) -> tuple[list[int], list[bool]]:
        """Choose rows to learn from, with labels: decided texts in order, the question, presumed irrelevant ones."""
        decided = dict(sorted(decisions.items()))
        missing = MIN_IRRELEVANT - sum(not relevant for relevant in decided.values())
        others = [place for place in range(self._size) if place not in decided]
        # At most half of the undecided: where few are left, most of them may well be relevant.
        count = max(0, min(missing, len(others) // 2))
        drawn = np.random.default_rng([self._seed, len(decided)]).permutation(len(others))[:count]
        presumed = sorted(others[i] for i in drawn)
        places = [*decided, self._size, *presumed]
        return places, [*decided.values(), True, *[False] * len(presumed)]


def _features(texts: Sequence[str], vectors: np.ndarray) -> Any:
    """Put vectors and TF-IDF words side by side, a sparse matrix of shape (n, k)."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.feature_extraction.text import TfidfVectorizer

    dense = csr_matrix(vectors.astype(np.float64) * DENSE_WEIGHT)
    words = TfidfVectorizer(sublinear_tf=True, max_features=MAX_TERMS)
    try:
        return csr_matrix(hstack([dense, words.fit_transform(texts)], format="csr"))
    except ValueError:  # no text has a word
        return dense
