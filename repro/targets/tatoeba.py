"""Tatoeba sentence retrieval (Artetxe and Schwenk 2019, arXiv:1812.10464): up to 1,000 pairs with English a language.

English is the query over the other language's sentences, as in LASER's and XTREME's scripts. The sentence numbers are
those of LASER's files; the order of XTREME's copy, whose English side is sorted, is not used.
"""

from __future__ import annotations

import re
from pathlib import Path

from repro.data.library import Library, Located
from repro.data.rows import lines, table_rows
from repro.errors import LabError
from repro.targets import Encode, Pools, Progress, Row, TargetOptions, chosen, listed, measure_pools, member

DATASETS = ("tatoeba",)
# Hu et al. 2020 (2003.11080) and Ruder et al. 2021 (2104.07412), as in XTREME's evaluation, in ISO 639-3.
XTREME = tuple(
    "ara heb vie ind jav tgl eus mal tam tel afr nld deu ell ben hin mar urd pes fra ita por spa bul rus jpn kat kor "
    "tha swh cmn kaz tur est fin hun".split()
)
XTREME_R = (*XTREME, "aze", "lit", "pol", "ukr", "ron")
UPSTREAM = re.compile(r"tatoeba\.([a-z]{3})-eng\.eng(?:\.gz|\.xz)?$")
Pairs = dict[str, list[tuple[str, str]]]


def measure(
    params: TargetOptions, library: Library, folder: Path | None, encode: Encode, progress: Progress
) -> list[Row]:
    """Return rows of `parallel_rows` a language.

    `params`: `languages` ("xtreme", "xtreme-r", "all" or a list), `neighbours`.

    `n` of each row is also the size of the pool.
    """
    return measure_pools(pools(params, library, folder), params, encode, progress)


def pools(params: TargetOptions, library: Library, folder: Path | None) -> Pools:
    """Return English sentences and those of each wanted language."""
    pairs = read(library.locate("tatoeba"))
    groups = {"xtreme": XTREME, "xtreme-r": XTREME_R, "all": sorted(pairs)}
    codes = chosen(params.languages, "xtreme", groups, sorted(pairs))
    return {code: ([english for _, english in pairs[code]], [other for other, _ in pairs[code]]) for code in codes}


def read(located: Located) -> Pairs:
    """Return (sentence, English sentence) by language and line number; empty sentences keep their line."""
    return _transformed(located.file("tatoeba-v1.tsv.gz")) if located.layout == "at_hand" else _upstream(located)


def _transformed(file: Path) -> Pairs:
    pairs: Pairs = {}
    for row in table_rows(file):
        if set(row) != {"lang", "index", "sentence", "english"}:
            raise LabError(f"{file.name} has the columns {', '.join(row)}", "get the file anew")
        lines = pairs.setdefault(row["lang"], [])
        if row["index"] != str(len(lines)):
            raise LabError(f"{file.name}: line {len(lines)} of {row['lang']} is missing", "get the file anew")
        lines.append((row["sentence"], row["english"]))
    return pairs


def _upstream(located: Located) -> Pairs:
    pairs: Pairs = {}
    for code in _codes(located):
        sides = []
        for side in (code, "eng"):
            place = member(located, f"tatoeba.{code}-eng.{side}")
            if place is None:
                raise LabError(f"tatoeba.{code}-eng.{side} is missing", "`synth data pull tatoeba`")
            sides.append(list(lines(*place)))
        if len(sides[0]) != len(sides[1]):
            raise LabError(
                f"the Tatoeba files of {code} have {len(sides[0])} and {len(sides[1])} lines", "get the files anew"
            )
        pairs[code] = list(zip(*sides, strict=True))
    return pairs


def _codes(located: Located) -> list[str]:
    return sorted({match[1] for name in listed(located) if (match := UPSTREAM.search(name))})
