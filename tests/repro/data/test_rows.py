"""Reading rows: every form gives the same rows, and every kind of damage is an error with file and line."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import io
import json
import lzma
import tarfile
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repro.data import rows as module
from repro.data.rows import document, lines, rows
from repro.errors import LabError

ROWS = [{"lang": "eng", "text": 'a "quoted" word'}, {"lang": "deu", "text": "Zeile\u2028trennt nicht"}]
JSONL = "".join(json.dumps(row) + "\n" for row in ROWS).encode()
TSV = ("lang\ttext\n" + "".join(f"{r['lang']}\t{r['text']}\n" for r in ROWS)).encode()
CSV = b'lang,text\neng,"a ""quoted"" word"\ndeu,' + "Zeile\u2028trennt nicht".encode() + b"\n"
PACK = {"": bytes, ".gz": gzip.compress, ".xz": lzma.compress}


@pytest.mark.parametrize("pack", PACK)
@pytest.mark.parametrize(("suffix", "content"), [("jsonl", JSONL), ("tsv", TSV), ("csv", CSV)])
def test_every_form_gives_the_same_rows(tmp_path, suffix, content, pack):
    path = tmp_path / f"a.{suffix}{pack}"
    path.write_bytes(PACK[pack](content))
    assert list(rows(path)) == ROWS


def test_a_member_of_an_archive_is_read_in_place(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("deep/a.jsonl", JSONL)
        archive.writestr("deep/a.tsv.gz", gzip.compress(TSV))
    for name in ("a.tar.gz", "a.tar.bz2", "a.tar"):
        with tarfile.open(tmp_path / name, "w:" + name[6:]) as tar:
            for inside, content in (("deep/a.jsonl", JSONL), ("./b.tsv", TSV)):
                entry = tarfile.TarInfo(inside)
                entry.size = len(content)
                tar.addfile(entry, io.BytesIO(content))
        assert list(rows(tmp_path / name, "deep/a.jsonl")) == ROWS
        assert list(rows(tmp_path / name, "b.tsv")) == ROWS
    assert list(rows(tmp_path / "a.zip", "deep/a.jsonl")) == ROWS
    assert list(rows(tmp_path / "a.zip", "deep/a.tsv.gz")) == ROWS
    assert {file.name for file in tmp_path.iterdir()} == {"a.zip", "a.tar.gz", "a.tar.bz2", "a.tar"}


def test_links_inside_an_archive_lead_nowhere(tmp_path):
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        for name, target in (("out", "/etc/passwd"), ("up", "../../secret")):
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = tarfile.SYMTYPE, target
            tar.addfile(entry)
    for name in ("out", "up", "none"):
        with pytest.raises(LabError):
            list(lines(tmp_path / "a.tar", name))


def test_given_columns_stand_for_a_heading(tmp_path):
    path = tmp_path / "zh-en.dev.zh.gz"
    path.write_bytes(gzip.compress(b"zh-1\tone\nzh-2\ttwo\n"))
    assert list(rows(path, columns=("id", "text"))) == [{"id": "zh-1", "text": "one"}, {"id": "zh-2", "text": "two"}]


def test_several_xz_streams_are_one_file(tmp_path):
    (tmp_path / "a.jsonl.xz").write_bytes(lzma.compress(JSONL) + lzma.compress(JSONL))
    assert list(rows(tmp_path / "a.jsonl.xz")) == ROWS * 2


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.jsonl.gz", gzip.compress(JSONL * 200)[:-20], "truncated or damaged"),
        ("a.jsonl.xz", lzma.compress(JSONL * 200)[:-20], "truncated or damaged"),
        ("a.jsonl.gz", b"no gzip at all", "truncated or damaged"),
        ("a.jsonl.xz", b"no xz at all", "truncated or damaged"),
        ("a.jsonl", JSONL + b"{", "a.jsonl, line 3: not JSON"),
        ("a.jsonl", JSONL + b"[1]\n", "line 3: list, not an object"),
        ("a.jsonl", b"[" * 200_000, "line 1: not JSON"),
        ("a.jsonl", JSONL + b'"\xff"\n', "line 3: not UTF-8"),
        ("a.tsv", TSV + b"one cell\n", "line 4: 1 columns, not 2"),
        ("a.tsv", b"a\ta\n1\t2\n", "no heading"),
        ("a.tsv", b"", "no heading"),
        ("a.csv", CSV + b"x\n", "line 4: 1 columns, not 2"),
        ("a.csv", CSV + b'x,"open\n', "not CSV"),
        ("a.parquet", b"PAR1", "no form"),
    ],
)
def test_damage_is_an_error_with_file_and_line(tmp_path, name, content, says):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(LabError) as caught:
        list(rows(tmp_path / name))
    assert says in caught.value.what
    assert name in caught.value.what


def test_what_was_read_before_the_damage_is_not_held_back(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(JSONL + b"{")
    found = rows(tmp_path / "a.jsonl")
    assert [next(found), next(found)] == ROWS


def test_missing_files_and_members_are_said(tmp_path):
    with pytest.raises(LabError, match="missing"):
        list(rows(tmp_path / "a.jsonl"))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.jsonl", JSONL)
    with pytest.raises(LabError, match="has no file b.jsonl"):
        list(rows(tmp_path / "a.zip", "b.jsonl"))
    (tmp_path / "b.zip").write_bytes((tmp_path / "a.zip").read_bytes()[:-30])
    with pytest.raises(LabError):
        list(rows(tmp_path / "b.zip", "a.jsonl"))


def test_files_that_unpack_without_end_are_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_LINE", 1000)
    monkeypatch.setattr(module, "MAX_FILE", 5000)
    (tmp_path / "a.tsv.gz").write_bytes(gzip.compress(b"0" * 10**7))
    with pytest.raises(LabError, match="longer than any"):
        list(lines(tmp_path / "a.tsv.gz"))
    (tmp_path / "b.tsv.xz").write_bytes(lzma.compress(b"0\n" * 10**6))
    with pytest.raises(LabError, match="longer than any"):
        list(lines(tmp_path / "b.tsv.xz"))
    monkeypatch.setattr(module, "MAX_DOCUMENT", 1000)
    (tmp_path / "c.json").write_bytes(b"[" + b"1," * 1000 + b"1]")
    with pytest.raises(LabError, match="longer than any"):
        document(tmp_path / "c.json")


def test_a_decoder_that_wants_too_much_memory_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "LZMA_MEMORY", 2**20)
    (tmp_path / "a.jsonl.xz").write_bytes(lzma.compress(JSONL, preset=6))
    with pytest.raises(LabError, match="damaged"):
        list(rows(tmp_path / "a.jsonl.xz"))


def test_a_document_is_read_whole(tmp_path):
    (tmp_path / "a.json").write_text('{"data": [1]}')
    assert document(tmp_path / "a.json") == {"data": [1]}
    (tmp_path / "a.json").write_text('{"data": [1')
    with pytest.raises(LabError, match="not JSON"):
        document(tmp_path / "a.json")


TEXT = st.text(st.characters(exclude_characters="\t\r\n", exclude_categories=["Cs"]), max_size=20)


@given(table=st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=10))
def test_any_text_without_tabs_and_line_ends_survives_tsv(tmp_path_factory, table):
    path = tmp_path_factory.mktemp("tsv") / "a.tsv"
    path.write_bytes(b"a\tb\n" + b"".join(f"{a}\t{b}\n".encode() for a, b in table))
    assert [(row["a"], row["b"]) for row in rows(path)] == table


@given(noise=st.binary(max_size=200), name=st.sampled_from(["a.jsonl", "a.tsv.gz", "a.csv", "a.jsonl.xz", "a.zip"]))
def test_noise_is_read_or_refused_never_anything_else(tmp_path_factory, noise, name):
    path = tmp_path_factory.mktemp("noise") / name
    path.write_bytes(noise)
    with contextlib.suppress(LabError):
        list(rows(path, "a.jsonl" if name == "a.zip" else ""))


def test_bz2_archives_that_are_cut_are_refused(tmp_path):
    (tmp_path / "a.tar.bz2").write_bytes(bz2.compress(bytes(10_000))[:-5])
    with pytest.raises(LabError):
        list(lines(tmp_path / "a.tar.bz2", "a.tsv"))
