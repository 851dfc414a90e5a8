"""SQuAD v1.1: the stretch of a paragraph that answers a question (Rajpurkar et al. 2016, arXiv:1606.05250)."""

from __future__ import annotations

from collections.abc import Iterator

from repro.data.library import Library
from repro.languages.grammar import Language
from repro.languages.realm import Realm
from repro.tasks import Noise, OriginalSet, Source, Span
from repro.tasks.common import shortcuts
from repro.tasks.common.formats import squad, tydiqa
from repro.tasks.common.questions import answerable
from repro.tasks.common.teller import Teller

KIND = "span"
METRIC = "f1"
LABELS = ()
PUBLISHED = OriginalSet("squad1", 87_599)
SENTENCES = 3
shortcut = shortcuts.span


def made(realm: Realm, language: Language, count: int, purpose: str, noise: Noise) -> list[Span]:
    """Generate `count` questions to contexts of three sentences; see `repro.tasks.common.questions`."""
    teller = Teller.of("squad1", realm, language, purpose, noise)
    return [answerable(teller, SENTENCES) for _ in range(count)]


def published(library: Library, part: str) -> Iterator[Span]:
    return squad(library.locate("squad1", layout="upstream").file(f"{part}-v1.1.json"))


SOURCES = {
    "generated": Source(make=made),
    "published": Source(("squad1",), layout="upstream", read=published, complete=True),
    "tydiqa-goldp": Source(
        ("tydiqa-goldp",),
        "SQuAD v1.1 is learnt from seven eighths of TyDiQA-GoldP's 3,696 English training questions (dev: the others), "
        "not from its 87,599.",
        "at_hand",
        read=lambda library, part: iter(tydiqa(library, part)),
    ),
}
