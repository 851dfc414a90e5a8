"""MNLI: entailment, neutrality or contradiction of two sentences (Williams et al. 2018, arXiv:1704.05426)."""

from __future__ import annotations

from collections.abc import Iterator

from repro.data.library import Library
from repro.languages.grammar import Language
from repro.languages.realm import Realm
from repro.tasks import Noise, OriginalSet, Pair, Source
from repro.tasks.common import shortcuts
from repro.tasks.common.entailment import pair
from repro.tasks.common.formats import NLI, entailment, xnli
from repro.tasks.common.teller import Teller

KIND = "pair"
METRIC = "accuracy"
LABELS = NLI
PUBLISHED = OriginalSet("mnli", 392_702)
shortcut = shortcuts.pair


def made(realm: Realm, language: Language, count: int, purpose: str, noise: Noise) -> list[Pair]:
    """Generate `count` pairs, a third of them in each class; see `repro.tasks.common.entailment`."""
    teller = Teller.of("mnli", realm, language, purpose, noise)
    return [pair(teller, LABELS[i % 3]) for i in range(count)]


def published(library: Library, part: str) -> Iterator[Pair]:
    """Return the training set and, as dev, the matched dev set."""
    name = {"train": "train", "dev": "dev_matched"}[part]
    file = library.locate("mnli", layout="upstream").file("multinli_1.0.zip")
    return entailment(file, f"multinli_1.0/multinli_1.0_{name}.jsonl")


def from_xnli(library: Library, part: str) -> Iterator[Pair]:
    """Read XNLI's English test set (5,010 pairs) to learn from, its dev set (2,490) as dev."""
    name = {"train": "test", "dev": "dev"}[part]
    return xnli(library.locate("xnli", layout="at_hand").file(f"xnli_{name}.tsv.xz"))


def from_xnli_in_all_languages(library: Library, part: str) -> Iterator[Pair]:
    """Read XNLI's test set in all 15 languages, English included, to learn from; its English dev set as dev."""
    if part == "dev":
        return from_xnli(library, part)
    return xnli(library.locate("xnli", layout="at_hand").file("xnli_test.tsv.xz"), ())


SOURCES = {
    "generated": Source(make=made),
    "published": Source(("mnli",), layout="upstream", read=published, complete=True),
    "xnli": Source(
        ("xnli",),
        "MNLI is learnt from XNLI's English test set (5,010 pairs collected as MNLI was), not from MNLI's 392,702.",
        "at_hand",
        read=from_xnli,
    ),
    "xnli-translated": Source(
        ("xnli",),
        "MNLI's translations are XNLI's test set in 15 languages, translated by people, not MNLI's by machine.",
        "at_hand",
        read=from_xnli_in_all_languages,
    ),
}
