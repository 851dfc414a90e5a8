"""Lines and columns: nothing is lost, nothing is too wide, headings stay with their text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.sources.digests.layout import Box, break_lines, divide, fill, fill_page, gap_of, pieces

WORDS = st.text("abcdefghij", min_size=1, max_size=12)


def measure(text: str) -> float:
    return float(len(text))


@given(st.lists(WORDS, max_size=60), st.integers(12, 40))
def test_lines_keep_every_word_and_the_width(words, width):
    lines = break_lines(" ".join(words), width, measure)
    assert [word for line in lines for word in line] == words
    assert all(measure(" ".join(line)) <= width for line in lines)


@pytest.mark.parametrize("word", ["cross-lingual", "(pretraining),", "Improvements", "XLM-R", "https://a.org/b-cdef"])
def test_pieces_give_back_the_word(word):
    assert "".join(pieces(word)) == word


def test_words_are_divided_at_listed_places_and_at_their_own_hyphens():
    assert break_lines("all languages", 8, measure) == [("all", "lan-"), ("guages",)]
    assert break_lines("a cross-lingual", 8, measure) == [("a", "cross-"), ("lingual",)]
    assert break_lines("all languages", 8, measure, whole=True) == [("all",), ("languages",)]
    assert divide("XLM-R", 4, measure) == ("", "XLM-R")


def test_gap_fills_the_line_unless_it_would_tear():
    assert gap_of(("ab", "cd", "ef"), 12, measure) == 3.0
    assert gap_of(("ab", "cd"), 40, measure) == 1.0


def test_heading_moves_on_with_its_text():
    boxes = [Box(5, ()), Box(3, (), stay=True), Box(4, ())]
    columns, rest = fill(boxes, (10, 10))
    assert [[box for _, box in column] for column in columns] == [boxes[:1], boxes[1:]]
    assert rest == []


@given(st.lists(st.floats(1, 20), min_size=1, max_size=80), st.floats(30, 200))
def test_boxes_keep_their_order_and_fit(heights, height):
    boxes = [Box(h, (), above=2.0) for h in heights]
    columns, rest = fill_page(boxes, height, 5.0)
    assert [box for column in columns for _, box in column] + rest == boxes
    assert all(y + box.height <= height + 1e-9 for column in columns for y, box in column)


def test_block_higher_than_a_column_is_refused():
    with pytest.raises(ValueError, match="does not fit"):
        fill([Box(50, ())], (10,))
