"""Part of a page that belongs to a table's caption."""

from __future__ import annotations

import pymupdf
import pytest

from synth.core.types import PassageKind
from synth.pdf.document import build
from synth.pdf.extract import opened
from synth.pdf.guard import Limits

PROSE = "We measured the accuracy of all models at hand on every one of the tasks in turn and wrote the figures down."


class Sheet:
    """A PDF page on which lines, table rows and rules are set one below the other."""

    def __init__(self) -> None:
        self.pdf = pymupdf.open()
        self.new()

    def new(self) -> None:
        self.page = self.pdf.new_page(width=595, height=842)
        self.y = 72.0

    def put(self, text: str, x: float = 72, size: float = 10, step: float = 12) -> None:
        self.y += step
        self.page.insert_text((x, self.y), text, fontsize=size, fontname="tiro")

    def prose(self, lines: int) -> None:
        for _ in range(lines):
            self.put(PROSE)

    def rule(self, x0: float = 100, x1: float = 400, down: float = 4) -> None:
        self.y += down
        self.page.draw_line((x0, self.y), (x1, self.y), width=0.6)

    def rows(self, rows, xs=(104, 200, 280, 350)) -> None:
        for row in rows:
            self.y += 12
            for text, x in zip(row, xs, strict=False):
                self.page.insert_text((x, self.y), text, fontsize=9, fontname="tiro")

    def table(self, head, rows) -> None:
        self.rule(down=6)
        self.rows([head])
        self.rule()
        self.rows(rows)
        self.rule()


@pytest.fixture
def cells(tmp_path):
    def read(sheet: Sheet):
        path = tmp_path / "paper.pdf"
        sheet.pdf.save(path)
        with opened(str(path), Limits()) as pdf:
            document = build(pdf.sha256, pdf.meta(), pdf.pages(), pdf.warnings)
            found = [item for item in document.passages if item.kind is PassageKind.CELL]
            assert all(pdf.holds(item.spans, item.quote) for item in found)
        captions = [item.text for item in document.passages if item.kind is PassageKind.CAPTION]
        return [(item.table, item.row, item.column, item.text) for item in found], captions

    return read


def test_heads_right_below_a_caption_are_no_part_of_it(cells):
    sheet = Sheet()
    sheet.prose(8)
    sheet.put("Table 1: Scores of the models on all folds.", 150, step=20)
    sheet.rule(down=3)
    sheet.rows([["Model", "P", "R"]])
    sheet.rule()
    sheet.rows([["first", "0.91", "0.82"], ["second", "0.93", "0.84"]])
    sheet.rule()
    sheet.y += 20
    sheet.prose(8)
    found, captions = cells(sheet)
    assert captions == ["Table 1: Scores of the models on all folds."]
    assert ("1", "second", "R", "0.84") in found
    assert len(found) == 4


def test_a_note_below_a_caption_is_not_its_table(cells):
    sheet = Sheet()
    sheet.prose(8)
    sheet.y += 10
    sheet.table(["Variation", "Accuracy"], [["full", "69.2"], ["no part", "65.5"]])
    sheet.put("Table 1: What the parts do.", 150, step=20)
    for _ in range(3):
        sheet.put("Each model was trained with the same seed and settings, save for the one listed.", 100, 8, 10)
    sheet.y += 20
    sheet.prose(8)
    assert ("1", "no part", "Accuracy", "65.5") in cells(sheet)[0]


def test_two_tables_below_their_captions(cells):
    sheet = Sheet()
    sheet.put("Table 1: The first one.", 150)
    sheet.table(["Tier", "Count", "Share"], [["high", "85", "1.6"], ["low", "2527", "36.5"]])
    sheet.put("Table 2: The second one.", 150, step=22)
    sheet.table(["Method", "P", "R"], [["cosine", "0.61", "0.84"], ["ranks", "0.45", "0.92"]])
    sheet.y += 20
    sheet.prose(10)
    found, _ = cells(sheet)
    assert ("1", "low", "Share", "36.5") in found
    assert ("2", "ranks", "R", "0.92") in found
    assert len(found) == 8


def test_a_chart_below_the_last_rule_is_no_part_of_a_table(cells):
    sheet = Sheet()
    sheet.put("Table 1: Coverage of the sources.", 150)
    sheet.table(["Source", "A", "B"], [["one", "99.7", "54.1"], ["two", "45.5", "12.3"]])
    sheet.y += 22
    for label in ("120M", "100M", "80M", "60M"):
        sheet.put(label, 110, 7, 16)
        sheet.page.draw_line((130, sheet.y - 2), (390, sheet.y - 2), width=0.3)
    sheet.page.insert_text((150, sheet.y - 8), "122.3M", fontsize=7, fontname="tiro")
    sheet.put("Figure 1: Records of the sources.", 150, step=24)
    sheet.y += 20
    sheet.prose(8)
    found, _ = cells(sheet)
    assert {text for *_, text in found} == {"99.7", "54.1", "45.5", "12.3"}


def test_a_first_line_of_a_caption_that_is_short_for_a_long_word(cells):
    sheet = Sheet()
    sheet.prose(8)
    sheet.y += 10
    sheet.table(["Model", "F1"], [["first", "65.9"], ["second", "53.1"]])
    sheet.put("Table 1: Results on our benchmark", 100, 9, 20)
    sheet.put("internationalization. Higher figures are better.", 100, 9, 11)
    sheet.y += 20
    sheet.prose(8)
    found, captions = cells(sheet)
    assert captions == ["Table 1: Results on our benchmark internationalization. Higher figures are better."]
    assert ("1", "second", "F1", "53.1") in found


def test_a_table_over_two_pages_with_its_heads_set_again(cells):
    sheet = Sheet()
    sheet.prose(20)
    sheet.put("Table 3: All results of all models.", 150, step=20)
    sheet.table(["Model", "EN", "DE"], [[f"model{n}", f"{50 + n}.1", f"{40 + n}.2"] for n in range(30)])
    sheet.new()
    sheet.table(["Model", "EN", "DE"], [[f"model{n}", f"{50 + n}.1", f"{40 + n}.2"] for n in range(30, 36)])
    sheet.y += 20
    sheet.prose(15)
    found, captions = cells(sheet)
    assert len(captions) == 1
    assert ("3", "model29", "DE", "69.2") in found
    assert ("3", "model35", "DE", "75.2") in found
    assert len(found) == 72


def test_a_table_that_begins_a_page_without_the_heads_of_the_one_before_is_no_part_of_it(cells):
    sheet = Sheet()
    sheet.prose(20)
    sheet.put("Table 3: All results of all models.", 150, step=20)
    sheet.table(["Model", "EN", "DE"], [[f"model{n}", f"{50 + n}.1", f"{40 + n}.2"] for n in range(30)])
    sheet.new()
    sheet.table(["Task", "size", "year"], [[f"task{n}", f"{50 + n}.1", f"{40 + n}.2"] for n in range(6)])
    sheet.y += 20
    sheet.prose(15)
    assert {table for table, *_ in cells(sheet)[0]} == {"3"}
    assert len(cells(sheet)[0]) == 60
