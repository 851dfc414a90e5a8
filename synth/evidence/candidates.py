"""Candidate passages for the evidence of a claim: retrieval, context, relation to the claim.

Two kinds of witnesses are retrieved apart: the claim's own paper (its tables and its results sections; what is said in
abstract, introduction, conclusion and captions is the claim once more) and all other papers (tables and passages, those
that state a finding themselves before the rest). Retrieval is lexical and dense.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from synth.core.types import ClaimKind, PassageKind, Prediction, Stance
from synth.evidence.passage_index import PassageHit, PassageIndex
from synth.evidence.relation import Relation, repeats, secondhand
from synth.evidence.structure import phrases
from synth.evidence.witnesses import NOTES, Witnesses
from synth.text.abbreviations import abbreviations

if TYPE_CHECKING:
    from synth.models.encoder import Encoder

MAX_OWN, MAX_OTHERS, MAX_STATING = 10, 12, 12  # candidates: of the own paper, of others, of others that state findings
DEPTH = 80  # places of the ranking that candidates are taken from
# Sections whose sentences report what a paper measured; "other": headings that say nothing ("Effect of overlap").
RESULTS = frozenset({"results", "experiments", "analysis", "appendix", "other", ""})
_UNRESOLVED = re.compile(
    r"^(?:it|they|this|these|that|those|its|their|both|such|the (?:former|latter|same|models?|method|approach|system"
    r"|results?|gains?|improvements?|difference|effect))\b|^(?:here|there|similarly|likewise|in contrast|by contrast"
    r"|conversely|however|moreover|furthermore|also|again|on the other hand),?\s+(?:it|they|this|these|the)\b",
    re.I,
)


class TableDecision(Protocol):
    """Interface of a decision of one table about a claim.

    `cells` are places in the paper's reading order, `matched` the heads of rows and columns that carry its names.
    """

    @property
    def stance(self) -> Stance: ...
    @property
    def table(self) -> str: ...
    @property
    def cells(self) -> tuple[int, ...]: ...
    @property
    def note(self) -> str: ...
    @property
    def confidence(self) -> float: ...
    @property
    def matched(self) -> tuple[str, ...]: ...


class TableJudge(Protocol):
    """Interface of the tables of one paper."""

    def judge(
        self, claim: str, predictions: Sequence[Prediction], /, *, own_paper: bool
    ) -> Sequence[TableDecision]: ...


@dataclass(frozen=True)
class EvidenceClaim:
    """A claim to be judged. `sources`: ids of the passages that it was read from; `papers`: the ids of their papers."""

    id: int
    text: str
    predictions: tuple[Prediction, ...] = ()
    sources: frozenset[int] = frozenset()
    papers: frozenset[int] = frozenset()
    kind: ClaimKind = ClaimKind.EFFECT


@dataclass(frozen=True)
class PassageCandidate:
    """A passage of the search.

    Attributes:
        order: its place in its paper's reading order.
        cites: papers of the search that it cites.
        predictions: those of the claim that it states; empty if it states none.
    """

    id: int
    paper: int
    text: str
    kind: PassageKind = PassageKind.SENTENCE
    section: str = ""
    page: int = 0
    order: int = 0
    cites: frozenset[int] = frozenset()
    predictions: tuple[Prediction, ...] = ()
    states_finding: bool = False


@dataclass(frozen=True)
class SearchContext:
    """Knowledge of all papers of a search, beside their passages."""

    tables: Mapping[int, TableJudge] = field(default_factory=dict)
    witnesses: Witnesses = field(default_factory=Witnesses)
    retracted: frozenset[int] = frozenset()
    title: Mapping[int, str] = field(default_factory=dict)


class CandidateIndex:
    """The passages of a search, indexed for claims."""

    def __init__(self, passages: Sequence[PassageCandidate], encoder: Encoder, search: SearchContext) -> None:
        self._spoken = [p for p in passages if p.kind is not PassageKind.CELL and p.text.strip()]
        self._by_id = {p.id: p for p in self._spoken}
        self._of_paper: dict[int, list[PassageCandidate]] = defaultdict(list)
        for passage in self._spoken:
            self._of_paper[passage.paper].append(passage)
        self._at = {(p.paper, p.order): p for p in passages}
        self._before = _predecessors(self._spoken)
        self._encoder, self._search = encoder, search
        self._index: PassageIndex | None = None
        self._findings: PassageIndex | None = None
        self._not_own: dict[int, frozenset[int]] = {}
        self._short_forms: dict[int, dict[str, str]] = {}
        self._phrases: dict[str, int] = {}

    def __getitem__(self, passage_id: int) -> PassageCandidate:
        return self._by_id[passage_id]

    def encode(self, claims: Sequence[EvidenceClaim], progress: Callable[[int, int], None] | None) -> None:
        if not self._spoken or not claims:
            return
        predictions = [*(claim.predictions for claim in claims), *(passage.predictions for passage in self._spoken)]
        slots = {text for group in predictions for text in phrases(group)}
        self._phrases = {text: row for row, text in enumerate(sorted(slots))}
        texts = [p.text for p in self._spoken] + [claim.text for claim in claims]
        self._vectors = self._encoder.encode([*texts, *self._phrases], progress)[len(texts) :]
        self._index = PassageIndex([(p.id, p.text) for p in self._spoken], self._encoder)
        self._findings = PassageIndex([(p.id, p.text) for p in self._spoken if p.states_finding], self._encoder)

    def cosine(self, first: str, second: str) -> float:
        """Return the cosine of two phrases of predictions."""
        a, b = self._phrases.get(first), self._phrases.get(second)
        return 0.0 if a is None or b is None else float(self._vectors[a] @ self._vectors[b])

    def hits(self, claim: EvidenceClaim) -> list[PassageHit]:
        """Return the nearest passages of the own paper, of others, and of others that state findings."""
        if self._index is None or self._findings is None:
            return []
        left_out = claim.sources | self._ineligible(claim)
        nearest = self._index.rank(claim.text, DEPTH, exclude=left_out)
        own = [hit for hit in nearest if self._by_id[hit.passage_id].paper in claim.papers][:MAX_OWN]
        others = self._of_others(claim, nearest)[:MAX_OTHERS]
        retrieved = {hit.passage_id for hit in others}
        stating = self._of_others(claim, self._findings.rank(claim.text, DEPTH, exclude=left_out | retrieved))
        return [*own, *others, *stating[:MAX_STATING]]

    def _of_others(self, claim: EvidenceClaim, hits: Sequence[PassageHit]) -> list[PassageHit]:
        return [hit for hit in hits if self._by_id[hit.passage_id].paper not in claim.papers]

    def _ineligible(self, claim: EvidenceClaim) -> frozenset[int]:
        """Return passages of the claim's own paper that do not report what it measured, or report what others did."""
        ineligible: frozenset[int] = frozenset()
        for paper in claim.papers:
            if paper not in self._not_own:
                self._not_own[paper] = frozenset(
                    p.id
                    for p in self._of_paper[paper]
                    if (p.section not in RESULTS or p.kind is PassageKind.CAPTION or secondhand(p.text))
                )
            ineligible |= self._not_own[paper]
        return ineligible

    def context(self, claim: EvidenceClaim, passage: PassageCandidate) -> PassageCandidate | None:
        """Return the passage that an opening pronoun points back to; None if there is none or it states the claim."""
        before = self._before.get(passage.id) if _UNRESOLVED.search(passage.text) else None
        if before and (before.id in claim.sources or repeats(claim.text, before.text)):
            return None  # the claim would be read as its own evidence
        return before

    def cells(self, paper: int, orders: Sequence[int]) -> list[PassageCandidate]:
        """Return the passages at these places of a paper."""
        return [cell for order in orders if (cell := self._at.get((paper, order)))]

    def abbreviations(self, paper: int) -> dict[str, str]:
        """Return the short forms that a paper defines."""
        if paper not in self._short_forms:
            self._short_forms[paper] = abbreviations(p.text for p in self._of_paper[paper])
        return self._short_forms[paper]

    def relation(self, claim: EvidenceClaim, passage: PassageCandidate) -> tuple[Relation, str]:
        """Return what kind of witness a passage is, and why it is none, in words."""
        if passage.paper in self._search.retracted:
            return Relation.RETRACTED, "its paper was retracted or withdrawn"
        own = passage.paper in claim.papers
        if repeats(claim.text, passage.text) and not (own and self._sums_up(claim)):
            return Relation.RESTATEMENT, "the same sentence"
        if own:
            return Relation.SAME_PAPER, ""
        why = self._search.witnesses.dependence(passage.paper, claim.papers, claim.text, passage.text)
        if why is not None:
            return Relation.RESTATEMENT, NOTES[why]
        if secondhand(passage.text):
            if passage.cites & claim.papers:
                return Relation.REPORTED, "reports this paper's result"
            return Relation.RESTATEMENT, "reports what others found"
        return Relation.OTHER_PAPER, ""

    def _sums_up(self, claim: EvidenceClaim) -> bool:
        """Return True if a claim stands outside of the results, so that a like sentence there is what it sums up."""
        return all(self._by_id[source].section not in RESULTS for source in claim.sources if source in self._by_id)

    def table_relation(self, claim: EvidenceClaim, paper: int, text: str) -> tuple[Relation, str]:
        if paper in self._search.retracted:
            return Relation.RETRACTED, "its paper was retracted or withdrawn"
        if paper in claim.papers:
            return Relation.SAME_PAPER, ""
        why = self._search.witnesses.dependence(paper, claim.papers, claim.text, text)
        return (Relation.RESTATEMENT, NOTES[why]) if why is not None else (Relation.OTHER_PAPER, "")


def _predecessors(spoken: Sequence[PassageCandidate]) -> dict[int, PassageCandidate]:
    """Return passage id → the passage before it in the same section of its paper."""
    predecessors = {}
    last: dict[int, PassageCandidate] = {}
    for passage in sorted(spoken, key=lambda p: (p.paper, p.order)):
        if passage.kind is not PassageKind.SENTENCE:
            continue
        before = last.get(passage.paper)
        if before is not None and before.section == passage.section:
            predecessors[passage.id] = before
        last[passage.paper] = passage
    return predecessors
