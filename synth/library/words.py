"""Ranking by words: BM25 (Robertson and Zaragoza 2009) over title and abstract, from SQLite's FTS5.

FTS5 takes about a microsecond a row to score, which is seconds for frequent words in a million records. Frequent words
are therefore packed (`synth.library.postings`); FTS5 answers for the others and for records that came later. Both
give the same scores, so that packing changes the time and nothing else.
"""

from __future__ import annotations

import math
import sqlite3
from typing import TYPE_CHECKING, NamedTuple

from synth.library.file import last_id, records
from synth.library.stems import Stems
from synth.text.fts import query_words

if TYPE_CHECKING:
    import numpy as np

TITLE, ABSTRACT = 2.0, 1.0  # weight of a word by where it stands
LEAST_IDF = 1e-6  # what FTS5 takes for words that more than half of the records have
BLOCK = 2**16


class Ranking(NamedTuple):
    """The best records as (id, score), best first, how many records have any of the words, and all scores by id."""

    best: list[tuple[int, float]]
    total: int
    scores: np.ndarray


class LexicalIndex:
    """Ranks the records of a library by the words of a query."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._stems = Stems()

    def rank(self, query: str, depth: int) -> Ranking:
        """Return the `depth` records whose words speak most for them; any text is a query, none is an error."""
        import numpy as np

        words = query_words(query)
        stems = self._stems.of(words)
        # Two words of one stem are one word; a word that the tokenizer cuts apart is looked up as a phrase.
        distinct = {stems.get(word, f'"{word}"'): word for word in words}
        count = records(self._db)
        scores = np.zeros(last_id(self._db) + 1, dtype=np.float32)
        for stem, word in distinct.items():
            rows, impact = term_rows(self._db, word, stem, count)
            scores[rows] += idf(count, len(rows)) * impact
        gone = [number for (number,) in self._db.execute("SELECT id FROM gone")]
        scores[[number for number in gone if number < len(scores)]] = 0
        return _best(scores, depth)


def idf(count: int, rows: int) -> float:
    """Return the weight of a word that `rows` of `count` records have; never negative (as Lucene's)."""
    return math.log(1 + (count - rows + 0.5) / (rows + 0.5))


def term_rows(db: sqlite3.Connection, word: str, stem: str, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the ids of the records with `word`, rising, and BM25's factor of each (float32, no idf, 0 to 2.2)."""
    import numpy as np

    packed = db.execute("SELECT rows, upto, low, blocks, impact FROM posting WHERE stem = ?", (stem,)).fetchone()
    if packed is None:
        return _scored(db, word, 0, 0, count)
    rows, upto, low, blocks, impact = packed
    old = unpacked(low, blocks), np.frombuffer(impact, dtype=np.uint8).astype(np.float32) / SCALE
    if upto >= last_id(db):
        return old
    new = _scored(db, word, upto, rows, count)
    return np.concatenate([old[0], new[0]]), np.concatenate([old[1], new[1]])


SCALE = 255 / 2.2  # packed factors are bytes; 2.2 is k1 + 1, which a factor never reaches


def _scored(db: sqlite3.Connection, word: str, after: int, before: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return `term_rows` from FTS5 for ids above `after`; `before` of the others have the word."""
    import numpy as np

    pairs = np.fromiter(
        db.execute(
            "SELECT rowid, -bm25(word, ?, ?) FROM word WHERE word MATCH ? AND rowid > ?",
            (TITLE, ABSTRACT, f'"{word}"', after),
        ),
        dtype=[("row", np.int64), ("score", np.float64)],
    )
    rows = before + len(pairs)
    # FTS5 multiplies with an idf of its own.
    theirs = math.log((count - rows + 0.5) / (rows + 0.5)) if 2 * rows < count else 0.0
    return pairs["row"], (pairs["score"] / (theirs if theirs > 0 else LEAST_IDF)).astype(np.float32)


def packed_rows(rows: np.ndarray) -> tuple[bytes, bytes]:
    """Return the rising ids as (low halves, number of ids in each block of 65,536)."""
    import numpy as np

    blocks = np.bincount(rows >> 16).astype(np.uint32)
    return (rows & (BLOCK - 1)).astype(np.uint16).tobytes(), blocks.tobytes()


def unpacked(low: bytes, blocks: bytes) -> np.ndarray:
    """Return the ids that `packed_rows` was given."""
    import numpy as np

    counts = np.frombuffer(blocks, dtype=np.uint32)
    base = np.repeat(np.arange(len(counts), dtype=np.int64) << 16, counts)
    return base + np.frombuffer(low, dtype=np.uint16)


def _best(scores: np.ndarray, depth: int) -> Ranking:
    import numpy as np

    total = int(np.count_nonzero(scores))
    depth = min(depth, total)
    if depth <= 0:
        return Ranking([], total, scores)
    least = np.partition(scores, len(scores) - depth)[len(scores) - depth]
    rows = np.flatnonzero(scores >= least)
    order = np.lexsort((rows, -scores[rows]))[:depth]
    return Ranking([(int(row), float(scores[row])) for row in rows[order]], total, scores)
