"""Dependence of papers of a search: which are no second witness to what another one says.

Three reasons, each with its own code: another version of the same work; a record that carries another's abstract or
text as its own (a repost, a machine-written report); the same authors reporting the same measurements once more. A
translation shares no words with its original and is seen only where a source says that it is one (`same_work`).
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations

SHINGLE = 8  # words in a row; eight that agree are hardly chance, outside of fixed phrases
ABSTRACT_COPIED = 0.5  # share of an abstract's shingles that another paper holds
TEXT_COPIED = 0.2  # share of the shorter paper's shingles that the other one holds
MIN_SHINGLES = 10  # a text with fewer shows nothing by its overlap
SKETCHED = 4  # every fourth shingle is compared, chosen by its hash, so that it is the same ones in every text
_WORD = re.compile(r"[^\W_]+")
_DECIMAL = re.compile(r"(?<![\w.])\d+\.\d+(?![\w]|\.\d)")


class Dependence(StrEnum):
    """Reason why a paper is no second witness beside another."""

    SAME_WORK = "same work"
    COPY = "copy"
    SAME_RUN = "same run"


NOTES = {
    Dependence.SAME_WORK: "another version of the same work",
    Dependence.COPY: "carries the other paper's text",
    Dependence.SAME_RUN: "the same authors report the same numbers",
}


@dataclass(frozen=True)
class ComparedPaper:
    """Features of a paper that are compared.

    Attributes:
        authors: names in any spelling.
        title: its title as printed.
        abstract: its abstract, empty if unknown.
        text: its sentences.
        same_work: ids of papers that a source calls versions or translations of it.
    """

    id: int
    title: str = ""
    authors: tuple[str, ...] = ()
    abstract: str = ""
    text: tuple[str, ...] = ()
    same_work: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Witnesses:
    """Pairs of papers that are one witness, and authors that papers share."""

    pairs: dict[tuple[int, int], Dependence] = field(default_factory=dict)
    shared_authors: frozenset[tuple[int, int]] = frozenset()

    def dependence(self, paper: int, others: Collection[int], claim: str = "", passage: str = "") -> Dependence | None:
        """Return why `paper` adds nothing to what `others` (the papers of a claim) say, or None.

        `claim` and `passage`: authors who print all decimals of the claim once more report the same measurements.
        """
        for other in others:
            pair = (min(paper, other), max(paper, other))
            if dependence := self.pairs.get(pair):
                return dependence
            if pair in self.shared_authors and same_numbers(claim, passage):
                return Dependence.SAME_RUN
        return None


def compare(works: Sequence[ComparedPaper]) -> Witnesses:
    """Compare every two papers of a search."""
    pairs: dict[tuple[int, int], Dependence] = {}
    names = {work.id: frozenset(filter(None, map(_name, work.authors))) for work in works}
    titles = {work.id: _letters(work.title) for work in works}
    texts = {work.id: shingles(work.text) for work in works}
    abstracts = {work.id: shingles([work.abstract]) for work in works}
    shared = set()
    for a, b in combinations(works, 2):
        pair = (min(a.id, b.id), max(a.id, b.id))
        common = len(names[a.id] & names[b.id])
        if common:
            shared.add(pair)
        declared = b.id in a.same_work or a.id in b.same_work
        same_title = titles[a.id] == titles[b.id] != ""
        if declared or (same_title and 2 * common >= min(len(names[a.id]), len(names[b.id]))):
            pairs[pair] = Dependence.SAME_WORK
    holders: dict[int, list[int]] = defaultdict(list)  # only papers that share a shingle are compared
    for number in texts:
        for shingle in texts[number] | abstracts[number]:
            holders[shingle].append(number)
    meeting = {
        pair
        for papers_of in holders.values()
        if 1 < len(papers_of) <= 50
        for pair in combinations(sorted(papers_of), 2)
    }
    for first, second in sorted(meeting - pairs.keys()):
        if _copied(first, second, texts, abstracts):
            pairs[first, second] = Dependence.SAME_WORK if (first, second) in shared else Dependence.COPY
    return Witnesses(pairs, frozenset(shared))


def _copied(first: int, second: int, texts: dict[int, frozenset[int]], abstracts: dict[int, frozenset[int]]) -> bool:
    for a, b in ((first, second), (second, first)):
        abstract, both = abstracts[a], texts[b] | abstracts[b]
        if len(abstract) >= MIN_SHINGLES and len(abstract & both) >= ABSTRACT_COPIED * len(abstract):
            return True
    fewer, more = sorted((texts[first], texts[second]), key=len)
    return len(fewer) >= MIN_SHINGLES and len(fewer & more) >= TEXT_COPIED * len(fewer)


def shingles(texts: Iterable[str]) -> frozenset[int]:
    """Return hashes of a sample of all SHINGLE words in a row, the same sample in all texts.

    Shingles that are kept by the value of their hash estimate containment without bias (Broder 1997).
    """
    hashes = set()
    for text in texts:
        words = _WORD.findall(text.casefold())
        hashes |= {zlib.crc32(" ".join(words[i : i + SHINGLE]).encode()) for i in range(len(words) - SHINGLE + 1)}
    return frozenset(value for value in hashes if value % SKETCHED == 0)


def same_numbers(claim: str, passage: str) -> bool:
    """Return True if the claim prints decimals and the passage prints all of them."""
    decimals = set(_DECIMAL.findall(claim))
    return bool(decimals) and decimals <= set(_DECIMAL.findall(passage))


def _name(author: str) -> str:
    """Return family name and first initial: "de Marneffe, M.-C." and "Marie-Catherine de Marneffe" are the same."""
    family, comma, given_name = author.partition(",")
    words = family.split()
    if not comma and len(words) > 1:
        family, given_name = words[-1], words[0]
    family = _letters(family.split()[-1] if family.split() else "")
    return f"{family} {_letters(given_name)[:1]}" if family else ""


def _letters(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in decomposed if c.isalnum())
