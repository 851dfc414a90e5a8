"""Word lists of words.toml, by stem or by root."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from synth.evidence.passages.parts.terms import root
from synth.quantities.words import BETTER, DOWN, UP, WORSE
from synth.text.content import stem

__all__ = "BETTER COMPARATIVES CONDITIONS CONTRASTS DOWN LIGHT UP WORSE".split()

_LISTS = tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))

CONDITIONS, COMPARATIVES = (
    frozenset(stem(word) for word in _LISTS[name].split()) for name in ("conditions", "comparatives")
)
# Words that carry a statement without saying what it is about, words of direction among them.
LIGHT = frozenset(root(word) for word in _LISTS["light"].split()) | frozenset(
    root(word) for word in (*UP, *DOWN, *BETTER, *WORSE)
)
# Words of which what holds under one says nothing of another: root → (group, alternative within it).
CONTRASTS: dict[str, tuple[int, int]] = {
    root(word): (group, alternative)
    for group, line in enumerate(_LISTS["contrasts"])
    for alternative, part in enumerate(line.split("|"))
    for word in part.split()
}
