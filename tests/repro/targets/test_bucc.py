import gzip
import os

import pytest

from repro.data.library import Library
from repro.errors import LabError
from repro.targets import TargetOptions, bucc


def write(folder, split, source, english, gold):
    for part, rows in (("zh", source), ("en", english), ("gold", gold)):
        with gzip.open(folder / f"zh-en.{split}.{part}.gz", "wt", encoding="utf-8") as file:
            file.write("".join(f"{a}\t{b}\n" for a, b in rows))


def corpus(prefix, pairs=40, alone=60):
    source = [(f"zh-{prefix}{i}", f"z {prefix}{i}") for i in range(pairs + alone)]
    english = [(f"en-{prefix}{i}", f"e {prefix}{i if i < pairs else -i}") for i in range(pairs + alone)]
    return source, english, [(f"zh-{prefix}{i}", f"en-{prefix}{i}") for i in range(pairs)]


def found(rows):
    return {row["metric"]: row["value"] for row in rows}


def test_translations_are_found(tmp_path, library, meanings, quiet):
    write(tmp_path, "dev", *corpus(""))
    encode = meanings(lambda text: text.split()[1], noise=0.1)
    rows = bucc.measure(TargetOptions(neighbours=4), library("bucc2018", tmp_path, "at_hand"), None, encode, quiet)
    values = found(rows)
    assert set(values) == {f"{m}{s}" for m in ("f1", "precision", "recall") for s in ("_dev", "_heldout")}
    assert values["f1_dev"] == 100.0
    assert 90 < values["f1_heldout"] <= 100.0
    assert all(row["language"] == "cmn" and row["n"] == 40 and row["pool"] == [100, 100] for row in rows)


def test_the_threshold_of_dev_is_used_on_test(tmp_path, library, meanings, quiet):
    write(tmp_path, "sample", *corpus("d"))
    write(tmp_path, "training", *corpus("t", pairs=30))
    encode = meanings(lambda text: text.split()[1], noise=0.1)
    rows = bucc.measure(TargetOptions(neighbours=4), library("bucc2018", tmp_path, "upstream"), None, encode, quiet)
    values = found(rows)
    assert values["f1"] > 85
    assert next(row["n"] for row in rows if row["metric"] == "f1") == 30


def test_repeated_sentences_are_one_candidate_and_never_reported(tmp_path, library, meanings):
    source, english, gold = corpus("", pairs=5, alone=5)
    write(tmp_path, "dev", [*source, ("zh-again", source[0][1])], english, gold)
    split = bucc.read(library("bucc2018", tmp_path, "at_hand").locate("bucc2018"))["cmn"]["dev"]
    texts = [text for side in split[:2] for text in side.values()]
    pairs = bucc.mined_pairs(split, bucc.Encoded(texts, meanings(lambda text: text.split()[1])), 4)
    assert {("zh-1", "en-1"), ("zh-4", "en-4")} <= set(pairs)
    assert not any(source in ("zh-0", "zh-again") for source, _ in pairs)


def test_gold_of_another_version(tmp_path, library):
    source, english, gold = corpus("")
    write(tmp_path, "dev", source, english[1:], gold)
    with pytest.raises(LabError, match="zh-en.dev.gold names a sentence that is not there: zh-0 en-0"):
        bucc.read(library("bucc2018", tmp_path, "at_hand").locate("bucc2018"))


def test_an_incomplete_pair(tmp_path, library):
    write(tmp_path, "dev", *corpus(""))
    (tmp_path / "zh-en.dev.en.gz").unlink()
    with pytest.raises(LabError, match="no language pair of BUCC 2018 is complete"):
        bucc.read(library("bucc2018", tmp_path, "at_hand").locate("bucc2018"))


@pytest.mark.skipif(not os.environ.get("SYNTH_DATA"), reason="SYNTH_DATA is not set")
def test_the_real_set():
    split = bucc.read(Library.default().locate("bucc2018"))["cmn"]["dev"]
    assert (len(split.source), len(split.english), len(split.gold)) == (8624, 13589, 257)


@pytest.mark.parametrize(("changes", "same"), [({}, True), ({"neighbours": 1}, False), ({"margin": "distance"}, False)])
def test_neighbours_and_margin_are_what_the_rung_says(tmp_path, library, meanings, quiet, changes, same):
    write(tmp_path, "dev", *corpus(""))
    params, lib = {"neighbours": 4}, library("bucc2018", tmp_path, "at_hand")
    encode = meanings(lambda text: text.split()[1], noise=0.8)
    rows = [bucc.measure(TargetOptions.read(one), lib, None, encode, quiet) for one in (params, {**params, **changes})]
    assert (found(rows[0]) == found(rows[1])) is same


def test_a_margin_that_there_is_not(tmp_path, library, meanings, quiet):
    write(tmp_path, "dev", *corpus(""))
    params = {"neighbours": 4, "margin": "cubic"}
    with pytest.raises(LabError, match="no margin 'cubic'"):
        bucc.measure(TargetOptions.read(params), library("bucc2018", tmp_path, "at_hand"), None, meanings(str), quiet)
