"""BM25 from FTS5 and from packed words: the same scores, whatever the query and whatever came later."""

import math
import sqlite3

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from synth.library import file, postings
from synth.library.imports import import_dump
from synth.library.stems import Stems
from synth.library.words import ABSTRACT, TITLE, LexicalIndex, idf, packed_rows, unpacked
from tests.library.records import acl_entry, write

QUERIES = ("transfer for retrieval", "adapters", "several languages and results", "corpus5 parsing study")


def library(path, numbers, **changes):
    with file.writing(path / "library.db") as db:
        import_dump(db, write(path / f"dump{len(list(path.iterdir()))}", [acl_entry(i, **changes) for i in numbers]))
    return file.opened(path / "library.db")


@pytest.fixture(scope="module")
def db(tmp_path_factory):
    db = library(tmp_path_factory.mktemp("words"), range(300))
    yield db
    db.close()


def packed(db, monkeypatch, fewest=5):
    monkeypatch.setattr(postings, "MIN_ROWS", fewest)
    postings.pack(db)
    return db


def test_scores_are_those_of_bm25(tmp_path):
    """By hand: "zebra" in one title of three papers, each 3 words long; k1 = 1.2, b = 0.75, a title weighs 2."""
    path = tmp_path
    texts = [("A zebra", "runs"), ("Two cats", "sleep"), ("Three dogs", "bark")]
    entries = [acl_entry(i, title=title, abstract=abstract) for i, (title, abstract) in enumerate(texts)]
    with file.writing(path / "library.db") as db:
        import_dump(db, write(path / "dump", entries))
        ranking = LexicalIndex(db).rank("zebras?", 10)
    frequency = TITLE
    expected = math.log(1 + 2.5 / 1.5) * frequency * 2.2 / (frequency + 1.2)
    assert ranking.total == 1
    assert ranking.best == [(1, pytest.approx(expected, rel=1e-5))]


def test_the_order_is_that_of_fts5(db):
    """Words that fewer than half of the records have weigh nearly the same in both formulas."""
    for query in ("transfer retrieval", "adapters parsing corpus7"):
        expression = " OR ".join(query.split())
        order = f"bm25(word, {TITLE}, {ABSTRACT}), rowid"
        theirs = db.execute(f"SELECT rowid FROM word WHERE word MATCH ? ORDER BY {order} LIMIT 5", (expression,))
        assert [number for number, _ in LexicalIndex(db).rank(query, 5).best] == [number for (number,) in theirs]


def test_packing_changes_no_ranking(tmp_path, monkeypatch):
    db = library(tmp_path, range(300))
    before = [LexicalIndex(db).rank(query, 50) for query in QUERIES]
    packed(db, monkeypatch)
    assert db.execute("SELECT count(*) FROM posting").fetchone()[0] > 10
    for query, old in zip(QUERIES, before, strict=True):
        new = LexicalIndex(db).rank(query, 50)
        assert new.total == old.total
        scores = dict(new.best)
        # A packed factor is a byte: it is off by 2.2 / 510 at most.
        for number, score in old.best:
            assert scores.get(number, new.best[-1][1]) == pytest.approx(score, abs=0.05)


def test_later_and_changed_records_count_after_packing(tmp_path, monkeypatch):
    packed(library(tmp_path, range(200)), monkeypatch).close()
    library(tmp_path, range(200, 260)).close()
    db = library(tmp_path, range(20), title="Nothing of the sort", abstract="But zebras.")
    (tmp_path / "fresh").mkdir()
    expected = library(tmp_path / "fresh", range(20, 260))
    changed = LexicalIndex(db).rank("transfer for retrieval", 300)
    names = dict(db.execute("SELECT id, source_id FROM record").fetchall())
    fresh = dict(expected.execute("SELECT id, source_id FROM record").fetchall())
    found = {names[number] for number, _ in changed.best}
    assert found == {fresh[number] for number, _ in LexicalIndex(expected).rank("transfer for retrieval", 300).best}
    assert LexicalIndex(db).rank("zebras", 100).total == 20
    monkeypatch.setattr(postings, "MIN_ROWS", 5)
    assert postings.needed(db)
    postings.pack(db)
    assert not postings.needed(db)
    again = LexicalIndex(db).rank("transfer for retrieval", 300)
    assert {number for number, _ in again.best} == {number for number, _ in changed.best}
    assert db.execute("SELECT count(*) FROM gone").fetchone()[0] == 0


def test_packing_goes_on_after_an_interruption(tmp_path, monkeypatch):
    db = library(tmp_path, range(300))
    monkeypatch.setattr(postings, "MIN_ROWS", 5)
    monkeypatch.setattr(postings, "ROWS_AT_ONCE", 100)

    def interrupt(done, total):
        if done > 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        postings.pack(db, interrupt)
    kept = db.execute("SELECT count(*) FROM posting").fetchone()[0]
    assert 5 < kept < len(postings.frequent(db))
    before = [LexicalIndex(db).rank(query, 50).total for query in QUERIES]
    assert postings.pack(db) > kept
    assert [LexicalIndex(db).rank(query, 50).total for query in QUERIES] == before


@settings(deadline=None)
@given(st.text(max_size=200))
@example('"quoted" NEAR(a b, 3) * ^x col:term -minus AND OR NOT')
@example("a\0b \ud800 ')); DROP TABLE record; --")
@example("title:transfer abstract : {a b}")
@example("²½ ٣ 多言語モデル ǅ ß")
@example("")
def test_no_query_is_an_error(db, text):
    ranking = LexicalIndex(db).rank(text, 3)
    assert len(ranking.best) == min(3, ranking.total)


def test_operators_and_columns_are_plain_words(db):
    assert LexicalIndex(db).rank("NOT OR AND", 5).total == 0
    assert LexicalIndex(db).rank("title : corpus5", 5).best[0] == LexicalIndex(db).rank("corpus5", 5).best[0]


def test_nothing_found_and_words_of_one_stem(db):
    assert LexicalIndex(db).rank("unheardofword", 5)[:2] == ([], 0)
    assert LexicalIndex(db).rank("adapter adapters adapted", 5)[:2] == LexicalIndex(db).rank("adapter", 5)[:2]


@settings(deadline=None)
@given(st.lists(st.integers(0, 300_000), unique=True, min_size=1, max_size=50).map(sorted))
def test_packed_rows_come_back(rows):
    assert unpacked(*packed_rows(np.array(rows, dtype=np.int64))).tolist() == rows


def test_stems_are_those_of_the_index():
    stems = Stems()
    assert stems.of(["databases", "Zürich", "running"]) == {
        "databases": "databas",
        "Zürich": "zurich",
        "running": "run",
    }
    assert stems.of([]) == {}
    assert stems.all("Running databases run") == {"run", "databas"}


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_idf_is_never_negative_and_falls(count, rows):
    rows = min(rows, count)
    assert idf(count, rows) >= 0
    if rows < count:
        assert idf(count, rows) > idf(count, rows + 1)


def test_damaged_query_table_is_told(tmp_path):
    (tmp_path / "library.db").write_bytes(b"no database" * 1000)
    with pytest.raises(Exception, match="not a usable SQLite database"):
        file.opened(tmp_path / "library.db")
    assert sqlite3.sqlite_version_info >= (3, 9)
