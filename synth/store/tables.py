"""The tables. `db/README.md` is generated from the descriptions here and the migrated database.

Rows are written through SQLModel; listings and reports read with plain SQL (`views`), so that `synth claims`
does not have to load an ORM.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from synth.core.reasons.duplicates import STORED
from synth.core.reasons.screening import ExclusionReason, TextReason
from synth.core.reasons.untestable import Untestable
from synth.core.types import PublicationType
from synth.store.search_options import SearchOptions

DECISION = ("decision", "reason", "reason_code", "reason_parameters", "by")  # what holds of a work in a search


def _codes(kind: Iterable[StrEnum]) -> str:
    return " | ".join(filter(None, kind))


def now() -> str:
    """Return the time in UTC, ISO 8601, seconds: sorts as text and reads the same in SQL and JSON."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _json(doc: str, default: Any = list) -> Any:
    return Field(default_factory=default, sa_column=Column(JSON, nullable=False, comment=doc))


def _f(doc: str, default: Any = ..., **kw: Any) -> Any:
    args = {"comment": doc} | kw.pop("sa_column_kwargs", {})
    return Field(default, sa_column_kwargs=args, **kw)


def _key(doc: str, target: str, **kw: Any) -> Any:
    return _f(doc, foreign_key=target, ondelete="CASCADE", index=True, **kw)


class Search(SQLModel, table=True):
    """One question asked of a set of sources."""

    __tablename__ = "search"
    id: int | None = Field(default=None, primary_key=True)
    question: str = _f("the research question, as typed")
    key: str = _f("hash of question, sources and limits: the same command finds its search again", index=True)
    sources: list[str] = _json("names of the sources asked")
    options: dict[str, Any] = _json("limits and folders the search was started with", dict)
    state: str = _f("running | done", "running")
    complete: bool = _f("false while a source has failed or was not asked to its end", False)
    created: str = _f("UTC time")
    finished: str | None = _f("UTC time at which the last stage ended", None)

    @property
    def started_with(self) -> SearchOptions:
        """The options as values."""
        return SearchOptions.from_row(self.options)


class SourceQuery(SQLModel, table=True):
    """The ledger: one query as one source received it (PRISMA-S, Rethlefsen et al. 2021).

    A search is complete when the status of each of its queries is `ok` or `no results`.
    """

    __tablename__ = "source_query"
    __table_args__ = (UniqueConstraint("search_id", "source", "query"),)
    id: int | None = Field(default=None, primary_key=True)
    search_id: int = _key("the search", "search.id")
    source: str = _f("name of the source")
    query: str = _f("the query verbatim, as sent")
    kind: str = _f(
        "question | verbatim | references | citations: made from the question, given, or a work's", "question"
    )
    request: str = _f("the first address asked, without keys; empty for what is on this machine", "")
    max_hits: int | None = _f("how many hits were asked for at most", None)
    started: str | None = _f("UTC time of the first request", None)
    finished: str | None = _f("UTC time of the last answer", None)
    status: str = _f("pending | running | ok | no results | failed | out of budget", "pending")
    error: str = _f("what happened, if it failed", "")
    remedy: str = _f("what to do about it", "")
    retries: int = _f("requests repeated after a failure", 0)
    requests: int = _f("requests made", 0)
    pages: int = _f("pages of answers received", 0)
    kept_pages: int = _f("pages that needed no request: from this search's own answers or the cache", 0)
    total: int | None = _f("hits that the source says it has", None)
    hits: int = _f("records received", 0)
    taken: int = _f("entries received, those passed over included; the next page begins there", 0)
    new: int = _f("works that no earlier query of this search had found", 0)
    warnings: list[str] = _json("what the source passed over, and why")
    undecided: list[str] = _json("questions on its works that no rule decides")


