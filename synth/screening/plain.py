"""Sanitised texts for a terminal: nothing in them moves the cursor, colours, hides or turns round what is shown."""

from __future__ import annotations

import re
import unicodedata

from synth.text.content import STOP_WORDS, stem
from synth.text.fts import query_words

_WORD = re.compile(r"[^\W_]+")
_SPLIT = re.compile(r"([^\W_]+)")
_BLANKS = re.compile(r"\s+")
# Escape sequences go with what they carry: "\x1b[2J" would otherwise leave "[2J" behind.
SEQUENCE = re.compile(
    r"(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # operating system command
    r"|(?:\x1b[P^_X]|[\x90\x9e\x9f\x98])[^\x1b\x9c]*(?:\x1b\\|\x9c)?"  # device control and other strings
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # control sequence
    r"|\x1b[ -/]*[0-~]?"  # other escapes
)
MAX_MARKS = 3  # combining marks on one letter at most: more of them climb over the lines above


def plain(text: str) -> str:
    """Put `text` on one line, without control characters, escape sequences, marks of direction, unseen signs.

    Letters of every script stay, in the order in which they are stored: a terminal that knows right-to-left scripts
    turns them round by itself.
    """
    signs, marks = [], 0
    for sign in _BLANKS.sub(" ", SEQUENCE.sub("", text)):
        kind = unicodedata.category(sign)
        if kind in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
            continue  # controls; joiners and overrides of direction; halves of pairs; private and unassigned signs
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if marks <= MAX_MARKS:
            signs.append(sign)
    return _BLANKS.sub(" ", "".join(signs)).strip()


def marked(text: str, question: str) -> list[tuple[str, bool]]:
    """Split `text` into pieces, each with whether it is a word of the question in some inflection."""
    wanted = {stem(word) for word in (*query_words(question), *(w.lower() for w in _WORD.findall(question)))}
    wanted -= {stem(word) for word in STOP_WORDS}
    pieces: list[tuple[str, bool]] = []
    for piece in filter(None, _SPLIT.split(text)):
        hit = piece[0].isalnum() and piece.lower() not in STOP_WORDS and stem(piece) in wanted
        if pieces and pieces[-1][1] == hit:
            pieces[-1] = (pieces[-1][0] + piece, hit)
        else:
            pieces.append((piece, hit))
    return pieces
