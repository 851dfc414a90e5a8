"""Lines of "TAG value", which RIS, MEDLINE, EndNote's and Web of Science's exports are made of, in entries.

A line without a tag goes on with the value before it. Tolerant: nothing raises, and what belongs to no entry is told.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from synth.core.types import Record
from synth.sources.formats.reference import Reference, record

MAX_LINE = 100_000  # characters of a line that are read
MAX_VALUES = 5_000  # of one tag


@dataclass
class TaggedEntry:
    """The values of one reference by tag, in order; `line` where it begins."""

    line: int
    values: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    problems: list[str] = field(default_factory=list)

    def all(self, *tags: str) -> list[str]:
        """Return the values of these tags, those of the first tag first, without empty ones."""
        return [value for tag in tags for text in self.values.get(tag, ()) if (value := text.strip())]

    def first(self, *tags: str) -> str:
        return next(iter(self.all(*tags)), "")

    def add(self, tag: str, text: str) -> None:
        if len(self.values[tag]) < MAX_VALUES:
            self.values[tag].append(text)

    def extend(self, tag: str, text: str) -> None:
        """Go on with the newest value of `tag`."""
        values = self.values[tag]
        values[-1:] = [f"{values[-1]}\n{text}" if values else text]


@dataclass(frozen=True)
class Dialect:
    """Conventions of a format: how it marks lines and entries.

    `tag`: a line with a tag (groups: tag, value, and wide: set as the format wants it); `starts` and `ends`: tags that
    begin or end an entry. `header`: lines outside of entries that say nothing of works. `known`: tags that count
    however they are set.
    """

    tag: re.Pattern[str]
    starts: frozenset[str]
    ends: frozenset[str] = frozenset()
    header: re.Pattern[str] = re.compile(r"(?!)")
    known: frozenset[str] | None = None


def entries(text: str, dialect: Dialect, stray: Callable[[int, str], None]) -> Iterator[TaggedEntry]:
    """Yield the entries of `text`; `stray` is told of lines (number, text) that belong to none."""
    entry: TaggedEntry | None = None
    tag = ""
    for number, raw in enumerate(re.split(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]", text), 1):
        line = raw[:MAX_LINE].rstrip()
        match = dialect.tag.match(line)
        name = match["tag"].upper() if match else ""
        if match and dialect.known is not None and name not in dialect.known and not match["wide"]:
            match = None
        if not line.strip():
            continue
        if not match:
            if entry is not None and tag:
                entry.extend(tag, line.strip())
            elif not dialect.header.match(line):
                stray(number, line)
            continue
        if name in dialect.ends:
            if entry is not None:
                yield entry
            entry, tag = None, ""
            continue
        if entry is not None and name in dialect.starts:
            yield entry
            entry = None
        if entry is None:
            if name not in dialect.starts and dialect.header.match(line):
                continue
            entry = TaggedEntry(number)
            if name not in dialect.starts:
                entry.problems.append(f"begins with {name} instead of {'/'.join(sorted(dialect.starts))}")
        tag = name
        entry.add(tag, (match["value"] or "").strip())
    if entry is not None:
        yield entry


def read(
    text: str, dialect: Dialect, convert: Callable[[TaggedEntry, Reference], None]
) -> tuple[list[Record], list[str]]:
    """Return the records of a file, each made by `convert`, and what was not understood."""
    warnings: list[str] = []
    strays: list[tuple[int, str]] = []
    records = []
    for number, entry in enumerate(entries(text, dialect, lambda line, item: strays.append((line, item))), 1):
        reference = Reference(f"reference {number} (line {entry.line})")
        for problem in entry.problems:
            reference.problem(problem)
        convert(entry, reference)
        if item := record(reference):
            records.append(item)
        warnings += reference.problems
    if strays:
        line, stray = strays[0]
        more = f" and {len(strays) - 1} more lines" if len(strays) > 1 else ""
        warnings.append(f"line {line}: {stray.strip()[:60]!r}{more} outside of references; passed over")
    return records, warnings


def pages(first: str, last: str) -> str:
    """Return a range of pages; the first may be a whole range already."""
    return f"{first}-{last}" if first and last and last not in re.split(r"[-–—]", first) else first or last


def joined(values: Iterable[str]) -> str:
    """Join the values of one thing on one line; a word that a line's end parted by a hyphen is not put together."""
    return " ".join(" ".join(values).split())


def spoken(name: str) -> str:
    """Read "Last, First, Suffix" as it is spoken.

    A group ends with a comma, those in its name are doubled (EndNote).
    """
    text = " ".join(name.split())
    if ",," in text or text.endswith(","):
        return text.removesuffix(",").replace(",,", ",")
    last, first, suffix = (*(part.strip() for part in text.split(",", 2)), "", "")[:3]
    if re.fullmatch(r"(?:jr|sr|i{2,3}|iv)\.?", first, re.IGNORECASE):  # "Davis, Jr., Sammy"
        first, suffix = suffix, first
    return " ".join(filter(None, (first, last, suffix)))


def people(values: Iterable[str]) -> list[str]:
    """Return the names, one a value or a line of it.

    Several ("Last, First; Last, First") stand between semicolons.
    """
    names: list[str] = []
    for line in (line for value in values for line in value.split("\n")):
        parts = [part for part in line.split(";") if part.strip()]
        names += map(spoken, parts if all("," in part for part in parts) else [line])
    return [name for name in names if name and name.casefold().rstrip(".") not in ("others", "et al", "anonymous")]
