"""CSL-JSON (https://docs.citationstyles.org/en/stable/specification.html, appendices III and IV)."""

from __future__ import annotations

import json
from collections.abc import Sequence

from synth.core.types import JsonValue
from synth.export.names import Name
from synth.export.work import CitedWork

FILE = "references.json"
ANTHOLOGY = "ACL Anthology"
_TYPES = {
    "article": "article-journal",
    "inproceedings": "paper-conference",
    "incollection": "chapter",
    "book": "book",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
}
_GENRES = {"phdthesis": "PhD thesis", "mastersthesis": "Master's thesis"}


def write(works: Sequence[CitedWork]) -> str:
    """Return a list of items, in the order of `works`."""
    return json.dumps([_item(work) for work in works], ensure_ascii=False, indent=2) + "\n"


def _item(work: CitedWork) -> dict[str, JsonValue]:
    item: dict[str, JsonValue] = {
        "id": work.key,
        "type": _TYPES.get(work.kind, "article" if work.preprint else "document"),
        "genre": _GENRES.get(work.kind, "preprint" if work.preprint else ""),
        "title": work.title,
        "author": [_name(name) for name in work.authors],
        "container-title": work.venue,
        "volume": work.volume,
        "issue": work.issue,
        "page": work.pages,
        "publisher": work.publisher,
        "issued": {"date-parts": [[work.year]]} if work.year else None,
        "DOI": work.doi,
        "number": f"arXiv:{work.arxiv_id}" if work.arxiv_id else "",
        "archive": ANTHOLOGY if work.acl_id else "",
        "archive_location": work.acl_id,
        "URL": work.url,
        "note": work.note,
    }
    return {name: value for name, value in item.items() if value}


def _name(name: Name) -> JsonValue:
    parts = {
        "family": name.family,
        "given": name.given,
        "non-dropping-particle": name.particle,
        "suffix": name.suffix,
        "literal": name.literal,
    }
    return {key: value for key, value in parts.items() if value}
