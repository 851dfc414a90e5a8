"""Furniture of pages, which is not their text: running heads and feet, page numbers, line numbers, margin stamps."""

from __future__ import annotations

import re
from collections import Counter

from synth.pdf.layout import line_numbers
from synth.pdf.records import Line, Page

_PAGE_NUMBER = re.compile(r"^[-–—]?\s*(?:page\s+)?(?:\d{1,4}|[ivxlc]{1,6})(?:\s*(?:/|of)\s*\d{1,4})?\s*[-–—]?$", re.I)
_FOOTER = re.compile(
    r"^(?:proceedings of|findings of the|transactions of|in proceedings|published as|under review|preprint\b"
    r"|©|copyright|accepted (?:at|to|by)|to appear in|work in progress|permission to make|arxiv preprint)"
    r"|©\s*\d{4}|^(?:january|february|march|april|may|june|july|august|september|october|november|december)"
    r" \d{1,2}.{0,20}\d{4}|^\d+(?:st|nd|rd|th) (?:conference|international|annual)"
    r"|^(?:doi\b:?\s?|https?://(?:dx\.)?doi\.org/)10\.\d{4,9}/\S+\s.*(?:©|\(c\)|copyright|published by|all rights)",
    re.I,
)
# The paper's own, at the foot of its first page; on others it may end a reference.
_DOI = re.compile(r"(?:doi\b:?\s?|https?://(?:dx\.)?doi\.org/)10\.\d{4,9}/\S+$", re.I)


def strip(pages: list[Page]) -> list[list[Line]]:
    """Return the lines of each page without the furniture and without turned text."""
    pages = line_numbers.without(pages)
    repeated = _repeated(pages)
    return [[line for line in page.lines if not _is_furniture(line, page, repeated)] for page in pages]


def stamps(page: Page) -> str:
    """Return the rotated text at the margin, such as arXiv's stamp."""
    return " ".join(line.text for line in page.lines if not line.upright)


def _key(line: Line) -> str:
    return re.sub(r"\d+|\b[ivxlc]+\b", "#", " ".join(line.text.lower().split()))


def _edge(line: Line, page: Page) -> str:
    lone = bool(_PAGE_NUMBER.match(line.text.strip()))  # a page number may stand nearer to the text
    if line.y1 < (0.11 if lone else 0.09) * page.height:
        return "top"
    return "bottom" if line.y0 > (0.88 if lone else 0.9) * page.height else ""


def _repeated(pages: list[Page]) -> set[tuple[str, str]]:
    """Return (edge, text without its figures) of lines that stand at the edge of several pages."""
    counts: Counter[tuple[str, str]] = Counter()
    for page in pages:
        counts.update({(_edge(line, page), _key(line)) for line in page.lines if line.upright and _edge(line, page)})
    need = 2 if len(pages) < 5 else 3
    return {key for key, count in counts.items() if count >= need and len(pages) > 1}


def _is_furniture(line: Line, page: Page, repeated: set[tuple[str, str]]) -> bool:
    if not line.upright:
        return True
    edge = _edge(line, page)
    if not edge:
        return False
    if _PAGE_NUMBER.match(line.text.strip()):
        return _alone(line, page, repeated) and _outermost(line, page, edge)
    if edge == "bottom" and _FOOTER.search(line.text.strip()):
        return True
    if edge == "bottom" and page.number == 1 and _DOI.match(line.text.strip()) and _outermost(line, page, edge):
        return True
    if edge == "top" and page.number == 1 and _FOOTER.search(line.text.strip()):
        return True
    # What stands at the edge of several pages; a table's head at the top of two pages has text right below it.
    return (edge, _key(line)) in repeated and len(line.text) > 1 and _outermost(line, page, edge)


def _alone(line: Line, page: Page, repeated: set[tuple[str, str]]) -> bool:
    """Return True if no text but a running head stands beside a line: a figure in a table's row is no page number."""
    return all(
        other is line
        or not other.upright
        or abs(other.base - line.base) > 3
        or (_edge(other, page), _key(other)) in repeated
        for other in page.lines
    )


def _outermost(line: Line, page: Page, edge: str) -> bool:
    """Return True if a line is set apart from the text, by more than the text's own lines are from each other."""
    need = 0.5 * line.size
    if edge == "top":
        below = [other.y0 for other in page.lines if other.upright and other.base > line.base + 2]
        return not below or min(below) - line.y1 > need
    above = [other for other in page.lines if other.upright and other.base < line.base - 2 and not _edge(other, page)]
    return not above or line.y0 - max(other.y1 for other in above) > need
