"""Result folders of mteb: anyone's are read, and runs of this laboratory are written as one.

Layout (github.com/embeddings-benchmark/results): MODEL/REVISION/TASK.json, beside it `model_meta.json`. A file holds
`scores`, by split a list of {hf_subset, accuracy, f1, …}. The folder of one revision, of one model, or of many may be
given. Files come from outside: sizes and numbers are bounded, links are not followed, and whatever had to be decided
(two revisions, percentages, a language under another code, a file that cannot be read) is told in a sentence.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from repro.errors import LabError
from repro.published.tables import METRICS, SERIES, Figures, Model, figures, languages
from repro.schema import JsonObject, JsonValue

TASK = "Tatoeba"
SPLIT = "test"
META = "model_meta.json"
# Hostile folders: no result of a task is near these.
MAX_ENTRIES = 200_000
MAX_DEPTH = 4
MAX_FILE = 4 * 2**20  # bytes
MAX_FILES = 5_000
MAX_TOTAL = 512 * 2**20
MAX_NAME = 200  # characters
MAX_PARAMETERS = 10**14
DO = "give a folder as mteb writes it: MODEL/REVISION/Tatoeba.json"
# Other codes of Tatoeba's languages: ISO 639-1, members or wholes of macrolanguages, retired codes.
SAME = {
    "zho": "cmn", "chi": "cmn", "ckb": "kur", "kmr": "kur", "arb": "ara", "fas": "pes", "per": "pes", "lav": "lvs",
    "ekk": "est", "swa": "swh", "msa": "zsm", "zlm": "zsm", "may": "zsm", "nor": "nob", "als": "sqi", "alb": "sqi",
    "khk": "mon", "azj": "aze", "uzn": "uzb", "ydd": "yid", "fil": "tgl", "ger": "deu", "fre": "fra", "dut": "nld",
    "gre": "ell", "cze": "ces", "rum": "ron", "slo": "slk", "ice": "isl", "arm": "hye", "geo": "kat", "mac": "mkd",
    "wel": "cym", "baq": "eus", "scr": "hrv", "scc": "srp", "dtp": "dtp",
}  # fmt: skip
TWO_LETTERS = """
af afr am amh ar ara az aze be bel bg bul bn ben br bre bs bos ca cat cs ces cy cym da dan de deu el ell eo epo es spa
et est eu eus fa pes fi fin fo fao fr fra fy fry ga gle gd gla gl glg he heb hi hin hr hrv hu hun hy hye ia ina id ind
ie ile io ido is isl it ita ja jpn jv jav ka kat kk kaz km khm ko kor ku kur la lat lt lit lv lvs mk mkd ml mal mn mon
mr mar ms zsm nb nob nl nld nn nno no nob oc oci pl pol pt por ro ron ru rus sk slk sl slv sq sqi sr srp sv swe sw swh
ta tam te tel th tha tl tgl tk tuk tr tur tt tat ug uig uk ukr ur urd uz uzb vi vie xh xho yi yid zh cmn
""".split()
SAME |= dict(zip(TWO_LETTERS[::2], TWO_LETTERS[1::2], strict=True))
ENGLISH = ("eng", "en")
PLAIN_NAME = re.compile(r"[\w.\-+/]+")


@dataclass(frozen=True)
class Evaluation:
    """One result file: scores as shares by language and metric. `notes`: what had to be decided, in sentences."""

    model: Model
    version: str
    scores: Mapping[str, Mapping[str, float]]
    notes: tuple[str, ...]


def read(folder: Path) -> Figures:
    """Read the results of Tatoeba below `folder`. LabError for a folder that has none, or that exceeds the limits."""
    if not folder.is_dir():
        raise LabError(f"{folder} is no folder", DO)
    evaluations, notes = [], []
    for path in _files(folder):
        try:
            evaluations.append(_evaluation(path))
        except LabError as error:
            notes.append(f"{_place(path, folder)} is left out: {error.what}.")
    if not evaluations:
        raise LabError(notes[0].removesuffix(".") if notes else f"{folder} holds no results of {TASK}", DO)
    chosen, more = _one_a_model(evaluations)
    notes += more
    notes += [note for one in chosen for note in one.notes]
    scores = {
        metric: {one.model.name: dict(one.scores[metric]) for one in chosen if one.scores.get(metric)}
        for metric in METRICS
    }
    return Figures({one.model.name: one.model for one in chosen}, scores, f"the folder {folder.name}", tuple(notes))


def joined(first: Figures, second: Figures) -> Figures:
    """Join two sets of figures; where a model is in both, that of `second` counts."""
    scores = {metric: {**first.scores[metric], **second.scores[metric]} for metric in METRICS}
    source = f"{second.source}, with those that are packaged"
    return Figures({**first.models, **second.models}, scores, source, second.notes)


def checksum(folder: Path) -> str:
    """Hash the names and contents of the files that `read` takes, so that a result depends on them alone."""
    total = hashlib.sha256()
    if not folder.is_dir():
        raise LabError(f"{folder} is no folder", DO)
    for path in _files(folder):
        for file in (path, path.with_name(META)):
            if file.is_file() and not file.is_symlink() and file.stat().st_size <= MAX_FILE:
                total.update(_place(file, folder).encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


# ------------------------------------------------------------------------------------------------ finding


def _files(folder: Path) -> list[Path]:
    """Return the result files of the task below `folder`, in order; no link is followed."""
    paths, size = [], 0
    for path in _walk(folder):
        if path.name == f"{TASK}.json":
            paths.append(path)
            size += path.stat().st_size
            if len(paths) > MAX_FILES or size > MAX_TOTAL:
                raise LabError(f"{folder} holds more than {MAX_FILES} results or {MAX_TOTAL >> 20} MiB of them", DO)
    return sorted(paths)


def _walk(folder: Path) -> Iterator[Path]:
    entries = 0
    for root, folders, names in os.walk(folder, followlinks=False):
        entries += len(names) + len(folders)
        if entries > MAX_ENTRIES:
            raise LabError(f"{folder} holds more than {MAX_ENTRIES:,} files", DO)
        if len(Path(root).relative_to(folder).parts) >= MAX_DEPTH:
            folders.clear()
        yield from (Path(root) / name for name in names if not (Path(root) / name).is_symlink())


def _place(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def _document(path: Path) -> JsonValue:
    if path.stat().st_size > MAX_FILE:
        raise LabError(f"larger than {MAX_FILE >> 20} MiB", DO)
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise LabError(f"not JSON ({type(error).__name__})", DO) from error


# ------------------------------------------------------------------------------------------------ one file


def _evaluation(path: Path) -> Evaluation:
    content = _document(path)
    content = content if isinstance(content, Mapping) else {}
    scores = content.get("scores")
    rows = scores.get(SPLIT) if isinstance(scores, Mapping) else None
    if not isinstance(rows, list) or len(rows) > 10_000:
        raise LabError(f"no list scores.{SPLIT}, as mteb writes it since version 1.11", DO)
    model, notes = _model(path)
    values: dict[str, dict[str, float]] = {metric: {} for metric in METRICS}
    codes: dict[str, str] = {}
    for row in rows:
        code = _language(row.get("hf_subset")) if isinstance(row, Mapping) else None
        if code is None or not isinstance(row, Mapping):
            continue
        ours = code if code in languages() else SAME.get(code, code)
        if ours in codes:
            if codes[ours] == ours or code != ours:
                notes.append(f"{model.name} has {ours} twice; {codes[ours]} is taken, {code} is not.")
                continue
            notes.append(f"{model.name} has {ours} twice; {ours} is taken, {codes[ours]} is not.")
        codes[ours] = code
        for metric in METRICS:
            if metric in row:
                values[metric][ours] = _score(row[metric], f"{metric} of {code}")
    if not values["accuracy"]:
        raise LabError("it has no accuracy of a pair with English", DO)
    renamed = sorted(f"{code} as {ours}" for ours, code in codes.items() if code != ours)
    notes += [f"Languages of {model.name} read under another code: {', '.join(renamed)}."] if renamed else []
    shares, percent = _shares(values)
    notes += [f"The scores of {model.name} are percentages; they were divided by 100."] if percent else []
    version = content.get("mteb_version")
    return Evaluation(model, version if isinstance(version, str) else "", shares, tuple(notes))


def _language(subset: object) -> str | None:
    """Return the code of the language that is not English; None for other pairs.

    Subsets are called "cmn-eng", "eng-cmn" or "zho_Hans-eng_Latn".
    """
    if not isinstance(subset, str) or len(subset) > 60:
        return None
    codes = [part.partition("_")[0].lower() for part in subset.split("-")]
    others = [code for code in codes if code not in ENGLISH]
    return others[0] if len(codes) == 2 and len(others) == 1 else None


def _score(value: object, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value) or not 0 <= value <= 100:
        raise LabError(f"{what} is {value!r:.30}, no share and no percentage", DO)
    return float(value)


def _shares(values: Mapping[str, Mapping[str, float]]) -> tuple[dict[str, dict[str, float]], bool]:
    """Return the scores as shares, and whether they were percentages. A file has one scale, or it is refused."""
    numbers = [value for by_language in values.values() for value in by_language.values()]
    above = sum(value > 1 for value in numbers)
    if not above:
        return {metric: dict(own) for metric, own in values.items()}, False
    # Of percentages only the rarest are at most 1; of shares none is above it.
    if above < 0.5 * len(numbers):
        raise LabError(f"{above} of {len(numbers)} scores are above 1: shares and percentages are mixed", DO)
    return {metric: {code: value / 100 for code, value in own.items()} for metric, own in values.items()}, True


def _model(path: Path) -> tuple[Model, list[str]]:
    """Return the model of a result file.

    By `model_meta.json`, else by the names of the folders, else as it is packaged.
    """
    notes: list[str] = []
    meta: JsonObject = {}
    beside = path.with_name(META)
    if beside.is_file() and not beside.is_symlink():
        try:
            content = _document(beside)
            meta = content if isinstance(content, Mapping) else {}
        except LabError as error:
            notes.append(f"{beside.parent.name}/{META} is not used: {error.what}.")
    named = meta.get("name")
    name = named if isinstance(named, str) and named else path.parent.parent.name.replace("__", "/")
    if len(name) > MAX_NAME or not PLAIN_NAME.fullmatch(name):
        raise LabError(f"{name!r:.60} is no name of a model", DO)
    revision = meta.get("revision")
    size, origin = meta.get("n_parameters"), meta.get("adapted_from")
    known = figures().models.get(name)
    plain = isinstance(size, int | float) and not isinstance(size, bool) and 0 < size < MAX_PARAMETERS
    parameters = int(size) if plain and isinstance(size, int | float) else known.parameters if known else None
    series = next((title for title, members in SERIES.items() if name in members), name)
    adapted = origin if isinstance(origin, str) else known.adapted_from if known else ""
    trained = bool(known and known.trained_on_test)
    revision = revision if isinstance(revision, str) else path.parent.name
    return Model(name, revision[:60], parameters, series, adapted, trained), notes


def _one_a_model(evaluations: Iterable[Evaluation]) -> tuple[list[Evaluation], list[str]]:
    """Keep one revision of each model: that with most languages, then by the newest mteb, then by name."""
    groups: dict[str, list[Evaluation]] = {}
    for one in evaluations:
        groups.setdefault(one.model.name, []).append(one)
    chosen, notes = [], []
    for name, group in sorted(groups.items()):
        best = max(group, key=lambda one: (len(one.scores["accuracy"]), _version(one.version), one.model.revision))
        chosen.append(best)
        if len(group) > 1:
            others = ", ".join(sorted(one.model.revision for one in group if one is not best))
            notes.append(f"{name} has {len(group)} revisions; {best.model.revision} is taken, {others} is not.")
    return chosen, notes


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text)[:4])


# ------------------------------------------------------------------------------------------------ writing


def write(folder: Path, model: Model, scores: Mapping[str, Mapping[str, float]], facts: Mapping[str, str]) -> Path:
    """Write scores (shares; language → metric → value) as mteb lays them out, and return the file.

    `facts`: what else stands in `model_meta.json`, such as how it was measured.
    """
    place = folder / model.name.replace("/", "__") / (model.revision or "no_revision_available")
    place.mkdir(parents=True, exist_ok=True)
    rows = [
        {
            "hf_subset": f"{language}-eng",
            "languages": [language, "eng-Latn"],
            "main_score": own.get("f1", own["accuracy"]),
            **own,
        }
        for language, own in sorted(scores.items())
    ]
    meta = {"name": model.name, "revision": model.revision, "n_parameters": model.parameters, **facts}
    (place / META).write_text(json.dumps(meta, indent=2), encoding="utf-8")
    file = place / f"{TASK}.json"
    content = {"task_name": TASK, "mteb_version": "", "dataset_revision": "", "scores": {SPLIT: rows}}
    file.write_text(json.dumps(content, indent=2), encoding="utf-8")
    return file
