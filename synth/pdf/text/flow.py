"""From rows to running text that knows, for each of its characters, where the PDF has it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from synth.pdf.layout.paragraphs import Paragraph
from synth.pdf.layout.rows import Row
from synth.pdf.text import glyphs, raised_marks
from synth.pdf.text.hyphens import HYPHENS, Vocabulary

Span = tuple[int, int, int]  # page, start, end
Place = Span | None
_ACCENTS = {"´": "\u0301", "`": "\u0300", "¨": "\u0308", "ˆ": "\u0302", "˜": "\u0303", "¸": "\u0327", "ˇ": "\u030c"}
_LIGATURES = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
# What may be left out of the middle of a quote: blanks, hyphens, the figures and signs of a mark, the letter of a note.
_GAP = re.compile(
    rf"[\s\u200b-\u200f\u2060-\u2064\ufeff{re.escape(HYPHENS)}–—−\d,;⁰¹²³⁴⁵⁶⁷⁸⁹⁻∗*†‡§¶♠♣♦♥⋆]{{0,20}}|\s?[a-h]\s?"
)
_BULLET = re.compile(r"^[•◦▪‣∙●○■□➢✓◆⋄·]\s*|^[–—]\s+|^\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s+(?=[^\Wa-z])")
EQUATION = "[equation]"
# Characters that print nothing: marks of where a word may break, of direction, of encoding, of language.
_PRINTS_NOTHING = re.compile(r"[\u200b\u200e\u200f\u2060-\u2064\ufeff\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
_JOINERS = "\u200c\u200d"  # which mean something in other scripts than Latin


@dataclass
class FlowedText:
    """Readable text with its sources: `places[i]` says where the PDF's page text has `text[i]`, or None
    for a character that was put in (the blank of a line break, the rest of a ligature).
    """

    text: str
    places: list[Place]
    listed: bool = False  # an item of a list, without its mark

    def spans(self, start: int, end: int, pages: dict[int, str]) -> tuple[Span, ...]:
        """Return the stretches of the pages' texts that `text[start:end]` comes from, in reading order.

        Two places belong to one stretch if only blanks, hyphens, or marks left out lie between them.
        """
        spans: list[list[int]] = []
        for place in self.places[start:end]:
            if place is None:
                continue
            page, first, last = place
            before = spans[-1] if spans and spans[-1][0] == page else None
            if before and (before[2] == first or _bridges(pages[page], before[2], first)):
                before[2] = last
            else:
                spans.append([page, first, last])
        return tuple((page, first, last) for page, first, last in spans)


def _bridges(text: str, start: int, end: int) -> bool:
    """Return True if the gap may be part of a quote: blanks and hyphens may, and so may a mark."""
    return start <= end and end - start <= 20 and _GAP.fullmatch(text, start, end) is not None


def join(rows: Sequence[Row], vocabulary: Vocabulary) -> FlowedText:
    """Return the rows of a paragraph as one readable text."""
    chars: list[str] = []
    places: list[Place] = []
    for row in rows:
        piece, where = _row(row, "".join(chars[-40:]) + " " * bool(chars))
        if not piece:
            continue
        if chars:
            _join_break(chars, places, piece, vocabulary)
        chars += piece
        places += where
    glyphs.restore(chars, places, vocabulary)
    return _tidy(chars, places)


def _join_break(chars: list[str], places: list[Place], piece: list[str], vocabulary: Vocabulary) -> None:
    """Return what stands between the end of one row and the start of the next: nothing, a hyphen, or a blank."""
    broken = len(chars) > 1 and chars[-1] in HYPHENS and chars[-2].isalnum() and piece[0].isalnum()
    if not broken:
        if chars[-1] not in "–—/" or chars[-2:-1] == [" "]:
            chars.append(" ")
            places.append(None)
        return
    soft = chars[-1] == "\u00ad"
    left, right = "".join(chars[-40:-1]), "".join(piece[:40])
    if soft or not vocabulary.keeps_hyphen(left, right):
        chars.pop()
        places.pop()


def _row(row: Row, before: str = "") -> tuple[list[str], list[Place]]:
    chars: list[str] = []
    places: list[Place] = []
    raised = raised_marks.shown(row, before)
    for index, part in enumerate(row.parts):
        if index and chars and not chars[-1].isspace() and part.x0 - row.parts[index - 1].x1 > 0.12 * part.size:
            chars.append(" ")
            places.append(None)
        plain = part.text.isascii()
        for at, char in enumerate(part.text):
            if not plain and prints_nothing(part.text, at):
                continue
            for extra, shown in enumerate(raised.get((index, at), _LIGATURES.get(char, char))):
                chars.append(shown)
                places.append((row.page, part.start + at, part.start + at + 1) if extra == 0 else None)
    while chars and chars[-1].isspace():
        chars.pop()
        places.pop()
    return chars, places


def _tidy(chars: list[str], places: list[Place]) -> FlowedText:
    """Put accents on their letters, fold blanks, drop blanks before a comma or inside a bracket."""
    out: list[str] = []
    where: list[Place] = []
    for index, char in enumerate(chars):
        following = chars[index + 1] if index + 1 < len(chars) else ""
        if char.isspace() and (not out or out[-1] == " " or out[-1] in "([" or (following and following in ",;)]")):
            continue
        if char.isspace() and following in raised_marks.SUPERSCRIPTS and following and out[-1].isdigit():
            continue  # "10 ⁶"
        accent = _ACCENTS.get(out[-1]) if out else None
        if accent and char.isalpha():
            composed = unicodedata.normalize("NFC", ("i" if char == "ı" else char) + accent)
            if len(composed) == 1:
                out[-1] = composed
                where[-1] = _together(where[-1], places[index])
                continue
        out.append(" " if char.isspace() else char)
        where.append(places[index])
    while out and out[-1] == " ":
        out.pop()
        where.pop()
    return FlowedText("".join(out), where)


def _together(first: Place, second: Place) -> Place:
    if first is None or second is None:
        return first or second
    return first[0], min(first[1], second[1]), max(first[2], second[2])


def paragraph(item: Paragraph, vocabulary: Vocabulary) -> FlowedText:
    """Return a paragraph as one text; a displayed equation inside it is named, not shown."""
    chars: list[str] = []
    places: list[Place] = []
    for index, rows in enumerate(item.pieces):
        piece = join(rows, vocabulary)
        if not piece.text:
            continue
        if chars:
            if index in item.equations:
                chars += f" {EQUATION}"
                places += [None] * (len(EQUATION) + 1)
            _join_break(chars, places, list(piece.text), vocabulary)
        chars += piece.text
        places += piece.places
    if chars and len(item.pieces) in item.equations:
        chars += f" {EQUATION}"
        places += [None] * (len(EQUATION) + 1)
    bullet = _BULLET.match("".join(chars))
    skip = bullet.end() if bullet else 0
    return FlowedText("".join(chars[skip:]), places[skip:], listed=skip > 0)


def spelt_out(text: str) -> str:
    """Replace ligatures by their letters and drop characters that print nothing."""
    if text.isascii():
        return text
    return "".join(_LIGATURES.get(char, char) for at, char in enumerate(text) if not prints_nothing(text, at))


def prints_nothing(text: str, at: int) -> bool:
    """Return True for a character that shows as nothing in a line. A soft hyphen shows at the line's end alone."""
    char = text[at]
    if char.isascii():
        return False
    if char in _JOINERS:
        return at == 0 or text[at - 1].isascii() or "LATIN" in unicodedata.name(text[at - 1], "")
    return _PRINTS_NOTHING.match(char) is not None or (char == "\u00ad" and bool(text[at + 1 :].strip()))


def spaced(row: Row) -> str:
    """Return a row's readable text with two blanks where its fragments are wide apart or a raised mark stands."""
    pieces = []
    raised = raised_marks.shown(row)
    for index, part in enumerate(row.parts):
        shown = "".join(raised.get((index, at), char) or "\t" for at, char in enumerate(part.text))
        pieces += [_tidy(list(piece), [None] * len(piece)).text for piece in re.split(r"\t+", shown)]
    return "  ".join(piece for piece in pieces if piece)
