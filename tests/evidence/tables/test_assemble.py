"""Grids from cell passages and from tables written out as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.evidence.tables import grids, parse_flat_table
from synth.evidence.tables.grids.grid import Better, GridAxis, cell_values
from tests.evidence.tables.helpers import XNLI, table


def test_rows_columns_and_caption_of_a_table():
    (grid,) = grids(table(XNLI))
    assert [line.head for line in grid.rows] == list(XNLI)
    assert [line.head for line in grid.columns] == ["en", "de", "sw", "Avg"]
    assert grid.value(GridAxis.ROW, 3, 2) == grid.value(GridAxis.COLUMN, 2, 3) == 73.9
    assert grid.caption.endswith("zero-shot.")
    assert grid.page == 4


def test_the_same_label_on_two_pages_is_one_table():
    (grid,) = grids([*table(XNLI), *table({"InfoXLM": {"en": "89.7"}}, page=5, first=300)])
    assert len(grid.rows) == 5
    assert grid.cells[4, 0].page == 5


def test_rows_under_the_same_head_stay_apart():
    twice = [*table({"XLM-R": {"#M": "N", "en": "89.1"}}), *table({"XLM-R": {"#M": "1", "en": "88.8"}}, first=300)]
    (grid,) = grids(twice)
    assert [line.head for line in grid.rows] == ["XLM-R", "XLM-R"]


def test_an_addition_belongs_to_the_row_above():
    (grid,) = grids(table({"BERT": {"a": "1.0"}, "+ POS": {"a": "1.2"}, "+ CRF": {"a": "1.3"}}))
    assert [line.levels for line in grid.rows] == [("BERT",), ("BERT", "+ POS"), ("BERT", "+ CRF")]


def test_words_that_columns_share_are_a_head_over_them():
    (grid,) = grids(table({"A": {"Strict mAP": "0.4", "Strict P": "0.2", "Relaxed mAP": "0.6", "Relaxed P": "0.3"}}))
    assert [line.levels for line in grid.columns][1:3] == [("Strict", "P"), ("Relaxed", "mAP")]


def test_no_table_and_cells_without_heads():
    assert grids([]) == []
    assert grids(table({"": {"": "1.0"}})) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("87.85±0.01", 87.85),
        ("54 (32–76)", 54),
        ("80.6 / 67.8", 80.6),
        ("0.024**", 0.024),
        ("12,978", 12978),
        ("479M", 479e6),
        ("2.8 · 10^6 ^(+2.9 · 10^5)", 2.8e6),
        ("−0.54", -0.54),
        ("−8.6·10^3", -8600),
        ("–8.6e–3", -0.0086),
        ("14 [21]", 14),
        ("98% ^+1%_−5%", 98),
    ],
)
def test_the_first_figure_of_a_cell(text: str, value: float):
    assert cell_values(text)[0].value == pytest.approx(value)


@pytest.mark.parametrize("text", ["–", "n/a", "5.5 · 10", "Chlorophyta", "predicts the next of 4 words in a text"])
def test_cells_without_a_figure_that_can_be_trusted(text: str):
    assert cell_values(text) == ()


def test_which_figures_are_the_better_ones():
    (grid,) = grids(table({"A": {"WER": "5.1", "BLEU": "30.1", "Ba.": "3"}}, caption="Everything."))
    assert [grid.better(GridAxis.ROW, at, "") for at in range(3)] == [Better.LOWER, Better.HIGHER, Better.UNKNOWN]
    (grid,) = grids(table({"A": {"WER": "5.1"}}))
    assert grid.better(GridAxis.ROW, 0, "") is Better.LOWER


FLAT = """Table: Properties of aggregates.
Property | Sand | Coarse aggregates
Nominal size (mm) | 4.75 | 19.50
Specific gravity | 2.66 | 2.72"""


def test_a_table_written_out_as_text():
    grid = parse_flat_table(FLAT)
    assert grid is not None
    assert (grid.caption, grid.corner) == ("Properties of aggregates.", "Property")
    assert [line.head for line in grid.rows] == ["Nominal size (mm)", "Specific gravity"]
    assert grid.value(GridAxis.ROW, 1, 0) == 2.66


def test_two_rows_of_heads_groups_and_numbered_rows():
    grid = parse_flat_table(
        "Table: T.\nNo | Name | B3 | B3\n | | P | R\nours | ours | ours | ours\n1 | base | 0.5 | 0.6"
    )
    assert grid is not None
    assert [line.levels for line in grid.columns] == [("B3", "P"), ("B3", "R")]
    assert [line.levels for line in grid.rows] == [("ours", "1", "base")]


def test_what_is_no_table():
    assert parse_flat_table("") is None
    assert parse_flat_table("The model is good.") is None
    assert parse_flat_table("a | b") is None


@given(st.text(alphabet='ab1. |\n"%-', max_size=120))
def test_any_text_is_borne(text: str):
    grid = parse_flat_table(text)
    assert grid is None or all(row < len(grid.rows) and column < len(grid.columns) for row, column in grid.cells)


def test_a_negative_figure_with_a_power_of_ten():
    assert cell_values("−8.6 · 10^3")[0].value == pytest.approx(-8600)
    assert cell_values("7.8 · 10^4 ^(+6.2·10^3)_(−8.6·10^3)")[0].value == pytest.approx(78000)
