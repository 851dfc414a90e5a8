"""Labelled sets that the classifier never saw: for its calibrators, and to say how good it is elsewhere.

Their licences do not allow weights to be passed on, or are not stated. Sets without NOT_ENOUGH_INFO get a third of it:
claims beside passages of other groups that share their rare words.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import lzma
import random
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from training.stance.sets import STANCES, LabelledPair, RareWords, read_set

MOST = 240  # pairs of a set
MADE = 1 / 3  # share of made NOT_ENOUGH_INFO
SUPPORT, CONTRADICT, NEITHER = STANCES
LETTERS = {"e": SUPPORT, "c": CONTRADICT, "n": NEITHER}
MARK = re.compile(r"<\|[a-z_]*cit[a-z_]*\|>")

Loader = Callable[[Path, random.Random], list[LabelledPair]]


def load(data: Path, seed: int = 11) -> dict[str, list[LabelledPair]]:
    """Read at most MOST pairs of every set below `data`; sets that are not there are left out."""
    found = {}
    for name, (folder, loader) in SETS.items():
        if (data / folder).is_dir():
            draw = random.Random(f"{name} {seed}")
            pairs = loader(data / folder, draw)
            draw.shuffle(pairs)
            found[name] = pairs[:MOST]
    return found


def _extra(name: str, made: float = 0.0) -> Loader:
    def loader(folder: Path, draw: random.Random) -> list[LabelledPair]:
        pairs = [pair for pair in read_set(folder, name) if pair.stance is not None]
        if not made:
            return pairs
        draw.shuffle(pairs)
        count = round(MOST * made)
        return pairs[: MOST - count] + beside_others(pairs, count, draw)

    return loader


def beside_others(pairs: list[LabelledPair], count: int, draw: random.Random) -> list[LabelledPair]:
    index = RareWords([pair.passage for pair in pairs])
    found: list[LabelledPair] = []
    for claim in pairs:
        if len(found) == count:
            break
        places = [i for i in index.nearest(claim.claim) if pairs[i].group != claim.group][:5]
        places = [i for i in places if pairs[i].passage != claim.passage]
        if places:
            found.append(replace(claim, passage=pairs[draw.choice(places)].passage, stance=NEITHER))
    return found


def _xnli(folder: Path, draw: random.Random) -> list[LabelledPair]:
    with lzma.open(folder / "xnli_test.tsv.xz", "rt", encoding="utf-8") as stream:
        rows = csv.DictReader(io.StringIO(stream.read()), delimiter="\t", quoting=csv.QUOTE_NONE)
        return [
            _letters(r["hypothesis"], r["premise"], r["label"], r["index"], "xnli") for r in rows if r["lang"] == "en"
        ]


def _anli(folder: Path, draw: random.Random) -> list[LabelledPair]:
    with gzip.open(folder / "anli_dev_annotated.jsonl.gz", "rt", encoding="utf-8") as stream:
        rows = [json.loads(line) for line in stream]
    return [_letters(r["hypothesis"], r["premise"], r["label"], r["premise"], "anli") for r in rows]


def _sick(folder: Path, draw: random.Random) -> list[LabelledPair]:
    with gzip.open(folder / "sick_test.jsonl.gz", "rt", encoding="utf-8") as stream:
        rows = [json.loads(line) for line in stream]
    return [_letters(r["hypothesis"], r["premise"], r["label"], r["pair_ID"], "sick") for r in rows]


def _letters(claim: str, passage: str, label: str, group: str, source: str) -> LabelledPair:
    return LabelledPair(claim, passage, LETTERS[label[0]], str(group), source)


def _citations(folder: Path, draw: random.Random) -> list[LabelledPair]:
    """Read citation-integrity (Sarol et al. 2024): citing sentences beside excerpts of the cited article."""
    with lzma.open(folder / "corpus_train.jsonl.xz", "rt", encoding="utf-8") as stream:
        corpus = {str(row["doc_id"]): row for row in map(json.loads, stream)}
    pairs = []
    with gzip.open(folder / "claims_train.jsonl.gz", "rt", encoding="utf-8") as stream:
        for row in map(json.loads, stream):
            for doc in map(str, row["cited_doc_ids"]):
                labels = [entry["label"] for entry in row["evidence"].get(doc, ())]
                stance = NEITHER if not labels else SUPPORT if labels[0] == "SUPPORT" else CONTRADICT
                claim = " ".join(MARK.sub("", row["claim"]).split())
                text = " ".join(corpus[doc]["abstract"])
                pairs.append(LabelledPair(claim, text, stance, corpus[doc]["title"], "citation-integrity"))
    return pairs


SETS: dict[str, tuple[str, Loader]] = {
    "covid-fact": ("nli-extra", _extra("covid-fact", MADE)),
    "nli4ct": ("nli-extra", _extra("nli4ct", MADE)),
    "averitec-dev": ("nli-extra", _extra("averitec-dev")),
    "pubhealthtab": ("nli-extra", _extra("pubhealthtab")),
    "sem-tab-facts": ("nli-extra", _extra("sem-tab-facts", MADE)),
    "control": ("nli-extra", _extra("control")),
    "lingnli": ("nli-extra", _extra("lingnli")),
    "fnc1-test": ("nli-extra", _extra("fnc1-test")),
    "monli": ("nli-extra", _extra("monli")),
    "xnli": ("xnli", _xnli),
    "anli": ("anli", _anli),
    "sick": ("sick-mrpc", _sick),
    "citation-integrity": ("citation-integrity", _citations),
}
