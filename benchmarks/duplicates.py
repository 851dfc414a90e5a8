"""Precision and recall of telling one work's records from others', on the ACL Anthology's own records.

    SYNTH_DATA=DIR python -m benchmarks.duplicates [--works N] [--seed N]

Positives: a record of the Anthology and a variant of it as another source would give it, with a made-up arXiv id or
none in place of its own. Negatives: pairs of different papers of the Anthology with an author in common and nearly the
same title, one of them made a preprint in the same way, so that no identifier helps. Pairs that have the very same
title and authors under two ids are shown apart: most are one work published twice. At last the records of the sample,
their variants and all negatives go through the store as a search would put them there.
"""

from __future__ import annotations

import argparse
import json
import lzma
import math
import os
import random
import re
import tempfile
import time
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path

from benchmarks.anthology import DUMP
from synth.core.types import Record
from synth.papers.identity import _shared, head, merge, same_work, title_key
from synth.sources.providers.acl import as_record

TEX = {"\u0301": "'", "\u0300": "`", "\u0308": '"', "\u0302": "^", "\u0303": "~", "\u030c": "v", "\u0327": "c"}
Pair = tuple[Record, Record]


def load(data: Path) -> list[Record]:
    with lzma.open(data / DUMP, "rt", encoding="utf-8") as lines:
        records = [as_record(json.loads(line)) for line in lines]
    return [replace(record, abstract="") for record in records if record is not None]


def preprint(record: Record, number: int) -> Record:
    """Return the record as a preprint server would give it, under a made-up number."""
    return replace(
        record, source="arxiv", source_id=f"made-up {number}", arxiv_id=f"2001.{number:05}", acl_id="", doi="",
        url="", pdf_url="",
    )  # fmt: skip


# -------------------------------------------------------------------------------------------- variants


def plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def in_tex(text: str) -> str:
    """Return accents as TeX's commands, capitals in braces."""
    out = ""
    for c in unicodedata.normalize("NFD", text):
        if c in TEX and out:
            out = f"{out[:-1]}{{\\{TEX[c]}{{{out[-1]}}}}}"
        else:
            out += c
    return re.sub(r"\b([A-Z]{2,})\b", r"{\1}", out).replace("&", r"\&")


def initials(name: str) -> str:
    *first, last = name.split()
    return f"{last}, {' '.join(word[0] + '.' for word in first)}" if first else name


def swapped(title: str, rng: random.Random) -> str:
    """Put another word in place of one, as a title is reworded on the way to print."""
    words = title.split()
    long = [i for i, word in enumerate(words) if len(word) > 4]
    if not long:
        return title
    words[rng.choice(long)] = rng.choice(["Improved", "Neural", "Efficient", "Approaches", "Learning"])
    return " ".join(words)


VARIANTS: dict[str, Callable[[Record, random.Random], dict]] = {
    "nothing but the identifier": lambda r, rng: {},
    "letters in lower case, no punctuation": lambda r, rng: {"title": re.sub(r"[^\w\s]", " ", r.title.lower())},
    "hyphens and colons changed": lambda r, rng: {"title": r.title.replace("-", "").replace(":", " –")},
    "accents lost in title and names": lambda r, rng: {
        "title": plain(r.title),
        "authors": tuple(map(plain, r.authors)),
    },
    "TeX in title and names": lambda r, rng: {"title": in_tex(r.title), "authors": tuple(map(in_tex, r.authors))},
    "a word in \\textit, the rest in braces": lambda r, rng: {
        "title": "{\\textit{" + r.title.replace(" ", "} ", 1) + "}"
    },
    "names as family name and initials": lambda r, rng: {"authors": tuple(map(initials, r.authors))},
    "the first author alone": lambda r, rng: {"authors": r.authors[:1]},
    "the first three authors": lambda r, rng: {"authors": r.authors[:3]},
    "a year earlier": lambda r, rng: {"year": (r.year or 0) - 1},
    "two years earlier": lambda r, rng: {"year": (r.year or 0) - 2},
    "no year": lambda r, rng: {"year": None},
    "without the subtitle": lambda r, rng: {"title": head(r.title) or r.title},
    "a word of the title changed": lambda r, rng: {"title": swapped(r.title, rng)},
    "no authors": lambda r, rng: {"authors": ()},
}


def variants(records: list[Record], rng: random.Random) -> dict[str, list[Pair]]:
    """Map kind to (record, variant); a variant that changes nothing is left out but for the first kind."""
    pairs: dict[str, list[Pair]] = defaultdict(list)
    for kind, change in VARIANTS.items():
        for number, record in enumerate(records):
            changed = change(record, rng)
            if not changed or any(getattr(record, name) != value for name, value in changed.items()):
                pairs[kind].append((record, replace(preprint(record, number), **changed)))
    return pairs


# ------------------------------------------------------------------------------------------- negatives


def near(records: list[Record]) -> tuple[list[Pair], list[Pair]]:
    """Return pairs of nearly the same title as (different titles, the very same title).

    They have different ids and an author in common, are at most two years apart, and share half of their titles'
    words.
    """
    by_author: dict[str, list[int]] = defaultdict(list)
    words = [frozenset(re.findall(r"\w+", record.title.casefold())) for record in records]
    for number, record in enumerate(records):
        for author in record.authors:
            by_author[author].append(number)
    pairs = {pair for numbers in by_author.values() for pair in combinations(sorted(set(numbers)), 2)}
    other: list[Pair] = []
    same: list[Pair] = []
    for a, b in sorted(pairs):
        if abs((records[a].year or 0) - (records[b].year or 0)) > 2:
            continue
        if 2 * len(words[a] & words[b]) >= len(words[a] | words[b]):
            equal = title_key(records[a].title) == title_key(records[b].title)
            (same if equal else other).append((records[a], records[b]))
    return other, same


