"""PyMuPDF, in the child process only: opens a PDF and gives its pages as plain records."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NotRequired, TypedDict

import pymupdf

from synth.core.errors import UnreadablePdf
from synth.pdf import unseen
from synth.pdf.guard import Limits
from synth.pdf.records import Box, Line, Meta, Page, TextRun
from synth.pdf.scans import is_image_only, scanned
from synth.pdf.text import glyphs
from synth.pdf.views import is_rule, turn_of, turned_box, turned_point

# What page_text depends on: these flags and the library. Images are left out of the text; ligatures and
# blanks stay as the PDF has them; text outside the page's box is not read.
_FLAGS = pymupdf.TEXT_PRESERVE_LIGATURES | pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_MEDIABOX_CLIP
_MAX_DRAWINGS = 20_000  # a scatter plot of more strokes than this tells the layout nothing new
_MAX_CHARS = 200_000  # on one page; a printed page holds some 10,000
_FONT_ITALIC, _FONT_BOLD = 2, 16
_STAMPS = (pymupdf.PDF_ANNOT_FREE_TEXT, pymupdf.PDF_ANNOT_STAMP, pymupdf.PDF_ANNOT_WATERMARK)
_FILLED = (pymupdf.PDF_WIDGET_TYPE_TEXT, pymupdf.PDF_WIDGET_TYPE_COMBOBOX, pymupdf.PDF_WIDGET_TYPE_LISTBOX)
_UNSEEN = 1 | 2 | 32  # flags of an annotation: invisible, hidden, no view (ISO 32000-1, 12.5.3)
_MIN_NOTE = 4  # words from which a typed note is more than a stamp
_SCALE = pymupdf.Matrix(2, 2)  # at which it is looked whether text is seen
_PATHS = ("fill-path", "stroke-path", "fill-shade")

pymupdf.TOOLS.mupdf_display_errors(False)
pymupdf.TOOLS.mupdf_display_warnings(False)


class _RawChar(TypedDict):
    c: str
    bbox: Box


class _RawSpan(TypedDict):
    """A stretch of one font as MuPDF gives it; of its keys those that are used. `alpha`: 255 is opaque."""

    font: str
    size: float
    flags: int
    color: int
    alpha: NotRequired[int]
    origin: tuple[float, float]
    chars: list[_RawChar]


class _RawLine(TypedDict):
    """A line as MuPDF gives it; `dir` is the direction in which it is written, as cosine and sine."""

    spans: list[_RawSpan]
    bbox: Box
    dir: tuple[float, float]


class Pdf:
    """An open PDF."""

    def __init__(self, document: pymupdf.Document, sha256: str) -> None:
        self._document = document
        self._texts: dict[int, str | None] = {}
        self._lines: dict[int, list[Line] | None] = {}
        self._drawn: dict[int, pymupdf.DisplayList] = {}
        self._strokes: dict[int, list[Box]] = {}
        self.sha256 = sha256
        self.warnings: list[str] = []

    def meta(self) -> Meta:
        raw = self._document.metadata or {}
        return Meta(_clean(raw.get("title") or "").strip(), _clean(raw.get("author") or "").strip())

    def pages(self) -> list[Page]:
        """Return all pages. A page that cannot be read is empty, with a warning; raises UnreadablePdf if none has
        text.
        """
        pages = []
        for number in range(1, self._document.page_count + 1):
            try:
                pages.append(_page(self._document[number - 1], number))
            except UnreadablePdf:
                raise
            except Exception as error:  # MuPDF raises many kinds for one broken page; the others are still good
                _raise_if_out_of_memory(error)
                pages.append(Page(number, 0.0, 0.0, "", []))
                self.warnings.append(f"page {number} could not be read")
        if self.warnings and all(not page.text for page in pages):
            raise UnreadablePdf("damaged", "None of the PDF's pages can be read.", "Get the file again.")
        _check_text(pages)
        if hidden := unseen.warning([(page.number, page.text, page.unseen) for page in pages]):
            self.warnings.append(hidden)
        if lost := glyphs.lost_pages((page.number, page.text) for page in pages):
            self.warnings.append(lost)
        if typed := [page.number for page in pages if any(len(note.split()) >= _MIN_NOTE for note in page.typed)]:
            numbers = ", ".join(map(str, typed[:20]))
            self.warnings.append(
                f"notes or form fields typed over page {numbers} are none of the paper's text; not read"
            )
        bare = scanned(pages)
        if bare:
            self.warnings.append(f"no text, only images, on page {', '.join(map(str, sorted(bare)[:20]))}")
        return pages

    def text(self, number: int) -> str | None:
        """Return the canonical text of a page (1-based); None if there is no such page or it cannot be read."""
        if number not in self._texts:
            lines = self.lines(number)
            self._texts[number] = None if lines is None else _page_text(lines)
        return self._texts[number]

    def lines(self, number: int) -> list[Line] | None:
        """Return the lines of a page (1-based) of which its canonical text consists; None as for `text`."""
        if number not in self._lines:
            self._lines[number] = None
            if 1 <= number <= self._document.page_count:
                try:
                    self._lines[number] = _lines(self._document[number - 1])
                except Exception as error:  # as in pages()
                    _raise_if_out_of_memory(error)
        return self._lines[number]

    def picture(self, number: int, scale: pymupdf.Matrix, clip: pymupdf.Rect) -> pymupdf.Pixmap:
        """Return a pixmap in grey of what lies in `clip` on page `number`; each page is interpreted only once."""
        if number not in self._drawn:
            self._drawn[number] = self._document[number - 1].get_displaylist()
        return self._drawn[number].get_pixmap(matrix=scale, colorspace=pymupdf.csGRAY, alpha=0, clip=clip)

    def strokes(self, number: int) -> list[Box]:
        """Return the thin lines drawn on page `number`, across or down it.

        None for a page that is turned: the places of what is drawn are then those before the turn.
        """
        if number not in self._strokes:
            page = self._document[number - 1]
            drawn = [] if page.rotation else page.get_bboxlog()[:_MAX_DRAWINGS]
            self._strokes[number] = [box for kind, box in drawn if kind in _PATHS and _is_thin(box)]
        return self._strokes[number]

    def holds(self, spans: Sequence[Sequence[int]], quote: str) -> bool:
        pieces = []
        for number, start, end in spans:
            text = self.text(number)
            if text is None or not 0 <= start < end <= len(text):
                return False
            pieces.append(text[start:end])
        return bool(pieces) and "\n".join(pieces) == quote


@contextmanager
def opened(path: str, limits: Limits) -> Iterator[Pdf]:
    """Open a PDF from bytes that were read once, so that checksum and content belong together."""
    data = _bytes(path, limits)
    head = data[:1024].lstrip()
    if b"%PDF-" not in head:
        kind = " (it looks like a web page)" if head[:1] == b"<" else ""
        raise UnreadablePdf("not-a-pdf", f"This is not a PDF{kind}.", "Get the PDF itself and try again.")
    complete = b"%%EOF" in data[-2048:]
    document = _open(data, complete)
    with document:
        pdf = Pdf(document, hashlib.sha256(data).hexdigest())
        _check(document, complete, limits)
        if document.is_repaired:
            pdf.warnings.append("the file was damaged and repaired; parts may be missing")
        yield pdf


def _open(data: bytes, complete: bool) -> pymupdf.Document:
    try:
        document = pymupdf.open(stream=data, filetype="pdf")
        if not document.needs_pass:
            _ = document.page_count  # a broken page tree fails here
        return document
    except (pymupdf.FileDataError, RuntimeError) as error:
        _raise_if_out_of_memory(error)
        raise _broken(complete) from error


def _raise_if_out_of_memory(error: Exception) -> None:
    """Raise if MuPDF ran out of memory: it reports a failed malloc, calloc or realloc as an error like any other."""
    if isinstance(error, MemoryError) or re.search(r"alloc \(.*failed", str(error)):
        raise MemoryError from error


def _bytes(path: str, limits: Limits) -> bytes:
    try:
        # Non-blocking, so that a named pipe cannot hold us; only a regular file is read.
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise UnreadablePdf("not-a-pdf", "This is not a regular file.", "Name a PDF file.")
            data = file.read(limits.file_bytes + 1)
    except OSError as error:
        raise UnreadablePdf(
            "missing", f"The file cannot be read ({error.strerror}).", "Check the path and the rights."
        ) from error
    if len(data) > limits.file_bytes:
        size = f"{limits.file_bytes / 1e6:.0f} MB"
        raise UnreadablePdf("too-large", f"The file is larger than {size}.", "Split it or raise the limit.")
    if not data:
        raise UnreadablePdf("empty", "The file has no content.", "Get it again.")
    return data


def _broken(complete: bool) -> UnreadablePdf:
    if complete:
        return UnreadablePdf("damaged", "The PDF's structure is broken.", "Get the file again.")
    return UnreadablePdf("truncated", "The PDF ends before its end.", "Get the file again.")


def _check(document: pymupdf.Document, complete: bool, limits: Limits) -> None:
    if document.needs_pass:
        raise UnreadablePdf("encrypted", "The PDF asks for a password.", "Save it without a password.")
    if document.is_repaired and not complete:
        raise _broken(complete)
    count = document.page_count
    if count == 0:
        raise UnreadablePdf("empty", "The PDF has no pages.", "Get the file again.")
    if count > limits.pages:
        raise UnreadablePdf(
            "too-many-pages", f"The PDF has {count} pages, more than {limits.pages}.", "Split it or raise the limit."
        )


def _check_text(pages: list[Page]) -> None:
    text = "".join(line.text for page in pages for line in page.lines)
    shown = sum(not char.isspace() for char in text)
    if shown == 0:
        if any(page.images for page in pages):
            raise UnreadablePdf("image-only", "The PDF has images but no text.", "Run a text recognition (OCR) on it.")
        raise UnreadablePdf("empty", "The PDF's pages carry no text.", "Get the file again.")
    if is_image_only(pages):
        raise UnreadablePdf(
            "image-only", "The PDF's pages are pictures with a stamp on them.", "Run a text recognition (OCR) on it."
        )
    if text.count("�") > 0.5 * shown:
        raise UnreadablePdf(
            "garbled", "The PDF's fonts do not say which characters they show.", "Run a text recognition (OCR) on it."
        )


def _clean(text: str) -> str:
    """Replace characters that a database or a terminal cannot hold, one for one, so that offsets stay."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else " " if char in "\0\t\n\r " else "�" if _is_hole(char) else char for char in text
    )


