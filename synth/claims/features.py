"""A document as rows of numbers, one row a sentence: what the sentence says, its neighbours, place, section and cues.

    block      columns  what
    embedding  d        the sentence's vector
    context    d        mean vector of the sentences before and after it in its section; zeros without any
    position   8        place in the abstract; the mean of the training set (`neutral`) outside an abstract
    section    9        one-hot of PARTS; a head such as "CONCLUSIONS:" inside an abstract opens a section
    cues       32       `synth.claims.cues`
    around     64       the cues of the sentence before and of the one after it in its section; zeros without one

d is the encoder's dimension (384 for all-MiniLM-L6-v2).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synth.claims.cues import NAMES, cues
from synth.claims.sections import part_named

PARTS = ("abstract", "introduction", "method", "data", "results", "discussion", "conclusion", "caption", "body")
BLOCKS = ("embedding", "context", "position", "section", "cues", "around")
PLACES = 8
HEAD = re.compile(r"([A-Za-z][A-Za-z &/]{2,40})\s?:\s")
CAPITALS = re.compile(r"(RESULTS?|CONCLUSIONS?|METHODS?|BACKGROUND|OBJECTIVES?|PURPOSE|AIMS?|FINDINGS) [A-Z]")


@dataclass(frozen=True)
class Document:
    """Sentences in reading order, each with the part of the paper it stands in (one of `sections.PARTS` or a kind)."""

    sentences: tuple[str, ...]
    parts: tuple[str, ...]

    @classmethod
    def abstract(cls, sentences: Sequence[str]) -> Document:
        """The sentences of one abstract."""
        return cls(tuple(sentences), ("abstract",) * len(sentences))


def width(blocks: Sequence[str], dimension: int) -> int:
    """Number of columns of a row."""
    sizes = {
        "embedding": dimension,
        "context": dimension,
        "position": PLACES,
        "section": len(PARTS),
        "cues": len(NAMES),
        "around": 2 * len(NAMES),
    }
    return sum(sizes[block] for block in blocks)


def rows(document: Document, vectors: np.ndarray, blocks: Sequence[str], neutral: np.ndarray) -> np.ndarray:
    """Shape (sentences, width), float32. `vectors`: unit rows, one a sentence. `neutral`: shape (8,), see above."""
    made = {
        "embedding": lambda: vectors,
        "context": lambda: _context(document.parts, vectors),
        "position": lambda: _positions(document.parts, neutral),
        "section": lambda: _sections(document),
        "cues": lambda: _cues(document),
        "around": lambda: _around(document),
    }
    return np.concatenate([made[block]() for block in blocks], axis=1).astype(np.float32)


def _cues(document: Document) -> np.ndarray:
    return np.array([cues(s) for s in document.sentences], dtype=np.float32).reshape(-1, len(NAMES))


def _around(document: Document) -> np.ndarray:
    own = _cues(document)
    found = np.zeros((len(own), 2 * len(NAMES)), dtype=np.float32)
    same = np.array([a == b for a, b in zip(document.parts, document.parts[1:], strict=False)], dtype=bool)[:, None]
    found[1:, : len(NAMES)] = own[:-1] * same
    found[:-1, len(NAMES) :] = own[1:] * same
    return found


def _context(parts: Sequence[str], vectors: np.ndarray) -> np.ndarray:
    found = np.zeros_like(vectors)
    for i, part in enumerate(parts):
        near = [j for j in (i - 1, i + 1) if 0 <= j < len(parts) and parts[j] == part]
        if near:
            found[i] = vectors[near].mean(axis=0)
    return found


def _positions(parts: Sequence[str], neutral: np.ndarray) -> np.ndarray:
    inside = [i for i, part in enumerate(parts) if part == "abstract"]
    found = np.tile(neutral.astype(np.float32), (len(parts), 1))
    for place, i in enumerate(inside):
        left = len(inside) - 1 - place
        share = place / max(1, len(inside) - 1)
        found[i] = [share, share**2, place == 0, place == 1, left == 0, left == 1, left == 2, np.log(len(inside))]
    return found


def _sections(document: Document) -> np.ndarray:
    found = np.zeros((len(document.parts), len(PARTS)), dtype=np.float32)
    head = ""
    for i, (sentence, part) in enumerate(zip(document.sentences, document.parts, strict=True)):
        if part == "abstract":
            head = _head(sentence) or head
            part = head or part
        if part in PARTS:
            found[i, PARTS.index(part)] = 1.0
    return found


def _head(sentence: str) -> str:
    """The part that the head in front of a sentence of a structured abstract names; "" without a head."""
    match = HEAD.match(sentence) or CAPITALS.match(sentence)
    part = part_named(match.group(1)) if match else ""
    return part if part in PARTS and part != "body" else "introduction" if part == "other" else ""
