"""Pages of many layouts for tests: text is poured into boxes, turned or not, and read back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pymupdf

from synth.core.types import Document, PassageKind
from synth.pdf.document import build
from synth.pdf.extract import opened
from synth.pdf.guard import Limits

from .typeset import BOLD, ITALIC, REGULAR, break_lines, width

FILL = (
    "The trial took six weeks and was run in two towns by the same staff.",
    "All of the adults slept at home and were called by phone in the morning.",
    "Those who did not answer were called again at noon and in the evening.",
    "The word lists were taken from an older study and read aloud at an even pace.",
    "Nobody was paid for sleep, and everybody was free to leave at any time.",
    "Staff who called did not know to which arm an adult belonged.",
)


def told(count: int, topic: str = "town", start: int = 0) -> list[str]:
    """So many sentences, no two alike."""
    ways = ("The staff of {} went on with the lists of words.", "In {} nobody knew to which arm an adult belonged.")
    return [ways[n % 2].format(f"{topic} {n + 1}") for n in range(start, start + count)]


class Sheets:
    """A PDF into whose pages text is poured, box after box."""

    def __init__(self, size: float = 10.0, leading: float = 12.0, font: str = REGULAR) -> None:
        self.pdf = pymupdf.open()
        self.size, self.leading, self.font = size, leading, font

    def page(self, width: float = 595, height: float = 842) -> pymupdf.Page:
        self.sheet = self.pdf.new_page(width=width, height=height)
        return self.sheet

    def put(
        self, x: float, y: float, text: str, size: float | None = None, font: str | None = None, rotate: int = 0
    ) -> None:
        self.sheet.insert_text((x, y), text, fontsize=size or self.size, fontname=font or self.font, rotate=rotate)

    def pour(self, boxes: Sequence[tuple[float, float, float, float]], story: Sequence[str]) -> None:
        """Set paragraphs into boxes (left, top, right, bottom) of one width; "#" opens a heading."""
        place = 0
        y = boxes[0][1] + self.size
        for text in story:
            bold = text.startswith("#")
            lines = (
                [text[1:]] if bold else break_lines(text, boxes[place][2] - boxes[place][0], self.size, 0, self.font)
            )
            if bold:
                y += 0.6 * self.leading
            for line in lines:
                if y > boxes[place][3]:
                    place, y = place + 1, boxes[place + 1][1] + self.size
                self.put(boxes[place][0], y, line, font=BOLD if bold else None)
                y += self.leading
            y += 0.4 * self.leading if bold else 0

    def column(self, x: float, y: float, measure: float, text: str) -> float:
        """Set one paragraph; give the height below it."""
        for line in break_lines(text, measure, self.size, 0, self.font):
            self.put(x, y, line)
            y += self.leading
        return y

    def title(self, text: str = "Longer sleep and recall in adults", authors: str = "Ruth Okello, Carl Sample") -> None:
        self.put(60, 70, text, 18, BOLD)
        self.put(60, 95, authors, 11)

    def read(self, path: Path) -> Document:
        self.pdf.save(path)
        return read(path)


def read(path: Path) -> Document:
    with opened(str(path), Limits()) as pdf:
        document = build(pdf.sha256, pdf.meta(), pdf.pages(), pdf.warnings)
    with opened(str(path), Limits()) as again:
        assert all(again.holds(passage.spans, passage.quote) for passage in document.passages)
    return document


def sentences(document: Document, section: str | None = None) -> list[str]:
    return [
        item.text for item in document.passages if item.kind is PassageKind.SENTENCE and section in (None, item.section)
    ]


__all__ = ["BOLD", "FILL", "ITALIC", "REGULAR", "Sheets", "read", "sentences", "told", "width"]
