"""The project's page layout against PyMuPDF's neural one, on papers with their LaTeX sources and on set pages.

    python -m benchmarks.layouts FOLDER [NAME ...]
    python -m benchmarks.layouts --made

FOLDER/NAME holds paper.pdf and its source. Both engines get the same lines. PyMuPDF's layout (`pymupdf.layout`, a graph
network in onnxruntime) gives boxes with a class each, in reading order: the lines whose middle lies in a box of text or
of a list or a footnote are its text, those in a section-header its headings; what it calls a page header, a footer, a
picture, a table or a caption is left out, and a heading "References" ends the text until an appendix. From there on
both go the same way: the project's paragraphs, sentences and section names. Counted: plain sentences of the source
found whole, whole and in their section, headings of the source found with their words, whole neighbouring sentences
that stay in the source's order, processor seconds a page (one thread, layout alone; extraction is shared). `--made`
sets pages of several layouts instead.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.latex import blocks
from benchmarks.sources import Sentence, key, sentences
from synth.pdf import document
from synth.pdf.extract import opened
from synth.pdf.guard import Limits
from synth.pdf.layout import headings, paragraphs, sections
from synth.pdf.layout.front import split_front
from synth.pdf.layout.rows import Row, rows_of
from synth.pdf.layout.sections import Heading, Outline
from synth.pdf.records import Line, Page
from synth.pdf.text.hyphens import Vocabulary
from tests.pdf.sheets import Sheets, told


@dataclass
class Reading:
    """Text of a paper by an engine: (section, sentence) in reading order, the words of its headings, seconds."""

    passages: list[tuple[str, str]] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    seconds: float = 0.0


def own(pages: list[Page]) -> Reading:
    """Read with the project's layout."""
    began = time.process_time()
    layouts, body = document.analyse_layouts(pages)
    first = layouts[0]
    _, first.rows = split_front(first.rows, first.lines, first.page, body)
    rows = [row for layout in layouts for row in layout.rows]
    plan = headings.plan(rows, body)
    reading = Reading(heads=[opening.heading.title for opening in plan.openings.values()])
    reading.seconds = time.process_time() - began
    whole = document.build("", document.Meta(), pages)
    reading.passages = [(item.section, item.text) for item in whole.passages if item.kind == "sentence"]
    return reading


def neural(pages: list[Page], path: Path) -> Reading:
    """Read with PyMuPDF's layout."""
    import pymupdf
    import pymupdf.layout

    reading = Reading()
    texts = {page.number: page.text for page in pages}
    vocabulary = Vocabulary(line.text for page in pages for line in page.lines)
    story: list[paragraphs.Paragraph] = []
    outline = Outline()
    with pymupdf.open(path) as pdf:
        for page, sheet in zip(pages, pdf, strict=True):
            began = time.process_time()
            sheet.get_layout()
            reading.seconds += time.process_time() - began
            for kind, rows in _boxes(page, sheet.layout_information):
                if kind == "section-header":
                    text = " ".join(row.text for row in rows)
                    heading = sections.parse(text) or Heading("", text, 1)
                    reading.heads.append(heading.title)
                    outline.enter(heading)
                elif outline.section not in (sections.REFERENCES, sections.ACKNOWLEDGEMENTS):
                    _add(story, rows, outline.section, len(reading.heads))
    reading.passages = [(item.section, item.text) for item in document._sentences(story, vocabulary, texts)]
    return reading


def _boxes(page: Page, boxes: Sequence[tuple[float, float, float, float, str]]) -> list[tuple[str, list[Row]]]:
    """Return (class, rows) of each box of headings or running text, in the engine's order."""
    ordered = []
    taken: set[int] = set()
    for x0, y0, x1, y1, kind in boxes:
        if kind not in ("section-header", "text", "list-item", "footnote", "title"):
            continue
        inside = [line for line in page.lines if id(line) not in taken and _within(line, (x0, y0, x1, y1))]
        taken.update(id(line) for line in inside)
        if inside and kind != "title":
            ordered.append((kind, [Row(row.parts, 1, page.number) for row in rows_of(inside, page=page.number)]))
    return ordered


def _within(line: Line, box: tuple[float, float, float, float]) -> bool:
    x, y = (line.x0 + line.x1) / 2, (line.y0 + line.y1) / 2
    return box[0] - 1 <= x <= box[2] + 1 and box[1] - 1 <= y <= box[3] + 1


def _add(story: list[paragraphs.Paragraph], rows: list[Row], section: str, under: int) -> None:
    """Add a box as a paragraph, or to one that broke off in mid-sentence."""
    if story and story[-1].section == section and not re.search(r"[.!?:][\"'”’)\]]*$", story[-1].last.text):
        story[-1].pieces.append(rows)
    else:
        story.append(paragraphs.Paragraph(section, [rows], under=under))


