"""Reading and writing the format: what is right comes back, what is wrong is told with its line."""

from __future__ import annotations

import gzip
import json
import lzma

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.core.errors import UsageError
from synth.core.types import Stance
from synth.eval.scifact import files
from synth.eval.scifact.labels import stance_of
from synth.eval.scifact.lines import MalformedLine
from synth.eval.scifact.records import Claim, ClaimPrediction, CorpusDocument, DocumentPrediction, Gold

CLAIM = {
    "id": 52,
    "claim": "ALDH1 expression is associated with poorer prognosis.",
    "evidence": {"11": [{"sentences": [0, 1], "label": "SUPPORT"}, {"sentences": [11], "label": "SUPPORT"}]},
    "cited_doc_ids": [11, 15],
}
DOCUMENT = {"doc_id": 11, "title": "A title", "abstract": ["One.", "Two."], "structured": False}


def written(path, *rows):
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows), "utf-8")
    return path


def test_a_claim_is_read_as_it_stands(tmp_path):
    [claim], notes = files.read_claims(written(tmp_path / "c.jsonl", CLAIM))
    gold = Gold(Stance.SUPPORT, (frozenset({0, 1}), frozenset({11})))
    assert claim == Claim(52, CLAIM["claim"], ("11", "15"), {"11": gold})
    assert notes == []


def test_a_test_set_has_neither_labels_nor_citations(tmp_path):
    [claim], _ = files.read_claims(written(tmp_path / "c.jsonl", {"id": 1, "claim": "Text."}))
    assert (claim.cited, claim.evidence) == (None, None)


def test_documents_are_found_by_number_or_name(tmp_path):
    corpus = files.read_corpus(written(tmp_path / "d.jsonl", DOCUMENT, {"doc_id": "PMC7", "abstract": []}))
    assert corpus == {"11": CorpusDocument("11", "A title", ("One.", "Two.")), "PMC7": CorpusDocument("PMC7", "", ())}


@pytest.mark.parametrize(("suffix", "packed"), [(".gz", gzip.compress), (".xz", lzma.compress), ("", bytes)])
def test_compressed_files_blank_lines_and_a_byte_order_mark(tmp_path, suffix, packed):
    path = tmp_path / f"d.jsonl{suffix}"
    path.write_bytes(packed(b"\xef\xbb\xbf" + json.dumps(DOCUMENT).encode() + b"\n\n  \n"))
    assert list(files.read_corpus(path)) == ["11"]


def changed(**fields):
    return {**CLAIM, "id": 53, **fields}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"id": 53, "claim": "cut', "no JSON"),
        ("[1, 2]", "not a JSON object"),
        ('{"id": 53, "id": 54, "claim": "x"}', "'id' stands there twice"),
        ('{"id": 53, "claim": "x", "evidence": NaN}', "NaN"),
        ('{"id": 53, "claim": ' + "[" * 100_000, "no JSON"),
        ('{"id": ' + "9" * 5000 + ', "claim": "x"}', "no JSON"),
        ({"claim": "x"}, "no `id`"),
        ({"id": 53}, "no `claim`"),
        (changed(claim="  "), "`claim` is no text"),
        (changed(id=True), "`id` holds 'True'"),
        (changed(id=1.5), "`id` holds '1.5'"),
        (changed(cited_doc_ids=11), "`cited_doc_ids` is no list"),
        (changed(cited_doc_ids=[None]), "`cited_doc_ids` holds 'None'"),
        (changed(evidence=[]), "`evidence` is no object"),
        (changed(evidence={"11": {"sentences": [0], "label": "SUPPORT"}}), "no list of objects"),
        (changed(evidence={"11": [{"sentences": [0]}]}), "no `label`"),
        (changed(evidence={"11": [{"sentences": [-1], "label": "SUPPORT"}]}), "`sentences` is no list"),
        (changed(evidence={"11": [{"sentences": ["0"], "label": "SUPPORT"}]}), "`sentences` is no list"),
        (changed(evidence={"11": [{"sentences": [0], "label": "MAYBE"}]}), "label 'MAYBE' is none of SUPPORT"),
        (
            changed(
                evidence={"11": [{"sentences": [i], "label": name} for i, name in enumerate(("SUPPORT", "REFUTES"))]}
            ),
            "a document has one label",
        ),
        (CLAIM, "claim id 52 stands in line 1 already"),
        (changed(id="52"), "claim id 52 stands in line 1 already"),
    ],
)
def test_a_wrong_claim_is_told_with_its_line(tmp_path, line, words):
    with pytest.raises(UsageError) as caught:
        files.read_claims(written(tmp_path / "c.jsonl", CLAIM, "", line))
    assert "line 3: " in caught.value.what
    assert words in caught.value.what
    assert caught.value.do


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"doc_id": 11, "abstract": "One. Two."}, "`abstract` is no list of sentences"),
        ({"doc_id": 11, "abstract": ["One.", 2]}, "`abstract` is no list of sentences"),
        ({"doc_id": 11, "title": 3, "abstract": []}, "`title` is no text"),
        ({"_id": 11, "abstract": []}, "no `doc_id`"),
    ],
)
def test_a_wrong_document_is_told_with_its_line(tmp_path, line, words):
    with pytest.raises(UsageError, match="line 1: ") as caught:
        files.read_corpus(written(tmp_path / "d.jsonl", line))
    assert words in caught.value.what


