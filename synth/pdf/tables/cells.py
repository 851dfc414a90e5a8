"""The words of a table as cells: what stands on one baseline without a gap belongs together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from synth.pdf.records import Line, TextRun
from synth.pdf.text.flow import spelt_out
from synth.pdf.text.hyphens import HYPHENS

_NUMBER = re.compile(
    r"^[~≈∼<>≤≥]?\(?[-+−–±‐‑‒－]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:[.,·∙⋅]\d+)?(?:[·×x∙]10\^[-+−–]?\d+|[eE][-−+]?\d+)?[kKMBGx×%‰°]?\)?"
    r"[*†‡§∗]*$"
)
_EMPTY = frozenset(["-", "–", "—", "−", "--", "✓", "✗", "×", "N/A", "n/a", "OOM"])
_SPREAD = re.compile(r"\^\([^()]*\)|_\([^()]*\)|(?<![·×x∙]10)\^[^\s_()]+|_[-+−–]?[\d.]+%?")
_BRACKETED = re.compile(r"[(\[][-+−–]?[\d.,]+%?(?:(?:[-−–,;/]|to)[-+−–]?[\d.,]+%?)?[)\]]%?$")
_OPENING = re.compile(r"[(\[][-+−–]?[\d.]")
_SIGNS = re.compile(r"^[\d,*∗†‡§¶♠♣♦♥⋆]+$")
_INCREMENT = "\u2206"  # as many fonts name a capital delta
_LEADERS = re.compile(r"(?<!\S)\.(?:\s*\.){3,}(?!\S)")  # dots that lead the eye from a name to its value
_JOINING = frozenset(["/", "|", "-", "–", "−", "—", "×", "·"])
_PLUS_MINUS = frozenset("-+−–±‐‑‒－")
_THOUSANDS = 0.3  # of the type's size: a blank between groups of three figures is no wider
_SMALL = 0.85  # of the largest type of a word or table: raised and lowered


@dataclass(frozen=True)
class Word:
    """A word of a table, with its offsets in the page's text."""

    text: str
    x0: float
    x1: float
    base: float
    size: float
    start: int
    end: int
    bold: bool
    line: int  # which fragment it comes from
    mark: str = ""  # "^" or "_": set small, above or below the line of its row


@dataclass(frozen=True)
class Cell:
    """Words that belong together in one row, or in several lines of one."""

    words: tuple[Word, ...]

    @property
    def x0(self) -> float:
        return min(word.x0 for word in self.words)

    @property
    def x1(self) -> float:
        return max(word.x1 for word in self.words)

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def text(self) -> str:
        """The words, those that run on over a line's end joined, raised and lowered ones marked by "^" and "_"."""
        text = self.words[0].text
        for before, word in pairwise(self.words):
            if word.mark == "_" and word.text[0].isalpha():
                text += word.text
            elif word.mark:
                shown = f"({word.text})" if len(word.text) > 5 or "^" in word.text else word.text
                text += f"{' ' if word.mark == '^' and not before.mark else ''}{word.mark}{shown}"
            elif text[-1] in HYPHENS and text[-2:-1].isalnum() and below(before, word) and word.text[0].isalpha():
                text = (text[:-1] if word.text[0].islower() else text) + word.text
            else:
                text += word.text if _is_sign(before, word) else f" {word.text}"
        return text

    @property
    def numeric(self) -> bool:
        return is_value(self.text)

    @property
    def bold(self) -> bool:
        return all(word.bold for word in self.words)

    @property
    def pieces(self) -> list[tuple[int, int]]:
        """Offsets of the stretches of the page's text that the cell consists of."""
        spans: list[tuple[int, int]] = []
        for word in self.words:
            near = spans and 0 <= word.start - spans[-1][1] <= (3 if word.line == self._last_line(spans[-1]) else 1)
            if near:
                spans[-1] = (spans[-1][0], word.end)
            else:
                spans.append((word.start, word.end))
        return spans

    def _last_line(self, span: tuple[int, int]) -> int:
        return next(word.line for word in self.words if word.end == span[1])


