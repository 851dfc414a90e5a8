"""Views of a search: its queries, its flow of records, its works."""

from __future__ import annotations

from dataclasses import dataclass

from synth.core.reasons import Parameter
from synth.core.types import JsonValue


@dataclass(frozen=True)
class QueryView:
    """A query of a search with its outcome. `new`: works that no query before it has; `kept`: works included."""

    id: int
    search_id: int
    source: str
    query: str
    kind: str
    request: str
    max_hits: int | None
    started: str | None
    finished: str | None
    status: str
    error: str
    remedy: str
    retries: int
    requests: int
    pages: int
    kept_pages: int
    total: int | None
    hits: int
    taken: int
    new: int
    warnings: tuple[str, ...]
    undecided: tuple[str, ...]
    kept: int


@dataclass(frozen=True)
class LackView:
    """Something that a search lacks, in a sentence, and what to do about it; `source` is empty for works."""

    source: str
    what: str
    do: str


@dataclass(frozen=True)
class SearchView:
    """A search with its queries, and what it lacks. `completed_by`: the command that completes it, "" if it is."""

    id: int
    question: str
    complete: bool
    state: str
    created: str
    finished: str | None
    options: dict[str, JsonValue]
    missing: tuple[LackView, ...]
    completed_by: str
    sources: tuple[QueryView, ...]


@dataclass(frozen=True)
class QueryChange:
    """A query that gave other works, or other places, when its search was repeated; works then and now."""

    source: str
    query: str
    then: int
    now: int


@dataclass(frozen=True)
class RepetitionView:
    """Comparison of a search with the search `of` that it repeats: works, and the queries that differ."""

    of: int
    same: bool
    works: int
    differing: tuple[QueryChange, ...]


# ---------------------------------------------------------------------------------------------------- works


@dataclass(frozen=True)
class PaperView:
    """A work of a search. `rank` and `score` are None where it was not ranked; `claims` counts those it states."""

    id: int
    title: str
    authors: tuple[str, ...]
    year: int | None
    url: str
    rank: int | None
    score: float | None
    relevance: dict[str, JsonValue]
    abstract: str
    arxiv_id: str
    doi: str
    acl_id: str
    comment: str
    withdrawn: bool
    retracted: str
    retracted_source: str
    retracted_date: str
    pages: int | None
    pdf_path: str
    sha256: str
    text_state: str
    text_reason: str
    text_reason_code: str
    text_reason_parameters: dict[str, Parameter]
    decision: str
    reason: str
    reason_code: str
    reason_parameters: dict[str, Parameter]
    found_in: str | None
    claims: int


@dataclass(frozen=True)
class RecordView:
    """A work as one source gave it; `content` is the record as received."""

    id: int
    paper_id: int
    source: str
    title: str
    url: str
    content: dict[str, JsonValue]


@dataclass(frozen=True)
class ReferenceView:
    """A work as a list of references needs it."""

    id: int
    title: str
    authors: tuple[str, ...]
    year: int | None
    url: str
    doi: str
    arxiv_id: str
    acl_id: str
    comment: str
    withdrawn: bool
    publication_type: str
    venue: str
    volume: str
    issue: str
    page_range: str
    publisher: str
    journal_reference: str
    published_year: int | None


# ----------------------------------------------------------------------------------------------------- flow


@dataclass(frozen=True)
class FlowSource:
    source: str
    method: str
    records: int


@dataclass(frozen=True)
class FlowDuplicates:
    rule: str
    records: int


@dataclass(frozen=True)
class FlowExclusion:
    """Works that were excluded in screening for one reason; `by`: rule or person."""

    code: str
    reason: str
    by: str
    papers: int


@dataclass(frozen=True)
class FlowLoss:
    """Works that were not retrieved, or excluded after reading, for one reason."""

    code: str
    reason: str
    papers: int


@dataclass(frozen=True)
class FlowView:
    """Counts of records through a search (PRISMA 2020). `awaiting`: texts that may be had later; `full_text` is the
    same number as `included`.
    """

    identified: int
    identified_by: tuple[FlowSource, ...]
    duplicates: int
    duplicates_by: tuple[FlowDuplicates, ...]
    screened: int
    excluded: tuple[FlowExclusion, ...]
    pending: int
    sought: int
    not_retrieved: tuple[FlowLoss, ...]
    awaiting: int
    assessed: int
    excluded_reports: tuple[FlowLoss, ...]
    included: int
    full_text: int
