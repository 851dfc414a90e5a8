"""The data sets on this machine: where their files lie, and whether they are what they should be."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from repro.data.catalogue import RECORD, Dataset, dataset, how_to_get
from repro.errors import LabError
from repro.hashing import digest, sha256
from repro.schema import check

LAYOUTS = ("upstream", "at_hand")


@dataclass(frozen=True)
class Located:
    """A data set on this machine. `checksum`: one sha256 over the names and sha256s of its files."""

    name: str
    layout: str  # one of LAYOUTS
    folder: Path
    paths: Mapping[str, Path]  # file name → where it lies
    checksum: str

    def file(self, filename: str) -> Path:
        if filename not in self.paths:
            known = ", ".join(sorted(self.paths))
            raise LabError(f"the data set {self.name} has no file {filename!r} in the {self.layout} layout", known)
        return self.paths[filename]


class Absent(LabError):
    """The data set is not on this machine at all, as opposed to being damaged or of another version."""


@dataclass(frozen=True)
class Library:
    """Folders of data sets: `at_hand` (SYNTH_DATA), and `pulled` (a folder a data set); None where there is none."""

    at_hand: Path | None
    pulled: Path | None

    @classmethod
    def default(cls, pulled: Path | None = None) -> Library:
        folder = os.path.expanduser(os.environ.get("SYNTH_DATA", ""))
        return cls(Path(folder) if folder else None, pulled)

    def locate(self, name: str, checked: bool = True, layout: str = "") -> Located:
        """Find `name`: transformed below SYNTH_DATA, as published below SYNTH_DATA, else pulled.

        `layout`, one of LAYOUTS, asks for that form only. With `checked` every file is compared with its checksum.
        Raises LabError for a data set that is absent, or present with a file missing, truncated or of another version.
        """
        entry = dataset(name)
        for form, root in self.places(entry):
            if layout in ("", form):
                paths = paths_of(entry, form, root)
                if any(path.is_file() for path in paths.values()):
                    return _located(entry, form, root, paths, checked)
        raise Absent(f"the data set {name} is not on this machine", how_to_get(entry, layout))

    def places(self, entry: Dataset) -> list[tuple[str, Path]]:
        """Return layout and folder of each place where the data set may lie, in the order of the search."""
        places = []
        if self.at_hand:
            places += [("at_hand", self.at_hand), ("upstream", self.at_hand / entry.name)]
        if self.pulled:
            places.append(("upstream", self.pulled / entry.name))
        return places


def recorded(folder: Path) -> dict[str, Any]:
    """Return what the first pull of the data set in `folder` brought, by file name; empty if it was not pulled."""
    try:
        files = json.loads((folder / RECORD).read_text(encoding="utf-8"))["files"]
        check(files, {"*": {"sha256": str, "bytes": int, "*": object}}, RECORD)
        return files
    except FileNotFoundError:
        return {}
    except (LabError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise LabError(f"{folder / RECORD} is damaged", f"delete {folder} and pull the data set again") from error


def paths_of(entry: Dataset, layout: str, root: Path) -> dict[str, Path]:
    """Return file name → where it would lie in this layout below `root`."""
    if layout == "at_hand":
        return {file.name: root / file.path for file in entry.at_hand}
    return {file.name: root / file.name for file in entry.files}


def _located(entry: Dataset, layout: str, root: Path, paths: dict[str, Path], checked: bool) -> Located:
    stated = stated_checksums(entry, layout, root)
    sums = {}
    for name, path in sorted(paths.items()):
        sha, size = stated[name]
        # A file without a known checksum is read all the same: the checksum goes into the keys of results.
        sums[name] = compare(entry, path, sha, size) if checked or not sha else present(entry, path, sha, size)
    folders = {path.parent for path in paths.values()}
    folder = folders.pop() if len(folders) == 1 else root
    return Located(entry.name, layout, folder, paths, digest({"name": entry.name, "files": sums}))


def stated_checksums(entry: Dataset, layout: str, root: Path) -> dict[str, tuple[str, int]]:
    """Return file name → sha256 and bytes, from the entry or the first pull; "" and 0 where neither says."""
    if layout == "at_hand":
        return {file.name: (file.sha256, file.bytes) for file in entry.at_hand}
    first = recorded(root)
    return {
        file.name: (
            file.sha256 or first.get(file.name, {}).get("sha256", ""),
            file.bytes or first.get(file.name, {}).get("bytes", 0),
        )
        for file in entry.files
    }


def present(entry: Dataset, path: Path, stated: str, size: int) -> str:
    """Return `stated` after a look at the file's size only; LabError if it is absent or truncated."""
    if not path.is_file():
        raise LabError(f"the data set {entry.name} lacks {path.name}: {path} is missing", how_to_get(entry))
    there = path.stat().st_size
    if size and there < size:
        raise LabError(f"{path} is truncated: {there} of {size} bytes", _anew(entry))
    return stated


def compare(entry: Dataset, path: Path, stated: str, size: int) -> str:
    """Return the file's sha256; LabError if it is absent, truncated or not `stated` ("" is compared with nothing)."""
    present(entry, path, stated, size)
    status = path.stat()
    checksum = _sha256(path, status.st_size, status.st_mtime_ns)
    if stated and checksum != stated:
        raise LabError(
            f"{path} is another version of {path.name}: sha256 {checksum[:12]}…, not {stated[:12]}…", _anew(entry)
        )
    return checksum


def _anew(entry: Dataset) -> str:
    return f"delete it, then {how_to_get(entry)}"


@cache
def _sha256(path: Path, size: int, modified: int) -> str:
    """Hash a file; size and time of modification are in the key, so that it is read anew when it has changed."""
    return sha256(path)
