"""Checksums of large files, remembered between commands so that a listing does not read gigabytes each time."""

from __future__ import annotations

import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from repro.data.library import Library
from repro.errors import LabError
from repro.hashing import digest, sha256
from repro.schema import check

NAME = "checksums.json"  # in the laboratory's store
SCHEMA = {"*": {"bytes": int, "modified": int, "sha256": str}}
MAX_BYTES = 16 * 2**20  # bytes of the file of checksums; a larger one is none of ours
SETTLED = 2 * 10**9  # nanoseconds: a file changed later than that may change again within one tick of its clock


class Checksums:
    """SHA-256 by path, size and time of modification, kept in `file`.

    Good for planning: a file that was exchanged without a trace in its size and time is found when a stage reads it.
    Whatever is wrong with `file`, it is only an empty memory; where it cannot be written, nothing is remembered.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._known = _read(file)
        self._new: dict[str, dict[str, Any]] = {}

    def of(self, path: Path) -> str:
        """Return the SHA-256 of `path`, read only if it changed since it was last read."""
        facts, name = path.stat(), str(path.absolute())
        state = {"bytes": facts.st_size, "modified": facts.st_mtime_ns}
        known = self._new.get(name) or self._known.get(name)
        if known and {key: known[key] for key in state} == state:
            return str(known["sha256"])
        checksum = sha256(path)
        if time.time_ns() - facts.st_mtime_ns > SETTLED:
            self._new[name] = {**state, "sha256": checksum}
        return checksum

    def save(self) -> None:
        """Write what is new, all at once, beside what other processes have written meanwhile. No folder is made."""
        if not self._new or not self.file.parent.is_dir():
            return
        both = {**_read(self.file), **self._new}
        current = {name: facts for name, facts in both.items() if os.path.isfile(name)}
        try:
            handle, draft = tempfile.mkstemp(dir=self.file.parent, prefix=f".{NAME}-")
            try:
                with open(handle, "w", encoding="utf-8") as stream:
                    json.dump(current, stream, indent=1, sort_keys=True)
                os.replace(draft, self.file)
            except BaseException:
                os.unlink(draft)
                raise
        except OSError:  # a full or read-only disk: the files are read again next time
            return
        self._known, self._new = current, {}


def data_checksum(library: Library, name: str, layout: str, sums: Checksums) -> str:
    """Return `Located.checksum` of a data set, its files compared with what they should be, as `sums` knows them.

    Where they differ the files are read, which says which of them is wrong.
    """
    located = library.locate(name, checked=False, layout=layout)
    known = {file: sums.of(path) for file, path in located.paths.items()}
    if digest({"name": located.name, "files": known}) == located.checksum:
        return located.checksum
    return library.locate(name, layout=layout).checksum


def _read(file: Path) -> dict[str, dict[str, Any]]:
    try:
        if file.stat().st_size > MAX_BYTES:
            return {}
        entries = json.loads(file.read_text(encoding="utf-8"))
        check(entries, SCHEMA, file.name)
    except (OSError, ValueError, RecursionError, LabError):
        return {}
    return dict(entries)
