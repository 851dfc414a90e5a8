"""Targets that models are measured on: retrieval across languages, one module a target.

A target is light to import and has `DATASETS`, the names of the data sets it reads, and `measure(params, library,
folder, encode, progress)`, which gives rows {"language", "metric", "value" (percent), "n", …}. `encode` turns a list of
texts into vectors (texts, dimension); it is called once, with distinct texts. `folder` holds generated languages. A
target whose languages are aligned with English line by line also has `pools(params, library, folder)`; one whose
sentences are in a package also has `source()`, which names what they depend on. Rows are told
apart by their metric: targets that are measured side by side have no metric in common.
"""

from __future__ import annotations

import pkgutil
import tarfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, TypedDict

from repro.data.library import Located
from repro.errors import LabError
from repro.parameters import Table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

POOL = 200  # candidates of the accuracy that is comparable between languages with pools of different sizes
Encode = Callable[[Sequence[str]], "Vectors"]
Progress = Callable[[float, str], None]
Pools = dict[str, tuple[list[str], list[str]]]  # language → English sentences and, line by line, its own


class Row(TypedDict, total=False):
    """A measurement: percent, over `n` cases. What is known of the language beside `distance` has keys of its own."""

    language: str
    metric: str
    value: float
    n: int
    distance: float | None  # from English
    right: str  # which lines were answered rightly (`bits`)
    pool: list[int]  # distinct sentences of both sides
    text: float  # amount of the language's pre-training text
    latin: float  # share of its letters


class TargetOptions(Table):
    """Parameters that targets read.

    Attributes:
        neighbours: of CSLS, or of the margin.
        languages: a group or a list of codes; the target's usual ones where it is not given.
        margin: one of `repro.retrieval.scoring.MARGINS`, where sentences are mined.
        source: what the sentences depend on that are in a package.
    """

    neighbours: int = 10
    languages: str | Sequence[str] | None = None
    margin: str = "ratio"
    source: str | None = None


def names() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def target(name: str) -> ModuleType:
    """Return the module of a target. LabError if there is none of this name."""
    if name not in names():
        raise LabError(f"there is no target {name!r}", f"use {', '.join(names())}")
    return import_module(f"repro.targets.{name}")


class Encoded:
    """Vectors of texts, each distinct text encoded once: `encoded[texts]` is (len(texts), dimension)."""

    def __init__(self, texts: Sequence[str], encode: Encode) -> None:
        self._row = {text: i for i, text in enumerate(dict.fromkeys(texts))}
        self._vectors = encode(list(self._row))

    def __getitem__(self, texts: Sequence[str]) -> Vectors:
        return self._vectors[[self._row[text] for text in texts]]


def sentences(pools: Pools) -> list[str]:
    """Return every distinct sentence of both sides, in the order in which they first come."""
    return list(dict.fromkeys(text for sides in pools.values() for side in sides for text in side))


def measure_pools(pools: Pools, params: TargetOptions, encode: Encode, progress: Progress) -> list[Row]:
    """Return the rows of `parallel_rows` for every language of `pools`."""
    vectors = Encoded(sentences(pools), encode)
    rows = []
    for i, (code, (english, other)) in enumerate(pools.items(), start=1):
        rows += parallel_rows(code, vectors[english], vectors[other], params.neighbours)
        progress(i / len(pools), f"language {code} scored")
    return rows


def parallel_rows(language: str, english: Vectors, other: Vectors, neighbours: int = 10) -> list[Row]:
    """Measure retrieval with line i of English ↔ line i of the other language: a row per scoring rule.

    accuracy_cosine: nearest by cosine. accuracy_centred: the same after each language's mean is taken off.
    accuracy_csls: centred, and CSLS over `neighbours`; together the control for anisotropy, where all vectors of a
    language point the same way and some are everybody's neighbour. accuracy_margin: ratio margin over 4 neighbours, of
    the cosines as they are (LASER). accuracy_…_pool200: what would be expected with 200 candidates
    (`repro.retrieval.scoring.pool_accuracy`); absent where there are fewer.
    """
    import numpy as np

    from repro.retrieval import scoring

    n = len(english)
    raw = scoring.normalised(english), scoring.normalised(other)
    flat = scoring.normalised(scoring.centred(english)), scoring.normalised(scoring.centred(other))
    right = np.arange(n)
    ahead = {
        "cosine": scoring.ahead(*raw, right),
        "centred": scoring.ahead(*flat, right),
        "csls": scoring.ahead(*flat, right, scoring.csls, neighbours),
        "margin": scoring.ahead(*raw, right, scoring.ratio_margin, scoring.MARGIN_NEIGHBOURS),
    }
    return accuracy_rows(language, ahead)


