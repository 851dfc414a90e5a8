"""When two records are the same work: by identifier, else by title, authors and year. Pure; errs on the side of two.

A preprint and its publication are one work; two parts of a series, or titles with different numbers, never are.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import combinations

from synth.types import Record

SHORTEST_TITLE = 16  # letters and digits; "Introduction" by the same editor is not the same work
YEARS_APART = 1

_ARXIV = re.compile(
    r"(?:arxiv:)?(?P<id>(?:0[7-9]|1[0-4])(?:0[1-9]|1[0-2])\.\d{4}"  # April 2007 to 2014
    r"|(?:1[5-9]|[2-8]\d)(?:0[1-9]|1[0-2])\.\d{5}"  # since 2015
    r"|(?:[a-z]+(?:-[a-z]+)?)(?:\.[a-z]{2})?/\d{2}(?:0[1-9]|1[0-2])\d{3})(?P<version>v[1-9]\d*)?",
    re.IGNORECASE,
)
_ACL = re.compile(
    r"(?P<id>[A-Z]\d{2}-\d{4}"  # until 2019
    r"|(?:19|20)\d{2}\.[a-z][a-z0-9_]*(?:-[a-z0-9_]+)+\.\d+)(?P<version>v[1-9]\d*)?"
)
_DOI_PREFIX = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_ROMAN = re.compile(r"x{0,3}(?:ix|iv|v?i{0,3})")
_TEX = re.compile(r"\\[\"'`^~=.](?=\{?[A-Za-z])|\\[uvHtcdbkr](?=\{)|[{}$\\]")
_SUFFIXES = {"jr", "sr", "ii", "iii", "iv"}

Key = tuple[str, str]


def arxiv_id(text: str) -> tuple[str, str] | None:
    """("2005.13013", "v2") of "2005.13013v2" or "arXiv:2005.13013v2"; None unless the whole text is an arXiv id."""
    found = _ARXIV.fullmatch(text.strip())
    return (found["id"].lower(), (found["version"] or "").lower()) if found else None


def acl_id(text: str) -> tuple[str, str] | None:
    """("P19-1493", "") of "P19-1493"; None unless the whole text is an ACL Anthology id."""
    found = _ACL.fullmatch(text.strip())
    return (found["id"], found["version"] or "") if found else None


def doi(text: str) -> str | None:
    """The DOI in lower case, without the address in front; None unless the whole text is one."""
    bare = _DOI_PREFIX.sub("", text.strip()).lower()
    return bare if _DOI.fullmatch(bare) else None


def identifiers(record: Record) -> frozenset[Key]:
    """What names the work for certain. A DOI that arXiv or the Anthology gave out is theirs.

    The identifier that the record states itself goes first: published DOIs are sometimes those of a neighbour.
    """
    found: dict[str, str] = {}
    if name := doi(record.doi):
        prefix, _, rest = name.partition("/")
        if prefix == "10.48550" and (parsed := arxiv_id(rest.removeprefix("arxiv."))):
            found["arxiv"] = parsed[0]
        elif prefix in ("10.18653", "10.3115") and rest.startswith("v1/"):
            found["acl"] = rest.removeprefix("v1/")
        else:
            found["doi"] = name
    if parsed := arxiv_id(record.arxiv_id):
        found["arxiv"] = parsed[0]
    if parsed := acl_id(record.acl_id):
        found["acl"] = parsed[0].lower()
    return frozenset(found.items())


def title_key(title: str) -> str:
    """The letters, digits and marks of a title: case, accents, hyphens, TeX braces and spaces make no difference."""
    return "".join(c for c in _plain(title) if unicodedata.category(c)[0] in "LMN")


def same_work(a: Record, b: Record) -> bool:
    """Whether two records describe one work. Symmetric; a record without identifier and title equals none."""
    ours, theirs = identifiers(a), identifiers(b)
    shared = {kind for kind, _ in ours & theirs}
    if shared - {"doi"}:
        return True
    if _conflict(ours, theirs):
        return False
    # One DOI may stand on every part of a series; arXiv and the Anthology give each part its own.
    return _same_title(a, b) or ("doi" in shared and not _different_parts(a.title, b.title))


def merge(records: Sequence[Record]) -> list[tuple[Record, ...]]:
    """The records in groups, one a work, in order of first appearance; which groups there are depends on no order.

    Where a title would put together works that are known to differ, it joins nothing.
    """
    groups = _Groups(len(records))
    keys = [identifiers(record) for record in records]
    for one, other in _pairs((key, n) for n, found in enumerate(keys) for key in found):
        if same_work(records[one], records[other]):
            groups.join(one, other)
    titles = [title_key(record.title) for record in records]
    by_title = _Groups(len(records))
    for one, other in _pairs((key, n) for n, key in enumerate(titles) if len(key) >= SHORTEST_TITLE):
        if _same_title(records[one], records[other]):
            by_title.join(groups.root(one), groups.root(other))
    for roots in by_title.members():
        named = [frozenset().union(*(keys[n] for n in groups.of(root))) for root in roots]
        if not any(_conflict(a, b) for a, b in combinations(named, 2)):
            for root in roots[1:]:
                groups.join(roots[0], root)
    return [tuple(records[n] for n in numbers) for numbers in groups.members()]


def _pairs(keyed: Iterable[tuple[Hashable, int]]) -> Iterator[tuple[int, int]]:
    """Every two numbers that stand under one key."""
    under: dict[Hashable, list[int]] = defaultdict(list)
    for key, number in keyed:
        under[key].append(number)
    for numbers in under.values():
        yield from combinations(numbers, 2)


def _conflict(ours: frozenset[Key], theirs: frozenset[Key]) -> bool:
    """Two identifiers of one kind that differ name two works."""
    kinds = {kind for kind, _ in ours} & {kind for kind, _ in theirs}
    return any(
        {name for kind, name in ours if kind == wanted}.isdisjoint(name for kind, name in theirs if kind == wanted)
        for wanted in kinds
    )


def _same_title(a: Record, b: Record) -> bool:
    key = title_key(a.title)
    return (
        len(key) >= SHORTEST_TITLE
        and key == title_key(b.title)
        and not _different_parts(a.title, b.title)
        and (a.year is None or b.year is None or abs(a.year - b.year) <= YEARS_APART)
        and not _surnames(a.authors).isdisjoint(_surnames(b.authors))
    )


def _different_parts(one: str, other: str) -> bool:
    """Whether the numbers in two titles differ, Roman ones included ("Part I", "Part II")."""
    return bool(one and other) and _numbers(one) != _numbers(other)


def _numbers(title: str) -> list[str]:
    words = re.findall(r"\d+(?:[.,]\d+)*|[^\W\d_]+", _plain(title))
    return [word for word in words if _NUMBER.fullmatch(word) or _ROMAN.fullmatch(word)]


def _surnames(authors: Iterable[str]) -> frozenset[str]:
    return frozenset(filter(None, map(_surname, authors)))


def _surname(author: str) -> str:
    """The last word of the family name: of "Rob van der Goot", "van der Goot, Rob" and "Goot R" it is "goot"."""
    words = [word.strip(".") for word in author.partition(",")[0].split()]
    words = [word for word in words if word and word.casefold() not in _SUFFIXES]
    if len(words) > 1 and words[-1].isupper() and len(words[-1]) <= 2:  # initials behind the name
        words.pop()
    return "".join(c for c in _plain(words[-1]) if c.isalnum()) if words else ""


def _plain(text: str) -> str:
    """Lower case, without accents and TeX's braces, compatibility forms folded."""
    decomposed = unicodedata.normalize("NFKD", _TEX.sub("", text))
    return unicodedata.normalize("NFKC", re.sub("[\u0300-\u036f]", "", decomposed)).casefold()


class _Groups:
    """Disjoint sets of 0…n-1."""

    def __init__(self, count: int) -> None:
        self._parent = list(range(count))
        self._members: dict[int, list[int]] = {n: [n] for n in range(count)}

    def root(self, number: int) -> int:
        while self._parent[number] != number:
            number = self._parent[number]
        return number

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self.root(one), self.root(other)))
        if low != high:
            self._parent[high] = low
            self._members[low].extend(self._members.pop(high))

    def of(self, number: int) -> list[int]:
        return self._members[self.root(number)]

    def members(self) -> list[list[int]]:
        """The sets, each sorted, in order of their least member."""
        return [sorted(self._members[root]) for root in sorted(self._members)]
