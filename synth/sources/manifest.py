"""A manifest: a CSV that says what the PDFs of a folder are. Written by hand, so every row is looked at by itself.

Columns: file_location,title,authors,year,doi,arxiv_id; authors are separated by ";". Only the first is needed.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from synth.core.errors import UsageError
from synth.papers import identity
from synth.sources import fields
from synth.text import charset, delimited

COLUMNS = ("file_location", "title", "authors", "year", "doi", "arxiv_id")
OTHER_NAMES = {"arxiv": "arxiv_id", "file": "file_location", "path": "file_location", "author": "authors"}
MAX_BYTES = 20 * 2**20  # bytes
EXAMPLE = f"Its first line should be: {','.join(COLUMNS)}"


@dataclass(frozen=True)
class ManifestRow:
    """One row: `file` is where the PDF should be, the rest what the row says about it."""

    line: int
    file: Path
    title: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    doi: str = ""
    arxiv_id: str = ""
    version: str = ""

    @property
    def real(self) -> Path:
        """The file behind all links; the name of a missing one stays as it is."""
        return Path(os.path.realpath(self.file))


def read(file: Path, *, inside: bool) -> tuple[list[ManifestRow], list[str]]:
    """Return the usable rows of the manifest `file`, and a warning with line number for each thing passed over.

    Relative locations count from the manifest's folder; with `inside` no location may lead out of it. Raises
    UsageError if the file is no such CSV at all.
    """
    rows, warnings = _rows(file)
    entries: dict[Path, ManifestRow] = {}
    for line, row in rows:
        entry = _entry(line, row, file.parent, warnings)
        if entry is None or not _usable(entry, file.parent if inside else None, warnings):
            continue
        known = entries.setdefault(entry.real, entry)
        if known is not entry:
            warnings.append(f"line {line}: {row['file_location']} stands in line {known.line} already; passed over")
    return list(entries.values()), [f"{file.name}, {warning}." for warning in warnings]


def _rows(file: Path) -> tuple[list[tuple[int, dict[str, str]]], list[str]]:
    try:
        if file.stat().st_size > MAX_BYTES:
            raise UsageError(f"{file} has more than {MAX_BYTES / 2**20:.0f} MB.", "Split the manifest.")
        content = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.", "Check `--papers`.") from error
    text, guessed = charset.decoded(content)
    if "\0" in text:
        raise UsageError(f"{file} is no text.", "Save it as CSV in UTF-8.")
    table = delimited.read(text, COLUMNS, OTHER_NAMES)
    if "file_location" not in table.head:
        raise UsageError(f"{file} has no column `file_location`.", EXAMPLE)
    warnings = [*guessed, *(f"line 1: no column `{name}`" for name in COLUMNS if name not in table.head)]
    warnings += [f"line {line}: {what}" for line, what in table.damaged]
    rows = []
    for line, row in table.named():
        if "" in row:
            kind = {",": "comma", ";": "semicolon", "\t": "tab"}.get(table.separator, table.separator)
            warnings.append(f"line {line}: {row['']} cells for {len(table.head)} columns; is a {kind} not in quotes?")
            continue
        rows.append((line, dict.fromkeys(COLUMNS, "") | {name: cell for name, cell in row.items() if name in COLUMNS}))
    return rows, warnings


def _entry(line: int, row: dict[str, str], folder: Path, warnings: list[str]) -> ManifestRow | None:
    """Return the row with what is wrong in it left out and warned of; None without a location."""

    def left_out(column: str, why: str) -> None:
        warnings.append(f"line {line}: {column} {row[column][:80]!r} {why}; left out")

    if not row["file_location"]:
        warnings.append(f"line {line}: no file_location; passed over")
        return None
    year = int(row["year"]) if re.fullmatch(r"(?:19|20)[0-9]{2}", row["year"]) else None
    if row["year"] and year is None:
        left_out("year", "is no year")
    name = identity.doi(row["doi"])
    if row["doi"] and name is None:
        left_out("doi", "is no DOI")
    arxiv = identity.arxiv_id(row["arxiv_id"])
    if row["arxiv_id"] and arxiv is None:
        left_out("arxiv_id", "is no arXiv id")
    authors = fields.names(row["authors"].split(";"))
    title = fields.unmarked(row["title"])
    return ManifestRow(line, folder / row["file_location"], title, authors, year, name or "", *(arxiv or ("", "")))


def _usable(entry: ManifestRow, folder: Path | None, warnings: list[str]) -> bool:
    """Return True if there is a PDF where the row says, inside `folder` if one is given."""
    problem = ""
    if folder is not None and not entry.real.is_relative_to(os.path.realpath(folder)):
        problem = "leads out of the folder; name the manifest itself with `--papers` to allow that"
    elif not os.path.exists(entry.file):
        problem = "does not exist"
    elif not os.path.isfile(entry.file) or entry.file.suffix.lower() != ".pdf":
        problem = "is no PDF file"
    if problem:
        warnings.append(f"line {entry.line}: {entry.file} {problem}; passed over")
    return not problem
