"""Publication data of works: what one source says of it made comparable, and the record that describes a work best."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from synth.core.types import Publication, PublicationType, Record

PARTS = ("venue", "volume", "issue", "page_range", "publisher")
PUBLISHED = frozenset(PublicationType) - {PublicationType.UNKNOWN, PublicationType.PREPRINT}

# Articles by their Anthology id (https://aclanthology.org/info/ids/): J and `cl` are Computational Linguistics, Q and
# `tacl` its Transactions; whatever else the Anthology holds is a paper of a meeting.
_JOURNALS = {"J": "Computational Linguistics", "cl": "Computational Linguistics"}
_TRANSACTIONS = "Transactions of the Association for Computational Linguistics"
_JOURNALS |= {"Q": _TRANSACTIONS, "tacl": _TRANSACTIONS}
_ANTHOLOGY = re.compile(r"(?:([A-Z])\d{2}-\d+|\d{4}\.([a-z0-9_]+)-[a-z0-9_-]+\.\d+)")
_VOLUME = re.compile(r"(?P<venue>.+?), Volume (?P<volume>\d+)(?:, (?:Issue|Number) (?P<issue>[\d-]+))?(?:\s+-\s.*)?")

# Servers of preprints, under the names that sources give for venues. CoRR is what DBLP calls arXiv.
_PREPRINTS = re.compile(
    r"\A\s*corr\s*\Z|\b(?:arxiv|biorxiv|medrxiv|chemrxiv|psyarxiv|techrxiv|socarxiv|eartharxiv|ssrn|social science "
    r"research network|research square|preprints?|e-?print archive)\b",
    re.IGNORECASE,
)
_DASHES = re.compile(r"\s*[-\u2010-\u2015\u2212]+\s*")
_NO_PAGES = frozenset({"", "-", "n/a", "n/a-n/a", "no", "no-no", "na", "none"})  # what publishers write for none


def publication(
    kind: PublicationType = PublicationType.UNKNOWN,
    *,
    venue: str = "",
    volume: str = "",
    issue: str = "",
    pages: str = "",
    publisher: str = "",
) -> Publication:
    """Return the publication with these parts; one whose venue is a server of preprints is a preprint without any."""
    if _PREPRINTS.search(venue) or (kind is PublicationType.UNKNOWN and volume.startswith("abs/")):
        return Publication(PublicationType.PREPRINT)
    return Publication(kind, venue, volume, issue, page_range(pages), publisher)


def page_range(text: str) -> str:
    """Return pages as "12-34", several ranges with commas, or an article's number; "" for what says none."""
    bare = _DASHES.sub("-", re.sub(r"\App?\.?\s*(?=\d)", "", text.strip()))
    first, dash, last = bare.partition("-")
    if dash and first == last:
        bare = first
    return "" if bare.casefold() in _NO_PAGES else bare


def anthology_journal(acl_id: str) -> str:
    """Return the journal in which a work of the ACL Anthology stands; "" for papers of meetings and for no id."""
    match = _ANTHOLOGY.fullmatch(acl_id)
    return _JOURNALS.get(match[1] or match[2], "") if match else ""


def anthology_type(acl_id: str) -> PublicationType:
    """Return the type of a work by its Anthology id."""
    if not _ANTHOLOGY.fullmatch(acl_id):
        return PublicationType.UNKNOWN
    return PublicationType.ARTICLE if anthology_journal(acl_id) else PublicationType.INPROCEEDINGS


def in_anthology(acl_id: str, booktitle: str) -> Publication:
    """Return the publication of a work of the ACL Anthology, whose metadata name the volume in the book's title."""
    kind = anthology_type(acl_id)
    match = _VOLUME.fullmatch(booktitle) if kind is PublicationType.ARTICLE else None
    if match:
        return publication(kind, venue=match["venue"], volume=match["volume"], issue=match["issue"] or "")
    return publication(kind, venue=booktitle)


def of_record(record: Record) -> Publication:
    """Return the publication that a record describes, with the record's year where it is one."""
    described = record.publication
    return replace(described, published_year=record.year) if described.publication_type in PUBLISHED else described


def standing(described: Publication) -> tuple[int, int]:
    """Order publications of one work by how much they say: published before anything else, then by their parts."""
    published = described.publication_type in PUBLISHED and bool(described.venue or described.publisher)
    named = bool(described.venue or described.journal_reference)
    filled = sum(bool(getattr(described, name)) for name in PARTS)
    stage = 3 if published else 2 if described.publication_type in PUBLISHED else 1 if named else 0
    return stage, filled


def best(publications: Iterable[Publication]) -> Publication:
    """Return the one that says most; of several the first. All parts come from one: sources count volumes apart."""
    return max(publications, key=standing, default=Publication())
