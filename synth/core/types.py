"""The vocabulary of the pipeline as plain values. Imports only the standard library; every stage may use it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias, Union

# What JSON can hold. (`Union`, since the alias names itself before it exists.)
JsonValue: TypeAlias = Union[bool, int, float, str, list["JsonValue"], dict[str, "JsonValue"], None]  # noqa: UP007
JsonObject: TypeAlias = dict[str, JsonValue]


class Stance(StrEnum):
    """Relation of a passage to a claim (SciFact, Wadden et al. 2020, §3)."""

    SUPPORT = "SUPPORT"
    CONTRADICT = "CONTRADICT"
    NOT_ENOUGH_INFO = "NOT_ENOUGH_INFO"


class ClaimKind(StrEnum):
    EFFECT = "effect"  # X changes Y (by so much)
    COMPARISON = "comparison"  # X is better / worse than Y
    RANKING = "ranking"  # X is the best of several
    CORRELATION = "correlation"  # Y goes with X
    COUNT = "count"  # there are N of something
    METHOD = "method"  # what was done


class Editorial(StrEnum):
    """Editorial status of a paper, as a source reports it. Corrections, errata, replies and comments are none."""

    NONE = ""
    RETRACTED = "retracted"
    WITHDRAWN = "withdrawn"
    CONCERN = "concern"  # an expression of concern: shown, takes nothing from the paper
    NOTICE = "notice"  # the record announces the retraction, withdrawal or doubt of another paper and finds nothing

    @property
    def withdraws(self) -> bool:
        """True if the paper itself was retracted or withdrawn."""
        return self in (Editorial.RETRACTED, Editorial.WITHDRAWN)

    @property
    def disqualifies(self) -> bool:
        """True if it is no evidence: not any more, or never was."""
        return self.withdraws or self is Editorial.NOTICE


class PassageKind(StrEnum):
    SENTENCE = "sentence"
    CAPTION = "caption"
    CELL = "cell"  # one table cell


# ---------------------------------------------------------------------------------------------- papers


@dataclass(frozen=True)
class Notice:
    """An editorial status that one record announces for the work with the DOI `doi` (lower case)."""

    doi: str
    status: Editorial
    date: str = ""


class PublicationType(StrEnum):
    """Type of a publication; the words are BibTeX's, and `preprint`."""

    UNKNOWN = ""
    ARTICLE = "article"  # in a journal
    INPROCEEDINGS = "inproceedings"  # in the proceedings of a meeting
    INCOLLECTION = "incollection"  # a chapter of a book
    BOOK = "book"
    PREPRINT = "preprint"


@dataclass(frozen=True)
class Publication:
    """Publication of a work as one source describes it; what that does not say is empty.

    `venue`: the journal, proceedings or book that it stands in. `page_range`: "12-34", or the number of an article
    without pages. `journal_reference`: all of it in one text, where the source has no parts (arXiv).
    """

    publication_type: PublicationType = PublicationType.UNKNOWN
    venue: str = ""
    volume: str = ""
    issue: str = ""
    page_range: str = ""
    publisher: str = ""
    journal_reference: str = ""
    published_year: int | None = None


@dataclass(frozen=True)
class Record:
    """One paper as one source describes it, before de-duplication.

    `arxiv_id` carries no version ("2005.13013"); the version stands in `version` ("v2"). `url` is a real
    address or empty: nothing is made up. `pdf_path` is a file at hand, `pdf_url` one that can be fetched.
    """

    source: str
    source_id: str
    title: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    abstract: str = ""
    url: str = ""
    arxiv_id: str = ""
    version: str = ""
    doi: str = ""
    acl_id: str = ""
    pdf_url: str = ""
    pdf_path: Path | None = None
    withdrawn: bool = False
    comment: str = ""
    editorial: Editorial = Editorial.NONE
    editorial_date: str = ""  # ISO 8601, as far as the source gives it
    notices: tuple[Notice, ...] = ()  # what this record says of other works: it is the notice of a retraction, say
    pmid: str = ""  # PubMed's number
    pmcid: str = ""  # PubMed Central's, as "PMC123"
    versions: tuple[str, ...] = ()  # DOIs that the source calls versions, preprints or translations of the same work
    publication: Publication = Publication()


