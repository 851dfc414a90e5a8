"""Columns of all kinds are read one after the other: three, four, of unequal width, under and around wide floats."""

from __future__ import annotations

import pytest

from .sheets import BOLD, FILL, Sheets, sentences, told


def boxes(count, gutter, top=130.0, bottom=700.0, left=50.0, right=545.0):
    measure = (right - left - gutter * (count - 1)) / count
    return [(left + i * (measure + gutter), top, left + i * (measure + gutter) + measure, bottom) for i in range(count)]


@pytest.mark.parametrize("size", [7.0, 9.0])
@pytest.mark.parametrize("gutter", [9.0, 14.0, 25.0])
@pytest.mark.parametrize("count", [2, 3, 4])
def test_columns_side_by_side(tmp_path, count, gutter, size):
    sheets = Sheets(size, 1.2 * size)
    sheets.page()
    sheets.title()
    story = told(18 * count)
    place = boxes(count, gutter, bottom=130 + (40 + 10 * count) * size / 2 * (1.6 if size == 9 and count > 2 else 1))
    sheets.pour(place, ["#Abstract", "We study sleep in towns.", "#1 Introduction", " ".join(story)])
    document = sheets.read(tmp_path / "p.pdf")
    assert document.abstract == "We study sleep in towns."
    assert sentences(document, "introduction") == story
    assert document.warnings == ()


@pytest.mark.parametrize("font", ["helv", "cour", "tiit"])
def test_columns_in_other_type(tmp_path, font):
    sheets = Sheets(8.0, 10.0, font)
    sheets.page()
    sheets.title()
    sheets.pour(boxes(3, 15), ["#Abstract", "We study sleep in towns.", "#1 Introduction", " ".join(told(60))])
    assert sentences(sheets.read(tmp_path / "p.pdf"), "introduction") == told(60)


@pytest.mark.parametrize("split", [0.3, 0.38, 0.62, 0.7])
def test_columns_of_unequal_width(tmp_path, split):
    sheets = Sheets(9.0, 11.0)
    sheets.page()
    sheets.title()
    wall = 50 + split * 495
    left, right = (50, 130, wall - 8, 500), (wall + 8, 130, 545, 500)
    for place, town in ((left, "town"), (right, "city")):
        heads = ["#1 Introduction"] if town == "town" else ["#2 Methods"]
        sheets.pour([place], [*heads, " ".join(told(8, town))])
    document = sheets.read(tmp_path / "p.pdf")
    assert sentences(document, "introduction") == told(8)
    assert sentences(document, "method") == told(8, "city")


@pytest.mark.parametrize("wide", [(0, 1), (1, 2), (0, 2)])
@pytest.mark.parametrize("high", [True, False])
def test_a_table_over_several_of_three_columns(tmp_path, wide, high):
    """It stands at the head or at the foot of its columns; their text goes around it."""
    sheets = Sheets(9.0, 11.0)
    sheets.page()
    sheets.title()
    columns = boxes(3, 16, bottom=560)
    first, last = wide
    table = 130.0 if high else 560 - 95.0
    place = [
        (x0, y0 + (110 if high else 0), x1, y1 - (0 if high else 110)) if first <= i <= last else (x0, y0, x1, y1)
        for i, (x0, y0, x1, y1) in enumerate(columns)
    ]
    left, right = columns[first][0], columns[last][2]
    sheets.put(left, table + 10, "Table 1: The accuracy of three models of sleep in two towns of the trial.", 8)
    for y in (table + 18, table + 34, table + 84):
        sheets.sheet.draw_line((left, y), (right, y), width=0.6)
    step = (right - left) / 3
    for n, row in enumerate(
        [("Model", "North", "South"), ("A", "81.2", "70.1"), ("B", "89.1", "83.9"), ("C", "80.0", "7.1")]
    ):
        for m, cell in enumerate(row):
            sheets.put(left + m * step, table + 30 + 16 * n, cell, 8)
    sheets.pour(place, ["#1 Introduction", " ".join(told(34))])
    document = sheets.read(tmp_path / "p.pdf")
    assert sentences(document, "introduction") == told(34)
    assert {(p.row, p.column): p.text for p in document.passages if p.kind == "cell"}[("B", "South")] == "83.9"


def test_three_columns_above_two(tmp_path):
    sheets = Sheets(9.0, 11.0)
    sheets.page()
    sheets.title()
    sheets.pour(boxes(3, 15, bottom=330), ["#1 Introduction", " ".join(told(24))])
    sheets.pour(boxes(2, 15, 360, 760), ["#2 Results", " ".join(told(60, "city"))])
    document = sheets.read(tmp_path / "p.pdf")
    assert sentences(document, "introduction") == told(24)
    assert sentences(document, "results") == told(60, "city")


