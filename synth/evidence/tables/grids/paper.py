"""Definitions in the sentences and captions of a paper: abbreviations, cited systems, its own system. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from synth.core.types import Passage, PassageKind
from synth.evidence.tables.grids.spelling import folded
from synth.text.abbreviations import abbreviations

CITATION = re.compile(
    r"\(?(?P<author>[A-Z][\w'’-]+)(?:\set\sal\.?|\s(?:and|&)\s[A-Z][\w'’-]+)?,?\s?\(?(?P<year>(?:19|20)\d\d)[a-z]?\)?"
)
CITED_NAME = re.compile(r"(?P<name>[^\s(),;]*[A-Z][^\s(),;]*)\s(?P<citation>\([A-Z][^()]{3,60}(?:19|20)\d\d[a-z]?\))")
MEANS = re.compile(
    r"\b(?P<short>[A-Z][\w-]{0,7})\s?(?:=|stands for|denotes|means|is short for|refers to|–|:)\s"
    r"(?P<long>[^\s,;.][^,;.()]{2,60})"
)
CAMEL = re.compile(r"\b(?:[A-Z][a-z]+){2,5}\b")  # "CommonCrawl", which tables call "CC"
PRESENTS = re.compile(
    r"\b(?:[Ww]e\s(?:present|introduce|propose|release|develop|describe|call)|[Oo]ur\s(?:\w+\s){0,2}"
    r"(?:model|system|method|approach|toolkit|framework|unit|dataset|corpus)s?,?\s(?:is\s)?(?:dubbed|called|named|termed))\s"
    r"[^.;]{0,80}?(?P<name>\b[^\s(),;.]*[A-Z][^\s(),;]*[A-Z][^\s(),;.]*)"
)


class PaperDefinitions:
    """Definitions of a paper's sentences and captions: abbreviations, cited systems, the names of its own system."""

    def __init__(self, passages: Iterable[Passage] = ()) -> None:
        self.abbreviations: dict[str, set[str]] = defaultdict(set)
        self.cited: dict[tuple[str, str], set[str]] = defaultdict(set)
        counts: Counter[str] = Counter()
        camel: Counter[str] = Counter()
        for passage in passages:
            if passage.kind is PassageKind.CELL:
                continue
            for short, long in _abbreviations(passage.text):
                self.abbreviations[folded(short)].add(folded(long))
                self.abbreviations[folded(long)].add(folded(short))
            for match in CITED_NAME.finditer(passage.text):
                if (key := CITATION.search(match["citation"])) and not CITATION.match(match["name"]):
                    self.cited[key["author"].casefold(), key["year"]].add(folded(match["name"]))
            counts.update(folded(match["name"]) for match in PRESENTS.finditer(passage.text))
            camel.update(CAMEL.findall(passage.text))
        for short, names in _initials(camel).items():
            if len(names) == 1 and short.casefold() not in self.abbreviations:
                (name,) = names
                self.abbreviations[short.casefold()].add(folded(name))
                self.abbreviations[folded(name)].add(short.casefold())
        most = max(counts.values(), default=0)
        self.own = frozenset(name for name, count in counts.items() if count == most and len(name) > 1)


def _initials(names: Counter[str]) -> dict[str, set[str]]:
    """Return the capitals of joined names that a paper uses more than once."""
    initials: dict[str, set[str]] = defaultdict(set)
    for name, count in names.items():
        if count > 1:
            initials["".join(c for c in name if c.isupper())].add(name)
    return initials


def _abbreviations(text: str) -> Iterator[tuple[str, str]]:
    """Return (short, long) forms: "Cross-lingual Language Model (XLM)" (Schwartz & Hearst 2003) and "TL = Tagalog"."""
    yield from abbreviations([text]).items()
    for match in MEANS.finditer(text):
        first = match["long"].split()[0]
        if match["short"].isupper() and first[:1].casefold() == match["short"][0].casefold():
            yield match["short"], match["long"].strip()
