"""The catalogue is complete and strict; a data set is found where it lies, and never taken for what it is not."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from repro.data import catalogue
from repro.data import library as data
from repro.data.catalogue import RECORD, dataset, how_to_get, names, parse
from repro.data.library import Absent, Library, Located, recorded
from repro.errors import LabError
from repro.schema import check

real = pytest.mark.skipif(not os.environ.get("SYNTH_DATA"), reason="SYNTH_DATA is not set")
EXPECTED = """anli bucc2018 ccgbank commonsenseqa cosmosqa hellaswag mnli mrpc mteb-results multilingual-raw paws-x
qqp sick snli squad1 squad2 squad2-sample tatoeba tydiqa-goldp ud-ewt ud-pud uriel wals xnli xquad-r""".split()
A, B, T = b"first\n", b"second\n", b"transformed\n"


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


TEXT = f"""
name = "toy"
title = "Toy"
what = "A toy."
licence = "CC0"
licence_url = "https://example.org/licence"
citation = "Nobody 2000"
homepage = "https://example.org"
revision = "1"
notes = ""
download = "direct"

[counts]
train = {{ examples = 1, source = "the paper" }}

[[files]]
name = "a.txt"
url = "https://example.org/a.txt"
sha256 = "{sha(A)}"
bytes = {len(A)}

[[files]]
name = "b.txt"
url = "https://example.org/b.txt"
sha256 = ""
bytes = 0

