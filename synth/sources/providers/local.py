"""PDFs on this machine: every one under a folder, or those that a manifest lists.

`--papers DIR` takes all PDFs of the folder, described by DIR/manifest.csv where that lists them;
`--papers FILE.csv` takes exactly the files that the manifest lists.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from synth.core.errors import UsageError
from synth.core.types import Record
from synth.papers import identity
from synth.sources import EVERYTHING, HitPage, SourceSettings, manifest
from synth.text.identifiers import doi_address

if TYPE_CHECKING:
    from synth.text.lexicon import Lexicon

MANIFEST = "manifest.csv"
NEEDED = "Name a folder with PDFs, or a manifest CSV, with `--papers`."


class Local:
    """The `local` source. It takes every paper whatever the question; ranking comes later."""

    name = "local"
    max_hits = EVERYTHING

    def query(self, question: str, lexicon: Lexicon | None = None) -> str:
        return "every PDF under --papers"

    def pages(self, query: str, limit: int, start: int, settings: SourceSettings) -> Iterator[HitPage]:
        records, warnings = read_papers(settings.papers)
        end = min(limit, len(records))
        for first in range(start, end, settings.page_size):
            batch = tuple(records[first : min(first + settings.page_size, end)])
            yield HitPage(query, batch, len(records), warnings=tuple(warnings) if first == 0 else ())

    def fetch_pdf(self, record: Record, folder: Path, settings: SourceSettings) -> Path | None:
        return record.pdf_path if record.pdf_path and record.pdf_path.is_file() else None


SOURCE = Local()


def read_papers(papers: Path | None) -> tuple[list[Record], list[str]]:
    """Return records of the PDFs at `papers`, in order of their paths, and what was passed over.

    Raises UsageError if there is no such place, if it cannot be read, or if no PDF is in it.
    """
    if papers is None:
        raise UsageError("The `local` source has no folder.", NEEDED)
    if not papers.exists():
        raise UsageError(f"There is no {papers}.", NEEDED)
    if papers.is_dir():
        records, warnings = _folder(papers)
    elif papers.suffix.lower() == ".csv":
        entries, warnings = manifest.read(papers, inside=False)
        records = [_described(entry) for entry in entries]
    else:
        raise UsageError(f"{papers} is neither a folder nor a CSV file.", NEEDED)
    if not records:
        hint = f" {warnings[0]}" if warnings else ""
        raise UsageError(f"No PDF was found at {papers}.{hint}", NEEDED)
    return sorted(records, key=lambda record: record.source_id), warnings


def _folder(folder: Path) -> tuple[list[Record], list[str]]:
    try:
        os.listdir(folder)
    except OSError as error:
        raise UsageError(f"{folder} cannot be read: {error.strerror}.", NEEDED) from error
    warnings: list[str] = []
    described: dict[Path, manifest.ManifestRow] = {}
    if (folder / MANIFEST).is_file():
        entries, warnings = manifest.read(folder / MANIFEST, inside=True)
        described = {entry.real: entry for entry in entries}
    files = list(_pdfs(folder, warnings))
    unlisted = sum(Path(os.path.realpath(file)) not in described for file in files)
    if described and unlisted:
        warnings.append(f"{MANIFEST} does not list {unlisted} of the {len(files)} PDFs; they are taken without it.")
    return [
        _described(entry) if (entry := described.get(Path(os.path.realpath(file)))) else by_name(file) for file in files
    ], warnings


def _pdfs(folder: Path, warnings: list[str]) -> Iterator[Path]:
    """Yield the PDF files under `folder`, neither hidden nor linked from elsewhere. Each file is given once."""
    root = folder.resolve()
    targets: set[Path] = set()

    def unreadable(error: OSError) -> None:
        warnings.append(f"{error.filename} cannot be read: {error.strerror}; passed over.")

    for place, folders, files in os.walk(root, onerror=unreadable):  # does not follow links to folders
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            file = Path(place, name)
            if name.startswith(".") or file.suffix.lower() != ".pdf":
                continue
            target = Path(os.path.realpath(file))
            if not target.is_relative_to(root):
                warnings.append(f"{file} is a link out of the folder; passed over.")
            elif not target.is_file():
                warnings.append(f"{file} is no ordinary file; passed over.")
            elif str(file).encode("utf-8", "replace").decode() != str(file):
                warnings.append(f"{str(file)!r} has a name that is no UTF-8; passed over. Rename it.")
            elif target not in targets:
                targets.add(target)
                yield file


def by_name(file: Path) -> Record:
    """Read the record from the name of a PDF: an arXiv or Anthology id if it is exactly one, else nothing."""
    identifier, version, acl, url = "", "", "", ""
    real = Path(os.path.realpath(file))
    if parsed := identity.arxiv_id(file.stem):
        identifier, version = parsed
        url = f"https://arxiv.org/abs/{identifier}{version}"
    elif parsed := identity.acl_id(file.stem):
        acl, version = parsed
        url = f"https://aclanthology.org/{acl}{version}"
    return Record(
        source="local",
        source_id=str(real),
        title="",
        url=url,
        arxiv_id=identifier,
        acl_id=acl,
        version=version,
        pdf_path=real,
    )


def _described(entry: manifest.ManifestRow) -> Record:
    named = by_name(entry.file)
    arxiv_id, version = (entry.arxiv_id, entry.version) if entry.arxiv_id else (named.arxiv_id, named.version)
    url = named.url
    if entry.arxiv_id:
        url = f"https://arxiv.org/abs/{arxiv_id}{version}"
    elif entry.doi and not url:
        url = doi_address(entry.doi)
    return Record(
        source="local",
        source_id=named.source_id,
        title=entry.title,
        authors=entry.authors,
        year=entry.year,
        url=url,
        arxiv_id=arxiv_id,
        acl_id=named.acl_id,
        version=version,
        doi=entry.doi,
        pdf_path=named.pdf_path,
    )
