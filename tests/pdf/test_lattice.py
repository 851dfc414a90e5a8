"""Tables whose cells have several lines, raised figures, spreads and names over several rows."""

from __future__ import annotations

import pytest

from synth.pdf.tables.cells import is_value
from synth.pdf.tables.table import values

from .lines import line, page
from .test_tables import XS, grid, read, rule


def test_exponents_are_kept_and_marks_of_footnotes_are_not():
    lines = [
        line("Model", 72, 100, 9),
        line("steps", 160, 100, 9),
        line("NMU1", 72, 112, 9, raised=[(3, 4)]),
        line("5.5 · 106", 160, 112, 9, raised=[(8, 9)]),
        line("NAUa", 72, 124, 9, raised=[(3, 4)]),
        line("7.0 · 10−6", 160, 124, 9, raised=[(8, 10)]),
    ]
    page(lines)
    assert read(lines) == [("NMU", "steps", "5.5 · 10^6"), ("NAU", "steps", "7.0 · 10^−6")]


def test_a_spread_set_above_and_below_belongs_to_its_figure():
    lines = grid([["Model", "rate", "loss"], ["NMU", "94%", "1.0"], ["NAU", "26%", "2.0"]], [72, 170, 260])
    for base, high, low in ((112, "+3%", "−6%"), (124, "+9%", "−8%")):
        lines += [line(high, 178, base - 3, 6), line(low, 178, base + 3, 6)]
    text = page(lines).text
    found = list(values(lines, (), (), "1"))
    assert [(v.row, v.column, v.cell.text) for v in found if v.column == "rate"] == [
        ("NMU", "rate", "94% ^+3%_−6%"),
        ("NAU", "rate", "26% ^+9%_−8%"),
    ]
    assert "\n".join(text[a:b] for a, b in found[0].cell.pieces) == "94%\n+3%\n−6%"


@pytest.mark.parametrize(
    "text", ["4805 (76.6%)", "27–39", "54 (32–76)", "-0.87", "2.8 · 10^6", "31% ^+10%_−8%", "≥0.95"]
)
def test_figures_with_shares_spans_and_powers_are_values(text):
    assert is_value(text)


@pytest.mark.parametrize(
    "text", ["U(−10, 10)", "0 violations / 293M", "r = 0.76–0.87", "Bhat et al. (2018)", "10k tweets"]
)
def test_words_with_figures_are_no_values(text):
    assert not is_value(text)


def test_a_sign_or_a_share_apart_from_its_figure_is_one_cell_with_it():
    lines = [line("Model", 72, 100, 9), line("share", 150, 100, 9), line("change", 240, 100, 9)]
    for base, name in ((112, "a"), (124, "b")):
        lines += [line(name, 72, base, 9), line("480", 150, base, 9), line("(76.6%)", 166, base, 9)]
        lines += [line("-", 240, base, 9), line("0.87", 246.5, base, 9)]
    page(lines)
    assert read(lines)[:2] == [("a", "share", "480 (76.6%)"), ("a", "change", "-0.87")]


def test_dots_that_lead_from_a_name_to_its_value_are_no_part_of_either():
    lines = [line("Parameter", 72, 100, 9), line("value", 200, 100, 9)]
    lines += [line("radius . . . . . . . .", 72, 112, 9), line("1.2", 200, 112, 9)]
    lines += [line("mass . . . . . . . . .", 72, 124, 9), line("3.4", 200, 124, 9)]
    page(lines)
    assert read(lines) == [("radius", "value", "1.2"), ("mass", "value", "3.4")]


def test_cells_of_several_lines():
    rows = [
        ["System", "Runs", "Limitation"],
        ["first", "3", "Needs much memory and inde-"],
        ["", "", "pendent runs of each model"],
        ["second", "5", "One source only (as needs"],
        ["", "", "more of them)"],
    ]
    lines = [
        line(text, x, 100 + 12 * index, 9)
        for index, row in enumerate(rows)
        for text, x in zip(row, (72, 150, 190), strict=True)
        if text
    ]
    text = page(lines).text
    found = list(values(lines, [rule(90), rule(103), rule(151)], (), "1"))
    assert [(v.row, v.column, v.cell.text) for v in found] == [
        ("first", "Runs", "3"),
        ("first", "Limitation", "Needs much memory and independent runs of each model"),
        ("second", "Runs", "5"),
        ("second", "Limitation", "One source only (as needs more of them)"),
    ]
    wrapped = "\n".join(text[a:b] for a, b in found[1].cell.pieces)
    assert wrapped == "Needs much memory and inde-\npendent runs of each model"


def test_errors_in_brackets_below_their_figures():
    rows = [
        ["", "(1)", "(2)"],
        ["age", "0.12", "0.34"],
        ["", "(0.03)", "(0.04)"],
        ["sex", "0.56", "0.78"],
        ["", "(0.05)", "(0.06)"],
    ]
    found = read(grid(rows, [72, 170, 240]), [rule(90), rule(103), rule(151)])
    assert ("age", "(2)", "0.34 (0.04)") in found
    assert ("sex", "(1)", "0.56 (0.05)") in found


