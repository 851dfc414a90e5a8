"""Columns, rows and reading order from plain lines."""

from __future__ import annotations

import random

from synth.pdf.layout.columns import Columns, common_gutters, find_columns, find_gutters
from synth.pdf.layout.rows import reading_order, rows_of, split_at

from .lines import line

LEFT, RIGHT, FULL = 72.0, 310.0, 72.0
TWO = Columns(((-1e9, 1e9, ((272.0, 310.0),)),))
WORDS = "running text of forty characters or more"  # 40 characters: 200 points at size 10


def columns(first=100.0, count=20):
    return [line(WORDS, x, first + 12 * i) for x in (LEFT, RIGHT) for i in range(count)]


def test_two_columns_have_a_gutter_and_one_column_has_none():
    [gutter] = find_gutters(columns(), 595)
    assert 271 <= gutter[0] <= 273
    assert 309 <= gutter[1] <= 311
    assert find_gutters([line(WORDS * 2, 72, 100 + 12 * i) for i in range(30)], 595) == ()
    assert find_gutters([], 595) == ()


def test_a_page_without_enough_lines_takes_the_gutter_of_the_paper():
    assert common_gutters([((270.0, 310.0),), (), ((272.0, 310.0),)]) == ((271.0, 310.0),)
    assert common_gutters([(), (), (), ((270.0, 310.0),)]) == ()


def test_the_left_column_is_read_before_the_right_one_and_full_rows_part_the_page():
    lines = [
        line("Title over both columns of the page " * 2, FULL, 60, 14, advance=0.4),
        *columns(100, 10),
        line("A caption that runs over both columns of the page and then on" + " more" * 5, FULL, 240),
        *columns(260, 10),
    ]
    random.Random(0).shuffle(lines)
    gutters = find_columns(lines, 595, find_gutters(lines, 595))
    order = reading_order(rows_of(lines, gutters), gutters)
    places = [(row.column, row.base) for row in order]
    assert places[0] == (0, 60)
    assert places[1:21] == [(c, 100 + 12 * i) for c in (1, 2) for i in range(10)]
    assert places[21] == (0, 240)
    assert places[22:] == [(c, 260 + 12 * i) for c in (1, 2) for i in range(10)]


def test_the_short_last_line_of_a_full_paragraph_stays_with_it():
    full = [line(WORDS * 2, FULL, 100 + 12 * i) for i in range(3)]
    last = line("ends here.", FULL, 136)
    order = reading_order(rows_of([*full, last, *columns(160)], TWO), TWO)
    assert [row.text for row in order][3] == "ends here."
    assert order[3].column == 0


def test_a_line_over_the_gutter_is_cut_where_it_is_blank():
    text = WORDS + " " * 8 + "the other column"
    parts = split_at(line(text, LEFT, 100, start=7), TWO)
    assert [part.text for part in parts] == [WORDS, "the other column"]
    assert [part.start for part in parts] == [7, 7 + 48]
    assert len(split_at(line(WORDS * 2, LEFT, 100), TWO)) == 1


def test_fragments_on_one_baseline_are_one_row_and_marks_join_their_row():
    parts = [line("first part", 72, 100), line("second part", 140, 100), line("3", 123, 96, 6)]
    rows = rows_of([*parts, line("the next line", 72, 112)])
    assert [row.text for row in rows] == ["first part 3 second part", "the next line"]


def test_columns_side_by_side_are_two_rows():
    rows = rows_of(columns(100, 1), TWO)
    assert [row.column for row in rows] == [1, 2]
