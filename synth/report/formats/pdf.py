"""PDF with page numbers, bookmarks, a table of contents and links: the HTML's parts on pages, laid out by MuPDF.

The same facts give the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from synth import __version__
from synth.report.facts import Facts
from synth.report.formats import html
from synth.report.markdown import plain
from synth.report.pages import Position, laid_out
from synth.report.plots import svg
from synth.report.quality import ScoredReview

if TYPE_CHECKING:
    import pymupdf
    from markupsafe import Markup

SINGLE_FILE = True
WIDTH, HEIGHT = 595.0, 842.0  # points: A4
SIDE, TOP, BOTTOM = 56.0, 54.0, 62.0
SCALE = 0.63  # points to a pixel of a picture
DETAILS = ("details", "Claims in detail")
# A transparent pixel.
NOTHING = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAAC0lEQVR4nGNgAAIAAAUAAXpeqz8AAAAASUVORK5CYII="
)
MAX_WORD = 28  # characters of a word that no line can break; longer ones may be broken after so many
_UNBROKEN = re.compile(rf"[^\s<>&;\u200b]{{{MAX_WORD}}}(?=[^\s<>&;\u200b])")
_TEXT = re.compile(r"(<(?:svg|style)\b.*?</(?:svg|style)>|<[^>]*>)", re.DOTALL)


def render(facts: Facts, reviews: Sequence[ScoredReview]) -> bytes:
    """Return the report as PDF."""
    sections = list(html.SECTIONS)
    sections.insert([id for id, _ in sections].index("tests") + 1, DETAILS)
    more = {"paged": True, "style": html.asset("paged.css"), "scale": SCALE}
    drawn: dict[str, str] = {}

    def place(path: str, picture: str) -> Markup:
        drawn[_id(path)] = picture
        return _place_of(path, picture)

    text = breakable(html.filled("paged.html.j2", facts, reviews, more, place, sections))
    document, positions = laid_out(text, (WIDTH, HEIGHT), (SIDE, TOP, WIDTH - SIDE, HEIGHT - BOTTOM))
    try:
        _draw(document, positions, drawn)
        _link(document, positions)
        _number(document, positions)
        document.set_toc(_bookmarks(positions))
        document.set_metadata(_metadata(facts))
        document.xref_set_key(document.pdf_catalog(), "Lang", "(en)")
        document.subset_fonts()
        data: bytes = document.tobytes(garbage=4, deflate=True, no_new_id=True)
        return data
    finally:
        document.close()


def _id(path: str) -> str:
    return re.sub(r"\W+", "-", path)


def _size(picture: str) -> tuple[float, float]:
    """Return width and height of a picture on the page, points: not larger than the page."""
    width, height = svg.size(picture)
    scale = min(SCALE, (WIDTH - 2 * SIDE - 12) / width, (HEIGHT - TOP - BOTTOM - 60) / height)
    return width * scale, height * scale


def _place_of(path: str, picture: str) -> Markup:
    """Return the HTML that leaves room for a picture: MuPDF would draw it as coarse pixels; it is put there later."""
    from markupsafe import Markup

    width, height = _size(picture)
    return Markup('<img id="{}" src="{}" width="{:.0f}" height="{:.0f}">').format(_id(path), NOTHING, width, height)


def _draw(document: pymupdf.Document, positions: Sequence[Position], drawn: dict[str, str]) -> None:
    """Put the pictures, as vectors, where room was left for them."""
    import pymupdf

    for position in positions:
        picture = drawn.pop(position.id, None) if position.id else None
        if picture is None:
            continue
        width, height = _size(picture)
        left, foot = position.rect[0], position.rect[3]
        with pymupdf.open("svg", picture.encode()) as drawing, pymupdf.open("pdf", drawing.convert_to_pdf()) as page:
            place = pymupdf.Rect(left, foot - height, left + width, foot)
            document[position.page_num - 1].show_pdf_page(place, page, 0)


def breakable(text: str) -> str:
    """Return HTML in which long words may be broken: MuPDF would let them run off the page, or push a table apart."""
    parts = _TEXT.split(text)
    # The odd parts are tags and pictures.
    return "".join(part if i % 2 else _UNBROKEN.sub(lambda m: f"{m[0]}\u200b", part) for i, part in enumerate(parts))


def _link(document: pymupdf.Document, positions: Sequence[Position]) -> None:
    """Write the links into the pages at once: PyMuPDF's own way looks at all links of a page for every new one."""
    where = {position.id: position for position in reversed(positions) if position.id}
    on_page: dict[int, list[tuple[str, list[float]]]] = {}
    for position in positions:
        if not position.href or (position.href[0] == "#" and position.href[1:] not in where):
            continue
        page, (x0, y0, x1, y1) = on_page.setdefault(position.page_num, []), position.rect
        if page and page[-1][0] == position.href and abs(page[-1][1][1] - y0) < 1:
            page[-1][1][2] = x1  # the next word on the same line
        else:
            page.append((position.href, [x0, y0, x1, y1]))
    for number, links in on_page.items():
        annotations = []
        for href, (x0, y0, x1, y1) in links:
            box = f"[{x0:.1f} {HEIGHT - y1:.1f} {x1:.1f} {HEIGHT - y0:.1f}]"
            annotations.append(f"<</Type/Annot/Subtype/Link/Border[0 0 0]/Rect{box}{_action(document, href, where)}>>")
        document.xref_set_key(document.page_xref(number - 1), "Annots", f"[{''.join(annotations)}]")


