"""Resolve the citation marks of a sentence to papers of the search, through its paper's reference list.

Marks are "[12]", "[3, 5-7]", "Wu and Dredze (2019)", "(Phang et al., 2020; Pires et al., 2019)". An entry of the list
is a paper of the search if it prints the paper's arXiv id or DOI, or its title and its first author's family name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from synth.papers.identity import title_key

MIN_TITLE = 15  # letters of a title that can be told from a phrase
MAX_SPAN = 30  # numbers that "[3-40]" may stand for
_LABEL = re.compile(r"^\s*(?:\[(\w{1,12})\]|(\d{1,3})\.)\s")
_NUMBERED = re.compile(r"\[(\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)\]")
_NAME = r"[A-Z][^\W\d_]*(?:[-'’][^\W\d_]+)*"
_FIRST = rf"((?:(?:van|von|der|den|de|di|da|la|le|el|al)\s+)*{_NAME})"
_AUTHORS = rf"{_FIRST}(?:(?:,\s*{_NAME})*,?\s+(?:and|&)\s+{_NAME}|\s+et\s+al\.?)?"
_AUTHOR_YEAR = re.compile(rf"{_AUTHORS}(?:['’]s)?,?\s*\(?((?:19|20)\d\d)[a-z]?(?:,\s*(?:19|20)?\d*[a-z]\b)*\)?")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_ARXIV = re.compile(r"\b\d{4}\.\d{4,5}\b")


@dataclass(frozen=True)
class Cited:
    """A paper of the search as reference lists name it."""

    id: int
    title: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    arxiv_id: str = ""
    doi: str = ""

    @property
    def family(self) -> str:
        """Letters of the first author's family name."""
        return _family(self.authors[0]) if self.authors else ""


@dataclass(frozen=True)
class ReferenceEntry:
    """An entry of a reference list: its label or place, the letters of its text, its years."""

    label: str
    letters: str
    years: frozenset[int]
    text: str


class ReferenceList:
    """One paper's references, matched with the papers of the search."""

    def __init__(self, entries: Sequence[str], papers: Sequence[Cited]) -> None:
        self._by_label: dict[str, set[int]] = defaultdict(set)
        self._by_author: dict[tuple[str, int], set[int]] = defaultdict(set)
        for position, text in enumerate(entries, 1):
            entry = _entry(text, position)
            for paper in papers:
                if not _names(entry, paper):
                    continue
                self._by_label[entry.label].add(paper.id)
                for year in entry.years | ({paper.year} if paper.year else set()):
                    self._by_author[paper.family, year].add(paper.id)
        if not entries:  # read before reference lists were kept: authors and year have to do
            for paper in papers:
                if paper.year and paper.family:
                    self._by_author[paper.family, paper.year].add(paper.id)

    def cited(self, sentence: str) -> frozenset[int]:
        """Return the papers of the search that a sentence cites. A mark that fits several of them names none."""
        paper_ids: set[int] = set()
        for mark in _NUMBERED.finditer(sentence):
            for label in _numbers(mark[1]):
                paper_ids |= self._only(self._by_label.get(label, set()))
        for mark in _AUTHOR_YEAR.finditer(sentence):
            paper_ids |= self._only(self._by_author.get((_family(mark[1]), int(mark[2])), set()))
        return frozenset(paper_ids)

    @staticmethod
    def _only(papers: set[int]) -> set[int]:
        return papers if len(papers) == 1 else set()


def cited(
    passages: Iterable[tuple[int, int, str]], references: Mapping[int, Sequence[str]], papers: Sequence[Cited]
) -> dict[int, frozenset[int]]:
    """Return passage id → papers of the search that it cites, its own left out; passages without any are left out.

    Args:
        passages: (passage id, paper id, text).
        references: paper id → entries of its reference list.
    """
    lists: dict[int, ReferenceList] = {}
    found = {}
    for passage, paper, text in passages:
        if paper not in lists:
            others = [one for one in papers if one.id != paper]
            lists[paper] = ReferenceList(references.get(paper, ()), others)
        if named := lists[paper].cited(text):
            found[passage] = named
    return found


def _entry(text: str, position: int) -> ReferenceEntry:
    label = _LABEL.match(text)
    named = (label[1] or label[2]) if label else str(position)
    return ReferenceEntry(named, title_key(text), frozenset(map(int, _YEAR.findall(text))), text.lower())


def _names(entry: ReferenceEntry, paper: Cited) -> bool:
    """Return True if the entry is the paper."""
    if paper.arxiv_id and paper.arxiv_id in _ARXIV.findall(entry.text):
        return True
    if paper.doi and paper.doi in entry.text:
        return True
    title = title_key(paper.title)
    if len(title) < MIN_TITLE or title not in entry.letters:
        return False
    return not paper.family or paper.family in entry.letters


def _family(author: str) -> str:
    words = author.partition(",")[0].split()
    return title_key(words[-1]) if words else ""


def _numbers(text: str) -> list[str]:
    labels: list[str] = []
    for part in re.split(r"[,;]", text):
        ends = [int(number) for number in re.findall(r"\d+", part)]
        if len(ends) == 2 and 0 < ends[1] - ends[0] <= MAX_SPAN:
            labels += [str(number) for number in range(ends[0], ends[1] + 1)]
        else:
            labels += map(str, ends)
    return labels
