"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from synth.core.errors import SynthError
from synth.core.storage_errors import explain

REMEDY = "Name another place, or give yourself write permission there."


@contextmanager
def explained_write_errors(path: Path) -> Iterator[None]:
    """Turn what the file system says against writing `path` into a SynthError.

    Wider than what is said of the database: a user may name any place at all, also one where folders cannot be made.
    """
    try:
        yield
    except OSError as error:
        if isinstance(error, IsADirectoryError):
            raise SynthError(f"{path} is a folder.", "Name a file.") from error
        full = explain(error, path)
        wrong = f"{path} cannot be written ({error.strerror or error})."
        raise SynthError(*(full if full and "disk is full" in full[0] else (wrong, REMEDY))) from error


@contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """Provide a path beside `path` to write to; the file there becomes `path` at the end.

    After an exception `path` is as it was, and the unfinished file is gone. Raises OSError as the file system does.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(path)
    except BaseException:
        with suppress(OSError):  # else it would hide the error that ended the writing
            part.unlink(missing_ok=True)
        raise


def atomic_write(path: Path, content: bytes) -> None:
    """Write `content` to `path`, with its folders.

    Raises:
        SynthError: the place cannot be written to.
    """
    with explained_write_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise IsADirectoryError
        with atomic_path(path) as part:
            part.write_bytes(content)
