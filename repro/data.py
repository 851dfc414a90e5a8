"""The data sets: what each is and under which licence, where its files come from, and where they lie here.

One TOML file a data set in `repro/datasets/`; a name is parsed when it is asked for. Nothing numerical is loaded.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import Any

from repro.artifacts import sha256
from repro.canonical import digest
from repro.errors import LabError
from repro.schema import check

RECORD = "pulled.json"  # beside the files of a pulled data set: what came, from where, with which checksum
DOWNLOADS = ("direct", "manual")
LAYOUTS = ("upstream", "at_hand")
LARGEST = 2 * 2**30  # bytes of a file whose size is not known before
SCHEMA: dict[str, Any] = {
    "name": str,
    "title": str,
    "what": str,
    "licence": str,
    "licence_url": str,
    "citation": str,
    "homepage": str,
    "revision": str,
    "notes": str,
    "download": str,
    "counts?": {"*": {"examples": int, "source": str}},
    "files?": [{"name": str, "url": str, "sha256": str, "bytes": int, "members?": [str]}],
    "at_hand?": [{"path": str, "sha256": str, "bytes": int, "rows": int}],
}


@dataclass(frozen=True)
class Published:
    """A file as its authors publish it. `sha256` "" and `bytes` 0 where they cannot be known before the first pull.

    `members`: the files of interest inside, if it is an archive; they are read in place.
    """

    name: str
    url: str
    sha256: str
    bytes: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class AtHand:
    """A transformed file below SYNTH_DATA; `rows` without the heading."""

    path: str
    sha256: str
    bytes: int
    rows: int

    @property
    def name(self) -> str:
        return PurePosixPath(self.path).name


@dataclass(frozen=True)
class Count:
    examples: int
    source: str


@dataclass(frozen=True)
class Dataset:
    """An entry of the catalogue. `counts`: examples by split as published. `download`: one of DOWNLOADS."""

    name: str
    title: str
    what: str
    licence: str
    licence_url: str
    citation: str
    homepage: str
    revision: str
    notes: str
    download: str
    counts: Mapping[str, Count]
    files: tuple[Published, ...]
    at_hand: tuple[AtHand, ...]

    @property
    def bytes(self) -> int:
        """Size of what is to be pulled; 0 where a part of it is not known."""
        sizes = [file.bytes for file in self.files]
        return sum(sizes) if all(sizes) else 0


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


def names() -> list[str]:
    """Every data set, in alphabetical order. No file is read."""
    entries = files("repro").joinpath("datasets").iterdir()
    return sorted(entry.name.removesuffix(".toml") for entry in entries if entry.name.endswith(".toml"))


@cache
def dataset(name: str) -> Dataset:
    """The entry of the catalogue. LabError with the closest names if there is none, or if its file is wrong."""
    known = names()
    if name not in known:
        close = difflib.get_close_matches(name, known, n=3, cutoff=0.4) or known
        raise LabError(f"there is no data set {name!r}", f"did you mean {' or '.join(close)}?")
    text = files("repro").joinpath("datasets", f"{name}.toml").read_text(encoding="utf-8")
    return parse(text, f"{name}.toml")


def parse(text: str, where: str, loopback: bool = False) -> Dataset:
    """An entry from the text of its TOML file; `where` is the file's name, for messages and against the name.

    Only https addresses are allowed, but with `loopback` also http ones on this machine, for tests.
    """
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise LabError(f"{where} is not TOML: {error}", "mend the file") from error
    check(data, SCHEMA, where)
    _check_values(data, where, ("https://", "http://127.0.0.1:") if loopback else ("https://",))
    return Dataset(
        **{key: data[key] for key in SCHEMA if not key.endswith("?")},
        counts={split: Count(**count) for split, count in data.get("counts", {}).items()},
        files=tuple(Published(**{"members": (), **f}) for f in _frozen(data.get("files", []))),
        at_hand=tuple(AtHand(**f) for f in data.get("at_hand", [])),
    )


def _frozen(tables: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{k: tuple(v) if isinstance(v, list) else v for k, v in table.items()} for table in tables]


def _check_values(data: dict[str, Any], where: str, schemes: tuple[str, ...]) -> None:
    def expect(right: bool, what: str, do: str) -> None:
        if not right:
            raise LabError(f"{where}: {what}", do)

    expect(data["name"] == where.removesuffix(".toml"), f"the name is {data['name']!r}", "name the file after it")
    expect(data["download"] in DOWNLOADS, f"download is {data['download']!r}", f"one of {', '.join(DOWNLOADS)}")
    published, at_hand = data.get("files", []), data.get("at_hand", [])
    expect(bool(published or at_hand or data["notes"]), "no file and no note", "say in `notes` how to get it")
    expect(data["download"] == "manual" or bool(published), "nothing to download", 'download = "manual"')
    for file in published:
        plain = PurePosixPath(file["name"]).name == file["name"] and not file["name"].startswith(".")
        expect(plain and file["name"] != RECORD, f"{file['name']!r} is no plain file name", "mend it")
        expect(
            file["url"].startswith(schemes) or (not file["url"] and data["download"] == "manual"),
            f"{file['name']} has the address {file['url']!r}",
            "only https is fetched",
        )
    for file in at_hand:
        path = PurePosixPath(file["path"])
        expect(not path.is_absolute() and ".." not in path.parts, f"{path} leaves SYNTH_DATA", "mend it")
    for file in [*published, *at_hand]:
        expect(not file["sha256"] or bool(re.fullmatch("[0-9a-f]{64}", file["sha256"])), "no sha256", "64 hex digits")
    named = [f["name"] for f in published], [PurePosixPath(f["path"]).name for f in at_hand]
    expect(all(len(set(one)) == len(one) for one in named), "two files have the same name", "mend it")


class Absent(LabError):
    """The data set is not on this machine at all, as opposed to being damaged or of another version."""


@dataclass(frozen=True)
class Library:
    """Where data sets lie: `at_hand` (SYNTH_DATA), and `pulled` (a folder a data set); None where there is none."""

    at_hand: Path | None
    pulled: Path | None

    @classmethod
    def default(cls, pulled: Path | None = None) -> Library:
        folder = os.environ.get("SYNTH_DATA", "")
        return cls(Path(folder) if folder else None, pulled)

    def locate(self, name: str, checked: bool = True, layout: str = "") -> Located:
        """Where `name` lies: transformed below SYNTH_DATA, as published below SYNTH_DATA, else pulled.

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
        """Layout and folder of each place where the data set may lie, in the order in which they are looked at."""
        places = []
        if self.at_hand:
            places += [("at_hand", self.at_hand), ("upstream", self.at_hand / entry.name)]
        if self.pulled:
            places.append(("upstream", self.pulled / entry.name))
        return places


