"""Readers of the published files, on tiny files in their forms, and of the data sets below SYNTH_DATA."""

import gzip
import json
import os
import zipfile

import pytest

from repro.data.library import Library, Located
from repro.errors import LabError
from repro.tasks import Answer, Choice, Pair, Span, Tagged, source, task

NLI = [
    {"gold_label": "neutral", "sentence1": "A man.", "sentence2": "A tall man.", "pairID": "1"},
    {"gold_label": "-", "sentence1": "No", "sentence2": "agreement", "pairID": "2"},
    {"gold_label": "entailment", "sentence1": "Two men.", "sentence2": "", "pairID": "3"},
]
NLI_PAIRS = [Pair("A man.", "A tall man.", "neutral"), Pair("Two men.", "", "entailment")]


class Shelf:
    """A library whose data sets are the files of one folder."""

    def __init__(self, folder):
        self.folder = folder

    def locate(self, name, checked=True, layout=""):
        paths = {path.name: path for path in self.folder.iterdir()}
        return Located(name, layout or "upstream", self.folder, paths, "0" * 64)


def lines(rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def archive(path, members):
    with zipfile.ZipFile(path, "w") as file:
        for name, content in members.items():
            file.writestr(name, content)


def read(name, folder, part="train", key="published"):
    return list(source(name, key).read(Shelf(folder), part))


@pytest.fixture
def entailment(tmp_path):
    archive(tmp_path / "multinli_1.0.zip", {
        "multinli_1.0/multinli_1.0_train.jsonl": lines(NLI),
        "multinli_1.0/multinli_1.0_dev_matched.jsonl": lines(NLI[:1]),
    })  # fmt: skip
    archive(tmp_path / "snli_1.0.zip", {
        "snli_1.0/snli_1.0_train.jsonl": lines(NLI[1:]),
        "snli_1.0/snli_1.0_dev.jsonl": lines(NLI[2:]),
    })  # fmt: skip
    row = {"uid": "x", "context": "One.", "hypothesis": "Two.", "label": "c"}
    archive(tmp_path / "anli_v1.0.zip", {
        f"anli_v1.0/R{n}/{part}.jsonl": lines([row | {"context": f"R{n}"}])
        for n in (1, 2, 3)
        for part in ("train", "dev")
    })  # fmt: skip
    return tmp_path


def test_mnli_leaves_out_pairs_without_a_gold_label(entailment):
    assert read("mnli", entailment) == NLI_PAIRS
    assert read("mnli", entailment, "dev") == NLI_PAIRS[:1]


def test_anli_has_all_three_sets(entailment):
    own = [Pair(f"R{n}", "Two.", "contradiction") for n in (1, 2, 3)]
    assert read("anli", entailment) == own + NLI_PAIRS + NLI_PAIRS[1:]
    assert read("anli", entailment, "dev") == own + NLI_PAIRS[:1] + NLI_PAIRS[1:]


def test_qqp(tmp_path):
    head = "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate\n"
    archive(tmp_path / "QQP-clean.zip", {"QQP/train.tsv": head + '1\t2\t3\tWhat is "x"?\tx?\t1\n4\t5\t6\tA?\tB?\t0\n'})
    assert read("qqp", tmp_path) == [Pair('What is "x"?', "x?", "duplicate"), Pair("A?", "B?", "different")]


SQUAD = {"title": "t", "paragraphs": [{"context": "Norman kings.", "qas": [
    {"id": "1", "question": "Who?", "answers": [{"text": "kings", "answer_start": 7}] * 2},
]}]}  # fmt: skip


def test_squad1(tmp_path):
    (tmp_path / "train-v1.1.json").write_text(json.dumps({"version": "1.1", "data": [SQUAD]}))
    assert read("squad1", tmp_path) == [Span("Who?", "Norman kings.", (Answer(7, "kings"),))]


def test_squad2_knows_what_cannot_be_answered(tmp_path):
    more = {"id": "2", "question": "When?", "answers": [], "is_impossible": True, "plausible_answers": []}
    article = {**SQUAD, "paragraphs": [{**SQUAD["paragraphs"][0], "qas": [*SQUAD["paragraphs"][0]["qas"], more]}]}
    (tmp_path / "dev-v2.0.json").write_text(json.dumps({"version": "v2.0", "data": [article]}))
    found = read("squad2", tmp_path, "dev")
    assert [len(e.answers) for e in found] == [1, 0]
    assert found[1].question == "When?"


def test_hellaswag(tmp_path):
    row = {"ind": 1, "ctx": "She runs and", "endings": ["a", "b", "c", "d"], "label": 2, "split": "train"}
    (tmp_path / "hellaswag_train.jsonl").write_text(lines([row]))
    assert read("hellaswag", tmp_path) == [Choice("She runs and", ("a", "b", "c", "d"), 2)]


def test_cosmosqa_joins_question_and_answer(tmp_path):
    (tmp_path / "train.csv").write_text(
        "id,context,question,answer0,answer1,answer2,answer3,label\n"
        '1,"He said ""no"",\nand left.",Why ?,a,b,"c, d",e,3\n'
    )
    expected = Choice('He said "no",\nand left.', ("Why ? a", "Why ? b", "Why ? c, d", "Why ? e"), 3)
    assert read("cosmosqa", tmp_path) == [expected]


def test_commonsenseqa(tmp_path):
    choices = [{"label": letter, "text": letter.lower()} for letter in "BACDE"]
    row = {"answerKey": "B", "id": "x", "question": {"question_concept": "q", "choices": choices, "stem": "What?"}}
    (tmp_path / "dev_rand_split.jsonl").write_text(lines([row]))
    assert read("commonsenseqa", tmp_path, "dev") == [Choice("What?", ("a", "b", "c", "d", "e"), 1)]


def test_ccgbank(tmp_path):
    (tmp_path / "train.auto").write_text(
        "ID=example.1 PARSER=GOLD NUMPARSE=1\n"
        "(<T S[dcl] 1 2> (<T NP 0 1> (<L N NNS NNS Birds N>) ) (<T S[dcl]\\NP 0 1> "
        "(<L S[dcl]\\NP VBP VBP sing S[dcl]\\NP_1>) ) ) \n"
    )
    assert read("ccg", tmp_path) == [Tagged(("Birds", "sing"), ("N", "S[dcl]\\NP"))]


@pytest.mark.parametrize(
    ("name", "file", "content", "message"),
    [
        ("hellaswag", "hellaswag_train.jsonl", {"ctx": "x", "endings": ["a"], "label": 0}, "not a list of 4"),
        ("hellaswag", "hellaswag_train.jsonl", {"ctx": "x", "endings": list("abcd"), "label": 4}, "from 0 to 3"),
        ("hellaswag", "hellaswag_train.jsonl", {"ctx": None, "endings": list("abcd"), "label": 1}, "no 'ctx'"),
        ("commonsenseqa", "train_rand_split.jsonl", {"answerKey": "F", "question": {"choices": []}}, "A to E"),
        ("commonsenseqa", "train_rand_split.jsonl", {"answerKey": "A", "question": {"choices": []}}, "A to E"),
        ("squad1", "train-v1.1.json", {"data": [{"paragraphs": [{"qas": []}]}]}, "no 'context'"),
        ("squad1", "train-v1.1.json", ["x"], "no 'data'"),
        (
            "squad1",
            "train-v1.1.json",
            {"data": [{"paragraphs": [{"context": "x", "qas": [{"question": "y", "answers": []}]}]}]},
            "no answer",
        ),
        ("ccg", "train.auto", "no derivation here", "line 1"),
    ],
)
def test_a_malformed_file_is_an_error_that_names_it(tmp_path, name, file, content, message):
    (tmp_path / file).write_text(content if isinstance(content, str) else json.dumps(content) + "\n")
    with pytest.raises(LabError, match=message) as caught:
        read(name, tmp_path)
    assert file in caught.value.what


def test_answers_in_tydiqa_must_not_be_empty(tmp_path):
    row = {"id": "1", "context": "x", "question": "y", "answers": [{"text": "", "answer_start": 0}]}
    with gzip.open(tmp_path / "tydiqa_goldp_train_en.jsonl.gz", "wt") as file:
        file.write(lines([row]))
    with pytest.raises(LabError, match="empty"):
        read("squad1", tmp_path, key="tydiqa-goldp")


at_hand = pytest.mark.skipif(not os.environ.get("SYNTH_DATA"), reason="SYNTH_DATA is not set")
# Train and dev examples; together the rows that are stated for the data sets.
COUNTS = {
    ("mnli", "xnli"): (5010, 2490),
    ("anli", "anli-dev+xnli"): (3198 + 5010 + 2490,),
    ("qqp", "mrpc"): (4076, 1725),
    ("qqp", "mrpc+paws-x"): (4076 + 1500, 1725 + 500),
    ("squad1", "tydiqa-goldp"): (3696,),
    ("hellaswag", "hellaswag-dev"): (8042, 2000),
    ("cosmosqa", "cosmosqa-dev"): (2388, 597),
    ("commonsenseqa", "commonsenseqa"): (9741, 1221),
    ("ccg", "ud-ewt"): (12544, 2001),
    ("upos", "ud-ewt"): (12544, 2001),
    ("deprel", "ud-ewt"): (12544, 2001),
    ("depth", "ud-ewt"): (12544, 2001),
    ("chunk", "ud-ewt"): (12544, 2001),
}


@at_hand
@pytest.mark.parametrize(("name", "key"), COUNTS)
def test_stand_ins_have_the_rows_that_are_stated(name, key):
    library = Library.default()
    train, dev = (list(source(name, key).read(library, part)) for part in ("train", "dev"))
    expected = COUNTS[name, key]
    assert (len(train), len(dev)) == expected if len(expected) == 2 else len(train) + len(dev) == expected[0]
    if task(name).KIND == "pair":
        assert {e.label for e in (*train, *dev)} == set(task(name).LABELS)
    if task(name).KIND == "tagging":
        assert sum(len(e.words) for e in train) == 204_577
    assert not set(train[:2000]) & set(dev) or task(name).KIND == "tagging"


@at_hand
def test_squad2_from_what_is_at_hand():
    library = Library.default()
    read = source("squad2", "tydiqa-goldp+squad2-sample").read
    train, dev = (list(read(library, part)) for part in ("train", "dev"))
    asked = [list(source("squad1", "tydiqa-goldp").read(library, part)) for part in ("train", "dev")]
    assert len(train) + len(dev) == 3696 + sum((len(part) + 1) // 2 for part in asked) + 500
    for part in (train, dev):
        assert 0.25 < sum(not e.answers for e in part) / len(part) < 0.5
    for example in (*train, *dev):
        for answer in example.answers:
            assert example.context[answer.start : answer.start + len(answer.text)] == answer.text
    assert not {e.context for e in train} & {e.context for e in dev}
