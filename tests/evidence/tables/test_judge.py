"""What tables say about claims: figures, differences, orders, extremes; and where they say nothing."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.core.types import ClaimDraft, ClaimKind, Passage, PassageKind, Stance
from synth.evidence.tables import TableReason, Tables, verdict
from synth.text.lexicon import load_lexicon
from tests.evidence.tables.helpers import XNLI, decided, judge, prediction, sentence, table

SUPPORT, CONTRADICT = Stance.SUPPORT, Stance.CONTRADICT


@pytest.mark.parametrize(
    ("claim", "wanted"),
    [
        ("XLM-R reaches an accuracy of 73.9% on Swahili.", [(SUPPORT, TableReason.VALUE)]),
        ("XLM-R reaches an accuracy of 74% on Swahili.", [(SUPPORT, TableReason.VALUE)]),  # fewer digits
        ("XLM-R reaches an average accuracy of 82.3% on XNLI.", [(SUPPORT, TableReason.VALUE)]),
        ("XLM-R reaches 82.3% on XNLI.", [(SUPPORT, TableReason.VALUE)]),
        ("XLM-R reaches an accuracy of 70.2% on Swahili.", [(CONTRADICT, TableReason.VALUE)]),
        ("XLM-R and mBERT reach 73.9% and 50.4% on Swahili, respectively.", [(SUPPORT, TableReason.VALUE)] * 2),
        (
            "XLM-R outperforms mBERT by 23.5 points on Swahili.",
            [(SUPPORT, TableReason.DIFFERENCE), (SUPPORT, "comparison")],
        ),
        (
            "XLM-R outperforms mBERT by 14.4 points on average.",
            [(SUPPORT, TableReason.DIFFERENCE), (SUPPORT, "comparison")],
        ),
        ("XLM-R outperforms mBERT by up to 23.5 points.", [(SUPPORT, TableReason.DIFFERENCE), (SUPPORT, "comparison")]),
        ("XLM-R outperforms mBERT.", [(SUPPORT, TableReason.COMPARISON)]),
        ("XLM-R outperforms mBERT on all languages.", [(SUPPORT, TableReason.COMPARISON)]),
        ("XLM-R is outperformed by mBERT on Swahili.", [(CONTRADICT, TableReason.COMPARISON)]),
        ("mBERT does not outperform XLM-R on Swahili.", [(SUPPORT, TableReason.COMPARISON)]),
        ("XLM-R obtains the best accuracy on Swahili.", [(SUPPORT, TableReason.EXTREME)]),
        ("XLM-R Base obtains the second-best accuracy on German.", [(SUPPORT, TableReason.EXTREME)]),
        ("mBERT obtains the best accuracy on German.", [(CONTRADICT, TableReason.EXTREME)]),
        ("The accuracy on Swahili ranges from 50.4 to 73.9.", [(SUPPORT, TableReason.RANGE)]),
    ],
)
def test_decisions(claim: str, wanted: list[tuple[Stance, TableReason]]):
    assert sorted(decided(claim)) == sorted(wanted)


@pytest.mark.parametrize(
    "claim",
    [
        "Our system reaches an accuracy of 73.9%.",  # no row
        "XLM-R reaches an accuracy of 73.9% on Urdu.",  # no such column
        "XLM-R reaches an F1 of 73.9% on Swahili in MLQA.",  # another data set and metric
        "XLM-R reaches an accuracy of 73.9% on Swahili in Table 2.",  # another table
        "XLM-R XL outperforms mBERT on Swahili.",  # another model
        "XLM-R needs less training time than mBERT.",  # another metric
        "For question answering, XLM-R outperforms mBERT.",  # another task
        "XLM-R reaches 73.88% on Swahili.",  # more digits than the table prints
        "Figure 3 shows that XLM-R outperforms mBERT.",
    ],
)
def test_nothing_is_said_of_what_the_table_does_not_have(claim: str):
    assert verdict(judge(claim)) is Stance.NOT_ENOUGH_INFO


def test_a_finding_says_where_and_why():
    (first, *_) = judge("XLM-R outperforms mBERT by 23.5 points on Swahili.")
    assert first.note == "Table 1 (p. 4): XLM-R, sw: 73.9 – mBERT 50.4 = 23.5"
    assert (first.table, first.page, first.number) == ("Table 1", 4, "23.5 points")
    assert len(first.cells) == 2
    assert first.against == first.cells[1]
    assert 0.5 < first.confidence < 1


def test_how_many_agree_is_counted():
    mixed = {"Alpha": {"x": "1.1", "y": "2.0", "z": "3.0"}, "Beta": {"x": "1.2", "y": "1.0", "z": "2.0"}}
    passages = table(mixed, caption="Results (accuracy).")
    (found,) = judge("Alpha outperforms Beta on most tasks.", passages)
    assert (found.stance, found.agree, found.total) == (SUPPORT, 2, 3)
    (found,) = judge("Alpha outperforms Beta on all tasks.", passages)
    assert found.stance is CONTRADICT
    (found,) = judge("Alpha outperforms Beta on 2 of the 3 tasks.", passages)
    assert found.stance is SUPPORT
    assert judge("Alpha outperforms Beta.", passages) == []


def test_metrics_of_which_less_is_better():
    passages = table({"Alpha": {"WER": "5.1"}, "Beta": {"WER": "7.3"}}, caption="Word error rates.")
    assert decided("Alpha is better than Beta.", passages) == [(SUPPORT, TableReason.COMPARISON)]
    assert decided("Alpha has a higher WER than Beta.", passages) == [(CONTRADICT, TableReason.COMPARISON)]
    assert decided("Alpha obtains the best WER.", passages) == [(SUPPORT, TableReason.EXTREME)]


def test_shares_are_per_cent():
    passages = table({"Alpha": {"F1": "0.871"}, "Beta": {"F1": "0.842"}}, caption="F1 scores.")
    assert decided("Alpha reaches an F1 of 87.1%.", passages) == [(SUPPORT, TableReason.VALUE)]
    assert (SUPPORT, TableReason.DIFFERENCE) in decided("Alpha outperforms Beta by 2.9 points of F1.", passages)


def test_changes_over_a_base_that_is_not_named():
    passages = table({"Ours": {"de": "61.0", "zh": "55.2"}, "Back": {"de": "57.8", "zh": "53.9"}})
    found = judge("Our model improves upon the baseline by 3.2% for German and 1.3% for Chinese.", passages)
    assert [f.reason for f in found] == [TableReason.DERIVED] * 2
    assert judge("Our model improves upon the baseline by 3.2% for German.", passages) == []


def test_some_figures_are_only_a_part():
    found = judge("XLM-R reaches 73.9% on Swahili and 71.2% on Yoruba.")
    assert [f.reason for f in found] == [TableReason.PART]


def test_a_figure_that_stands_there_but_is_not_the_extreme():
    passages = table({"A": {"loss": "3.2"}, "B": {"loss": "1.1"}, "C": {"loss": "4.4"}}, caption="Losses.")
    assert verdict(judge("The lowest loss is 3.2.", passages)) is CONTRADICT


def test_transfer_matrices_where_the_caption_says_what_rows_are():
    rows = {"EN": {"EN": "97.1", "HI": "60.2"}, "UR": {"EN": "55.0", "HI": "91.1"}, "HI": {"EN": "58.0", "HI": "97.0"}}
    claim = "Fine-tuned on Urdu, the model achieves 91.1% accuracy on Hindi."
    assert decided(claim, table(rows, caption="POS accuracy. Row=fine-tuning, column=eval.")) == [(SUPPORT, "value")]
    assert decided("The model achieves 60% on Hindi.", table(rows, caption="POS accuracy.")) == []


def test_other_papers_contradict_no_figure_and_have_no_our_model():
    claim = "XLM-R reaches an accuracy of 70.2% on Swahili."
    assert verdict(judge(claim)) is CONTRADICT
    assert judge(claim, own_paper=False) == []
    (found,) = judge("XLM-R outperforms mBERT on XNLI.", own_paper=False)
    assert not found.own_paper


@pytest.mark.parametrize(
    ("claim", "decides"),
    [
        ("XLM-R reaches 73.9% on Swahili in XNLI.", True),
        ("XLM-R outperforms mBERT by 23.5 points on XNLI for Swahili.", True),
        ("XLM-R outperforms mBERT on Swahili.", False),  # on what?
        ("XLM-R outperforms mBERT by 2.4 points on XNLI.", False),  # another difference, though the same order
        ("XLM-R reaches over 70% accuracy on XNLI for Swahili.", False),  # any good figure would do
        ("XLM outperforms mBERT on XNLI and on MLQA.", False),
        ("XLM-R Large outperforms mBERT on XNLI.", False),
    ],
)
def test_another_paper_s_table_speaks_of_the_same_measurement_only(claim, decides):
    assert bool(judge(claim, own_paper=False)) is decides


def test_what_is_best_is_said_of_the_rows_of_the_own_paper():
    claim = "mBERT is the best system on Swahili."
    assert [f.reason for f in judge(claim)] == [TableReason.EXTREME]
    assert judge(claim, own_paper=False) == []


def test_of_two_tables_the_one_that_knows_the_data_set_speaks():
    other = table({"XLM-R": {"Avg": "82.3"}, "mBERT": {"Avg": "70.1"}}, "F1 on MLQA.", "2", 5, 300)
    assert [f.table for f in judge("XLM-R reaches 82.3 on XNLI.", [*table(XNLI), *other])] == ["Table 1"]


def test_a_pronoun_is_what_the_prediction_says():
    tables = Tables(table(XNLI), load_lexicon())
    assert tables.judge("It outperforms mBERT on Swahili.") == []
    (found,) = tables.judge("It outperforms mBERT on Swahili.", [prediction("XLM-R")])
    assert found.stance is SUPPORT

    (found,) = tables.judge("We show that it outperforms mBERT on Swahili.", [prediction("XLM-R")])
    assert found.stance is SUPPORT


def test_the_best_row_that_is_no_variant_is_the_previous_state_of_the_art():
    found = judge("XLM-R outperforms the previous state of the art by 10.5% average accuracy on XNLI.")
    assert [(f.stance, f.reason) for f in found] == [(SUPPORT, TableReason.DERIVED)]
    assert found[0].note.endswith("82.3 – XLM (Lample and Conneau, 2019) 71.8 = 10.5")
    assert judge("XLM-R outperforms the previous state of the art by 5.3% average accuracy on XNLI.") == []


def test_a_new_state_of_the_art_and_higher_than_what_was_named_before():
    assert decided("XLM-R sets a new state of the art on XNLI.") == [(SUPPORT, TableReason.EXTREME)]
    assert decided("XLM-R has a higher accuracy on Swahili.") == [(SUPPORT, TableReason.EXTREME)]
    assert decided("XLM-R Base has a higher accuracy on Swahili.") == []


def test_totals_and_means_that_the_table_does_not_print():
    sizes = {"Training": {"Tokens": "198579"}, "Test": {"Tokens": "25100"}}
    passages = table(sizes, caption="Statistics.")
    assert decided("Altogether, the splits comprise 223,679 tokens.", passages) == [(SUPPORT, TableReason.AGGREGATE)]
    assert decided("Altogether, the splits comprise 223,680 tokens.", passages) == []


def test_the_rows_under_the_same_outer_head_are_the_rivals():
    rows = {
        "× / NMU": {"rate": "98%"},
        "× / NAC": {"rate": "31%"},
        "+ / NAU": {"rate": "100%"},
        "+ / NAC": {"rate": "9%"},
    }
    passages = table(rows, caption="Success rates.")
    assert decided("For multiplication, the NMU has the highest rate.", passages) == [(SUPPORT, TableReason.EXTREME)]


def test_numbers_are_linked_to_their_cells():
    claim = "XLM-R reaches 73.9% on Swahili."
    (link,) = Tables(table(XNLI), load_lexicon()).links(ClaimDraft(claim, ClaimKind.EFFECT, 0.5, (), sentence(claim)))
    assert (link.number, link.cell.row, link.cell.column, link.against) == ("73.9%", "XLM-R", "sw", None)
    assert link.matched == ("XLM-R", "sw")


def test_heads_that_come_twice_decide_nothing_against():
    twice = {"XLM-R wiki": {"sw": "73.9"}, "XLM-R crawl": {"sw": "70.0"}}
    assert judge("XLM-R reaches 71.5% on Swahili.", table(twice)) == []
    assert decided("XLM-R crawl reaches 70.0% on Swahili.", table(twice)) == [(SUPPORT, TableReason.VALUE)]


def test_three_thousand_claims_over_a_large_table():
    cells = [
        Passage(
            PassageKind.CELL,
            str(i * 37 % 1000 / 10),
            "",
            1,
            (),
            "results",
            i,
            f"Model-{i // 40}",
            f"Task {i % 40}",
            "1",
        )
        for i in range(4000)
    ]
    tables = Tables(cells, load_lexicon())
    began = time.process_time()
    for i in range(3000):
        tables.judge(f"Model-{i % 100} outperforms Model-{(i + 1) % 100} by {i % 50 / 10} points on Task {i % 40}.")
    assert time.process_time() - began < 10


@given(st.text(max_size=80), st.text(max_size=20), st.text(max_size=20), st.text(max_size=8))
def test_any_text_is_borne(claim: str, row: str, column: str, cell: str):
    for found in judge(claim, table({row: {column: cell}, "B": {column: "1.5"}})):
        assert found.total >= found.agree >= 0


@pytest.mark.parametrize(
    "claim",
    [
        "mBERT and XLM-R go from 40 to 2 and from 50.4 to 73.9 on Swahili.",
        "On Swahili and German, accuracy rises from 50.4 to 73.9 and 3 to 9, respectively.",
    ],
)
def test_ranges_dealt_out_to_several_names_are_looked_up(claim):
    judge(claim)


CRAWLED = {
    "BERT / Wiki": {"en": "84.5", "sw": "60.1", "ur": "57.3"},
    "BERT / CC": {"en": "86.7", "sw": "70.8", "ur": "65.1"},
    "XLM-7 / Wiki": {"en": "84.6", "sw": "68.7", "ur": "66.7"},
    "XLM-7 / CC": {"en": "87.2", "sw": "75.7", "ur": "71.5"},
}


@pytest.mark.parametrize(
    ("claim", "rows", "wanted"),
    [
        # A level and a change from it, over lines that are called otherwise than in the table.
        (
            "Training on Swahili reaches 73.9% accuracy, outperforming plain transfer by 23.5%.",
            XNLI,
            [(SUPPORT, "derived")],
        ),
        ("Training on Swahili reaches 73.9% accuracy, outperforming plain transfer by 23.9%.", XNLI, []),
        ("We observe a 1.6 decrease on German, going from 78.7 to 77.1.", XNLI, []),
        # Changes in two columns that one pair of rows has.
        (
            "For XLM-7 trained on crawled text, we see 7% and 4.8% improvement on Swahili and Urdu respectively.",
            CRAWLED,
            [(SUPPORT, "derived")] * 2,
        ),
        (
            "For XLM-7 trained on crawled text, we see 7% and 5.8% improvement on Swahili and Urdu respectively.",
            CRAWLED,
            [],
        ),
    ],
)
def test_changes_over_what_is_not_named(claim, rows, wanted):
    assert decided(claim, table(rows)) == wanted


PLAIN = [
    ("parameters, billions", "3.5"),
    ("gain, per cent", "1.8"),
    ("parameters, billions", "10.7"),
    ("gain, per cent", "2.4"),
]


def of_figures(named: bool) -> list[Passage]:
    """Return a table of figures alone, its rows without names or with the first figure as one."""
    held = table({"": {}}, caption="Average accuracy on XNLI compared with XLM-R.")
    for order, (head, value) in enumerate(PLAIN, 100):
        place = (4, ((4, 0, len(value)),), "results", order)
        row = PLAIN[(order - 100) // 2 * 2][1] if named else ""
        held.append(Passage(PassageKind.CELL, value, value, *place, row, head, "1"))
    return held


@pytest.mark.parametrize("named", [False, True])
@pytest.mark.parametrize(
    ("claim", "count"),
    [
        ("The model with 3.5 billion parameters outperforms XLM-R by 1.8%, that with 10.7 billion by 2.4%.", 2),
        ("The model with 3.5 billion parameters outperforms XLM-R by 2.4% on XNLI.", 0),
        ("The model with 3.5 billion parameters outperforms T5 by 1.8% on XNLI.", 0),
    ],
)
def test_rows_that_a_column_describes(claim, count, named):
    assert [f.stance for f in judge(claim, of_figures(named))] == [SUPPORT] * count


CITED_ROWS = {
    "Train on one language: M-BERT": {"POS": "50.4"},
    "Train on one language: Ball and Garrette (2018)": {"POS": "77.4"},
    "Train on both: M-BERT": {"POS": "85.6"},
    "Train on both: Bhat et al. (2018)": {"POS": "90.5"},
}


@pytest.mark.parametrize(
    ("claim", "wanted"),
    [
        ("M-BERT is outperformed by previous work.", [(SUPPORT, TableReason.COMPARISON)]),
        ("M-BERT outperforms previous work.", []),  # supports only
        ("M-BERT is outperformed by its successor.", []),
    ],
)
def test_previous_work_is_the_cited_rows(claim, wanted):
    assert decided(claim, table(CITED_ROWS, caption="POS accuracy.")) == wanted


MATRIX = {
    "EN": {"EN": "96.8", "DE": "89.4", "ES": "85.9"},
    "DE": {"EN": "84.0", "DE": "94.0", "ES": "86.3"},
}


@pytest.mark.parametrize(
    ("claim", "caption", "count"),
    [
        ("M-BERT generalizes well, achieving over 80% accuracy for all pairs.", "POS accuracy.", 1),
        ("M-BERT generalizes well, achieving over 85% accuracy for all pairs.", "POS accuracy.", 0),
        ("M-BERT generalizes well, achieving over 80% accuracy for all pairs.", "POS tagging, F1.", 0),
        ("M-BERT generalizes well, achieving over 80% accuracy for some pairs.", "POS accuracy.", 0),
    ],
)
def test_a_bound_of_all_figures(claim, caption, count):
    assert [f.stance for f in judge(claim, table(MATRIX, caption=caption))] == [SUPPORT] * count