class AnswerRow(SQLModel, table=True):
    """An answer of a network source as it came, so that a search can be repeated without the network."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("search_id", "url"),)
    id: int | None = Field(default=None, primary_key=True)
    search_id: int = _key("the search", "search.id")
    source_query_id: int = _key("the query that asked", "source_query.id")
    url: str = _f("the address asked, without keys")
    asked: str = _f("UTC time at which the source answered")
    status: int = _f("HTTP status")
    headers: dict[str, str] = _json("type and validators of the answer", dict)
    body: bytes = _f("the answer, compressed by zlib")
    sha256: str = _f("checksum of the answer before compression")


class Paper(SQLModel, table=True):
    """One work, however many sources and versions it was found in."""

    __tablename__ = "paper"
    id: int | None = Field(default=None, primary_key=True)
    title: str = _f("title; from the source, else from the PDF")
    title_key: str = _f("the title normalised, for finding the same work", "", index=True)
    authors: list[str] = _json("names in order")
    year: int | None = _f("year of publication", None)
    abstract: str = _f("abstract", "")
    url: str = _f("where a reader finds it; empty when no real address is known", "")
    arxiv_id: str = _f("arXiv id without version", "", index=True)
    doi: str = _f("DOI in lower case", "", index=True)
    acl_id: str = _f("ACL Anthology id", "", index=True)
    withdrawn: bool = _f("a source says it was withdrawn or retracted", False)
    retracted: str = _f(
        "retracted | withdrawn | concern (an expression of concern) | notice (about another paper); empty = none known",
        "",
    )
    retracted_source: str = _f("the source that says so", "")
    retracted_date: str = _f("date of the retraction, withdrawal or concern, as far as the source gives it", "")
    comment: str = _f("the source's comment (a digest says so here)", "")
    publication_type: str = _f(f"how it was published: {_codes(PublicationType)}; empty = not known", "")
    venue: str = _f(
        "journal, proceedings or book that it stands in, by the record that says most of its publication", ""
    )
    volume: str = _f("volume", "")
    issue: str = _f("issue", "")
    page_range: str = _f("pages, or the number of an article without pages", "")
    publisher: str = _f("publisher", "")
    journal_reference: str = _f("publication in one text, where the source has no parts (arXiv)", "")
    published_year: int | None = _f("year of this publication, which may be later than that of a preprint", None)
    pdf_path: str = _f("the PDF: relative to the workspace, or absolute when the user's own file", "")
    pdf_sha256: str = _f("checksum of the PDF that was read", "", index=True)
    pdf_record: int | None = _f("the record whose file was fetched; null for a file at hand", None)
    pages: int | None = _f("pages of the PDF", None)
    text_state: str = _f("unread | read | skipped", "unread")
    text_reason: str = _f("why it was skipped, or what reading warned of", "")
    text_reason_code: str = _f(f"code of text_reason: {_codes(TextReason)}; empty = nothing to say", "")
    text_reason_parameters: dict[str, Any] = _json("parameters of text_reason_code", dict)
    joined_into: int | None = _f(
        "the work that this one turned out to be; it has the records then, and this row stays for undoing", None
    )


class PaperRecord(SQLModel, table=True):
    """A work as one source described it; versions stay apart here."""

    __tablename__ = "paper_record"
    __table_args__ = (UniqueConstraint("source", "source_id", "version"),)
    id: int | None = Field(default=None, primary_key=True)
    paper_id: int = _key("the work", "paper.id")
    source: str = _f("name of the source")
    source_id: str = _f("the source's own identifier")
    version: str = _f("version at the source, e.g. v2", "")
    title: str = _f("title as the source gives it", "")
    url: str = _f("address at the source", "")
    pdf_url: str = _f("address of the PDF", "")
    content: dict[str, Any] = _json("the record as received", dict)


class RecordKey(SQLModel, table=True):
    """Key by which a record is looked up when another may describe the same work."""

    __tablename__ = "record_key"
    __table_args__ = (Index("ix_record_key_kind_value", "kind", "value"),)
    id: int | None = Field(default=None, primary_key=True)
    paper_record_id: int = _key("the record", "paper_record.id")
    kind: str = _f(
        "arxiv | acl | doi | preprint and its DOI's prefix | deposit | title | printed doi: on the first page of its "
        "PDF, by which no record is looked up"
    )
    value: str = _f("the identifier, or the title normalised (with and without its subtitle)")


class Duplicate(SQLModel, table=True):
    """A decision that records describe one work (join), or that they do not (split). Never changed but to undo it."""

    __tablename__ = "duplicate"
    id: int | None = Field(default=None, primary_key=True)
    kind: str = _f("join | split")
    paper_id: int = _key("the work that the others were joined into, or that the records were split from", "paper.id")
    other_id: int | None = _f(
        "the work that was joined into it or split from it; null when a new record joined", None, foreign_key="paper.id"
    )
    records: list[int] = _json("numbers of the records that were put with `others`, or apart from them")
    others: list[int] = _json("numbers of the records of the work at that time, without `records`")
    rule: str = _f(f"what decided: {_codes(STORED)}")
    by: str = _f("rule | person")
    evidence: dict[str, Any] = _json("what agreed: identifiers, title, authors, years", dict)
    reason: str = _f("why, in a person's words", "")
    created: str = _f("UTC time")
    undone: str | None = _f("UTC time at which it was taken back", None)


class Hit(SQLModel, table=True):
    """A record received for a query, at its place in the source's order."""

    __tablename__ = "hit"
    __table_args__ = (UniqueConstraint("source_query_id", "position"),)
    id: int | None = Field(default=None, primary_key=True)
    source_query_id: int = _key("the query", "source_query.id")
    paper_record_id: int = _key("the record", "paper_record.id")
    position: int = _f("0-based position in the source's order")


