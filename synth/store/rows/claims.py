"""Views of a claim: where it stands, what it predicts, what speaks for it and against it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from synth.core.mark import Axis
from synth.core.missing_experiment import MissingExperiment
from synth.core.types import JsonValue
from synth.store.rows.mapping import hidden, keys
from synth.store.rows.runs import PredictionView, VerdictView

Span = tuple[int, int, int]  # page, start, end
QuoteKey = tuple[str, tuple[Span, ...]]  # sha256 of the PDF, spans: what identifies a quote
STATED = "stated"  # kind of the passage of a claim that an experiment's file states, and no paper was read for


def stated_in(file: str) -> str:
    """Return the title that stands for the source of a claim where its author names none."""
    return f"Stated in {file}"


class Quoted(Protocol):
    """A passage as readers see it: `quote` byte for byte and where it stands, `text` the same made readable."""

    @property
    def passage(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def quote(self) -> str: ...
    @property
    def paper(self) -> int: ...
    @property
    def paper_title(self) -> str: ...
    @property
    def page(self) -> int: ...
    @property
    def spans(self) -> tuple[Span, ...]: ...
    @property
    def sha256(self) -> str: ...
    @property
    def pdf_path(self) -> str: ...


def quote_key(passage: Quoted) -> QuoteKey:
    """Return the key that identifies the quote of a passage."""
    return passage.sha256, passage.spans


@dataclass(frozen=True)
class SourceView:
    """A passage that states a claim; or, of no page, the file of an experiment (its `section`) that does."""

    passage: int
    quote: str
    paper: int
    paper_title: str
    page: int
    section: str
    spans: tuple[Span, ...]
    sha256: str
    text: str = field(default="", metadata=hidden())
    pdf_path: str = field(default="", metadata=hidden())

    @property
    def is_stated(self) -> bool:
        """True if the author of an experiment states the claim: there is no quote to be verified."""
        return not self.sha256 and not self.page

    @property
    def named(self) -> str:
        """The title of the source that the author of an experiment names; "" for none."""
        return self.paper_title if self.is_stated and self.paper_title != stated_in(self.section) else ""


@dataclass(frozen=True)
class CellView:
    """A cell of a table. `best`: what its bold print marks it as ("highest of its column"), "" for nothing."""

    table: str
    row: str
    column: str
    text: str
    bold: bool
    best: str
    quote: str
    page: int
    spans: tuple[Span, ...]
    sha256: str
    paper: int
    paper_title: str
    pdf_path: str
    passage: int = field(default=0, metadata=hidden())


@dataclass(frozen=True)
class CarriedNumber:
    """A number of a claim and how a cell carries it: as it is, or by a difference of two cells."""

    number: float
    matched: JsonValue


@dataclass(frozen=True)
class ClaimCellView(CellView, CarriedNumber):
    """A cell that carries a number of a claim; `against` is the baseline's cell where that number is a difference."""

    against: CellView | None = None


@dataclass(frozen=True)
class EvidenceView:
    """A passage that was weighed for a claim. `start` and `end` are the offsets of its first piece, on `page`.

    `cells` are the passages of the cells that it was read off, `table` the cells themselves; none for text.
    """

    passage: int
    stance: str
    confidence: float
    quote: str
    text: str
    paper: int
    page: int
    sha256: str
    relation: str
    method: str
    note: str
    rank: int
    cells: tuple[int, ...]
    location: str
    spans: tuple[Span, ...]
    paper_title: str
    paper_url: str
    pdf_path: str
    retracted: str
    start: int
    end: int
    table: tuple[CellView, ...] = field(default=(), metadata=hidden())

    @property
    def takes_side(self) -> bool:
        """True if it speaks for the claim or against it."""
        return self.stance != "NOT_ENOUGH_INFO"


@dataclass(frozen=True)
class GroundsView:
    """What a mark rests on (`synth.core.mark.Mark`)."""

    axis: Axis
    papers: int
    where: str
    fidelity: str | None


@dataclass(frozen=True)
class ClaimView:
    """A claim with its mark, as listings show it. The quote is that of the source in the most relevant paper.

    `witnesses` and `against`: independent papers on either side. `verified`: its mark, and `by` what that rests on.
    """

    id: int
    search: int
    text: str
    kind: str
    salience: float
    nearness: float | None
    confidence: float | None
    standing: str
    witnesses: int = field(metadata=keys("witnesses", "for"))
    against: int
    reported_by: int
    why_not_testable: str | None
    why_not_testable_code: str | None
    why_not_testable_parameters: dict[str, JsonValue]
    quote: str
    page: int
    paper: int
    spans: tuple[Span, ...]
    sha256: str
    paper_title: str
    paper_url: str
    experiment: str | None
    verified: bool | None
    by: GroundsView | None
    conflict: bool
    contested: bool
    verdict: str
    missing_experiment: MissingExperiment | None


@dataclass(frozen=True)
class FullClaimView(ClaimView):
    """A claim with everything known about it; evidence best first, verdicts newest first."""

    sources: tuple[SourceView, ...]
    cells: tuple[ClaimCellView, ...]
    predictions: tuple[PredictionView, ...]
    evidence: tuple[EvidenceView, ...]
    verdicts: tuple[VerdictView, ...]


@dataclass(frozen=True)
class BearingView:
    """A claim that a passage is evidence on."""

    claim: int
    stance: str
    confidence: float


@dataclass(frozen=True)
class QuoteView:
    """A passage with the claims that it states (`states`) or bears on."""

    passage: int
    kind: str
    text: str
    quote: str
    paper: int
    paper_title: str
    paper_url: str
    page: int
    section: str
    spans: tuple[Span, ...]
    sha256: str
    pdf_path: str
    states: tuple[int, ...]
    bears_on: tuple[BearingView, ...]


@dataclass(frozen=True)
class StoredQuoteView:
    """A stored passage with the file that it was taken from."""

    passage: int
    paper: int
    paper_title: str
    pdf_path: str
    sha256: str
    page: int
    spans: tuple[Span, ...]
    quote: str
