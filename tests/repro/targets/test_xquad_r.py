import json
import os

import numpy as np
import pytest

from repro.data.library import Library
from repro.errors import LabError
from repro.retrieval.mining import Score
from repro.targets import TargetOptions, parallel_rows, xquad_r


def paragraph(code, topics):
    """A paragraph with a sentence and a question a topic: "en0." is answered by "en?0"."""
    sentences = [f"{code}{topic}." for topic in topics]
    breaks, at = [], 0
    for sentence in sentences:
        breaks.append([at, at + len(sentence)])
        at += len(sentence) + 1
    qas = [
        {"id": f"q{t}", "question": f"{code}?{t}", "answers": [{"answer_start": start + 1, "text": "x"}]}
        for t, (start, _) in zip(topics, breaks, strict=True)
    ]
    return {"context": " ".join(sentences), "sentence_breaks": breaks, "qas": qas}


def write(folder, code, paragraphs):
    data = {"data": [{"title": "t", "paragraphs": paragraphs}]}
    (folder / f"{code}.json").write_text(json.dumps(data), encoding="utf-8")


def meaning(text):
    return text.strip(".")[2:].strip("?")


def test_answers_in_every_language(tmp_path, library, meanings, quiet):
    for code in ("en", "de"):
        write(tmp_path, code, [paragraph(code, [0, 1, 2]), paragraph(code, [3, 4])])
    lib = library("xquad-r", tmp_path, "upstream")
    rows = xquad_r.measure(TargetOptions(), lib, None, meanings(meaning), quiet)
    values = {(row["language"], row["metric"]): (row["value"], row["n"]) for row in rows}
    for code in ("eng", "deu"):
        for metric in ("map20", "answer_multilingual", "answer_english"):
            assert values[code, metric] == (pytest.approx(100.0), 5)


def test_a_language_that_is_not_understood(tmp_path, library, meanings, quiet):
    """German sentences have meanings of their own: German questions find English answers, one of two right ones."""
    for code in ("en", "de"):
        write(tmp_path, code, [paragraph(code, list(range(10)))])
    encode = meanings(lambda text: text if text.startswith("de") and text.endswith(".") else meaning(text))
    rows = xquad_r.measure(TargetOptions(), library("xquad-r", tmp_path, "upstream"), None, encode, quiet)
    values = {(row["language"], row["metric"]): row["value"] for row in rows}
    assert values["deu", "answer_multilingual"] == 100.0
    assert values["deu", "answer_english"] < 50  # English questions, German sentences only
    assert values["eng", "answer_english"] == 100.0
    assert 50 < values["deu", "map20"] < 80  # the first right answer comes first, the second anywhere in 20


def test_sentences_equal_to_the_answer_are_right_too():
    side = xquad_r._side([paragraph("en", [0, 1, 0])])
    assert side.sentences == ["en0.", "en1.", "en0."]
    assert [question.answers for question in side.questions] == [(0, 2), (1,), (0, 2)]


def test_a_question_whose_answer_is_in_no_sentence():
    broken = paragraph("en", [0, 1])
    broken["qas"][0]["answers"][0]["answer_start"] = 4  # the space between the sentences
    assert [question.id for question in xquad_r._side([broken]).questions] == ["q1"]


def test_files_of_another_form(tmp_path, library):
    write(tmp_path, "en", [{"context": "x", "qas": []}])
    with pytest.raises(LabError, match="not as expected"):
        xquad_r.read(library("xquad-r", tmp_path, "upstream").locate("xquad-r"))
    (tmp_path / "en.json").write_text("[]")
    with pytest.raises(LabError, match="has no paragraphs"):
        xquad_r.read(library("xquad-r", tmp_path, "upstream").locate("xquad-r"))


@pytest.mark.skipif(not os.environ.get("SYNTH_DATA"), reason="SYNTH_DATA is not set")
def test_the_real_set_has_the_published_sizes():
    """Numbers of candidates as in the table of the data set's own README; 1,190 questions a language."""
    sides = xquad_r.read(Library.default().locate("xquad-r"))
    published = {"ara": 1222, "deu": 1276, "ell": 1234, "eng": 1180, "spa": 1215, "hin": 1244, "rus": 1219}
    published |= {"tha": 852, "tur": 1167, "vie": 1209, "cmn": 1196}
    assert {code: len(side.sentences) for code, side in sides.items()} == published
    assert {len(side.questions) for side in sides.values()} == {1190}


def test_no_metric_has_the_name_of_another_target_s(tmp_path, library, meanings, quiet):
    """A contrast takes all rows of its metric: those of another target would be taken for the same measurement."""
    write(tmp_path, "en", [paragraph("en", [0, 1, 2])])
    rows = xquad_r.measure(TargetOptions(), library("xquad-r", tmp_path, "upstream"), None, meanings(meaning), quiet)
    vectors = np.random.default_rng(0).normal(size=(200, 4)).astype(np.float32)
    aligned = {row["metric"] for row in parallel_rows("deu", vectors, vectors)}
    mined = {f"{metric}{split}" for metric in Score._fields for split in ("", "_dev", "_heldout")}
    own = {row["metric"] for row in rows}
    assert len(own | aligned | mined) == len(own) + len(aligned) + len(mined) == 3 + 6 + 9
