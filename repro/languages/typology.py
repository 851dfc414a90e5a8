"""Distances of languages from English: cosines of URIEL's vectors, genealogy, places. No distance is made up.

Vectors: URIEL (Littell et al. 2017, E17-2002), missing features completed from the nearest languages there (`knn`).
Features, places and genealogy: WALS (Dryer & Haspelmath 2013). Codes are ISO 639-3, as in the Tatoeba set. Recipes
ask this module for its data sets, so nothing numerical is loaded before a distance is computed.
"""

from __future__ import annotations

import math
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from repro.data.library import Library, Located
from repro.data.rows import table_rows
from repro.errors import LabError

if TYPE_CHECKING:
    import numpy as np

T = TypeVar("T")

ENGLISH = "eng"
GROUPS = {"syntactic": "S_", "phonological": "P_", "inventory": "INV_", "featural": ""}  # prefix of the features
KINDS = (*GROUPS, "genetic", "geographic", "wals")
DATASETS = ("uriel", "wals")
# Features of WALS that a language and English need in common for a distance. Of 30 the share that differs has a
# standard error of 0.09 at most; between the languages of XTREME it ranges from 0.26 to 0.65.
SHARED = 30
# Where a code names a macrolanguage of which one member is meant: Tatoeba's Arabic is the standard language.
MEANT = {"ara": "arb"}
# Codes under which WALS has the language, by the macrolanguage mappings of ISO 639-3.
IN_WALS = {
    "est": "ekk",
    "hrv": "hbs",
    "kur": "kmr",
    "lvs": "lav",
    "mon": "khk",
    "nno": "nor",
    "nob": "nor",
    "srp": "hbs",
    "uzb": "uzn",
    "yid": "ydd",
}
EARTH_RADIUS = 6371.0  # km; half the circumference is pi times this
MAX_ARRAYS = 2**30  # bytes after decompression of one .npz


@dataclass(frozen=True)
class Origin:
    """A language in WALS: degrees north and east, and its genealogy; "" where WALS has none."""

    wals_code: str
    family: str
    genus: str
    macroarea: str
    latitude: float
    longitude: float


def datasets(kind: str) -> tuple[str, ...]:
    """Return the data sets for describing languages by `measures`, with `kind` of these for the distance.

    LabError for a kind that there is not.
    """
    _check(kind)
    return DATASETS


def measures(library: Library, kind: str) -> dict[str, dict[str, float]]:
    """Return code → {kind: distance from English} of all KINDS, that of `kind` also as "distance"; unknown ones absent.

    LabError for a kind that there is not.
    """
    _check(kind)
    by_code: dict[str, dict[str, float]] = {}
    for one in KINDS:
        for code, value in distances(library, one).items():
            by_code.setdefault(code, {}).update({one: value, "distance": value} if one == kind else {one: value})
    return by_code


def distances(library: Library, kind: str) -> dict[str, float]:
    """Return code → distance from English in [0, 2], of one of KINDS; a language without data is absent.

    syntactic (103 features), phonological (28), inventory (158), featural (all): 1 - cosine of the knn vectors;
    genetic: 1 - cosine of the binary vectors of family membership, so 1 where nothing is shared; geographic:
    great-circle distance over half the Earth's circumference; wals: share of the features coded for the language and
    for English that differ, if these are SHARED or more. LabError for another kind or without the data.
    """
    _check(kind)
    if kind in GROUPS:
        return _meant(_from_english(*_vectors(library, GROUPS[kind])))
    if kind == "genetic":
        return _meant(_genetic(library))
    if kind == "wals":
        return _structural(library)
    places = origins(library)
    home = places[ENGLISH]
    return {code: great_circle(home, place) / (math.pi * EARTH_RADIUS) for code, place in places.items()}


def _check(kind: str) -> None:
    if kind not in KINDS:
        raise LabError(f"there is no distance {kind!r}", f"kinds: {', '.join(KINDS)}")


def missing(library: Library, kind: str, codes: Iterable[str]) -> dict[str, str]:
    """Return those of `codes` that have no distance of this kind, each with the reason."""
    known = distances(library, kind)
    sources = {"genetic": "no family in URIEL", "geographic": "no place in WALS", "wals": "too few features in WALS"}
    source = sources.get(kind, "no vector in URIEL")
    return {code: f"{code}: {source}" for code in codes if code not in known}


def origins(library: Library) -> dict[str, Origin]:
    """Return code → Origin of every language of WALS that has an ISO code.

    Where several share a code, that with the shortest WALS code.
    """
    places: dict[str, Origin] = {}
    for row in _wals(library.locate("wals")):
        code = row["iso639_3"]
        if code and code not in places and row["latitude"] and row["longitude"]:
            place = float(row["latitude"]), float(row["longitude"])
            places[code] = Origin(row["wals_code"], row["family"], row["genus"], row["macroarea"], *place)
    return _under_other_codes(places)


def great_circle(first: Origin, other: Origin) -> float:
    """Return the kilometres between two places on a sphere (haversine formula)."""
    a, b = math.radians(first.latitude), math.radians(other.latitude)
    east = math.radians(other.longitude - first.longitude)
    h = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(east / 2) ** 2
    return 2 * EARTH_RADIUS * math.asin(min(1.0, math.sqrt(h)))


