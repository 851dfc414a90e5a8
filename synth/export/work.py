"""A work as references need it: its type, its names in parts, its key. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from synth.core.types import PublicationType
from synth.export.names import Name, parsed
from synth.papers.publication import anthology_journal, anthology_type
from synth.store.rows.searches import ReferenceView
from synth.text.content import STOP_WORDS

# What a person's own file called the work, kept as its comment.
_NAMED = {"@book": "book", "@phdthesis": "phdthesis", "@mastersthesis": "mastersthesis"}
_NO_KEY = STOP_WORDS | {"digest"}  # no first word of a title for a key


@dataclass(frozen=True)
class CitedWork:
    """One reference. Empty or None: not known. `key` is unique among the works it was made with.

    `kind`: article, inproceedings, incollection, book, phdthesis, mastersthesis, or misc for a preprint and for what
    is not known to be one of these. `venue`: the journal, proceedings or book that it stands in; `year`: that of this
    publication.
    """

    key: str
    kind: str
    title: str
    authors: tuple[Name, ...]
    year: int | None
    venue: str
    volume: str
    issue: str
    pages: str
    publisher: str
    doi: str
    arxiv_id: str
    acl_id: str
    url: str
    note: str

    @property
    def preprint(self) -> bool:
        return self.kind == "misc" and bool(self.arxiv_id)

    @property
    def addresses(self) -> list[str]:
        """Addresses on the web, the database's own first."""
        known = [self.url, f"https://arxiv.org/abs/{self.arxiv_id}" if self.arxiv_id else ""]
        known.append(f"https://aclanthology.org/{self.acl_id}" if self.acl_id else "")
        return list(dict.fromkeys(filter(None, known)))


def works(rows: Iterable[ReferenceView]) -> list[CitedWork]:
    """Return the references of `rows`, in their order.

    Of two that would have one key, that with the lower id keeps it, so that works that come later change none.

    Works without a title are left out: a reference needs one.
    """
    titled = [row for row in rows if row.title.strip()]
    keys = _keys(titled)
    return [_work(row, keys[row.id]) for row in titled]


def _work(row: ReferenceView, key: str) -> CitedWork:
    return CitedWork(
        key=key,
        kind=_kind(row),
        title=" ".join(row.title.split()),
        authors=tuple(parsed(name) for name in row.authors if name.strip()),
        year=row.published_year or row.year,
        venue=row.venue or anthology_journal(row.acl_id),
        volume=row.volume,
        issue=row.issue,
        pages=row.page_range,
        publisher=row.publisher,
        doi=row.doi,
        arxiv_id=row.arxiv_id,
        acl_id=row.acl_id,
        url=row.url,
        note=_note(row),
    )


def _kind(row: ReferenceView) -> str:
    """Return the type: by the Anthology's id, by a person's own file, by what the sources say of the publication.

    A DOI alone says nothing of it, so it leaves the work at misc.
    """
    told = anthology_type(row.acl_id) or _NAMED.get(row.comment, "") or row.publication_type
    return "misc" if told in (PublicationType.UNKNOWN, PublicationType.PREPRINT) else str(told)


def _note(row: ReferenceView) -> str:
    if re.match(r"digest\b", row.comment, re.IGNORECASE):
        return row.comment
    journal = f"Journal reference: {row.journal_reference}" if row.journal_reference else ""
    return " ".join(filter(None, ["Withdrawn." if row.withdrawn else "", journal]))


def _keys(rows: Sequence[ReferenceView]) -> dict[int, str]:
    """Map work id to family name, year, first word of the title: "phang2020english"; then "phang2020english-2", …."""
    taken: dict[str, int] = {}
    keys = {}
    for row in sorted(rows, key=lambda row: row.id):
        key = _plain_key(row)
        taken[key] = taken.get(key, 0) + 1
        keys[row.id] = key if taken[key] == 1 else f"{key}-{taken[key]}"
    return keys


def _plain_key(row: ReferenceView) -> str:
    name = parsed(row.authors[0]) if row.authors else Name()
    who = _ascii(name.particle + name.family or name.literal)[:24]
    words = [_ascii(word) for word in re.split(r"[\W_]+", re.sub(r"</?[a-z]{1,4}>|\\[a-zA-Z]+", " ", row.title))]
    word = next((word for word in words if word and word not in _NO_KEY), "")[:24]
    return f"{who}{row.year or ''}{word}" or f"work{row.id}"


def _ascii(text: str) -> str:
    """Return letters and digits in ASCII, in lower case; other scripts give ""."""
    folded = unicodedata.normalize("NFKD", text.translate({0xDF: "ss", 0xF8: "o", 0xD8: "o", 0x142: "l", 0x141: "l"}))
    return "".join(c for c in folded if c.isascii() and c.isalnum()).lower()