def strangers(records: list[Record]) -> list[Pair]:
    """Return pairs with the very same title and no author in common."""
    by_title: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        by_title[title_key(record.title)].append(record)
    return [
        pair
        for group in by_title.values()
        for pair in combinations(group, 2)
        if not _shared(pair[0].authors, pair[1].authors)
    ]


# --------------------------------------------------------------------------------------------- measured


def wilson(hits: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """Return wilson's 95 % interval of a share."""
    middle, width = hits + z * z / 2, z * math.sqrt(hits * (of - hits) / of + z * z / 4)
    return max(0.0, (middle - width) / (of + z * z)), min(1.0, (middle + width) / (of + z * z))


def share(hits: int, of: int) -> str:
    if not of:
        return "none"
    low, high = wilson(hits, of)
    return f"{hits:,} of {of:,} = {hits / of:.2%} [{low:.2%}, {high:.2%}]"


def as_preprints(pairs: list[Pair], start: int) -> Iterator[Pair]:
    for number, (a, b) in enumerate(pairs, start):
        yield a, preprint(b, number)


def through_the_store(records: list[Record], truth: dict[str, str]) -> tuple[int, int, int, float]:
    """Return (pairs put together, of them rightly, pairs that belong together, seconds); `truth`: source_id → work."""
    from sqlmodel import select

    from synth.papers.intake import store_record
    from synth.store.database import Store
    from synth.store.tables import PaperRecord, Search, SourceQuery, now

    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "synth.db")
        begin = time.process_time()
        with store.session() as s:
            s.add(Search(question="q", key="k", created=now()))
            s.flush()
            row = SourceQuery(search_id=1, source="x", query="q")
            s.add(row)
            s.flush()
            for record in records:
                store_record(s, 1, row, record)
        took = time.process_time() - begin
        groups: dict[int, list[str]] = defaultdict(list)
        with store.session() as s:
            for stored in s.exec(select(PaperRecord)).all():
                groups[stored.paper_id].append(truth[stored.source_id])
        store.close()
    together = [pair for group in groups.values() for pair in combinations(group, 2)]
    works: dict[str, int] = defaultdict(int)
    for work in truth.values():
        works[work] += 1
    return len(together), sum(a == b for a, b in together), sum(n * (n - 1) // 2 for n in works.values()), took


def _bare(record: Record) -> Record:
    """Return the record without identifiers."""
    return replace(record, acl_id="", doi="")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--works", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    records = load(Path(os.environ["SYNTH_DATA"]))
    sample = rng.sample([record for record in records if record.authors], options.works)
    print(
        f"{len(records):,} records; {options.works:,} drawn (seed {options.seed})\n\n"
        "| changed | found again |\n|---|---|"
    )
    kinds = variants(sample, rng)
    for kind, pairs in kinds.items():
        print(f"| {kind} | {share(sum(same_work(a, b) for a, b in pairs), len(pairs))} |", flush=True)
    other, same = near(records)
    print("\n| different works | wrongly taken for one |\n|---|---|")
    wrongly: dict[str, list[Pair]] = {
        "an author and half of the title's words in common, one a preprint": list(as_preprints(other, 50_000)),
        "the same, both under their own ids": other,
        "the same, neither with any id": [(_bare(a), _bare(b)) for a, b in other],
        "the very same title, other authors, one a preprint": list(as_preprints(strangers(records), 90_000)),
    }
    for kind, pairs in wrongly.items():
        wrong = [pair for pair in pairs if same_work(*pair)]
        print(f"| {kind} | {share(len(wrong), len(pairs))} |")
        for a, b in wrong[:5]:
            print(f"  - {a.title} ({a.year}) / {b.title} ({b.year})")
    apart = sum(not same_work(a, b) for a, b in same)
    print(f"\nThe very same title and an author in common, under two ids: {len(same)} pairs, kept apart: {apart}")
    bare = [_bare(record) for record in records]
    groups = [group for group in merge(bare) if len(group) > 1]
    differing = sum(len({title_key(r.title) for r in group}) > 1 for group in groups)
    print(f"All {len(bare):,} without any id: {len(groups)} groups of several, with different titles: {differing}")
    mixed: dict[str, Record] = {}
    truth: dict[str, str] = {}
    changed = [kind for kind in kinds if kind not in ("a word of the title changed", "no authors")]
    for number, record in enumerate(sample):
        pairs = kinds[rng.choice(changed)]
        twin = next((pair[1] for pair in pairs if pair[0] is record), preprint(record, number))
        for entry in (record, twin):
            mixed[entry.source_id], truth[entry.source_id] = entry, record.source_id
    for (a, b), (_, twin) in zip(other, as_preprints(other, 50_000), strict=True):
        known = b.source_id in truth  # one preprint a work: two numbers would be two works
        for entry, work in ((a, a), (b, b), *([] if known else [(twin, b)])):
            mixed[entry.source_id], truth[entry.source_id] = entry, work.source_id
    ordered = list(mixed.values())
    rng.shuffle(ordered)
    together, right, wanted, took = through_the_store(ordered, truth)
    print(f"\nThrough the store, {len(ordered):,} records in random order ({took:.0f} s of a processor):")
    print(f"precision {share(right, together)}; recall {share(right, wanted)}")


if __name__ == "__main__":
    main()
