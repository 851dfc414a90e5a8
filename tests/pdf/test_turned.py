"""Pages and text that are turned are read as a reader sees them."""

from __future__ import annotations

import pymupdf
import pytest

from .sheets import BOLD, FILL, Sheets, sentences, told

A4 = (595.0, 842.0)


def opening(sheets):
    sheets.page()
    sheets.title()
    sheets.pour([(60, 130, 535, 760)], ["#Abstract", "We study sleep in towns.", "#1 Introduction", " ".join(FILL)])


def running_up(sheets, lines, x=90.0, y=760.0):
    for n, line in enumerate(lines):
        sheets.put(x + 14 * n, y, line, rotate=90)


@pytest.mark.parametrize("shown", [0, 90, 180, 270])
@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_a_page_of_turned_text_is_read_whichever_way_it_is_shown(tmp_path, rotate, shown):
    sheets = Sheets()
    opening(sheets)
    page = sheets.page()
    starts = {90: (90, 760, 14, 0), 180: (520, 760, 0, -14), 270: (500, 80, -14, 0)}
    x, y, dx, dy = starts[rotate]
    lines = ["2 Results", *(s for s in told(8))]
    for n, line in enumerate(lines):
        sheets.put(x + n * dx, y + n * dy, line, font=BOLD if n == 0 else None, rotate=rotate)
    page.set_rotation(shown)
    document = sheets.read(tmp_path / "p.pdf")
    assert sentences(document, "results") == told(8)
    assert document.warnings == ()


def test_two_columns_of_a_page_in_landscape_among_upright_ones(tmp_path):
    sheets = Sheets()
    opening(sheets)
    sheets.page(842, 595)
    sheets.pour([(60, 60, 400, 540), (440, 60, 780, 540)], ["#2 Results", *told(70)])
    sheets.page()
    sheets.pour([(60, 60, 535, 760)], ["#3 Discussion", *told(5, "city")])
    document = sheets.read(tmp_path / "p.pdf")
    assert sentences(document, "results") == told(70)
    assert sentences(document, "discussion") == told(5, "city")


def test_turned_text_on_an_upright_page_is_read_for_itself(tmp_path):
    sheets = Sheets()
    opening(sheets)
    sheets.page()
    sheets.pour([(60, 60, 535, 300)], ["#2 Results", *told(8)])
    running_up(sheets, told(6, "city"), 120, 700)
    document = sheets.read(tmp_path / "p.pdf")
    assert sentences(document, "results") == [*told(8), *told(6, "city")]
    assert document.warnings == ()


def test_stamps_at_the_margin_and_names_of_axes_are_no_text(tmp_path):
    sheets = Sheets()
    opening(sheets)
    sheets.put(25, 600, "arXiv:2001.01234v2 [cs.CL] 3 Jan 2020", 14, rotate=90)
    sheets.put(570, 700, "Downloaded from https://journal.example.org by a guest on 1 May 2020.", 7, rotate=90)
    sheets.put(578, 700, "See the terms and conditions of the journal for the use of this paper.", 7, rotate=90)
    document = sheets.read(tmp_path / "p.pdf")
    assert document.arxiv_id == "2001.01234"
    assert sentences(document) == ["We study sleep in towns.", *FILL]


def test_a_sideways_table_has_its_caption_and_its_cells(tmp_path):
    sheets = Sheets()
    opening(sheets)
    sheets.page()
    rows = [("Model", "EN", "DE"), ("mBERT", "81.2", "70.1"), ("XLM-R", "89.1", "83.9"), ("mT5", "85.0", "80.2")]
    sheets.put(100, 700, "Table 1: Accuracy of three models in two languages of the trial.", rotate=90)
    for n, row in enumerate(rows):
        for cell, y in zip(row, (700, 560, 480), strict=True):
            sheets.put(122 + 14 * n, y, cell, rotate=90)
    for x in (110, 126, 172):
        sheets.sheet.draw_line((x, 700), (x, 440), width=0.6)
    document = sheets.read(tmp_path / "p.pdf")
    cells = {(p.row, p.column): p.text for p in document.passages if p.kind == "cell"}
    assert cells[("XLM-R", "DE")] == "83.9"
    assert "Table 1: Accuracy of three models in two languages of the trial." in [p.text for p in document.passages]


