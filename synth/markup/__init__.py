"""Markup of titles, names and abstracts to Unicode: HTML, JATS, MathML, TeX, entities. Every source calls `plain`.

`plain` is what goes into the workspace; escaping for a format is done where that format is written.
"""

from __future__ import annotations

import re
import unicodedata

from synth.markup.html import without_markup
from synth.markup.tex import decode, decode_traces

__all__ = ["decode", "plain"]

# Signs that nobody sees: soft hyphens, joiners of words, marks of direction and of byte order.
_UNSEEN = re.compile(
    "[\u00ad\u200b\u200e\u200f\u2060-\u2064\ufeff\ufff9-\ufffb\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]"
)
_MARKED = re.compile(r"[<&\\${}]")


def plain(text: str, *, tex: bool = True) -> str:
    """`text` without markup, composed (NFC), and without signs that are not seen; white space as it is.

    `tex`: traces of TeX are markup too.
    """
    if text.isascii() and not _MARKED.search(text):
        return text
    if _MARKED.search(text):
        text = without_markup(text)
        text = decode_traces(text) if tex else text
    return unicodedata.normalize("NFC", _UNSEEN.sub("", text))
