"""Markup of titles, names and abstracts to Unicode: HTML, JATS, MathML, TeX, entities. Every source calls `plain`.

`plain` is what goes into the workspace; escaping for a format is done where that format is written.
"""

from __future__ import annotations

import re

from synth.text.content import composed
from synth.text.markup.html import without_markup
from synth.text.markup.tex import decode, decode_traces

__all__ = ["decode", "plain"]

_MARKED = re.compile(r"[<&\\${}]")


def plain(text: str, *, tex: bool = True) -> str:
    """Return `text` without markup, composed (NFC), and without signs that are not seen; white space as it is.

    `tex`: traces of TeX are markup too.
    """
    if text.isascii() and not _MARKED.search(text):
        return text
    if _MARKED.search(text):
        text = without_markup(text)
        text = decode_traces(text) if tex else text
    return composed(text)
