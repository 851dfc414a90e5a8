"""Lines beside the base of their table, and levels of lines that a claim only describes."""

from __future__ import annotations

import pytest

from synth.core.types import Stance
from synth.evidence.tables import TableReason
from tests.evidence.tables.helpers import decided, judge, table

SUPPORT = Stance.SUPPORT
CHOICES = {
    "Baseline": {"P": "0.9901", "R": "0.9760", "F": "0.9830", "Hours": "2.1"},
    "Blocking = NYSIIS": {"P": "0.9875", "R": "0.9826", "F": "0.9850", "Hours": "3.3"},
    "Blocking = Soundex": {"P": "0.9886", "R": "0.9745", "F": "0.9815", "Hours": "3.1"},
    "Classifier = Random Forests": {"P": "0.9909", "R": "0.9783", "F": "0.9846", "Hours": "2.6"},
    "No name normalization": {"P": "0.9887", "R": "0.9697", "F": "0.9791", "Hours": "2.0"},
}
PAPER = table(CHOICES, caption="Average precision, recall and F-measure.")
CONTRAST = [(SUPPORT, TableReason.CONTRAST)]


@pytest.mark.parametrize(
    ("claim", "wanted"),
    [
        ("Switching to NYSIIS blocking improves the F-measure.", CONTRAST),
        ("NYSIIS or Random Forests boosts the F-measure.", CONTRAST),
        ("Switching to Soundex reduces the F-measure.", CONTRAST),
        ("Switching to Soundex improves the F-measure.", []),  # a contradiction is not read off a choice
        ("Switching to NYSIIS improves the precision.", []),
        ("NYSIIS and Soundex improve the F-measure.", []),  # one of them does
        ("NYSIIS improves the F-measure on Reddit.", []),  # nothing of the table
        ("NYSIIS may improve the F-measure.", []),
        ("NYSIIS does not improve the F-measure.", []),
        ("NYSIIS improves the readability of the code.", []),
        ("The F-measure improves with NYSIIS.", []),
    ],
)
def test_a_choice_against_the_baseline(claim, wanted):
    assert decided(claim, PAPER) == wanted


def test_without_a_baseline_there_is_nothing_to_compare():
    rows = {name: cells for name, cells in CHOICES.items() if name != "Baseline"}
    assert decided("Switching to NYSIIS blocking improves the F-measure.", table(rows)) == []


@pytest.mark.parametrize(
    ("claim", "numbers"),
    [
        ("Cleaning names yields an F-measure of 0.9830, raw strings one of 0.9791.", ["0.9830", "0.9791"]),
        ("Cleaning names yields an F-measure of 0.9830, raw strings one of 0.9792.", []),
        ("Cleaning names yields a recall of 0.9830, raw strings one of 0.9791.", []),  # not in that column
        ("Cleaning names yields 0.9830, raw strings 0.9791.", []),  # of what?
        ("Cleaning names yields an F-measure of 0.98, raw strings one of 0.99.", []),  # any cell has two digits
        ("Cleaning names may yield an F-measure of 0.9830, raw strings 0.9791.", []),
    ],
)
def test_levels_of_lines_that_are_described(claim, numbers):
    found = judge(claim, PAPER)
    assert [f.number for f in found] == numbers
    assert all((f.stance, f.reason) == (SUPPORT, TableReason.DERIVED) for f in found)
