"""Bold print in tables: the best is marked where the figures bear it out."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from synth.pdf.tables.bold import TableFigure, marks, number_of


def marked(*rows: str) -> list[str]:
    """Marks of a table given as rows of "80.1 *82.3"; a star stands before bold figures, "-" for none."""
    return marks(
        [
            TableFigure(r, c, number_of(text.strip("*")), text.startswith("*"))
            for r, row in enumerate(rows)
            for c, text in enumerate(row.split())
        ]
    )


def test_the_highest_of_a_column():
    assert marked("80.1 70.2", "*82.3 *71.0") == ["", "", "highest of its column", "highest of its column"]


def test_the_lowest_counts_too():
    assert marked("9.5 1.0", "*7.1 2.0", "8.0 3.0") == ["", "", "lowest of its column", "", "", ""]


def test_the_best_of_a_row():
    assert marked("1.0 *3.0 2.0", "9.0 *8.0 7.0", "0.5 0.1 9.9")[1] == "highest of its row"


def test_bold_that_marks_no_extreme_or_marks_everything():
    assert set(marked("1.0", "*2.0", "3.0")) == {""}
    assert set(marked("*1.0", "*2.0")) == {""}
    assert set(marked("*1.0", "1.0")) == {""}


def test_dashes_do_not_count():
    assert marked("-", "*2.0", "1.0") == ["", "highest of its column", ""]
    assert marked("*-", "2.0", "1.0") == ["", "", ""]


def test_the_first_number_of_a_cell_counts():
    assert number_of("80.2 / 67.4") == 80.2
    assert number_of("30k") == 30_000
    assert number_of("–") is None


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 9), st.booleans()), max_size=20))
def test_only_bold_extremes_are_marked(cells):
    figures = [TableFigure(r, c, float(n), bold) for r, c, n, bold in cells]
    for figure, mark in zip(figures, marks(figures), strict=True):
        if mark:
            line = [
                o.number for o in figures if (o.column == figure.column if "column" in mark else o.row == figure.row)
            ]
            assert figure.bold
            assert figure.number == (max(line) if "highest" in mark else min(line))
