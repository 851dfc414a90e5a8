from __future__ import annotations

import pytest

from synth.reports.wording import carried, count, decimal, interval, listed, long_date, probability, ranges, sentence


def test_numbers() -> None:
    assert decimal(-1.2) == "−1.20"
    assert decimal(1.25, 1, sign=True) == "+1.2"
    assert decimal(-0.001) == "0.00"
    assert decimal(None) == "–"
    assert interval(-2.104, 0.3) == "[−2.10, +0.30]"
    assert interval(None, 0.3) == ""
    assert count(1, "query", "queries") == "1 query"
    assert count(1200, "claim") == "1,200 claims"


@pytest.mark.parametrize(
    ("value", "text"), [(None, "–"), (0.27, "0.27"), (0.999, ">0.99"), (1.0, "1.00"), (0.001, "<0.01"), (0.0, "0.00")]
)
def test_probabilities(value: float | None, text: str) -> None:
    assert probability(value) == text


def test_lists_dates_sentences() -> None:
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert ranges([7, 3, 1, 2]) == "1–3, 7"
    assert long_date("2026-11-01") == "November 1, 2026"
    assert sentence("Why?") == "Why?"
    assert sentence("So it is ") == "So it is."


def test_a_cell_says_what_its_bold_print_marks_and_no_more() -> None:
    cell = {"number": "3.5", "table": "1", "page": 2, "text": "3.5", "row": "a", "column": "b", "against": None}
    assert carried(cell | {"bold": False, "best": ""}) == "3.5 stands in Table 1, p. 2: 3.5 (a; b)"
    assert carried(cell | {"bold": True, "best": ""}).endswith("(a; b, bold)")
    assert carried(cell | {"bold": True, "best": "lowest of its row"}).endswith("(a; b, bold: lowest of its row)")
