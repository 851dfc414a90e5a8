"""Words that a publisher puts over a paper's pages when it is retracted or withdrawn.

They are taken off the pages before the layout is read: a stamp in large type would be taken for the title.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from synth.core.types import Editorial
from synth.papers.editorial import read_title
from synth.pdf.records import Line, Meta, Page

_NOUN = r"(?:article|paper|chapter|manuscript|publication|preprint|copy|version|book)?"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_TAIL = rf"(?:on|in|since|date|dated)?(?:{_MONTH})?(?:(?:please)?see(?:the)?(?:retraction)?(?:notice|note|statement))?"
_STAMP = re.compile(rf"(?P<word>retracted|withdrawn){_NOUN}{_TAIL}")  # of the letters alone, in lower case
# What Elsevier and others print on the first page.
_SAID = re.compile(
    r"^this (?:article|paper|chapter|manuscript|work) (?:has been|was|is) (?P<word>retracted|withdrawn)\b"
    r"(?!\s+(?:by|from|in)\s+\w+\s+(?:who|which|that))",
    re.IGNORECASE,
)
BIG = 20.0  # points; type of this size is no running text
LARGER = 1.6  # times the running text
SHARE = 0.5  # of the pages, from which on a stamp in small type counts


def remove_stamps(pages: Sequence[Page], meta: Meta) -> tuple[tuple[str, ...], list[Page]]:
    """Find the publisher's marks on `pages` and in the file's own title.

    Returns:
        The statuses that they tell (values of `Editorial`), and the pages without the lines that are stamps.
    """
    body = _body_size(pages)
    stamps = {page.number: [line for line in page.lines if _stamped(line.text)] for page in pages}
    everywhere = sum(map(bool, stamps.values())) >= max(2, SHARE * len(pages))
    words: Counter[str] = Counter()
    cleaned = []
    for page in pages:
        taken = [line for line in stamps[page.number] if everywhere or _is_large(line, body, page)]
        words.update(_stamped(line.text) for line in taken)
        spread, pieces = _in_pieces(page)
        if spread:
            words[spread] += 1
            taken += pieces
        gone = {id(line) for line in taken}
        cleaned.append(replace(page, lines=[line for line in page.lines if id(line) not in gone]) if gone else page)
    over = [text for page in pages for text in page.annotations]
    words.update(word for text in over if (word := _stamped(text)))
    first = [line.text for line in pages[0].lines] if pages else []
    words.update(match["word"].lower() for text in [*first, *over] if (match := _SAID.match(text.strip())))
    statuses = {Editorial(word) for word in words} | {read_title(meta.title).status}
    return tuple(sorted(status.value for status in statuses if status)), cleaned


def _stamped(text: str) -> str:
    """Return the word of a text that is a stamp and nothing else; ""."""
    letters = "".join(char for char in text if char.isalpha()).lower()
    match = _STAMP.fullmatch(letters)
    return match["word"] if match else ""


def _is_large(line: Line, body: float, page: Page) -> bool:
    """Return True for a stamp by itself: in type that stands out, or across the page."""
    if line.size >= BIG or (line.size >= LARGER * body and line.text.upper() == line.text):
        return True
    on_top = page.number == 1 and line.y1 < 0.25 * page.height
    return on_top and line.upright and line.text.upper() == line.text and line.size >= body


def _in_pieces(page: Page) -> tuple[str, list[Line]]:
    """Return a stamp whose letters were set one by one: (its word, the lines)."""
    pieces = [line for line in page.lines if line.size >= BIG and len(line.text.strip()) <= 3]
    letters = "".join(char for line in pieces for char in line.text if char.isalpha()).lower()
    match = _STAMP.fullmatch(letters)
    return (match["word"], pieces) if match else ("", [])


def _body_size(pages: Sequence[Page]) -> float:
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            sizes[round(line.size, 1)] += len(line.text)
    return max(sizes, key=sizes.__getitem__, default=10.0)
