"""Reading and writing claims, corpus and predictions as files in the SciFact format.

A field that the format does not know is passed over. What is wrong stops the reading with file, line and reason;
what can be read in one way only (labels of another convention) is read that way and told in a note.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from synth.core.atomic import atomic_path
from synth.core.errors import UsageError
from synth.core.types import JsonValue, Stance
from synth.eval.scifact.labels import stance_of
from synth.eval.scifact.lines import MalformedLine, objects
from synth.eval.scifact.records import Claim, ClaimPrediction, CorpusDocument, Gold, Id

T = TypeVar("T")
Row = dict[str, JsonValue]
CLAIM = '{"id": 1, "claim": "…", "evidence": {"11": [{"sentences": [0], "label": "SUPPORT"}]}, "cited_doc_ids": [11]}'
DOCUMENT = '{"doc_id": 11, "title": "…", "abstract": ["first sentence", "second sentence"]}'


# ---------------------------------------------------------------------------------------------------- reading


def read_claims(file: Path) -> tuple[list[Claim], list[str]]:
    """Read the claims in the order of the file, with notes on what was read otherwise than it stands there.

    Raises UsageError for an unreadable file, a malformed line, an id that stands there twice, or no claim at all.
    """
    labels: Counter[tuple[str, Stance]] = Counter()
    claims = _distinct(file, "claim", CLAIM, lambda row: _claim(row, labels), lambda claim: str(claim.id))
    mapped = [
        f"{file.name}: label {name!r} was read as {stance} ({times} times)."
        for (name, stance), times in sorted(labels.items())
        if name != stance.value
    ]
    left_out = sum(times for (_, stance), times in labels.items() if stance is Stance.NOT_ENOUGH_INFO)
    if left_out:
        mapped.append(f"{file.name}: {left_out} entries without enough information count as no evidence.")
    return claims, mapped


def read_corpus(file: Path) -> dict[str, CorpusDocument]:
    """Read documents by id, in the order of the file. Raises UsageError as `read_claims` does."""
    documents = _distinct(file, "document", DOCUMENT, _document, lambda document: document.id)
    return {document.id: document for document in documents}


def _distinct(file: Path, what: str, shape: str, parse: Callable[[Row], T], identity: Callable[[T], str]) -> list[T]:
    records: list[T] = []
    lines: dict[str, int] = {}
    for line, row in objects(file):
        try:
            item = parse(row)
        except MalformedLine as error:
            raise UsageError(f"{file}, line {line}: {error}.", f"A line should look like {shape}.") from error
        first = lines.setdefault(identity(item), line)
        if first != line:
            raise UsageError(
                f"{file}, line {line}: {what} id {identity(item)} stands in line {first} already.",
                "Give every line an id of its own.",
            )
        records.append(item)
    if not records:
        raise UsageError(f"{file} holds no {what}.", f"A line should look like {shape}.")
    return records


def _claim(row: Row, labels: Counter[tuple[str, Stance]]) -> Claim:
    text = _field(row, "claim")
    if not isinstance(text, str) or not text.strip():
        raise MalformedLine("`claim` is no text")
    cited, evidence = row.get("cited_doc_ids"), row.get("evidence")
    if cited is not None and not isinstance(cited, list):
        raise MalformedLine("`cited_doc_ids` is no list")
    if evidence is not None and not isinstance(evidence, dict):
        raise MalformedLine("`evidence` is no object of document ids")
    return Claim(
        id=_id(_field(row, "id"), "id"),
        text=text,
        cited=None if cited is None else tuple(dict.fromkeys(str(_id(doc, "cited_doc_ids")) for doc in cited)),
        evidence=None if evidence is None else dict(_golds(evidence, labels)),
    )


def _golds(evidence: Row, labels: Counter[tuple[str, Stance]]) -> Iterator[tuple[str, Gold]]:
    for doc, entries in evidence.items():
        rows = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
        if not isinstance(entries, list) or len(rows) < len(entries):
            raise MalformedLine(f"the evidence of document {doc[:40]} is no list of objects")
        names = [_field(entry, "label") for entry in rows]
        stances = [stance_of(name) for name in names]
        labels.update(zip(map(str, names), stances, strict=True))
        if len(set(stances)) > 1:
            raise MalformedLine(
                f"document {doc[:40]} carries {' and '.join(sorted(set(stances)))}; a document has one label"
            )
        if stances and stances[0] is not Stance.NOT_ENOUGH_INFO:
            sets = tuple(frozenset(_sentences(_field(entry, "sentences"))) for entry in rows)
            yield doc, Gold(stances[0], sets)


def _document(row: Row) -> CorpusDocument:
    title, sentences = row.get("title", ""), _field(row, "abstract")
    if not isinstance(title, str | None):
        raise MalformedLine("`title` is no text")
    texts = [sentence for sentence in sentences if isinstance(sentence, str)] if isinstance(sentences, list) else []
    if not isinstance(sentences, list) or len(texts) < len(sentences):
        raise MalformedLine("`abstract` is no list of sentences")
    return CorpusDocument(str(_id(_field(row, "doc_id"), "doc_id")), title or "", tuple(texts))


def _field(row: Row, name: str) -> JsonValue:
    if name not in row:
        raise MalformedLine(f"no `{name}`")
    return row[name]


def _id(value: object, name: str) -> Id:
    if isinstance(value, bool) or not isinstance(value, int | str) or value == "":
        raise MalformedLine(f"`{name}` holds {str(value)[:40]!r}, which is neither a whole number nor a name")
    return value


def _sentences(value: object) -> tuple[int, ...]:
    """Read positions from 0. A position that is given twice counts once: sentences form a set."""
    if isinstance(value, list) and all(isinstance(n, int) and not isinstance(n, bool) and n >= 0 for n in value):
        return tuple(dict.fromkeys(value))
    raise MalformedLine("`sentences` is no list of positions counted from 0")


# ---------------------------------------------------------------------------------------------------- writing


def write_claims(file: Path, claims: Iterable[Claim]) -> None:
    _write(file, (_claim_row(claim) for claim in claims))


def write_corpus(file: Path, corpus: Iterable[CorpusDocument]) -> None:
    _write(file, ({"doc_id": _number(d.id), "title": d.title, "abstract": list(d.sentences)} for d in corpus))


def write_answers(file: Path, answers: Iterable[ClaimPrediction]) -> None:
    """Write one line a claim, in the order given; probabilities with six decimals."""
    _write(file, (_answer_row(answer) for answer in answers))


def _claim_row(claim: Claim) -> Row:
    row: Row = {"id": claim.id, "claim": claim.text}
    if claim.evidence is not None:
        row["evidence"] = {
            doc: [{"sentences": [*sorted(sentences)], "label": gold.stance.value} for sentences in gold.rationales]
            for doc, gold in claim.evidence.items()
        }
    if claim.cited is not None:
        row["cited_doc_ids"] = [_number(doc) for doc in claim.cited]
    return row


def _answer_row(answer: ClaimPrediction) -> Row:
    return {
        "id": answer.claim,
        "evidence": {
            doc: {"sentences": [*finding.sentences], "label": finding.stance.value}
            for doc, finding in answer.evidence.items()
        },
        "confidence": {
            doc: {stance.value: round(p[stance], 6) for stance in Stance} for doc, p in answer.confidence.items()
        },
    }


def _number(doc: str) -> Id:
    """Return a document id as SciFact writes it: a number where it is one."""
    return int(doc) if doc.isascii() and doc.isdigit() and len(doc) < 19 and str(int(doc)) == doc else doc


def _write(file: Path, rows: Iterable[Row]) -> None:
    """Write a file that appears whole or not at all; characters beyond ASCII are escaped, so that any reader can take
    it.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with atomic_path(file) as part, part.open("w", encoding="ascii", newline="\n") as stream:
            for row in rows:
                stream.write(json.dumps(row) + "\n")
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror or error}.", "Name another file.") from error