def test_text_of_a_later_column_above_the_first_heading_is_text(tmp_path):
    for count in (2, 3):
        sheets = Sheets(9.0, 11.0)
        sheets.page()
        sheets.title()
        place = boxes(count, 15, bottom=130 + 130 * count)
        place[0] = (place[0][0], 170, *place[0][2:])
        sheets.pour(place, ["#1. Introduction", " ".join(told(18 * count))])
        document = sheets.read(tmp_path / f"{count}.pdf")
        assert sentences(document, "introduction") == told(18 * count)
        assert document.authors == ("Ruth Okello", "Carl Sample")


def test_a_later_column_that_begins_with_a_heading_above_the_first_one(tmp_path):
    sheets = Sheets(9.0, 11.0)
    sheets.page()
    sheets.title()
    sheets.pour([(50, 190, 290, 400)], ["#1. Introduction", " ".join(told(10))])
    sheets.pour([(305, 130, 545, 400)], ["#2. Methods", " ".join(told(10, "city"))])
    document = sheets.read(tmp_path / "p.pdf")
    assert sentences(document, "introduction") == told(10)
    assert sentences(document, "method") == told(10, "city")


def test_authors_side_by_side_are_no_text(tmp_path):
    sheets = Sheets(9.0, 11.0)
    sheets.page()
    sheets.put(60, 70, "Longer sleep and recall in adults", 18, BOLD)
    for x, name in ((60, "Ruth Okello"), (330, "Carl Sample")):
        for n, text in enumerate((name, "Department of Sleep", "University of the North", "first@example.org")):
            sheets.put(x, 100 + 12 * n, text)
    sheets.pour(boxes(2, 15, 170, 400), ["#Abstract", "We study sleep.", "#1 Introduction", " ".join(told(30))])
    document = sheets.read(tmp_path / "p.pdf")
    assert document.authors == ("Ruth Okello", "Carl Sample")
    assert sentences(document) == ["We study sleep.", *told(30)]


@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize("names", [("A R T I C L E  I N F O", "A B S T R A C T"), ("Article history", "Abstract")])
def test_a_narrow_column_on_the_article_beside_its_abstract(tmp_path, names, columns):
    sheets = Sheets()
    sheets.page()
    sheets.put(60, 40, "Journal of Made-up Results 12 (2019) 1-9", 8)
    sheets.title()
    sheets.put(60, 150, names[0], 9)
    sheets.put(200, 150, names[1], 9)
    for n, text in enumerate(("Keywords:", "Sleep", "Recall", "Adults of all ages")):
        sheets.put(60, 168 + 11 * n, text, 8)
    sheets.column(200, 168, 340, "We study sleep and recall in adults. " + " ".join(told(4)))
    sheets.pour(boxes(columns, 16, 260, 700), ["#1. Introduction", " ".join(told(30, "city"))])
    document = sheets.read(tmp_path / "p.pdf")
    assert document.abstract == " ".join(["We study sleep and recall in adults.", *told(4)])
    assert sentences(document, "introduction") == told(30, "city")
    assert document.authors == ("Ruth Okello", "Carl Sample")


def test_a_table_of_words_makes_no_columns(tmp_path):
    """In a paper of one column the columns of a table are no columns of text."""
    sheets = Sheets()
    sheets.page()
    sheets.title()
    sheets.pour([(60, 130, 535, 300)], ["#1 Introduction", *told(8)])
    sheets.put(60, 330, "Table 1: The towns of the trial and what was done in them.", 9)
    rows = [
        ("Town", "What was done there"),
        *((f"The town number {n}", f"Lists of words were read {n} times") for n in range(7)),
    ]
    for n, row in enumerate(rows):
        for x, cell in zip((60, 260), row, strict=True):
            sheets.put(x, 350 + 13 * n, cell, 9)
    sheets.pour([(60, 480, 535, 700)], ["#2 Results", *told(8, "city")])
    document = sheets.read(tmp_path / "p.pdf")
    assert sentences(document, "introduction") == told(8)
    assert sentences(document, "results") == told(8, "city")


def test_an_abstract_without_a_heading_is_kept(tmp_path):
    sheets = Sheets()
    sheets.page()
    sheets.title()
    sheets.put(60, 110, "Department of Sleep, University of the North, 12 Long Street, Northtown", 9)
    sheets.column(60, 150, 470, " ".join(FILL))
    sheets.pour([(60, 240, 535, 700)], ["#1 Introduction", *told(8)])
    document = sheets.read(tmp_path / "p.pdf")
    assert document.abstract == " ".join(FILL)
    assert sentences(document, "introduction") == told(8)
    assert document.authors == ("Ruth Okello", "Carl Sample")
