"""Index of passages that may speak to a claim: lexical (SQLite FTS5, BM25) and dense (FAISS, exact), fused by rank."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, NamedTuple

from synth.text.fts import TOKENIZER, query_words, spaced
from synth.text.fusion import fuse

if TYPE_CHECKING:
    import numpy as np

    from synth.models.encoder import Encoder

DEPTH = 4  # each ranking is asked for this many times k, so that an item low in one can rise by the other


class PassageHit(NamedTuple):
    """One passage of a ranking. `score` is the fused one; a rank (from 1) is None where that side did not find it."""

    passage_id: int
    score: float
    lexical_rank: int | None
    dense_rank: int | None
    similarity: float  # cosine of claim and passage


def match_expression(query: str) -> str:
    """Return an FTS5 query that matches any of the words of `query`, whatever stands in it; "" if there is none.

    Every word is quoted, so that operators (AND, NEAR, *, column filters, quotes) are plain words.
    """
    return " OR ".join(f'"{word}"' for word in query_words(query))


class PassageIndex:
    """Passages of one search as (id, text), ready to be ranked. Encodes every text that the cache lacks.

    `meanings`: what is encoded of each passage, where that is not the whole text.
    """

    def __init__(
        self, passages: Sequence[tuple[int, str]], encoder: Encoder, meanings: Sequence[str] | None = None
    ) -> None:
        import faiss

        self._encoder = encoder
        self._ids = [passage_id for passage_id, _ in passages]
        if len(set(self._ids)) != len(self._ids):
            raise ValueError("passage ids must be distinct")
        self._row = {passage_id: row for row, passage_id in enumerate(self._ids)}
        self._vectors = encoder.encode([text for _, text in passages] if meanings is None else meanings)
        if len(self._vectors) != len(self._ids):
            raise ValueError("as many meanings as passages are needed")
        self._dense = faiss.IndexFlatIP(self._vectors.shape[1])
        self._dense.add(self._vectors)
        self._lexical = sqlite3.connect(":memory:")
        self._lexical.execute(f"CREATE VIRTUAL TABLE passage USING fts5(text, tokenize='{TOKENIZER}')")
        rows = ((row, spaced(text)) for row, (_, text) in enumerate(passages))
        self._lexical.executemany("INSERT INTO passage(rowid, text) VALUES (?, ?)", rows)

    def rank(self, query: str, k: int = 20, exclude: Collection[int] = ()) -> list[PassageHit]:
        """Return the `k` passages nearest to `query` by both rankings, best first, without the ids in `exclude`."""
        if not self._ids or k <= 0:
            return []
        vector = self._encoder.encode([query])
        depth = min(len(self._ids), DEPTH * k + len(exclude))
        lexical = [i for i in self.by_words(query, depth) if i not in exclude]
        dense = [i for i in self._meaning(vector, depth) if i not in exclude]
        by_words = {i: rank for rank, i in enumerate(lexical, start=1)}
        by_meaning = {i: rank for rank, i in enumerate(dense, start=1)}
        return [
            PassageHit(i, score, by_words.get(i), by_meaning.get(i), float(self._vectors[self._row[i]] @ vector[0]))
            for i, score in fuse([lexical, dense])[:k]
        ]

    def by_words(self, query: str, depth: int) -> list[int]:
        """Return the ids of the `depth` best passages by BM25 alone."""
        expression = match_expression(query)
        if not expression:
            return []
        rows = self._lexical.execute(
            "SELECT rowid FROM passage WHERE passage MATCH ? ORDER BY bm25(passage), rowid LIMIT ?",
            (expression, depth),
        )
        return [self._ids[row] for (row,) in rows]

    def _meaning(self, vector: np.ndarray, depth: int) -> list[int]:
        _, rows = self._dense.search(vector, depth)
        return [self._ids[row] for row in rows[0]]
