"""Cells of tables as read from PDFs against the tables of their LaTeX sources.

    python -m benchmarks.cells [--engine NAME] [--papers NAME,...] [--missed] [FOLDER]

FOLDER (default: SYNTH_DATA/latex) holds one folder a paper with `paper.pdf` and `tables.json`. Without a FOLDER the
five tables of `cells.toml`, copied by hand from the papers in SYNTH_DATA/papers, are compared too. Of the body's cells
with a figure: value found as a cell, with its row's name, with its column's head too. Engines: `synth`; PyMuPDF's
`find_tables` with the strategies `lines` and `text` on whole pages, or on the regions that synth finds (`lines-clip`,
`text-clip`); `layout`, PyMuPDF's layout model with its grids.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import time
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from synth.pdf.records import Box

TRUTH_BY_HAND = Path(__file__).with_name("cells.toml")
_CITATION = re.compile(r"\[(?:cite|ref):[^\]]*\]")


class TrueTable(TypedDict):
    """A table as its paper's source has it: rows of cells under rows of heads."""

    number: int | str
    header_rows: list[list[str]]
    rows: list[list[str]]


@dataclass(frozen=True)
class Read:
    """A cell as an engine reads it, normalized."""

    value: str
    row: str
    column: str


@dataclass(frozen=True)
class Truth:
    """A cell with a figure as the source has it: `heads` are those above it, one a row of heads."""

    table: str
    value: str
    row: str
    heads: tuple[str, ...]


@dataclass
class Score:
    """Numbers of cells: all, and those found with row name and column head."""

    cells: int = 0
    values: int = 0
    rows: int = 0
    both: int = 0
    pages: int = 0
    seconds: float = 0.0

    def __iadd__(self, other: Score) -> Score:
        for name in vars(self):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self

    def __str__(self) -> str:
        shares = " ".join(f"{n:5d} ({n / max(1, self.cells):.2f})" for n in (self.values, self.rows, self.both))
        speed = f"{self.seconds:6.1f} s {self.pages / self.seconds:6.1f} pages/s" if self.seconds else ""
        return f"{self.cells:5d} cells: {shares} {speed}"


def plain(text: str) -> str:
    """Return the letters and digits of a head."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text or "")).lower()


def figure(text: str) -> str:
    """Return the digits and points of a cell."""
    return re.sub(r"[^\d.]", "", text)


def truths(tables: Sequence[TrueTable]) -> Iterator[Truth]:
    """Yield the cells with figures of tables as `tables.json` has them."""
    for table in tables:
        heads = [[_CITATION.sub("", head) for head in row] for row in table["header_rows"]]
        for cells in table["rows"]:
            for at, text in enumerate(cells[1:], 1):
                value = figure(re.split(r"[±(^]", _CITATION.sub("", text))[0])
                above = tuple(plain(row[at]) for row in heads if at < len(row) and plain(row[at]))
                if any(char.isdigit() for char in value):
                    yield Truth(str(table["number"]), value, plain(_CITATION.sub("", cells[0])), above)


def compare(cells: Sequence[Read], wanted: Sequence[Truth]) -> tuple[Score, list[Truth]]:
    """Return the score, and the cells that were not found with both heads."""
    score, missed = Score(), []
    for truth in wanted:
        values = [cell for cell in cells if cell.value.startswith(truth.value)]
        rows = [cell for cell in values if _meets(cell.row, truth.row)]
        both = any(not truth.heads or any(_meets(cell.column, head) for head in truth.heads) for cell in rows)
        score += Score(1, bool(values), bool(rows), both)
        if not both:
            missed.append(truth)
    return score, missed


def _meets(read: str, wanted: str) -> bool:
    return not wanted or wanted in read or (bool(read) and read in wanted)


def synth(path: Path) -> tuple[list[Read], int]:
    """Return the cells that synth reads, and the number of pages."""
    from synth.core.types import PassageKind
    from synth.pdf import read_pdf

    document = read_pdf(path)
    cells = [item for item in document.passages if item.kind is PassageKind.CELL]
    return [Read(figure(item.text), plain(item.row), plain(item.column)) for item in cells], document.pages


def find_tables(strategy: str, clipped: bool) -> Callable[[Path], tuple[list[Read], int]]:
    """Return an engine of PyMuPDF's `find_tables`, on whole pages or on the regions of tables that synth finds."""

    def engine(path: Path) -> tuple[list[Read], int]:
        import pymupdf

        options = {"vertical_strategy": strategy, "horizontal_strategy": strategy}
        regions = _regions(path) if clipped else {}
        cells: list[Read] = []
        with pymupdf.open(path) as pdf:
            for number, page in enumerate(pdf, 1):
                for clip in regions.get(number, ()) if clipped else (None,):
                    for table in page.find_tables(clip=clip, **options).tables:
                        cells += _of_matrix([[cell or "" for cell in row] for row in table.extract()])
            return cells, pdf.page_count

    return engine


