"""Bundles from strangers: whatever is in them, nothing is written by their names and no size is believed."""

from __future__ import annotations

import io
import os
import stat
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.bundle import archive, manifest
from synth.core.errors import SynthError

MOMENT = "2026-01-02T03:04:05Z"


def zipped(tmp_path, entries):
    path = tmp_path / "bundle.zip"
    with zipfile.ZipFile(path, "w") as file:
        for entry, content in entries:
            file.writestr(entry, content)
    return path


def refused(path):
    with archive.opened(path) as contents:
        return contents.sizes, contents.refused


def test_the_same_files_give_the_same_bytes_in_whatever_order():
    one = archive.zipped({"b": b"2", "a/c": b"1"}, MOMENT)
    assert one == archive.zipped({"a/c": b"1", "b": b"2"}, MOMENT)
    with zipfile.ZipFile(io.BytesIO(one)) as file:
        assert file.namelist() == ["a/c", "b"]
        assert file.getinfo("b").date_time == (2026, 1, 2, 3, 4, 4)  # a ZIP counts in steps of two seconds


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../outside", "leads out"),
        ("a/../../outside", "leads out"),
        ("/etc/passwd", "absolute"),
        ("C:/windows", "absolute"),
        ("a//b", "leads out"),
        ("a\\..\\b", "not every system"),
        ("nul.txt", "not every system"),
        ("trailing. ", "not every system"),
        ("bell\x07", "control"),
        ("right\u202eto-left", "control"),
        ("x" * 1001, "too long"),
    ],
)
def test_names_that_are_refused(tmp_path, name, why):
    assert why in manifest.unsafe(name)
    sizes, found = refused(zipped(tmp_path, [(name, b"x"), ("good.txt", b"y")]))
    assert list(sizes) == ["good.txt"]
    assert len(found) == 1


@given(st.text(max_size=40))
def test_a_name_that_passes_stays_below_the_folder(name):
    if not manifest.unsafe(name):
        assert os.path.normpath(os.path.join("/bundle", name)) == f"/bundle/{name}"


def test_links_devices_and_duplicates_are_refused(tmp_path):
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.warns(UserWarning, match="Duplicate"):
        path = zipped(tmp_path, [(link, "/etc/passwd"), ("a", b"1"), ("a", b"2"), ("A", b"3")])
    sizes, found = refused(path)
    assert sizes == {"a": 1}
    assert [one.split(" ", 1)[1] for one in found] == ["is a link or a device", "is there twice", "is there twice"]


def test_links_in_a_folder_are_refused(tmp_path):
    folder = tmp_path / "bundle"
    (folder / "in").mkdir(parents=True)
    (folder / "file").write_text("x")
    (folder / "link").symlink_to("/etc/passwd")
    (folder / "away").symlink_to("/etc")
    os.mkfifo(folder / "in" / "pipe")
    sizes, found = refused(folder)
    assert sizes == {"file": 1}
    assert len(found) == 3


def test_a_bomb_is_not_unpacked(tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file, file.open("zeros", "w") as zeros:
        for _ in range(250):
            zeros.write(bytes(2**20))
    with pytest.raises(SynthError, match="would unpack to 262,144,000 bytes"):
        refused(path)


def test_many_files_are_too_many(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MAX_FILES", 3)
    with pytest.raises(SynthError, match="more than 3 files"):
        refused(zipped(tmp_path, [(str(n), b"") for n in range(4)]))


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + bytes(10)])
def test_what_is_no_zip_is_said_to_be_none(tmp_path, content):
    path = tmp_path / "bundle.zip"
    path.write_bytes(content)
    with pytest.raises(SynthError, match="no ZIP file"):
        refused(path)


@pytest.mark.parametrize("method", ["read", "checksum", "copy"])
def test_every_damaged_byte_of_a_file_is_its_contents_or_an_error_that_names_it(tmp_path, method):
    path, text = tmp_path / "bundle.zip", b"a file of some length, packed " * 9
    path.write_bytes(archive.zipped({"a.txt": text}, MOMENT))
    whole = path.read_bytes()
    start = whole.index(b"a.txt")
    refusals = 0
    for place in range(start, whole.index(b"PK\x01\x02")):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        with archive.opened(path) as contents:
            argument = {"read": (10_000,), "checksum": (), "copy": (tmp_path / f"copy-{place}",)}[method]
            try:
                getattr(contents, method)("a.txt", *argument)
            except SynthError as error:
                assert "a.txt: cannot be read" in error.what  # noqa: PT017
                refusals += 1
    assert refusals > 20


def test_a_list_of_checksums_is_read_back():
    files = {"a b/ü.txt": b"1", "c": b""}
    assert set(manifest.parsed(manifest.written(files))) == set(files)
    line = manifest.written({"c": b""})
    for wrong in (line + line, b"0  c\n", line.replace(b"  c", b"  ../c")):
        with pytest.raises(ValueError, match="line"):
            manifest.parsed(wrong)
