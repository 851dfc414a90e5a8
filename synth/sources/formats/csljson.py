"""CSL-JSON (https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html): what Zotero and pandoc exchange."""

from __future__ import annotations

import json
from typing import Any

from synth.sources import fields
from synth.sources.formats.reference import described
from synth.types import Record

LARGEST = 50 * 2**20  # bytes


def read(text: str) -> tuple[list[Record], list[str]]:
    """The records of a CSL-JSON file and what was passed over. Never raises for what is in the file."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return [], ["the file is no valid JSON"]
    items = found if isinstance(found, list) else fields.rows(fields.table(found).get("items"))
    records, warnings = [], []
    for number, item in enumerate(items, 1):
        record = _record(fields.table(item))
        if record is None:
            warnings.append(f"item {number}: no title; passed over")
        else:
            records.append(record)
    return records, warnings


def _record(item: dict[str, Any]) -> Record | None:
    return described(
        name=fields.text(str(item.get("id", "")), fields.LONGEST_NAME),
        title=fields.text(item.get("title")),
        authors=[_name(fields.table(one)) for one in fields.rows(item.get("author"))],
        year=_year(fields.table(item.get("issued"))),
        abstract=fields.text(item.get("abstract"), fields.LONGEST_ABSTRACT),
        doi=fields.text(item.get("DOI")),
        addresses=[fields.text(item.get("URL"), fields.LONGEST_URL), fields.text(item.get("number")), _anthology(item)],
    )


def _anthology(item: dict[str, Any]) -> str:
    """The address of an Anthology id, where the item says that the Anthology keeps it."""
    place = fields.text(item.get("archive_location")) if item.get("archive") == "ACL Anthology" else ""
    return f"https://aclanthology.org/{place}" if place else ""


def _name(person: dict[str, Any]) -> str:
    if person.get("literal"):
        return fields.text(person["literal"], fields.LONGEST_NAME)
    parts = (person.get(name) for name in ("given", "non-dropping-particle", "family", "suffix"))
    return " ".join(filter(None, (fields.text(part, fields.LONGEST_NAME) for part in parts)))


def _year(issued: dict[str, Any]) -> Any:
    """The year of {"date-parts": [[2020, 12]]} (numbers or texts), or of {"raw" or "literal": "2020-12"}."""
    parts = fields.rows(next(iter(fields.rows(issued.get("date-parts"))), []))
    return str(parts[0]) if parts else issued.get("raw") or issued.get("literal")
