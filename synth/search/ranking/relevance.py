"""Relevance of the works of a search to its question: lexical, dense, and if wished by a cross-encoder.

By words a work is as good as its best chunk (title and abstract are one, its full text is many), so that works that
were read compete with works of which only the abstract is known.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from synth.search.ranking import shortlist
from synth.text.fts import TOKENIZER, query_words, spaced
from synth.text.fusion import fuse

if TYPE_CHECKING:
    from synth.models.encoder import Encoder

TITLE, TEXT = 2.0, 1.0  # weight of a word by where it stands
CHUNK = 1200  # characters of full text that are compared at a time: about the length of an abstract
COMPARED = 600  # works that the encoder compares with the question, where there are more than ALL
ALL = 1_000
RERANKED = 50  # works whose order a cross-encoder decides
HEAD = 1000  # characters of the full text that stand in for an abstract that is not known


@dataclass(frozen=True)
class Candidate:
    """A work to be ranked. `text`: its full text as far as it was read."""

    id: int
    title: str
    abstract: str = ""
    text: str = ""

    @property
    def summary(self) -> str:
        """Title with the abstract, or else with the beginning of the text."""
        return f"{self.title}. {self.abstract or self.text[:HEAD]}"


class Ranked(NamedTuple):
    """A work in its place. `score`: reciprocal rank fusion. Ranks count from 1, `lexical_rank` None where no word is
    shared; `cosine` of question and summary, with `dense_rank` None where there were too many works to compare each;
    `relevance`: the cross-encoder's score, None for works that it was not asked about.
    """

    id: int
    score: float
    lexical_rank: int | None
    dense_rank: int | None
    cosine: float | None
    relevance: float | None = None


class Relevance(Protocol):
    """Interface of a cross-encoder."""

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return the relevance of each text to the question; larger is more."""
        ...


def rank(
    question: str, candidates: Sequence[Candidate], encoder: Encoder, reranker: Relevance | None = None
) -> list[Ranked]:
    """Return all candidates, most relevant first. With a `reranker` it decides the order of the RERANKED best.

    Of more than ALL candidates the COMPARED likeliest are compared by the encoder; the others follow behind them by
    their word vectors.
    """
    if not candidates:
        return []
    lexical = by_words(question, candidates)
    compared, others = list(candidates), []
    if len(candidates) > ALL:
        near = shortlist.closeness(question, [candidate.summary for candidate in candidates], encoder)
        order = [candidates[n].id for n in sorted(range(len(candidates)), key=lambda n: (-near[n], candidates[n].id))]
        shortlisted = set(shortlist.first_of([lexical, order], COMPARED))
        compared = [candidate for candidate in candidates if candidate.id in shortlisted]
        others = [number for number in order if number not in shortlisted]
    vectors = encoder.encode([question, *(candidate.summary for candidate in compared)])
    cosine = {c.id: float(value) for c, value in zip(compared, vectors[1:] @ vectors[0], strict=True)}
    dense = sorted(cosine, key=lambda number: (-cosine[number], number))
    words = {number: place for place, number in enumerate(lexical, 1)}
    meaning = {number: place for place, number in enumerate(dense, 1)}
    ranked = [
        Ranked(number, score, words.get(number), meaning.get(number), cosine.get(number))
        for number, score in fuse([lexical, [*dense, *others]])
    ]
    if reranker is None:
        return ranked
    best, following = ranked[:RERANKED], ranked[RERANKED:]
    summaries = {c.id: c.summary for c in candidates}
    relevance = reranker.scores(question, [summaries[row.id] for row in best])
    judged = [row._replace(relevance=value) for row, value in zip(best, relevance, strict=True)]
    return sorted(judged, key=lambda row: -(row.relevance or 0.0)) + following


def by_words(question: str, candidates: Sequence[Candidate]) -> list[int]:
    """Return ids of the candidates with a word of the question, by BM25 of their best chunk, best first."""
    words = query_words(question)
    if not words:
        return []
    db = sqlite3.connect(":memory:")
    try:
        db.execute(f"CREATE VIRTUAL TABLE passage USING fts5(title, body, tokenize='{TOKENIZER}')")
        owners: list[int] = []
        for candidate in candidates:
            rows = [(candidate.title, candidate.abstract), *(("", part) for part in chunks(candidate.text))]
            db.executemany(
                "INSERT INTO passage (rowid, title, body) VALUES (?, ?, ?)",
                ((len(owners) + place, spaced(title), spaced(body)) for place, (title, body) in enumerate(rows)),
            )
            owners += [candidate.id] * len(rows)
        expression = " OR ".join(f'"{word}"' for word in words)
        order = f"bm25(passage, {TITLE}, {TEXT}), rowid"
        matches = db.execute(f"SELECT rowid FROM passage WHERE passage MATCH ? ORDER BY {order}", (expression,))
        return list(dict.fromkeys(owners[row] for (row,) in matches))
    finally:
        db.close()


def chunks(text: str) -> list[str]:
    """Divide `text` into chunks of about CHUNK characters, cut between words."""
    parts = []
    while len(text) > CHUNK:
        cut = text.rfind(" ", 0, CHUNK + 1)
        cut = cut if cut > 0 else CHUNK
        parts.append(text[:cut])
        text = text[cut:].lstrip()
    return [*parts, text] if text else parts
