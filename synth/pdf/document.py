"""One paper from its pages: furniture, floats and references taken out, the rest as passages in reading order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from synth.core.types import Document, Passage, PassageKind
from synth.pdf import coverage, metadata, stamps
from synth.pdf.layout import floats as floating
from synth.pdf.layout import furniture, paragraphs, sections
from synth.pdf.layout.captions import Body, Caption, caption_start
from synth.pdf.layout.columns import Columns, common_gutters, find_columns, find_gutters
from synth.pdf.layout.front import split_front, under_title
from synth.pdf.layout.paragraphs import Paragraph
from synth.pdf.layout.rows import Row, reading_order, rows_of, split_at
from synth.pdf.records import Line, Meta, Page
from synth.pdf.tables import table, upended
from synth.pdf.text import flow, sentences
from synth.pdf.text.hyphens import Vocabulary
from synth.pdf.views import views
from synth.text.trailing_citations import without_trailing_citation

_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass
class _Layout:
    """One page, taken apart."""

    page: Page
    columns: Columns
    rows: list[Row] = field(default_factory=list)  # running text in reading order
    notes: list[Row] = field(default_factory=list)
    captions: list[Caption] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)  # all but furniture


def build(sha256: str, meta: Meta, pages: list[Page], warnings: Sequence[str] = ()) -> Document:
    """Return a Document from a PDF's pages. `warnings` are passed on."""
    statuses, pages = stamps.remove_stamps(pages, meta)
    layouts, body = analyse_layouts(pages)
    texts = {page.number: page.text for page in pages}
    vocabulary = Vocabulary(flow.spelt_out(line.text) for layout in layouts for line in layout.lines)
    first = layouts[0]
    front, first.rows = split_front(first.rows, first.lines, first.page, body)
    story = paragraphs.read_story([row for layout in layouts for row in layout.rows], body)
    if not story.found_abstract:
        _name_abstract(story.paragraphs)
    running = list(_sentences(story.paragraphs, vocabulary, texts))
    notes = _notes(layouts, vocabulary, texts, running)
    passages = [*running, *notes, *_captions(layouts, vocabulary, texts, running)]
    passages = [replace(item, order=order) for order, item in enumerate(_in_order(passages))]
    identifier, stamped = metadata.arxiv_id(pages[0])
    return Document(
        sha256=sha256,
        pages=len(pages),
        title=metadata.title(layouts[0].lines, pages[0], meta, body.size),
        authors=metadata.authors(under_title(front, first.lines, first.page, body), meta),
        year=metadata.year(pages[0], stamped),
        arxiv_id=identifier,
        doi=metadata.doi(pages[0]),
        abstract=" ".join(item.text for item in running if item.section == sections.ABSTRACT),
        passages=tuple(passages),
        references=paragraphs.entries(story.references),
        warnings=(*warnings, *_lost(pages, layouts, passages, [*front, *story.references, *story.aside])),
        marks=statuses,
    )


def analyse_layouts(pages: list[Page]) -> tuple[list[_Layout], Body]:
    """Return each page's columns, running text, footnotes and floats, and the style of the running text."""
    pages = [view for page in pages for view in views(page)]
    stripped = furniture.strip(pages)
    own = [find_gutters(lines, page.width) for page, lines in zip(pages, stripped, strict=True)]
    common = common_gutters(own)
    layouts = []
    for index, (page, lines) in enumerate(zip(pages, stripped, strict=True)):
        captions = [line.base for line in lines if caption_start(line.text)]
        columns = find_columns(lines, page.width, own[index] or common, captions, front=index == 0)
        lines = [piece for line in lines for piece in split_at(line, columns)]
        layouts.append(_Layout(page, columns, lines=lines))
    body = body_style(layouts)
    before: floating.OpenTable | None = None
    for layout in layouts:
        floats = floating.find(layout.page, layout.lines, layout.columns, body, before)
        before = floating.open_table(layout.page, layout.lines, floats)
        layout.captions = floats.captions
        rows = reading_order(rows_of(floats.text, layout.columns, layout.page.number), layout.columns)
        layout.rows, layout.notes = paragraphs.split_footnotes(rows, layout.page.rules, body)
    return layouts, body


