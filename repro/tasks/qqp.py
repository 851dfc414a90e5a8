"""QQP: duplicate questions (Iyer et al. 2017, First Quora Dataset Release; GLUE, arXiv:1804.07461)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from repro.data.library import Library
from repro.data.rows import rows
from repro.languages.grammar import Language
from repro.languages.realm import Realm
from repro.tasks import Noise, OriginalSet, Pair, Source
from repro.tasks.common import shortcuts
from repro.tasks.common.entailment import left_out, optional
from repro.tasks.common.formats import number, text
from repro.tasks.common.teller import Teller

KIND = "pair"
METRIC = "accuracy"
LABELS = ("different", "duplicate")
PUBLISHED = OriginalSet("qqp", 363_846)
PAWS_TRAIN = 1_500  # rows of PAWS-X's English dev set to learn from; the other 500 are dev
shortcut = shortcuts.pair


def made(realm: Realm, language: Language, count: int, purpose: str, noise: Noise) -> list[Pair]:
    """Generate `count` pairs, half of them duplicates: one scene twice, once (first or second) with a part left out.

    In the others two of agent, action and thing are other ones, drawn as the world prefers them.
    """
    teller = Teller.of("qqp", realm, language, purpose, noise)
    return [_pair(teller, LABELS[i % 2]) for i in range(count)]


def _pair(teller: Teller, label: str) -> Pair:
    first = teller.scene(lambda s: bool(optional(s)))
    second = replace(first, **left_out(teller.draw.choice(optional(first))))
    if label == "different":
        for part in teller.draw.sample(("agent", "action", "thing"), 2):
            second = replace(second, **{part: teller.realm.world.another(teller.draw, first, part)})
    if teller.draw.random() < 0.5:
        first, second = second, first
    return Pair(teller.text(teller.translated(first)), teller.text(teller.translated(second)), label)


def published(library: Library, part: str) -> Iterator[Pair]:
    path = library.locate("qqp", layout="upstream").file("QQP-clean.zip")
    for row in rows(path, f"QQP/{part}.tsv"):
        label = LABELS[number(row, "is_duplicate", path.name, 2)]
        yield Pair(text(row, "question1", path.name), text(row, "question2", path.name), label)


def mrpc(library: Library, part: str) -> Iterator[Pair]:
    name = {"train": "train", "dev": "test"}[part]
    return _sentences(library, "mrpc", f"mrpc_{name}.jsonl.gz")


def with_paws(library: Library, part: str) -> Iterator[Pair]:
    """Read MRPC's sets, and of PAWS-X's English dev set 1,500 pairs to learn from and 500 as dev."""
    yield from mrpc(library, part)
    own = _sentences(library, "paws-x", "pawsx_dev_test.tsv.xz")
    yield from islice(own, PAWS_TRAIN) if part == "train" else islice(own, PAWS_TRAIN, None)


def _sentences(library: Library, dataset: str, name: str) -> Iterator[Pair]:
    path = library.locate(dataset, layout="at_hand").file(name)
    for row in rows(path):
        if dataset == "paws-x" and (row.get("lang"), row.get("split")) != ("en", "dev"):
            continue
        label = LABELS[number(row, "label", path.name, 2)]
        yield Pair(text(row, "sentence1", path.name), text(row, "sentence2", path.name), label)


SOURCES = {
    "generated": Source(make=made),
    "published": Source(("qqp",), layout="upstream", read=published, complete=True),
    "mrpc": Source(
        ("mrpc",),
        "QQP is learnt from MRPC (4,076 pairs of news sentences), not from 363,846 questions.",
        "at_hand",
        read=mrpc,
    ),
    "mrpc+paws-x": Source(
        ("mrpc", "paws-x"),
        "QQP is learnt from MRPC and PAWS-X's English dev set (5,576 pairs of sentences), not from 363,846 questions.",
        "at_hand",
        read=with_paws,
    ),
}