@dataclass
class TableRow:
    base: float
    cells: list[Cell]

    @property
    def numeric(self) -> bool:
        """True if the word carries figures. A dash or a tick does not count."""
        return any(cell.numeric and any(char.isdigit() for char in cell.text) for cell in self.cells)


def below(above: Word, word: Word) -> bool:
    """Return True if a word stands on a line below another's."""
    return word.base - above.base > 0.5 * min(above.size, word.size)


def _is_sign(before: Word, word: Word) -> bool:
    """Return True if the first of two words is the sign of the second, a figure."""
    return before.text in _PLUS_MINUS and word.text[0].isdigit() and not below(before, word)


def is_bracketed(text: str) -> bool:
    """Return True for a figure in brackets, such as a share or an error behind or below another figure."""
    return bool(_BRACKETED.match(text.replace(" ", "")))


def is_value(text: str) -> bool:
    """Return True for a figure, with what its spread may be, or a sign that stands for one."""
    plain = text.replace(" ", "")
    if plain in _EMPTY:
        return True
    plain = _SPREAD.sub("", plain)
    if not any(char.isdigit() for char in plain):
        return False
    bare = _BRACKETED.sub("", plain) or plain
    parts = re.split(r"±|\+/-|\+/−|/|\|", bare)
    if all(_NUMBER.match(part) or part in _EMPTY for part in parts):
        return True
    span = re.split(r"(?<=[\d%])[-−–](?=\d)", bare)
    return len(span) == 2 and all(_NUMBER.match(part) for part in span)


def words_of(lines: Sequence[Line]) -> list[Word]:
    words = []
    for index, line in enumerate(lines):
        leaders = [match.span() for match in _LEADERS.finditer(line.text)]
        for match in re.finditer(r"\S+", line.text):
            first, last = match.span()
            if any(start <= first and last <= end for start, end in leaders):
                continue
            shown = [run for run in line.runs if run.start < last and run.end > first]
            size = max(run.size for run in shown)
            text = spelt_out(_readable(line, first, last, shown, size)).replace(_INCREMENT, "Δ")
            if not text:
                continue
            body = [run for run in shown if run.size > _SMALL * size]
            raised = all(run.raised for run in shown) and size < _SMALL * line.size
            if raised and _SIGNS.match(text) and first and not re.search(r"[\d%)]$", line.text[:first].rstrip()):
                continue  # a footnote's mark, set apart from its word
            words.append(
                Word(
                    text,
                    line.xs[first][0],
                    line.xs[last - 1][1],
                    line.base,
                    size,
                    line.start + first,
                    line.start + last,
                    all(run.bold for run in body),
                    index,
                    "^" if raised and first else "",
                )
            )
    return words


def _readable(line: Line, first: int, last: int, shown: Sequence[TextRun], size: float) -> str:
    """Return a word with its exponents after "^" and without the marks of footnotes."""
    text = ""
    small: list[TextRun] = []
    for run in shown:
        piece = line.text[max(run.start, first) : min(run.end, last)]
        if run.size > _SMALL * size or not text:
            text += piece
            small = []
            continue
        opens = not small
        small.append(run)
        if not opens:
            text += piece if text[-1] in "^" or "^" in text else "" if _dropped(text, piece, run) else piece
        elif _is_exponent(text, piece, run):
            text += f"^{piece}"
        elif not _dropped(text, piece, run):
            text += piece
    return text


def _is_exponent(before: str, piece: str, run: TextRun) -> bool:
    """Return True for a small figure after a 10, or raised after a unit or a variable ("m²", "R²")."""
    if not re.match(r"[-+−–]$|[-+−–]?\d", piece):
        return False
    power = re.search(r"(?:^|[·×∙])10$", before)
    unit = re.search(r"(?:^|[^\w])(?:[^\W\d_]|[a-zµμ]{2,3})$", before) if run.raised else None
    return bool(power or unit or (run.raised and not piece[0].isdigit()))


