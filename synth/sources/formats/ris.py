"""RIS (https://en.wikipedia.org/wiki/RIS_(file_format)) as PubMed's neighbours, Ovid, EndNote, Scopus, Web of Science,
Zotero and Mendeley write it.

rispy was looked at and left for reading: it wants exactly two blanks before the hyphen, raises on damaged entries, and
keeps no line numbers to warn with.
"""

from __future__ import annotations

import re
from dataclasses import replace

from synth.core.types import PublicationType, Record
from synth.sources.formats import tagged
from synth.sources.formats.reference import Reference, texts

MAX_BYTES = 50 * 2**20  # bytes
KNOWN = frozenset(
    "TY A1 A2 A3 A4 AB AD AN AU AV BT C1 C2 C3 C4 C5 C6 C7 C8 CA CN CP CT CY DA DB DI DO DP ED EP ER ET FD H1 H2 ID "
    "IS J1 J2 JA JF JO KW L1 L2 L3 L4 LA LB LK LL M1 M2 M3 N1 N2 NO NV OL OP PA PB PM PP PT PY RD RI RN RP SE SF SL "
    "SN SP SR ST SV T1 T2 T3 TA TI TT U1 U2 U3 U4 U5 UR VL VO WP WT WV Y1 Y2 YR ZZ AF SO PS PD OT UT JT EI EM".split()
)
_LINE = r"[\ufeff \t]{0,3}(?P<tag>[A-Z][A-Z0-9])(?P<wide>[ \t]{2,}|\t)?[ \t]*[-–—](?:[ \t]+|\Z)(?P<value>.*)"
_DIALECT = tagged.Dialect(
    tag=re.compile(_LINE),
    starts=frozenset({"TY"}),
    ends=frozenset({"ER"}),
    header=re.compile(r"\W*\d+\W*\Z|(?:Provider|Database|Content|Source)\s*:|\ufeff"),
    known=KNOWN,
)
_LOWER_CASE = replace(_DIALECT, tag=re.compile(_LINE, re.IGNORECASE))
_TITLES = ("TI", "T1", "CT", "BT", "TT")
_WHOLE = frozenset({"BOOK", "EDBOOK", "EBOOK", "WEB", "ELEC", "RPRT", "THES", "CONF", "DATA", "COMP", "SER"})
_KINDS = {"BOOK": "@book", "EDBOOK": "@book", "EBOOK": "@book", "WHOLE": "@book", "THES": "@phdthesis"}
_TYPES = {
    **dict.fromkeys(("JOUR", "EJOUR", "JFULL", "MGZN"), PublicationType.ARTICLE),
    **dict.fromkeys(("CONF", "CPAPER"), PublicationType.INPROCEEDINGS),
    **dict.fromkeys(("CHAP", "ECHAP"), PublicationType.INCOLLECTION),
    **dict.fromkeys(("BOOK", "EBOOK", "EDBOOK"), PublicationType.BOOK),
}
_VENUES = {  # whole names before abbreviated ones
    PublicationType.ARTICLE: ("JF", "T2", "JO", "JA", "J2", "J1"),
    PublicationType.INPROCEEDINGS: ("T2", "BT", "C3", "JF", "JO", "T3", "J2"),
    PublicationType.INCOLLECTION: ("BT", "T2"),
}
_LINKS = ("UR", "L1", "L2", "L3", "L4", "LK")


def read(text: str) -> tuple[list[Record], list[str]]:
    """Return the records of a RIS file and what was not understood. Never raises for what is in the file."""
    standard = re.search(r"^[\ufeff \t]{0,3}TY[ \t]*[-–—]", text, re.MULTILINE)
    return tagged.read(text, _DIALECT if standard else _LOWER_CASE, _convert)


def _convert(entry: tagged.TaggedEntry, reference: Reference) -> None:
    kind = entry.first("TY").upper()
    titles = [tagged.joined([text]) for text in entry.all(*_TITLES)]
    whole = [tagged.joined([text]) for text in entry.all("T2", "T3", "JO", "ST")] if kind in _WHOLE else []
    short = entry.all("ST")
    reference.title = next(iter([*titles, *whole, *short]), "")
    for other in dict.fromkeys(entry.all("TI")[1:] if reference.title else ()):
        if tagged.joined([other]).casefold() != reference.title.casefold():
            reference.problem(f"a second title, {other[:60]!r}; left out")
    reference.name = entry.first("ID")
    reference.authors = tagged.people(entry.all("AU", "AF") or entry.all("A1"))
    reference.year = entry.first("PY", "Y1", "YR", "DA", "PD")
    reference.abstract = tagged.joined(entry.all("AB") or entry.all("N2"))
    reference.dois = entry.all("DO", "DI")
    links = [link for text in entry.all(*_LINKS) for link in re.split(r"[\s;]+(?=https?:|www\.|10\.)|\s+", text)]
    reference.addresses = [*links, *texts(entry.first("M3")) * ("10." in entry.first("M3"))]
    reference.arxiv = [
        text for text in entry.all("AN", "M1", "IS", "VL", "SV") if "arxiv" in text.lower() or text.startswith("abs/")
    ]
    reference.venues = entry.all("JO", "JF", "T2", "JA", "J2", "PB", "C7", "M1", "SE")
    reference.notes = entry.all("N1", "M2", "C1", "U1", "U2", "NO", "M3", "C3", "C6")
    reference.types = [text for line in entry.all("M3", "PT") for text in line.split(";")]
    reference.pmids = [*entry.all("C2", "PM", "C8"), *_accession(entry)]
    master = "master" in " ".join(entry.all("M3", "U3", "VL", "PB")).lower()
    reference.comment = _KINDS.get(kind, "") if not (kind == "THES" and master) else "@mastersthesis"

    reference.kind = _TYPES.get(kind, PublicationType.UNKNOWN)
    reference.venue = tagged.joined([entry.first(*_VENUES.get(reference.kind, ()))])
    reference.volume, reference.issue = entry.first("VL", "VO"), entry.first("IS")
    reference.pages = tagged.pages(entry.first("SP"), entry.first("EP")) or entry.first("C7")
    reference.publisher = tagged.joined([entry.first("PB")])


def _accession(entry: tagged.TaggedEntry) -> list[str]:
    """Return the number in PubMed or MEDLINE, where the database is said to be one of these."""
    base = " ".join(entry.all("DB", "DP", "RP")).lower()
    return entry.all("AN") if "pubmed" in base or "medline" in base else []
