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
_COMMAND = re.compile(r"(?<!\0)\\[a-zA-Z]+\*?\s*")
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_SYMBOLS = {"textbackslash": "\\", "textbraceleft": "{", "textbraceright": "}", "textasciitilde": "~"}
_SYMBOLS |= {"textasciicircum": "^", "textless": "<", "textgreater": ">", "textbar": "|", "textunderscore": "_"}
_ESCAPED = re.compile(rf"\\(?:([&%$#_{{}} ])|({'|'.join(_SYMBOLS)})(?![a-zA-Z])(?:\s*\{{\}}|\s+)?)")
# Between dollars that belong together, with something in it that only TeX writes: a formula stays as it is.
_FORMULA = re.compile(r"(?<![\\$])\$(?=[^$]*[\\^_])(?! )[^$]{1,200}(?<![ \\])\$(?!\$)")


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
    # A second pair of braces around the authors makes them one name, that of a group.
    people = next((_value(found.value, 1) for key, found in entry.fields_dict.items() if key.lower() == "author"), "")
    kind = entry.entry_type.lower()
    eprint = values.get("eprint", "") if "arxiv" in values.get("archiveprefix", "arxiv").lower() else ""
    return described(
        name=fields.text(entry.key, fields.LONGEST_NAME),
        title=plain(values.get("title", "")),
        authors=[_name(one) for one in _people(people[:200_000])],
        year=values.get("year") or values.get("date"),
        abstract=plain(values.get("abstract", "")),
        doi=values.get("doi", "").replace("\\_", "_"),
        addresses=[values.get("url", "").replace("\\_", "_").replace("\\%", "%"), eprint, _anthology(values)],
        comment=f"@{kind}" if kind in ("book", "phdthesis", "mastersthesis", "misc", "unpublished") else "",
    )


def _value(value: Any, most: int = 1000) -> str:
    """A field without the quotation marks, or `most` pairs of braces, around it."""
    found = str(value).strip()
    while len(found) > 1 and found[0] == found[-1] == '"':
        found = found[1:-1].strip()
    around = min(_around(found), most)
    return found[around : len(found) - around].strip()


def _around(text: str) -> int:
    """How many pairs of braces enclose the whole of `text`."""
    inner = text.strip("{}")
    start = len(text) - len(text.lstrip("{"))
    end = len(text) - len(text.rstrip("}"))
    depth = lowest = 0
    for c in inner:
        depth += (c == "{") - (c == "}")
        lowest = min(lowest, depth)
    return max(0, min(start + lowest, end, start)) if inner else min(start, end)


def _anthology(values: dict[str, str]) -> str:
    """The address of an Anthology id in a field of its own, as we write it where nothing else carries it."""
    return f"https://aclanthology.org/{values['aclid']}" if values.get("aclid") else ""


def _people(authors: str) -> list[str]:
    """The names between the "and"s that are in no braces (Patashnik, "BibTeXing", 1988, §4)."""
    names, start = [], 0
    for found in _AND.finditer(authors):
        if _outside(authors[start : found.start()]):
            names.append(authors[start : found.start()])
            start = found.end()
    return [*names, authors[start:]]


def _outside(text: str) -> bool:
    return text.count("{") == text.count("}")


def _name(name: str) -> str:
    """ "Last, First" and "von Last, Jr, First" as they are spoken; "others" stands for nobody.

    A name that is in braces as a whole is a group's: its commas part nothing.
    """
    name = name.strip()
    if _around(name):
        return plain(name)
    parts = [part.strip() for part in plain(name).split(",")]
    spoken = " ".join([*parts[-1:], *parts[:-1]]) if len(parts) > 1 else parts[0]
    return "" if spoken == "others" else spoken


def plain(text: str) -> str:
    """`text` without TeX: accents composed, letters spelt out, braces and commands gone; formulas as they are."""
    text = text[: 4 * fields.LONGEST_ABSTRACT].replace("\0", " ")
    formulas = list(_FORMULA.finditer(text))
    ends = [0, *(found.end() for found in formulas)]
    starts = [*(found.start() for found in formulas), len(text)]
    words = [_unset(text[end:start]) for end, start in zip(ends, starts, strict=True)]
    whole = words[0] + "".join(found[0] + word for found, word in zip(formulas, words[1:], strict=True))
    return fields.text(unicodedata.normalize("NFC", whole), fields.LONGEST_ABSTRACT)


def _unset(text: str) -> str:
    text = _ACCENT.sub(_accented, text)
    text = _LETTER.sub(lambda m: _LETTERS[m[1]], text)
    text = text.replace("---", "—").replace("--", "–").replace("~", " ").replace("\\\\", " ")
    # \0 marks what stays, whatever it looks like.
    text = _ESCAPED.sub(lambda m: "\0" + (m[1] or _SYMBOLS[m[2]]), text)
    return re.sub(r"(?<!\0)[{}$]", "", _COMMAND.sub("", text)).replace("\0", "")


def _accented(found: re.Match[str]) -> str:
    letter = found[3].removeprefix("\\")
    return unicodedata.normalize("NFC", letter + chr(_ACCENTS[found[1] or found[2]]))
