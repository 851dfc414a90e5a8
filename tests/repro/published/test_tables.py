"""The packaged tables: complete, within their ranges, with source and licence, and what the data sets say."""

import os
import random

import pytest

from repro.data.catalogue import names
from repro.data.library import Library
from repro.data.rows import rows
from repro.published.tables import DISTANCES, FILES, FOLDER, SERIES, figures, languages
from repro.targets.tatoeba import XTREME

real = pytest.mark.skipif(not os.environ.get("SYNTH_DATA"), reason="SYNTH_DATA is not set")


@pytest.mark.parametrize("name", FILES)
def test_every_table_begins_with_its_source_and_licence(name):
    comment = [line for line in (FOLDER / name).read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    said = " ".join(comment)
    assert "training/published.py" in said
    assert ("CC BY-SA 4.0" if name == "languages.tsv" else "CC0 1.0") in said


def test_scores_are_shares_of_models_and_languages_that_are_described():
    found = figures()
    assert len(found.models) > 40
    for metric in ("accuracy", "f1"):
        for model, own in found.scores[metric].items():
            assert model in found.models
            assert set(own) <= set(languages())
            assert all(0 <= value <= 1 for value in own.values())
    complete = [model for model, own in found.scores["accuracy"].items() if len(own) == 112]
    assert len(complete) > 40
    assert "licence CC0" in found.source


def test_the_many_languages_are_of_many_families():
    found = figures("bible")
    assert set(next(iter(found.scores["accuracy"].values()))) == set(languages("bible"))
    assert len({one.family for one in languages("bible").values()}) > 70
    assert found.scores["f1"] == {}


def test_the_other_task_has_four_pairs():
    found = figures("bucc")
    assert {len(own) for own in found.scores["f1"].values()} == {4}


def test_languages_are_those_of_tatoeba():
    found = languages()
    assert len(found) == 112
    assert len(languages("bible")) > 400
    assert {one.pool for one in languages("bible").values()} == {256}
    assert all(one.family and one.observed >= 0.1 for one in languages("bible").values())
    assert languages("bible")["cmn"].text == found["cmn"].text > 0
    assert {code for code, one in found.items() if one.xtreme} == set(XTREME)
    assert found["ber"].distances.get("syntactic") is None  # not in URIEL
    for one in found.values():
        assert 100 <= one.pool <= 1000
        assert set(one.distances) <= set(DISTANCES)
        assert all(0 <= value <= 1.2 for value in one.distances.values())
    assert found["jpn"].script == "Jpan"
    assert found["rus"].script == "Cyrl"
    assert found["deu"].text > found["eus"].text > found["kab"].text == 0


def test_series_are_of_models_with_several_sizes():
    known = figures().models
    for name, members in SERIES.items():
        assert all(known[member].series == name for member in members if member in known)
        sizes = [known[member].parameters for member in members if member in known]
        assert len(sizes) >= 2
        assert len(set(filter(None, sizes))) == len([size for size in sizes if size])


@real
def test_the_packaged_scores_are_those_of_the_data_set():
    assert "mteb-results" in names()
    found = figures()
    draw = random.Random(3)
    wanted = {(m, c) for m in draw.sample(sorted(found.models), 5) for c in draw.sample(sorted(languages()), 5)}
    seen = 0
    for row in rows(Library.default().locate("mteb-results").file("bitext_scores.tsv.xz")):
        key = row["model"], row["subset"].removesuffix("-eng")
        if row["task"] == "Tatoeba" and key in wanted:
            assert found.scores["accuracy"][key[0]][key[1]] == pytest.approx(float(row["accuracy"]), abs=6e-5)
            seen += 1
    assert seen >= 15