def _action(document: pymupdf.Document, href: str, where: dict[str, Position]) -> str:
    """Return the action or destination of a link, in PDF (ISO 32000-1, 12.3.2.2 and 12.6.4.7)."""
    if href[0] == "#":
        target = where[href[1:]]
        page = document.page_xref(target.page_num - 1)
        return f"/Dest[{page} 0 R/XYZ {target.rect[0]:.1f} {HEIGHT - target.rect[1]:.1f} 0]"
    escaped = "".join(f"\\{c}" if c in "\\()" else c for c in href)
    return f"/A<</S/URI/URI({escaped})>>"


def _number(document: pymupdf.Document, positions: Sequence[Position]) -> None:
    """Print page numbers at the foot of every page, and beside the entries of the contents."""
    total = document.page_count
    for number, page in enumerate(document, 1):
        page.insert_text((WIDTH - SIDE - 52, HEIGHT - 34), f"Page {number} of {total}", fontsize=8, color=(0.35,) * 3)
    where = {position.id: position.page_num for position in positions if position.id}
    first = next((p for p in positions if p.id == "contents"), None)
    ids = [id for id, _ in html.SECTIONS] + [DETAILS[0]]
    for position in positions:
        target = (position.href or "")[1:]
        # The first link to a section is the one in the contents.
        if first is not None and target in ids and position.page_num == first.page_num:
            ids.remove(target)
            place = (WIDTH - SIDE - 20, position.rect[3] - 2.5)
            document[position.page_num - 1].insert_text(place, f"{where[target]:>3}", fontsize=9)


def _bookmarks(positions: Sequence[Position]) -> list[tuple[int, str, int]]:
    """Return (level, words, page) of every section, and below it of its runs and claims."""
    bookmarks: list[tuple[int, str, int]] = []
    for position in positions:
        if position.heading in (2, 3) and position.text:
            level = 1 if position.heading == 2 or not bookmarks else 2
            bookmarks.append((level, plain(position.text).replace("\u200b", ""), position.page_num))
    return bookmarks


def _metadata(facts: Facts) -> dict[str, str]:
    day = f"D:{facts.today.replace('-', '')}000000Z"
    return {
        "title": plain(facts.title),
        "author": plain(facts.author),
        "subject": plain(facts.search.question),
        "keywords": "literature synthesis, claims, reproduction",
        "creator": f"synth {__version__}",
        "producer": "MuPDF",
        "creationDate": day,
        "modDate": day,
    }
