from __future__ import annotations

from dataclasses import replace

import pytest

from synth.report import wording
from synth.report.facts import Facts
from synth.report.wording import count, decimal, interval, listed, long_date, prediction, probability, ranges, sentence
from synth.store.rows.claims import CellView, SourceView
from synth.store.rows.runs import LinkView, PredictionView

BLANK = PredictionView(1, "", "", "", "", "", None, "", {}, "")


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


def test_evidence_says_where_it_stands(full: Facts) -> None:
    cell = CellView("Table 2", "XLM-R", "avg", "31.0", False, "", "31.0", 5, ((5, 0, 4),), "", 1, "", "")
    source = SourceView(1, "Tea.", 1, "On Tea", 6, "results", ((6, 0, 4),), "")
    row = replace(full.claims[0].evidence[0], page=5, location="Table 2", table=(cell,))
    assert wording.located(row) == "Table 2, p. 5"
    assert wording.cells(row) == "row “XLM-R”, column “avg”: 31.0"
    several = replace(row, table=(replace(cell, row=""),) * 5)
    assert wording.cells(several).endswith("column “avg”: 31.0; and 2 more cells")
    assert wording.located(replace(row, page=6, location="p. 6")) == wording.located(source) == "p. 6"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("In this paper, we show that X improves Y.", "X improves Y"),
        ("Our results further demonstrate that lids help.", "Lids help"),
        ("Specifically, in Table 5, we show that A outperforms B by 1.3%.", "A outperforms B by 1.3%"),
        ("Our results suggest that lids help.", "Our results suggest that lids help"),  # no more than a suggestion
        ("However, lids do not help.", "Lids do not help"),
        ("We show that.", "We show that"),
        ("X improves Y", "X improves Y"),
    ],
)
def test_a_finding_is_told_without_its_announcement(text: str, said: str) -> None:
    assert wording.finding(text) == said


def test_texts_of_the_laboratory_are_worded_for_readers():
    text = "large − small on accuracy_csls: -0.17 [-5.59, +5.25] points, 2026-11-21"
    assert wording.worded(text) == "large − small on accuracy (centred, CSLS): −0.17 [−5.59, +5.25] points, 2026-11-21"
    assert wording.worded("accuracy_cosine_pool200") == "accuracy (cosine, 200 candidates)"
    assert wording.worded("my_accuracy_csls_more f1 a-1") == "my_accuracy_csls_more f1 a-1"


def test_quantities_sources_and_moments():
    assert [wording.quantity(n, "points") for n in (1, 2.5)] == ["1 point", "2.5 points"]
    assert [wording.source(name) for name in ("arxiv", "own")] == ["arXiv", "own"]
    assert wording.moment("2026-11-21T15:46:44Z") == "2026-11-21 15:46:44"
    assert wording.moment("yesterday") == "yesterday"


def test_a_prediction_in_words() -> None:
    compared = {"treatment": "AMBER", "baseline": "XLM-R", "task": "BUCC", "metric": "F1", "direction": "greater"}
    sized = {"value": 27.3, "unit": "points", "scope": {"approximate": "up to"}, "hedge": "may"}
    counted = {"treatment": "XTREME-R", "task": "XTREME-R", "metric": "tasks", "direction": "count", "value": 10.0}
    correlated = {"treatment": "transfer", "metric": "the size of the corpus", "direction": "positive"}
    slots = ({}, compared, compared | sized, counted | {"unit": "count"}, correlated)
    said = [prediction(replace(BLANK, **filled)) for filled in slots]
    assert said == [
        "(treatment not named): direction not stated",
        "AMBER against XLM-R on BUCC in F1: greater",
        "AMBER against XLM-R on BUCC in F1: greater, 27.3 points (approximate: up to), said with “may”",
        "XTREME-R: 10 tasks",
        "transfer with the size of the corpus: positive",
    ]


def test_a_coefficient_is_no_unit() -> None:
    assert wording.estimated(1.2, "points") == "+1.20 points"
    assert wording.estimated(-0.53, "Spearman's ρ") == "Spearman's ρ = −0.53"
    assert wording.estimated(None, "points") == "– points"
    assert wording.quantity(0.1, "Spearman's ρ") == "Spearman's ρ of 0.1"


def test_a_prediction_is_legible_if_it_says_what_is_done_which_way_and_on_what() -> None:
    tuned = replace(BLANK, treatment="tuning", direction="increase")
    link = LinkView(1, 1, 1, "made-up", "fed", 0.5, {}, {}, {})
    several = (BLANK, tuned, replace(tuned, task="XNLI"), replace(tuned, value=0.0))
    assert [wording.legible(one) for one in several] == [False, False, True, True]
    assert wording.legible(replace(tuned, links=(link,)))
    assert not wording.legible(replace(tuned, treatment="", task="XNLI"))


def test_a_metric_at_the_head_of_a_table() -> None:
    heads = [wording.opened(wording.with_unit(metric)) for metric in ("accuracy_cosine", "f1_dev", "rows")]
    assert heads == ["Accuracy (cosine), %", "F1_dev, %", "Rows"]
