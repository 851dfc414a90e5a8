"""BUCC 2018 (Zweigenbaum et al. 2018): find the translations hidden in two comparable corpora.

Margin in both directions, "max" retrieval, a threshold for F1, as in LASER and XTREME, which take the ratio margin over
4 neighbours. As there, equal sentences of a corpus are one candidate, and since such a sentence has no single id it is
never reported.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from repro.data.library import Library, Located
from repro.data.rows import table_rows
from repro.errors import LabError
from repro.targets import Encode, Encoded, Progress, Row, TargetOptions, chosen, member, percent

DATASETS = ("bucc2018",)
PAIRS = {"deu": "de", "fra": "fr", "rus": "ru", "cmn": "zh"}  # by ISO 639-3, the code in the files' names
DEV, TEST = ("dev", "sample"), ("test", "training")  # XTREME's name of a split, and the shared task's own


class Corpus(NamedTuple):
    """Two sides as {id: sentence}, and the pairs of ids that are translations."""

    source: dict[str, str]
    english: dict[str, str]
    gold: list[tuple[str, str]]


def measure(
    params: TargetOptions, library: Library, folder: Path | None, encode: Encode, progress: Progress
) -> list[Row]:
    """Measure F1, precision and recall a language pair; the language is the one that is not English.

    `f1_dev`: threshold and F1 on the same gold pairs of dev, an upper bound. `f1_heldout`: on dev too, with the
    threshold of each half of the gold pairs chosen on the other half (`repro.retrieval.mining.held_out`). `f1`:
    threshold from dev, F1 on test, where both splits are at hand. `n` is the number of gold pairs; `pool` the two
    sides' distinct sentences. `params`: `languages` ("all" that are complete, or a list), `neighbours` of the margin,
    and `margin`, one of `repro.retrieval.scoring.MARGINS` ("ratio" where it is not given).
    """
    from repro.retrieval.mining import at, at_best, held_out, threshold

    located = library.locate("bucc2018")
    corpora = read(located)
    codes = chosen(params.languages, "all", {"all": sorted(corpora)}, sorted(corpora))
    rule = params.neighbours, params.margin
    splits = [split for code in codes for split in corpora[code].values()]
    vectors = Encoded([text for split in splits for side in split[:2] for text in side.values()], encode)
    rows: list[Row] = []
    for i, code in enumerate(codes, start=1):
        dev = corpora[code]["dev"]
        mined = mined_pairs(dev, vectors, *rule)
        results = {"_heldout": (held_out(mined, dev.gold), dev), "_dev": (at_best(mined, dev.gold), dev)}
        if "test" in corpora[code]:
            test = corpora[code]["test"]
            cut = threshold(mined, dev.gold)
            results[""] = (at(mined_pairs(test, vectors, *rule), test.gold, cut), test)
        for suffix, (score, corpus) in results.items():
            for metric, share in score._asdict().items():
                pool = [len(set(side.values())) for side in corpus[:2]]
                rows.append({**percent(code, metric + suffix, share, len(corpus.gold)), "pool": pool})
        progress(i / len(codes), f"{code}–eng mined")
    return rows


def mined_pairs(
    corpus: Corpus, vectors: Encoded, neighbours: int, margin: str = "ratio"
) -> dict[tuple[str, str], float]:
    """Return {(source id, English id): margin} of every pair that is mined, whatever its margin."""
    from repro.retrieval.mining import mine
    from repro.retrieval.neighbours import both
    from repro.retrieval.scoring import MARGINS, normalised

    if margin not in MARGINS:
        raise LabError(f"there is no margin {margin!r}", f"use {', '.join(MARGINS)}")
    sources, english = (list(dict.fromkeys(side.values())) for side in corpus[:2])
    names = [_ids(side) for side in corpus[:2]]
    nearest = both(normalised(vectors[sources]), normalised(vectors[english]), neighbours)
    mined = mine(nearest, neighbours, MARGINS[margin])
    pairs = zip(mined.sources.tolist(), mined.targets.tolist(), mined.scores.tolist(), strict=True)
    return {
        (names[0][sources[s]], names[1][english[t]]): score
        for s, t, score in pairs
        if sources[s] in names[0] and english[t] in names[1]
    }


def _ids(side: Mapping[str, str]) -> dict[str, str]:
    """Return {sentence: id} of the sentences that occur once."""
    often = Counter(side.values())
    return {text: name for name, text in side.items() if often[text] == 1}


def read(located: Located) -> dict[str, dict[str, Corpus]]:
    """Return {language: {"dev" and perhaps "test": corpus}} of the pairs whose dev files are complete."""
    corpora = {}
    for code, short in PAIRS.items():
        dev, test = (_split(located, short, names) for names in (DEV, TEST))
        if dev:
            corpora[code] = {"dev": dev, **({"test": test} if test else {})}
    if not corpora:
        raise LabError("no language pair of BUCC 2018 is complete", "both sides and the gold pairs of dev are needed")
    return corpora


def _split(located: Located, short: str, names: Sequence[str]) -> Corpus | None:
    for name in names:
        places = [member(located, f"{short}-en.{name}.{part}") for part in (short, "en", "gold")]
        if all(places):
            source, english, gold = (
                [(row["first"], row["second"]) for row in table_rows(*place, columns=("first", "second"))]
                for place in places
                if place
            )
            corpus = Corpus(dict(source), dict(english), gold)
            _check(corpus, f"{short}-en.{name}")
            return corpus
    return None


def _check(corpus: Corpus, where: str) -> None:
    wrong = [pair for pair in corpus.gold if pair[0] not in corpus.source or pair[1] not in corpus.english]
    if wrong or not corpus.gold:
        what = f"names a sentence that is not there: {' '.join(wrong[0])}" if wrong else "is empty"
        raise LabError(f"{where}.gold {what}", "get the files of one version")
