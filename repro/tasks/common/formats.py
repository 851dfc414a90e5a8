"""Values out of rows of data files: what is missing or of another type is an error that names the file."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from repro.data.library import Library
from repro.data.rows import document, rows
from repro.errors import LabError
from repro.schema import JsonObject, JsonValue
from repro.tasks import Answer, Pair, Span

NLI = ("entailment", "neutral", "contradiction")
AGAIN = "get the file anew; `synth data check` tells which files are damaged"
T = TypeVar("T")


def text(row: JsonValue, key: str, where: str) -> str:
    return _value(row, key, str, where)


def number(row: JsonObject, key: str, where: str, below: int) -> int:
    """Return an index from 0 to `below` - 1, as a number or in digits."""
    value = row.get(key)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < below:
        raise LabError(f"{where}: {key!r} is {value!r:.60}, not a number from 0 to {below - 1}", AGAIN)
    return value


def texts(row: JsonValue, key: str, where: str, count: int = 0) -> tuple[str, ...]:
    """Return a list of strings, of `count` of them unless that is 0."""
    values = _value(row, key, list, where)
    if not all(isinstance(one, str) for one in values) or (count and len(values) != count):
        raise LabError(f"{where}: {key!r} is not a list of {count or ''} texts".replace("  ", " "), AGAIN)
    return tuple(values)


def _value(row: JsonValue, key: str, kind: type[T], where: str) -> T:
    value = row.get(key) if isinstance(row, Mapping) else None
    if not isinstance(value, kind):
        raise LabError(f"{where}: a row has no {key!r}", AGAIN)
    return value


def divided(items: Iterable[str], share: float) -> frozenset[str]:
    """Return a `share` of the distinct items for the dev part, drawn the same way every time."""
    ordered = sorted(set(items))
    random.Random(13).shuffle(ordered)
    return frozenset(ordered[: round(share * len(ordered))])


def entailment(path: Path, member: str) -> Iterator[Pair]:
    """Read SNLI's and MultiNLI's JSON lines in a zip file, without pairs that have no gold label ("-"), as is usual."""
    where = f"{path.name}:{member}"
    for row in rows(path, member):
        label = text(row, "gold_label", where)
        if label != "-":
            yield Pair(text(row, "sentence1", where), text(row, "sentence2", where), label)


def xnli(path: Path, languages: Sequence[str] = ("en",)) -> Iterator[Pair]:
    """Read XNLI's rows in `languages`; () for all 15."""
    for row in rows(path):
        if not languages or text(row, "lang", path.name) in languages:
            yield Pair(*(text(row, key, path.name) for key in ("premise", "hypothesis", "label")))


def squad(path: Path) -> Iterator[Span]:
    """Read SQuAD's JSON: data → paragraphs → questions; of version 1.1, or 2.0 with `is_impossible`."""
    for article in _list(document(path), "data", path.name):
        for paragraph in _list(article, "paragraphs", path.name):
            context = text(paragraph, "context", path.name)
            for row in _list(paragraph, "qas", path.name):
                impossible = row.get("is_impossible") is True if isinstance(row, Mapping) else False
                answers = () if impossible else answered(row, path.name)
                yield Span(text(row, "question", path.name), context, answers)


def tydiqa(library: Library, part: str) -> list[Span]:
    """Read TyDiQA-GoldP's English training questions, those to an eighth of the paragraphs kept as dev.

    (The dev questions that XTREME distributes come without their answers.)
    """
    path = library.locate("tydiqa-goldp", layout="at_hand").file("tydiqa_goldp_train_en.jsonl.gz")
    spans = [
        Span(text(row, "question", path.name), text(row, "context", path.name), answered(row, path.name))
        for row in rows(path)
    ]
    held_out = divided((e.context for e in spans), 1 / 8)
    return [e for e in spans if (e.context in held_out) == (part == "dev")]


def answered(row: JsonValue, where: str) -> tuple[Answer, ...]:
    """Return the answers of a question in SQuAD's form; LabError where there is none."""
    answers = []
    for one in _list(row, "answers", where):
        start = one.get("answer_start") if isinstance(one, Mapping) else None
        if not isinstance(start, int) or start < 0:
            raise LabError(f"{where}: an answer has no `answer_start`", AGAIN)
        answers.append(Answer(start, text(one, "text", where)))
        if not answers[-1].text.strip():
            raise LabError(f"{where}: an answer is empty", AGAIN)
    if not answers:
        raise LabError(f"{where}: a question has no answer", AGAIN)
    return tuple(dict.fromkeys(answers))


def _list(row: JsonValue, key: str, where: str) -> list[JsonValue]:
    return _value(row, key, list, where)
