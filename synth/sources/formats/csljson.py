"""CSL-JSON (https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html): what Zotero, pandoc and doi.org give.

A list of items, one item alone, or a list under "items", "references" or Crossref's "message".
"""

from __future__ import annotations

import json
import re

from synth.core.types import JsonObject, JsonValue, PublicationType, Record
from synth.sources import fields
from synth.sources.formats.reference import Reference, record, texts, year_of

MAX_BYTES = 50 * 2**20  # bytes
_LISTS = ("items", "references", "message", "data", "csl")
_DATES = ("issued", "published", "published-print", "published-online", "posted", "date", "year")
_KINDS = {"book": "@book"}
# Types of CSL, and those that Crossref has in their place.
_TYPES = {
    **dict.fromkeys(("article-journal", "article-magazine", "journal-article"), PublicationType.ARTICLE),
    **dict.fromkeys(("paper-conference", "proceedings-article"), PublicationType.INPROCEEDINGS),
    **dict.fromkeys(("chapter", "book-chapter", "entry-encyclopedia"), PublicationType.INCOLLECTION),
    **dict.fromkeys(("book", "monograph"), PublicationType.BOOK),
    "posted-content": PublicationType.PREPRINT,
}
_UNTITLED = "title-short", "shortTitle", "short-title", "original-title"


def read(text: str) -> tuple[list[Record], list[str]]:
    """Return the records of a CSL-JSON file and what was not understood. Never raises for what is in the file."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        content = _by_lines(text)
        if content is None:
            where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
            return [], [f"the file is no valid JSON{where}"]
    records, warnings = [], []
    for number, item in enumerate(_items(content), 1):
        reference = Reference(f"item {number}")
        if not isinstance(item, dict):
            warnings.append(f"item {number}: no object; passed over")
            continue
        _convert(item, reference)
        if converted := record(reference):
            records.append(converted)
        warnings += reference.problems
    return records, warnings


def _by_lines(text: str) -> list[JsonValue] | None:
    """Return an object a line; None if it is not that."""
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()] or None
    except (ValueError, RecursionError):
        return None


def _items(content: JsonValue, depth: int = 0) -> list[JsonValue]:
    if isinstance(content, list):
        return content
    table = fields.table(content)
    if depth < 3:
        for name in _LISTS:
            if isinstance(table.get(name), list | dict) and "title" not in table:
                return _items(table[name], depth + 1)
    return [table] if {"title", "DOI", "type", "author", "issued"} & set(table) else []


def _text(value: JsonValue) -> str:
    """Return a text, or the first one of a list of them (Crossref's titles)."""
    return next(iter(texts(value)), "")


def _number(value: JsonValue) -> str:
    """Return a number as text; CSL has both."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else _text(value)


def _convert(item: JsonObject, reference: Reference) -> None:
    reference.name = fields.text(str(item.get("id", "")), fields.MAX_NAME)
    reference.title = _text(item.get("title"))
    if not reference.title:
        reference.title = next(filter(None, (_text(item.get(name)) for name in _UNTITLED)), "")
    people = item.get("author")
    listed = people if isinstance(people, list) else [people] if people else []
    reference.authors = [name for part in listed if (name := _name(part))]
    if len(reference.authors) < len(listed):
        reference.problem(f"{len(listed) - len(reference.authors)} of {len(listed)} authors have no name; left out")
    if not listed:
        reference.authors = [
            name for part in fields.rows(item.get("creators")) if (name := _creator(fields.table(part)))
        ]
    reference.year = next(filter(None, (_date(item.get(name)) for name in _DATES)), "")
    reference.abstract = _text(item.get("abstract")) or _text(item.get("abstractNote"))
    reference.dois = texts(item.get("DOI") or item.get("doi"))
    reference.addresses = [*texts(item.get("URL") or item.get("url")), _anthology(item), *texts(item.get("link"))]
    archive = _text(item.get("archive")) + _text(item.get("publisher")) + _text(item.get("source"))
    located = [_text(item.get(name)) for name in ("number", "archive_location", "archiveID", "arxiv", "eprint")]
    reference.arxiv = [
        *(part for part in located if "arxiv" in (archive + part).lower()),
        *([str(item["id"])] if "arxiv.org" in str(item.get("id", "")) else []),
    ]
    names = ("container-title", "container-title-short", "collection-title", "volume", "genre", "repository", "number")
    reference.venues = [_text(item.get(name)) for name in names]
    reference.notes = [line for name in ("note", "annote", "extra") for line in _text(item.get(name)).split("\n")]
    reference.types = [_text(item.get(name)) for name in ("genre", "status", "type")]
    reference.pmids = [
        str(item[name]) for name in ("PMID", "PMCID", "pmid", "pmcid") if isinstance(item.get(name), str | int)
    ]
    reference.kind = _TYPES.get(_text(item.get("type")), PublicationType.UNKNOWN)
    reference.venue = _text(item.get("container-title"))
    reference.volume, reference.issue = _number(item.get("volume")), _number(item.get("issue"))
    reference.pages = _number(item.get("page")) or _number(item.get("article-number"))
    reference.publisher = _text(item.get("publisher"))
    kind, genre = item.get("type"), _text(item.get("genre")).lower()
    if kind == "thesis":
        reference.comment = "@mastersthesis" if "master" in genre else "@phdthesis"
    else:
        reference.comment = _KINDS.get(kind, "") if isinstance(kind, str) else ""


def _anthology(item: JsonObject) -> str:
    """Return the address of an Anthology id, where the item says that the Anthology keeps it."""
    place = fields.text(item.get("archive_location")) if item.get("archive") == "ACL Anthology" else ""
    return f"https://aclanthology.org/{place}" if place else ""


def _name(person: JsonValue) -> str:
    """Return a name as it is spoken, particles before the family name and suffix behind."""
    if isinstance(person, str):
        last, comma, first = person.partition(",")
        return f"{first.strip()} {last.strip()}".strip() if comma and "," not in first else person
    person = fields.table(person)
    if literal := _text(person.get("literal")) or _text(person.get("name")):
        return literal
    names = ("given", "dropping-particle", "non-dropping-particle", "family", "suffix")
    return " ".join(filter(None, (_text(person.get(name)).strip() for name in names)))


def _creator(person: JsonObject) -> str:
    """Return an author as Zotero's own JSON names one."""
    if person.get("creatorType", "author") != "author":
        return ""
    return _text(person.get("name")) or " ".join(
        filter(None, (_text(person.get(n)) for n in ("firstName", "lastName")))
    )


def _date(value: JsonValue, depth: int = 0) -> str:
    """Return the date in a CSL date of any form: EDTF text, date-parts (numbers or texts), raw, literal; "" without
    one.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str):
        return _edtf(value)
    if isinstance(value, list):
        return _date(value[0], depth + 1) if value and depth < 4 else ""
    table = fields.table(value)
    if depth < 4:
        for name in ("date-parts", "raw", "literal", "edtf", "year", "date-time", "timestamp-text"):
            if name in table and (date := _date(table[name], depth + 1)):
                return date
    return ""


def _edtf(text: str) -> str:
    """Return the year of an EDTF date, level 1: "2015-03", "2015?/2016~", "Y-2015"; an open year ("201X") is none."""
    text = text.strip()
    start = text.partition("/")[0] if year_of(text.partition("/")[0]) else text
    return "" if re.fullmatch(r"\.\.|open|unknown", start) else start
