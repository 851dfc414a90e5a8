"""RIS, written by rispy. A group ends with a comma, a comma within its name is doubled (EndNote's convention)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from synth.core.types import JsonValue
from synth.export.names import Name
from synth.export.work import CitedWork

FILE = "references.ris"
_TYPES = {
    "article": "JOUR",
    "inproceedings": "CONF",
    "incollection": "CHAP",
    "book": "BOOK",
    "phdthesis": "THES",
    "mastersthesis": "THES",
}


def write(works: Sequence[CitedWork]) -> str:
    """Return the references, in the order of `works`."""
    import rispy

    class Writer(rispy.RisWriter):
        def set_header(self, count: int) -> str:
            return ""  # its own is a running number, which is no RIS

    if not works:
        return ""
    text = str(rispy.dumps([_reference(work) for work in works], implementation=Writer))
    return text.strip() + " \n"  # the last line is "ER  - ", with its blank


def _reference(work: CitedWork) -> dict[str, JsonValue]:
    single = re.fullmatch(r"([^\s,-]+)-([^\s,-]+)", work.pages)
    first, last = single.groups() if single else (work.pages, "")
    fields: dict[str, JsonValue] = {
        "type_of_reference": _TYPES.get(work.kind, "GEN"),
        "id": work.key,
        "title": unstyled(work.title),
        "authors": [*map(_name, work.authors)],
        "secondary_title" if work.kind in ("inproceedings", "incollection") else "journal_name": work.venue,
        "volume": work.volume,
        "number": work.issue,
        "start_page": first,
        "end_page": last,
        "publisher": work.publisher,
        "year": str(work.year or ""),
        "doi": work.doi,
        "urls": [*work.addresses],
        "notes": [work.note] if work.note else [],
    }
    return {name: value for name, value in fields.items() if value}


def unstyled(title: str) -> str:
    """Remove <i> and the like, which RIS lacks; what they enclose stays."""
    return " ".join(re.sub(r"</?(?:i|em|b|sub|sup)>", " ", title, flags=re.IGNORECASE).split())


def _name(name: Name) -> str:
    if name.literal:
        return name.literal.replace(",", ",,") + ("," if re.search(r"[\s,]", name.literal) else "")
    family = f"{name.particle} {name.family}".strip()
    return ", ".join(part for part in (family, name.given, name.suffix) if part)
