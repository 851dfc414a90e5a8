"""Labelled documents: what a file may hold, and that no document is on two sides of a split."""

from __future__ import annotations

import gzip
import json

import pytest

from synth.claims import labels
from synth.claims.features import Document
from synth.claims.labels import Labelled
from synth.errors import UsageError


def written(path, rows):
    text = "\n".join(json.dumps(row) for row in rows)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_reads_sentences_labels_sections(tmp_path, name):
    row = {"sentences": ["A\nb.", "C."], "labels": [None, "Claim"], "sections": ["Introduction", "5 Results"]}
    [found] = labels.read(written(tmp_path / name, [row]), ["claim"])
    assert found == Labelled(Document(("A b.", "C."), ("introduction", "results")), (False, True))


@pytest.mark.parametrize(
    "row",
    [
        {"sentences": ["A."], "labels": []},
        {"sentences": ["A."]},
        {"sentences": "A.", "labels": "1."},
        ["A."],
        7,
        {"sentences": ["A."], "labels": ["1"], "sections": ["a", "b"]},
        {"sentences": 3, "labels": 3},
    ],
)
def test_a_line_of_another_form_is_named(tmp_path, row):
    with pytest.raises(UsageError, match="line 2"):
        labels.read(written(tmp_path / "a.jsonl", [{"sentences": ["A."], "labels": ["1"]}, row]), ["1"])


def test_other_bad_files(tmp_path):
    with pytest.raises(UsageError, match="labelled result"):
        labels.read(written(tmp_path / "a.jsonl", [{"sentences": ["A."], "labels": ["1"]}]), ["result"])
    with pytest.raises(UsageError, match="cannot be read"):
        labels.read(tmp_path / "absent.jsonl", ["1"])
    (tmp_path / "b.jsonl.gz").write_bytes(b"no gzip")
    with pytest.raises(UsageError, match="cannot be read"):
        labels.read(tmp_path / "b.jsonl.gz", ["1"])


def test_a_bomb_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(labels, "LARGEST", 1000)
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b" " * 10_000))
    with pytest.raises(UsageError, match="more than 1,000 bytes"):
        labels.read(tmp_path / "a.jsonl.gz", ["1"])


def documents(n, split=""):
    return [Labelled(Document.abstract((f"Sentence {i}.",)), (True,), split) for i in range(n)]


def test_split_is_by_seed_and_not_by_order():
    found = labels.split(documents(50), 13)
    assert [len(part) for part in found] == [30, 10, 10]
    again = labels.split(documents(50)[::-1], 13)
    assert [set(part) for part in map(tuple, again)] == [set(part) for part in map(tuple, found)]
    assert labels.split(documents(50), 14)[2] != found[2]


def test_documents_that_share_a_long_sentence_stay_together():
    shared = "This very sentence stands in two of the abstracts, word for word."
    twins = [Labelled(Document.abstract((shared, f"Other {i}.")), (True, False)) for i in range(2)]
    for seed in range(20):
        sides = [i for i, part in enumerate(labels.split(documents(8) + twins, seed)) for one in part if one in twins]
        assert len(set(sides)) == 1


def test_a_split_told_by_the_file_holds():
    told = documents(1, "test") + documents(2, "train") + documents(3, "dev")
    assert [len(part) for part in labels.split(told, 13)] == [2, 3, 1]
