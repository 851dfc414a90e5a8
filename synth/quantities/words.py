"""Words of direction by their stems."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from synth.text.content import stem

_LISTS = tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))
UP, DOWN, BETTER, WORSE = (
    frozenset(stem(word) for word in _LISTS[name].split()) for name in ("up", "down", "better", "worse")
)
