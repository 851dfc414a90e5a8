"""Sets papers as PDFs for the tests: columns, headings, hyphenation, footnotes, captions, tables, references."""

from __future__ import annotations

from pathlib import Path

import pymupdf

REGULAR, BOLD, ITALIC = "tiro", "tibo", "tiit"
TOP, BOTTOM = 75.0, 740.0


def width(text: str, size: float, font: str = REGULAR) -> float:
    return pymupdf.get_text_length(text, fontname=font, fontsize=size)


def break_lines(text: str, measure: float, size: float, indent: float = 0.0, font: str = REGULAR) -> list[str]:
    """Fills lines; a soft hyphen marks where a word may be broken, a real one always may."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        room = measure - (indent if not lines else 0)
        while True:
            trial = f"{line} {word}" if line else word
            if width(trial.replace("\u00ad", ""), size, font) <= room:
                line = trial
                break
            head, tail = _broken(word, line, room, size, font)
            lines.append((f"{line} {head}" if head and line else head or line).replace("\u00ad", ""))
            line, word = "", tail
            room = measure
    return [*lines, line.replace("\u00ad", "")]


def _broken(word: str, line: str, room: float, size: float, font: str) -> tuple[str, str]:
    """The longest beginning of a word that still fits, with its hyphen, and the rest."""
    for at in range(len(word) - 1, 0, -1):
        if word[at - 1] in "\u00ad-":
            head = word[:at].rstrip("\u00ad-") + "-"
            trial = f"{line} {head}" if line else head
            if width(trial.replace("\u00ad", ""), size, font) <= room:
                return head, word[at:]
    return "", word


class Paper:
    """A PDF that is written from the top of its first column on."""

    def __init__(self, columns: int = 2, size: float = 10.0, running: str = "", numbers: bool = True) -> None:
        self.pdf = pymupdf.open()
        self.columns, self.size = columns, size
        self.leading = 1.2 * size
        self.running, self.numbers = running, numbers
        self.measure = 218.0 if columns == 2 else 451.0
        self._page()

    def _page(self) -> None:
        self.page = self.pdf.new_page(width=595, height=842)
        self.column, self.y, self.top = 0, TOP, TOP
        if self.running:
            self.page.insert_text((72, 45), self.running, fontsize=9, fontname=ITALIC)
        if self.numbers:
            self.page.insert_text((295, 800), str(len(self.pdf)), fontsize=10, fontname=REGULAR)

    @property
    def left(self) -> float:
        return 72.0 if self.column == 0 else 305.0

    def _room(self) -> None:
        if self.y + self.leading > BOTTOM:
            if self.column + 1 < self.columns:
                self.column, self.y = self.column + 1, self.top
            else:
                self._page()

    def put(self, x: float, y: float, text: str, size: float | None = None, font: str = REGULAR) -> None:
        self.page.insert_text((x, y), text, fontsize=size or self.size, fontname=font)

    def title(self, text: str, authors: str) -> None:
        self.put(297 - width(text, 15, BOLD) / 2, self.y, text, 15, BOLD)
        self.put(297 - width(authors, 11) / 2, self.y + 25, authors, 11)
        self.y += 55
        self.top = self.y

    def heading(self, text: str, size: float = 12.0) -> None:
        self.y += 0.8 * self.leading
        self._room()
        self.put(self.left, self.y + size, text, size, BOLD)
        self.y += size + 0.7 * self.leading

    def text(self, text: str, indent: float = 10.0) -> None:
        for index, line in enumerate(break_lines(text, self.measure, self.size, indent)):
            self._room()
            self.y += self.leading
            self.put(self.left + (indent if index == 0 else 0), self.y, line)

    def items(self, entries: list[str], size: float = 9.0) -> None:
        """A list with hanging indents, such as references."""
        for entry in entries:
            self.y += 3
            for index, line in enumerate(break_lines(entry, self.measure - 12, size)):
                self._room()
                self.y += 1.2 * size
                self.put(self.left + (12 if index else 0), self.y, line, size)

    def table(
        self, rows: list[list[str]], widths: list[float], caption: str, head: int = 1, bold: set | None = None
    ) -> None:
        """Rules above, below the head and below; no vertical ones. The caption stands below."""
        self.y += self.leading
        right = self.left + sum(widths)
        self.page.draw_line((self.left, self.y), (right, self.y), width=0.8)
        for index, row in enumerate(rows):
            self.y += 11
            x = self.left
            for place, (cell, room) in enumerate(zip(row, widths, strict=True)):
                font = BOLD if (index, place) in (bold or set()) else REGULAR
                self.put(x if place == 0 else x + (room - width(cell, 9)) / 2, self.y, cell, 9, font)
                x += room
            if index == head - 1:
                self.page.draw_line((self.left, self.y + 3), (right, self.y + 3), width=0.5)
                self.y += 2
        self.page.draw_line((self.left, self.y + 3), (right, self.y + 3), width=0.8)
        self.y += 8
        for line in break_lines(caption, self.measure, 9):
            self.y += 11
            self.put(self.left, self.y, line, 9)
        self.y += 1.5 * self.leading

    def footnote(self, mark: str, text: str) -> None:
        """At the foot of the present column, under a short rule."""
        self.page.draw_line((self.left, 744), (self.left + 80, 744), width=0.4)
        self.put(self.left + 8, 752, mark, 5)
        self.put(self.left + 12, 755, text, 8)

    def save(self, path: Path) -> Path:
        self.pdf.save(path)
        return path
