"""RIS, parsed by rispy (https://en.wikipedia.org/wiki/RIS_(file_format)): EndNote, Zotero, publishers."""

from __future__ import annotations

from typing import Any

from synth.sources import fields
from synth.sources.formats.reference import described
from synth.types import Record

LARGEST = 50 * 2**20  # bytes


def read(text: str) -> tuple[list[Record], list[str]]:
    """The records of a RIS file and what was passed over. Never raises for what is in the file."""
    import rispy

    records, warnings = [], []
    for number, reference in enumerate(_references(text), 1):
        try:
            # One at a time, since one that is damaged would take the others with it.
            parsed = rispy.loads(reference, skip_unknown_tags=False)
        except (ValueError, KeyError, IndexError, TypeError, OSError) as error:
            warnings.append(f"reference {number}: cannot be parsed ({str(error)[:80]}); passed over")
            continue
        found = [record for one in parsed if (record := _record(one))]
        records += found
        if not found:
            warnings.append(f"reference {number}: no title; passed over")
    return records, warnings


def _references(text: str) -> list[str]:
    """The text in pieces that each run from TY to ER. What stands outside of references is left out."""
    pieces: list[list[str]] = []
    for line in text.splitlines():
        if line[:2] == "TY" and line[2:5].strip() in ("", "-"):
            pieces.append([])
        if pieces:
            pieces[-1].append(line[:100_000])
    whole = []
    for lines in pieces:
        end = next((n for n, line in enumerate(lines) if line.rstrip() in ("ER  -", "ER -", "ER")), len(lines))
        whole.append("\n".join([*lines[:end], "ER  - "]))
    return whole


def _record(reference: dict[str, Any]) -> Record | None:
    addresses = reference.get("urls") or reference.get("url") or []
    title = reference.get("title") or reference.get("primary_title") or reference.get("translated_title")
    return described(
        name=fields.text(reference.get("id"), fields.LONGEST_NAME),
        title=fields.text(title),
        authors=[_name(one) for one in _list(reference.get("authors") or reference.get("first_authors"))],
        year=fields.text(reference.get("year") or reference.get("publication_year") or reference.get("date")),
        abstract=fields.text(reference.get("abstract") or reference.get("notes_abstract"), fields.LONGEST_ABSTRACT),
        doi=fields.text(reference.get("doi")),
        addresses=[fields.text(one, fields.LONGEST_URL) for one in _list(addresses)],
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def _name(name: Any) -> str:
    """ "Last, First, Suffix" as it is spoken. A group ends with a comma, those within its name are doubled."""
    text = fields.text(name, fields.LONGEST_NAME)
    if ",," in text or text.endswith(","):
        return text.removesuffix(",").replace(",,", ",")
    last, first, suffix = (*(part.strip() for part in text.split(",", 2)), "", "")[:3]
    return " ".join(filter(None, (first, last, suffix)))
