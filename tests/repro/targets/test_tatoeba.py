import gzip
import os
import zipfile

import pytest

from repro.data.library import Library
from repro.errors import LabError
from repro.targets import TargetOptions, tatoeba


def write_pairs(folder, code, pairs):
    for side, lines in ((code, [a for a, _ in pairs]), ("eng", [b for _, b in pairs])):
        (folder / f"tatoeba.{code}-eng.{side}").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def test_published_files(tmp_path, library, meanings, quiet):
    write_pairs(tmp_path, "deu", [("d0", "e0"), ("", "e1"), ("d2", "e0")])
    write_pairs(tmp_path, "cmn", [("c0", "e0"), ("c1", "e5")])
    lib = library("tatoeba", tmp_path, "upstream")
    # An empty sentence keeps its line; the English sentence of two lines finds the first of them.
    assert tatoeba.read(lib.locate("tatoeba"))["deu"] == [("d0", "e0"), ("", "e1"), ("d2", "e0")]
    encode = meanings(lambda text: text[1:] or "empty")
    rows = tatoeba.measure(TargetOptions.read({"languages": ["deu", "cmn"]}), lib, None, encode, quiet)
    found = {(row["language"], row["metric"]): (row["value"], row["n"]) for row in rows}
    # deu: e0 finds d0 (right), e1 finds nothing of its own, the second e0 finds d0 again (wrong).
    assert found["deu", "accuracy_cosine"][1] == 3
    assert found["deu", "accuracy_cosine"][0] in (pytest.approx(100 / 3), pytest.approx(200 / 3))
    assert len(encode.seen) == len({"d0", "", "d2", "e0", "e1", "c0", "c1", "e5"})


def test_english_asks(tmp_path, library, meanings, quiet):
    """Both English sentences mean the first: as queries one of two is right; as answers two of two would be."""
    write_pairs(tmp_path, "deu", [("d0", "e0"), ("d1", "f0")])
    lib = library("tatoeba", tmp_path, "upstream")
    encode = meanings(lambda text: text[1:])
    rows = tatoeba.measure(TargetOptions.read({"languages": "all"}), lib, None, encode, quiet)
    assert next(row["value"] for row in rows if row["metric"] == "accuracy_cosine") == 50.0


def test_an_archive_is_read_in_place(tmp_path, library):
    with zipfile.ZipFile(tmp_path / "laser.zip", "w") as archive:
        for side, text in (("fra", "f0\nf1\n"), ("eng", "e0\ne1\n")):
            archive.writestr(f"LASER-main/data/tatoeba/v1/tatoeba.fra-eng.{side}", text)
    found = tatoeba.read(library("tatoeba", tmp_path, "upstream").locate("tatoeba"))
    assert found == {"fra": [("f0", "e0"), ("f1", "e1")]}


def test_sides_of_unequal_length(tmp_path, library):
    write_pairs(tmp_path, "deu", [("d0", "e0")])
    (tmp_path / "tatoeba.deu-eng.deu").write_text("d0\nd1\n")
    with pytest.raises(LabError, match="of deu have 2 and 1 lines"):
        tatoeba.read(library("tatoeba", tmp_path, "upstream").locate("tatoeba"))


def test_transformed_files(tmp_path, library):
    with gzip.open(tmp_path / "tatoeba-v1.tsv.gz", "wt", encoding="utf-8") as file:
        file.write("lang\tindex\tsentence\tenglish\nafr\t0\ta0\te0\nafr\t1\t\te1\n")
    found = tatoeba.read(library("tatoeba", tmp_path, "at_hand").locate("tatoeba"))
    assert found == {"afr": [("a0", "e0"), ("", "e1")]}
    with gzip.open(tmp_path / "tatoeba-v1.tsv.gz", "wt", encoding="utf-8") as file:
        file.write("lang\tindex\tsentence\tenglish\nafr\t1\ta0\te0\n")
    with pytest.raises(LabError, match="line 0 of afr is missing"):
        tatoeba.read(library("tatoeba", tmp_path, "at_hand").locate("tatoeba"))


def test_languages_of_the_benchmarks():
    assert len(set(tatoeba.XTREME)) == 36
    assert len(set(tatoeba.XTREME_R)) == 41


@pytest.mark.skipif(not os.environ.get("SYNTH_DATA"), reason="SYNTH_DATA is not set")
def test_the_real_set():
    pairs = tatoeba.read(Library.default().locate("tatoeba"))
    assert len(pairs) == 112
    assert sum(len(found) for found in pairs.values()) == 88877
    assert set(tatoeba.XTREME_R) <= set(pairs)
    assert {code: len(pairs[code]) for code in ("jav", "tel", "deu")} == {"jav": 205, "tel": 234, "deu": 1000}
