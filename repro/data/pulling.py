"""Data sets pulled from where they are published: whole and as they should be, or not at all."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from repro.data.catalogue import RECORD, Dataset, Published, how_to_get
from repro.data.download import Session, fetch
from repro.data.library import compare, recorded, stated_checksums
from repro.errors import LabError

Progress = Callable[[float, float], None]  # done, total


@dataclass(frozen=True)
class Arrived:
    """A file that is in place. `stated`: its checksum was known, from the catalogue or from the first pull."""

    name: str
    sha256: str
    bytes: int
    stated: bool
    fetched: bool


def pull(entry: Dataset, folder: Path, progress: Progress | None = None) -> list[Arrived]:
    """Pull all published files of `entry` into `folder`; those that are there and right stay.

    The first pull of a file whose checksum nobody stated records what came (trust on first use); from then on it has
    to be that. `progress` counts bytes, or files where the sizes are not known. Raises LabError.
    """
    if entry.download == "manual":
        raise LabError(f"the data set {entry.name} cannot be pulled", how_to_get(entry, "upstream"))
    report = progress or (lambda done, total: None)
    with _alone(entry, folder):
        arrived: list[Arrived] = []
        with Session() as session:
            for number, file in enumerate(entry.files):
                sizes = sum(one.bytes for one in arrived)

                def moved(done: float, number: int = number, sizes: int = sizes) -> None:
                    report(*((sizes + done, entry.bytes) if entry.bytes else (number, len(entry.files))))

                arrived.append(_arrive(session, entry, file, folder, moved))
                _record(entry, folder, file, arrived[-1])
        report(*((entry.bytes, entry.bytes) if entry.bytes else (len(entry.files), len(entry.files))))
        return arrived


@contextmanager
def _alone(entry: Dataset, folder: Path) -> Iterator[None]:
    """Let only one process pull a data set at a time, and report errors of the disk as the user's to mend."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.parent / f".{entry.name}.lock", timeout=0):
            yield
    except Timeout:
        raise LabError(f"another process is pulling {entry.name}", "wait for it, then run this again") from None
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        what = "the disk is full" if full else f"{folder} cannot be written ({error.strerror})"
        raise LabError(what, "free some space, or choose another workspace, and run the same again") from error


def _arrive(session: Session, entry: Dataset, file: Published, folder: Path, moved: Callable[[float], None]) -> Arrived:
    target = folder / file.name
    sha, size = stated_checksums(entry, "upstream", folder)[file.name]
    stated = bool(sha)
    if sha and target.is_file():
        try:
            checksum = compare(entry, target, sha, size)
            return Arrived(file.name, checksum, target.stat().st_size, stated, fetched=False)
        except LabError:
            target.unlink()  # truncated or of another version: fetched anew
    checksum = fetch(session, file.url, target, sha256=sha, size=size, moved=moved)
    return Arrived(file.name, checksum, target.stat().st_size, stated, fetched=True)


def _record(entry: Dataset, folder: Path, file: Published, arrived: Arrived) -> None:
    known = recorded(folder)
    if known.get(file.name, {}).get("sha256") == arrived.sha256:
        return
    known[file.name] = {
        "sha256": arrived.sha256,
        "bytes": arrived.bytes,
        "url": file.url,
        "pulled": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    new = folder / f"{RECORD}.new"
    new.write_text(json.dumps({"revision": entry.revision, "files": known}, indent=1), encoding="utf-8")
    os.replace(new, folder / RECORD)