def _dropped(before: str, piece: str, run: TextRun) -> bool:
    """Return True for a footnote's mark: a raised sign or number, or a raised letter after a word or a figure."""
    if not run.raised:
        return False
    letter = len(piece) == 1 and piece.isascii() and piece.isalpha() and len(before) > 2
    return bool(_SIGNS.match(piece)) or letter


def table_rows(words: list[Word]) -> list[TableRow]:
    """Join words on one baseline into rows; small words just above or below a baseline belong to that row."""
    typical = median(word.size for word in words) if words else 0.0
    rows: list[list[Word]] = []
    small = [word for word in words if word.size < _SMALL * typical]
    for word in sorted((word for word in words if word.size >= _SMALL * typical), key=lambda item: item.base):
        if rows and abs(word.base - rows[-1][0].base) < 0.35 * typical:
            rows[-1].append(word)
        else:
            rows.append([word])
    alone = []
    for word in small:
        near = [row for row in rows if _holds(row, word, typical)]
        if near:
            row = min(near, key=lambda item: abs(item[0].base - word.base))
            sign = word.mark or ("^" if word.base < row[0].base - 1 else "_" if word.base > row[0].base + 1 else "")
            row.append(replace(word, mark=sign))
        else:
            alone.append(word)
    if alone:
        rows += [[word for cell in row.cells for word in cell.words] for row in table_rows(alone)]
        rows.sort(key=lambda row: row[0].base)
    return [TableRow(row[0].base, _cells(sorted(row, key=lambda item: (item.x0, item.base)))) for row in rows]


def _holds(row: Sequence[Word], word: Word, typical: float) -> bool:
    """Return True if a small word may belong to a row: on its baseline (small capitals), or near and right behind a
    word.
    """
    off = abs(row[0].base - word.base)
    if off > 0.6 * typical or off < 1:
        return off < 1
    return any(-typical < word.x0 - other.x1 < 0.5 * typical for other in row)


def _cells(words: list[Word]) -> list[Cell]:
    """Join the words of a row unless a gap, or two figures side by side, part them."""
    cells: list[list[Word]] = []
    for word in words:
        if cells and not _parted(cells[-1], word):
            cells[-1].append(word)
        else:
            cells.append([word])
    return [Cell(tuple(cell)) for cell in cells]


def _is_open(cell: list[Word]) -> bool:
    """Return True if a bracket goes on behind the last word of a cell."""
    text = " ".join(word.text for word in cell)
    return max(text.rfind("("), text.rfind("[")) > max(text.rfind(")"), text.rfind("]"))


def _parted(cell: list[Word], word: Word) -> bool:
    last = cell[-1]
    size = max(last.size, word.size)
    gap = word.x0 - max(item.x1 for item in cell)
    if gap < 0.1 * size or (word.mark and gap < 0.5 * size):
        return False
    if _is_sign(last, word) and gap < 0.5 * size:
        return False
    joint = f"{last.text} {word.text}"
    if re.search(r"±|\+/-|[·×∙]", joint) and gap < 0.6 * size:
        return False
    if gap > 0.7 * size:
        return True
    if is_bracketed(word.text) or (gap < _THOUSANDS * size and re.match(r"\d{3}$", word.text)):
        return False
    if _is_open(cell) or (_OPENING.match(word.text) and is_value(last.text)):
        return False  # "1.5 (1.2 to 1.9)"
    # Two figures with a gap between them are two cells; a wide one parts a figure from a word.
    left, right = is_value(last.text), is_value(word.text)
    if (left or right) and gap > 0.5 * size and not {last.text, word.text} & _JOINING:
        return True
    figures = left and right and not {last.text, word.text} & _JOINING
    return figures and (len(cell) == 1 or not cell[0].text[0].isalpha())
