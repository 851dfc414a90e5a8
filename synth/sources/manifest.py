"""A manifest: a CSV that says what the PDFs of a folder are. Written by hand, so every row is looked at by itself.

Columns: file_location,title,authors,year,doi,arxiv_id; authors are separated by ";". Only the first is needed.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synth.errors import UsageError
from synth.sources import identity

COLUMNS = ("file_location", "title", "authors", "year", "doi", "arxiv_id")
LARGEST = 20 * 2**20  # bytes
EXAMPLE = f"Its first line should be: {','.join(COLUMNS)}"


@dataclass(frozen=True)
class Entry:
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


def read(file: Path, *, inside: bool) -> tuple[list[Entry], list[str]]:
    """The usable rows of the manifest `file`, and a warning with line number for each thing passed over.

    Relative locations count from the manifest's folder; with `inside` no location may lead out of it. Raises
    UsageError if the file is no such CSV at all.
    """
    rows, warnings = _rows(file)
    entries: dict[Path, Entry] = {}
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
        if file.stat().st_size > LARGEST:
            raise UsageError(f"{file} has more than {LARGEST / 2**20:.0f} MB.", "Split the manifest.")
        content = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.", "Check `--papers`.") from error
    if b"\0" in content:
        raise UsageError(f"{file} is no UTF-8 text.", "Save it as CSV in UTF-8.")
    # Bytes that are no UTF-8 stay recognisable, so that only their rows are affected.
    text = content.decode("utf-8-sig", "surrogateescape")
    reader = csv.reader(io.StringIO(text, newline=""))
    head = [name.strip().lower() for name in next(_records(reader, []), (0, []))[1]]
    if "file_location" not in head:
        raise UsageError(f"{file} has no column `file_location`.", EXAMPLE)
    warnings = [f"line 1: no column `{name}`" for name in COLUMNS if name not in head]
    rows = []
    for line, cells in _records(reader, warnings):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(head):
            warnings.append(f"line {line}: {len(cells)} cells for {len(head)} columns; is a comma not in quotes?")
            continue
        row = dict.fromkeys(COLUMNS, "") | {name: cell.strip() for name, cell in zip(head, cells, strict=False)}
        rows.append((line, row))
    return rows, warnings


def _records(reader: Any, warnings: list[str]) -> Iterator[tuple[int, list[str]]]:
    """(line on which it begins, cells) of each record; what csv cannot read is warned of."""
    while True:
        line = reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            warnings.append(f"line {line}: {error}")


def _entry(line: int, row: dict[str, str], folder: Path, warnings: list[str]) -> Entry | None:
    """The row with what is wrong in it left out and warned of; None without a location."""

    def left_out(column: str, why: str) -> None:
        warnings.append(f"line {line}: {column} {row[column][:80]!r} {why}; left out")

    for column in COLUMNS:
        if any("\ud800" <= c <= "\udfff" for c in row[column]):
            row[column] = row[column].encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            left_out(column, "is not UTF-8")
            row[column] = ""
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
    authors = tuple(" ".join(author.split()) for author in row["authors"].split(";") if author.strip())
    title = " ".join(row["title"].split())
    return Entry(line, folder / row["file_location"], title, authors, year, name or "", *(arxiv or ("", "")))


def _usable(entry: Entry, folder: Path | None, warnings: list[str]) -> bool:
    """Whether there is a PDF where the row says, inside `folder` if one is given."""
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
