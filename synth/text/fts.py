"""Texts and queries for SQLite's FTS5: room between signs, and the words of a query. Pure."""

from __future__ import annotations

import re

from synth.text.content import STOP_WORDS, composed

QUERY_TERMS = 64  # distinct words of a query that are looked up
# Porter's stemmer over words of any script without their accents.
TOKENIZER = "porter unicode61 remove_diacritics 2"
# Scripts written without spaces: FTS5 would take a whole run of them for one word.
UNSPACED = re.compile(r"([\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])")
TERM = re.compile(r"[^\W_]+")


def spaced(text: str) -> str:
    """Return `text` as it is indexed: blanks around signs of scripts without spaces, nothing that SQLite cannot
    store.
    """
    if text.isascii():
        return text.replace("\0", " ")
    return UNSPACED.sub(r" \1 ", text).replace("\0", " ").encode("utf-8", "replace").decode("utf-8")


def query_words(query: str) -> list[str]:
    """Return the distinct words of `query` that tell something, in lower case and in order; none is an operator of
    FTS5.
    """
    words = (word.lower() for word in TERM.findall(spaced(composed(query))))
    return list(dict.fromkeys(word for word in words if word not in STOP_WORDS))[:QUERY_TERMS]