def test_names_around_the_middle_of_their_rows_at_two_levels():
    lines = [line("p", 150, 100, 9), line("error", 200, 100, 9)]
    bases = [112 + 12 * n for n in range(8)]
    for n, base in enumerate(bases):
        lines += [line(f"p={n % 2}", 150, base, 9), line(f"{n}.5", 200, base, 9)]
    lines += [line(name, 110, (bases[2 * n] + bases[2 * n + 1]) / 2, 9) for n, name in enumerate(["hi", "lo"] * 2)]
    lines += [line(name, 72, (bases[4 * n + 1] + bases[4 * n + 2]) / 2, 9) for n, name in enumerate(["n=1", "n=2"])]
    page(lines)
    names = {value: name for name, column, value in read(lines) if column == "error"}
    assert names["0.5"] == "n=1 / hi / p=0"
    assert names["3.5"] == "n=1 / lo / p=1"
    assert names["6.5"] == "n=2 / lo / p=0"


def test_tables_side_by_side_between_rules_of_their_own():
    rows = [
        ["Name", "value", "Name", "value"],
        ["size", "100", "low", "U[1,2]"],
        ["ratio", "0.5", "high", "U[2,6]"],
    ]
    rules = [rule(y, 70, 190) for y in (90, 103, 128)] + [rule(y, 215, 330) for y in (90, 103, 128)]
    assert read(grid(rows, [72, 170, 230, 310]), rules) == [
        ("size", "value", "100"),
        ("ratio", "value", "0.5"),
        ("low", "value", "U[1,2]"),
        ("high", "value", "U[2,6]"),
    ]


def test_a_rule_over_all_columns_but_the_names_does_not_end_the_heads():
    rows = [["", "", "F1", ""], ["Model", "EN", "DE", "ZH"], ["a", "1.0", "2.0", "3.0"], ["b", "4.0", "5.0", "6.0"]]
    found = read(grid(rows, [72, 140, 220, 300]), [rule(90), rule(103, 120, 330), rule(115), rule(140)])
    assert ("b", "F1 EN", "4.0") in found
    assert ("a", "F1 ZH", "3.0") in found


def test_heads_set_close_over_rules_of_their_own():
    lines = grid(
        [["Model", "a", "b", "c", "d"], ["x", "1.1", "1.2", "1.3", "1.4"], ["y", "2.1", "2.2", "2.3", "2.4"]],
        [72, 150, 175, 200, 225],
        top=112,
    )
    lines.append(line("Country Number", 145, 100, 9, advance=0.62))
    page(lines)
    found = read(
        lines, [rule(90, 70, 240), rule(103, 143, 182), rule(103, 193, 232), rule(115, 70, 240), rule(140, 70, 240)]
    )
    assert ("x", "Country b", "1.2") in found
    assert ("y", "Number c", "2.3") in found


def test_a_first_column_of_numbers_names_the_rows():
    rows = [["Layer", "EN", "DE"], ["1", "10.0", "20.0"], ["2", "30.0", "40.0"], ["3", "50.0", "60.0"]]
    found = read(grid(rows, [72, 170, 230]), [rule(90), rule(103), rule(140)])
    assert ("2", "DE", "40.0") in found


def test_a_line_of_words_first_between_two_rules_names_the_rows_below_it_and_no_more():
    rows = [
        ["Model", "EN", "DE"],
        ["Ours", "", ""],
        ["small", "1.0", "2.0"],
        ["large", "3.0", "4.0"],
        ["other", "5.0", "6.0"],
        ["last", "7.0", "8.0"],
    ]
    found = read(grid(rows, [72, 170, 230]), [rule(90), rule(103), rule(139), rule(164)])
    assert ("Ours: large", "EN", "3.0") in found
    assert ("other", "EN", "5.0") in found


def test_figures_right_behind_a_name_are_cells_of_their_own():
    lines = [line("Model", 72, 100, 9), line("N", 128, 100, 9), line("O", 148, 100, 9)]
    for base, name in ((112, "haiku-4.5"), (124, "gemma-27b"), (136, "opus")):
        lines += [line(name, 72, base, 9), line("100", 118, base, 9), line("100", 137, base, 9)]
    page(lines)
    assert read(lines)[:2] == [("haiku-4.5", "N", "100"), ("haiku-4.5", "O", "100")]


def test_a_head_over_two_columns_of_which_one_is_set_left():
    xs = XS
    rows = [
        ["", "Text", "", "NER"],
        ["Model", "EN", "DE", "ZH"],
        ["a", "1.0", "2.0", "3.0"],
        ["b", "4.0", "5.0", "6.0"],
    ]
    lines = grid(rows, xs)
    lines[0] = line("Text", 200 - 9, 100, 9)  # over the middle of EN and DE
    page(lines)
    found = read(lines, [rule(90), rule(115), rule(140)])
    assert ("b", "Text DE", "5.0") in found
    assert ("b", "NER ZH", "6.0") in found