def body_style(layouts: Sequence[_Layout]) -> Body:
    """Return the size and face that most characters of long lines have, and the usual distance of such lines."""
    sizes: Counter[float] = Counter()
    fonts: Counter[str] = Counter()
    for layout in layouts:
        for line in layout.lines:
            if len(line.text) > 20:
                sizes[round(line.size * 2) / 2] += len(line.text)
    size = max(sizes, key=sizes.__getitem__) if sizes else 10.0
    steps: Counter[float] = Counter()
    for layout in layouts:
        lines = [line for line in layout.lines if abs(line.size - size) < 0.7 and len(line.text) > 20]
        fonts.update({line.font: 0 for line in lines})
        for line in lines:
            fonts[line.font] += len(line.text)
        for above, line in pairwise(lines):
            if size < line.base - above.base < 2.6 * size:
                steps[round(line.base - above.base, 1)] += 1
    leading = max(steps, key=steps.__getitem__) if steps else 1.2 * size
    return Body(size, max(fonts, key=fonts.__getitem__) if fonts else "", leading)


def _lost(
    pages: Sequence[Page], layouts: Sequence[_Layout], passages: Sequence[Passage], aside: Sequence[Row]
) -> list[str]:
    """Return the warning that names the pages of which too much came out nowhere."""
    upright = [(layout.page.number, line) for layout in layouts for line in layout.page.lines if line.upright]
    text = [(layout.page.number, line) for layout in layouts for line in layout.lines]
    read = [(row.page, part) for row in aside for part in row.parts]
    tables = {(item.page, item.table.partition("(")[0]) for item in passages if item.kind is PassageKind.CELL}
    for layout in layouts:
        for caption in layout.captions:
            if caption.kind != "table" or (layout.page.number, caption.number) in tables:
                inside = floating.inside([*layout.lines, *_unseen(layout)], caption)
                read += [(layout.page.number, line) for line in inside]
    return coverage.warnings(pages, upright, text, passages, read)


def _unseen(layout: _Layout) -> list[Line]:
    """Return the lines of a page that are not upright, such as the names of axes."""
    return [line for line in layout.page.lines if not line.upright]


def _name_abstract(items: list[Paragraph]) -> None:
    """Name as the abstract what stands before the introduction of a paper without the word "Abstract"."""
    for index, item in enumerate(items):
        if item.section == sections.INTRODUCTION:
            for before in items[:index]:
                before.section = sections.ABSTRACT
            return
        if item.section != sections.OTHER:
            return


def _sentences(items: Iterable[Paragraph], vocabulary: Vocabulary, texts: dict[int, str]) -> Iterator[Passage]:
    part = ""  # of the abstract
    named, under = "", 0  # the section that the last heading inside a paragraph named, and where
    for item in items:
        label, body = paragraphs.run_in(item)
        section = item.section
        if section == sections.ABSTRACT:
            part = label if sections.is_label(label) else item.label or part
            passages = list(_split(flow.paragraph(body, vocabulary), section, texts, PassageKind.SENTENCE, part))
            part = passages[-1].label if passages else part
            yield from passages
            continue
        if item.under != under or label:
            named, under = sections.canonical(label) if label else sections.OTHER, item.under
        if named != sections.OTHER and section != sections.APPENDIX:
            section = named
        if section != sections.ACKNOWLEDGEMENTS:
            yield from _split(flow.paragraph(body, vocabulary), section, texts, PassageKind.SENTENCE)


def _split(
    text: flow.FlowedText, section: str, texts: dict[int, str], kind: PassageKind, label: str | None = None
) -> Iterator[Passage]:
    """Yield the sentences of a paragraph.

    `label`: the part of the abstract it is in; its sentences may open others.
    """
    for start, end in sentences.split(text.text):
        if label is not None:
            opened, skip = sections.label_of(text.text[start:end], bool(label))
            label, start = opened or label, start + skip
        if is_sentence(text.text[start:end], small=text.listed and start == 0):
            yield replace(_passage(kind, text, start, end, section, texts), label=label or "")


def is_sentence(text: str, small: bool = False) -> bool:
    """Return True for words rather than figures and formulas, with a beginning and an end: no piece of a sentence.

    `small`: it may begin with a small letter, as an item of a list may.
    """
    letters = sum(char.isalpha() for char in text)
    words = _WORD.findall(text)
    if len(words) < 3 or letters < 0.5 * len(text.replace(" ", "")) or not any(char.islower() for char in text):
        return False
    ended = bool(re.search(r"[.!?:;…\]][\"'”’)\]»]*$", without_trailing_citation(text)))
    return ended and (small or not re.match(r"[a-z]+\b(?![.)-])", text) or sentences.begins_with_name(text))