[[at_hand]]
path = "toys/t.txt"
sha256 = "{sha(T)}"
bytes = {len(T)}
rows = 1
"""


@pytest.fixture
def library(tmp_path, monkeypatch) -> Library:
    entry = parse(TEXT, "toy.toml")
    monkeypatch.setattr(data, "dataset", lambda name: entry)
    return Library(tmp_path / "hand", tmp_path / "pulled")


def put(path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def located(library: Library, **options) -> Located:
    return library.locate("toy", **options)


def failure(library: Library, **options) -> LabError:
    with pytest.raises(LabError) as caught:
        library.locate("toy", **options)
    return caught.value


def test_the_catalogue_holds_what_the_experiments_use():
    assert names() == EXPECTED


@pytest.mark.parametrize("name", EXPECTED)
def test_every_entry_is_complete(name):
    entry = dataset(name)
    assert entry.what.endswith(".")
    assert entry.title
    assert entry.licence
    assert entry.citation
    for address in (entry.licence_url, entry.homepage, *(file.url for file in entry.files if file.url)):
        assert urlsplit(address).scheme == "https"
        assert urlsplit(address).hostname
    for file in entry.files:
        # A file of a repository is pinned to a commit, so that it cannot change.
        if "raw.githubusercontent.com" in file.url:
            assert re.search("/[0-9a-f]{40}/", file.url), file.url
        assert bool(file.sha256) <= bool(file.bytes)
    assert entry.download == "direct" or entry.notes
    assert all(count.source and count.examples > 0 for count in entry.counts.values())


def test_published_numbers_of_training_examples():
    """arXiv:2005.13013, Table 1; ANLI+ is the sum of three sets."""
    stated = {"mnli": 392_702, "qqp": 363_846, "squad2": 130_319, "squad1": 87_599, "hellaswag": 39_905}
    stated |= {"ccgbank": 38_015, "cosmosqa": 25_588, "commonsenseqa": 9_741}
    assert {name: dataset(name).counts["train"].examples for name in stated} == stated
    assert sum(dataset(name).counts["train"].examples for name in ("anli", "mnli", "snli")) == 1_104_934
    rounds = [dataset("anli").counts[f"train R{n}"].examples for n in (1, 2, 3)]
    assert sum(rounds) == dataset("anli").counts["train"].examples


def test_tatoeba_has_two_files_for_each_of_112_languages():
    files = {file.name for file in dataset("tatoeba").files}
    codes = {name.split(".")[1].removesuffix("-eng") for name in files}
    assert len(codes) == 112
    assert files == {f"tatoeba.{code}-eng.{side}" for code in codes for side in (code, "eng")}


def test_the_catalogue_loads_nothing_numerical_and_no_http_library():
    code = (
        "import sys; from repro.data.catalogue import dataset, names; from repro.data.library import Library;"
        "[dataset(n) for n in names()];"
        "heavy = {'torch', 'transformers', 'numpy', 'scipy', 'requests', 'synth'} & set(sys.modules);"
        "sys.exit(f'loaded {heavy}' if heavy else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_an_unknown_name_gets_the_closest():
    with pytest.raises(LabError) as caught:
        dataset("tatoebaa")
    assert "tatoeba" in caught.value.do


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('title = "', 'titel = "', "unknown key 'titel'"),
        ("rows = 1", "row = 1", "unknown key 'row'"),
        ("bytes = 0", 'bytes = "0"', "is not a int"),
        ('name = "toy"', 'name = "other"', "the name is 'other'"),
        ('download = "direct"', 'download = "torrent"', "download is 'torrent'"),
        ("https://example.org/a.txt", "http://example.org/a.txt", "address"),
        ("https://example.org/a.txt", "", "address"),
        ('name = "a.txt"', 'name = "../a.txt"', "no plain file name"),
        ('name = "a.txt"', 'name = "pulled.json"', "no plain file name"),
        ('name = "a.txt"', 'name = "b.txt"', "same name"),
        ('path = "toys/t.txt"', 'path = "../t.txt"', "leaves SYNTH_DATA"),
        ('path = "toys/t.txt"', 'path = "/t.txt"', "leaves SYNTH_DATA"),
        (sha(A), "abc", "no sha256"),
        ("[counts]", "[counts", "is not TOML"),
    ],
)
def test_a_slip_in_an_entry_is_an_error(old, new, says):
    assert old in TEXT
    with pytest.raises(LabError) as caught:
        parse(TEXT.replace(old, new, 1), "toy.toml")
    assert says in caught.value.what


def test_a_data_set_that_is_nowhere_says_what_to_do(library):
    found = failure(library)
    assert isinstance(found, Absent)
    assert "synth data pull toy" in found.do
    assert "SYNTH_DATA" in found.do
    assert "SYNTH_DATA" not in failure(library, layout="upstream").do
    assert "synth data pull" not in failure(library, layout="at_hand").do


def test_no_roots_at_all(monkeypatch):
    monkeypatch.delenv("SYNTH_DATA", raising=False)
    assert Library.default() == Library(None, None)
    with pytest.raises(Absent):
        Library.default().locate("tatoeba")


def test_at_hand_wins_over_upstream_and_that_over_what_was_pulled(library):
    for root in (library.at_hand, library.pulled):
        put(root / "toy" / "a.txt", A)
        put(root / "toy" / "b.txt", B)
    put(library.at_hand / "toys" / "t.txt", T)
    assert located(library).layout == "at_hand"
    assert located(library).file("t.txt") == library.at_hand / "toys" / "t.txt"
    assert located(library).folder == library.at_hand / "toys"
    assert located(library, layout="upstream").folder == library.at_hand / "toy"
    (library.at_hand / "toys" / "t.txt").unlink()
    assert located(library).layout == "upstream"
    (library.at_hand / "toy" / "a.txt").unlink()
    (library.at_hand / "toy" / "b.txt").unlink()
    assert located(library).folder == library.pulled / "toy"
    with pytest.raises(LabError, match=r"has no file 'c\.txt'"):
        located(library).file("c.txt")


@pytest.mark.parametrize(
    ("content", "says"),
    [(T[:-3], "truncated: 9 of 12 bytes"), (T[:-2] + b"x\n", "another version"), (T + b"more", "another version")],
)
def test_truncated_and_other_files_are_refused_by_name(library, content, says):
    put(library.at_hand / "toys" / "t.txt", content)
    found = failure(library)
    assert says in found.what
    assert "t.txt" in found.what
    assert not isinstance(found, Absent)


def test_a_missing_file_of_a_present_data_set_is_named(library):
    put(library.pulled / "toy" / "a.txt", A)
    assert "lacks b.txt" in failure(library).what


def test_the_checksum_follows_the_content_not_the_place(library):
    put(library.pulled / "toy" / "a.txt", A)
    put(library.pulled / "toy" / "b.txt", B)
    before = located(library).checksum
    assert located(library, checked=False).checksum == before
    assert Library(library.pulled, None).locate("toy").checksum == before
    put(library.pulled / "toy" / "b.txt", B + b"more")
    assert located(library).checksum != before
    put(library.at_hand / "toys" / "t.txt", T)
    assert located(library).checksum != before


def test_a_file_is_read_once_and_again_when_it_has_changed(library, monkeypatch):
    put(library.at_hand / "toys" / "t.txt", T)
    read = []
    monkeypatch.setattr(data, "sha256", lambda path: read.append(path) or sha(path.read_bytes()))
    located(library)
    located(library)
    assert len(read) == 1
    os.utime(library.at_hand / "toys" / "t.txt", ns=(1, 1))
    located(library)
    assert len(read) == 2


def test_unchecked_only_looks_at_sizes(library):
    put(library.at_hand / "toys" / "t.txt", b"x" * len(T))
    assert located(library, checked=False).layout == "at_hand"
    put(library.at_hand / "toys" / "t.txt", b"x")
    assert "truncated" in failure(library, checked=False).what


def test_what_the_first_pull_recorded_is_insisted_on(library):
    folder = library.pulled / "toy"
    put(folder / "a.txt", A)
    put(folder / "b.txt", B)
    (folder / RECORD).write_text(json.dumps({"files": {"b.txt": {"sha256": sha(B), "bytes": len(B)}}}))
    located(library)
    put(folder / "b.txt", b"sEcond\n")
    assert "another version of b.txt" in failure(library).what
    (folder / RECORD).write_text(json.dumps({"files": {"b.txt": {"sha256": sha(B)}}}))
    assert "pulled.json is damaged" in failure(library).what
    (folder / RECORD).write_text("{")
    with pytest.raises(LabError):
        recorded(folder)


def test_a_stated_checksum_cannot_be_overruled_by_a_record(library):
    folder = library.pulled / "toy"
    put(folder / "a.txt", b"forged")
    put(folder / "b.txt", B)
    (folder / RECORD).write_text(json.dumps({"files": {"a.txt": {"sha256": sha(b"forged"), "bytes": 6}}}))
    assert "another version of a.txt" in failure(library).what


def test_how_a_licensed_set_is_come_by():
    said = how_to_get(dataset("ccgbank"))
    assert "LDC2005T13" in said
    assert "train.auto" in said
    assert "SYNTH_DATA/ccgbank" in said


def test_schema_matches_the_class():
    with pytest.raises(LabError):
        check({"name": "x"}, catalogue.SCHEMA, "x")


@real
@pytest.mark.parametrize("name", [n for n in EXPECTED if dataset(n).at_hand])
def test_the_real_files_are_the_ones_in_the_catalogue(name):
    found = Library.default().locate(name)
    assert found.layout == "at_hand"
    assert set(found.paths) == {file.name for file in dataset(name).at_hand}
