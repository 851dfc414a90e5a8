"""What strangers wrote, on a terminal: it may say what it likes, but it moves no cursor and turns no text round.

Titles, names of files and answers of servers are printed by many commands. So the streams themselves are guarded:
whoever forgets to clean a text prints it clean all the same. rich, which writes sequences of its own, is given the
streams below (`raw`) and texts that were cleaned before.
"""

from __future__ import annotations

import re
from typing import Any, TextIO

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
    them."""
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", json)


class Visible:
    """A text stream that shows what is written to it and obeys none of it."""

    def __init__(self, stream: TextIO) -> None:
        self.raw = stream

    def write(self, text: str) -> int:
        self.raw.write(shown(text))
        return len(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.raw, name)


def raw(stream: Any) -> Any:
    """Return the stream itself, for a program that cleans what it writes."""
    return stream.raw if isinstance(stream, Visible) else stream
