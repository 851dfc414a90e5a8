"""Numbers of claims in three published papers, and the cells that carry them. Every link was looked at."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

import pytest

from synth.claims import find_claims, load_lexicon
from synth.claims.cells import Tables
from synth.reading import read_pdfs
from synth.types import Document

JUDGED = Path(__file__).parents[2] / "docs" / "claims-by-hand.toml"
XLMR, MBERT, PARSER = "1911.02116", "1906.01502", "2020.findings-emnlp.45"
# number of the claim, table, row, column, row of the baseline
LINKS = {
    MBERT: {("91%", "4", "UR", "HI", "")},
    XLMR: {
        ("+13%", "3", "XLM-R / en", "Avg", "mBERT / en"),
        ("+2.4%", "2", "XLM-R / en / 1", "Avg", "mBERT / en / 1"),
        ("83.6%", "1", "XLM-R / CC", "Avg", ""),
        ("2.09 points", "2", "XLM-R / each / N", "nl", "Akbik et al. (2018) / each / N"),
        ("2.42", "2", "XLM-R / en / 1", "Avg", "mBERT / en / 1"),
        ("70.7%", "3", "XLM-R / en", "Avg", ""),
        ("52.7%", "3", "XLM-R / en", "Avg", ""),
        ("1.0%", "4", "RoBERTa", "Avg", "XLM-R"),
        ("80.0%", "5", "XLM-7 / CC", "Avg", ""),
        ("77.5%", "5", "BERT / CC", "Avg", ""),
    },
    PARSER: set(),
}


@pytest.fixture(scope="module")
def papers(data) -> dict[str, Document]:
    found = {path.stem: document for path, document in read_pdfs([data / "papers" / f"{name}.pdf" for name in LINKS])}
    assert all(isinstance(document, Document) for document in found.values())
    return found


@pytest.mark.parametrize("name", LINKS)
def test_these_numbers_are_linked_and_no_others(papers, name):
    tables = Tables(papers[name].passages, load_lexicon())
    found = set()
    for claim in find_claims(papers[name].passages):
        for link in tables.links(claim):
            row = link.cell.row.rsplit(": ", 1)[-1]
            against = link.against.row if link.against else ""
            found.add((link.number, link.cell.table, row, link.cell.column, against))
    assert found == LINKS[name]


def test_the_best_of_a_table_is_marked(papers):
    marked = {(p.row.rsplit(": ", 1)[-1], p.column): p.best for p in papers[XLMR].passages if p.table == "4" and p.best}
    assert marked == {}  # only its heads are bold
    best = {(p.row, p.column) for p in papers[PARSER].passages if p.table == "2(a)" and p.best}
    assert best == {("Shared Encoder +BERT-ML", "DE"), ("Shared Encoder +BERT-ML", "ZH")}


def test_the_claims_judged_by_hand_stand_where_they_stood(papers):
    rows = [r for r in tomllib.loads(JUDGED.read_text(encoding="utf-8"))["claim"] if r["paper"] in LINKS]
    for row in rows:
        texts = {
            hashlib.sha256(p.text.encode()).hexdigest() for p in papers[row["paper"]].passages if p.page == row["page"]
        }
        assert row["sha256"] in texts, row["opens"]
