"""Anyone's folder of mteb results: what can be read is read and told, and what is hostile is refused."""

import json
import os

import pytest

from repro.errors import LabError
from repro.published import results
from repro.published.results import checksum, joined, read, write
from repro.published.tables import Model, figures

CODES = ("deu", "fra", "jpn", "tur")


def entry(code, value=0.5, metrics=("accuracy", "f1")):
    return {"hf_subset": f"{code}-eng", "languages": [code, "eng"], **dict.fromkeys(metrics, value)}


def put(folder, rows, model="maker/model", revision="abc", version="2.0.0", meta=None):
    place = folder / model.replace("/", "__") / revision
    place.mkdir(parents=True, exist_ok=True)
    content = {"task_name": "Tatoeba", "mteb_version": version, "scores": {"test": rows}}
    (place / "Tatoeba.json").write_text(json.dumps(content), encoding="utf-8")
    if meta is not None:
        (place / "model_meta.json").write_text(json.dumps(meta), encoding="utf-8")
    return place


def test_a_folder_of_many_of_one_model_and_of_one_revision(tmp_path):
    place = put(tmp_path, [entry(code) for code in CODES], meta={"name": "maker/model", "n_parameters": 118000000})
    put(tmp_path, [entry("deu", 0.25)], model="maker/other")
    both = read(tmp_path)
    assert set(both.models) == {"maker/model", "maker/other"}
    assert both.scores["accuracy"]["maker/other"] == {"deu": 0.25}
    for folder in (place.parent, place):
        found = read(folder)
        assert found.models["maker/model"].parameters == 118000000
        assert found.scores["f1"]["maker/model"] == dict.fromkeys(CODES, 0.5)
        assert found.notes == ()


def test_a_known_model_has_its_size_from_the_packaged_table(tmp_path):
    put(tmp_path, [entry(code) for code in CODES], model="intfloat/multilingual-e5-small")
    found = read(tmp_path).models["intfloat/multilingual-e5-small"]
    assert (found.parameters, found.series) == (118000000, "multilingual-e5")


def test_percentages_become_shares_and_it_is_said(tmp_path):
    put(tmp_path, [entry(code, 0.5 if code == "tur" else 72.5) for code in CODES])
    found = read(tmp_path)
    assert found.scores["accuracy"]["maker/model"]["deu"] == pytest.approx(0.725)
    assert found.scores["accuracy"]["maker/model"]["tur"] == pytest.approx(0.005)
    assert any("percentages" in note for note in found.notes)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -0.1, 101, "0.5", True, None, [0.5]])
def test_what_is_no_score_is_refused(tmp_path, value):
    put(tmp_path, [entry("deu", value)])
    with pytest.raises(LabError, match="no share and no percentage"):
        read(tmp_path)


def test_two_scales_in_one_file_are_refused(tmp_path):
    put(tmp_path, [*(entry(code) for code in CODES), entry("fin", 88.0)])
    with pytest.raises(LabError, match="mixed"):
        read(tmp_path)


def test_of_two_revisions_one_is_taken_and_named(tmp_path):
    put(tmp_path, [entry("deu", 0.1)], revision="few", version="2.9.0")
    put(tmp_path, [entry(code, 0.2) for code in CODES], revision="old", version="1.12.75")
    put(tmp_path, [entry(code, 0.3) for code in CODES], revision="new", version="1.36.32")
    found = read(tmp_path)
    assert found.models["maker/model"].revision == "new"
    assert found.scores["accuracy"]["maker/model"]["deu"] == 0.3
    assert "maker/model has 3 revisions; new is taken, few, old is not." in found.notes


@pytest.mark.parametrize(
    ("code", "ours"),
    [("zho", "cmn"), ("zh", "cmn"), ("ckb", "kur"), ("kmr", "kur"), ("arb", "ara"), ("swa", "swh"), ("fas", "pes")],
)
def test_a_language_under_another_code_is_read_and_told(tmp_path, code, ours):
    put(tmp_path, [entry(code), entry("deu")])
    found = read(tmp_path)
    assert set(found.scores["accuracy"]["maker/model"]) == {ours, "deu"}
    assert any(f"{code} as {ours}" in note for note in found.notes)


@pytest.mark.parametrize("order", [("cmn", "zho"), ("zho", "cmn")])
def test_of_a_language_under_two_codes_its_own_counts(tmp_path, order):
    put(tmp_path, [entry(code, 0.9 if code == "cmn" else 0.1) for code in order])
    found = read(tmp_path)
    assert found.scores["accuracy"]["maker/model"] == {"cmn": 0.9}
    assert any("cmn twice" in note and "zho is not" in note for note in found.notes)


