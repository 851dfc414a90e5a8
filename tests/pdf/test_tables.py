"""Tables as cells: heads where they are certain, never another row's or column's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.pdf.tables.cells import is_value
from synth.pdf.tables.table import values

from .lines import line, page


def grid(rows, xs, top=100.0, step=12.0, size=9.0, bold=()):
    """Lines of a table whose cells are centred on `xs`, the first column set left."""
    lines = []
    for index, row in enumerate(rows):
        for place, (text, x) in enumerate(zip(row, xs, strict=True)):
            if text:
                left = x if place == 0 else x - len(text) * size * 0.25
                lines.append(line(text, left, top + step * index, size, bold=(index, place) in bold))
    page(lines)  # gives them their offsets
    return lines


def rule(y, x0=70.0, x1=330.0):
    return (x0, y, x1, y + 0.5)


def read(lines, rules=(), strokes=()):
    return [(v.row, v.column, v.cell.text) for v in values(lines, rules, strokes, "1")]


XS = [72, 170, 230, 290]


def test_a_plain_table():
    rows = [["Model", "EN", "DE", "ZH"], ["mBERT", "81.2", "70.1", "69.0"], ["XLM-R", "89.1", "83.9", "80.2"]]
    expected = [(r[0], rows[0][c], r[c]) for r in rows[1:] for c in (1, 2, 3)]
    assert read(grid(rows, XS)) == expected
    assert read(grid(rows, XS), [rule(90), rule(103), rule(128)]) == expected


def test_an_empty_cell_does_not_shift_its_row():
    rows = [["Model", "EN", "DE", "ZH"], ["a", "1.0", "", "3.0"], ["b", "", "5.0", "6.0"], ["c", "7.0", "8.0", ""]]
    found = read(grid(rows, XS))
    assert ("a", "ZH", "3.0") in found
    assert ("b", "DE", "5.0") in found
    assert not [cell for cell in found if cell[:2] in {("a", "DE"), ("b", "EN"), ("c", "ZH")}]
    assert len(found) == 6


def test_heads_over_several_rows_are_joined():
    rows = [
        ["", "train", "dev", "test"],
        ["Task", "size", "size", "acc"],
        ["NLI", "392k", "5k", "83.6"],
        ["QA", "88k", "6k", "70.7"],
    ]
    assert ("QA", "test acc", "70.7") in read(grid(rows, XS))
    assert ("NLI", "train size", "392k") in read(grid(rows, XS))


def test_heads_that_span_columns_by_their_middle():
    lines = grid(
        [["Model", "a", "b", "c", "d"], ["x", "1.1", "1.2", "1.3", "1.4"], ["y", "2.1", "2.2", "2.3", "2.4"]],
        [72, 150, 190, 230, 270],
        top=112,
    )
    lines += [line("DEV", 170 - 6.75, 100, 9), line("TEST", 250 - 9, 100, 9)]
    page(lines)
    found = read(lines, [rule(90), rule(115), rule(140)])
    assert ("x", "DEV a", "1.1") in found
    assert ("y", "TEST c", "2.3") in found


def test_a_spanning_head_that_fits_no_columns_leaves_the_heads_empty():
    lines = grid(
        [["Model", "a", "b", "c", "d"], ["x", "1.1", "1.2", "1.3", "1.4"], ["y", "2.1", "2.2", "2.3", "2.4"]],
        [72, 150, 190, 230, 270],
        top=112,
    )
    lines.append(line("HALF", 235, 100, 9))  # between two groups: its middle is no group's middle
    page(lines)
    assert {column for _, column, _ in read(lines, [rule(90), rule(115), rule(140)])} == {""}


def test_short_rules_say_what_a_head_spans():
    lines = grid(
        [["Model", "a", "b", "c", "d"], ["x", "1.1", "1.2", "1.3", "1.4"], ["y", "2.1", "2.2", "2.3", "2.4"]],
        [72, 150, 190, 230, 270],
        top=112,
    )
    lines += [line("DEV", 145, 100, 9), line("TEST", 225, 100, 9)]
    page(lines)
    rules = [rule(90), rule(103, 140, 200), rule(103, 220, 280), rule(115), rule(140)]
    found = read(lines, rules)
    assert ("x", "DEV b", "1.2") in found
    assert ("x", "TEST d", "1.4") in found


def test_a_name_over_several_rows_is_between_rules_or_around_the_middle_of_its_rows():
    rows = [
        ["Model", "train", "EN"],
        ["", "each", "1.5"],
        ["mBERT", "", ""],
        ["", "all", "2.5"],
        ["XLM-R", "each", "3.5"],
    ]
    lines = grid(rows, [72, 170, 230])
    ruled = read(lines, [rule(90), rule(103), rule(139), rule(151)])
    assert ("mBERT / each", "EN", "1.5") in ruled
    assert ("mBERT / all", "EN", "2.5") in ruled
    assert [cell for cell in read(lines) if cell[1] == "EN"] == [
        ("mBERT / each", "EN", "1.5"),
        ("mBERT / all", "EN", "2.5"),
        ("XLM-R / each", "EN", "3.5"),
    ]


def test_a_name_that_stands_around_no_rows_names_none_of_those_without_a_name():
    rows = [["Model", "train", "EN"], ["", "each", "1.5"], ["mBERT", "en", "2.5"], ["XLM-R", "all", "3.5"]]
    found = read(grid(rows, [72, 170, 230]))
    assert ("", "EN", "1.5") in found
    assert ("mBERT / en", "EN", "2.5") in found


def test_groups_of_rows_and_additions_are_named():
    rows = [
        ["Model", "EN", "DE"],
        ["Encoder", "60.0", "61.0"],
        ["+BERT", "66.4", "59.9"],
        ["Decoder", "62.2", "64.5"],
        ["+BERT", "67.8", "65.0"],
    ]
    found = read(grid(rows, [72, 170, 230]), [rule(90), rule(103), rule(127), rule(151)])
    assert ("Encoder +BERT", "EN", "66.4") in found
    assert ("Decoder +BERT", "DE", "65.0") in found


def test_sub_tables_with_captions_of_their_own():
    rows = [
        ["", "EN", "DE"],
        ["x", "1.0", "2.0"],
        ["(a) gold data", "", ""],
        ["", "ZH", "FR"],
        ["x", "3.0", "4.0"],
        ["(b) machine data", "", ""],
    ]
    found = [(v.table, v.row, v.column, v.cell.text) for v in values(grid(rows, [72, 200, 260]), [], [], "2")]
    assert found == [
        ("2(a)", "x", "EN", "1.0"),
        ("2(a)", "x", "DE", "2.0"),
        ("2(b)", "x", "ZH", "3.0"),
        ("2(b)", "x", "FR", "4.0"),
    ]


def test_bold_and_offsets():
    lines = grid([["Model", "EN", "DE"], ["a", "1.0", "2.0"], ["b", "3.0", "4.0"]], [72, 170, 230], bold={(2, 1)})
    text = page(lines).text
    found = list(values(lines, [], [], "1"))
    assert [v.cell.text for v in found if v.cell.bold] == ["3.0"]
    assert all(text[v.cell.words[0].start : v.cell.words[-1].end] == v.cell.text for v in found)


def test_narrow_figures_side_by_side_are_cells_of_their_own():
    lines = [
        line("DE MT1   MT2   MT3", 72, 100, 9),
        line("G  0.732 0.576 0.611", 72, 112, 9),
        line("H  0.132 0.176 0.111", 72, 124, 9),
    ]
    page(lines)
    assert [v.cell.text for v in values(lines, [], [], "1")] == ["0.732", "0.576", "0.611", "0.132", "0.176", "0.111"]


def test_a_table_of_words_has_no_values():
    assert read(grid([["English", "German"], ["the house", "das Haus"], ["the dog", "der Hund"]], [72, 200])) == []


@pytest.mark.parametrize(
    "text", ["83.6", "-6.1%", "+2.4", "1,104,934", "250k", "86.6/-", "71.2 ± 0.3", "(12)", "—", "94.2*", "3e-5"]
)
def test_values(text):
    assert is_value(text)


@pytest.mark.parametrize("text", ["mBERT", "en", "N-gram", "Iyer et al. (2017)", "XLM-15", ""])
def test_no_values(text):
    assert not is_value(text)


@given(
    st.lists(
        st.lists(st.integers(min_value=0, max_value=999).map(lambda n: f"{n / 10:.1f}"), min_size=3, max_size=3),
        min_size=2,
        max_size=6,
    ),
    st.data(),
)
def test_values_keep_their_row_and_column(figures, data):
    """Whatever cells are missing: each value that is told has the heads it was set under."""
    holes = data.draw(st.sets(st.tuples(st.integers(0, len(figures) - 1), st.integers(0, 2)), max_size=4))
    rows = [["Model", "EN", "DE", "ZH"]]
    for r, row in enumerate(figures):
        rows.append([f"model{r}", *("" if (r, c) in holes else text for c, text in enumerate(row))])
    truth = {(row[0], rows[0][c], row[c]) for row in rows[1:] for c in (1, 2, 3) if row[c]}
    for name, column, text in read(grid(rows, XS)):
        assert any(text == t and name in ("", n) and column in ("", h) for n, h, t in truth)


def test_bold_is_read_as_the_best_of_its_column():
    rows = [["Model", "EN", "DE", "ZH"], ["mBERT", "81.2", "70.1", "69.0"], ["XLM-R", "89.1", "83.9", "60.2"]]
    found = {v.cell.text: v.best for v in values(grid(rows, XS, bold={(2, 1), (1, 3)}), (), (), "1")}
    assert found["89.1"] == "highest of its column"
    assert found["69.0"] == "highest of its column"
    assert {found["81.2"], found["83.9"]} == {""}
