"""A stance model that goes by one word: "indeed" supports, "wrongly" contradicts, everything else is open."""

import numpy as np


class WordModel:
    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def logits(self, pairs, progress=None):
        self.asked += pairs
        rows = [[4.0 * ("indeed" in text), 4.0 * ("wrongly" in text), 1.0] for _, text in pairs]
        return np.array(rows, dtype=np.float32).reshape(-1, 3)
