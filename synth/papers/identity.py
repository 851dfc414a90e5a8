"""Identity of works: by identifier, else by title, authors and year. Pure; errs on the side of two.

A DOI makes one work of two records only if their texts do not speak against it: the DOI of a template, of a journal, of
a cited work or of a whole meeting is printed on, or recorded for, many works (`agreement`). A preprint and its
publication are one work; two parts of a series, or titles with different numbers, never are. Titles that
differ by a word are two works: among papers of the same people that is what a second paper looks like.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from itertools import combinations
from typing import Any

from synth.core.reasons.duplicates import JoinRule
from synth.core.types import Record
from synth.papers.editorial import bare_title
from synth.papers.ids import DEPOSIT, Key, acl_id, arxiv_id, conflicting, identifiers, is_placeholder
from synth.text.identifiers import doi as doi  # the normal form, for all who ask here

MIN_TITLE = 16  # letters and digits; "Introduction" by the same editor is not the same work
MIN_HEAD = 24  # of a title whose subtitle the other record lacks; "BERT: …" heads many papers
YEARS_APART = 1
YEARS_TO_PRINT = 2  # from a preprint to its publication
ANY_YEARS = 100  # between versions of a deposit

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_ROMAN = re.compile(r"x{0,3}(?:ix|iv|v?i{0,3})")
_FILE_NAME = re.compile(r"\S\.(?:pdf|docx?|tex)$", re.IGNORECASE)  # stands in for a title that a PDF does not have
_SUBTITLE = re.compile(r":\s+|\s+[–—-]{1,3}\s+")
_TEX_FONT = re.compile(
    r"\\(?:text(?:bf|it|rm|sf|tt|sc|sl|normal)?|math(?:bf|it|rm|sf|tt|cal|bb|frak)|emph|ensuremath|boldsymbol|bm|mbox"
    r"|it|bf|rm|sc|tt|em)(?![A-Za-z])"
)
_TEX_LETTER = re.compile(r"\\(ss|o|O|l|L|aa|AA|ae|AE|oe|OE|i|j)(?![A-Za-z])\s*")
_TEX = re.compile(r"\\[\"'`^~=.](?=\s*\{?\\?[A-Za-z])|\\[uvHtcdbkr](?=\{)|[{}$\\]")
_TEX_LETTERS = {"ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "aa": "å", "AA": "Å", "ae": "æ", "AE": "Æ"}
_TEX_LETTERS |= {"oe": "œ", "OE": "Œ", "i": "i", "j": "j"}
# Letters that have no accent to take off, and Greek ones, which a title has as a letter or as a name ("β", "beta").
_FOLDED = {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i", "ħ": "h"}
_FOLDED |= {chr(n): unicodedata.name(chr(n)).split()[-1].lower() for n in range(0x3B1, 0x3CA) if chr(n) != "ς"}
_LETTERS = str.maketrans(_FOLDED)
_SUFFIXES = {"jr", "sr", "ii", "iii", "iv"}

RULES = {"arxiv": JoinRule.ARXIV, "acl": JoinRule.ACL, "doi": JoinRule.DOI}


__all__ = [
    "Key",
    "RecordAgreement",
    "WorkMatch",
    "acl_id",
    "agreement",
    "arxiv_id",
    "conflicting",
    "doi",
    "head",
    "identifiers",
    "is_placeholder",
    "match",
    "merge",
    "same_work",
    "title_key",
    "title_keys",
]


@dataclass(frozen=True)
class WorkMatch:
    """Grounds on which two records are one work: the rule, and what agreed. `certain`: an identifier says so."""

    rule: JoinRule
    evidence: dict[str, Any] = field(default_factory=dict)
    certain: bool = False


def title_key(title: str) -> str:
    """Return the letters, digits and marks of a title: case, accents, hyphens, TeX braces and spaces make no
    difference, nor does the word "RETRACTED" before it.
    """
    return "".join(c for c in _plain(bare_title(title)) if unicodedata.category(c)[0] in "LMN")


def title_keys(title: str) -> frozenset[str]:
    """List the keys that a record with this title is looked up by: the title, and the title without its subtitle."""
    return frozenset(filter(None, (title_key(title), title_key(head(title)))))


def head(title: str) -> str:
    """Return the title without its subtitle; "" if it has none."""
    parts = _SUBTITLE.split(bare_title(title), maxsplit=1)
    return parts[0] if len(parts) == 2 and parts[1].strip() else ""


def match(record: Record, work: Sequence[Record]) -> WorkMatch | None:
    """Return why `record` describes the work that the records `work` describe, or None.

    Identifiers that contradict each other keep works apart, whatever their titles say; a preprint's and a
    publication's do not contradict each other. A shared identifier counts only as far as the texts allow.
    """
    ours, theirs = identifiers(record), frozenset[Key]().union(*map(identifiers, work))
    shared = sorted(ours & theirs)
    if shared:
        best = max(
            (agreement(record, other) for other in work if other.title or other.authors), default=RecordAgreement.SOME
        )
        certain = [(kind, name) for kind, name in shared if kind in ("arxiv", "acl")]
        if certain and best > RecordAgreement.NONE:
            return WorkMatch(_rule(certain[0][0]), dict(certain), certain=True)
        if certain or best < RecordAgreement.SOME:
            return None
    if conflicting(ours, theirs):
        return None
    # One DOI may stand on every part of a series; arXiv and the Anthology give each part its own.
    if shared and not any(_different_parts(record.title, other.title) for other in work):
        return WorkMatch(_rule(shared[0][0]), dict(shared), certain=True)
    to_print = (_is_preprint(ours) and _is_published(theirs)) or (_is_preprint(theirs) and _is_published(ours))
    both_deposits = {kind for kind, _ in ours} & {kind for kind, _ in theirs} & {DEPOSIT}
    apart = ANY_YEARS if both_deposits else YEARS_TO_PRINT if to_print else YEARS_APART
    return next(filter(None, (_by_title(record, other, to_print, apart) for other in work)), None)


class RecordAgreement(IntEnum):
    """Agreement of the texts of two records with one identifier."""

    NONE = 0  # other titles and other people
    UNKNOWN = 1  # other titles, and the people of one are not known
    SOME = 2  # titles, people or abstracts agree, or there is nothing to compare


def agreement(a: Record, b: Record) -> RecordAgreement:
    """Compare title, authors and abstract of two records that share an identifier."""
    titles = _comparable(a.title, b.title)
    people = bool(a.authors and b.authors) and _comparable(" ".join(a.authors), " ".join(b.authors))
    if people and 2 * len(_shared(a.authors, b.authors)) >= min(len(a.authors), len(b.authors)):
        return RecordAgreement.SOME
    if titles and _alike(a.title, b.title):
        # "Introduction" by others is another work.
        long = min(len(title_key(a.title)), len(title_key(b.title))) >= MIN_TITLE
        return RecordAgreement.SOME if long or not people else RecordAgreement.NONE
    if _same_abstract(a.abstract, b.abstract):
        return RecordAgreement.SOME
    if titles:
        return RecordAgreement.NONE if people else RecordAgreement.UNKNOWN
    return RecordAgreement.NONE if people else RecordAgreement.SOME


def _comparable(left: str, right: str) -> bool:
    """Return True if both texts are there, in one script, and none is the name of a file."""
    if _FILE_NAME.search(left) or _FILE_NAME.search(right):
        return False
    scripts = [sum("LATIN" in unicodedata.name(c, "") for c in text if c.isalpha()) for text in (left, right)]
    letters = [sum(map(str.isalpha, text)) for text in (left, right)]
    return all(letters) and (2 * scripts[0] >= letters[0]) == (2 * scripts[1] >= letters[1])


def _alike(left: str, right: str) -> bool:
    """Return True if the titles share half of their words, or the shorter one, of three words or more,
    is in the other.
    """
    if title_key(left) == title_key(right):
        return True
    ours, theirs = _content(left), _content(right)
    common = len(ours & theirs)
    if _different_parts(left, right):
        return 2 * common >= len(ours | theirs)
    inside = min(len(ours), len(theirs)) >= 3 and (ours <= theirs or theirs <= ours)
    return inside or 2 * common > len(ours | theirs)


def _content(title: str) -> frozenset[str]:
    return frozenset(word for word in re.findall(r"\w+", _plain(bare_title(title))) if len(word) > 3 or word.isdigit())


def _same_abstract(left: str, right: str) -> bool:
    """Return True if half of the runs of eight words of the shorter text are in the other."""
    runs = []
    for text in (left, right):
        words = re.findall(r"\w+", text.casefold())
        runs.append({tuple(words[n : n + 8]) for n in range(len(words) - 7)})
    fewest = min(map(len, runs))
    return fewest >= 10 and 2 * len(runs[0] & runs[1]) >= fewest


def same_work(a: Record, b: Record) -> bool:
    """Return True if two records describe one work. Symmetric; a record without identifier and title equals none."""
    return match(a, [b]) is not None


def merge(records: Sequence[Record]) -> list[tuple[Record, ...]]:
    """Return the records in groups, one a work, in order of first appearance; which groups there are depends on no
    order.

    Where a title would put together works that are known to differ, it joins nothing.
    """
    groups = _Groups(len(records))
    keys = [identifiers(record) for record in records]
    for first, second in _pairs((key, n) for n, identifiers_of in enumerate(keys) for key in identifiers_of):
        if same_work(records[first], records[second]):
            groups.join(first, second)
    by_title = _Groups(len(records))
    for first, second in _pairs((key, n) for n, record in enumerate(records) for key in title_keys(record.title)):
        if same_work(records[first], records[second]):
            by_title.join(groups.root(first), groups.root(second))
    for roots in by_title.members():
        named = [frozenset().union(*(keys[n] for n in groups.of(root))) for root in roots]
        if not any(conflicting(a, b) for a, b in combinations(named, 2)):
            for root in roots[1:]:
                groups.join(roots[0], root)
    return [tuple(records[n] for n in numbers) for numbers in groups.members()]


def _pairs(keyed: Iterable[tuple[Hashable, int]]) -> Iterator[tuple[int, int]]:
    """Yield every two numbers that stand under one key."""
    under: dict[Hashable, list[int]] = defaultdict(list)
    for key, number in keyed:
        under[key].append(number)
    for numbers in under.values():
        yield from combinations(numbers, 2)


def _rule(kind: str) -> JoinRule:
    return RULES.get(kind, JoinRule.PREPRINT)


def _is_published(keys: frozenset[Key]) -> bool:
    return any(kind in ("acl", "doi") for kind, _ in keys)


def _is_preprint(keys: frozenset[Key]) -> bool:
    return bool(keys) and not _is_published(keys)


def _by_title(a: Record, b: Record, to_print: bool, apart: int) -> WorkMatch | None:
    """Return a match by title, authors and year, `apart` years at most.

    `to_print`: one is a preprint, the other published.
    """
    if a.year is not None and b.year is not None and abs(a.year - b.year) > apart:
        return None
    if _different_parts(a.title, b.title):
        return None
    ours, theirs = title_key(a.title), title_key(b.title)
    shared = _shared(a.authors, b.authors)
    fewest = min(len(a.authors), len(b.authors))
    evidence = {"title": ours, "authors": shared, "years": [a.year, b.year]}
    if len(ours) >= MIN_TITLE and ours == theirs:
        return WorkMatch(JoinRule.TITLE, evidence) if shared and 2 * len(shared) >= fewest else None
    common = {title_key(head(a.title)), ours} & {title_key(head(b.title)), theirs} & {ours, theirs}
    if to_print and common and len(min(common)) >= MIN_HEAD and len(shared) == fewest > 1:
        return WorkMatch(JoinRule.HEAD, evidence | {"title": min(common)})
    return None


def _different_parts(left: str, right: str) -> bool:
    """Return True if the numbers in two titles differ, Roman ones included ("Part I", "Part II")."""
    known = left and right and not (_FILE_NAME.search(left) or _FILE_NAME.search(right))
    return bool(known) and _numbers(left) != _numbers(right)


def _numbers(title: str) -> list[str]:
    words = re.findall(r"\d+(?:[.,]\d+)*|[^\W\d_]+", _plain(bare_title(title)))
    return [word for word in words if _NUMBER.fullmatch(word) or _ROMAN.fullmatch(word)]


def _shared(ours: Sequence[str], theirs: Sequence[str]) -> list[str]:
    """Return the family names of the authors that are in both lists: the same family name and no other initial, or
    the same words in another order (a family name may stand first).
    """
    left = [_name(author) for author in theirs]
    names = []
    for family, initial, words in map(_name, ours):
        for author in left:
            same = family == author[0] and (not initial or not author[1] or initial == author[1])
            if family and (same or (len(words) > 1 and words == author[2])):
                left.remove(author)
                names.append(family)
                break
    return names


@lru_cache(maxsize=4096)
def _name(author: str) -> tuple[str, str, frozenset[str]]:
    """Return (last word of the family name, first initial, all words) of a name.

    Of "Rob van der Goot", "van der Goot, Rob" and "Goot R" the first is "goot" and the second "r".
    """
    family, comma, given_names = author.partition(",")
    words = [word for word in family.split() if word.strip(".").casefold() not in _SUFFIXES]
    first = given_names.split() if comma else words[:-1]
    if not comma and len(words) > 1 and words[-1].strip(".").isupper() and len(words[-1].strip(".")) <= 2:
        first = [words.pop()]  # initials behind the name
    initial = _letters(first[0])[:1] if first else ""
    return _letters(words[-1]) if words else "", initial, frozenset(map(_letters, f"{family} {given_names}".split()))


def _letters(word: str) -> str:
    """Return the letters of a name as they are compared: "Schütze", "Schuetze" and "Schutze" are one."""
    return re.sub("(?<=[aou])e", "", "".join(c for c in _plain(word) if c.isalnum()))


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    """Lower case, without accents and TeX's commands, compatibility forms and Greek letters folded, "&" spelt out."""
    bare = _TEX_LETTER.sub(lambda match: _TEX_LETTERS[match[1]], _TEX_FONT.sub("", text))
    decomposed = unicodedata.normalize("NFKD", _TEX.sub("", bare).replace("&", " and "))
    folded = unicodedata.normalize("NFKC", re.sub("[\u0300-\u036f]", "", decomposed)).casefold()
    return folded.translate(_LETTERS)


class _Groups:
    """Disjoint sets of 0…n-1."""

    def __init__(self, count: int) -> None:
        self._parent = list(range(count))
        self._members: dict[int, list[int]] = {n: [n] for n in range(count)}

    def root(self, number: int) -> int:
        while self._parent[number] != number:
            number = self._parent[number]
        return number

    def join(self, first: int, second: int) -> None:
        low, high = sorted((self.root(first), self.root(second)))
        if low != high:
            self._parent[high] = low
            self._members[low].extend(self._members.pop(high))

    def of(self, number: int) -> list[int]:
        return self._members[self.root(number)]

    def members(self) -> list[list[int]]:
        """Return the sets, each sorted, in order of their least member."""
        return [sorted(self._members[root]) for root in sorted(self._members)]