class Screening(SQLModel, table=True):
    """Decision whether a work is taken into a search, its reason, and its rank."""

    __tablename__ = "screening"
    __table_args__ = (UniqueConstraint("search_id", "paper_id"),)
    id: int | None = Field(default=None, primary_key=True)
    search_id: int = _key("the search", "search.id")
    paper_id: int = _key("the work", "paper.id")
    decision: str = _f("pending | include | exclude", "pending")
    reason: str = _f("why excluded", "")
    reason_code: str = _f(f"code of reason: {_codes(ExclusionReason)}; empty = not excluded", "")
    reason_parameters: dict[str, Any] = _json("parameters of reason_code", dict)
    by: str = _f("rule | person", "rule")
    rank: int | None = _f("1 = most relevant to the question", None)
    score: float | None = _f("reciprocal rank fusion of BM25 and embedding ranks; orders, is no probability", None)
    relevance: dict[str, Any] = _json(
        "what the score is made of: lexical_rank, dense_rank, cosine, and reranked, the score of the cross-encoder",
        dict,
    )
    claims_done: bool = _f("claims of this work were extracted for this search", False)


class ScreeningEvent(SQLModel, table=True):
    """A step of a person who screens, in order: what was decided of which work, by whom, when and why.

    Rows are added, never changed: taking a decision back is a row too. What holds now stands in `screening`.
    """

    __tablename__ = "screening_event"
    id: int | None = Field(default=None, primary_key=True)
    search_id: int = _key("the search", "search.id")
    paper_id: int = _key("the work", "paper.id")
    decision: str = _f("include | exclude | maybe (left for later) | undo")
    reason: str = _f("why excluded", "")
    reason_code: str = _f("code of reason, as in `screening`", "")
    reason_parameters: dict[str, Any] = _json("parameters of reason_code", dict)
    who: str = _f("name of the person")
    decided: str = _f("UTC time")
    drawn: str = _f("how the work came up: order | random | again (gone back to) | file | stop (left unscreened)")
    chance: float | None = _f("what the model gave it when it was shown; orders, is no probability", None)
    undecided: int = _f("works undecided just before, this one among them", 0)
    works: int = _f("works to be screened in all at that time", 0)
    before: dict[str, Any] = _json(
        "decision, reason, its code and parameters, and by of `screening` before this step", dict
    )
    undoes: int | None = _f("the step that an undo takes back", None)


