"""Bundles as files: written whole and the same each time, opened as a stranger's.

Nothing is ever unpacked by the names in an archive: each file is read where it lies.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from synth.bundle.manifest import unsafe
from synth.core.errors import SynthError, UsageError

MAX_FILES = 20_000
MAX_BYTES = 8 * 2**30  # of all files together, as they are when unpacked
MAX_EXPANSION = 300  # times: what an archive may grow to when it is larger than …
SMALL = 200 * 2**20  # … this
BLOCK = 2**20
_DO = "Get the bundle again from where it came from; look at nothing in this one."


# ------------------------------------------------------------------------------------------------ writing


def zipped(files: Mapping[str, bytes], moment: str) -> bytes:
    """Return a ZIP of `files`, by name, all dated `moment` (ISO 8601): the same files give the same bytes."""
    stamp = (*(int(part) for part in moment[:10].split("-")), *(int(part) for part in moment[11:19].split(":")))
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, max(stamp, (1980, 1, 1, 0, 0, 0)))  # type: ignore[arg-type]
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            entry.create_system = 3  # Unix, on whatever system this runs
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED, 9)
    return content.getvalue()


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write `files` into the new folder `folder`, which appears whole or not at all."""
    part = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    try:
        for name, data in files.items():
            path = part / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


# ------------------------------------------------------------------------------------------------ opening


@dataclass
class Contents:
    """Files of a bundle: name → size in bytes as declared, and the files that are refused, with why."""

    sizes: dict[str, int]
    refused: list[str]
    _archive: zipfile.ZipFile | None
    _folder: Path

    def read(self, name: str, largest: int) -> bytes:
        """Read a file of the bundle; SynthError for one that is damaged, or larger than `largest` bytes."""
        content = bytearray()
        for block in self._blocks(name):
            content += block
            if len(content) > largest:
                raise SynthError(f"{name}: has more than {largest:,} bytes.", _DO)
        return bytes(content)

    def checksum(self, name: str) -> tuple[str, int]:
        """Return (sha256, bytes) of what is really there; SynthError for a damaged file."""
        digest, size = hashlib.sha256(), 0
        for block in self._blocks(name):
            digest.update(block)
            size += len(block)
        return digest.hexdigest(), size

    def copy(self, name: str, target: Path) -> None:
        with target.open("xb") as out:
            for block in self._blocks(name):
                out.write(block)

    def _blocks(self, name: str) -> Iterator[bytes]:
        """Yield a file of the bundle; whatever unpacking it raises becomes a SynthError that names it."""
        try:
            with self._open(name) as file:
                while block := file.read(BLOCK):
                    yield block
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
            raise SynthError(f"{name}: cannot be read ({error})", _DO) from error

    def _open(self, name: str) -> IO[bytes]:
        if self._archive is not None:
            return self._archive.open(name)
        return os.fdopen(os.open(self._folder / name, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb")


@contextmanager
def opened(path: Path) -> Iterator[Contents]:
    """Provide the bundle at `path`, a ZIP or a folder. SynthError for what is neither, or is made to do harm."""
    if path.is_dir():
        yield _folder(path)
        return
    if not path.is_file():
        raise UsageError(f"There is no {path}.", "Name a bundle: the ZIP file or the folder that it was unpacked to.")
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError) as error:
        raise SynthError(f"{path} is no ZIP file, or a cut one ({error}).", _DO) from error
    with archive:
        yield _zip(path, archive)


def _zip(path: Path, archive: zipfile.ZipFile) -> Contents:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    sizes, refused, names = {}, [], set()
    for entry in entries:
        kind = stat.S_IFMT(entry.external_attr >> 16)
        why = unsafe(entry.filename)
        if not why and entry.filename != entry.orig_filename.rstrip("/"):
            why = "has a name that is not what it seems"
        if not why and kind not in (0, stat.S_IFREG):
            why = "is a link or a device"
        if not why and entry.flag_bits & 1:
            why = "is encrypted"
        if not why and entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            why = "is packed in another way than synth packs"
        if not why and _same(entry.filename) in names:
            why = "is there twice"
        if why:
            refused.append(f"{_shown(entry.filename)} {why}")
        else:
            names.add(_same(entry.filename))
            sizes[entry.filename] = entry.file_size
    _bounded(path, len(entries), sum(entry.file_size for entry in entries), path.stat().st_size)
    return Contents(sizes, refused, archive, path)


def _folder(root: Path) -> Contents:
    sizes: dict[str, int] = {}
    refused: list[str] = []
    for place, folders, files in os.walk(root):  # does not follow links
        folders.sort()
        for name in sorted([*files, *(folder for folder in folders if Path(place, folder).is_symlink())]):
            file = Path(place, name)
            relative = file.relative_to(root).as_posix()
            status = file.lstat()
            why = unsafe(relative) or ("" if stat.S_ISREG(status.st_mode) else "is a link or a device")
            if why:
                refused.append(f"{_shown(relative)} {why}")
            else:
                sizes[relative] = status.st_size
            _bounded(root, len(sizes) + len(refused), 0, 0)
    _bounded(root, len(sizes), sum(sizes.values()), sum(sizes.values()))
    return Contents(sizes, refused, None, root)


def _bounded(path: Path, count: int, unpacked: int, packed: int) -> None:
    if count > MAX_FILES:
        raise SynthError(f"{path} has more than {MAX_FILES:,} files.", _DO)
    if unpacked > MAX_BYTES or (unpacked > SMALL and unpacked > MAX_EXPANSION * packed):
        raise SynthError(f"{path} would unpack to {unpacked:,} bytes from {packed:,}.", _DO)


def _same(name: str) -> str:
    """Return the key under which names are one file on some system."""
    return unicodedata.normalize("NFC", name).casefold()


def _shown(name: str) -> str:
    return ascii(name)[:200]
