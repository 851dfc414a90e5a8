"""Dumps of metadata on this machine: one JSON object a line, plain, .gz or .xz, read as a stream. They are not trusted.

Without an index a dump is searched by reading it: which lines have which terms, then the best of them. A line has its
rank by the terms that it has, rare ones and those in the title counting more; the closer ranking comes later.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from synth.core.errors import SourceError, UsageError
from synth.core.types import JsonObject, Record
from synth.library.dump import CutDump, Dump
from synth.sources import HitPage
from synth.sources.question import one_line

MAX_QUERY = 2_000
MAX_NAMED = 5  # damaged lines that are named one by one

AsRecord = Callable[[JsonObject], Record | None]
_GROUP = re.compile(r"\(([^()]*)\)|([^()]+)")
_OR = re.compile(r"\s+OR\s+|\A\s*OR\s+|\s+OR\s*\Z")


@dataclass
class Damage:
    """Lines that could not be used: how many, and the numbers of the first ones."""

    lines: int = 0
    first: list[int] = field(default_factory=list)

    def add(self, number: int) -> None:
        self.lines += 1
        if len(self.first) < MAX_NAMED:
            self.first.append(number)

    def warnings(self, file: Path) -> tuple[str, ...]:
        if not self.lines:
            return ()
        more = ", …" if self.lines > len(self.first) else ""
        numbers = ", ".join(map(str, self.first)) + more
        count = "1 line is no record" if self.lines == 1 else f"{self.lines:,} lines are no records"
        return (f"{file.name}: {count} (line {numbers}); passed over.",)


def checked(file: Path | None, name: str, variable: str, what: str) -> Path:
    """Return `file`, if there is such a dump. UsageError saying how to name one otherwise."""
    do = f"Name {what} with {variable} or `{variable.removeprefix('SYNTH_').lower()}` in synth.toml."
    if file is None:
        raise UsageError(f"The `{name}` source has no dump.", do)
    if not file.is_file():
        raise UsageError(f"There is no file {file}.", do)
    return file


def records(
    file: Path, as_record: AsRecord, damage: Damage, only: Collection[int] | None = None
) -> Iterator[tuple[int, Record]]:
    """Yield (line, record) of every usable line of `file`, in order, or of the lines `only`; the others are counted
    in `damage`.

    SourceError if the file itself is damaged so that the rest cannot be read.
    """
    for number, line in _lines(file):
        if only is not None and number not in only:
            continue
        try:
            entry = json.loads(line) if line is not None else None
        except (ValueError, RecursionError):
            entry = None
        record = as_record(entry) if isinstance(entry, dict) else None
        if record is None:
            damage.add(number)
        else:
            yield number, record


def search(file: Path, as_record: AsRecord, query: str, limit: int, start: int, size: int) -> Iterator[HitPage]:
    """Yield the pages of `size` of the records that have a term of `query` (`terms` says its form), best first."""
    wanted = terms(one_line(query, MAX_QUERY, file.name))
    if not wanted:
        raise UsageError(f"The query {query!r} has no word.", 'Write words or "phrases", joined by OR.')
    damage = Damage()
    order = _ranked(file, as_record, wanted, damage)
    chosen = {line: place for place, line in enumerate(order[:limit])}
    matches: dict[int, Record] = {}
    if chosen:
        for line, record in records(file, as_record, Damage(), chosen):
            matches[chosen[line]] = record
    end = min(limit, len(order))
    for first in range(start, max(end, start + 1), size):
        batch = tuple(matches[place] for place in range(first, min(first + size, end)))
        yield HitPage(query, batch, len(order), warnings=damage.warnings(file) if first == 0 else (), url=file.as_uri())


def terms(query: str) -> list[tuple[str, ...]]:
    """Return the groups of synonyms in `("a b" OR c) OR d`: parentheses hold the synonyms of one term,
    quotes a phrase.
    """
    groups: list[tuple[str, ...]] = []
    for match in _GROUP.finditer(query):
        words = [_folded(part) for part in _OR.split(match[1] or match[2])]
        words = [word for word in words if word]
        groups += [tuple(words)] if match[1] and words else [(word,) for word in words]
    return groups


def written(concepts: list[tuple[str, ...]]) -> str:
    """Return the terms with their synonyms in the form that `terms` reads."""
    return " OR ".join(
        f"({' OR '.join(map(_quoted, concept))})" if len(concept) > 1 else _quoted(concept[0]) for concept in concepts
    )


def _quoted(term: str) -> str:
    return term if term.isalnum() else f'"{term}"'


def _folded(text: str) -> str:
    """Lower case, with one blank for whatever stands between words."""
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def _ranked(file: Path, as_record: AsRecord, wanted: list[tuple[str, ...]], damage: Damage) -> list[int]:
    """Return the lines that have a term, best first; among equals in the order of the file.

    A term weighs ln(records / records with it), twice if it is in the title: plain inverse document frequency
    (Spärck Jones 1972).
    """
    patterns = [_pattern(group) for group in wanted]
    # Folding is dear: only a text that has the first word of some term is looked at closely.
    words = {term.split()[0] for group in wanted for term in group}
    matched: list[tuple[int, int, int]] = []
    total, having = 0, [0] * len(patterns)
    for line, record in records(file, as_record, damage):
        total += 1
        plain = f"{record.title} {record.abstract}".casefold()
        if not any(word in plain for word in words):
            continue
        title = f" {_folded(record.title)} "
        text = f"{title}{_folded(record.abstract)} "
        everywhere = sum(1 << n for n, pattern in enumerate(patterns) if pattern.search(text))
        if everywhere:
            head = sum(1 << n for n, pattern in enumerate(patterns) if everywhere >> n & 1 and pattern.search(title))
            matched.append((line, everywhere, head))
            for n in range(len(patterns)):
                having[n] += everywhere >> n & 1
    weights = [math.log(1 + total / (count or 1)) for count in having]

    def score(everywhere: int, head: int) -> float:
        return sum(w * ((everywhere >> n & 1) + (head >> n & 1)) for n, w in enumerate(weights))

    return [line for line, *_ in sorted(matched, key=lambda row: (-score(row[1], row[2]), row[0]))]


def _pattern(group: tuple[str, ...]) -> re.Pattern[str]:
    """Return any of the synonyms as whole words, with or without a plural's s."""
    return re.compile("|".join(f" {re.escape(term)}s? " for term in group))


def _lines(file: Path) -> Iterator[tuple[int, bytes | None]]:
    """Yield (number, line) of `file`, from 1; None for a line that is too long. Empty lines are left out."""
    try:
        with Dump(file) as dump:
            for line in dump.lines():
                if line.text is None or line.text.strip():
                    yield line.number, line.text
    except CutDump as error:
        raise SourceError(error.what, "Fetch or split the dump.", retryable=False) from error
