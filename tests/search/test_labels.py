"""Labels of structured abstracts are stored with their sentences; heads of cells stay heads of cells."""

from __future__ import annotations

from synth.core.types import Passage, PassageKind
from synth.search.full_text import _row, _sentence, as_passage


def test_a_label_and_a_head_come_back_as_what_they_were():
    sentence = Passage(
        PassageKind.SENTENCE, "Sleep helps.", "Sleep helps.", 1, ((1, 0, 12),), "abstract", 0, label="Results"
    )
    cell = Passage(
        PassageKind.CELL, "81.2", "81.2", 1, ((1, 20, 24),), "results", 1, row="mBERT", column="EN", table="1"
    )
    assert [as_passage(_row(1, "0" * 64, one)) for one in (sentence, cell)] == [sentence, cell]


def test_warnings_of_reading_are_sentences():
    assert _sentence("no text, only images, on page 2") == "No text, only images, on page 2."
    assert _sentence("2 passages were dropped.") == "2 passages were dropped."
