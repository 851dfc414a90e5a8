"""EndNote's XML export: <record>s with <titles>, <contributors>, <dates>; the text of each in <style> or bare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from synth.core.types import PublicationType, Record
from synth.sources.formats import tagged
from synth.sources.formats.endnote import TYPES
from synth.sources.formats.reference import Reference, record

if TYPE_CHECKING:
    from lxml import etree

MAX_BYTES = 50 * 2**20  # bytes
_KINDS = {"Book": "@book", "Edited Book": "@book", "Thesis": "@phdthesis"}


def read(text: str) -> tuple[list[Record], list[str]]:
    """Return the records of an EndNote XML file and what was not understood. Never raises for what is in the file."""
    from lxml import etree

    # The text was decoded already, whatever its declaration says.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, encoding="utf-8")
    warnings: list[str] = []
    try:
        root = etree.fromstring(text.lstrip("\ufeff \t\r\n").encode("utf-8", "replace"), parser=parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        return [], [f"the file is no valid XML ({str(error)[:80]})"]
    if root.getroottree().docinfo.doctype:
        return [], ["the file has a document type declaration, which may be an attack"]
    records = []
    for number, element in enumerate(root.iter("record"), 1):
        reference = Reference(f"record {number} (line {element.sourceline})")
        _convert(element, reference)
        if item := record(reference):
            records.append(item)
        warnings += reference.problems
    return records, warnings


def _convert(node: etree._Element, reference: Reference) -> None:
    def values(path: str) -> list[str]:
        return [text for element in node.findall(path) if (text := "".join(element.itertext()).strip())]

    def first(path: str) -> str:
        return next(iter(values(path)), "")

    kind = node.find("ref-type")
    reference.comment = _KINDS.get(kind.get("name", ""), "") if kind is not None else ""
    reference.title = tagged.joined([first("titles/title")])
    reference.name = first("rec-number")
    reference.authors = tagged.people(values("contributors/authors/author"))
    reference.year = first("dates/year") or first("dates/pub-dates/date")
    reference.abstract = tagged.joined([first("abstract")])
    reference.dois = [text for text in values("electronic-resource-num") if "10." in text]
    reference.addresses = [
        link for element in node.findall("urls//url") for link in "".join(element.itertext()).split()
    ]
    reference.venues = [*values("periodical/full-title"), *values("titles/secondary-title"), *values("volume")]
    reference.notes = values("notes")
    reference.kind = TYPES.get(kind.get("name", ""), PublicationType.UNKNOWN) if kind is not None else reference.kind
    reference.venue = tagged.joined([first("periodical/full-title") or first("titles/secondary-title")])
    reference.volume, reference.issue, reference.pages = first("volume"), first("number"), first("pages")
    reference.publisher = tagged.joined([first("publisher")])
    base = f"{first('remote-database-name')} {first('remote-database-provider')}".lower()
    reference.pmids = values("accession-num") if "pubmed" in base or "medline" in base or "nlm" in base else []
    reference.pmids += values("custom2")
