"""Rows and columns that a claim names: spellings, aliases, codes, abbreviations, citations."""

from __future__ import annotations

import pytest

from synth.core.types import Passage
from synth.evidence.tables import grids
from synth.evidence.tables.grids.entities import entities
from synth.evidence.tables.grids.grid import GridAxis
from synth.evidence.tables.grids.names import Index
from synth.evidence.tables.grids.paper import PaperDefinitions
from synth.evidence.tables.grids.spelling import folded
from synth.text.lexicon import load_lexicon
from tests.evidence.tables.helpers import XNLI, Rows, sentence, table


def named(claim: str, rows: Rows | list[Passage], axis: GridAxis, *, own: bool = True) -> list[list[str]]:
    """Heads of each entity that a claim names."""
    passages = table(rows) if isinstance(rows, dict) else rows
    lexicon, held = load_lexicon(), grids(passages)
    index = Index(held, lexicon, PaperDefinitions(passages))
    found = entities(index.mentions(claim, lexicon.mentions(claim), own=own), 0, axis, claim)
    return [[held[0].lines(axis)[n].head for n in sorted(e.lines)] for e in found]


def test_spellings_are_folded():
    assert folded("XLM-R Base") == folded("XLM-RBase") == "xlmrbase"
    assert folded("shared encoders") == folded("Shared Encoder")


@pytest.mark.parametrize(
    ("claim", "heads"),
    [
        ("XLM-R is good.", [["XLM-R"]]),
        ("XLM-R Base is good.", [["XLM-R Base"]]),
        ("XLM-R XL is good.", []),  # another model
        ("multilingual BERT is good.", [["mBERT"]]),
        ("XLM beats mBERT.", [["XLM (Lample and Conneau, 2019)"], ["mBERT"]]),
        ("EN-BERT is good.", []),
        ("XLM-R-based parsers beat mBERT.", [["XLM-R"], ["mBERT"]]),
    ],
)
def test_models(claim: str, heads: list[list[str]]):
    assert named(claim, XNLI, GridAxis.ROW) == heads


def test_the_only_variant_of_a_model():
    rows = {"xlm-roberta-base": {"a": "1.0"}, "bert-base-multilingual": {"a": "2.0"}}
    assert named("XLM-RoBERTa loses to multilingual BERT.", rows, GridAxis.ROW) == [
        ["xlm-roberta-base"],
        ["bert-base-multilingual"],
    ]
    both = {"xlm-roberta-base": {"a": "1.0"}, "xlm-roberta-large": {"a": "2.0"}}
    assert named("XLM-RoBERTa is good.", both, GridAxis.ROW) == []


def test_codes_of_languages_and_averages():
    assert named("It reaches 73.9 on Swahili and on average 80.", XNLI, GridAxis.COLUMN) == [["sw"], ["Avg"]]
    assert named("It is good at no cost.", {"A": {"no": "1.0", "it": "2.0", "Avg": "1.5"}}, GridAxis.COLUMN) == []
    assert named("It is good in Norwegian.", {"A": {"no": "1.0", "it": "2.0"}}, GridAxis.COLUMN) == [["no"]]


def test_abbreviations_that_the_paper_defines():
    passages = [sentence("We use a Neural Multiplication Unit (NMU)."), *table({"NMU": {"a": "1"}, "NAU": {"a": "2"}})]
    assert named("The neural multiplication unit converges.", passages, GridAxis.ROW) == [["NMU"]]
    passages = [sentence("Here SD stands for span distinctiveness."), *table({"A": {"SD": "1", "BD": "2"}})]
    assert named("Its span distinctiveness is 1.", passages, GridAxis.COLUMN) == [["SD"]]


def test_a_cited_row_is_its_system():
    passages = [sentence("We compare to mBERT (Devlin et al., 2018)."), *table({"Devlin et al. (2018)": {"a": "1"}})]
    passages += table({"Others": {"a": "2"}}, first=200)
    assert named("multilingual BERT fails.", passages, GridAxis.ROW) == [["Devlin et al. (2018)"]]


def test_our_model_is_the_row_of_the_papers_own_system():
    passages = [sentence("We present XLM-R, a model."), *table(XNLI)]
    assert named("Our model beats mBERT.", passages, GridAxis.ROW) == [["XLM-R"], ["mBERT"]]
    assert named("Our model beats mBERT.", passages, GridAxis.ROW, own=False) == [["mBERT"]]
    assert named("Our method wins.", {"Ours": {"a": "1"}, "Theirs": {"a": "2"}}, GridAxis.ROW) == [["Ours"]]


GROUPED = {
    "Monolingual: BERT / Wiki": {"Avg": "73.4"},
    "Monolingual: BERT / CC": {"Avg": "77.5"},
    "Multilingual: XLM-7 / Wiki": {"Avg": "71.8"},
    "Multilingual: XLM-7 / CC": {"Avg": "76.2"},
}


def test_parts_of_several_levels_narrow_each_other_down():
    assert named("BERT trained on CC is best.", GROUPED, GridAxis.ROW) == [["Monolingual: BERT / CC"]]
    assert named("BERT and XLM-7 trained on CC are alike.", GROUPED, GridAxis.ROW) == [
        ["Monolingual: BERT / CC"],
        ["Multilingual: XLM-7 / CC"],
    ]
    assert named("BERT on Wikipedia loses to XLM-7 on CC.", GROUPED, GridAxis.ROW) == [
        ["Monolingual: BERT / Wiki"],
        ["Multilingual: XLM-7 / CC"],
    ]


def test_without_leaves_out():
    rows = {"SEQ2SEQ": {"a": "1"}, "SEQ2SEQ +BERT": {"a": "2"}, "Other": {"a": "3"}}
    assert named("SEQ2SEQ without BERT improves.", rows, GridAxis.ROW) == [["SEQ2SEQ"]]
    assert named("SEQ2SEQ with BERT improves.", rows, GridAxis.ROW) == [["SEQ2SEQ +BERT"]]


def test_words_of_longer_heads_and_heads_cut_short():
    rows = {"Jute rope": {"Res.": "1", "Ba.": "2"}, "Cotton 3-strand twisted rope": {"Res.": "3", "Ba.": "4"}}
    assert named("Jute is stronger.", rows, GridAxis.ROW) == [["Jute rope"]]
    assert named("Ropes are strong.", rows, GridAxis.ROW) == []
    assert named("It is best in the Restaurants domain.", rows, GridAxis.COLUMN) == [["Res."]]


def test_numbered_rows_are_named_with_what_they_count():
    flat = {"1": {"a": "1"}, "2": {"a": "2"}}
    assert named("It rises by 2 points.", flat, GridAxis.ROW) == []
