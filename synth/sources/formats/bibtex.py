"""BibTeX, parsed by bibtexparser; TeX's letters are resolved here, since only a handful occurs in names and titles.

The parser knows no limits, so the file has one: it works through a few hundred kB a second, whatever is in them.
Macros (@string) are left unresolved: a few lines of them can grow without bound.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from typing import Any

from synth.sources import fields
from synth.sources.formats.reference import described
from synth.types import Record

LARGEST = 10 * 2**20  # bytes
MOST_WARNINGS = 20

# TeX's accents → Unicode's combining marks, and letters of their own (The TeXbook, ch. 9).
_ACCENTS = {"`": 0x300, "'": 0x301, "^": 0x302, "~": 0x303, "=": 0x304, "u": 0x306, ".": 0x307, '"': 0x308}
_ACCENTS |= {"r": 0x30A, "H": 0x30B, "v": 0x30C, "d": 0x323, "c": 0x327, "k": 0x328, "b": 0x331}
_LETTERS = {"ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "o": "ø", "O": "Ø", "l": "ł"}
_LETTERS |= {"L": "Ł", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "dj": "đ", "DJ": "Đ", "th": "þ", "TH": "Þ"}
_ACCENT = re.compile(r"\\(?:([`'^~=.\"])|([uvHcdbkr])(?=[\s{]))\s*\{?\s*(\\[ij](?![a-zA-Z])|[^\W\d_])\s*\}?")
_LETTER = re.compile(r"\\(ss|ae|AE|oe|OE|aa|AA|dh|DH|dj|DJ|th|TH|[oOlLij])(?![a-zA-Z])(?:\s*\{\}|\s+)?")
_ESCAPED = re.compile(r"\\([&%$#_{} ])")
_COMMAND = re.compile(r"\\[a-zA-Z]+\*?\s*")
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)


def read(text: str) -> tuple[list[Record], list[str]]:
    """The records of a BibTeX file and what was passed over. Never raises for what is in the file."""
    import bibtexparser

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # it logs every damaged entry, we warn of them
    try:
        library = bibtexparser.parse_string(text, parse_stack=[])
    except (ValueError, RecursionError, IndexError, KeyError) as error:
        return [], [f"the file cannot be parsed ({type(error).__name__})"]
    records, warnings = [], []
    for block in library.failed_blocks:
        line = (block.start_line or 0) + 1
        duplicate = type(block).__name__.startswith("Duplicate") and getattr(block, "ignore_error_block", None)
        entry = duplicate or None
        if entry is not None and hasattr(entry, "fields_dict") and (found := _record(entry)):
            records.append(found)  # two entries under one key are two entries
        else:
            warnings.append(f"line {line}: an entry that is no BibTeX; passed over")
    for entry in library.entries:
        if found := _record(entry):
            records.append(found)
        else:
            warnings.append(f"line {(entry.start_line or 0) + 1}: an entry without a title; passed over")
    if len(warnings) > MOST_WARNINGS:
        warnings = [*warnings[:MOST_WARNINGS], f"{len(warnings) - MOST_WARNINGS} more entries were passed over"]
    return records, warnings


def _record(entry: Any) -> Record | None:
    values = {name.lower(): _value(found.value) for name, found in entry.fields_dict.items()}
    kind = entry.entry_type.lower()
    eprint = values.get("eprint", "") if "arxiv" in values.get("archiveprefix", "arxiv").lower() else ""
    return described(
        name=fields.text(entry.key, fields.LONGEST_NAME),
        title=plain(values.get("title", "")),
        authors=[_name(one) for one in _AND.split(values.get("author", "")[:200_000])],
        year=values.get("year") or values.get("date"),
        abstract=plain(values.get("abstract", "")),
        doi=values.get("doi", "").replace("\\_", "_"),
        addresses=[values.get("url", "").replace("\\_", "_").replace("\\%", "%"), eprint],
        comment=f"@{kind}" if kind in ("book", "phdthesis", "mastersthesis", "misc", "unpublished") else "",
    )


def _value(value: Any) -> str:
    """A field without the braces or quotation marks around it."""
    found = str(value).strip()
    while len(found) > 1 and (found[0], found[-1]) in (("{", "}"), ('"', '"')):
        found = found[1:-1].strip()
    return found


def _name(name: str) -> str:
    """ "Last, First" and "von Last, Jr, First" as they are spoken; "others" stands for nobody."""
    parts = [part.strip() for part in plain(name).split(",")]
    spoken = " ".join([*parts[-1:], *parts[:-1]]) if len(parts) > 1 else parts[0]
    return "" if spoken == "others" else spoken


def plain(text: str) -> str:
    """`text` without TeX: accents composed, letters spelt out, braces and commands gone."""
    text = _ACCENT.sub(_accented, text[: 4 * fields.LONGEST_ABSTRACT].replace("\0", " "))  # \0 marks what stays
    text = _LETTER.sub(lambda m: _LETTERS[m[1]], text)
    text = text.replace("---", "—").replace("--", "–").replace("~", " ").replace("\\\\", " ")
    text = _ESCAPED.sub(lambda m: "\0" + m[1] if m[1] in "{}" else m[1], text)
    text = re.sub(r"(?<!\0)[{}$]", "", _COMMAND.sub("", text)).replace("\0", "")
    return fields.text(unicodedata.normalize("NFC", text), fields.LONGEST_ABSTRACT)


def _accented(found: re.Match[str]) -> str:
    letter = found[3].removeprefix("\\")
    return unicodedata.normalize("NFC", letter + chr(_ACCENTS[found[1] or found[2]]))