def test_empty_absent_and_broken_files(tmp_path):
    with pytest.raises(UsageError, match="holds no document"):
        files.read_corpus(written(tmp_path / "empty.jsonl"))
    with pytest.raises(UsageError, match="No such file"):
        files.read_corpus(tmp_path / "absent.jsonl")
    with pytest.raises(UsageError, match="cannot be read"):
        files.read_corpus(tmp_path)
    for name in ("cut.jsonl.gz", "cut.jsonl.xz"):
        whole = gzip.compress(b"x" * 9999) if name.endswith("gz") else lzma.compress(b"x" * 9999)
        (tmp_path / name).write_bytes(whole[:-9])
        with pytest.raises(UsageError):
            files.read_corpus(tmp_path / name)
    (tmp_path / "latin.jsonl").write_bytes(b'{"doc_id": 1, "abstract": ["caf\xe9"]}\n')
    with pytest.raises(UsageError, match="line 1: byte 32 is not UTF-8"):
        files.read_corpus(tmp_path / "latin.jsonl")
    with pytest.raises(UsageError, match="JSON array"):
        files.read_corpus(written(tmp_path / "array.jsonl", "[", "{}", "]"))


def test_an_endless_line_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr("synth.eval.scifact.lines.MAX_LINE", 100)
    with pytest.raises(UsageError, match="line 2"):
        files.read_corpus(written(tmp_path / "d.jsonl", DOCUMENT, {"doc_id": 1, "abstract": ["x" * 200]}))


def test_labels_of_other_conventions_are_read_and_told(tmp_path):
    rows = [
        {"id": i, "claim": "x", "evidence": {"1": [{"sentences": [0], "label": label}]}}
        for i, label in enumerate(["SUPPORTS", "REFUTES", "REFUTES", "NEI", "contradict", "Not Enough Info"])
    ]
    claims, notes = files.read_claims(written(tmp_path / "c.jsonl", *rows))
    assert [claim.evidence["1"].stance if claim.evidence else None for claim in claims] == [
        Stance.SUPPORT,
        Stance.CONTRADICT,
        Stance.CONTRADICT,
        None,
        Stance.CONTRADICT,
        None,
    ]
    assert "c.jsonl: label 'REFUTES' was read as CONTRADICT (2 times)." in notes
    assert "c.jsonl: 2 entries without enough information count as no evidence." in notes


@pytest.mark.parametrize("label", ["", None, 1, "SUPPORT?", "TRUE-ISH"])
def test_a_label_that_nobody_uses_is_refused(label):
    with pytest.raises(MalformedLine):
        stance_of(label)


ids = st.integers(0, 10**18 - 1).map(str) | st.text(min_size=1, max_size=9)
positions = st.frozensets(st.integers(0, 30), min_size=1, max_size=4)
golds = st.builds(
    Gold,
    st.sampled_from([Stance.SUPPORT, Stance.CONTRADICT]),
    st.lists(positions, min_size=1, max_size=3).map(tuple),
)
claims = st.builds(
    Claim,
    st.integers() | st.text(min_size=1, max_size=9),
    st.text(min_size=1).filter(str.strip),
    st.none() | st.lists(ids, unique=True, max_size=4).map(tuple),
    st.none() | st.dictionaries(ids, golds, max_size=3),
)


@given(st.lists(claims, min_size=1, max_size=5, unique_by=lambda claim: str(claim.id)))
def test_claims_that_were_written_are_read_back(tmp_path_factory, found):
    path = tmp_path_factory.mktemp("claims") / "claims.jsonl"
    files.write_claims(path, found)
    assert files.read_claims(path) == (found, [])


@given(
    st.lists(
        st.builds(CorpusDocument, ids, st.text(), st.lists(st.text()).map(tuple)), min_size=1, unique_by=lambda d: d.id
    )
)
def test_documents_that_were_written_are_read_back(tmp_path_factory, found):
    path = tmp_path_factory.mktemp("corpus") / "corpus.jsonl"
    files.write_corpus(path, found)
    assert list(files.read_corpus(path).values()) == found


def test_predictions_are_written_in_the_official_form(tmp_path):
    p = {Stance.SUPPORT: 0.7, Stance.CONTRADICT: 0.1, Stance.NOT_ENOUGH_INFO: 0.2}
    path = tmp_path / "new" / "predictions.jsonl"
    files.write_answers(
        path, [ClaimPrediction(1, {"11": DocumentPrediction(Stance.CONTRADICT, (3, 0))}, {"11": p, "12": p})]
    )
    assert [json.loads(line) for line in path.read_text().splitlines()] == [
        {
            "id": 1,
            "evidence": {"11": {"sentences": [3, 0], "label": "CONTRADICT"}},
            "confidence": {
                "11": {"SUPPORT": 0.7, "CONTRADICT": 0.1, "NOT_ENOUGH_INFO": 0.2},
                "12": {"SUPPORT": 0.7, "CONTRADICT": 0.1, "NOT_ENOUGH_INFO": 0.2},
            },
        }
    ]
    assert [file.name for file in path.parent.iterdir()] == ["predictions.jsonl"]
    with pytest.raises(UsageError, match="cannot be written"):
        files.write_answers(path / "below-a-file.jsonl", [])


def test_the_data_at_hand_is_read_whole(data):
    claims, notes = files.read_claims(data / "citation-integrity" / "claims_train.jsonl.gz")
    corpus = files.read_corpus(data / "citation-integrity" / "corpus_train.jsonl.xz")
    stances = [gold.stance for claim in claims for gold in claim.evidence.values()]
    assert (len(claims), len(corpus)) == (2138, 2138)
    assert (stances.count(Stance.SUPPORT), stances.count(Stance.CONTRADICT)) == (1366, 629)
    assert notes == ["claims_train.jsonl.gz: label 'REFUTE' was read as CONTRADICT (629 times)."]
    assert len(files.read_claims(data / "scifact" / "claims_train.jsonl.gz")[0]) == 809
