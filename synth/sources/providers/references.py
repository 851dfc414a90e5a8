"""References that a person has collected: files as Zotero, EndNote, PubMed and others export them.

`--import FILE` takes every reference of the file whatever the question, like the PDFs of `--papers`; ranking comes
later. The form is told by how the file begins, else by its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from synth.core.errors import UsageError
from synth.core.types import Record
from synth.sources import EVERYTHING, HitPage, SourceSettings, openaccess
from synth.sources.formats import bibtex, csljson, endnote, endnotexml, medline, ris
from synth.text import charset

if TYPE_CHECKING:
    from synth.text.lexicon import Lexicon

NEEDED = (
    "Name a file of BibTeX (.bib), RIS (.ris), PubMed (.nbib), EndNote (.enw, .xml), Web of Science (.ciw) or "
    "CSL-JSON (.json) with `--import`."
)
FORM_SHOWS = 20_000  # characters of a file among which its form shows
MAX_WARNINGS = 50  # of one file; the others are counted
Read = Callable[[str], tuple[list[Record], list[str]]]
_FORMS: dict[str, tuple[Read, int]] = {
    "BibTeX": (bibtex.read, bibtex.MAX_BYTES),
    "RIS": (ris.read, ris.MAX_BYTES),
    "CSL-JSON": (csljson.read, csljson.MAX_BYTES),
    "PubMed's format": (medline.read, medline.MAX_BYTES),
    "EndNote's tagged format": (endnote.read, endnote.MAX_BYTES),
    "Web of Science's format": (endnote.read_web_of_science, endnote.MAX_BYTES),
    "EndNote XML": (endnotexml.read, endnotexml.MAX_BYTES),
}
_BY_NAME = {".bib": "BibTeX", ".bibtex": "BibTeX", ".ris": "RIS", ".json": "CSL-JSON", ".csljson": "CSL-JSON"}
_BY_NAME |= {".nbib": "PubMed's format", ".medline": "PubMed's format", ".enw": "EndNote's tagged format"}
_BY_NAME |= {".ciw": "Web of Science's format", ".xml": "EndNote XML", ".jsonl": "CSL-JSON"}
# How each form begins: the first line with something in it, else any line.
_FIRST = (
    ("CSL-JSON", re.compile(r"[\[{]")),
    ("EndNote XML", re.compile(r"<\?xml|<xml|<records|<record", re.IGNORECASE)),
    ("RIS", re.compile(r"TY[ \t]*[-–—]", re.IGNORECASE)),
    ("PubMed's format", re.compile(r"PMID[ \t]*-")),
    ("EndNote's tagged format", re.compile(r"%0[ \t]")),
    ("Web of Science's format", re.compile(r"(?:FN [A-Z]|PT [A-Z]\s*$)", re.MULTILINE)),
)
_ANY = (
    ("BibTeX", re.compile(r"^[ \t]*@[a-zA-Z]+[ \t]*[{(]", re.MULTILINE)),
    ("RIS", re.compile(r"^[ \t]{0,3}TY[ \t]*[-–—][ \t]", re.MULTILINE)),
    ("PubMed's format", re.compile(r"^PMID[ \t]{0,3}-[ \t]*\d", re.MULTILINE)),
)


class References:
    """The `references` source."""

    name = "references"
    max_hits = EVERYTHING

    def query(self, question: str, lexicon: Lexicon | None = None) -> str:
        return "every reference in the files of --import"

    def pages(self, query: str, limit: int, start: int, settings: SourceSettings) -> Iterator[HitPage]:
        records, warnings = read_references(settings.references)
        end = min(limit, len(records))
        for first in range(start, end, settings.page_size):
            batch = tuple(records[first : min(first + settings.page_size, end)])
            yield HitPage(query, batch, len(records), warnings=tuple(warnings) if first == 0 else ())

    def fetch_pdf(self, record: Record, folder: Path, settings: SourceSettings) -> Path | None:
        return openaccess.fetch(record, folder, settings)


SOURCE = References()


def read_references(files: tuple[Path, ...]) -> tuple[list[Record], list[str]]:
    """Return the records of all `files`, each reference once, and what was not understood.

    Raises UsageError if there is no file, or one that cannot be read or has no reference at all.
    """
    if not files:
        raise UsageError("The `references` source has no file.", NEEDED)
    records: dict[str, Record] = {}
    warnings: list[str] = []
    for file in files:
        own, passed = _read(file)
        if not own:
            raise UsageError(f"{file} has no reference{f': {passed[0]}' if passed else ''}.", NEEDED)
        if len(passed) > MAX_WARNINGS:
            passed = [*passed[:MAX_WARNINGS], f"{len(passed) - MAX_WARNINGS} more warnings"]
        warnings += [f"{file.name}, {problem}." for problem in passed]
        for record in own:
            records.setdefault(record.source_id, record)
    return list(records.values()), warnings


def _read(file: Path) -> tuple[list[Record], list[str]]:
    largest = max(size for _, size in _FORMS.values())
    try:
        size = file.stat().st_size
        with file.open("rb") as opened:
            content = opened.read(largest + 1)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.", NEEDED) from error
    text, guessed = charset.decoded(content)
    form = _form(text[:FORM_SHOWS]) or _BY_NAME.get(file.suffix.lower())
    if form is None:
        known = ", ".join(_FORMS)
        raise UsageError(f"{file} is in none of the forms that are read: {known}.", NEEDED)
    read, most = _FORMS[form]
    if size > most:
        raise UsageError(
            f"{file} has {size / 2**20:.0f} MB; {form} is read up to {most / 2**20:.0f} MB.", "Split the file."
        )
    if "\0" in text:
        raise UsageError(f"{file} is no text.", "Export the references as text, in UTF-8.")
    del content
    records, warnings = read(text)
    return records, [*guessed, *warnings]


def _form(start: str) -> str | None:
    """Return the form of a file by how it begins, whatever it is called."""
    text = start.lstrip("\ufeff \t\r\n")
    for form, pattern in _FIRST:
        if pattern.match(text):
            return form
    places = [(match.start(), form) for form, pattern in _ANY if (match := pattern.search(start))]
    return min(places)[1] if places else None
