"""A library of tiny data sets, and an encoder that knows which texts mean the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from repro.data.library import Located


class TinyLibrary:
    """Has one data set: the files of a folder."""

    def __init__(self, name: str, folder: Path, layout: str) -> None:
        self.located = Located(name, layout, folder, {file.name: file for file in folder.iterdir()}, "0" * 64)

    def locate(self, name: str) -> Located:
        assert name == self.located.name
        return self.located


class Meanings:
    """Encodes a text as the random direction of its meaning, with noise of its own: `meaning(text)` names it."""

    def __init__(self, meaning, noise: float = 0.0, dimension: int = 16) -> None:
        self.meaning, self.noise, self.dimension = meaning, noise, dimension
        self.seen: list[str] = []

    def _direction(self, name: str) -> np.ndarray:
        return np.random.default_rng(list(name.encode())).normal(size=self.dimension)

    def __call__(self, texts) -> np.ndarray:
        assert len(set(texts)) == len(texts), "a text is given twice"
        self.seen += texts
        rows = [self._direction(str(self.meaning(t))) + self.noise * self._direction(f"noise {t}") for t in texts]
        return np.array(rows, dtype=np.float32).reshape(len(texts), self.dimension)


@pytest.fixture
def library():
    return TinyLibrary


@pytest.fixture
def meanings():
    return Meanings


@pytest.fixture
def quiet():
    return lambda share, what: None
