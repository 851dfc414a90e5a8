"""Strangers' text on a terminal: it may say what it likes, but it moves no cursor and turns no text round.

Titles, names of files and answers of servers are printed by many commands. So the streams themselves are guarded:
whoever forgets to clean a text prints it clean all the same. rich, which writes sequences of its own, is given the
streams below (`raw`) and texts that were cleaned before.

A stream may be in an encoding that lacks a letter (a pipe on Windows, a terminal in Latin-1): what it lacks is
written as an escape. Its reader may have gone (`synth papers | head`): what is printed after that goes nowhere, and
the command ends with the exit code of its work.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import TextIO, cast

# Controls but for line breaks and tabs, and marks that change the direction of what follows.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def shown(text: str) -> str:
    """Return `text` without escape sequences, other control characters and marks of direction; lines stay."""
    if not _UNSEEN.search(text):
        return text
    from synth.screening.plain import SEQUENCE

    return _UNSEEN.sub("", SEQUENCE.sub("", text.replace("\r\n", "\n")))


def escaped(json: str) -> str:
    """Return JSON in which the signs that `shown` takes out are written as escapes: a reader gets them, nobody sees
    them.
    """
    return _UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", json)


def encodable(text: str, stream: object) -> bool:
    """Return True if the stream's encoding has every sign of `text`."""
    try:
        text.encode(getattr(stream, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


class Lasting:
    """A text stream that takes every sign, and goes on without its reader."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")

    def write(self, text: str) -> int:
        try:
            return self._stream.write(text)
        except BrokenPipeError:
            self._let_go()
            return len(text)

    def flush(self) -> None:
        try:
            self._stream.flush()
        except BrokenPipeError:
            self._let_go()

    def _let_go(self) -> None:
        """Lead the stream nowhere, with what it still holds."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._stream.fileno())
        os.close(nowhere)

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)


class Visible:
    """A text stream that shows what is written to it and obeys none of it."""

    def __init__(self, stream: TextIO) -> None:
        self.raw = Lasting(stream)

    def write(self, text: str) -> int:
        self.raw.write(shown(text))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> object:
        return getattr(self.raw, name)


def raw(stream: TextIO) -> TextIO:
    """Return the stream itself, for a program that cleans what it writes."""
    return cast(TextIO, stream.raw) if isinstance(stream, Visible) else stream