# ---------------------------------------------------------------------------------------------- reading


@dataclass(frozen=True)
class Passage:
    """A stretch of a paper that can be quoted and found again.

    `quote` is the text exactly as the PDF gives it: `page_text[start:end]` where `page_text` is what
    `synth.pdf.page_text(pdf, page)` returns, so that page + offsets + sha256 verify it character by
    character. `text` is the same stretch made readable (de-hyphenated, line breaks folded, ligatures spelt out).
    A sentence that runs on over a column or page break has one span per piece; `quote` is then the pieces
    joined by a newline. `section` is one of the canonical names in `synth.pdf.layout.sections`.
    """

    kind: PassageKind
    text: str
    quote: str
    page: int  # 1-based
    spans: tuple[tuple[int, int, int], ...]  # (page, start, end) of each piece, in reading order
    section: str
    order: int  # position in reading order over the whole paper
    # Table cells only: the heads of the cell's row and column, the table's number, and what bold print marks the cell
    # as ("highest of its column"; empty where it marks nothing of the kind).
    row: str = ""
    column: str = ""
    table: str = ""
    bold: bool = False
    best: str = ""
    label: str = ""  # of a sentence in a structured abstract: the part it stands in ("Results")


@dataclass(frozen=True)
class Crop:
    """A picture of the part of a page (1-based) where a quote stands, the quote marked; width and height in pixels.

    `whole`: nothing of the quote lies outside.
    """

    page: int
    png: bytes
    width: int
    height: int
    whole: bool


@dataclass(frozen=True)
class Document:
    """One PDF as it was read."""

    sha256: str
    pages: int
    title: str  # from metadata or the largest type of page 1; empty if neither
    authors: tuple[str, ...]
    year: int | None
    arxiv_id: str
    doi: str
    abstract: str
    passages: tuple[Passage, ...]
    references: tuple[str, ...]  # entries of the reference list, which are no passages
    warnings: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()  # values of `Editorial` that stamps over its pages or the file's own title tell


# ---------------------------------------------------------------------------------------------- claims


@dataclass(frozen=True)
class Prediction:
    """The testable form of a claim. Empty string or None: the claim does not say.

    `direction` is "increase" | "decrease" | "no effect" | "greater" | "less" | "equal" | "best" | "worst"
    | "count" | "positive" | "negative" (the last two for correlations), or "" when unknown. `value` is in
    `unit` ("points", "%", "count", "times", "" …). `hedge` is the word that leaves the claim open ("may", "suggests"),
    in lower case: such a claim states a possibility or an inference, not a finding.
    """

    treatment: str = ""
    baseline: str = ""
    task: str = ""
    metric: str = ""
    direction: str = ""
    value: float | None = None
    unit: str = ""
    scope: dict[str, str] = field(default_factory=dict)  # "model", "languages", "split", …
    hedge: str = ""


@dataclass(frozen=True)
class ClaimDraft:
    """A claim found in one passage, before de-duplication across papers. `reported`: it tells a result of others."""

    text: str
    kind: ClaimKind
    salience: float  # 0..1, a ranking score, not a probability
    predictions: tuple[Prediction, ...]
    passage: Passage
    reported: bool = False


# ---------------------------------------------------------------------------------------------- evidence


@dataclass(frozen=True)
class Judgement:
    """Stance of one passage towards one claim. `confidence` is P(stance is right); `method` names the rule or model.

    `reason` is the code of why the rules say so (`synth.evidence.passages.findings.Rule`), "" for a model. `sure`: the
    rule decides alone, no model overrules it.
    """

    stance: Stance
    confidence: float
    method: str
    note: str = ""
    reason: str = ""
    sure: bool = False
