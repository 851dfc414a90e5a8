"""MEDLINE's display format (https://pubmed.ncbi.nlm.nih.gov/help/#pubmed-format), which PubMed saves as `.nbib`."""

from __future__ import annotations

import re

from synth.core.types import Editorial, Notice, PublicationType, Record
from synth.sources.formats import tagged
from synth.sources.formats.reference import Reference
from synth.text.identifiers import doi_in

MAX_BYTES = 50 * 2**20  # bytes
_DIALECT = tagged.Dialect(
    tag=re.compile(r"\ufeff?(?P<tag>[A-Z][A-Z0-9]{1,3})[ \t]{0,3}-(?:[ \t](?P<value>.*)|\Z)"),
    starts=frozenset({"PMID"}),
    header=re.compile(r"\W*\d+\W*\Z"),
)


def read(text: str) -> tuple[list[Record], list[str]]:
    """Return the records of a file in MEDLINE format and what was not understood.

    Never raises for what is in the file.
    """
    return tagged.read(text, _DIALECT, _convert)


def _convert(entry: tagged.TaggedEntry, reference: Reference) -> None:
    reference.title = tagged.joined(
        entry.all("TI")[:1] or entry.all("BTI")[:1] or entry.all("TT")[:1] or entry.all("CTI")[:1]
    )
    reference.name = entry.first("PMID")
    reference.authors = [
        *tagged.people(entry.all("FAU") or entry.all("AU")),
        *(tagged.joined([text]) for text in entry.all("CN")),
    ]
    reference.year = entry.first("DP", "DEP", "PHST", "EDAT", "CRDT")
    reference.abstract = tagged.joined(entry.all("AB"))
    numbers = entry.all("LID", "AID", "SO")
    reference.dois = [text for text in numbers[:50] if text.lower().endswith("[doi]")][:1]
    reference.notes = [re.sub(r".*\b(doi: ?\S+).*", r"\1", text, flags=re.DOTALL) for text in entry.all("SO")]
    reference.pmids = [*entry.all("PMID"), *entry.all("PMC")]
    _publication(entry, reference)
    # https://www.nlm.nih.gov/mesh/pubtypes.html; a notice of retraction is of type "Retraction of Publication".
    reference.types = entry.all("PT")
    # "Retraction in", "retracted and republished in", "expression of concern in"; errata and comments are others.
    reference.types += ["Retracted Publication"] * bool(entry.all("RIN", "RPI"))
    reference.types += ["Publication with Expression of Concern"] * bool(entry.all("ECI"))
    for tag, status in (("ROF", Editorial.RETRACTED), ("ECF", Editorial.CONCERN)):
        named = [doi for text in entry.all(tag)[:50] if (doi := doi_in(re.sub(r"\.?\s*PMID:.*", "", text)))]
        reference.notices = [*reference.notices, *(Notice(doi, status) for doi in named)]
        reference.types += ["Retraction Notice"] * bool(entry.all(tag))


def _publication(entry: tagged.TaggedEntry, reference: Reference) -> None:
    """Tell where the work was published: a journal, or a book with a title of its own (BTI)."""
    book = tagged.joined(entry.all("BTI")[:1])
    if "Preprint" in entry.all("PT"):
        reference.kind = PublicationType.PREPRINT
    elif book:
        reference.kind = PublicationType.INCOLLECTION if entry.all("TI") else PublicationType.BOOK
    elif entry.all("JT", "TA"):
        reference.kind = PublicationType.ARTICLE
    reference.venue = book or tagged.joined([entry.first("JT", "TA")])
    reference.volume, reference.issue = entry.first("VI"), entry.first("IP")
    reference.pages = _whole_numbers(entry.first("PG"))
    reference.publisher = tagged.joined([entry.first("PB")])


def _whole_numbers(pages: str) -> str:
    """Write out a last page that leaves out what it shares with the first: "1071-8" is "1071-1078"."""
    match = re.fullmatch(r"(\d+)-(\d+)", pages)
    if not match or len(match[2]) >= len(match[1]):
        return pages
    return f"{match[1]}-{match[1][: -len(match[2])]}{match[2]}"
