"""Refusals of SQLite and of the file system, translated into errors that a user can act on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from synth.core.errors import SynthError, UsageError

BUSY_SECONDS = 30
# What SQLite says of a file that is damaged; bytes that are no UTF-8 it gives out as they are.
DAMAGED = ("malformed", "not a database", "could not decode", "unsupported file format")
WRONG_PLACE = (PermissionError, NotADirectoryError, FileExistsError)


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's and the file system's refusals into one line of what happened and one of what to do."""
    try:
        yield
    except OverflowError as error:
        if "SQLite" not in str(error):
            raise
        raise UsageError("There is no such number in this workspace.", "Listings show those there are.") from error
    except Exception as error:
        message = explain(error, path)
        if message is None:
            raise
        raise SynthError(*message) from error


def explain(error: BaseException, path: Path) -> tuple[str, str] | None:
    """Return (what happened, what to do) for a storage error, or None if `error` is none."""
    # SQLAlchemy wraps the driver's exception in `.orig`.
    cause = getattr(error, "orig", None) or error
    if not isinstance(cause, sqlite3.Error | OSError | UnicodeDecodeError):
        return None
    # Not the whole text of an OSError: a folder may be called "full" or "locked".
    text = str((isinstance(cause, OSError) and cause.strerror) or cause).lower()
    if "locked" in text or type(cause).__name__ == "Timeout":
        return (
            f"{path} is locked by another program for more than {BUSY_SECONDS} s.",
            "Wait for the other program to end (or end it), then run the same command again: nothing was lost.",
        )
    if "full" in text or "no space" in text or getattr(cause, "errno", None) == 28:
        return (
            f"The disk is full: {path} could not be written.",
            "Free some space, then run the same command again; it continues where it stopped.",
        )
    if "readonly" in text or "read-only" in text or isinstance(cause, WRONG_PLACE) or "unable to open" in text:
        return (
            f"{path} cannot be written or opened ({cause}).",
            "Give yourself write permission there, or set SYNTH_HOME to a folder that you can write to.",
        )
    if isinstance(cause, UnicodeDecodeError) or any(sign in text for sign in DAMAGED):
        return (
            f"{path} is not a usable SQLite database ({cause}).",
            "Restore it from a backup, or move it away and search again.",
        )
    return None
