"""Names of files and folders in what leaves this machine. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import PurePath

from synth.store.rows.searches import PaperView

MANIFEST = "manifest-sha256.txt"
METADATA = "ro-crate-metadata.json"
DESCRIPTION = "bundle.json"
DATABASE = "db/synth.db"
# A path with at least one folder that begins at the root, and a drive's: what stands behind its last slash is kept.
_PATH = re.compile(r"(?<![\w.:/~…-])/(?:[^\s/\"'<>|:;,(){}\[\]]+/)+|(?<!\w)[A-Za-z]:\\(?:[^\s\\\"'<>|:;,]+\\)*")
_NAME = re.compile(r"[\w][\w.+() -]{0,120}\.pdf", re.IGNORECASE)


def cleaner(folders: Iterable[str]) -> Callable[[str], str]:
    """Return a function that removes folders from a text: known ones (perhaps with blanks), then what looks so."""
    known = sorted({folder.rstrip("/\\") for folder in folders if len(folder.rstrip("/\\")) > 1}, key=len, reverse=True)

    def clean(text: str) -> str:
        for folder in known:
            text = re.sub(rf"{re.escape(folder)}(?![\w-])[/\\]?", "…/", text)
        return _PATH.sub("…/", text)

    return clean


def pdf_names(papers: Iterable[PaperView]) -> dict[int, str]:
    """Map work to its PDF's path in a bundle: its own name if that is plain and unique, else its checksum."""
    rows = [row for row in papers if row.sha256]
    names = {row.id: PurePath(row.pdf_path).name for row in rows}
    shas: dict[str, set[str]] = {}
    for row in rows:
        shas.setdefault(names[row.id].casefold(), set()).add(row.sha256)
    return {
        row.id: f"db/pdfs/{name if _plain(name) and len(shas[name.casefold()]) == 1 else row.sha256 + '.pdf'}"
        for row in rows
        for name in [names[row.id]]
    }


def _plain(name: str) -> bool:
    return bool(_NAME.fullmatch(name)) and name.isascii()
