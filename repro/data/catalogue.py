"""The catalogue of data sets: what each is, under which licence, and where its files come from.

One TOML file a data set in `repro/datasets/`; a name is parsed when it is asked for. Nothing numerical is loaded.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import PurePosixPath
from typing import Any

from repro.errors import LabError
from repro.schema import check

RECORD = "pulled.json"  # beside the files of a pulled data set: what came, from where, with which checksum
DOWNLOADS = ("direct", "manual")
MAX_BYTES = 2 * 2**30  # bytes of a file whose size is not known before
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


def names() -> list[str]:
    """Return every data set, in alphabetical order. No file is read."""
    entries = files("repro").joinpath("datasets").iterdir()
    return sorted(entry.name.removesuffix(".toml") for entry in entries if entry.name.endswith(".toml"))


@cache
def dataset(name: str) -> Dataset:
    """Return the entry of the catalogue. LabError with the closest names if there is none, or if its file is wrong."""
    known = names()
    if name not in known:
        close = difflib.get_close_matches(name, known, n=3, cutoff=0.4) or known
        raise LabError(f"there is no data set {name!r}", f"did you mean {' or '.join(close)}?")
    text = files("repro").joinpath("datasets", f"{name}.toml").read_text(encoding="utf-8")
    return parse(text, f"{name}.toml")


def parse(text: str, where: str, loopback: bool = False) -> Dataset:
    """Return an entry from the text of its TOML file; `where` is the file's name, for messages and against the name.

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


def how_to_get(entry: Dataset, layout: str = "") -> str:
    """Return in one line what a user does to have the data set."""
    at_hand = " or set SYNTH_DATA to a folder that has it" if entry.at_hand and layout != "upstream" else ""
    if entry.download == "direct" and layout != "at_hand":
        return f"`synth data pull {entry.name}`{at_hand}"
    if layout != "at_hand" and entry.files:
        wanted = ", ".join(file.name for file in entry.files)
        return f"put {wanted} into SYNTH_DATA/{entry.name} or db/data/{entry.name}{at_hand}. {entry.notes}"
    return f"set SYNTH_DATA to a folder that has it. {entry.notes}" if entry.at_hand else entry.notes