def _is_hole(char: str) -> bool:
    r"""Return True for a code that is no character: of a font whose glyphs have no other name, such as ligatures
    at \x0b to \x0f.
    """
    return char < " " or "\x7f" <= char <= "\x9f" or "\ud800" <= char <= "\udfff"


def _lines(page: pymupdf.Page) -> list[Line]:
    lines = []
    start = 0
    width, height = _size(page)
    for block in _text_page(page).extractRAWDICT()["blocks"]:
        for raw in block.get("lines", ()):
            line = _line(raw, start)
            if line is not None:
                if line.turn:
                    line.turned = _line(_turned(raw, line.turn, width, height), start)
                lines.append(line)
                start = line.end + 1  # the newline
                if start > _MAX_CHARS:
                    raise ValueError("too much text on one page")
    return lines


def _text_page(page: pymupdf.Page) -> pymupdf.TextPage:
    """Return the text of a page without what was typed over it (notes, stamps, form fields), in the places before
    /Rotate.
    """
    rotation = page.rotation
    if rotation:
        page.set_rotation(0)
    try:
        return pymupdf.TextPage(page.get_displaylist(annots=0).get_textpage(_FLAGS))
    finally:
        if rotation:
            page.set_rotation(rotation)


def _line(raw: _RawLine, start: int) -> Line | None:
    pieces: list[str] = []
    xs: list[tuple[float, float]] = []
    spans: list[tuple[int, int, _RawSpan]] = []
    for span in raw["spans"]:
        chars = span["chars"]
        if chars:
            spans.append((len(xs), len(xs) + len(chars), span))
            pieces.append("".join([char["c"] or "�" for char in chars]))
            xs += [(char["bbox"][0], char["bbox"][2]) for char in chars]
    text = _clean("".join(pieces))
    if not text.strip():
        return None
    # The largest type stands on the line. MuPDF's own mark for raised type is relative to whatever comes first.
    inked = [(span["size"], span["origin"][1], last - first) for first, last, span in spans if text[first:last].strip()]
    largest = max(size for size, _, _ in inked)
    bases: Counter[float] = Counter()
    for size, level, count in inked:
        if size >= 0.85 * largest:
            bases[round(level, 1)] += count
    base = max(bases, key=bases.__getitem__)
    runs = [_run(first, last, span, largest, base) for first, last, span in spans]
    box = raw["bbox"]
    turn = turn_of(raw["dir"])
    return Line(text, start, box[1], box[3], base, xs, runs, turn == 0, turn)


