"""SQuAD v2.0: as SQuAD v1.1, with questions that the paragraph does not answer (Rajpurkar et al. 2018)."""

from __future__ import annotations

from collections.abc import Iterator

from repro.data.library import Library
from repro.data.rows import rows
from repro.errors import LabError
from repro.languages.grammar import Language
from repro.languages.realm import Realm
from repro.tasks import Answer, Noise, OriginalSet, Source, Span
from repro.tasks.common import shortcuts
from repro.tasks.common.formats import AGAIN, divided, squad, text, texts, tydiqa
from repro.tasks.common.questions import answerable, unanswerable
from repro.tasks.common.teller import Teller

KIND = "span"
METRIC = "f1"
LABELS = ("unanswerable",)
PUBLISHED = OriginalSet("squad2", 130_319)
SENTENCES = 3
UNANSWERABLE = 3  # every so many questions have no answer: a third, as in SQuAD v2.0's training set
shortcut = shortcuts.span


def made(realm: Realm, language: Language, count: int, purpose: str, noise: Noise) -> list[Span]:
    """Generate `count` questions to contexts of three sentences, a third about a scene that the context lacks."""
    teller = Teller.of("squad2", realm, language, purpose, noise)
    kinds = (unanswerable, answerable, answerable)
    return [kinds[i % UNANSWERABLE](teller, SENTENCES) for i in range(count)]


def published(library: Library, part: str) -> Iterator[Span]:
    return squad(library.locate("squad2", layout="upstream").file(f"{part}-v2.0.json"))


def at_hand(library: Library, part: str) -> Iterator[Span]:
    """Read TyDiQA-GoldP's English questions, every second one also unanswerable, and 500 of SQuAD v2.0.

    The unanswerable ones have another paragraph.

    Of the latter those about half of the paragraphs are dev; of the others, see `formats.tydiqa`.
    """
    own = tydiqa(library, part)
    yield from own
    for i in range(0, len(own), 2):
        # A paragraph far off in the file: neighbours are often about the same thing.
        yield Span(own[i].question, own[(i + len(own) // 2) % len(own)].context, ())
    yield from _sample(library, part)


def _sample(library: Library, part: str) -> Iterator[Span]:
    path = library.locate("squad2-sample", layout="at_hand").file("squad_v2_dev_sample500.jsonl.gz")
    questions = list(rows(path))
    held_out = divided((text(row, "context", path.name) for row in questions), 0.5)
    for row in questions:
        context = text(row, "context", path.name)
        if (context in held_out) == (part == "dev"):
            answers = () if row.get("is_impossible") is True else texts(row, "answers", path.name)
            places = [Answer(context.find(answer), answer) for answer in dict.fromkeys(answers)]
            if any(answer.start < 0 for answer in places):
                raise LabError(f"{path.name}: an answer does not stand in its paragraph", AGAIN)
            yield Span(text(row, "question", path.name), context, tuple(places))


SOURCES = {
    "generated": Source(make=made),
    "published": Source(("squad2",), layout="upstream", read=published, complete=True),
    "tydiqa-goldp+squad2-sample": Source(
        ("tydiqa-goldp", "squad2-sample"),
        "SQuAD v2.0 is learnt from TyDiQA-GoldP's English training questions, half of them once more with another "
        "paragraph as unanswerable ones, and from half of 500 questions of SQuAD v2.0's dev set, not from its 130,319.",
        "at_hand",
        read=at_hand,
    ),
}
