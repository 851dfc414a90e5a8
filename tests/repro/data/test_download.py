"""Downloads against a local server: whole and right or not at all, continued where they stopped."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import requests

from repro.data import download
from repro.data.catalogue import RECORD, parse
from repro.data.download import ATTEMPTS, CHUNK, MAX_REDIRECTS, fetch
from repro.data.library import Library
from repro.data.pulling import pull
from repro.errors import LabError
from tests.servers.file_server import ENDLESS, FileServer, Reply

DATA = bytes(range(256)) * 4000
SHA = hashlib.sha256(DATA).hexdigest()
CUT = 5 * CHUNK


@pytest.fixture
def server(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(download, "BACK_OFF", 0.001)
    with FileServer({"/a.bin": DATA}) as running:
        yield running


@pytest.fixture
def pauses():
    return []


@pytest.fixture
def get(server, tmp_path, pauses):
    def get(path: str = "/a.bin", **options):
        with requests.Session() as session:
            options = {"sha256": SHA, "size": len(DATA), "sleep": pauses.append} | options
            return fetch(session, server.url(path), tmp_path / "a.bin", **options)

    return get


def failure(get, **options) -> LabError:
    with pytest.raises(LabError) as caught:
        get(**options)
    return caught.value


def ranges(server):
    return [headers.get("range") for _, headers in server.seen]


def names(folder):
    return sorted(file.name for file in folder.iterdir())


def test_a_file_arrives_whole_and_nothing_else_is_left(get, server, tmp_path):
    moved = []
    assert get(moved=moved.append) == SHA
    assert (tmp_path / "a.bin").read_bytes() == DATA
    assert names(tmp_path) == ["a.bin"]
    assert moved[-1] == len(DATA)
    assert server.seen[0][1]["accept-encoding"] == "identity"


@pytest.mark.parametrize("known", [True, False], ids=["checksum known", "checksum unknown"])
def test_a_cut_connection_goes_on_where_it_broke(get, server, tmp_path, known):
    server.script += [Reply(cut=CUT), Reply(cut=CUT)]
    assert get(**({} if known else {"sha256": "", "size": 0})) == SHA
    assert ranges(server) == [None, f"bytes={CUT}-", f"bytes={2 * CUT}-"]
    assert names(tmp_path) == ["a.bin"]


def test_a_later_call_goes_on_where_a_failed_one_stopped(get, server, tmp_path):
    server.script += [Reply(cut=CUT), *[Reply(503)] * ATTEMPTS]
    assert "answered 503" in failure(get).what
    assert "a.bin" not in names(tmp_path)
    assert get() == SHA
    assert ranges(server)[-1] == f"bytes={CUT}-"


def test_more_cuts_than_attempts_are_no_failure_as_long_as_something_comes(get, server):
    server.script += [Reply(cut=CHUNK)] * (ATTEMPTS + 3)
    assert get() == SHA


def test_a_part_of_another_version_is_not_continued(get, server, tmp_path):
    server.script += [Reply(cut=CUT), *[Reply(503)] * ATTEMPTS]
    failure(get, sha256="", size=0)
    other = DATA[::-1]
    server.files["/a.bin"] = other
    assert get(sha256="", size=0) == hashlib.sha256(other).hexdigest()
    assert (tmp_path / "a.bin").read_bytes() == other


def test_without_a_validator_pieces_that_do_not_fit_are_fetched_anew(get, server, tmp_path):
    server.tags = False
    (tmp_path / "a.bin.part").write_bytes(b"x" * CUT)
    assert get() == SHA
    assert ranges(server) == [f"bytes={CUT}-", None]
    (tmp_path / "a.bin.part").write_bytes(b"x" * CUT)
    assert get(sha256="", size=0) == SHA  # and with nothing to compare with it is not continued at all
    assert ranges(server)[-1] is None


def test_a_server_without_ranges_sends_it_all_again(get, server):
    server.ranges = False
    server.script += [Reply(cut=CUT)]
    assert get() == SHA


@pytest.mark.parametrize("size", [len(DATA), len(DATA) + 10], ids=["complete", "too long"])
def test_a_part_with_nothing_behind_it(get, server, tmp_path, size):
    (tmp_path / "a.bin.part").write_bytes((DATA + bytes(10))[:size])
    assert get() == SHA
    assert len(server.seen) == (0 if size == len(DATA) else 2)


def test_429_waits_as_long_as_the_server_asks(get, server, pauses):
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    server.script += [Reply(429, headers={"Retry-After": "7"}), Reply(503, headers={"Retry-After": later}), Reply(503)]
    assert get() == SHA
    assert pauses[0] == 7
    assert 80 < pauses[1] <= 90
    assert pauses[2] < 1


def test_a_server_that_asks_for_hours_is_not_waited_for(get, server, pauses):
    server.script += [Reply(429, headers={"Retry-After": "7200"})]
    assert "120 minutes" in failure(get).what
    assert pauses == []


def test_a_server_that_keeps_failing_is_given_up(get, server):
    server.script += [Reply(500)] * 50
    found = failure(get)
    assert found.what.startswith("127.0.0.1 answered 500")
    assert len(server.seen) == ATTEMPTS


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (Reply(404), "answer 404"),
        (Reply(403), "answer 403"),
        (Reply(200, b"<html>log in</html>", {"Content-Type": "text/html; charset=utf-8"}), "web page"),
        (Reply(200, DATA + b"x"), "larger than"),
        (Reply(200, DATA[::-1]), "another file"),
        (Reply(headers={"Content-Length": ""}, cut=ENDLESS), "larger than"),
    ],
    ids=["404", "403", "html", "too large", "wrong checksum", "endless"],
)
def test_what_is_not_the_file_is_refused_at_once_and_not_kept(get, server, tmp_path, reply, says):
    server.script += [reply]
    assert says in failure(get).what
    assert len(server.seen) == 1
    assert not (tmp_path / "a.bin").exists()
    assert get() == SHA


def test_an_endless_body_of_unknown_size_stops_at_the_limit(get, server, tmp_path):
    server.script += [Reply(headers={"Content-Length": ""}, cut=ENDLESS)]
    assert "3,000,000 bytes" in failure(get, sha256="", size=0, limit=3_000_000).what
    assert names(tmp_path) == []


def test_a_body_that_ends_early_without_saying_so_is_continued(get, server):
    server.script += [Reply(200, DATA[:CUT])]
    assert get() == SHA
    assert ranges(server) == [None, f"bytes={CUT}-"]


def test_redirects_are_followed_but_not_for_ever_nor_off_https(get, server):
    server.script += [Reply(302, headers={"Location": "/a.bin"})]
    assert get("/elsewhere") == SHA
    server.script += [Reply(302, headers={"Location": "/elsewhere"})] * (MAX_REDIRECTS + 1)
    assert "circles" in failure(get).what
    for target in ("http://example.org/a.bin", "file:///etc/passwd", "ftp://127.0.0.1/a.bin"):
        server.script += [Reply(301, headers={"Location": target})]
        assert "no https address" in failure(get).what


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
def test_a_full_disk_is_said(server, tmp_path):
    entry = parse(entry_text(server), "toy.toml", loopback=True)
    (tmp_path / "toy").mkdir()
    (tmp_path / "toy" / "a.bin.part").symlink_to("/dev/full")
    with pytest.raises(LabError) as caught:
        pull(entry, tmp_path / "toy")
    assert "disk is full" in caught.value.what


def entry_text(server, sha: str = SHA) -> str:
    return f"""