def _size(page: pymupdf.Page) -> tuple[float, float]:
    """Return the width and height before the turn that the page asks for (/Rotate): the places of text are those
    before it.
    """
    box = page.rect
    return (box.height, box.width) if page.rotation % 180 else (box.width, box.height)


def _turned(raw: _RawLine, turn: int, width: float, height: float) -> _RawLine:
    """Return a line as MuPDF gives it, after so many quarter turns of its page to the right."""
    spans: list[_RawSpan] = [
        {
            **span,
            "origin": turned_point(span["origin"], turn, width, height),
            "chars": [{**char, "bbox": turned_box(char["bbox"], turn, width, height)} for char in span["chars"]],
        }
        for span in raw["spans"]
    ]
    return {"spans": spans, "bbox": turned_box(raw["bbox"], turn, width, height), "dir": (1.0, 0.0)}


def _run(first: int, last: int, span: _RawSpan, largest: float, base: float) -> TextRun:
    font = span["font"].rpartition("+")[2]
    bold = bool(span["flags"] & _FONT_BOLD) or "bold" in font.lower()
    italic = bool(span["flags"] & _FONT_ITALIC)
    rise = (base - span["origin"][1]) / largest if largest else 0.0
    small = span["size"] < 0.85 * largest
    raised = rise > (0.1 if small else 0.25)  # some raise figures without making them smaller
    lowered = rise < (-0.05 if small else -0.25)
    painted = span.get("alpha", 255) > 0
    return TextRun(first, last, font, round(span["size"], 2), bold, italic, raised, lowered, span["color"], painted)


