"""The word lists of words.toml, by their stems."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from synth.text import stem

_LISTS = tomllib.loads(files("synth.evidence").joinpath("words.toml").read_text(encoding="utf-8"))


def _stems(name: str) -> frozenset[str]:
    return frozenset(stem(word) for word in _LISTS[name].split())


CONDITIONS, UP, DOWN, COMPARATIVES, BETTER, WORSE, LIGHT = map(
    _stems, ("conditions", "up", "down", "comparatives", "better", "worse", "light")
)
# Told by the slot of the split, and no matter otherwise: "the test shows".
SPLIT_WORDS = frozenset(stem(w) for w in ("dev", "development", "validation", "test", "train"))
LOWER_IS_BETTER = frozenset(name.strip() for name in _LISTS["lower_is_better"].split(";"))
