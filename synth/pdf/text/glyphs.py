"""Glyphs without a character: counted, shown as U+FFFD, and read as a ligature where only one makes a word.

A font that does not say which characters it shows leaves holes in the text. Most often these are ligatures, whose place
in a font is nobody's standard. What stays unknown stays visible.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import product

from synth.pdf.text.hyphens import Vocabulary
from synth.pdf.text.vocabulary import is_word

UNKNOWN = "\ufffd"
_PRIVATE = "\ue000-\uf8ff"  # characters of a font's own; as bullets they are common and mean nothing
_LETTER = r"[^\W\d_]"
_LOST = re.compile(rf"(?<={_LETTER})[{UNKNOWN}{_PRIVATE}]|[{UNKNOWN}{_PRIVATE}](?={_LETTER})|{UNKNOWN}")
_WORD = re.compile(rf"(?:{_LETTER}|[{UNKNOWN}{_PRIVATE}])+")
_IN_WORD = re.compile(rf"(?<={_LETTER})[{UNKNOWN}{_PRIVATE}]|[{UNKNOWN}{_PRIVATE}](?={_LETTER}{{2}})")
_LIGATURES = ("fi", "fl", "ff", "ffi", "ffl", "ft", "tt", "ti", "Th")
_MAX_LOST = 2  # in one word
_MANY = 0.01  # of all characters


def lost_pages(pages: Iterable[tuple[int, str]]) -> str:
    """Say how many glyphs of the pages have no character; "" where there are few and none stands in a word."""
    inside, everywhere, shown = 0, 0, 0
    numbers: list[int] = []
    for number, text in pages:
        within = len(_IN_WORD.findall(text))
        inside += within
        everywhere += len(_LOST.findall(text))
        shown += sum(not char.isspace() for char in text)
        if within:
            numbers.append(number)
    if inside:
        where = ", ".join(map(str, numbers[:20])) + (" …" if len(numbers) > 20 else "")
        some = "1 glyph has" if inside == 1 else f"{inside} glyphs have"
        return f"{some} no character inside words on page {where}; such words may be misread or show {UNKNOWN}"
    if everywhere > _MANY * shown:
        return f"{everywhere} of {shown} glyphs have no character and are shown as {UNKNOWN}"
    return ""


def restore(chars: list[str], places: list[tuple[int, int, int] | None], vocabulary: Vocabulary) -> None:
    """Put the ligature in place of a lost glyph where exactly one makes a known word; in place, with its offsets."""
    text = "".join(chars)
    if not re.search(f"[{UNKNOWN}{_PRIVATE}]", text):
        return
    for match in reversed(list(_WORD.finditer(text))):
        word = match.group()
        holes = [at for at, char in enumerate(word) if char == UNKNOWN or "\ue000" <= char <= "\uf8ff"]
        if not holes or len(holes) == len(word):
            continue
        ligatures = _only(word, holes, vocabulary) or (UNKNOWN,) * len(holes)
        for at, ligature in reversed(list(zip(holes, ligatures, strict=True))):
            place = match.start() + at
            chars[place : place + 1] = ligature
            places[place + 1 : place + 1] = [None] * (len(ligature) - 1)


def _only(word: str, holes: list[int], vocabulary: Vocabulary) -> tuple[str, ...] | None:
    """Return the ligatures that make a word of it, if there is one way."""
    if len(holes) > _MAX_LOST:
        return None
    matches = []
    for ligatures in product(_LIGATURES, repeat=len(holes)):
        letters = list(word)
        for at, ligature in zip(holes, ligatures, strict=True):
            letters[at] = ligature
        whole = "".join(letters)
        sound = whole[1:].islower() and len(whole) > 2
        if sound and (vocabulary.count[whole.lower()] > 0 or is_word(whole)):
            matches.append(ligatures)
    return matches[0] if len(matches) == 1 else None
