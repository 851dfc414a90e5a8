"""Title, authors, year, identifiers: from the first page and the PDF's own metadata. Empty rather than wrong."""

from __future__ import annotations

import re

from synth.pdf.layout import furniture, sections
from synth.pdf.layout.rows import rows_of
from synth.pdf.records import Line, Meta, Page

_ARXIV = re.compile(r"arXiv:\s*((?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7}))(v\d+)?", re.I)
_STAMP_YEAR = re.compile(r"\b\d{1,2}\s+[A-Z][a-z]{2}\s+((?:19|20)\d{2})\b")
_DOI = re.compile(r"\b(10\.\d{4,9}/[^\s\"<>]+[^\s\"<>.,;)\]])")
_JUNK_TITLE = re.compile(r"^(?:untitled|microsoft word|.*\.(?:docx?|tex|dvi|pdf|indd)$|\W*$|arxiv:|page \d)", re.I)


def arxiv_id(page: Page) -> tuple[str, int | None]:
    """Return (id without version, year of the stamp) from the stamp at the margin of page 1."""
    stamp = furniture.stamps(page)
    match = _ARXIV.search(stamp)
    if match is None:
        return "", None
    year = _STAMP_YEAR.search(stamp)
    return match.group(1), int(year.group(1)) if year else None


def doi(page: Page) -> str:
    """Return a DOI that is printed at the head or the foot of page 1: one in its text may be another work's."""
    for line in page.lines:
        if line.y1 < 0.12 * page.height or line.y0 > 0.85 * page.height:
            match = _DOI.search(line.text)
            if match:
                return match.group(1)
    return ""


def year(page: Page, stamped: int | None) -> int | None:
    """Return the year by the stamp or the conference's head or foot.

    The date of the file is no evidence: files are made anew.
    """
    if stamped:
        return stamped
    for line in page.lines:
        if line.y0 > 0.88 * page.height or line.y1 < 0.08 * page.height:
            match = re.search(r"\b((?:19|20)\d{2})\b", line.text)
            if match and re.search(r"[A-Za-z]{3}", line.text):
                return int(match.group(1))
    return None


def title_lines(lines: list[Line], page: Page, body_size: float) -> list[Line]:
    """Return the lines of the title: the largest type in the upper half of page 1, if larger than the running text."""
    upper = [line for line in lines if line.y0 < 0.5 * page.height and len(line.text.strip()) > 1]
    worded = [line for line in upper if sum(char.isalpha() for char in line.text) > 3 and not _is_heading(line.text)]
    if not worded:
        return []
    size = max(line.size for line in worded)
    if size <= body_size + 1:
        return []
    largest = sorted((line for line in upper if line.size > size - 0.3), key=lambda line: (round(line.base), line.x0))
    title = largest[:1]
    for line in largest[1:]:
        if line.base - title[-1].base < 2.2 * size:
            title.append(line)
    return title


def _is_heading(text: str) -> bool:
    """Return True for a section's heading, which may be the largest type of a page without a title."""
    heading = sections.parse(text)
    if heading is None:
        return False
    known = sections.canonical(heading.title) != sections.OTHER
    return (heading.number[:1].isdigit() or len(heading.title.split()) == 1) and known


def title(lines: list[Line], page: Page, meta: Meta, body_size: float) -> str:
    printed = title_lines(lines, page, body_size)
    text = " ".join(" ".join(row.text for row in rows_of(printed)).split())
    text = re.sub(r"(?<=\w)[-‐] (?=[a-z])", "-", text).rstrip("*∗†‡ ")
    if len(text) > 5:
        return text
    if meta.title and not _JUNK_TITLE.match(meta.title):
        return meta.title
    return ""


_AFFILIATION = re.compile(
    r"universit|institut|department|school of|college|laborator|research|\binc\b|google|facebook|microsoft|amazon"
    r"|@|\d{4,}|\blab\b|center|centre|academy|technolog|street|\bcorporation\b|\bcompany\b|deepmind|language,|\bai\b",
    re.I,
)
_PLACE = re.compile(r"\s?[(\[][\da-z∗*†‡](?:\s?[,;]\s?[\da-z∗*†‡])*[)\]]")  # "(1, 2)", "[a]" behind a name
_NAME_WORD = r"(?:[A-Z][\w'’.-]*|van|von|de|der|den|la|le|di|da|dos|al|bin|el|ter)"
_NAME = re.compile(rf"^{_NAME_WORD}(?: {_NAME_WORD}){{1,4}}$")


def authors(rows: list[str], meta: Meta) -> tuple[str, ...]:
    """Return the names from the PDF's metadata, else from the rows between title and abstract; none if they look
    unlike names.

    `rows` are the readable texts of those rows, wide gaps as two blanks.
    """
    declared = [name.strip() for name in re.split(r"\s*;\s*|\s+and\s+|,\s+(?=[A-Z])", meta.authors) if name.strip()]
    if declared and all(_NAME.match(name) for name in declared):
        return tuple(declared)
    names: list[str] = []
    for row in rows:
        if _AFFILIATION.search(row):
            continue
        plain = re.sub(r"[\d⁰¹²³⁴⁵⁶⁷⁸⁹∗*†‡§¶♠♣♦♥⋆{}]+", ", ", _PLACE.sub(", ", row))
        pieces = [piece.strip(" ,.") for piece in re.split(r"\s{2,}|,|;|\band\b|&|·", plain)]
        pieces = [piece for piece in pieces if piece]
        if pieces and all(_NAME.match(piece) for piece in pieces):
            names += pieces
        elif names:
            break
    return tuple(dict.fromkeys(names))
