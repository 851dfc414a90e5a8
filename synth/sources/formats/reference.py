"""References as reference managers describe them, made into records: shared by the formats."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from synth.core.types import JsonValue, Notice, Publication, PublicationType, Record
from synth.papers import identity
from synth.papers.editorial import status_of_types
from synth.sources import fields, openaccess
from synth.text import identifiers

MAX_SHOWN = 60  # characters of a value that a warning repeats

# "Erratum in: doi:10.1000/x" names another work.
_OTHER_WORK = re.compile(
    r"\b(?:errat|correct|retract|comment|repl(?:y|ies)|respon[sd]|cites?\b|cited|extend|see\b|supplement|part of|"
    r"related|compan|review of|version of|translat|reprint|based on|dataset|data set|data:|code)",
    re.IGNORECASE,
)
_LABELLED_DOI = re.compile(r"(?:\bdoi\b\s*[:=]?|doi\.org/)\s*\S*10\.\d{4,9}/|\A\W*10\.\d{4,9}/", re.IGNORECASE)
_ARXIV_IN = re.compile(
    r"(?:\barxiv\b(?:\s*(?:pre-?prints?|e-prints?)\b)?[\s:,/.]*(?:art\.\s*)?(?:(?:arxiv|abs|eprint)[\s:/]+)?|\babs/)"
    r"((?:\d{4}\.\d{4,5}|[a-z]+(?:-[a-z]+)?(?:\.[a-z-]{2,20})?/\d{7})(?:v[1-9]\d*)?)(?![\d.]*\d)",
    re.IGNORECASE,
)
_PMID_IN = re.compile(
    r"(?:\bpmid\b\s*[:=]?\s*|pubmed\.ncbi\.nlm\.nih\.gov/|nlm\.nih\.gov/pubmed/)(\d{1,9})\b", re.IGNORECASE
)
_PMCID_IN = re.compile(r"\bPMC\s?(\d{1,9})\b")
_YEAR = re.compile(r"(?<![\d.])(1[5-9]\d\d|20\d\d)(?=(?:[01]\d[0-3]\d)?(?!\d))")


@dataclass
class Reference:
    """One reference as its file gives it. `where` names it in warnings ("reference 3 (line 12)").

    `dois`: fields that are for DOIs; `addresses`: web addresses; `venues`: where it was published, which may name
    arXiv; `notes`: free text, of which only what is labelled counts; `types`: what kind of publication it is
    ("Retracted Publication"); `notices`: what it announces of other works. `plain`: no TeX any more. `kind` to
    `publisher`: how it was published.
    """

    where: str
    name: str = ""
    title: str = ""
    authors: Sequence[str] = ()
    year: str = ""
    abstract: str = ""
    dois: Sequence[str] = ()
    addresses: Sequence[str] = ()
    arxiv: Sequence[str] = ()
    venues: Sequence[str] = ()
    notes: Sequence[str] = ()
    pmids: Sequence[str] = ()
    comment: str = ""
    plain: bool = False
    types: Sequence[str] = ()
    notices: Sequence[Notice] = ()
    kind: PublicationType = PublicationType.UNKNOWN
    venue: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    publisher: str = ""
    problems: list[str] = field(default_factory=list)

    def problem(self, text: str) -> None:
        """Note what was not understood of the reference."""
        self.problems.append(f"{self.where}: {text}")


def year_of(text: str) -> int | None:
    """Return the first year in a date of any form ("March 2015", "2015/03//", "20150301", "2014-2015"); None without
    one.
    """
    match = _YEAR.search(text)
    return int(match[1]) if match else None


def record(reference: Reference) -> Record | None:
    """Return the record of one reference; None without a title, which is noted among its problems as all else is.

    Its identifier is made of what it says, since the keys of reference managers change with the file.
    """
    unmarked = partial(fields.unmarked, tex=not reference.plain)
    title = unmarked(reference.title)
    if not title:
        reference.problem("no title; passed over")
        return None
    year = year_of(reference.year)
    if year is None and reference.year.strip():
        reference.problem(f"{_shown(reference.year)!r} is no year; left out")
    doi = _doi(reference)
    addresses = [fields.text(text, fields.MAX_URL) for text in reference.addresses]
    arxiv = _arxiv(reference, addresses) or openaccess.arxiv_of(doi)
    acl = next(filter(None, map(openaccess.acl_of, [doi, *addresses])), "")
    page = next(filter(None, map(fields.url, addresses)), "")
    people = tuple(name for text in reference.authors if (name := unmarked(text, fields.MAX_NAME)))
    if len(people) > fields.MAX_AUTHORS:
        reference.problem(f"{len(people) - fields.MAX_AUTHORS} of {len(people)} authors left out")
        people = people[: fields.MAX_AUTHORS]
    status = status_of_types((*reference.types, *reference.notes))
    identity_text = "\n".join([title, *people, str(year), doi, *(arxiv or ()), acl])
    return Record(
        source="references",
        source_id=hashlib.sha256(identity_text.encode()).hexdigest()[:24],
        title=title,
        authors=people,
        year=year,
        abstract=fields.abstract(reference.abstract, tex=not reference.plain),
        url=page or _address(doi, arxiv[0] if arxiv else "", acl),
        arxiv_id=arxiv[0] if arxiv else "",
        version=arxiv[1] if arxiv else "",
        doi=doi,
        acl_id=acl,
        pdf_url=page if page.lower().partition("?")[0].endswith(".pdf") else "",
        comment=fields.text(reference.comment or reference.name, fields.MAX_NAME),
        pmid=_pmid(reference),
        pmcid=_pmcid(reference),
        withdrawn=status.withdraws,
        editorial=status,
        notices=tuple(reference.notices),
        publication=_publication(reference),
    )


def _publication(reference: Reference) -> Publication:
    itself = reference.venue.casefold() == reference.title.casefold()  # a whole volume, titled by its venue
    return fields.publication(
        reference.kind,
        venue="" if itself else reference.venue,
        volume=reference.volume,
        issue=reference.issue,
        pages=reference.pages,
        publisher=reference.publisher,
        tex=not reference.plain,
    )


def _shown(text: str) -> str:
    return fields.text(text)[:MAX_SHOWN]


def _doi(reference: Reference) -> str:
    """Return the DOI: in its own field, as an address, or with its label in a note. "" without one."""
    for text in reference.dois:
        if doi := identity.doi(text) or identifiers.doi_in(text):
            return doi
        if text.strip():
            reference.problem(f"{_shown(text)!r} is no DOI; left out")
    for text in (*reference.addresses, *reference.arxiv):
        if doi := identity.doi(text) or (identifiers.doi_in(text) if "/" in text else None):
            return doi
    for text in (*reference.venues, *reference.notes):
        if _LABELLED_DOI.search(text) and not _OTHER_WORK.search(text) and (doi := identifiers.doi_in(text)):
            return doi
    return ""


def _arxiv(reference: Reference, addresses: Sequence[str]) -> tuple[str, str] | None:
    """Return (arXiv id, version) by its own field, an address, or the place of publication ("arXiv preprint
    arXiv:…").
    """
    for text in (*reference.arxiv, *addresses):
        if arxiv := identity.arxiv_id(text) or openaccess.arxiv_of(text):
            return arxiv
    for text in (*reference.arxiv, *reference.venues, *reference.notes):
        named = _ARXIV_IN.search(text)
        if named and not _OTHER_WORK.search(text) and (arxiv := identity.arxiv_id(named[1])):
            return arxiv
    return None


def _pmid(reference: Reference) -> str:
    for text in reference.pmids:
        if number := identifiers.pmid(text):
            return number
    texts = (*reference.addresses, *reference.notes)
    return next(
        (m[1].lstrip("0") for text in texts if not _OTHER_WORK.search(text) and (m := _PMID_IN.search(text))), ""
    )


def _pmcid(reference: Reference) -> str:
    for text in reference.pmids:
        if "pmc" in text.lower() and (number := identifiers.pmcid(text)):
            return number
    texts = (*reference.addresses, *reference.notes)
    return next((f"PMC{m[1]}" for text in texts if not _OTHER_WORK.search(text) and (m := _PMCID_IN.search(text))), "")


def _address(doi: str, arxiv: str, acl: str) -> str:
    """Return the address of the work by its identifiers; "" without any."""
    if doi:
        return identifiers.doi_address(doi)
    if arxiv:
        return f"https://arxiv.org/abs/{arxiv}"
    return f"https://aclanthology.org/{acl}" if acl else ""


def texts(value: JsonValue) -> list[str]:
    """Return the texts in `value`, which may be one or a list."""
    return [text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str) and text.strip()]
