"""Rows of data files as dictionaries: JSON lines, TSV and CSV, plain, compressed or inside an archive.

Files come from outside: every read is bounded, and whatever is wrong is an error with the file's name and line.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, cast

from repro.errors import LabError
from repro.schema import JsonObject, JsonValue

MAX_LINE = 8 * 2**20  # bytes; a paragraph with all its questions is below 1 MiB
MAX_FILE = 8 * 2**30  # bytes after decompression, against archives that unpack without end
MAX_DOCUMENT = 2**29  # bytes of one JSON document, which is held in memory whole
LZMA_MEMORY = 2**28  # bytes a decoder may take; `xz -9` needs 65 MiB
SUFFIXES = (".jsonl", ".tsv", ".csv")
AGAIN = "get the file anew; `synth data check` tells which files are damaged"


def rows(path: Path, member: str = "", columns: Sequence[str] = ()) -> Iterator[JsonObject]:
    """Yield each row of `path`, or of `member` of the zip or tar file `path`, which is read in place.

    The suffix tells the form: `.jsonl` (an object a line), or one of `table_rows`.
    """
    if not columns and _plain_name(path, member).endswith(".jsonl"):
        yield from _objects(lines(path, member), _where(path, member))
    else:
        yield from table_rows(path, member, columns)


def table_rows(path: Path, member: str = "", columns: Sequence[str] = ()) -> Iterator[dict[str, str]]:
    """Yield each row of a table, by the names of its columns; where it is read as by `rows`.

    The suffix tells the form: `.tsv` (a heading line, no quoting, so a quotation mark is text), `.csv` (a heading line,
    RFC 4180 quoting), each also with `.gz` or `.xz`. With `columns` the file is TSV without a heading, whatever its
    suffix. Raises LabError for a file that is missing, truncated, malformed or larger than the limits above.
    """
    name, where = _plain_name(path, member), _where(path, member)
    if columns:
        yield from _table(lines(path, member), where, tuple(columns))
    elif name.endswith(".tsv"):
        yield from _headed(lines(path, member), where)
    elif name.endswith(".csv"):
        yield from _quoted(lines(path, member), where)
    else:
        raise LabError(f"{where} is in no form that can be read", f"forms: {', '.join(SUFFIXES)}, plain, .gz or .xz")


def _plain_name(path: Path, member: str) -> str:
    return PurePosixPath(member or path.name).name.removesuffix(".gz").removesuffix(".xz")


def _where(path: Path, member: str) -> str:
    return f"{path.name}:{member}" if member else path.name


def lines(path: Path, member: str = "") -> Iterator[str]:
    """Yield each line without its end. Only a line feed ends a line: texts contain the other separators of Unicode."""
    where, number, total = _where(path, member), 0, 0
    try:
        with _opened(path, member) as stream:
            while line := stream.readline(MAX_LINE + 1):
                number, total = number + 1, total + len(line)
                if len(line) > MAX_LINE or total > MAX_FILE:
                    raise LabError(f"{where}, line {number}: longer than any file of a data set", AGAIN)
                yield line.decode("utf-8").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError as error:
        raise LabError(f"{where}, line {number}: not UTF-8 ({error.reason})", AGAIN) from error
    except _DAMAGE as error:
        raise LabError(f"{where}: truncated or damaged after line {number} ({error})", AGAIN) from error


def document(path: Path, member: str = "") -> JsonValue:
    """Return the one JSON document in `path`, or in `member` of the archive `path`."""
    where = _where(path, member)
    try:
        with _opened(path, member) as stream:
            content = stream.read(MAX_DOCUMENT + 1)
    except _DAMAGE as error:
        raise LabError(f"{where}: truncated or damaged ({error})", AGAIN) from error
    if len(content) > MAX_DOCUMENT:
        raise LabError(f"{where}: longer than any file of a data set", AGAIN)
    try:
        parsed: JsonValue = json.loads(content)
        return parsed
    except (ValueError, RecursionError) as error:
        raise LabError(f"{where}: not JSON ({error})", AGAIN) from error


_DAMAGE = (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, tarfile.TarError, gzip.BadGzipFile)


@contextmanager
def _opened(path: Path, member: str) -> Iterator[BinaryIO]:
    """Return the decompressed bytes. LabError if there is no such file or member."""
    try:
        with ExitStack() as open_files:
            if not member:
                raw: IO[bytes] = open_files.enter_context(path.open("rb"))
            elif zipfile.is_zipfile(path):
                raw = open_files.enter_context(open_files.enter_context(zipfile.ZipFile(path)).open(member))
            else:
                archive = open_files.enter_context(tarfile.open(path))
                inside = archive.extractfile(member if member in archive.getnames() else f"./{member}")
                if inside is None:  # a link or a folder
                    raise KeyError(member)
                raw = inside
            yield open_files.enter_context(_decompressed(raw, member or path.name))
    except (FileNotFoundError, IsADirectoryError) as error:
        raise LabError(f"{path} is missing", "`synth data list` tells what is at hand") from error
    except KeyError as error:
        raise LabError(f"{path.name} has no file {member}", AGAIN) from error
    except (RuntimeError, NotImplementedError) as error:  # what zipfile raises for encrypted and exotic members
        raise LabError(f"{path.name}: {member} cannot be read ({error})", AGAIN) from error


def _decompressed(raw: IO[bytes], name: str) -> io.BufferedReader:
    if name.endswith(".gz"):
        return io.BufferedReader(gzip.GzipFile(fileobj=raw), 2**17)
    return io.BufferedReader(cast(io.RawIOBase, _Xz(raw) if name.endswith(".xz") else raw), 2**17)


class _Xz(io.RawIOBase):
    """Decompressed .xz with a bound on the decoder's memory, which lzma.LZMAFile cannot be given."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw
        self._decoder = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=LZMA_MEMORY)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # it is given nothing else
        while True:
            if self._decoder.eof:  # further streams may follow
                pending = self._decoder.unused_data or self._raw.read(2**16)
                if not pending:
                    return 0
                self._decoder = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=LZMA_MEMORY)
            else:
                pending = self._raw.read(2**16) if self._decoder.needs_input else b""
                if not pending and self._decoder.needs_input:
                    raise EOFError("the file ends before its end marker")
            piece = self._decoder.decompress(pending, len(buffer))
            if piece:
                buffer[: len(piece)] = piece
                return len(piece)


