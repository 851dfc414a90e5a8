"""Distances: hand-computed cosines and great circles, both layouts, and what has no data stays without a distance."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import zipfile

import numpy as np
import pytest

from repro.data.library import Library, Located
from repro.data.rows import rows
from repro.errors import LabError
from repro.languages import typology
from repro.languages.typology import (
    DATASETS,
    GROUPS,
    KINDS,
    Origin,
    cosine_distances,
    datasets,
    distances,
    great_circle,
    measures,
    missing,
    origins,
)
from repro.targets.tatoeba import XTREME

real = pytest.mark.skipif(not os.environ.get("SYNTH_DATA"), reason="SYNTH_DATA is not set")
FEATURES = ["S_SVO", "S_SOV", "P_TONE", "INV_P"]
VECTORS = {"eng": [1, 0, 0, 1], "deu": [1, 1, 0, 1], "jpn": [0, 1, 0, 1], "arb": [1, 1, 1, 1], "ara": [0, 1, 1, 0]}
FAMILIES = {"eng": [1, 1, 0], "deu": [1, 0, 0], "jpn": [0, 0, 1], "arb": [0, 0, 0], "ara": [0, 0, 0]}
LANGUAGES = """ID,Name,Macroarea,Latitude,Longitude,Glottocode,ISO639P3code,Family,Genus
eng,English,Eurasia,52,0,stan1293,eng,Indo-European,Germanic
est,Estonian,Eurasia,59,26,esto1258,ekk,Uralic,Finnic
zzz,Other English,Eurasia,0,90,x,eng,X,Y
genus-germanic,Germanic,,,,,,Indo-European,
"""


@pytest.fixture
def upstream(tmp_path, monkeypatch):
    """lang2vec's and CLDF's files in small; the catalogue's checksums are those of the real ones."""
    for name, table, features in (("feature_predictions", VECTORS, FEATURES), ("family_features", FAMILIES, "ABC")):
        (tmp_path / "uriel").mkdir(exist_ok=True)
        data = np.array(list(table.values()), dtype=np.float32)[:, :, None]
        np.savez(tmp_path / "uriel" / f"{name}.npz", langs=list(table), feats=list(features), data=data)
    (tmp_path / "wals").mkdir()
    (tmp_path / "wals" / "languages.csv").write_text(LANGUAGES)
    (tmp_path / "wals" / "value.csv").write_text("jsondata,id,domainelement_pk\n")
    library = Library(None, tmp_path)
    real_locate = Library.locate
    monkeypatch.setattr("repro.data.library.present", lambda entry, path, stated, size: stated)
    monkeypatch.setattr(Library, "locate", lambda self, name: real_locate(self, name, checked=False))
    return library


def test_cosine_distances_by_hand():
    found = cosine_distances(np.array([[1.0, 0.0], [1.0, 1.0], [0.0, 2.0], [0.0, 0.0]]), np.array([1.0, 0.0]))
    assert found[:3] == pytest.approx([0.0, 1 - 1 / math.sqrt(2), 1.0])
    assert math.isnan(found[3])


def test_great_circle_by_hand():
    def at(latitude: float, longitude: float) -> Origin:
        return Origin("", "", "", "", latitude, longitude)

    quarter = math.pi / 2 * typology.EARTH_RADIUS
    assert great_circle(at(0, 0), at(0, 90)) == pytest.approx(quarter)
    assert great_circle(at(90, 17), at(0, -60)) == pytest.approx(quarter)
    assert great_circle(at(10, 20), at(-10, -160)) == pytest.approx(2 * quarter)
    assert great_circle(at(10, 20), at(10, 20)) == 0


def test_upstream_files_give_each_kind(upstream):
    assert distances(upstream, "syntactic")["deu"] == pytest.approx(1 - 1 / math.sqrt(2))
    assert distances(upstream, "syntactic")["jpn"] == pytest.approx(1.0)
    assert distances(upstream, "featural")["deu"] == pytest.approx(1 - 2 / math.sqrt(6))
    assert distances(upstream, "inventory")["jpn"] == 0.0
    assert distances(upstream, "genetic") == pytest.approx({"eng": 0, "deu": 1 - 1 / math.sqrt(2), "jpn": 1})
    assert distances(upstream, "geographic")["est"] == pytest.approx(0.0898, abs=5e-5)


def test_a_macrolanguage_has_the_distance_of_the_member_that_is_meant(upstream):
    for kind in ("syntactic", "featural"):
        assert distances(upstream, kind)["ara"] == distances(upstream, kind)["arb"]


def test_what_has_no_vector_is_absent_and_listed_with_the_reason(upstream):
    assert "phonological" in KINDS
    assert set(distances(upstream, "phonological")) == set()  # English has only zeros there
    assert missing(upstream, "genetic", ["deu", "ara", "ber"]) == {
        "ara": "ara: no family in URIEL",
        "ber": "ber: no family in URIEL",
    }
    assert missing(upstream, "geographic", ["est", "jpn"]) == {"jpn": "jpn: no place in WALS"}


def test_genealogy_and_the_shortest_wals_code_where_several_share_an_iso_code(upstream):
    found = origins(upstream)
    assert found["eng"] == Origin("eng", "Indo-European", "Germanic", "Eurasia", 52.0, 0.0)
    assert found["est"] is found["ekk"]
    assert "" not in found


def test_an_unknown_kind_names_the_kinds(upstream):
    with pytest.raises(LabError) as caught:
        distances(upstream, "lexical")
    assert "syntactic" in caught.value.do


