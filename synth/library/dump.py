"""The lines of a dump (plain, .gz or .xz), streamed: memory does not grow with the file, nor with a line of it."""

from __future__ import annotations

import gzip
import hashlib
import lzma
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple, cast

from synth.core.errors import SynthError, UsageError

MAX_LINE = 2**20  # bytes; the longest of arXiv's records, with thousands of authors, has a tenth of that
MAX_BYTES = 200 * 2**30  # unpacked; a file that goes on for ever is stopped here
CHUNK = 2**20
GZIP, XZ = b"\x1f\x8b", b"\xfd7zXZ\x00"


class DumpLine(NamedTuple):
    """A line of a dump: its number from 1, where it ends (bytes of plain text), its bytes (None: too long)."""

    number: int
    end: int
    text: bytes | None


class CutDump(SynthError):
    """The compressed data end early, are damaged or go on for ever; the lines before were given."""


class Dump:
    """A dump on disk. Raises UsageError if it cannot be read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._raw = path.open("rb")
            self._size = os.fstat(self._raw.fileno()).st_size
            magic = self._raw.read(len(XZ))
            self._raw.seek(0)
        except OSError as error:
            raise _unreadable(path, error) from error
        self._plain = not (magic.startswith(GZIP) or magic == XZ)
        self._stream: IO[bytes] = self._raw
        if magic.startswith(GZIP):
            self._stream = cast("IO[bytes]", gzip.GzipFile(fileobj=self._raw))
        elif magic == XZ:
            self._stream = cast("IO[bytes]", lzma.LZMAFile(self._raw))  # noqa: SIM115 (closed by __exit__)

    def __enter__(self) -> Dump:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()
        self._raw.close()

    @property
    def fraction(self) -> float:
        """Share of the file, as it lies on disk, that has been read: 0 to 1."""
        return min(1.0, self._raw.tell() / self._size) if self._size else 1.0

    def lines(self, start: int = 0, number: int = 0) -> Iterator[DumpLine]:
        """Yield the lines from byte `start` of the plain text on, which is the end of line `number`.

        Raises CutDump where a compressed file is cut or damaged, or holds more than MAX_BYTES.
        """
        try:
            self._skip(start)
            end = start
            while text := self._stream.readline(MAX_LINE + 1):
                size, number = len(text), number + 1
                if size > MAX_LINE:
                    size += _rest_of_line(self._stream, MAX_BYTES - end) if not text.endswith(b"\n") else 0
                if end + size > MAX_BYTES:
                    raise CutDump(f"{self.path.name} holds more than {MAX_BYTES / 2**30:.0f} GB.", "Split the dump.")
                yield DumpLine(number, end := end + size, None if size > MAX_LINE else text)
        except (EOFError, OSError, lzma.LZMAError, zlib.error) as error:
            raise CutDump(
                f"{self.path.name} is cut or damaged after line {number:,}: {error}.",
                "What came before is imported. Fetch the file again and import it; nothing is stored twice.",
            ) from error

    def _skip(self, count: int) -> None:
        if self._plain:
            self._stream.seek(count)
            return
        while count and (chunk := self._stream.read(min(CHUNK, count))):
            count -= len(chunk)


def fingerprint(path: Path) -> str:
    """Return a SHA-256 over size, time of change, first and last MiB: enough to know a dump without reading all of
    it.
    """
    try:
        with path.open("rb") as stream:
            state = os.fstat(stream.fileno())
            digest = hashlib.sha256(f"{state.st_size} {state.st_mtime_ns}".encode())
            digest.update(stream.read(CHUNK))
            stream.seek(max(0, state.st_size - CHUNK))
            digest.update(stream.read(CHUNK))
    except OSError as error:
        raise _unreadable(path, error) from error
    return digest.hexdigest()


def _rest_of_line(stream: IO[bytes], most: int) -> int:
    """Read on to the end of a line, or past `most` bytes, without keeping it; its bytes."""
    size = 0
    while chunk := stream.readline(CHUNK):
        size += len(chunk)
        if size > most or chunk.endswith(b"\n"):
            break
    return size


def _unreadable(path: Path, error: OSError) -> UsageError:
    return UsageError(
        f"{path} cannot be read: {error.strerror or error}.", "Name a dump of metadata: JSON lines, plain, .gz or .xz."
    )
