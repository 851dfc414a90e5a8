import gzip
import json

import pytest

from synth.core.errors import UsageError
from training.stance import pairs
from training.stance.pairs import CONTRADICT, NOT_ENOUGH_INFO, SUPPORT, Example


def test_inference_sets_are_read_by_their_columns(tmp_path):
    file = tmp_path / "nli.tsv"
    file.write_text(
        'sentence1\tsentence2\tgold_label\nA "dog runs.\tAn animal runs.\tentailment\nA dog.\tA cat.\t-\n'
        "A dog runs.\tA dog sits.\tcontradiction\n",
        encoding="utf-8",
    )
    assert pairs.read(file) == [
        Example("An animal runs.", 'A "dog runs.', SUPPORT, "nli"),
        Example("A dog sits.", "A dog runs.", CONTRADICT, "nli"),
    ]


def test_lines_with_premise_and_hypothesis_and_packed_files(tmp_path):
    file = tmp_path / "set.jsonl.gz"
    row = {"premise": "p", "hypothesis": "h", "label": "neutral"}
    file.write_bytes(gzip.compress(json.dumps(row).encode() + b"\n\n"))
    assert pairs.read(file) == [Example("h", "p", NOT_ENOUGH_INFO, "set")]


def test_evidence_of_fool_me_twice_and_what_is_none(tmp_path):
    file = tmp_path / "fm2.jsonl"
    row = {
        "text": "It was filmed in 1980.",
        "label": "REFUTES",
        "gold_evidence": [{"text": "Filming began in 1981. "}],
        "retrieved_evidence": [
            {"text": "Filming began in 1981."},
            {"text": "Too short."},
            {"text": "It premiered in New Delhi in 1982."},
        ],
    }
    file.write_text(json.dumps(row), encoding="utf-8")
    assert pairs.read(file) == [
        Example("It was filmed in 1980.", "Filming began in 1981.", CONTRADICT, "fm2"),
        Example("It was filmed in 1980.", "It premiered in New Delhi in 1982.", NOT_ENOUGH_INFO, "fm2"),
    ]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", b"x"),
        ("a.jsonl", b"{"),
        ("a.jsonl", b"[1]"),
        ("a.jsonl", b'{"text": "t", "label": "maybe", "gold_evidence": [], "retrieved_evidence": []}'),
        ("a.jsonl", b"\xff\xfe"),
        ("a.jsonl.gz", b"no gzip"),
        ("a.jsonl.xz", b"no xz"),
        ("a.tsv", b"sentence1\tsentence2\tgold_label\n"),
        ("none.jsonl", None),
    ],
)
def test_what_is_no_set_is_refused(tmp_path, name, data):
    file = tmp_path / name
    if data is not None:
        file.write_bytes(data)
    with pytest.raises(UsageError):
        pairs.read(file)


def test_a_file_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(pairs, "LARGEST", 1000)
    file = tmp_path / "a.jsonl.gz"
    file.write_bytes(gzip.compress(b" " * 2000))
    with pytest.raises(UsageError, match="larger"):
        pairs.unpacked(file)
