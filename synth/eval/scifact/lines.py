"""JSON Lines from strangers: sizes are limited, and what is wrong is told with file and line."""

from __future__ import annotations

import gzip
import json
import lzma
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, NoReturn, cast

from synth.core.errors import UsageError
from synth.core.types import JsonValue

MAX_LINE = 10 * 2**20  # bytes of one line
MAX_FILE = 2 * 2**30  # bytes of one file, decompressed
OPENERS = {".gz": gzip.open, ".xz": lzma.open}


class MalformedLine(ValueError):
    """Fault of a line, in words that follow "line 3: "."""


def objects(file: Path) -> Iterator[tuple[int, dict[str, JsonValue]]]:
    """Yield (line number from 1, object) of each line that is not blank; `.gz` and `.xz` files are read as they are.

    Raises UsageError, with the line, for what is no JSON object, repeats a key, or is not UTF-8.
    """
    number = size = 0
    try:
        with _opened(file) as stream:
            while line := stream.readline(MAX_LINE + 1):
                number, size = number + 1, size + len(line)
                if len(line) > MAX_LINE or size > MAX_FILE:
                    raise UsageError(
                        f"{file}, line {number}: more than is read of one line or file.", "Split the file."
                    )
                if line.strip():
                    yield number, _object(line, first=number == 1)
    except MalformedLine as error:
        raise UsageError(
            f"{file}, line {number}: {error}.", "The file must be JSON Lines: one object a line."
        ) from error
    except (EOFError, lzma.LZMAError, zlib.error, gzip.BadGzipFile) as error:
        raise UsageError(f"{file} cannot be decompressed: {error}.", "Get the file again.") from error
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror or error}.", "Check the path.") from error


def _opened(file: Path) -> IO[bytes]:
    opener = cast("Callable[[Path, str], IO[bytes]]", OPENERS.get(file.suffix.lower(), open))
    return opener(file, "rb")


def _object(line: bytes, *, first: bool) -> dict[str, JsonValue]:
    try:
        text = line.decode("utf-8-sig" if first else "utf-8")
    except UnicodeDecodeError as error:
        raise MalformedLine(f"byte {error.start + 1} is not UTF-8") from error
    try:
        value = json.loads(text, object_pairs_hook=_unrepeated, parse_constant=_refuse)
    except MalformedLine:
        raise
    except json.JSONDecodeError as error:
        hint = "; the file seems to be one JSON array" if first and text.lstrip().startswith("[") else ""
        raise MalformedLine(f"no JSON ({error.msg}, column {error.colno}){hint}") from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, a thousand brackets
        raise MalformedLine("no JSON that can be read") from error
    if not isinstance(value, dict):
        raise MalformedLine("not a JSON object")
    return value


def _unrepeated(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    mapping = dict(pairs)
    if len(mapping) != len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise MalformedLine(f"the key {repeated[:40]!r} stands there twice")
    return mapping


def _refuse(constant: str) -> NoReturn:
    raise MalformedLine(f"{constant} is no JSON number")
