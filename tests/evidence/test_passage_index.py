"""Retrieval: hostile queries, exclusion, both rankings."""

import sqlite3

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from synth.evidence.passage_index import PassageIndex, match_expression

TEXTS = [
    "XLM-R outperforms multilingual BERT on cross-lingual benchmarks.",
    "The cat sat on the mat in the afternoon.",
    "事前学習された多言語モデルは翻訳検索を改善する。",
    "Retrieval of parallel sentences improves with intermediate training.",
    "Zürich lies in Switzerland.",
]


@pytest.fixture(scope="module")
def index(encoder):
    return PassageIndex([(10 + i, text) for i, text in enumerate(TEXTS)], encoder)


@pytest.fixture(scope="module")
def table():
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE passage USING fts5(text)")
    return db


@given(st.text(max_size=200))
@example('"quoted" NEAR(a b, 3) * ^x col:term -minus AND OR NOT')
@example("a\0b \ud800 ')); DROP TABLE passage; --")
@example("多言語モデル")
@example("")
def test_no_query_is_an_error(table, text):
    expression = match_expression(text)
    if expression:
        table.execute("SELECT count(*) FROM passage WHERE passage MATCH ?", (expression,)).fetchone()


def test_operators_are_plain_words(index):
    assert "NEAR" not in match_expression("NEAR").replace('"near"', "")
    hit = index.rank('cat" OR mat*', 1)[0]
    assert hit.passage_id == 11


def test_both_rankings_and_their_places(index):
    best = index.rank("Does training on intermediate tasks help sentence retrieval?", 3)[0]
    assert best.passage_id == 13
    assert best.lexical_rank == 1
    assert best.dense_rank == 1
    assert 0.4 < best.similarity <= 1.0


def test_words_without_spaces_and_accents_are_found(index):
    assert index.rank("多言語", 1)[0].passage_id == 12
    assert index.rank("Zurich", 1)[0].lexical_rank == 1


def test_excluded_passages_never_come_back(index):
    hits = index.rank(TEXTS[0], 5, exclude={10})
    assert len(hits) == 4
    assert 10 not in {hit.passage_id for hit in hits}


def test_nothing_to_rank(encoder):
    assert PassageIndex([], encoder).rank("anything") == []


def test_same_id_twice_is_refused(encoder):
    with pytest.raises(ValueError, match="distinct"):
        PassageIndex([(1, "a"), (1, "b")], encoder)


def test_the_encoded_text_can_be_another_than_the_searched_one(encoder):
    index = PassageIndex([(1, "alpha beta"), (2, "gamma delta")], encoder, ["a cat on a mat", "Zürich in Switzerland"])
    [hit] = index.rank("a town in the Alps", 1)
    assert (hit.passage_id, hit.dense_rank, hit.lexical_rank) == (2, 1, None)
    assert next(hit.lexical_rank for hit in index.rank("alpha", 2) if hit.passage_id == 1) == 1
    with pytest.raises(ValueError, match="as many"):
        PassageIndex([(1, "alpha")], encoder, [])
