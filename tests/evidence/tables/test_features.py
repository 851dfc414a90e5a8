"""Ablations, alternatives, likeness, words, lists over tables, differences across tables; why the rest is open."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.tables import judged
from synth.core.types import Stance
from synth.evidence.tables import TableReason, Tables, Undecided, verdict
from synth.text.lexicon import load_lexicon
from tests.evidence.tables.helpers import XNLI, decided, judge, sentence, table

SUPPORT, CONTRADICT = Stance.SUPPORT, Stance.CONTRADICT
ABLATION = {
    "Full model": {"de": "90.0", "sw": "60.0", "Avg": "75.0"},
    "w/o pre-training": {"de": "70.1", "sw": "30.2", "Avg": "50.2"},
    "w/o CSLS": {"de": "88.0", "sw": "55.0", "Avg": "71.5"},
    "w/o dropout": {"de": "90.5", "sw": "59.1", "Avg": "74.8"},
}


@pytest.mark.parametrize(
    ("claim", "wanted"),
    [
        ("Pre-training is essential.", [(SUPPORT, TableReason.CONTRAST)]),
        ("Removing CSLS hurts accuracy.", [(SUPPORT, TableReason.CONTRAST)]),
        ("Removing CSLS improves accuracy.", [(CONTRADICT, TableReason.CONTRAST)]),
        ("Dropout improves accuracy on German.", [(CONTRADICT, TableReason.CONTRAST)]),
        ("CSLS helps on Urdu.", []),  # no such column
        ("CSLS improves the speed of the model.", []),  # another figure
        ("We hypothesize that CSLS helps.", []),
        ("Not all of CSLS is beneficial.", []),
        ("CSLS does not help.", []),
    ],
)
def test_with_and_without_a_feature(claim, wanted):
    assert decided(claim, table(ABLATION, caption="Ablation on Tatoeba (accuracy).")) == wanted


def test_additions_that_are_cumulative_need_both_comparisons():
    rows = {"BiLSTM": {"F1": "88.0"}, "+ CRF": {"F1": "89.5"}, "+ char": {"F1": "89.0"}}
    passages = table(rows, caption="Results.")
    assert decided("A CRF is beneficial.", passages) == [(SUPPORT, TableReason.CONTRAST)]
    assert decided("Char is beneficial.", passages) == []  # above the BiLSTM, below the row before


CRAWLED = {
    "BERT / Wiki": {"en": "84.5", "sw": "60.1"},
    "BERT / CC": {"en": "86.7", "sw": "70.8"},
    "XLM / Wiki": {"en": "84.6", "sw": "68.7"},
    "XLM / CC": {"en": "87.2", "sw": "75.7"},
}


def test_a_choice_is_compared_with_its_alternative():
    assert decided("Models trained on CC perform better.", table(CRAWLED)) == [(SUPPORT, TableReason.COMPARISON)]
    assert decided("Models trained on Wiki perform better.", table(CRAWLED)) == []  # supports only


@pytest.mark.parametrize(
    ("claim", "wanted"),
    [
        ("XLM-R Base is on par with XLM-R on English.", []),  # 85.8 and 89.1
        ("XLM (Lample and Conneau, 2019) is comparable to mBERT on English.", [(SUPPORT, TableReason.ALIKE)]),
        ("XLM-R is competitive with strong baselines on XNLI.", [(SUPPORT, TableReason.ALIKE)]),
        ("mBERT is competitive with strong baselines on XNLI.", []),
        ("mBERT is not comparable to XLM (Lample and Conneau, 2019) on English.", []),
    ],
)
def test_likeness(claim, wanted):
    assert decided(claim, table(XNLI)) == wanted


USES = {
    "LASER": {"Encoder": "BiLSTM", "Supervision": "translations"},
    "LaBSE": {"Encoder": "Transformer", "Supervision": "translations"},
    "XLM-R": {"Encoder": "Transformer", "Supervision": "raw text"},
}
OUTCOMES = {
    "contrastive against earlier methods": {"outcome": "better"},
    "alignment against no alignment": {"outcome": "no robust gain"},
}


@pytest.mark.parametrize(
    ("claim", "rows", "wanted"),
    [
        ("The encoder of LASER is a BiLSTM.", USES, [(SUPPORT, TableReason.WORDING)]),
        ("The encoder of XLM-R is a BiLSTM.", USES, [(CONTRADICT, TableReason.WORDING)]),
        ("The encoder of XLM-R is not a BiLSTM.", USES, []),
        ("The only encoder of LASER is a BiLSTM.", USES, []),  # says more than the cell
        ("The encoder of mBERT is a Transformer.", USES, []),
        ("The contrastive objective outperforms the earlier methods.", OUTCOMES, [(SUPPORT, TableReason.WORDING)]),
        ("The contrastive objective is worse than the earlier methods.", OUTCOMES, [(CONTRADICT, TableReason.WORDING)]),
        ("Alignment does not improve performance.", OUTCOMES, [(SUPPORT, TableReason.WORDING)]),
        ("Our results do not rule out that alignment helps.", OUTCOMES, []),
    ],
)
def test_cells_of_words(claim, rows, wanted):
    assert decided(claim, table(rows, caption="Overview.")) == wanted


def test_a_list_of_data_sets_is_shared_out_among_tables():
    mlqa = {"XLM-R": {"Avg": "70.7"}, "mBERT": {"Avg": "57.7"}}
    passages = [*table(XNLI), *table(mlqa, "F1 on MLQA.", "2", 5, 300)]
    found = judge("XLM-R outperforms mBERT on XNLI and MLQA.", passages)
    assert [(f.stance, f.table) for f in found] == [(SUPPORT, "Table 1"), (SUPPORT, "Table 2")]
    assert judge("XLM-R outperforms mBERT on XNLI and TyDiQA.", passages) == []
    worse = {"XLM-R": {"Avg": "50.7"}, "mBERT": {"Avg": "57.7"}}
    mixed = [*table(XNLI), *table(worse, "F1 on MLQA.", "2", 5, 300)]
    assert verdict(judge("XLM-R outperforms mBERT on XNLI and MLQA.", mixed)) is Stance.NOT_ENOUGH_INFO


def test_differences_between_two_tables():
    reference = {"English parser": {"Avg": "79.8"}, "Other parser": {"Avg": "75.0"}}
    parsers = {"Seq2Seq": {"DE": "64.9", "ZH": "65.1"}, "Ensemble": {"DE": "74.6", "ZH": "71.1"}}
    passages = [
        *table(reference, "Accuracy of the reference.", "1", 4, 100),
        *table(parsers, "Accuracy in German and Chinese.", "2", 5, 300),
    ]
    (one, two) = judge("The best model has a penalty of -5.2% for DE and -8.7% for ZH.", passages)
    assert {one.reason, two.reason} == {TableReason.DERIVED}
    assert judge("The best model has a penalty of -5.2% for DE and -8.8% for ZH.", passages) == []
    assert judge("The best model has a gain of +5.2% for DE and +8.7% for ZH.", passages) == []  # the sign


@pytest.mark.parametrize(
    ("claim", "wanted"),
    [
        ("There are four models.", SUPPORT),
        ("Table 1 lists five models.", CONTRADICT),
        ("There are five models.", Stance.NOT_ENOUGH_INFO),  # the paper may have more than its table shows
        ("There are four models for Swahili.", Stance.NOT_ENOUGH_INFO),
    ],
)
def test_counts_of_rows(claim, wanted):
    tables = Tables(table(XNLI), load_lexicon())
    (grid,) = tables.grids
    named = type(grid)(grid.label, grid.page, grid.caption, grid.rows, grid.columns, grid.cells, "Model")
    assert verdict(Tables([], load_lexicon(), prepared=[named]).judge(claim)) is wanted


def test_a_bound_is_borne_out_by_more_only():
    assert decided("XLM-R reaches more than 73% on Swahili.", table(XNLI)) == [(SUPPORT, TableReason.VALUE)]
    assert decided("XLM-R reaches more than 73.9% on Swahili.", table(XNLI)) == []


@pytest.mark.parametrize(
    ("claim", "why"),
    [
        ("Figure 3 shows that XLM-R outperforms mBERT.", Undecided.FIGURE),
        ("Table 9 shows that XLM-R outperforms mBERT.", Undecided.OTHER_TABLE),
        ("Parsers are fast.", Undecided.NOTHING_NAMED),
        ("We describe XLM-R.", Undecided.NOTHING_SAID),
        ("XLM-R outperforms T5.", Undecided.UNKNOWN),
        ("XLM-R reaches 12.3.", Undecided.NOT_SHOWN),
    ],
)
def test_why_nothing_is_decided(claim, why):
    tables = Tables(table(XNLI), load_lexicon())
    assert tables.judge(claim) == []
    assert tables.undecided(claim) is why
    assert Tables([sentence(claim)], load_lexicon()).undecided(claim) is Undecided.NO_TABLE


def test_claims_written_with_traps():
    """No wrong decision on the made-up tables, and most of what they show is decided."""
    rows = [json.loads(line) for line in Path(__file__).with_name("made.jsonl").read_text("utf-8").splitlines()]
    counts: Counter[str] = Counter()
    for row, claim, found in judged(rows):
        stance = verdict(found)
        assert not found or stance == row["label"], claim
        counts["told" if row["label"] != "NOT_ENOUGH_INFO" else "open"] += 1
        counts["decided"] += bool(found)
    assert counts["decided"] >= 0.85 * counts["told"]
