"""Views of decisions on duplicates, and of what no rule decides."""

from __future__ import annotations

from dataclasses import dataclass

from synth.core.types import JsonValue


@dataclass(frozen=True)
class RecordName:
    """A record by its source and the identifier there; `work` is the number of the work that has it now."""

    id: int
    source: str
    source_id: str
    version: str
    title: str
    year: int | None
    url: str
    work: int


@dataclass(frozen=True)
class DuplicateView:
    """A decision on duplicates: `records` put with `others` (join) or apart from them (split), by a rule or a person.

    `work`: number of the work now; `undone`: when it was taken back.
    """

    id: int
    kind: str
    work: int
    other_work: int | None
    title: str
    records: tuple[RecordName, ...]
    others: tuple[RecordName, ...]
    rule: str
    by: str
    evidence: dict[str, JsonValue]
    reason: str
    created: str
    undone: str | None


@dataclass(frozen=True)
class QuestionedWork:
    id: int
    title: str
    authors: tuple[str, ...]
    year: int | None
    url: str


@dataclass(frozen=True)
class OpenQuestion:
    """Works that no rule joins or keeps apart; `kind` (doi, arxiv, acl or title) and `value` are what they share."""

    kind: str
    value: str
    works: tuple[QuestionedWork, ...]
    question: str