def accuracy_rows(
    language: str, ahead: Mapping[str, NDArray[np.int64]], pooled: Sequence[str] = ("cosine", "centred")
) -> list[Row]:
    """Return a row per scoring rule, from the candidates it prefers to the right one (`repro.retrieval.scoring.ahead`).

    `right`: which lines were answered rightly, as bits in hexadecimal digits, the first line first.

    `pooled`: the rules by which a candidate's score does not depend on the rest of the pool.
    """
    from repro.retrieval import scoring

    n = len(next(iter(ahead.values())))
    rows: list[Row] = [
        {**percent(language, f"accuracy_{rule}", scoring.accuracy(preferred), n), "right": bits(preferred == 0)}
        for rule, preferred in ahead.items()
    ]
    if n >= POOL:
        for rule in pooled:
            value = scoring.pool_accuracy(ahead[rule], n, POOL)
            rows.append(percent(language, f"accuracy_{rule}_pool{POOL}", value, n))
    return rows


def bits(right: NDArray[np.bool_]) -> str:
    """Return hexadecimal digits of `right`, eight lines a byte, the last one filled up with zeros."""
    import numpy as np

    return np.packbits(right).tobytes().hex()


def percent(language: str, metric: str, share: float, n: int) -> Row:
    return {"language": language, "metric": metric, "value": 100 * share, "n": n}


def chosen(
    wanted: str | Sequence[str] | None, usual: str, groups: Mapping[str, Sequence[str]], known: Sequence[str]
) -> list[str]:
    """Return the languages that `wanted` names: a group (`usual` for None), or a list of codes.

    LabError for a name that is not known.
    """
    wanted = usual if wanted is None else wanted
    if isinstance(wanted, str):
        if wanted not in groups:
            raise LabError(f"there is no group of languages {wanted!r}", f"use {', '.join(groups)} or a list of codes")
        wanted = groups[wanted]
    missing = [code for code in wanted if code not in known]
    if missing:
        raise LabError(f"no sentences in {', '.join(missing)}", f"languages at hand: {', '.join(known)}")
    return list(wanted)


def member(located: Located, filename: str) -> tuple[Path, str] | None:
    """Find a file of a data set: (path, "") by itself, (archive, member), or None if it is not there.

    It may be compressed (`.gz`, `.xz`), and in any folder of an archive.
    """
    names = {filename, f"{filename}.gz", f"{filename}.xz"}
    for name, path in located.paths.items():
        if name in names:
            return path, ""
    for path in located.paths.values():
        for inside in _listed(path):
            if inside.rpartition("/")[2] in names:
                return path, inside
    return None


def listed(located: Located) -> list[str]:
    """List the names of the files of a data set, by themselves and inside archives."""
    return [name for file, path in located.paths.items() for name in (file, *_listed(path))]


def _listed(path: Path) -> tuple[str, ...]:
    try:
        status = path.stat()
        return _inside(path, status.st_mtime_ns, status.st_size)
    except (OSError, EOFError, zipfile.BadZipFile, tarfile.TarError) as error:
        raise LabError(f"{path.name} is damaged ({error})", "pull the data set again") from error


@lru_cache(maxsize=256)
def _inside(path: Path, modified: int, size: int) -> tuple[str, ...]:
    """List the names in an archive, () for another file; a file is listed anew when it has changed."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return tuple(archive.namelist())
    if path.name.endswith((".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.bz2")):
        with tarfile.open(path) as tar:
            return tuple(tar.getnames())
    return ()
