"""Importing: every line is accounted for, once, whatever happens on the way."""

import json
import signal
import subprocess
import sys

import pytest

from synth.core.errors import UsageError
from synth.library import file, imports
from synth.library.dump import CutDump
from synth.library.imports import import_dump
from synth.library.words import LexicalIndex
from tests.library.records import ARXIV, acl_entry, write


@pytest.fixture
def db(tmp_path):
    with file.writing(tmp_path / "library.db") as connection:
        yield connection


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    monkeypatch.setattr(imports, "BATCH", 50)


def ids(db, query, depth=500):
    """Source ids of what is found by words."""
    names = dict(db.execute("SELECT id, source_id FROM record").fetchall())
    return [names[number] for number, _ in LexicalIndex(db).rank(query, depth).best]


def contents(db):
    rows = db.execute("SELECT source, source_id, title, abstract FROM record ORDER BY source_id").fetchall()
    return rows, file.records(db)


def test_a_dump_is_imported_and_found_by_words(db, tmp_path):
    path = write(tmp_path / "dump.jsonl", [acl_entry(i) for i in range(220)])
    steps = []
    job = import_dump(db, path, progress=steps.append)
    assert (job.state, job.format, job.lines, job.added) == ("done", "acl", 220, 220)
    assert file.records(db) == 220
    assert ids(db, "corpus17")[0] == "2020.acl-main.17"
    assert steps[-1] == 1.0


def test_the_same_file_again_changes_nothing_and_is_not_read(db, tmp_path, monkeypatch):
    path = write(tmp_path / "dump.jsonl", [acl_entry(i) for i in range(120)])
    first = import_dump(db, path)
    before = contents(db)
    monkeypatch.setattr(imports.Dump, "lines", lambda *_: pytest.fail("read again"))
    assert import_dump(db, path) == first
    assert contents(db) == before


def test_a_newer_dump_adds_and_changes(db, tmp_path):
    import_dump(db, write(tmp_path / "old.jsonl", [acl_entry(i) for i in range(100)]))
    changed = acl_entry(7, abstract="Now it speaks of zebras alone.")
    newer = [acl_entry(i) if i != 7 else changed for i in range(110)]
    job = import_dump(db, write(tmp_path / "new.jsonl", newer))
    assert (job.added, job.changed, job.unchanged) == (10, 1, 99)
    assert file.records(db) == 110
    assert ids(db, "zebras") == ["2020.acl-main.7"]
    assert "2020.acl-main.7" not in ids(db, "corpus7")


def test_an_id_that_comes_twice_counts_as_its_last_line(db, tmp_path):
    path = write(tmp_path / "dump", [acl_entry(1), acl_entry(2), acl_entry(1, title="Second telling"), acl_entry(2)])
    job = import_dump(db, path)
    assert (job.added, job.changed, job.unchanged) == (2, 1, 1)
    assert ids(db, "telling") == ["2020.acl-main.1"]


def test_malformed_lines_are_counted_passed_over_and_told(db, tmp_path, monkeypatch):
    monkeypatch.setattr("synth.library.dump.MAX_LINE", 3000)
    entries = [acl_entry(i) for i in range(60)]
    bad = ["{not json", '{"id": "x"}', "", "[]", json.dumps(acl_entry(99, abstract="x" * 4000))]
    job = import_dump(db, write(tmp_path / "dump", [*entries[:3], *bad, *entries[3:]]))
    assert (job.lines, job.added, job.malformed) == (65, 60, 4)
    assert job.examples[:3] == ["line 4: no JSON", "line 5: no title", "line 7: no JSON object"]
    assert job.examples[3].startswith("line 8: longer than")
    [told] = imports.overview(db)
    assert told.malformed == 4
    assert told.examples == job.examples


def test_more_bad_lines_than_are_told(db, tmp_path):
    job = import_dump(db, write(tmp_path / "dump", [acl_entry(1), *["no"] * 130]))
    assert job.malformed == 130
    assert len(job.examples) == imports.EXAMPLES


def test_both_formats_live_side_by_side(db, tmp_path):
    import_dump(db, write(tmp_path / "acl", [acl_entry(1)]))
    job = import_dump(db, write(tmp_path / "arxiv", [ARXIV, acl_entry(2)]))
    assert job.format == "arxiv"
    assert job.added == 2  # the Anthology's line has what arXiv's reader needs
    assert db.execute("SELECT source, count(*) FROM record GROUP BY source").fetchall() == [("acl", 1), ("arxiv", 2)]


@pytest.mark.parametrize("content", ["", "plain text\nand more\n", '{"a": 1}\n'])
def test_a_file_of_another_kind_is_a_usage_error_and_leaves_no_trace(db, tmp_path, content):
    path = tmp_path / "dump"
    path.write_text(content)
    with pytest.raises(UsageError, match="no line of a known format"):
        import_dump(db, path)
    assert imports.overview(db) == []
    with pytest.raises(UsageError, match="no format `bibtex`"):
        import_dump(db, path, "bibtex")


def test_a_cut_dump_keeps_its_whole_lines_and_the_mended_one_completes_it(db, tmp_path):
    import gzip

    whole = write(tmp_path / "dump", [acl_entry(i) for i in range(3000)])
    packed = gzip.compress(whole.read_bytes())
    path = tmp_path / "dump.gz"
    path.write_bytes(packed[: len(packed) // 2])
    with pytest.raises(CutDump):
        import_dump(db, path)
    [told] = imports.overview(db)
    assert told.state == "cut"
    assert 500 < told.added < 3000
    with pytest.raises(CutDump):  # the same file again says the same
        import_dump(db, path)
    path.write_bytes(packed)
    job = import_dump(db, path)
    assert job.added + told.added == 3000
    assert file.records(db) == 3000


KILLED = """
import os, signal, sys
from pathlib import Path
from synth.library import file, imports
imports.BATCH = 50
real, left = imports._save, [4]
def save(db, job):
    real(db, job)
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)  # after all writes of the fourth batch, before its commit
imports._save = save
with file.writing(Path(sys.argv[1])) as db:
    imports.import_dump(db, Path(sys.argv[2]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX")
@pytest.mark.parametrize("kind", ["plain", "gz"])
def test_killed_in_the_middle_then_the_same_library(tmp_path, kind):
    import gzip

    path = write(tmp_path / "dump", [acl_entry(i) if i % 9 else "{" for i in range(430)])
    if kind == "gz":
        path.write_bytes(gzip.compress(path.read_bytes()))
    target = tmp_path / "killed.db"
    ended = subprocess.run([sys.executable, "-c", KILLED, str(target), str(path)], capture_output=True, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    with file.writing(target) as db, file.writing(tmp_path / "straight.db") as straight:
        [left] = imports.overview(db)
        assert (left.state, left.lines) == ("running", 150)
        job, expected = import_dump(db, path), import_dump(straight, path)
        assert contents(db) == contents(straight)
        assert (job.added, job.malformed, job.lines) == (expected.added, expected.malformed, 430)
        assert job.unchanged == 0
        for query in ("transfer for retrieval", "corpus401"):
            assert ids(db, query) == ids(straight, query)


def test_a_newer_library_is_refused(tmp_path):
    with file.writing(tmp_path / "library.db") as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(Exception, match="version 99"), file.writing(tmp_path / "library.db"):
        pass


def test_no_library_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match="no library"):
        file.opened(tmp_path / "absent.db")
    assert not (tmp_path / "absent.db").exists()
    with file.writing(tmp_path / "empty.db"):
        pass
    with pytest.raises(UsageError, match="no library"):
        file.opened(tmp_path / "empty.db")