def test_a_stage_names_its_data_sets_before_anything_is_computed():
    code = "import sys; from repro.languages.typology import datasets; print(datasets('wals'), 'numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"{DATASETS} False"
    with pytest.raises(LabError, match="no distance 'lexical'"):
        datasets("lexical")


def test_what_is_known_of_a_language_is_in_one_place(upstream):
    found = measures(upstream, "genetic")
    assert set(found["deu"]) == {"distance", "syntactic", "inventory", "featural", "genetic"}
    assert set(found["est"]) == {"geographic"}
    for kind in KINDS:
        assert {code: known[kind] for code, known in found.items() if kind in known} == distances(upstream, kind)
    assert {code: known["distance"] for code, known in found.items() if "distance" in known} == distances(
        upstream, "genetic"
    )
    with pytest.raises(LabError, match="no distance 'lexical'"):
        measures(upstream, "lexical")


class Wals:
    """A library of WALS alone: English is eng; of German there are a dialect and the language; few know zzz."""

    def __init__(self, folder, values):
        (folder / "value.csv").write_text("jsondata,id,domainelement_pk\n" + "".join(values), encoding="utf-8")
        codes = {"eng": "eng", "gbl": "deu", "ger": "deu", "est": "ekk", "zzz": "zzz", "xxx": ""}
        rows = [f"{code},{code},{iso},,,,,\n" for code, iso in codes.items()]
        heading = "ID,Name,ISO639P3code,Macroarea,Latitude,Longitude,Family,Genus\n"
        (folder / "languages.csv").write_text(heading + "".join(rows), encoding="utf-8")
        paths = {name: folder / name for name in ("languages.csv", "value.csv")}
        self.located = Located("wals", "upstream", folder, paths, "0" * 64)

    def locate(self, name):
        assert name == "wals"
        return self.located


def coded(code, features, other=0):
    """A line for each of these features; the first `other` have a value of their own."""
    return [f",{feature}A-{code},{feature}{'9' if i < other else ''}\n" for i, feature in enumerate(features)]


def test_structural_distances_by_hand(tmp_path):
    values = [*coded("eng", range(100, 150)), *coded("ger", range(90, 140), other=20), *coded("gbl", range(100, 102))]
    values += [*coded("est", range(110, 140), other=3), *coded("zzz", range(121, 170)), *coded("xxx", range(100, 150))]
    library = Wals(tmp_path, values)
    # German: 40 features in common, of which the first ten differ (ten more are not English's). zzz shares 29 of them.
    assert distances(library, "wals") == {"eng": 0.0, "deu": 10 / 40, "ekk": 3 / 30, "est": 3 / 30}
    assert missing(library, "wals", ["deu", "zzz"]) == {"zzz": "zzz: too few features in WALS"}


def test_without_values_nothing_is_known(upstream):
    assert distances(upstream, "wals") == {}


@pytest.mark.parametrize("kind", ["pickle", "noise", "shape", "no english", "huge"])
def test_a_hostile_or_damaged_file_is_refused(upstream, kind, monkeypatch):
    path = upstream.pulled / "uriel" / "feature_predictions.npz"
    if kind == "pickle":
        np.savez(path, langs=np.array([{"a": 1}], dtype=object), feats=["a"], data=np.zeros((1, 1, 1)))
    elif kind == "noise":
        path.write_bytes(b"PK noise")
    elif kind == "shape":
        np.savez(path, langs=["eng"], feats=["S_A"], data=np.zeros((2, 1, 1)))
    elif kind == "no english":
        np.savez(path, langs=["deu"], feats=["S_A"], data=np.ones((1, 1, 1)))
    else:
        monkeypatch.setattr(typology, "MAX_ARRAYS", 2**20)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("data.npy", bytes(2**21))
    with pytest.raises(LabError):
        distances(upstream, "syntactic")


@real
@pytest.mark.parametrize("kind", [*GROUPS, "genetic", "geographic"])
def test_our_distances_are_those_derived_elsewhere_to_four_digits(kind):
    library = Library.default()
    derived = {row["iso639_3"]: row[kind] for row in rows(library.locate("uriel").file("english_distances.tsv.gz"))}
    found = distances(library, kind)
    compared = [code for code in found if derived.get(code) and code not in typology.MEANT]
    assert len(compared) >= 112
    for code in compared:
        assert found[code] == pytest.approx(float(derived[code]), abs=5.01e-5), code


@real
def test_every_xtreme_language_has_a_syntactic_distance_and_a_family():
    library = Library.default()
    table = list(rows(library.locate("tatoeba").file("languages.tsv")))
    codes = [row["iso639_3"] for row in table]
    assert missing(library, "syntactic", codes) == {"ber": "ber: no vector in URIEL"}
    known = origins(library)
    xtreme = [row["iso639_3"] for row in table if row["xtreme36_iso639_1"]]
    assert len(xtreme) == 36
    assert [code for code in xtreme if code not in known] == []
    assert known["eus"].family == "Basque"
    assert known["ara"] == known["arb"]


@real
def test_nearly_every_xtreme_language_has_a_structural_distance():
    library = Library.default()
    found = distances(library, "wals")
    assert found["eng"] == 0.0
    assert 0.25 < found["deu"] < found["fin"] < found["jpn"] < 0.6
    assert set(missing(library, "wals", XTREME)) == {"afr", "ara", "jav", "kaz"}
