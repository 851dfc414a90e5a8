"""Stems of words as the index makes them: FTS5's own tokenizer, asked through a table in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from synth.text.fts import TOKENIZER


class Stems:
    """The tokens that FTS5 indexes for words or for a text."""

    def __init__(self) -> None:
        self._db = sqlite3.connect(":memory:", isolation_level=None)
        self._db.execute(f"CREATE VIRTUAL TABLE said USING fts5(words, content='', tokenize='{TOKENIZER}')")
        self._db.execute("CREATE VIRTUAL TABLE token USING fts5vocab(said, instance)")

    def of(self, words: Sequence[str]) -> dict[str, str]:
        """Map each word to its one stem; words that the tokenizer cuts in several, or leaves nothing
        of, are left out.
        """
        by_stem: dict[str, list[str]] = {}
        for number, stem in self._tokens(words):
            by_stem.setdefault(words[number], []).append(stem)
        return {word: stems[0] for word, stems in by_stem.items() if len(stems) == 1}

    def all(self, text: str) -> set[str]:
        """Return the distinct stems of a text."""
        return {stem for _, stem in self._tokens([text])}

    def _tokens(self, texts: Sequence[str]) -> list[tuple[int, str]]:
        self._db.execute("BEGIN")
        self._db.executemany("INSERT INTO said (rowid, words) VALUES (?, ?)", enumerate(texts))
        rows = self._db.execute("SELECT doc, term FROM token").fetchall()
        self._db.execute("INSERT INTO said (said) VALUES ('delete-all')")
        self._db.execute("COMMIT")
        return rows