def how_to_get(entry: Dataset, layout: str = "") -> str:
    """What a user does to have the data set, in one line."""
    at_hand = " or set SYNTH_DATA to a folder that has it" if entry.at_hand and layout != "upstream" else ""
    if entry.download == "direct" and layout != "at_hand":
        return f"`synth data pull {entry.name}`{at_hand}"
    if layout != "at_hand" and entry.files:
        wanted = ", ".join(file.name for file in entry.files)
        return f"put {wanted} into SYNTH_DATA/{entry.name} or db/data/{entry.name}{at_hand}. {entry.notes}"
    return f"set SYNTH_DATA to a folder that has it. {entry.notes}" if entry.at_hand else entry.notes


def recorded(folder: Path) -> dict[str, Any]:
    """What the first pull of the data set in `folder` brought, by file name; empty if it was not pulled."""
    try:
        found = json.loads((folder / RECORD).read_text(encoding="utf-8"))["files"]
        check(found, {"*": {"sha256": str, "bytes": int, "*": object}}, RECORD)
        return found
    except FileNotFoundError:
        return {}
    except (LabError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise LabError(f"{folder / RECORD} is damaged", f"delete {folder} and pull the data set again") from error


def paths_of(entry: Dataset, layout: str, root: Path) -> dict[str, Path]:
    """File name → where it would lie in this layout below `root`."""
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
    """File name → sha256 and bytes: from the entry, or from the first pull; "" and 0 where neither says."""
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
    """`stated`, after a look at the file's size only. LabError if it is absent or truncated."""
    if not path.is_file():
        raise LabError(f"the data set {entry.name} lacks {path.name}: {path} is missing", how_to_get(entry))
    there = path.stat().st_size
    if size and there < size:
        raise LabError(f"{path} is truncated: {there} of {size} bytes", _anew(entry))
    return stated


def compare(entry: Dataset, path: Path, stated: str, size: int) -> str:
    """The sha256 of the file. LabError if it is absent, truncated, or not `stated` (nothing is compared with "")."""
    present(entry, path, stated, size)
    status = path.stat()
    found = _sha256(path, status.st_size, status.st_mtime_ns)
    if stated and found != stated:
        raise LabError(
            f"{path} is another version of {path.name}: sha256 {found[:12]}…, not {stated[:12]}…", _anew(entry)
        )
    return found


def _anew(entry: Dataset) -> str:
    return f"delete it, then {how_to_get(entry)}"


@cache
def _sha256(path: Path, size: int, modified: int) -> str:
    """Size and time of modification are in the key: a file is read once, and again when it has changed."""
    return sha256(path)