ROWS = [("Model", "EN", "DE"), ("mBERT", "81.2", "70.1"), ("XLM-R", "89.1", "83.9"), ("mT5", "85.0", "80.2")]
CAPTION = "Table 1: Accuracy of three models in two languages."


def sideways(sheets, x, y, rotate=90, caption=CAPTION):
    """A table whose rows run up the page (90) or down it (270)."""
    way = 1 if rotate == 90 else -1
    sheets.put(x, y, caption, rotate=rotate)
    for n, row in enumerate(ROWS):
        for cell, along in zip(row, (0, 140, 220), strict=True):
            sheets.put(x + way * (22 + 14 * n), y - way * along, cell, rotate=rotate)


def cells(document):
    return {(p.row, p.column): p.text for p in document.passages if p.kind == "cell"}


@pytest.mark.parametrize(("rotate", "x", "y"), [(90, 120, 780), (270, 400, 420)])
@pytest.mark.parametrize("caption", [CAPTION, "Table 1: Results"])
def test_upright_text_stays_beside_a_sideways_table(tmp_path, rotate, x, y, caption):
    sheets = Sheets()
    opening(sheets)
    sheets.page()
    sheets.pour([(60, 60, 285, 330), (310, 60, 535, 330)], ["#2 Results", *told(16)])
    sideways(sheets, x, y, rotate, caption)
    document = sheets.read(tmp_path / "p.pdf")
    assert sentences(document, "results") == told(16)
    assert cells(document)["XLM-R", "DE"] == "83.9"
    assert document.warnings == ()


def test_the_running_head_of_a_sideways_page_is_not_missed(tmp_path):
    sheets = Sheets()
    opening(sheets)
    sheets.page()
    sheets.put(280, 40, "Journal of Naps 12", 8)
    sheets.put(295, 810, "7", 9)
    sideways(sheets, 120, 700)
    document = sheets.read(tmp_path / "p.pdf")
    assert cells(document)["mT5", "EN"] == "85.0"
    assert document.warnings == ()


@pytest.mark.parametrize("aslant", [False, True])
def test_heads_that_stand_on_end_name_their_columns(tmp_path, aslant):
    sheets = Sheets()
    opening(sheets)
    sheets.page()
    sheets.put(60, 80, CAPTION)
    for name, x in (("English", 208), ("German", 288)):
        foot = pymupdf.Point(x, 140)
        sheets.sheet.insert_text(
            foot, name, fontsize=10, fontname="tiro", morph=(foot, pymupdf.Matrix(45 if aslant else 90))
        )
    sheets.put(60, 140, "Model")
    for y in (92, 144, 190):
        sheets.sheet.draw_line((60, y), (340, y), width=0.6)
    for n, row in enumerate(ROWS[1:]):
        for cell, x in zip(row, (60, 200, 280), strict=True):
            sheets.put(x, 158 + 14 * n, cell)
    document = sheets.read(tmp_path / "p.pdf")
    assert cells(document) == {
        (row[0], name): cell for row in ROWS[1:] for name, cell in zip(("English", "German"), row[1:], strict=True)
    }


def test_the_name_of_a_group_that_runs_up_beside_its_rows(tmp_path):
    sheets = Sheets()
    opening(sheets)
    sheets.page()
    sheets.put(60, 80, CAPTION)
    body = [
        ("Set", "Model", "EN", "DE"),
        *(("", *row) for row in (ROWS[1], ROWS[2], ("mBERT", "61", "50"), ("XLM-R", "69", "63"))),
    ]
    for n, row in enumerate(body):
        for cell, x in zip(row, (60, 120, 220, 300), strict=True):
            sheets.put(x, 106 + 14 * n, cell)
    sheets.put(70, 137, "XNLI", rotate=90)
    sheets.put(70, 161, "POS", rotate=90)
    for y in (94, 110, 138, 166):
        sheets.sheet.draw_line((60, y), (340, y), width=0.6)
    found = cells(sheets.read(tmp_path / "p.pdf"))
    assert {row for row, _ in found} == {"XNLI / mBERT", "XNLI / XLM-R", "POS / mBERT", "POS / XLM-R"}
