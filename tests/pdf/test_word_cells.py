"""Tables of words: read where every row fills every column under one row of heads, else not at all."""

from __future__ import annotations

from .test_tables import grid, read, rule

ROWS = [["comparison", "outcome"], ["A against B", "better"], ["A against C", "no gain"]]
XS = [72, 250]
HEAD_RULE = [rule(90), rule(103), rule(128)]


def test_a_table_of_words():
    assert read(grid(ROWS, XS), HEAD_RULE) == [
        ("A against B", "outcome", "better"),
        ("A against C", "outcome", "no gain"),
    ]


def test_without_a_rule_below_the_heads_nothing_is_read():
    assert read(grid(ROWS, XS)) == []


def test_a_cell_that_runs_on_makes_the_layout_uncertain():
    assert read(grid([*ROWS, ["", "at all"]], XS), HEAD_RULE) == []


def test_a_number_in_words_below_figures():
    rows = [["property", "value"], ["languages", "50"], ["tasks", "ten"]]
    assert read(grid(rows, XS), HEAD_RULE) == [("languages", "value", "50"), ("tasks", "value", "ten")]
