"""Facts that a report and its reviewers are made of, read once; pure data afterwards."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from math import isfinite
from typing import TYPE_CHECKING, TypeVar, cast

from synth.core.types import Crop
from synth.report.answer.titles import title_of
from synth.report.marks import is_finding
from synth.store import views
from synth.store.rows.claims import EvidenceView, FullClaimView, Quoted, QuoteKey, Span, quote_key
from synth.store.rows.runs import RunView, VerdictView
from synth.store.rows.searches import FlowView, PaperView, SearchView

if TYPE_CHECKING:
    from synth.verify.link_claims import OfferedExperiment

NOT_TESTED = "not tested"  # the verdict of a claim that no run has tested
# (stored path of the PDF, its sha256, [(spans, quote), …]) → whether the PDF gives back each quote.
Verify = Callable[[str, str, Sequence[tuple[Sequence[Span], str]]], list[bool]]
Value = TypeVar("Value")


@dataclass(frozen=True)
class Cropped:
    """Pictures of where one quote stands, and where there are none why."""

    pictures: tuple[Crop, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class Facts:
    """One search with all that is known about it.

    `claims` are the findings and whatever else was tested, most salient first. `tests` holds the newest verdict of
    every tested prediction, `runs` every run of these claims, ended or not. `quotes_held` says of every quote that a
    claim or its evidence rests on whether the PDF gave it back, byte for byte, when the facts were gathered.
    """

    search: SearchView
    title: str
    author: str
    today: str  # ISO date
    flow: FlowView
    papers: Sequence[PaperView]
    excluded: Sequence[PaperView]
    claims: Sequence[FullClaimView]
    tests: Sequence[VerdictView]
    runs: Sequence[RunView]
    quotes_held: dict[QuoteKey, bool] = field(default_factory=dict)
    experiments: Sequence[OfferedExperiment] = ()
    # Cosine of two findings by the pair of their ids, as far as it is high (`synth.report.answer.groups`).
    alike: Mapping[frozenset[int], float] = field(default_factory=dict)
    # Works that the authors of experiments name for the claims that they state; nothing of them was read.
    named: Sequence[PaperView] = ()
    # Sentences that say what was done: claims of the search that are no findings, and not among `claims`.
    methods: int = 0
    # Where the quotes of sources stand on their pages, for formats that show it (`synth.report.crops`).
    crops: dict[QuoteKey, Cropped] = field(default_factory=dict)

    @property
    def paper(self) -> dict[int, PaperView]:
        """Included and excluded works by id."""
        return {paper.id: paper for paper in [*self.papers, *self.excluded, *self.named]}

    @property
    def cited(self) -> list[PaperView]:
        """The works that the references list: those included, and those that authors of experiments name."""
        return [*self.papers, *self.named]

    @property
    def stated(self) -> str:
        """The file of the experiment that states the claims; "" where papers were searched for them."""
        sources = [source for claim in self.claims for source in claim.sources]
        searched = self.search.sources or self.papers or not all(source.is_stated for source in sources)
        return sources[0].section if sources and not searched else ""

    def holds(self, passage: Quoted) -> bool:
        """Return True if the PDF gave back the quote of a source or of evidence, and the cells that it was read off."""
        cells = passage.table if isinstance(passage, EvidenceView) else ()
        return all(self.quotes_held.get(quote_key(part), False) for part in [passage, *cells])

    def claim(self, number: int) -> FullClaimView:
        return next(claim for claim in self.claims if claim.id == number)


def gather(
    connection: sqlite3.Connection,
    search_id: int,
    author: str,
    today: str,
    verify: Verify,
    title: str = "",
    experiments: Sequence[OfferedExperiment] = (),
) -> Facts:
    """Read the facts of a search and verify its quotes anew. `today` is an ISO date; without `title` one is derived
    from the question.
    """
    search = views.search(connection, search_id)
    works = views.papers(connection, search_id, None)
    rows = views.claims(connection, search_id, methods=True)
    findings = [row for row in rows if is_finding(row) or row.verdict != NOT_TESTED]
    claims = [_finite(views.claim(connection, row.id)) for row in findings]
    stated = {s.paper: bool(s.named) for claim in claims for s in claim.sources if s.is_stated}
    return Facts(
        search=search,
        title=title or title_of(search.question),
        author=author,
        today=today,
        flow=views.flow(connection, search_id),
        papers=[row for row in works if row.decision == "include" and row.id not in stated],
        excluded=[row for row in works if row.decision == "exclude"],
        claims=claims,
        tests=_newest(claims),
        runs=views.runs(connection, search_id),
        quotes_held=_held(claims, {row.id: row.pdf_path for row in works}, verify),
        experiments=experiments,
        named=[row for row in works if stated.get(row.id)],
        methods=len(rows) - len(claims),
    )


def _finite(value: Value) -> Value:
    """Replace NaN and infinity with None, recursively; measurements without a number are left out."""
    if isinstance(value, VerdictView):
        value = replace(value, measurements=tuple(m for m in value.measurements if isfinite(m.value)))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _finite(getattr(value, f.name)) for f in fields(value)})
    if isinstance(value, dict):
        return cast(Value, {key: _finite(item) for key, item in value.items()})
    if isinstance(value, list | tuple):
        return cast(Value, type(value)(map(_finite, value)))
    return cast(Value, None) if isinstance(value, float) and not isfinite(value) else value


def _newest(claims: Sequence[FullClaimView]) -> list[VerdictView]:
    """Return the newest verdict of each tested prediction, in the order of the claims."""
    newest: dict[int, VerdictView] = {}
    for claim in claims:
        for verdict in claim.verdicts:  # newest first
            newest.setdefault(verdict.prediction_id, verdict)
    return list(newest.values())


def quoted(claims: Sequence[FullClaimView]) -> list[Quoted]:
    """Return the passages whose quotes carry something: sources, evidence that takes a side, the cells that it was
    read off.
    """
    passages: list[Quoted] = []
    for claim in claims:
        passages += [source for source in claim.sources if not source.is_stated]
        for evidence in claim.evidence:
            if evidence.takes_side:
                passages += [evidence, *evidence.table]
    return passages


def _held(claims: Sequence[FullClaimView], paths: Mapping[int, str], verify: Verify) -> dict[QuoteKey, bool]:
    wanted: dict[tuple[str, str], dict[QuoteKey, str]] = {}
    for passage in quoted(claims):
        file = (paths.get(passage.paper) or passage.pdf_path, passage.sha256)
        wanted.setdefault(file, {})[quote_key(passage)] = passage.quote
    held: dict[QuoteKey, bool] = {}
    for (path, sha256), quotes in wanted.items():
        answers = verify(path, sha256, [(key[1], quote) for key, quote in quotes.items()]) if path else []
        held |= dict.fromkeys(quotes, False) | dict(zip(quotes, answers, strict=False))
    return held