def test_other_spellings_of_a_pair_and_pairs_without_english(tmp_path):
    rows = [{"hf_subset": name, "accuracy": 0.5} for name in ("eng-deu", "fra_Latn-eng_Latn", "jpn-kor", "x", 7)]
    put(tmp_path, rows)
    found = read(tmp_path)
    assert set(found.scores["accuracy"]["maker/model"]) == {"deu", "fra"}
    assert found.scores["f1"] == {}


def test_missing_languages_are_the_panels_affair(tmp_path):
    put(tmp_path, [entry("deu")])
    assert read(tmp_path).scores["accuracy"]["maker/model"] == {"deu": 0.5}


def test_one_broken_file_is_left_out_and_named(tmp_path):
    put(tmp_path, [entry("deu")])
    broken = put(tmp_path, [], model="maker/broken")
    (broken / "Tatoeba.json").write_text("{" * 2000, encoding="utf-8")
    old = put(tmp_path, [], model="maker/old")
    (old / "Tatoeba.json").write_text(json.dumps({"test": {"deu-eng": {"accuracy": 0.5}}}), encoding="utf-8")
    found = read(tmp_path)
    assert set(found.models) == {"maker/model"}
    assert any(note.startswith("maker__broken/abc/Tatoeba.json is left out: not JSON") for note in found.notes)
    assert any("no list scores.test" in note for note in found.notes)


def test_a_file_that_is_too_large_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "MAX_FILE", 100)
    put(tmp_path, [entry(code) for code in CODES])
    with pytest.raises(LabError, match="larger than"):
        read(tmp_path)


def test_too_many_files_are_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "MAX_FILES", 2)
    for number in range(3):
        put(tmp_path, [entry("deu")], model=f"maker/{number}")
    with pytest.raises(LabError, match="more than 2 results"):
        read(tmp_path)
    monkeypatch.setattr(results, "MAX_ENTRIES", 3)
    with pytest.raises(LabError, match="more than 3 files"):
        read(tmp_path)


def test_links_are_not_followed(tmp_path):
    outside = put(tmp_path / "outside", [entry("deu")])
    inside = tmp_path / "inside" / "maker__model" / "abc"
    inside.mkdir(parents=True)
    os.symlink(outside / "Tatoeba.json", inside / "Tatoeba.json")
    os.symlink(outside, inside / "more")
    with pytest.raises(LabError, match="holds no results of Tatoeba"):
        read(tmp_path / "inside")


@pytest.mark.parametrize("name", ["a b; rm", "x" * 300, "m\nn", ""])
def test_a_name_that_is_none_is_refused(tmp_path, name):
    put(tmp_path, [entry("deu")], model="maker/model", meta={"name": name or " "})
    with pytest.raises(LabError, match="no name of a model"):
        read(tmp_path)


@pytest.mark.parametrize("size", [-1, 0, 1e30, "big", True, None])
def test_a_size_that_is_none_is_not_known(tmp_path, size):
    put(tmp_path, [entry("deu")], meta={"name": "maker/model", "n_parameters": size})
    assert read(tmp_path).models["maker/model"].parameters is None


def test_no_folder_and_an_empty_one(tmp_path):
    with pytest.raises(LabError, match="is no folder"):
        read(tmp_path / "nowhere")
    with pytest.raises(LabError, match="holds no results"):
        read(tmp_path)


def test_the_checksum_follows_what_is_read(tmp_path):
    place = put(tmp_path, [entry("deu")])
    first = checksum(tmp_path)
    (place / "notes.txt").write_text("of no account")
    assert checksum(tmp_path) == first
    put(tmp_path, [entry("deu", 0.6)])
    assert checksum(tmp_path) != first


def test_what_is_written_is_read_again(tmp_path):
    own = Model("synth/encoder", "layer-12", 118000000, "synth/encoder")
    scores = {"deu": {"accuracy": 0.99, "f1": 0.98}, "kur": {"accuracy": 0.4, "f1": 0.3}}
    file = write(tmp_path, own, scores, {"direction": "the other language asks"})
    assert file.name == "Tatoeba.json"
    found = read(tmp_path)
    assert found.models["synth/encoder"] == own
    assert found.scores["accuracy"]["synth/encoder"] == {"deu": 0.99, "kur": 0.4}
    assert found.notes == ()


def test_ones_own_beside_the_packaged(tmp_path):
    put(tmp_path, [entry(code, 0.2) for code in CODES], model="intfloat/multilingual-e5-small")
    both = joined(figures(), read(tmp_path))
    assert len(both.models) == len(figures().models)
    assert both.scores["accuracy"]["intfloat/multilingual-e5-small"]["deu"] == 0.2