def _regions(path: Path) -> dict[int, list[Box]]:
    from synth.pdf import extract
    from synth.pdf.document import analyse_layouts
    from synth.pdf.guard import Limits

    with extract.opened(str(path), Limits()) as pdf:
        layouts, _ = analyse_layouts(pdf.pages())
    return {
        layout.page.number: [c.region for c in layout.captions if c.kind == "table" and c.region] for layout in layouts
    }


def layout(path: Path) -> tuple[list[Read], int]:
    """Return the tables of PyMuPDF's layout model as pymupdf4llm writes them."""
    import pymupdf
    import pymupdf.layout
    import pymupdf4llm  # type: ignore[import-untyped]

    pymupdf.layout.activate()
    cells: list[Read] = []
    with pymupdf.open(path) as pdf:
        pages = json.loads(pymupdf4llm.to_json(pdf, use_ocr=False, show_progress=False))["pages"]
        for page in pages:
            for box in page["boxes"]:
                if table := box.get("table"):
                    cells += _of_matrix([[cell or "" for cell in row] for row in table["extract"]])
        return cells, pdf.page_count


def _of_matrix(rows: list[list[str]]) -> Iterator[Read]:
    """Yield the cells of a table without marked heads: those above the first row with two figures, or one beside a
    name.
    """
    body = next((n for n, row in enumerate(rows) if n and any(re.search(r"\d", cell) for cell in row[1:])), len(rows))
    for row in rows[body:]:
        for at, cell in enumerate(row[1:], 1):
            heads = " ".join(head[at] for head in rows[:body] if at < len(head))
            yield Read(figure(cell), plain(row[0]), plain(heads))


ENGINES: dict[str, Callable[[Path], tuple[list[Read], int]]] = {
    "synth": synth,
    "lines": find_tables("lines", False),
    "text": find_tables("text", False),
    "lines-clip": find_tables("lines", True),
    "text-clip": find_tables("text", True),
    "layout": layout,
}


def papers(folder: Path | None) -> Iterator[tuple[str, Path, list[Truth]]]:
    """Yield (name, PDF, true cells) of each paper."""
    data = Path(os.environ.get("SYNTH_DATA", ""))
    for path in sorted((folder or data / "latex").glob("*/paper.pdf")):
        tables = json.loads(path.with_name("tables.json").read_text())
        yield path.parent.name, path, list(truths(tables))
    if folder is None:
        by_hand: dict[str, list[TrueTable]] = {}
        for table in tomllib.loads(TRUTH_BY_HAND.read_text())["table"]:
            heads, rows = ([row.split("|") for row in table[name]] for name in ("head", "rows"))
            split = TrueTable(number=table["number"], header_rows=heads, rows=rows)
            by_hand.setdefault(table["paper"], []).append(split)
        for name, by_label in by_hand.items():
            yield name, data / "papers" / f"{name}.pdf", list(truths(by_label))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--engine", choices=ENGINES, default="synth")
    parser.add_argument("--papers", default="", help="names, separated by commas")
    parser.add_argument("--missed", action="store_true", help="list the cells that were not found with both heads")
    options = parser.parse_args()
    wanted = set(options.papers.split(",")) - {""}
    total = Score()
    for name, path, cells in papers(options.folder):
        if wanted and name not in wanted:
            continue
        start = time.perf_counter()
        read, pages = ENGINES[options.engine](path)
        seconds = time.perf_counter() - start
        score, missed = compare(read, cells)
        score.pages, score.seconds = pages, seconds
        print(f"{name:24s} {score}", flush=True)
        total += score
        for truth in missed if options.missed else ():
            print(f"    Table {truth.table}: {truth.value} | {truth.row} | {' / '.join(truth.heads)}")
    print(f"{'all':24s} {total}")


if __name__ == "__main__":
    main()
