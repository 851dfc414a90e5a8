"""Numbers of claims and the table cells that carry them; a number alone links nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.claims import load_lexicon, predictions
from synth.claims.cells import Link, Tables
from synth.claims.heads import Names, agreement
from synth.types import ClaimDraft, ClaimKind, Passage, PassageKind
from tests.claims.helpers import passage

XNLI = {
    ("mBERT", "en"): "82.1",
    ("mBERT", "sw"): "50.4",
    ("mBERT", "Avg"): "66.3",
    ("XLM-R", "en"): "89.1",
    ("XLM-R", "sw"): "73.9",
    ("XLM-R", "Avg"): "80.9",
}
CAPTION = "Table 1: Accuracy on XNLI."


def table(cells: dict[tuple[str, str], str], label: str = "1", first: int = 100) -> list[Passage]:
    return [
        Passage(PassageKind.CELL, text, text, 1, ((1, 0, len(text)),), "results", first + i, row, column, label)
        for i, ((row, column), text) in enumerate(cells.items())
    ]


def caption(text: str) -> Passage:
    return passage(text, order=99, kind=PassageKind.CAPTION)


PAPER = [caption(CAPTION), *table(XNLI)]


def links(text: str, passages: list[Passage] = PAPER) -> list[Link]:
    claim = ClaimDraft(text, ClaimKind.EFFECT, 0.5, predictions(text, load_lexicon()), passage(text))
    return Tables(passages, load_lexicon()).links(claim)


def places(text: str, passages: list[Passage] = PAPER) -> list[tuple[str, str]]:
    return [(link.cell.row, link.cell.column) for link in links(text, passages)]


def test_a_value_with_both_heads_is_linked():
    (link,) = links("XLM-R reaches an accuracy of 73.9% on Swahili.")
    assert (link.number, link.cell.row, link.cell.column, link.against) == ("73.9%", "XLM-R", "sw", None)
    assert link.matched == ("XLM-R", "sw")


def test_a_column_of_averages_is_meant_where_no_other_is_named():
    assert places("XLM-R reaches an accuracy of 80.9% on XNLI.") == [("XLM-R", "Avg")]
    assert places("XLM-R reaches an average accuracy of 80.9% on XNLI.") == [("XLM-R", "Avg")]
    assert places("XLM-R reaches an accuracy of 80.9% on Swahili.") == []


@pytest.mark.parametrize(
    "text",
    [
        "Our system reaches an accuracy of 73.9%.",  # the number alone
        "Our system reaches an accuracy of 73.9% on Swahili.",  # the column alone
        "XLM-R reaches an accuracy of 74.9% on Swahili.",  # another number
        "mBERT reaches an accuracy of 73.9% on Swahili.",  # another model's row
        "XLM-R reaches an accuracy of 73.9% on Urdu.",  # another column
        "XLM-R reaches an F1 of 73.9% on Swahili in MLQA.",  # another data set
        "XLM-R reaches an accuracy of 73.9% on Swahili in Table 2.",  # another table
        "XLM-R reaches an accuracy of 73.88% on Swahili.",  # more digits than the table prints
    ],
)
def test_anything_less_links_nothing(text: str):
    assert links(text) == []


def test_a_claim_may_print_fewer_digits_than_the_table():
    assert places("XLM-R reaches an accuracy of 74% on Swahili.") == [("XLM-R", "sw")]


def test_a_difference_is_linked_to_both_cells():
    (link,) = links("XLM-R outperforms mBERT by 23.5% on Swahili.")
    assert link.against is not None
    assert (link.cell.row, link.cell.column, link.against.row) == ("XLM-R", "sw", "mBERT")
    assert link.matched == ("XLM-R", "sw", "mBERT")


def test_a_difference_goes_in_the_claimed_direction():
    assert links("mBERT outperforms XLM-R by 23.5% on Swahili.") == []
    assert links("XLM-R outperforms mBERT by 23.5% on English.") == []
    assert links("XLM-R outperforms mBERT by more than 23.5% on Swahili.") == []


def test_a_cell_of_a_level_carries_no_difference():
    assert links("XLM-R improves accuracy on Swahili by 73.9%.") == []


def test_a_table_of_changes_carries_differences():
    gains = [*table({("SQuAD", "gain"): "8.2", ("MNLI", "gain"): "7.5"})]
    text = "Intermediate training on SQuAD and MNLI improves performance by 8.2 and 7.5 points."
    assert places(text, gains) == [("SQuAD", "gain"), ("MNLI", "gain")]
    assert places("SQuAD reaches an accuracy of 8.2%.", gains) == []


def test_two_cells_that_fit_equally_well_link_nothing():
    twins = table({("XLM-R wiki", "sw"): "73.9", ("XLM-R crawl", "sw"): "73.9"})
    assert links("XLM-R reaches an accuracy of 73.9% on Swahili.", twins) == []
    assert places("XLM-R crawl reaches an accuracy of 73.9% on Swahili.", twins) == [("XLM-R crawl", "sw")]


def test_cells_without_heads_and_cells_under_the_same_heads_are_left_alone():
    assert links("XLM-R reaches 73.9% accuracy on Swahili.", table({("XLM-R", ""): "73.9", ("", "sw"): "73.9"})) == []
    twice = [*table({("XLM-R", "sw"): "73.9"}), *table({("XLM-R", "sw"): "70.0"}, first=300)]
    assert links("XLM-R reaches an accuracy of 73.9% on Swahili.", twice) == []


def test_two_numbers_in_one_cell():
    both = table({("XLM-R", "Avg"): "70.7 / 52.7", ("mBERT", "Avg"): "57.7 / 41.6"})
    assert len(links("XLM-R obtains F1 and accuracy scores of 70.7% and 52.7%.", both)) == 2
    (link,) = links("XLM-R outperforms mBERT by 11.1 points on average.", both)
    assert link.against is not None


def test_a_head_needs_its_models_and_one_name_or_all_words():
    names = Names(load_lexicon())
    said = names.said("The shared encoder with XLM-R improves accuracy on German.")
    assert agreement(names.terms("XLM-R / CC"), said)
    assert agreement(names.terms("Shared Encoder"), said)
    assert agreement(names.terms("DE (MT)"), said)
    assert agreement(names.terms("Shared Decoder"), said) is None
    assert agreement(names.terms("XLM-R + mBERT"), said) is None
    assert agreement(names.terms(""), said) is None


NUMBERS = st.decimals(0, 100, places=1).map(str)


@settings(deadline=None)
@given(NUMBERS, NUMBERS)
def test_a_linked_cell_prints_the_claimed_number(printed: str, claimed: str):
    found = links(f"XLM-R reaches an accuracy of {claimed}% on Swahili.", table({("XLM-R", "sw"): printed}))
    assert [link.cell.text for link in found] == ([printed] if printed == claimed else [])


@settings(deadline=None)
@given(st.text(max_size=80), st.text(max_size=20), st.text(max_size=20), st.text(max_size=8))
def test_any_text_is_borne(text: str, row: str, column: str, cell: str):
    for link in links(text, table({(row, column): cell})):
        assert link.number in text