def score(reading: Reading, wanted: Sequence[Sentence], heads: Sequence[str]) -> dict[str, int]:
    """Count what of the source an engine recovered."""
    places: dict[str, list[tuple[int, str]]] = {}
    for index, (section, text) in enumerate(reading.passages):
        places.setdefault(key(text), []).append((index, section))
    plain = [item for item in wanted if item.plain and not item.caption]
    placed = [(item, places.get(key(item.text), [])) for item in plain]
    at = [where[0][0] for _, where in placed if len(where) == 1]
    known = {key(head) for head in reading.heads}
    return {
        "sentences": len(plain),
        "whole": sum(bool(where) for _, where in placed),
        "section": sum(any(section == item.section for _, section in where) for item, where in placed),
        "heads": len(heads),
        "heads found": sum(key(head) in known for head in heads),
        "heads told": len(reading.heads),
        "pairs": len(at) - 1,
        "in order": sum(before < after for before, after in pairwise(at)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--made", action="store_true", help="pages set by this program")
    options = parser.parse_args()
    if options.made or options.folder is None:
        compare_set_pages()
        return
    total: dict[str, dict[str, float]] = {}
    for path in sorted(options.folder.glob("*/paper.pdf")):
        if options.names and path.parent.name not in options.names:
            continue
        with opened(str(path), Limits()) as pdf:
            pages = pdf.pages()
        source = blocks(path.parent)
        heads = [block.text for block in source if 1 <= block.level <= 3 and block.text.strip()]
        for engine, reading in (("own", own(pages)), ("pymupdf.layout", neural(pages, path))):
            counts: dict[str, float] = dict(score(reading, sentences(source), heads))
            counts |= {"pages": len(pages), "seconds": reading.seconds}
            show(path.parent.name, engine, counts)
            total[engine] = {name: total.get(engine, {}).get(name, 0) + value for name, value in counts.items()}
    for engine, counts in total.items():
        show("all", engine, counts)


def set_pages() -> Iterator[tuple[str, Sheets, list[str]]]:
    """Yield pages of several layouts: what they are, the PDF, its sentences in reading order."""
    body = told(40)
    for count in (2, 3, 4):
        sheets = Sheets(8.0, 10.0)
        sheets.page()
        sheets.title()
        measure = (495 - 15 * (count - 1)) / count
        boxes = [(50 + i * (measure + 15), 130, 50 + i * (measure + 15) + measure, 520) for i in range(count)]
        sheets.pour(boxes, ["#1 Introduction", " ".join(told(20 * count))])
        yield f"{count} columns", sheets, told(20 * count)
    sheets = Sheets(9.0, 11.0)
    sheets.page()
    sheets.title()
    sheets.pour([(50, 130, 190, 700)], ["#1 Introduction", " ".join(told(20))])
    sheets.pour([(206, 130, 545, 700)], ["#2 Methods", " ".join(told(20, "city"))])
    yield "columns of unequal width", sheets, [*told(20), *told(20, "city")]
    sheets = Sheets(9.0, 11.0)
    sheets.page()
    sheets.title()
    sheets.pour([(50, 190, 290, 500), (305, 130, 545, 500)], ["#1 Introduction", " ".join(told(60))])
    yield "right column above the heading", sheets, told(60)
    sheets = Sheets()
    sheets.page()
    sheets.title()
    sheets.pour([(60, 130, 535, 600)], ["#1 Introduction", " ".join(body)])
    sheets.page(842, 595)
    sheets.pour([(60, 60, 400, 540), (440, 60, 780, 540)], ["#2 Results", " ".join(told(60, "city"))])
    yield "landscape, two columns", sheets, [*body, *told(60, "city")]
    sheets = Sheets()
    page = sheets.page()
    for n, line in enumerate(["1 Introduction", *told(20)]):
        sheets.put(80 + 14 * n, 780, line, rotate=90)
    page.set_rotation(90)
    yield "turned page", sheets, told(20)


def compare_set_pages() -> None:
    """Print, for both engines, how many sentences of each set page are whole, and how many of these in order."""
    with TemporaryDirectory() as folder:
        for name, sheets, story in set_pages():
            path = Path(folder) / "page.pdf"
            sheets.pdf.save(path)
            with opened(str(path), Limits()) as pdf:
                pages = pdf.pages()
            for engine, reading in (("own", own(pages)), ("pymupdf.layout", neural(pages, path))):
                told_texts = [text for _, text in reading.passages]
                whole = [text for text in story if text in told_texts]
                at = [told_texts.index(text) for text in whole]
                order = sum(before < after for before, after in pairwise(at))
                print(f"{name:<32} {engine:<15} {len(whole)} of {len(story)} whole, {order} of {len(at) - 1} in order")


def show(name: str, engine: str, counts: dict[str, float]) -> None:
    share = {
        "whole": counts["whole"] / counts["sentences"],
        "in section": counts["section"] / counts["sentences"],
        "headings": counts["heads found"] / max(1, counts["heads"]),
        "order": counts["in order"] / max(1, counts["pairs"]),
    }
    shown = ", ".join(f"{what} {value:.1%}" for what, value in share.items())
    heads = f"{counts['heads told']:.0f} headings told for {counts['heads']:.0f}"
    print(f"{name:<22} {engine:<15} {shown}, {heads}, {counts['seconds'] / counts['pages']:.3f} s/page", flush=True)


if __name__ == "__main__":
    main()