def _objects(content: Iterator[str], where: str) -> Iterator[JsonObject]:
    for number, line in enumerate(content, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise LabError(f"{where}, line {number}: not JSON ({error})", AGAIN) from error
        if not isinstance(row, dict):
            raise LabError(f"{where}, line {number}: {type(row).__name__}, not an object", AGAIN)
        yield row


def _headed(content: Iterator[str], where: str) -> Iterator[dict[str, str]]:
    columns = tuple(next(content, "").removeprefix("\ufeff").split("\t"))
    _check_columns(columns, where)
    yield from _table(content, where, columns, first=2)


def _table(content: Iterator[str], where: str, columns: tuple[str, ...], first: int = 1) -> Iterator[dict[str, str]]:
    for number, line in enumerate(content, first):
        cells = line.split("\t")
        if len(cells) != len(columns):
            raise LabError(f"{where}, line {number}: {len(cells)} columns, not {len(columns)}", AGAIN)
        yield dict(zip(columns, cells, strict=True))


def _quoted(content: Iterator[str], where: str) -> Iterator[dict[str, str]]:
    reader = csv.reader((line + "\n" for line in content), strict=True)
    try:
        columns = tuple(next(reader, ()))
        _check_columns(columns, where)
        for cells in reader:
            if len(cells) != len(columns):
                raise LabError(f"{where}, line {reader.line_num}: {len(cells)} columns, not {len(columns)}", AGAIN)
            yield dict(zip(columns, cells, strict=True))
    except csv.Error as error:
        raise LabError(f"{where}, line {reader.line_num}: not CSV ({error})", AGAIN) from error


def _check_columns(columns: Sequence[str], where: str) -> None:
    if not all(columns) or len(set(columns)) != len(columns) or not columns:
        raise LabError(f"{where}, line 1: {list(columns)} is no heading with a name for each column", AGAIN)
