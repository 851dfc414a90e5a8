"""A check that a compressed file or an archive is whole, where neither size nor checksum is known beforehand."""

from __future__ import annotations

import gzip
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from repro.data.rows import AGAIN, LZMA_MEMORY, MAX_FILE
from repro.errors import LabError

PIECE = 2**20  # bytes read at once
DAMAGE = (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, gzip.BadGzipFile)


def check_whole(path: Path, name: str = "") -> None:
    """Read a compressed file or an archive to its end, by the suffix of `name` (default: the file's own).

    Raises LabError where it is truncated, damaged or something else; a file that is not compressed cannot tell.
    """
    name, total = name or path.name, 0
    try:
        for piece in _pieces(path, name):
            total += len(piece)
            if total > MAX_FILE:
                raise LabError(f"{name}: longer than any file of a data set", AGAIN)
    except DAMAGE as error:
        raise LabError(f"{name}: truncated or damaged ({error})", AGAIN) from error


def _pieces(path: Path, name: str) -> Iterator[bytes]:
    """Yield the file's decompressed content; nothing where it is not compressed."""
    if name.endswith((".gz", ".tgz", ".xz")) and not path.stat().st_size:
        raise EOFError("it is empty")
    if name.endswith(".zip"):
        with zipfile.ZipFile(path) as archive:
            for member in archive.namelist():
                with archive.open(member) as stream:
                    yield from iter(lambda stream=stream: stream.read(PIECE), b"")  # type: ignore[misc]
    elif name.endswith((".gz", ".tgz")):
        with gzip.open(path) as stream:
            yield from iter(lambda: stream.read(PIECE), b"")
    elif name.endswith(".xz"):
        with path.open("rb") as raw:
            yield from _xz(iter(lambda: raw.read(PIECE), b""))


def _xz(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Decompress xz streams with a bound on the decoder's memory, which lzma.LZMAFile cannot be given."""
    decoder = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=LZMA_MEMORY)
    for piece in pieces:
        if decoder.eof:
            piece, decoder = decoder.unused_data + piece, lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=LZMA_MEMORY)
        yield decoder.decompress(piece, PIECE)
        while not decoder.needs_input and not decoder.eof:
            yield decoder.decompress(b"", PIECE)
    if not decoder.eof:
        raise EOFError("the file ends before its end marker")
