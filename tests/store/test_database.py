"""Opening, migrating, locking and refusing."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlmodel import SQLModel, select

from synth.core.errors import SynthError
from synth.core.storage_errors import explain
from synth.store import database
from synth.store.database import Store, engine_for, known_revisions, migrate, reading, revision
from synth.store.tables import ClaimRow, Run, Search, Verdict


@pytest.fixture(autouse=True)
def _migrating(monkeypatch: pytest.MonkeyPatch) -> None:
    """No copy of a migrated database: here it is migrated."""
    monkeypatch.setattr(database, "migrate", migrate)


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


def test_a_database_of_before_the_first_release_is_refused(path):
    path.parent.mkdir(parents=True)
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute("INSERT INTO alembic_version VALUES ('0008')")
    with pytest.raises(SynthError, match="before the first release") as refused:
        migrate(path)
    assert "Move it away" in refused.value.do


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
    assert known_revisions()[0] == "0100"


@pytest.fixture
def judged(path):
    store = Store(path)
    with store.session() as s:
        s.add(Search(id=1, question="q", key="k", created="now"))
        s.flush()
        s.add(ClaimRow(id=1, search_id=1, text="c", kind="effect", salience=1))
        s.flush()
        s.connection().exec_driver_sql(
            "INSERT INTO prediction"
            " (id, claim_id, position, treatment, baseline, task, metric, direction, unit, scope, hedge)"
            " VALUES (1, 1, 0, '', '', '', '', 'increase', '', '{}', '')"
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
