"""Finding papers in the library: the best by words and the best by meaning, ordered by both scores together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from synth.core.types import Record
from synth.library import meanings
from synth.library.file import opened, records, rows_with
from synth.library.formats import LibraryWork, as_record
from synth.library.words import LexicalIndex
from synth.text.fusion import blend

if TYPE_CHECKING:
    from synth.library.meanings import Encode

DEPTH = 100  # places of each ranking that are looked at, at least
# Of the score, what meaning counts. Chosen on the development half of benchmarks/findings.py, where the scores
# themselves did better than their ranks.
DENSE_SHARE = 0.5
COLUMNS = ", ".join(LibraryWork._fields)


class LibraryHit(NamedTuple):
    """A paper that was found. `score` is 1 for one that is best by words and by meaning; a rank (from 1) is None where
    the paper is not among the best of that side.
    """

    record: Record
    score: float
    lexical_rank: int | None
    dense_rank: int | None
    similarity: float | None  # cosine of query and record; None where the record has no vector


@dataclass(frozen=True)
class LibraryHits:
    """The best records, how many have any of the words, and which rankings took part."""

    hits: list[LibraryHit]
    total: int
    rankings: tuple[str, ...]


class Library:
    """The library in the SQLite file `path`. Raises UsageError if there is none.

    Without `encode`, or before anything is encoded, words alone are asked; records without a vector are found by words.
    """

    def __init__(self, path: Path, encode: Encode | None = None) -> None:
        self._db = opened(path)
        self._encode = encode
        self._lexical = LexicalIndex(self._db)
        self._dense = None
        if encode is not None and meanings.encoded(self._db):
            self._dense = meanings.DenseIndex(self._db, lists_file(path))

    def __len__(self) -> int:
        return records(self._db)

    def find(self, query: str, limit: int = 20) -> LibraryHits:
        """Return the `limit` papers that answer best to `query`, best first."""
        depth = max(DEPTH, limit)
        words = self._lexical.rank(query, depth)
        lexical = {number: rank for rank, (number, _) in enumerate(words.best, 1)}
        cosine: dict[int, float] = {}
        dense: dict[int, int] = {}
        if self._dense is not None and self._encode is not None and query.strip():
            vector = self._encode([query])[0]
            cosine = dict(self._dense.rank(vector, depth))
            dense = {number: rank for rank, number in enumerate(cosine, 1)}
            cosine |= self._dense.cosines([number for number in lexical if number not in cosine], vector)
        scores = dict(words.best) | {number: float(words.scores[number]) for number in dense if number not in lexical}
        fused = blend(scores, cosine, DENSE_SHARE)[:limit]
        known = self._records([number for number, _ in fused])
        hits = [
            LibraryHit(known[number], score, lexical.get(number), dense.get(number), cosine.get(number))
            for number, score in fused
            if number in known
        ]
        return LibraryHits(hits, words.total, ("words", "meaning") if self._dense is not None else ("words",))

    def close(self) -> None:
        self._db.close()

    def _records(self, ids: list[int]) -> dict[int, Record]:
        rows = rows_with(self._db, f"SELECT id, {COLUMNS} FROM record WHERE id IN ({{}})", ids)
        return {number: as_record(LibraryWork(*values)) for number, *values in rows}


def lists_file(path: Path) -> Path:
    """Return the path of FAISS's inverted lists of the library at `path`."""
    return path.with_suffix(".faiss")
