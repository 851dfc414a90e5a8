"""Formats of dump lines. Every format is a pure function from a JSON object to a LibraryWork.

`acl`: the ACL Anthology's papers as JSON lines with id, title, abstract, authors (list), year, booktitle, doi.
`arxiv`: arXiv's own bulk metadata ("arXiv Dataset", a JSON object a line with id, authors, title, comments,
journal-ref, doi, categories, abstract, versions, authors_parsed and more).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from synth.core.types import Editorial, JsonObject, JsonValue, Publication, PublicationType, Record
from synth.papers.editorial import withdrawn_by
from synth.papers.publication import in_anthology
from synth.text.identifiers import dois
from synth.text.markup import plain

MAX_ID = 100
_ID = re.compile(rf"[!-~]{{1,{MAX_ID}}}")
_ACL_ID = re.compile(r"[A-Z]\d{2}-\d{4}|(?:19|20)\d{2}\.[a-z][a-z0-9_]*(?:-[a-z0-9_]+)+\.\d+")
_ARXIV_ID = re.compile(r"\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Za-z]{2})?/\d{7}")
_YEAR = re.compile(r"\b((?:19|20)\d\d)\b")


class MalformedEntry(ValueError):
    """A line that is no record; the message says why in a few words."""


class LibraryWork(NamedTuple):
    """One paper of a dump, as the library keeps it; `authors` are separated by line breaks."""

    source: str
    source_id: str
    title: str
    abstract: str = ""
    authors: str = ""
    year: int | None = None
    doi: str = ""
    version: str = ""
    venue: str = ""
    comment: str = ""
    withdrawn: int = 0


def parse(line: bytes) -> JsonObject:
    """Parse the JSON object of a line. Raises MalformedEntry for anything else, however deep or odd it is."""
    try:
        entry = json.loads(str(line, "utf-8"))
    except (ValueError, RecursionError) as error:
        raise MalformedEntry("no JSON") from error
    if not isinstance(entry, dict):
        raise MalformedEntry("no JSON object")
    return entry


def detect(entry: Mapping[str, JsonValue]) -> str | None:
    """Return the format that `entry` is a record of, or None."""
    if "id" not in entry or "title" not in entry:
        return None
    return "arxiv" if "authors_parsed" in entry or "categories" in entry else "acl"


def acl(entry: Mapping[str, JsonValue]) -> LibraryWork:
    """Read a paper of the Anthology. Raises MalformedEntry without an id or a title."""
    authors = entry.get("authors") or []
    if not isinstance(authors, list):
        raise MalformedEntry("authors are no list")
    return LibraryWork(
        source="acl",
        source_id=_identifier(entry),
        title=_title(entry),
        abstract=_prose(entry, "abstract"),
        authors="\n".join(name for author in authors if isinstance(author, str) and (name := _folded(plain(author)))),
        year=_year(entry.get("year")),
        doi=_text(entry, "doi"),
        venue=_text(entry, "booktitle"),
    )


def arxiv(entry: Mapping[str, JsonValue]) -> LibraryWork:
    """Read a paper of arXiv. The year is that of its first version. Raises MalformedEntry without an id or a title."""
    listed = entry.get("versions")
    versions = [version for version in listed if isinstance(version, dict)] if isinstance(listed, list) else []
    comment, abstract = _text(entry, "comments"), _prose(entry, "abstract")
    return LibraryWork(
        source="arxiv",
        source_id=_identifier(entry),
        title=_title(entry),
        abstract=abstract,
        authors=_parsed_authors(entry.get("authors_parsed")) or _listed_authors(_text(entry, "authors")),
        year=_year(versions[0].get("created")) if versions else None,
        doi=_text(entry, "doi"),
        version=_text(versions[-1], "version") if versions else "",
        venue=_text(entry, "journal-ref"),
        comment=comment,
        withdrawn=int(withdrawn_by(comment, abstract)),
    )


FORMATS: dict[str, Callable[[Mapping[str, JsonValue]], LibraryWork]] = {"acl": acl, "arxiv": arxiv}


def as_record(work: LibraryWork) -> Record:
    """Return the work as the sources know papers. Addresses are built for identifiers of the known forms only."""
    acl_id = work.source_id if work.source == "acl" and _ACL_ID.fullmatch(work.source_id) else ""
    arxiv_id = work.source_id if work.source == "arxiv" and _ARXIV_ID.fullmatch(work.source_id) else ""
    published = dois(work.doi)
    url = pdf_url = ""
    if acl_id:
        url, pdf_url = f"https://aclanthology.org/{acl_id}", f"https://aclanthology.org/{acl_id}.pdf"
    elif arxiv_id:
        url = f"https://arxiv.org/abs/{arxiv_id}{work.version}"
        pdf_url = "" if work.withdrawn else f"https://arxiv.org/pdf/{arxiv_id}{work.version}"
    return Record(
        source="library",
        source_id=f"{work.source}:{work.source_id}",
        title=work.title,
        authors=tuple(work.authors.split("\n")) if work.authors else (),
        year=work.year,
        abstract=work.abstract,
        url=url,
        arxiv_id=arxiv_id,
        version=work.version,
        doi=next(iter(published), ""),
        acl_id=acl_id,
        pdf_url=pdf_url,
        withdrawn=bool(work.withdrawn),
        editorial=Editorial.WITHDRAWN if work.withdrawn else Editorial.NONE,
        comment=work.comment,
        versions=published[1:],
        publication=_publication(work, acl_id),
    )


def _publication(work: LibraryWork, acl_id: str) -> Publication:
    """Return where the work was published: of arXiv, its journal reference in one text."""
    if work.source == "acl":
        return in_anthology(acl_id, work.venue)
    return Publication(journal_reference=work.venue) if work.venue else Publication(PublicationType.PREPRINT)


def _identifier(entry: Mapping[str, JsonValue]) -> str:
    identifier = entry.get("id")
    if not isinstance(identifier, str) or not _ID.fullmatch(identifier):
        raise MalformedEntry("no id")
    return identifier


def _title(entry: Mapping[str, JsonValue]) -> str:
    title = _prose(entry, "title")
    if not title:
        raise MalformedEntry("no title")
    return title


def _text(entry: Mapping[str, JsonValue], key: str) -> str:
    value = entry.get(key)
    return _folded(value) if isinstance(value, str) else ""


def _prose(entry: Mapping[str, JsonValue], key: str) -> str:
    """Return a title or an abstract without markup."""
    value = entry.get(key)
    return _folded(plain(value)) if isinstance(value, str) else ""


def _folded(text: str) -> str:
    """Fold white space; replace lone surrogates, which no database stores."""
    if text.isprintable() and "  " not in text:  # nearly always so, and far quicker to see than to mend
        return text.strip()
    return " ".join(text.split()).encode("utf-8", "replace").decode("utf-8")


def _year(value: JsonValue) -> int | None:
    match = _YEAR.search(value if isinstance(value, str) else str(value) if isinstance(value, int) else "")
    return int(match[1]) if match else None


def _parsed_authors(value: JsonValue) -> str:
    """Return the names as "First Last Suffix", of arXiv's lists of last, first, suffix."""
    names = []
    for author in value if isinstance(value, list) else []:
        if isinstance(author, list) and all(isinstance(part, str) for part in author[:3]) and author:
            last, first, suffix = (*author[:3], "", "")[:3]
            names.append(_folded(plain(f"{first} {last} {suffix}")))
    return "\n".join(filter(None, names))


def _listed_authors(text: str) -> str:
    return "\n".join(name.strip() for name in re.split(r", | and ", plain(text)) if name.strip())
