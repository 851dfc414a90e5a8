"""Reads the digests: one Markdown file each with TOML front matter, and the works that they cite.

A digest retells a real paper in this project's own words. It is not that paper: it carries its own title and
says on its first page whose work it digests. Every figure in its text has a note in the front matter that
names where the figure is confirmed: the original's abstract, or a published report that printed it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files

from pydantic import TypeAdapter

PROJECT = "The synth project"
WRITTEN = 2026  # the year in which the digests were written; the originals have their own years

CITATION = re.compile(r"\[(@\w+(?:;\s*@\w+)*)\]|@(\w+)")


@dataclass(frozen=True)
class DigestWork:
    """A published paper. Identifiers are empty where they are not known, never guessed."""

    key: str
    title: str
    authors: tuple[str, ...]
    year: int
    venue: str
    url: str
    acl_id: str = ""
    arxiv_id: str = ""
    doi: str = ""

    @property
    def short_authors(self) -> str:
        """The way a paper is cited in running text: "Phang et al.", "Wu and Dredze"."""
        surnames = [name.split()[-1] if " de " not in name else name.split(" ", 1)[1] for name in self.authors]
        if len(surnames) > 2:
            return f"{surnames[0]} et al."
        return " and ".join(surnames)

    @property
    def identifiers(self) -> str:
        parts = []
        if self.acl_id:
            parts.append(f"{self.acl_id} in the ACL Anthology")
        if self.arxiv_id:
            parts.append(f"{self.arxiv_id} at arXiv")
        return ", ".join(parts)


@dataclass(frozen=True)
class DigestFigure:
    """Place where one number of a digest is confirmed; exactly one of `abstract`, `report` and `data` is filled.

    `value` is the number as the digest writes it, `printed` as the confirming text does when it differs
    ("nine"). `abstract` is the ACL Anthology id of the paper whose abstract prints it, `report` the title of a
    report that does, `data` the name of the data set in which it was counted.
    """

    value: str
    says: str
    abstract: str = ""
    report: str = ""
    data: str = ""
    printed: str = ""


@dataclass(frozen=True)
class DigestTable:
    caption: str
    rows: tuple[tuple[str, ...], ...]  # the first row holds the column heads


@dataclass(frozen=True)
class Section:
    title: str
    blocks: tuple[str | DigestTable, ...]  # a string is a paragraph


@dataclass(frozen=True)
class Digest:
    work: DigestWork  # the paper that is digested
    sections: tuple[Section, ...]
    figures: tuple[DigestFigure, ...]

    @property
    def key(self) -> str:
        return self.work.key

    @property
    def title(self) -> str:
        return f"Digest: {self.work.title}"

    @property
    def marking(self) -> str:
        work = self.work
        return (
            f"Digest written by the synth project of: {', '.join(work.authors)} ({work.year}), {work.title}, "
            f"{work.venue} ({work.identifiers}). Not the original paper."
        )

    @property
    def abstract(self) -> str:
        return " ".join(str(block) for block in self.sections[0].blocks)

    @property
    def text(self) -> str:
        """Paragraphs, captions and table cells, with citations unresolved."""
        parts: list[str] = []
        for section in self.sections:
            for block in section.blocks:
                if isinstance(block, DigestTable):
                    parts.append(block.caption)
                    parts.extend(" | ".join(row) for row in block.rows)
                else:
                    parts.append(block)
        return "\n".join(parts)

    @property
    def cited(self) -> tuple[str, ...]:
        """Keys of the reference list: the original, then the others in order of author and year."""
        keys = {key for match in CITATION.finditer(self.text) for key in re.findall(r"@(\w+)", match[0])}
        known = works()
        others = sorted(keys - {self.key}, key=lambda key: (known[key].short_authors, known[key].year))
        return (self.key, *others)


def cite(text: str, known: Mapping[str, DigestWork]) -> str:
    """Spell out citations: `[@a; @b]` becomes "(A et al., 2020; B and C, 2019)", `@a` "A et al. (2020)"."""

    def spell(match: re.Match[str]) -> str:
        if match[2]:
            work = known[match[2]]
            return f"{work.short_authors} ({work.year})"
        cited = [known[key] for key in re.findall(r"@(\w+)", match[1])]
        return "(" + "; ".join(f"{work.short_authors}, {work.year}" for work in cited) + ")"

    return CITATION.sub(spell, text)


def parse(source: str) -> Digest:
    """Parse one digest from the text of its file. ValueError says what is wrong with it."""
    match = re.fullmatch(r"\+\+\+\n(.*?)\n\+\+\+\n(.*)", source, re.DOTALL)
    if not match:
        raise ValueError("a digest starts with TOML front matter between two lines '+++'")
    front = tomllib.loads(match[1])
    figures = tuple(DigestFigure(**figure) for figure in front.pop("figures"))
    for figure in figures:
        if sum(map(bool, (figure.abstract, figure.report, figure.data))) != 1:
            raise ValueError(f"figure {figure.value}: name either the abstract, the report or the data that confirm it")
    return Digest(_work(front), tuple(_sections(match[2])), figures)


_DIGEST_WORK = TypeAdapter(DigestWork)


def _work(entry: dict[str, object]) -> DigestWork:
    unknown = set(entry) - {field.name for field in fields(DigestWork)}
    if unknown:
        raise ValueError(f"unknown keys: {', '.join(sorted(unknown))}")
    return _DIGEST_WORK.validate_python(entry)


def _sections(body: str) -> list[Section]:
    sections: list[tuple[str, list[str | DigestTable]]] = []
    for chunk in re.split(r"\n\s*\n", body.strip()):
        if chunk.startswith("# "):
            sections.append((chunk[2:].strip(), []))
        elif not sections:
            raise ValueError("text before the first heading")
        elif chunk.startswith("Table: "):
            sections[-1][1].append(_table(chunk))
        else:
            sections[-1][1].append(" ".join(chunk.split()))
    return [Section(title, tuple(blocks)) for title, blocks in sections]


def _table(chunk: str) -> DigestTable:
    caption, *lines = chunk.splitlines()
    rows = tuple(
        tuple(cell.strip() for cell in line.strip().strip("|").split("|")) for line in lines if "---" not in line
    )
    if len({len(row) for row in rows}) != 1:
        raise ValueError(f"table rows of different length under {caption!r}")
    return DigestTable(caption.removeprefix("Table: ").strip(), rows)


@cache
def digests() -> tuple[Digest, ...]:
    """Return all bundled digests, by key."""
    folder = files(__package__) / "digests"
    sources = [entry for entry in folder.iterdir() if entry.name.endswith(".md")]
    return tuple(sorted((parse(entry.read_text("utf-8")) for entry in sources), key=lambda digest: digest.key))


@cache
def works() -> Mapping[str, DigestWork]:
    """Return every work that a digest retells or cites, by key."""
    others = tomllib.loads((files(__package__) / "works.toml").read_text("utf-8"))["works"]
    listed = [digest.work for digest in digests()] + [_work(entry) for entry in others]
    known = {work.key: work for work in listed}
    if len(known) != len(listed):
        raise ValueError("two works share a key")
    return known