def _passage(
    kind: PassageKind, text: flow.FlowedText, start: int, end: int, section: str, texts: dict[int, str]
) -> Passage:
    spans = text.spans(start, end, texts)
    quote = "\n".join(texts[page][first:last] for page, first, last in spans)
    return Passage(kind, text.text[start:end], quote, spans[0][0], spans, section, 0)


def _notes(
    layouts: Sequence[_Layout], vocabulary: Vocabulary, texts: dict[int, str], running: Sequence[Passage]
) -> Iterator[Passage]:
    """Yield the footnotes, each in the section of the text that stands above it."""
    starts: dict[int, list[tuple[int, str]]] = {}
    for passage in running:
        starts.setdefault(passage.spans[0][0], []).append((passage.spans[0][1], passage.section))
    for layout in layouts:
        openings = starts.get(layout.page.number, [])
        for item in paragraphs.footnote_paragraphs(layout.notes):
            first = item.pieces[0][0]
            above = [row for row in layout.rows if row.column == first.column and row.base < first.base]
            marked = [i for i, row in enumerate(above) if item.label and _has_mark(row, item.label)]
            own = [(part.start, part.end) for row in above[: marked[0] + 1 if marked else None] for part in row.parts]
            held = [section for at, section in openings if any(start <= at < end for start, end in own)]
            section = held[-1] if held else _running_section(running, layout.page.number)
            yield from _split(flow.paragraph(replace(item, label=""), vocabulary), section, texts, PassageKind.SENTENCE)


def _has_mark(row: Row, mark: str) -> bool:
    """Return True if a row refers to the note with this mark."""
    return any(run.raised and part.text[run.start : run.end].strip() == mark for part in row.parts for run in part.runs)


def _running_section(running: Sequence[Passage], page: int) -> str:
    """Return the section of the last sentence up to the end of a page."""
    before = [item.section for item in running if item.page <= page]
    return before[-1] if before else sections.OTHER


def _captions(
    layouts: Sequence[_Layout], vocabulary: Vocabulary, texts: dict[int, str], running: Sequence[Passage]
) -> Iterator[Passage]:
    """Yield the captions and the cells of their tables."""
    for layout in layouts:
        for caption in layout.captions:
            section = _section_of(caption, layout.page.number, running)
            text = flow.join(caption.rows, vocabulary)
            if text.text:
                yield _passage(PassageKind.CAPTION, text, 0, len(text.text), section, texts)
            if caption.kind == "table" and caption.region is not None:
                yield from _cells(layout, caption, section)


def _section_of(caption: Caption, page: int, running: Sequence[Passage]) -> str:
    """Return the section that first speaks of a float, not the one beside which it came to stand."""
    name = r"fig(?:ure|s?\.)" if caption.kind == "figure" else f"{caption.kind}s?"
    spoken_of = re.compile(rf"\b{name}\s*{re.escape(caption.number)}\b", re.I)
    for item in running:
        if spoken_of.search(item.text):
            return item.section
    return _running_section(running, page)


def _cells(layout: _Layout, caption: Caption, section: str) -> Iterator[Passage]:
    page = layout.page
    lines = floating.inside(layout.lines, caption)
    lines += upended.laid(floating.inside(_unseen(layout), caption), lines)
    for value in table.values(lines, page.rules, page.drawings, caption.number):
        pieces = value.cell.pieces
        yield Passage(
            PassageKind.CELL,
            value.cell.text,
            "\n".join(page.text[first:last] for first, last in pieces),
            page.number,
            tuple((page.number, first, last) for first, last in pieces),
            section,
            0,
            value.row,
            value.column,
            value.table,
            value.cell.bold,
            value.best,
        )


def _in_order(passages: Sequence[Passage]) -> list[Passage]:
    """Order sentences as they are read.

    A page's footnotes, captions and cells after the sentences that begin on it.
    """
    return sorted(passages, key=lambda item: item.page)


def without_lost_quotes(document: Document, holds: Callable[[Sequence[tuple[int, int, int]], str], bool]) -> Document:
    """Return the document with those passages only whose quote `holds` in a second opening of the file."""
    good = tuple(passage for passage in document.passages if holds(passage.spans, passage.quote))
    lost = len(document.passages) - len(good)
    dropped = (f"{lost} passages could not be found again in the PDF and were dropped.",) if lost else ()
    return replace(document, passages=good, warnings=(*document.warnings, *dropped))
