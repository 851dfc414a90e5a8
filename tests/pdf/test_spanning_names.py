"""Tables whose names and heads stand at the top of what they span, and cells that are no bare figures."""

from __future__ import annotations

import pytest

from synth.core.types import PassageKind

from .lines import line, page
from .sheets import read as sheet
from .test_tables import grid, read, rule
from .typeset import REGULAR, Paper

BOTH = "Base dev 52.0|. test 25.1|Ours dev 53.0|. test 26.1"


def cells(table: str, step: float = 90) -> dict[tuple[str, str], str]:
    """(row, column) → text; rows are parted by "|", cells by blanks, "_" is a blank inside of one, "." no cell."""
    rows = [["" if cell == "." else cell.replace("_", " ") for cell in row.split(" ")] for row in table.split("|")]
    found = read(grid(rows, [72 + step * column for column in range(len(rows[0]))]))
    return {(row, column): text for row, column, text in found}


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        (BOTH, ["Base / dev", "Base / test", "Ours / dev", "Ours / test"]),
        # in the middle of their rows: else two rows of Base were called "dev"
        (
            "Base dev 52.0|. dev 25.1|Ours test 53.0|. all 26.1",
            ["Base / dev", "Ours / dev", "Ours / test", "Ours / all"],
        ),
    ],
)
def test_the_columns_behind_tell_whose_a_row_is(rows, named):
    found = cells(f"Model Set F1|{rows}")
    assert [row for row, column in found if column == "F1"] == named


def test_a_row_that_may_be_either_name_s_has_none():
    found = cells("Model F1 EM|Base 52.0 1.0|. 25.1 2.0|Ours 53.0 3.0|. 26.1 4.0")
    assert [row for row, column in found if column == "EM"] == ["Base", "", "Ours"]  # the fourth too is ours
    assert found["", "F1"] == "25.1"


def test_the_heads_below_tell_where_a_head_ends():
    found = cells(". English . German .|Model F1 EM F1 EM|Base 1.5 2.5 3.5 4.5|Ours 11.5 12.5 13.5 14.5")
    assert found["Base", "English EM"] == "2.5"
    assert found["Ours", "German F1"] == "13.5"


def test_a_column_that_may_be_either_head_s_has_none():
    found = cells(". English . German .|Model F1 EM P R|Base 1.5 2.5 3.5 4.5|Ours 11.5 12.5 13.5 14.5")
    assert found["Base", "English F1"] == "1.5"
    assert found["Base", ""] == "2.5"
    assert found["Base", "German P"] == "3.5"


@pytest.mark.parametrize("interval", ["(1.2_to_1.9)", "(1.2,_1.9)", "[1.2_to_1.9]", "(1.2–1.9)", "(-1.2_to_1.9)"])
def test_intervals_in_words_belong_to_their_figures(interval):
    found = cells(f"Model OR_(95%_CI) P|Base 1.5_(1.2–1.9) <0.001|Ours 2.5_{interval} 0.04")
    assert found["Ours", "OR (95% CI)"] == f"2.5 {interval.replace('_', ' ')}"
    assert found["Ours", "P"] == "0.04"
    assert found["Base", "OR (95% CI)"] == "1.5 (1.2–1.9)"


@pytest.mark.parametrize("blank", [" ", "\u00a0"])
@pytest.mark.parametrize("font", [REGULAR, "helv"])
def test_figures_grouped_by_blanks_are_one(blank, font, tmp_path, monkeypatch):
    made = Paper(columns=1)
    plain = made.put
    monkeypatch.setattr(
        made, "put", lambda x, y, text, size=None, _=None: plain(x, y, text.replace("_", blank), size, font)
    )
    rows = [["Model", "N", "Loss"], ["Base", "1_234", "3,2"], ["Ours", "12_345", "12,5"], ["Big", "1_234_567", "0,5"]]
    made.table(rows, [90, 75, 75], "Table 1: Results of all models.")
    made.text("We end here with thanks to all of the towns.")
    found = [item for item in sheet(made.save(tmp_path / "p.pdf")).passages if item.kind is PassageKind.CELL]
    assert [item.text for item in found if item.column == "N"] == ["1 234", "12 345", "1 234 567"]
    assert [item.row for item in found if item.column == "Loss"] == ["Base", "Ours", "Big"]


def test_figures_that_share_a_column_in_every_row_end_in_no_crash():
    words = [("No", 72, 100), ("N", 110, 100), ("Ba", 72, 112), ("1.5", 100, 112), ("2.5", 122, 112)]
    words += [("Ou", 72, 124), ("11.555", 100, 124), ("2.5", 134, 124)]
    lines = [line(text, x, y, 9.0) for text, x, y in words]
    page(lines)
    assert read(lines, [rule(90), rule(103), rule(128)]) == []


@pytest.mark.parametrize(
    "amounts",
    [
        "$1.2 US$_25.1",
        "€1,200 €950",
        "1:23:45 0:59:10",
        "2h_15m 45m",
        "52.0_s 25.1_ms",
        "15.2_↑0.3 12.7_↓0.2",
        "3_GB 12_GB",
    ],
)
def test_amounts_with_units_are_values_not_names(amounts):
    one, other = amounts.split()
    found = cells(f"Model Cost F1|Base {one} 3.0|Ours {other} 1.0")
    assert found["Base", "Cost"] == one.replace("_", " ")
    assert found["Ours", "F1"] == "1.0"


def test_amounts_that_tell_rows_apart_stay_names():
    found = cells("Drug Dose Gain|Xan 5_mg 3.0|Xan 10_mg 4.0|Yan 5_mg 1.0")
    assert found["Xan / 10 mg", "Gain"] == "4.0"


@pytest.mark.parametrize("values", ["\u20112.5 \u20100.5", "1·5 12∙5", "3,2 12,5", "\uff0d2.5 \uff0d0.5"])
def test_figures_with_signs_of_other_blocks_are_values(values):
    one, other = values.split()
    found = cells(f"Model Change N|Base {one} 3|Ours {other} 1")
    assert found["Base", "Change"] == one
    assert found["Ours", "N"] == "1"
