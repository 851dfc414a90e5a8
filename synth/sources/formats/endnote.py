"""EndNote's tagged export (`.enw`, also called refer: %A, %T …) and Web of Science's plain text (`.ciw`)."""

from __future__ import annotations

import re

from synth.core.types import PublicationType, Record
from synth.sources.formats import tagged
from synth.sources.formats.reference import Reference

MAX_BYTES = 50 * 2**20  # bytes
_REFER = tagged.Dialect(
    tag=re.compile(r"\ufeff?%(?P<tag>[A-Z0-9@!#$\[\]~^*(><&?])(?: (?P<value>.*)|\Z)"),
    starts=frozenset({"0"}),
)
_WEB = tagged.Dialect(
    tag=re.compile(r"\ufeff?(?P<tag>[A-Z][A-Z0-9])(?: (?P<value>.*)|\Z)"),
    starts=frozenset({"PT"}),
    ends=frozenset({"ER"}),
    header=re.compile(r"(?:FN|VR|EF)\b"),
)
TYPES = {
    **dict.fromkeys(("Journal Article", "Electronic Article", "Magazine Article"), PublicationType.ARTICLE),
    **dict.fromkeys(("Conference Paper", "Conference Proceedings"), PublicationType.INPROCEEDINGS),
    "Book Section": PublicationType.INCOLLECTION,
    **dict.fromkeys(("Book", "Edited Book"), PublicationType.BOOK),
}
_KINDS = {"Book": "@book", "Edited Book": "@book", "Thesis": "@phdthesis"}


def read(text: str) -> tuple[list[Record], list[str]]:
    """Return the records of a file of EndNote's tags and what was not understood.

    Never raises for what is in the file.
    """
    return tagged.read(text, _REFER, _refer)


def read_web_of_science(text: str) -> tuple[list[Record], list[str]]:
    """Return the records of a Web of Science export in plain text and what was not understood."""
    return tagged.read(text, _WEB, _web)


def _refer(entry: tagged.TaggedEntry, reference: Reference) -> None:
    reference.title = tagged.joined(entry.all("T")[:1])
    reference.name = entry.first("F")
    reference.authors = tagged.people(entry.all("A"))
    reference.year = entry.first("D", "8")
    reference.abstract = tagged.joined(entry.all("X"))
    reference.dois = [text for text in entry.all("R") if "10." in text]
    reference.addresses = [link for text in entry.all("U", ">") for link in text.split()]
    reference.venues = entry.all("J", "B", "I", "S")
    reference.notes = entry.all("Z", "O")
    reference.pmids = entry.all("2", "M")
    reference.comment = _KINDS.get(entry.first("0"), "")
    reference.kind = TYPES.get(entry.first("0"), PublicationType.UNKNOWN)
    reference.venue = tagged.joined([entry.first("J", "B")])
    reference.volume, reference.issue, reference.pages = entry.first("V"), entry.first("N"), entry.first("P")
    reference.publisher = tagged.joined([entry.first("I")])


def _web(entry: tagged.TaggedEntry, reference: Reference) -> None:
    reference.title = tagged.joined(entry.all("TI"))
    reference.name = entry.first("UT")
    reference.authors = tagged.people(entry.all("AF") or entry.all("AU"))
    reference.year = entry.first("PY", "EY", "PD")
    reference.abstract = tagged.joined(entry.all("AB"))
    reference.dois = entry.all("DI")[:1] or entry.all("D2")[:1]
    reference.pmids = entry.all("PM")
    reference.types = [kind for text in entry.all("DT") for kind in text.split(";")]
    reference.comment = "@book" if entry.first("PT") == "B" else ""
    reference.kind = _web_type(entry)
    reference.venue = tagged.joined(entry.all("SO"))
    reference.volume, reference.issue = entry.first("VL"), entry.first("IS")
    reference.pages = tagged.pages(entry.first("BP"), entry.first("EP")) or entry.first("AR")
    reference.publisher = tagged.joined([entry.first("PU")])


def _web_type(entry: tagged.TaggedEntry) -> PublicationType:
    """Return the type by Web of Science's PT (J, B, S: book in a series, C: meeting) and document type."""
    kind, document = entry.first("PT"), " ".join(entry.all("DT"))
    if kind == "J":
        return PublicationType.ARTICLE
    if kind == "C" or "Proceedings Paper" in document:
        return PublicationType.INPROCEEDINGS
    if "Chapter" in document:
        return PublicationType.INCOLLECTION
    return PublicationType.BOOK if kind == "B" else PublicationType.UNKNOWN
