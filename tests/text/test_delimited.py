"""Tables of people and spreadsheets: whatever separates the cells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.text import delimited

COLUMNS = ("decision", "doi", "reason")
ROWS = [
    ["Decision", " DOI ", "Reason"],
    ["include", "10.1000/x", "a, b; c"],
    ["exclude", "10.1000/y", 'the "best"\nof two'],
]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_separators_ends_of_lines_and_marks(separator, end, start):
    text = start + end.join(separator.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in ROWS)
    table = delimited.read(text, COLUMNS)
    assert table.head == COLUMNS
    assert [row for _, row in table.named()] == [
        {"decision": "include", "doi": "10.1000/x", "reason": "a, b; c"},
        {"decision": "exclude", "doi": "10.1000/y", "reason": 'the "best"\nof two'},
    ]
    assert table.damaged == ()


def test_lines_are_counted_as_an_editor_does():
    table = delimited.read('sep=;\r\ndoi;reason\r\n1;"two\r\nlines"\r\n\r\n3;x\r\n4;y;z', COLUMNS)
    assert list(table.named()) == [
        (3, {"doi": "1", "reason": "two\r\nlines"}),
        (6, {"doi": "3", "reason": "x"}),
        (7, {"doi": "4", "reason": "y", "": "3"}),
    ]


def test_an_open_quotation_mark_is_told_with_its_line():
    assert delimited.read('doi,reason\n1,x\n"2,y\n', COLUMNS).damaged == ((3, "unexpected end of data"),)


def test_names_in_other_words():
    assert delimited.read("ArXiv ID;Link\n", ("arxiv_id", "url"), {"link": "url"}).head == ("arxiv_id", "url")


@pytest.mark.parametrize("sign", delimited.FORMULA)
def test_no_spreadsheet_runs_a_cell(sign):
    cell = delimited.guarded(f"{sign}cmd|' /C calc'!A0")
    assert cell.startswith("'")
    assert delimited.unguarded(cell) == f"{sign}cmd|' /C calc'!A0"
    assert delimited.guarded(7) == 7


@given(st.text(max_size=100))
def test_any_text(text):
    list(delimited.read(text, COLUMNS).named())
