import json
import os
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repro.data import checksums
from repro.data import library as data
from repro.data.catalogue import parse
from repro.data.checksums import NAME, Checksums, data_checksum
from repro.data.library import Library
from repro.errors import LabError
from repro.hashing import sha256

# SHA-256 of b"one" and of b"two".
ONE = "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"
TWO = "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3"
ENTRY = f"""
name = "toy"
title = "Toy"
what = "A toy."
licence = "CC0"
licence_url = "https://example.org/licence"
citation = "Nobody"
homepage = "https://example.org"
revision = ""
notes = ""
download = "direct"
[[files]]
name = "a.txt"
url = "https://example.org/a.txt"
sha256 = "{ONE}"
bytes = 3
"""


@pytest.fixture
def file(tmp_path):
    """A file that was last changed a minute ago."""
    return put(tmp_path / "a.txt", b"one", 60)


def put(path, content, seconds_ago):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    then = time.time_ns() - int(seconds_ago * 1e9)
    os.utime(path, ns=(then, then))
    return path


@pytest.fixture
def reads(monkeypatch):
    """The files that were read, in order."""
    found = []

    def read(path):
        found.append(path)
        return sha256(path)

    monkeypatch.setattr(checksums, "sha256", read)
    monkeypatch.setattr(data, "sha256", read)
    return found


def test_a_file_is_read_once_and_again_when_it_has_changed(file, tmp_path, reads):
    sums = Checksums(tmp_path / NAME)
    assert [sums.of(file), sums.of(file)] == [ONE, ONE]
    sums.save()
    assert Checksums(tmp_path / NAME).of(file) == ONE
    assert reads == [file]
    put(file, b"two", 30)
    assert Checksums(tmp_path / NAME).of(file) == TWO
    assert reads == [file, file]


def test_a_file_that_has_only_just_changed_is_not_remembered(tmp_path, reads):
    file = put(tmp_path / "new.txt", b"one", 0)
    for _ in range(2):
        sums = Checksums(tmp_path / NAME)
        sums.of(file)
        sums.save()
    assert reads == [file, file]
    assert not (tmp_path / NAME).exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000, b'{"a": {"bytes": 3}}', b" " * (checksums.MAX_BYTES + 1)],
)
def test_a_damaged_memory_is_an_empty_one(content, file, tmp_path):
    (tmp_path / NAME).write_bytes(content)
    sums = Checksums(tmp_path / NAME)
    assert sums.of(file) == ONE
    sums.save()
    assert json.loads((tmp_path / NAME).read_text())[str(file)]["sha256"] == ONE


@given(st.recursive(st.none() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)))
def test_whatever_the_memory_holds_it_can_be_read(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("sums")
    (folder / NAME).write_text(json.dumps(content))
    assert Checksums(folder / NAME).of(put(folder / "a.txt", b"one", 60)) == ONE


def test_what_two_processes_learn_is_kept_and_what_is_gone_forgotten(file, tmp_path):
    other, gone = put(tmp_path / "b.txt", b"two", 60), put(tmp_path / "c.txt", b"two", 60)
    first, second = Checksums(tmp_path / NAME), Checksums(tmp_path / NAME)
    first.of(file)
    first.of(gone)
    second.of(other)
    first.save()
    gone.unlink()
    second.save()
    assert set(json.loads((tmp_path / NAME).read_text())) == {str(file), str(other)}
    assert {path.name for path in tmp_path.iterdir()} - {"workspace", "cache"} == {"a.txt", "b.txt", NAME}


def test_no_folder_is_made_and_a_disk_that_cannot_be_written_is_no_error(file, tmp_path, monkeypatch):
    sums = Checksums(tmp_path / "none" / NAME)
    assert sums.of(file) == ONE
    sums.save()
    assert not (tmp_path / "none").exists()

    def full(*_paths):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    sums = Checksums(tmp_path / NAME)
    sums.of(file)
    sums.save()
    assert not [path for path in tmp_path.iterdir() if NAME in path.name]


def test_a_data_set_is_compared_without_being_read_again(tmp_path, monkeypatch, reads):
    entry = parse(ENTRY, "toy.toml")
    monkeypatch.setattr(data, "dataset", lambda name: entry)
    file, library = put(tmp_path / "toy" / "a.txt", b"one", 60), Library(None, tmp_path)
    whole = library.locate("toy").checksum
    reads.clear()
    for _ in range(2):
        sums = Checksums(tmp_path / NAME)
        assert data_checksum(library, "toy", "", sums) == whole
        sums.save()
    assert reads == [file]
    put(file, b"two", 30)
    with pytest.raises(LabError, match="another version"):
        data_checksum(library, "toy", "", Checksums(tmp_path / NAME))
