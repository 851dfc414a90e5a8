"""CommonsenseQA: which of five answers common sense gives to a question (Talmor et al. 2019, arXiv:1811.00937)."""

from __future__ import annotations

from collections.abc import Iterator

from repro.data.library import Library
from repro.data.rows import rows
from repro.errors import LabError
from repro.languages.grammar import Language
from repro.languages.realm import Realm
from repro.tasks import Choice, Noise, OriginalSet, Source
from repro.tasks.common import shortcuts
from repro.tasks.common.formats import AGAIN, number, text, texts
from repro.tasks.common.teller import Teller, preferences

KIND = "choice"
METRIC = "accuracy"
LABELS = ()
PUBLISHED = OriginalSet("commonsenseqa", 9_741)
ANSWERS = 5
LETTERS = "ABCDE"
shortcut = shortcuts.choice


def made(realm: Realm, language: Language, count: int, purpose: str, noise: Noise) -> list[Choice]:
    """Generate `count` sentences that lack the thing or the action, and five answers of the same topic.

    The right one is what the world prefers most with this action, or with this agent. There is no context: it has to
    be known from the text that the model was pre-trained on, or remembered from the training questions.
    """
    teller = Teller.of("commonsenseqa", realm, language, purpose, noise)
    return [_choice(teller, i % ANSWERS) for i in range(count)]


def _choice(teller: Teller, label: int) -> Choice:
    scene = teller.scene()
    part = teller.draw.choice(("thing", "action"))
    of = f"things {scene.action}" if part == "thing" else f"actions {scene.agent}"
    best, *others = preferences(teller.realm, scene.topic, of)
    lexicon = teller.realm.lexicons[teller.language.code]
    answers = [lexicon[word] for word in (best, *teller.draw.sample(others, ANSWERS - 1))]
    answers[0], answers[label] = answers[label], answers[0]
    # Of the action, what is acted upon would tell: that is left out with it.
    hidden = ("thing", "thing_quality") if part == "thing" else ("action", "thing", "thing_quality")
    return Choice(teller.text(teller.translated(scene), hidden), tuple(answers), label)


def published(library: Library, part: str) -> Iterator[Choice]:
    """Yield the random split, as published: nested JSON lines, the right answer as a letter."""
    path = library.locate("commonsenseqa", layout="upstream").file(f"{part}_rand_split.jsonl")
    for row in rows(path):
        question, letter = row.get("question"), text(row, "answerKey", path.name)
        choices = question.get("choices") if isinstance(question, dict) else None
        if not isinstance(question, dict) or not isinstance(choices, list) or letter not in tuple(LETTERS):
            raise LabError(f"{path.name}: a row is no question with choices and an answer from A to E", AGAIN)
        by_letter = {text(choice, "label", path.name): text(choice, "text", path.name) for choice in choices}
        if sorted(by_letter) != list(LETTERS):
            raise LabError(f"{path.name}: the choices are not A to E", AGAIN)
        ordered = tuple(by_letter[one] for one in LETTERS)
        yield Choice(text(question, "stem", path.name), ordered, LETTERS.index(letter))


def at_hand(library: Library, part: str) -> Iterator[Choice]:
    path = library.locate("commonsenseqa", layout="at_hand").file(f"{part}.jsonl.gz")
    for row in rows(path):
        answers = texts(row, "choices", path.name, ANSWERS)
        yield Choice(text(row, "question", path.name), answers, number(row, "label", path.name, ANSWERS))


SOURCES = {
    "generated": Source(make=made),
    "published": Source(("commonsenseqa",), layout="upstream", read=published, complete=True),
    "commonsenseqa": Source(
        ("commonsenseqa",),
        "CommonsenseQA's training and dev sets (9,741 and 1,221 questions) are read from a copy in another layout.",
        "at_hand",
        read=at_hand,
        complete=True,
    ),
}