name = "toy"
title = "Toy"
what = "A toy."
licence = "CC0"
licence_url = ""
citation = ""
homepage = ""
revision = "1"
notes = ""
download = "direct"
[[files]]
name = "a.bin"
url = "{server.url("/a.bin")}"
sha256 = "{sha}"
bytes = {len(DATA) if sha else 0}
[[files]]
name = "b.txt"
url = "{server.url("/b.txt")}"
sha256 = ""
bytes = 0
"""


@pytest.fixture
def entry(server):
    server.files["/b.txt"] = b"one\ntwo\n"
    return parse(entry_text(server), "toy.toml", loopback=True)


def test_a_pull_records_what_nobody_stated_and_then_insists_on_it(entry, server, tmp_path):
    folder = tmp_path / "toy"
    first = pull(entry, folder)
    assert [(f.name, f.stated, f.fetched) for f in first] == [("a.bin", True, True), ("b.txt", False, True)]
    record = json.loads((folder / RECORD).read_text())
    assert record["files"]["b.txt"]["sha256"] == hashlib.sha256(b"one\ntwo\n").hexdigest()
    assert not any(f.fetched for f in pull(entry, folder))
    assert len(server.seen) == 2
    server.files["/b.txt"] = b"one\nsix\n"
    (folder / "b.txt").unlink()
    with pytest.raises(LabError) as caught:
        pull(entry, folder)
    assert "another file" in caught.value.what
    assert not (folder / "b.txt").exists()


def test_a_damaged_file_is_fetched_again_and_the_others_are_not(entry, server, tmp_path):
    folder = tmp_path / "toy"
    pull(entry, folder)
    (folder / "a.bin").write_bytes(DATA[:-1])
    assert [f.fetched for f in pull(entry, folder)] == [True, False]
    assert (folder / "a.bin").read_bytes() == DATA


def test_progress_counts_up_to_the_end(entry, tmp_path):
    seen = []
    pull(entry, tmp_path / "toy", lambda done, total: seen.append((done, total)))
    assert seen[-1] == (2, 2)  # the size of one file is not known: files are counted
    assert seen == sorted(seen)


def test_two_processes_do_not_pull_the_same(entry, tmp_path):
    from filelock import FileLock

    with FileLock(tmp_path / ".toy.lock"), pytest.raises(LabError) as caught:
        pull(entry, tmp_path / "toy")
    assert "another process" in caught.value.what


def test_what_is_licensed_is_not_pulled(tmp_path):
    from repro.data.catalogue import dataset

    with pytest.raises(LabError) as caught:
        pull(dataset("ccgbank"), tmp_path)
    assert "LDC2005T13" in caught.value.do


def test_a_failed_pull_leaves_the_data_set_absent_or_incomplete_never_wrong(entry, server, tmp_path, monkeypatch):
    monkeypatch.setattr("repro.data.library.dataset", lambda name: entry)
    library = Library(None, tmp_path)
    server.script += [None, Reply(404)]
    with pytest.raises(LabError):
        pull(entry, tmp_path / "toy")
    with pytest.raises(LabError) as caught:
        library.locate("toy")
    assert "lacks b.txt" in caught.value.what
    pull(entry, tmp_path / "toy")
    assert library.locate("toy").file("b.txt").read_text() == "one\ntwo\n"


def compressed(size: int = 300_000) -> bytes:
    return gzip.compress(os.urandom(size))


@pytest.mark.parametrize(
    "sent", [compressed()[:-9], compressed()[:-50_000], b"slow down"], ids=["no end", "half", "no archive"]
)
def test_an_archive_without_a_checksum_that_ends_early_does_not_count_as_whole(get, server, tmp_path, sent):
    """A server that closes the connection early, without having said how much there is."""
    server.files["/a.bin"] = sent
    with requests.Session() as session, pytest.raises(LabError, match="truncated or damaged") as caught:
        fetch(session, server.url("/a.bin"), tmp_path / "a.tar.gz", sleep=lambda _: None)
    assert "not kept" in caught.value.do
    assert names(tmp_path) == []
    server.files["/a.bin"] = whole = compressed()
    server.script += [Reply(200, whole[:1000]), None]
    with requests.Session() as session:
        fetch(session, server.url("/a.bin"), tmp_path / "a.tar.gz", sleep=lambda _: None)
    assert (tmp_path / "a.tar.gz").read_bytes() == whole


def test_a_checksum_of_the_first_pull_is_known_at_the_second(entry, tmp_path):
    folder = tmp_path / "toy"
    pull(entry, folder)
    (folder / "b.txt").write_bytes(b"one")
    assert [(f.name, f.stated, f.fetched) for f in pull(entry, folder)][1] == ("b.txt", True, True)


def test_a_file_that_became_shorter_than_stated_is_not_asked_for_without_end(get, server, tmp_path, pauses):
    server.files["/a.bin"] = DATA[: 2 * CUT]
    assert "less of the file" in failure(get).what
    assert len(pauses) < 3 * ATTEMPTS
    assert "a.bin" not in names(tmp_path)
