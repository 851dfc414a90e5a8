"""PDF with page numbers, bookmarks, a table of contents and links: the HTML's parts on pages, laid out by MuPDF.

The same facts give the same bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any

from synth import __version__
from synth.reports.facts import Facts
from synth.reports.formats import html
from synth.reports.markdown import plain
from synth.reports.quality import Review

SINGLE_FILE = True
WIDTH, HEIGHT = 595.0, 842.0  # points: A4
SIDE, TOP, BOTTOM = 56.0, 54.0, 62.0
SCALE = 0.63  # points to a pixel of a picture
DETAILS = ("details", "Claims in detail")
LONGEST = 28  # characters of a word that no line can break; longer ones may be broken after so many
_UNBROKEN = re.compile(rf"[^\s<>&;\u200b]{{{LONGEST}}}(?=[^\s<>&;\u200b])")
_TEXT = re.compile(r"(<(?:svg|style)\b.*?</(?:svg|style)>|<[^>]*>)", re.DOTALL)


def render(facts: Facts, reviews: Sequence[Review]) -> bytes:
    """The report as PDF."""
    import pymupdf

    sections = list(html.SECTIONS)
    sections.insert([id for id, _ in sections].index("tests") + 1, DETAILS)
    more = {"paged": True, "sections": sections, "style": html.asset("paged.css"), "scale": SCALE}
    text = breakable(html.filled("paged.html.j2", facts, reviews, more))
    document, positions = _laid_out(pymupdf, text)
    try:
        _number(document, positions)
        document.set_toc(_bookmarks(positions))
        document.set_metadata(_metadata(facts))
        document.xref_set_key(document.pdf_catalog(), "Lang", "(en)")
        document.subset_fonts()
        data: bytes = document.tobytes(garbage=4, deflate=True, no_new_id=True)
        return data
    finally:
        document.close()


def breakable(text: str) -> str:
    """HTML in which long words may be broken: MuPDF would let them run off the page, or push a table apart."""
    parts = _TEXT.split(text)
    # The odd parts are tags and pictures.
    return "".join(part if i % 2 else _UNBROKEN.sub(lambda m: f"{m[0]}\u200b", part) for i, part in enumerate(parts))


def _laid_out(pymupdf: Any, text: str) -> tuple[Any, list[Any]]:
    """The pages with their links, and where headings, anchors and links came to stand."""
    story, out = pymupdf.Story(text), io.BytesIO()
    page, inside = pymupdf.Rect(0, 0, WIDTH, HEIGHT), pymupdf.Rect(SIDE, TOP, WIDTH - SIDE, HEIGHT - BOTTOM)
    writer, positions = pymupdf.DocumentWriter(out), []

    def keep(position: Any) -> None:
        if position.open_close & 1:
            positions.append(position)

    story.write(writer, lambda number, filled: (page, inside, None), keep)
    writer.close()
    known = {position.id for position in positions if position.id}
    links = [p for p in positions if p.id or not (p.href or "").startswith("#") or p.href[1:] in known]
    return pymupdf.Story.add_pdf_links(io.BytesIO(out.getvalue()), links), positions


def _number(document: Any, positions: Sequence[Any]) -> None:
    """Page numbers at the foot of every page, and beside the entries of the contents."""
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


def _bookmarks(positions: Sequence[Any]) -> list[list[Any]]:
    """[level, words, page] of every section, and below it of its runs and claims."""
    found = []
    for position in positions:
        if position.heading in (2, 3) and position.text:
            level = 1 if position.heading == 2 or not found else 2
            found.append([level, plain(position.text).replace("\u200b", ""), position.page_num])
    return found


def _metadata(facts: Facts) -> dict[str, str]:
    day = f"D:{facts.today.replace('-', '')}000000Z"
    return {
        "title": plain(facts.title),
        "author": plain(facts.author),
        "subject": plain(facts.search["question"]),
        "keywords": "literature synthesis, claims, reproduction",
        "creator": f"synth {__version__}",
        "producer": "MuPDF",
        "creationDate": day,
        "modDate": day,
    }
