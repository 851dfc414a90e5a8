"""The packaged tables: published scores by model and language, the models, and what sets the languages apart.

`tatoeba.tsv`, `bible.tsv` and `bucc.tsv` (CC0 1.0) hold one row a model and metric, `models.tsv` what their makers
declare, and `languages.tsv` (CC BY-SA 4.0, from URIEL and WALS) the languages. Each begins with its source and licence
in lines that start with "#". `training/published.py` writes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from repro.errors import LabError

FOLDER = Path(__file__).parent
# Files that a result rests on, for the checksums of provenance.
FILES = ("tatoeba.tsv", "bible.tsv", "bucc.tsv", "models.tsv", "languages.tsv")
TASKS = ("tatoeba", "bible")  # those with enough languages to be analysed
# BibleNLP as mteb measures it: the first 256 verses of each language.
BIBLE_POOL = 256
DISTANCES = ("syntactic", "phonological", "inventory", "featural", "genetic", "geographic", "wals")
METRICS = ("accuracy", "f1")
# Models that their makers publish under one name in several sizes.
SERIES: Mapping[str, tuple[str, ...]] = {
    "multilingual-e5": tuple(f"intfloat/multilingual-e5-{size}" for size in ("small", "base", "large")),
    "F2LLM-v2": tuple(
        f"codefuse-ai/F2LLM-v2-{size}" for size in ("80M", "160M", "330M", "0.6B", "1.7B", "4B", "8B", "14B")
    ),
    "Qwen3-Embedding": tuple(f"Qwen/Qwen3-Embedding-{size}" for size in ("0.6B", "4B", "8B")),
    "BidirLM": tuple(f"BidirLM/BidirLM-{size}-Embedding" for size in ("270M", "0.6B", "1B", "1.7B")),
    "harrier-oss-v1": tuple(f"microsoft/harrier-oss-v1-{size}" for size in ("270m", "0.6b", "27b")),
    "granite-embedding-multilingual-r2": tuple(
        f"ibm-granite/granite-embedding-{size}-multilingual-r2" for size in ("97m", "311m")
    ),
    "jina-embeddings-v5-text": tuple(f"jinaai/jina-embeddings-v5-text-{size}" for size in ("nano", "small")),
    "paraphrase-multilingual": tuple(
        f"sentence-transformers/paraphrase-multilingual-{size}" for size in ("MiniLM-L12-v2", "mpnet-base-v2")
    ),
    "udever-bloom": tuple(f"izhx/udever-bloom-{size}" for size in ("560m", "1b1", "3b", "7b1")),
    "arctic-embed-v2": tuple(f"Snowflake/snowflake-arctic-embed-{size}-v2.0" for size in ("m", "l")),
}


@dataclass(frozen=True)
class MeasuredLanguage:
    """A language as a task has it.

    Attributes:
        code: as in Tatoeba (ISO 639-3).
        pool: sentence pairs of the task, so also candidates of a retrieval.
        script: ISO 15924 code of most of its letters.
        family, genus: by WALS; "" where not known.
        text: megabytes of its compressed file in CC-100, 0.0 where it has none; None where not known.
        observed: share of its syntactic features in URIEL that are observed; None without a vector.
        xtreme: one of the 36 languages of XTREME's Tatoeba.
        distances: from English, by kind (`DISTANCES`); absent where not known.
    """

    code: str
    pool: int
    script: str
    family: str
    genus: str
    text: float | None
    observed: float | None
    xtreme: bool
    distances: Mapping[str, float]


@dataclass(frozen=True)
class Model:
    """A model as its makers declare it. `parameters`: None if not known; `series`: its own name if it is alone."""

    name: str
    revision: str
    parameters: int | None
    series: str
    adapted_from: str = ""
    trained_on_test: bool = False


@dataclass(frozen=True)
class Figures:
    """Scores of one task as shares, {metric: {model: {language: score}}}, with their models.

    `notes`: in sentences, what had to be decided when they were read.
    """

    models: Mapping[str, Model]
    scores: Mapping[str, Mapping[str, Mapping[str, float]]]
    source: str
    notes: tuple[str, ...] = field(default=())


@cache
def languages(task: str = "tatoeba") -> dict[str, MeasuredLanguage]:
    """Return the packaged languages of `task` by code."""
    by_code = {}
    for row in _rows("languages.tsv"):
        if not (row["bible"] if task == "bible" else row["pool"]):
            continue
        known = {kind: float(row[kind]) for kind in DISTANCES if row[kind]}
        by_code[row["language"]] = MeasuredLanguage(
            row["language"],
            BIBLE_POOL if task == "bible" else int(row["pool"]),
            row["script"],
            row["family"],
            row["genus"],
            float(row["text"]) if row["text"] else None,
            float(row["observed"]) if row["observed"] else None,
            bool(row["xtreme"]),
            known,
        )
    return by_code


@cache
def figures(task: str = "tatoeba") -> Figures:
    """Return the packaged scores of `task` ("tatoeba", "bible" or "bucc")."""
    models = {row["model"]: _model(row) for row in _rows("models.tsv")}
    scores: dict[str, dict[str, dict[str, float]]] = {metric: {} for metric in METRICS}
    for row in _rows(f"{task}.tsv"):
        model, metric = row.pop("model"), row.pop("metric")
        scores[metric][model] = {code: float(value) for code, value in row.items() if value}
    measured = {name: model for name, model in models.items() if name in scores["accuracy"]}
    return Figures(measured, scores, f"packaged: {_heading(f'{task}.tsv')}")


def _model(row: Mapping[str, str]) -> Model:
    return Model(
        row["model"],
        row["revision"],
        int(row["parameters"]) if row["parameters"] else None,
        row["series"],
        row["adapted_from"],
        bool(row["tatoeba"]),
    )


def _heading(name: str) -> str:
    """Return the first line of a table's comment: where it is from."""
    return (FOLDER / name).read_text(encoding="utf-8").partition("\n")[0].removeprefix("# Source: ").removesuffix(".")


def _rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a packaged table as dictionaries."""
    path = FOLDER / name
    try:
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    except OSError as error:
        raise LabError(f"{name} of repro/published cannot be read: {error}", "install synth anew") from error
    heading, table = lines[0].split("\t"), []
    for number, line in enumerate(lines[1:], 2):
        cells = line.split("\t")
        if len(cells) != len(heading):
            raise LabError(f"{name}, row {number}: {len(cells)} cells, not {len(heading)}", "install synth anew")
        table.append(dict(zip(heading, cells, strict=True)))
    return table