def cosine_distances(vectors: np.ndarray, home: np.ndarray) -> np.ndarray:
    """Return 1 - cosine of each row of `vectors` (n, features) with `home` (features,); NaN for a row of zeros."""
    import numpy as np

    norms = np.linalg.norm(vectors, axis=1) * np.linalg.norm(home)
    with np.errstate(invalid="ignore", divide="ignore"):
        distances = 1.0 - vectors @ home / norms
    # Rounding alone makes a vector differ from itself, or fall below zero.
    return np.where(np.abs(distances) < 1e-9, 0.0, distances)


def _from_english(codes: list[str], vectors: np.ndarray) -> dict[str, float]:
    if ENGLISH not in codes:
        raise LabError("the typological vectors have no English", "`synth data check uriel`")
    values = cosine_distances(vectors, vectors[codes.index(ENGLISH)])
    return {code: float(value) for code, value in zip(codes, values, strict=True) if not math.isnan(value)}


def _meant(known: dict[str, float]) -> dict[str, float]:
    """Put the distance of the member that is meant under a macrolanguage's code, if there is one."""
    for code, other in MEANT.items():
        known.pop(code, None)
        if other in known:
            known[code] = known[other]
    return known


def _vectors(library: Library, prefix: str) -> tuple[list[str], np.ndarray]:
    """Return codes and knn vectors (languages, features) of the features that begin with `prefix`."""
    import numpy as np

    located = library.locate("uriel")
    if located.layout == "upstream":
        return _arrays(located.file("feature_predictions.npz"), prefix)
    path = located.file("uriel_vectors_tatoeba_languages.tsv.gz")
    codes, vectors = [], []
    for number, row in enumerate(table_rows(path), 2):
        if row.pop("kind") == "knn":
            codes.append(row.pop("iso639_3"))
            where = f"{path.name}, line {number}"
            vectors.append([_number(value, where) for name, value in row.items() if name.startswith(prefix)])
    return codes, np.array(vectors)


def _genetic(library: Library) -> dict[str, float]:
    located = library.locate("uriel")
    if located.layout == "upstream":
        return _from_english(*_arrays(located.file("family_features.npz"), ""))
    path = located.file("english_distances.tsv.gz")
    return {row["iso639_3"]: _number(row["genetic"], path.name) for row in table_rows(path) if row["genetic"]}


def _arrays(path: Path, prefix: str) -> tuple[list[str], np.ndarray]:
    """Read codes and vectors of lang2vec's file: `langs` (n,), `feats` (f,), `data` (n, f, 1), without unpickling."""
    import numpy as np

    try:
        with zipfile.ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > MAX_ARRAYS:
                raise LabError(f"{path.name} is larger than any file of URIEL", "`synth data pull uriel`")
        with np.load(path, allow_pickle=False) as arrays:
            codes, names, data = arrays["langs"], arrays["feats"], arrays["data"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise LabError(f"{path.name} is not a file of URIEL ({error})", "`synth data pull uriel`") from error
    if data.shape != (len(codes), len(names), 1):
        raise LabError(f"{path.name} is not a file of URIEL: shape {data.shape}", "`synth data pull uriel`")
    wanted = [number for number, name in enumerate(names) if str(name).startswith(prefix)]
    return [str(code) for code in codes], data[:, wanted, 0].astype(np.float64)


def _structural(library: Library) -> dict[str, float]:
    """Return the distance by WALS of each ISO code.

    Of several languages under one code, mostly dialects, that with the most features stands for it.
    """
    located = library.locate("wals")
    values = _values(located)
    coded: dict[str, dict[str, str]] = {}
    for row in _wals(located):
        own, code = values.get(row["wals_code"], {}), row["iso639_3"]
        if code and len(own) > len(coded.get(code, {})):
            coded[code] = own
    shares = {}
    home = coded.get(ENGLISH, {})
    for code, own in coded.items():
        shared = own.keys() & home.keys()
        if len(shared) >= SHARED:
            shares[code] = sum(own[feature] != home[feature] for feature in shared) / len(shared)
    return _under_other_codes(shares)


def _values(located: Located) -> dict[str, dict[str, str]]:
    """Return WALS code → feature → value."""
    by_code: dict[str, dict[str, str]] = {}
    if located.layout == "at_hand":
        for row in table_rows(located.file("wals_values.tsv.xz")):
            by_code.setdefault(row["wals_code"], {})[row["feature"]] = row["value_number"]
    else:
        for row in table_rows(located.file("value.csv")):
            feature, _, code = row["id"].partition("-")  # "75A-abk"
            by_code.setdefault(code, {})[feature] = row["domainelement_pk"]
    return by_code


def _under_other_codes(known: dict[str, T]) -> dict[str, T]:
    """Put what WALS has of a language also under the code by which it is known here."""
    for code, other in {**IN_WALS, **MEANT}.items():
        if other in known and (code in MEANT or code not in known):
            known[code] = known[other]
    return known


def _wals(located: Located) -> list[dict[str, str]]:
    """Return the languages of WALS, shortest code first, with the columns of the at-hand file in both layouts."""
    return sorted(_languages(located), key=lambda row: (len(row["wals_code"]), row["wals_code"]))


def _languages(located: Located) -> list[dict[str, str]]:
    if located.layout == "at_hand":
        return list(table_rows(located.file("wals_languages.tsv.gz")))
    renamed = {"wals_code": "ID", "iso639_3": "ISO639P3code"}
    renamed |= {name: name.capitalize() for name in ("family", "genus", "macroarea", "latitude", "longitude")}
    # Families and genera are in the table too; only languages have a place.
    return [{name: row[old] for name, old in renamed.items()} for row in table_rows(located.file("languages.csv"))]


def _number(value: str, where: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise LabError(f"{where}: {value!r:.20} is not a number", "`synth data check uriel`")
    return number