class PassageRow(SQLModel, table=True):
    """A stretch of a paper that can be quoted and found again in the PDF."""

    __tablename__ = "passage"
    __table_args__ = (UniqueConstraint("paper_id", "position"),)
    id: int | None = Field(default=None, primary_key=True)
    paper_id: int = _key("the work", "paper.id")
    position: int = _f("place in reading order")
    kind: str = _f("sentence | caption | cell")
    text: str = _f("readable text: hyphenation and line breaks mended")
    quote: str = _f("the characters of the PDF's page text at `spans`")
    page: int = _f("1-based page where it starts")
    spans: list[list[int]] = _json("[page, start, end] of each piece in the page text")
    sha256: str = _f("checksum of the PDF it was read from")
    section: str = _f("canonical section name")
    row_head: str = _f("table cells: head of the row; sentences of a structured abstract: their part, e.g. Results", "")
    column_head: str = _f("table cells: head of the column", "")
    table_label: str = _f("table cells: e.g. Table 2", "")
    bold: bool = _f("table cells: printed bold", False)
    best: str = _f("table cells: what bold print marks it as, e.g. highest of its column; empty = nothing", "")


class ReferenceRow(SQLModel, table=True):
    """An entry of a paper's reference list."""

    __tablename__ = "reference"
    __table_args__ = (UniqueConstraint("paper_id", "position"),)
    id: int | None = Field(default=None, primary_key=True)
    paper_id: int = _key("the work whose list it is", "paper.id")
    position: int = _f("0-based place in the list")
    text: str = _f("the entry as printed, line breaks folded")


class ClaimRow(SQLModel, table=True):
    """One assertion, whole, in a search; its places in the papers are in `claim_source`."""

    __tablename__ = "claim"
    id: int | None = Field(default=None, primary_key=True)
    search_id: int = _key("the search", "search.id")
    text: str = _f("the assertion")
    kind: str = _f("effect | comparison | ranking | correlation | count | method")
    salience: float = _f("0..1, how much it is worth reading first; no probability")
    nearness: float | None = _f("cosine of the claim and the question; null = not compared", None)
    confidence: float | None = _f("P(supported by the evidence), calibrated; null = no evidence", None)
    standing: str = _f("grounded | corroborated | contradicted | contested | no evidence; empty = not assessed", "")
    witnesses: int = _f("other, independent papers that support it", 0)
    witnesses_against: int = _f("other, independent papers that contradict it", 0)
    reported_by: int = _f("other papers that report the result as its paper's; decides nothing", 0)
    papers_confidence: float | None = _f("P(supported) by other papers alone; null = none speaks", None)
    own_confidence: float | None = _f(
        "P(supported) by its paper's own tables and results; null = they are silent", None
    )
    own_for: int = _f("tables and sentences of its own paper that support it", 0)
    own_against: int = _f("tables and sentences of its own paper that contradict it", 0)
    own_place: str = _f("where its own paper decides it: Table 2, p. 6; empty = nowhere", "")
    why_not_testable: str = _f("why no experiment can test it; empty if one can", "")
    why_not_testable_code: str = _f(f"code of why_not_testable: {_codes(Untestable)}; empty if one can", "")
    why_not_testable_parameters: dict[str, Any] = _json("parameters of why_not_testable_code", dict)
    evidence_done: bool = _f("evidence was gathered", False)


class ClaimSource(SQLModel, table=True):
    """A passage that states the claim: its source, never its evidence."""

    __tablename__ = "claim_source"
    claim_id: int = _f("the claim", foreign_key="claim.id", ondelete="CASCADE", primary_key=True)
    passage_id: int = _f("the passage", foreign_key="passage.id", ondelete="CASCADE", primary_key=True)


