"""Opening, migrating, locking and refusing."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlmodel import SQLModel, select

from synth.core.errors import SynthError
from synth.core.storage_errors import explain
from synth.store import database, views
from synth.store.database import Store, engine_for, known_revisions, migrate, reading, revision
from synth.store.tables import ClaimRow, Run, Search, Verdict


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "db" / "synth.db"


def add_search(path: Path, count: int) -> None:
    store = Store(path)
    for number in range(count):
        with store.session() as s:
            s.add(Search(question=f"q{number}", key=str(os.getpid()), created="now"))
    store.close()


def test_migrated_database_is_what_the_tables_say(path):
    migrate(path)
    with engine_for(path).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []


def migrate_to(path: Path, wanted: str) -> None:
    """A database as an earlier version left it."""
    path.parent.mkdir(parents=True)
    config = Config()
    config.set_main_option("script_location", str(database.MIGRATIONS))
    engine = engine_for(path)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, wanted)
    engine.dispose()


def test_a_database_of_the_first_schema_keeps_its_rows(path):
    migrate_to(path, "0001")
    with sqlite3.connect(path) as connection:
        connection.executescript(
            """INSERT INTO search VALUES (1, 'q', 'k', '[]', '{}', 'done', 1, 'now', NULL);
               INSERT INTO claim VALUES (1, 1, 'text', 'effect', 0.5, NULL, '', 0, '', 0);
               INSERT INTO prediction VALUES (1, 1, 0, 'a', 'b', 'c', 'd', 'increase', 1.5, 'points', '{"model": "e"}');
               INSERT INTO link VALUES (1, 1, 1, 'x', 'y', 0.5, '{}', '{}');
               INSERT INTO run (id, claim_id, prediction_id, experiment, contrast, fidelity, spec, spec_hash,
                                registered, state, gate, stages, provenance, error)
               VALUES (1, 1, 1, 'x', 'y', 'synthetic', '{}', 'h', 'then', 'done', '{}', '[]', '{}', '');"""
        )
    assert revision(path) == "0001"
    with reading(path) as connection:  # migrates
        (row,) = views.predictions(connection, 1)
        assert connection.execute("SELECT count(*) FROM run").fetchone()[0] == 1
    assert (row["treatment"], row["value"], row["scope"], row["hedge"]) == ("a", 1.5, {"model": "e"}, "")
    assert [link["experiment"] for link in row["links"]] == ["x"]
    assert revision(path) == known_revisions()[-1]


def test_the_ledger_of_an_older_database_keeps_its_hits(path):
    migrate_to(path, "0001")
    rows = (
        "INSERT INTO search VALUES (1, 'q', 'k', '[]', '{}', 'running', 0, 'now', NULL)",
        "INSERT INTO paper (id, title, title_key, authors, abstract, url, arxiv_id, doi, acl_id, withdrawn, comment,"
        " pdf_path, pdf_sha256, text_state, text_reason) VALUES (1, 't', '', '[]', '', '', '', '', '', 0, '', '', '',"
        " 'unread', '')",
        "INSERT INTO paper_record VALUES (1, 1, 'arxiv', 'x', '', '', '', '', '{}')",
        "INSERT INTO source_query VALUES (1, 1, 'arxiv', 'all:x', NULL, NULL, 'running', '', '', 0, 1, 9, 1, 1, '[]')",
        "INSERT INTO hit VALUES (1, 1, 1, 0)",
    )
    with sqlite3.connect(path) as connection:
        for row in rows:
            connection.execute(row)
    migrate(path)
    with reading(path) as connection:
        assert connection.execute("SELECT count(*) FROM hit").fetchone()[0] == 1
        found = connection.execute("SELECT kind, request, max_hits, pages, taken FROM source_query").fetchone()
        assert tuple(found) == ("question", "", None, 0, 1)


def test_records_of_an_older_database_can_be_looked_up(path):
    migrate_to(path, "0004")
    content = [
        '{"doi": "10.48550/arXiv.1906.01502", "arxiv_id": "", "acl_id": ""}',
        '{"doi": "10.18653/v1/P19-1493", "arxiv_id": "", "acl_id": "P19-1493"}',
        '{"doi": "10.1000/AbC", "arxiv_id": "1906.01502", "acl_id": ""}',
    ]
    with sqlite3.connect(path) as connection:
        connection.execute(
            "INSERT INTO paper (id, title, title_key, authors, abstract, url, arxiv_id, doi, acl_id, withdrawn,"
            " comment, pdf_path, pdf_sha256, text_state, text_reason)"
            " VALUES (1, 'A title', 'atitle', '[]', '', '', '', '', '', 0, '', '', '', 'unread', '')"
        )
        for number, text in enumerate(content, 1):
            connection.execute(
                "INSERT INTO paper_record (id, paper_id, source, source_id, version, title, url, pdf_url, content)"
                " VALUES (?, 1, 'x', ?, '', '', '', '', ?)",
                (number, str(number), text),
            )
    migrate(path)
    with reading(path) as connection:
        rows = connection.execute("SELECT paper_record_id, kind, value FROM record_key").fetchall()
        assert connection.execute("SELECT joined_into FROM paper").fetchone()[0] is None
    assert {tuple(row) for row in rows} == {
        (1, "arxiv", "1906.01502"),
        (2, "acl", "p19-1493"),
        (3, "doi", "10.1000/abc"),
        (3, "arxiv", "1906.01502"),
        *((number, "title", "atitle") for number in (1, 2, 3)),
    }


def test_sentences_of_an_older_database_get_codes(path):
    migrate_to(path, "0008")
    reasons = ["full text not available", "unreadable PDF (encrypted)", "below the limit of 3 papers", "off topic", ""]
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO search VALUES (1, 'q', 'k', '[]', '{}', 'done', 1, 'now', NULL)")
        for number, reason in enumerate(reasons, 1):
            connection.execute(
                "INSERT INTO paper (id, title, title_key, authors, abstract, url, arxiv_id, doi, acl_id, withdrawn,"
                " comment, pdf_path, pdf_sha256, text_state, text_reason)"
                " VALUES (?, 't', '', '[]', '', '', '', '', '', 0, '', '', '', 'skipped', ?)",
                (number, f"{reason}: why." if number < 3 else ""),
            )
            connection.execute(
                "INSERT INTO screening (id, search_id, paper_id, decision, reason, by, claims_done)"
                " VALUES (?, 1, ?, 'exclude', ?, 'rule', 0)",
                (number, number, reason),
            )
        connection.execute(
            "INSERT INTO source_query (id, search_id, source, query, status, error, remedy, retries, requests, hits,"
            " new, warnings) VALUES (1, 1, 'arxiv', 'q', 'ok', '', '', 0, 0, 0, 0, ?)",
            ('["Not decided: One work?", "An entry was passed over."]',),
        )
    with reading(path) as connection:  # migrates
        rows = views.papers(connection, 1, None)
        (query,) = views.ledger(connection, 1)
    assert [row["reason_code"] for row in rows] == ["not retrieved", "unreadable", "below limit", "other", ""]
    assert [row["reason_parameters"] for row in rows] == [
        {}, {"why": "encrypted"}, {"limit": "3"}, {"text": "off topic"}, {},
    ]  # fmt: skip
    assert [row["text_reason_code"] for row in rows] == ["not retrieved", "unreadable", "", "", ""]
    assert rows[1]["text_reason_parameters"] == {"why": "encrypted", "detail": "why."}
    assert query["undecided"] == ["One work?"]
    assert query["warnings"] == ["An entry was passed over.", "Not decided: One work?"]


def test_wal_and_foreign_keys_are_on(path):
    store = Store(path)
    with store.session() as s:
        assert s.connection().exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert s.connection().exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    with pytest.raises(Exception, match="FOREIGN KEY"), store.session() as s:
        s.add(ClaimRow(search_id=99, text="x", kind="count", salience=0.5))


def test_a_failed_transaction_leaves_nothing(path):
    store = Store(path)
    with pytest.raises(RuntimeError), store.session() as s:
        s.add(Search(question="q", key="k", created="now"))
        s.flush()
        raise RuntimeError
    with store.session() as s:
        assert s.exec(select(Search)).all() == []


def test_processes_write_side_by_side(path):
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=add_search, args=(path, 20)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [w.exitcode for w in workers] == [0, 0, 0]
    with reading(path) as connection:
        assert connection.execute("SELECT count(*) FROM search").fetchone()[0] == 60
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_a_newer_schema_is_refused(path):
    migrate(path)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SynthError, match="9999") as caught, reading(path):
        pass
    assert "Upgrade synth" in caught.value.do


def test_a_file_that_is_no_database_is_refused(path):
    path.parent.mkdir(parents=True)
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(SynthError, match="not a usable SQLite database"):
        revision(path)


def test_a_locked_database_is_named(path, monkeypatch):
    migrate(path)
    monkeypatch.setattr(database, "PRAGMAS", (*database.PRAGMAS[:3], "PRAGMA busy_timeout = 100"))
    store = Store(path)
    other = sqlite3.connect(path)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(SynthError, match="locked"), store.session() as s:
        s.add(Search(question="q", key="k", created="now"))
    other.rollback()
    with store.session() as s:
        s.add(Search(question="q", key="k", created="now"))


def test_a_full_disk_is_named_and_nothing_is_half_written(path):
    store = Store(path)
    with pytest.raises(SynthError, match="disk is full"), store.session() as s:
        connection = s.connection()
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        for number in range(2000):
            s.add(Search(question="q" * 500, key=str(number), created="now"))
    with store.session() as s:
        assert s.exec(select(Search)).all() == []


def test_a_workspace_that_cannot_be_written_is_named(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("a file where a folder should be")
    with pytest.raises(SynthError):
        Store(blocked / "db" / "synth.db")


def test_a_disk_that_is_full_while_the_schema_is_made_leaves_it_whole(path, monkeypatch):
    monkeypatch.setattr(database, "PRAGMAS", (*database.PRAGMAS, "PRAGMA max_page_count = 40"))
    with pytest.raises(SynthError, match="The disk is full"):
        Store(path)
    assert revision(path) is None
    monkeypatch.undo()
    Store(path).close()
    assert revision(path) == known_revisions()[-1]


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (PermissionError(13, "Permission denied"), "cannot be written"),
        (OSError(30, "Read-only file system"), "cannot be written"),
        (OSError(28, "No space left on device"), "full"),
        (sqlite3.OperationalError("attempt to write a readonly database"), "cannot be written"),
        (sqlite3.OperationalError("database is locked"), "locked"),
        (sqlite3.OperationalError("Could not decode to UTF-8 column 'text'"), "not a usable"),
        (UnicodeDecodeError("utf-8", b"\xaa", 0, 1, "invalid start byte"), "not a usable"),
    ],
)
def test_storage_errors_become_two_lines(error, word):
    what, do = explain(error, Path("db/synth.db"))
    assert word in what
    assert do


def test_other_errors_pass_through():
    assert explain(ValueError("x"), Path("db")) is None


def test_reading_without_a_workspace_says_how_to_start_one(path):
    with pytest.raises(SynthError, match="no workspace") as caught, reading(path):
        pass
    assert "synth search" in caught.value.do


def test_revisions_are_read_from_the_files():
    assert known_revisions()[0] == "0001"


@pytest.fixture
def judged(path):
    store = Store(path)
    with store.session() as s:
        s.add(Search(id=1, question="q", key="k", created="now"))
        s.flush()
        s.add(ClaimRow(id=1, search_id=1, text="c", kind="effect", salience=1))
        s.flush()
        s.connection().exec_driver_sql(
            "INSERT INTO prediction (id, claim_id, position, treatment, baseline, task, metric, direction, unit, scope)"
            " VALUES (1, 1, 0, '', '', '', '', 'increase', '', '{}')"
        )
        s.add(
            Run(
                id=1,
                claim_id=1,
                prediction_id=1,
                experiment="e",
                contrast="c",
                fidelity="synthetic",
                spec={"a": 1},
                spec_hash="h",
                registered="then",
            )
        )
        s.flush()
        s.add(
            Verdict(
                id=1,
                claim_id=1,
                prediction_id=1,
                run_id=1,
                verdict="inconclusive",
                fidelity="synthetic",
                reason="r",
                created="now",
            )
        )
    return store


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE verdict SET verdict = 'direction supported'",
        "DELETE FROM verdict",
        "UPDATE run SET spec = '{\"a\": 2}'",
        "UPDATE run SET spec_hash = 'other'",
        "UPDATE run SET registered = 'earlier'",
        "DELETE FROM run",
    ],
)
def test_what_was_registered_and_decided_is_never_rewritten(judged, statement):
    with pytest.raises(Exception, match="append-only|never changed"), judged.session() as s:
        s.connection().exec_driver_sql(statement)


def test_the_rest_of_a_run_may_change(judged):
    with judged.session() as s:
        s.get_one(Run, 1).state = "done"


def test_the_name_of_a_folder_is_no_reason():
    told = explain(PermissionError(13, "Permission denied", "/home/full/locked/synth.db"), Path("/home/full/synth.db"))
    assert told is not None
    assert "cannot be written" in told[0]


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="there is no /proc here")
def test_a_place_for_no_folders():
    with pytest.raises(SynthError, match="cannot be written"):
        migrate(Path("/proc/nowhere/db/synth.db"))


@pytest.mark.parametrize("name", ["what?", "a?mode=ro&b=c", "100%", "a%20b", "#1", "file:x", "a'b\"c", "ü ñ;", "?"])
def test_a_folder_may_have_any_name(tmp_path, name):
    """None of its signs is read as part of an address: the database lies in the folder itself, and nowhere else."""
    path = tmp_path / name / "db" / "synth.db"
    add_search(path, 2)
    with reading(path) as connection:
        assert connection.execute("SELECT count(*) FROM search").fetchone()[0] == 2
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_the_package_may_lie_in_a_folder_of_any_name(path, tmp_path, monkeypatch):
    shutil.copytree(database.MIGRATIONS, tmp_path / "50%(here)s" / "migrations")
    monkeypatch.setattr(database, "MIGRATIONS", tmp_path / "50%(here)s" / "migrations")
    migrate(path)
    assert revision(path) == known_revisions()[-1]
