"""XQuAD-R (LAReQA, Roy et al. 2020, arXiv:2004.05484): questions in 11 languages, answer sentences in one pool of all.

The candidates are the sentences of all paragraphs in all languages; right answers to a question are the sentences that
contain its answer, in every language (§3.1; up to 11). Upstream, a dual encoder is tuned on English question–answer
pairs and the answer is encoded with its paragraph. Here a sentence encoder that was tuned on neither gives question and
sentence one vector each, without the paragraph and without towers of their own: what is measured is similarity of
topic, so values are far below those of XTREME-R (Ruder et al. 2021, arXiv:2104.07412) and not comparable with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, TypedDict, cast

from repro.data.library import Library, Located
from repro.data.rows import document, rows
from repro.errors import LabError
from repro.schema import JsonValue
from repro.targets import Encode, Encoded, Progress, Row, TargetOptions, chosen, member, percent

DATASETS = ("xquad-r",)
# ISO 639-3, as Tatoeba's languages are named; the files have the two-letter codes.
LANGUAGES = {
    "ara": "ar",
    "deu": "de",
    "ell": "el",
    "eng": "en",
    "spa": "es",
    "hin": "hi",
    "rus": "ru",
    "tha": "th",
    "tur": "tr",
    "vie": "vi",
    "cmn": "zh",
}
DEPTH = 20


class SquadAnswer(TypedDict):
    answer_start: int


class SquadQuestion(TypedDict):
    id: str
    question: str
    answers: list[SquadAnswer]


class Paragraph(TypedDict):
    """A paragraph as the files have it; whether a file keeps to it is seen when it is read."""

    context: str
    sentence_breaks: list[tuple[int, int]]
    qas: list[SquadQuestion]


class Article(TypedDict):
    paragraphs: list[Paragraph]


class Articles(TypedDict):
    data: list[Article]


class Question(NamedTuple):
    id: str  # the same in every language
    text: str
    answers: tuple[int, ...]  # sentence numbers of its language


class Side(NamedTuple):
    """A language's candidate sentences and questions."""

    sentences: list[str]
    questions: list[Question]


def measure(
    params: TargetOptions, library: Library, folder: Path | None, encode: Encode, progress: Progress
) -> list[Row]:
    """Measure three rows a language, all by cosine, under names of their own: answers are not translations.

    `map20`: mean average precision at 20 of the language's questions over the pool of all languages (XTREME-R's
    metric; its figure is the mean over all questions). `answer_multilingual`: share of these whose first answer is
    right, in whatever language. `answer_english`: the same of English questions over this language's sentences alone,
    so that English asks here too. `params`: `languages` ("all" 11 or a list, which limits questions and pool).
    """
    sides = read(library.locate("xquad-r"))
    codes = chosen(params.languages, "all", {"all": list(sides)}, list(sides))
    texts = [text for code in codes for text in (*sides[code].sentences, *(q.text for q in sides[code].questions))]
    texts += [question.text for question in sides["eng"].questions]
    vectors = Encoded(texts, encode)
    progress(0.5, "questions and sentences encoded")
    rows = multilingual(sides, codes, vectors)
    for code in codes:
        rows += from_english(sides["eng"], sides[code], code, vectors)
    return rows


def multilingual(sides: Mapping[str, Side], codes: list[str], vectors: Encoded) -> list[Row]:
    """Return the rows `map20` and `answer_multilingual` of every language."""
    import numpy as np

    from repro.retrieval.neighbours import nearest
    from repro.retrieval.scoring import average_precision, normalised

    right: dict[str, set[int]] = {}
    sentences: list[str] = []
    for code in codes:
        for question in sides[code].questions:
            right.setdefault(question.id, set()).update(len(sentences) + i for i in question.answers)
        sentences += sides[code].sentences
    pool = normalised(vectors[sentences])
    rows = []
    for code in codes:
        questions = sides[code].questions
        ranked = nearest(normalised(vectors[[q.text for q in questions]]), pool, DEPTH).indices
        hits = [[i in right[q.id] for i in row] for q, row in zip(questions, ranked.tolist(), strict=True)]
        relevant, total = np.array(hits), np.array([len(right[q.id]) for q in questions])
        precision = float(average_precision(relevant, total).mean())
        rows.append(percent(code, f"map{DEPTH}", precision, len(questions)))
        rows.append(percent(code, "answer_multilingual", float(relevant[:, 0].mean()), len(questions)))
    return rows


def from_english(english: Side, side: Side, code: str, vectors: Encoded) -> list[Row]:
    """Return the row `answer_english`."""
    from repro.retrieval.neighbours import nearest
    from repro.retrieval.scoring import normalised

    answers = {question.id: question.answers for question in side.questions}
    questions = [question for question in english.questions if question.id in answers]
    queries = normalised(vectors[[question.text for question in questions]])
    first = nearest(queries, normalised(vectors[side.sentences]), 1).indices[:, 0].tolist()
    right = sum(i in answers[question.id] for i, question in zip(first, questions, strict=True))
    return [percent(code, "answer_english", right / len(questions), len(questions))]


def read(located: Located) -> dict[str, Side]:
    """Return every language's side, from the published files or from the flat one."""
    sides = {}
    if located.layout == "at_hand":
        paragraphs: dict[str, list[Paragraph]] = {}
        for row in rows(located.file("xquad-r.jsonl.xz")):
            paragraphs.setdefault(str(row["lang"]), []).append(cast(Paragraph, row))
        sides = {code: _side(paragraphs[short]) for code, short in LANGUAGES.items() if short in paragraphs}
    else:
        for code, short in LANGUAGES.items():
            if place := member(located, f"{short}.json"):
                sides[code] = _side(list(_paragraphs(document(*place))))
    if "eng" not in sides:
        raise LabError("XQuAD-R lacks its English questions", "get the files of one version")
    return sides


def _paragraphs(data: JsonValue) -> Iterator[Paragraph]:
    try:
        for passage in cast(Articles, data)["data"]:
            yield from passage["paragraphs"]
    except (KeyError, TypeError) as error:
        raise LabError(f"a file of XQuAD-R has no paragraphs ({error!r})", "get the file anew") from error


def _side(paragraphs: list[Paragraph]) -> Side:
    """Read a side. As upstream, answers are the sentence where the answer begins and equal ones of the paragraph.

    A question whose answer begins in no sentence is left out, also as upstream.
    """
    side = Side([], [])
    try:
        for paragraph in paragraphs:
            breaks = [(int(start), int(end)) for start, end in paragraph["sentence_breaks"]]
            sentences = [paragraph["context"][start:end] for start, end in breaks]
            for question in paragraph["qas"]:
                begin = question["answers"][0]["answer_start"]
                at = next((i for i, (start, end) in enumerate(breaks) if start <= begin < end), None)
                if at is not None:
                    same = (i for i, sentence in enumerate(sentences) if sentence == sentences[at])
                    answers = tuple(len(side.sentences) + i for i in same)
                    side.questions.append(Question(question["id"], question["question"], answers))
            side.sentences.extend(sentences)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise LabError(f"a paragraph of XQuAD-R is not as expected ({error!r})", "get the file anew") from error
    return side