class PredictionRow(SQLModel, table=True):
    """The testable form of a claim; a claim may make several predictions."""

    __tablename__ = "prediction"
    __table_args__ = (UniqueConstraint("claim_id", "position"),)
    id: int | None = Field(default=None, primary_key=True)
    claim_id: int = _key("the claim", "claim.id")
    position: int = _f("0-based order in the claim")
    treatment: str = _f("what is done or compared", "")
    baseline: str = _f("compared with what", "")
    task: str = _f("target task or data set", "")
    metric: str = _f("metric", "")
    direction: str = _f(
        "increase, decrease, no effect, greater, less, equal, best, worst, count, positive, negative", ""
    )
    value: float | None = _f("magnitude as printed", None)
    unit: str = _f("points, %, count, times", "")
    scope: dict[str, str] = _json("model, languages, split and other conditions", dict)
    hedge: str = _f("the word that leaves it open (may, suggests), in lower case; empty = none", "")


class ClaimCell(SQLModel, table=True):
    """A number of a claim as a table of the same paper carries it, in a cell or as the difference of two."""

    __tablename__ = "claim_cell"
    __table_args__ = (UniqueConstraint("claim_id", "passage_id", "number"),)
    id: int | None = Field(default=None, primary_key=True)
    claim_id: int = _key("the claim", "claim.id")
    passage_id: int = _key("the cell", "passage.id")
    against_id: int | None = _f(
        "the cell of the baseline where the number is a difference", None, foreign_key="passage.id", ondelete="CASCADE"
    )
    number: str = _f("the number as the claim prints it")
    matched: list[str] = _json("names of the claim that the cell's heads have")


class Evidence(SQLModel, table=True):
    """Stance of one passage, or of the cells of one table, towards one claim."""

    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("claim_id", "passage_id"),)
    id: int | None = Field(default=None, primary_key=True)
    claim_id: int = _key("the claim", "claim.id")
    passage_id: int = _key("the passage", "passage.id")
    stance: str = _f("SUPPORT | CONTRADICT | NOT_ENOUGH_INFO")
    confidence: float = _f("P(the stance is right)")
    relation: str = _f(
        "same paper | other paper | restatement (the claim, its paper or its measurements again) | reported (another "
        "paper reports its paper's result) | retracted; only the first two are evidence"
    )
    method: str = _f("rule or model that judged")
    note: str = _f("what matched or what differs", "")
    cells: list[int] = _json("passages of the table cells that were read; empty for text")
    location: str = _f("where it stands in its paper: Table 2, p. 6", "")
    rank: int = _f("1 = ranked first for this claim")


class Link(SQLModel, table=True):
    """A prediction that an experiment can test, and how well the two fit."""

    __tablename__ = "link"
    __table_args__ = (UniqueConstraint("prediction_id", "experiment", "contrast"),)
    id: int | None = Field(default=None, primary_key=True)
    claim_id: int = _key("the claim", "claim.id")
    prediction_id: int = _key("the prediction", "prediction.id")
    experiment: str = _f("experiment id")
    contrast: str = _f("which comparison of arms tests it")
    strength: float = _f("score of the link, 0..1, no probability")
    matched: dict[str, str] = _json(
        "slot → the claim's words that matched; `hypothesis`: the contrast's, with the cosine", dict
    )
    unmatched: dict[str, str] = _json(
        "slot or condition → what differs, is assumed or left open; `sign`: turned round", dict
    )
    unmatched_codes: dict[str, dict[str, Any]] = _json("slot or condition of `unmatched` → code and parameters", dict)


