"""References that a person has collected: files of BibTeX, RIS or CSL-JSON, as Zotero and others export them.

`--import FILE` takes every reference of the file whatever the question, like the PDFs of `--papers`; ranking comes
later. The form is told by the name (.bib, .ris, .json), else by how the file begins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from synth.errors import UsageError
from synth.sources import EVERYTHING, Page, SourceSettings, openaccess
from synth.sources.formats import bibtex, csljson, ris
from synth.types import Record

if TYPE_CHECKING:
    from synth.lexicon import Lexicon

NEEDED = "Name a file of BibTeX (.bib), RIS (.ris) or CSL-JSON (.json) with `--import`."
Read = Callable[[str], tuple[list[Record], list[str]]]
_FORMS: dict[str, tuple[Read, int]] = {
    "BibTeX": (bibtex.read, bibtex.LARGEST),
    "RIS": (ris.read, ris.LARGEST),
    "CSL-JSON": (csljson.read, csljson.LARGEST),
}
_BY_NAME = {".bib": "BibTeX", ".bibtex": "BibTeX", ".ris": "RIS", ".json": "CSL-JSON", ".csljson": "CSL-JSON"}


class References:
    """The `references` source."""

    name = "references"
    most_hits = EVERYTHING

    def query(self, question: str, lexicon: Lexicon | None = None) -> str:
        return "every reference in the files of --import"

    def pages(self, query: str, limit: int, start: int, settings: SourceSettings) -> Iterator[Page]:
        records, warnings = found(settings.references)
        end = min(limit, len(records))
        for first in range(start, end, settings.page_size):
            batch = tuple(records[first : min(first + settings.page_size, end)])
            yield Page(query, batch, len(records), warnings=tuple(warnings) if first == 0 else ())

    def fetch_pdf(self, record: Record, folder: Path, settings: SourceSettings) -> Path | None:
        return openaccess.fetch(record, folder, settings)


SOURCE = References()


def found(files: tuple[Path, ...]) -> tuple[list[Record], list[str]]:
    """The records of all `files`, each reference once, and what was passed over.

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
        warnings += [f"{file.name}, {one}." for one in passed]
        for record in own:
            records.setdefault(record.source_id, record)
    return list(records.values()), warnings


def _read(file: Path) -> tuple[list[Record], list[str]]:
    try:
        size = file.stat().st_size
        with file.open("rb") as opened:
            start = opened.read(2000).decode("utf-8", "replace")
            form = _BY_NAME.get(file.suffix.lower()) or _form(start)
            if form is None:
                raise UsageError(f"{file} is neither BibTeX nor RIS nor CSL-JSON.", NEEDED)
            read, largest = _FORMS[form]
            if size > largest:
                raise UsageError(
                    f"{file} has {size / 2**20:.0f} MB; {form} is read up to {largest / 2**20:.0f} MB.",
                    "Split the file.",
                )
            opened.seek(0)
            content = opened.read(largest + 1)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.", NEEDED) from error
    if b"\0" in content:
        raise UsageError(f"{file} is no UTF-8 text.", "Export it in UTF-8.")
    return read(content.decode("utf-8-sig", "replace"))


def _form(start: str) -> str | None:
    text = start.lstrip("\ufeff \t\r\n")
    if text.startswith(("[", "{")):
        return "CSL-JSON"
    if text.startswith("TY"):
        return "RIS"
    return "BibTeX" if text.startswith(("@", "%")) else None