def _page_text(lines: list[Line]) -> str:
    return "\n".join(line.text for line in lines)


def _page(page: pymupdf.Page, number: int) -> Page:
    lines = _lines(page)
    log = page.get_bboxlog()[:_MAX_DRAWINGS]
    hidden = unseen.find(
        lines, unseen.ground([] if page.rotation else log, page.rect.width * page.rect.height), _pixels(page)
    )
    doubled = list(unseen.doubled(lines))
    shown = unseen.without(lines, sorted([*hidden, *doubled]))
    text = _page_text(lines)
    record = Page(number, *_size(page), text, shown, unseen=hidden, doubled=doubled)
    record.annotations, record.typed = _annotations(page)
    for kind, box in log:
        if kind in ("fill-image", "fill-imgmask"):
            record.images.append(box)
        elif kind in _PATHS:
            (record.rules if is_rule(box) else record.drawings).append(box)
    return record


def _pixels(page: pymupdf.Page) -> unseen.Pixels:
    """Give the colours that a page shows inside a box; it is interpreted once, and only if it is asked for."""
    drawn: list[pymupdf.DisplayList] = []

    def inside(box: Box) -> list[unseen.Colour]:
        if not drawn:
            drawn.append(page.get_displaylist())
        clip = pymupdf.Rect(box) * page.rotation_matrix
        samples = drawn[0].get_pixmap(matrix=_SCALE, colorspace=pymupdf.csRGB, alpha=0, clip=clip).samples
        return list(zip(samples[::3], samples[1::3], samples[2::3], strict=True))

    return inside


def _annotations(page: pymupdf.Page) -> tuple[list[str], list[str]]:
    """Read what lies over a page.

    Returns:
        The words of its stamps, watermarks and typed notes (subject, contents, name, and each line that it shows), and
        what was typed into notes and form fields. Nothing of a page whose annotations are broken.
    """
    words: list[str] = []
    typed: list[str] = []
    try:
        for note in page.annots(types=_STAMPS):
            if note.flags & _UNSEEN:
                continue
            shown = note.get_text("text")
            name = (note.info.get("name") or "").removeprefix("#").removeprefix("SB")  # Acrobat's "SBApproved"
            words += [note.info.get("content") or "", note.info.get("subject") or "", name, *shown.splitlines()]
            if note.type[0] == pymupdf.PDF_ANNOT_FREE_TEXT:
                typed.append(_clean(shown)[:200])
            if len(words) > 400:
                break
        typed += [_clean(str(field.field_value or ""))[:200] for field in page.widgets(types=_FILLED)]
    except Exception as error:  # as in pages()
        _raise_if_out_of_memory(error)
        return [], []
    return [_clean(text).strip()[:200] for text in words if text.strip()], typed


def _is_thin(box: Box) -> bool:
    return min(box[3] - box[1], box[2] - box[0]) < 2.5