class Run(SQLModel, table=True):
    """One execution of an experiment for one claim. The specification is stored before anything runs."""

    __tablename__ = "run"
    id: int | None = Field(default=None, primary_key=True)
    claim_id: int = _key("the claim", "claim.id")
    prediction_id: int = _key("the prediction under test", "prediction.id")
    experiment: str = _f("experiment id")
    contrast: str = _f("comparison of arms")
    fidelity: str = _f("paper | base | small | synthetic | published")
    spec: dict[str, Any] = _json("prediction, SESOI, arms, seeds, decision rule; never changed afterwards", dict)
    spec_hash: str = _f("sha256 of the canonical specification", index=True)
    request: dict[str, Any] = _json("what it was asked for with: options of `verify`", dict)
    process: int | None = _f("number of the process that carries it out; null when none does", None)
    looks: list[dict[str, Any]] = _json(
        "the estimate after each look: seeds, failed, estimate, low, high, level, verdict, goes_on, at"
    )
    registered: str = _f("UTC time at which the specification was stored")
    state: str = _f("registered | running | done | failed", "registered")
    started: str | None = _f("UTC time", None)
    finished: str | None = _f("UTC time", None)
    seconds: float | None = _f("wall-clock seconds of the execution", None)
    gate: dict[str, Any] = _json("whether the run measured anything: outcomes (codes), reason, numbers", dict)
    stages: list[dict[str, Any]] = _json("stages with key, whether reused, seconds")
    provenance: dict[str, Any] = _json("commit, versions, device, threads, data checksums", dict)
    error: str = _f("what stopped it", "")


class Measurement(SQLModel, table=True):
    """One number that a run measured."""

    __tablename__ = "measurement"
    __table_args__ = (UniqueConstraint("run_id", "arm", "seed", "language", "metric"),)
    id: int | None = Field(default=None, primary_key=True)
    run_id: int = _key("the run", "run.id")
    arm: str = _f("condition")
    seed: int = _f("repeat")
    language: str = _f("language")
    metric: str = _f("metric")
    value: float = _f("value in the metric's unit (accuracies in percent)")
    n: int = _f("test items behind the value")


class Verdict(SQLModel, table=True):
    """The outcome of testing a prediction. Append-only: a trigger refuses changes."""

    __tablename__ = "verdict"
    id: int | None = Field(default=None, primary_key=True)
    claim_id: int = _key("the claim", "claim.id")
    prediction_id: int = _key("the prediction", "prediction.id")
    run_id: int = _key("the run", "run.id")
    verdict: str = _f("one of the vocabulary's verdicts")
    fidelity: str = _f("fidelity at which it was measured")
    estimate: float | None = _f("treatment − baseline, mean over seeds", None)
    ci_low: float | None = _f("lower end of the interval", None)
    ci_high: float | None = _f("upper end of the interval", None)
    level: float = _f("confidence level of the interval", 0.95)
    unit: str = _f("unit of estimate and interval", "points")
    seeds: int = _f("number of seeds", 0)
    reason: str = _f("why this verdict, in words")
    reason_codes: list[dict[str, Any]] = _json("code and parameters of each sentence of `reason`")
    deviations: list[str] = _json("every difference from the claimed setting")
    deviation_codes: list[dict[str, Any]] = _json("code and parameters of each of `deviations`")
    created: str = _f("UTC time")


class Review(SQLModel, table=True):
    """A rubric reviewer's score of a search's report."""

    __tablename__ = "review"
    id: int | None = Field(default=None, primary_key=True)
    search_id: int = _key("the search", "search.id")
    reviewer: str = _f("rubric")
    score: float = _f("0..10")
    checks: list[dict[str, Any]] = _json("checks with points and the evidence for each")
    created: str = _f("UTC time")


class Report(SQLModel, table=True):
    """A rendered report."""

    __tablename__ = "report"
    id: int | None = Field(default=None, primary_key=True)
    search_id: int = _key("the search", "search.id")
    path: str = _f("file written")
    format: str = _f("md | html | pdf | txt")
    sha256: str = _f("checksum of the file")
    score: float | None = _f("quality score, mean of the reviewers", None)
    created: str = _f("UTC time")
