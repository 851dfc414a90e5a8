"""Two answers compared as SQuAD does (Rajpurkar et al. 2016, arXiv:1606.05250, §6.1; 2018, arXiv:1806.03822)."""

from __future__ import annotations

import string
from collections import Counter

_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalised(text: str) -> list[str]:
    """Return an answer's words as SQuAD compares them: lower case, without punctuation and articles."""
    return [word for word in text.lower().translate(_NO_PUNCTUATION).split() if word not in ("a", "an", "the")]


def f1(prediction: str, answer: str) -> float:
    """Return F1 of the words of two answers; where one of them is empty, 1 if both are, else 0."""
    mine, right = normalised(prediction), normalised(answer)
    if not mine or not right:
        return float(mine == right)
    common = (Counter(mine) & Counter(right)).total()
    return 2 * common / (len(mine) + len(right))


def exact(prediction: str, answer: str) -> float:
    return float(normalised(prediction) == normalised(answer))
