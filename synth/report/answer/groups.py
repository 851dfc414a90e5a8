"""Findings near the question, grouped by what they say, with who stands for and against each. Pure.

Two findings say the same if one is evidence for the other, if their predictions fill the same slots, or if their
sentences are nearly the same to the encoder and no slot keeps them apart. They are opposed if one is evidence against
the other, or if the same slots are filled with opposite directions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import product

from synth.core.mark import SURE, Axis
from synth.report.answer.near import candidates, subject
from synth.report.facts import Facts
from synth.report.findings import supported
from synth.store.rows.claims import EvidenceView, FullClaimView, SourceView
from synth.store.rows.runs import PredictionView, VerdictView
from synth.store.rows.searches import PaperView
from synth.text.content import names

ALIKE = 0.8  # cosine of two findings from which they may say the same
LIKELY = 0.5  # a judgement that is more likely wrong than right says nothing, not even beside others
MAX_FINDINGS = 60  # findings that are compared with each other
QUOTES = 2  # quotes shown on each side of a group
# Directions that a prediction may state, by the side they are on: opposite sides contradict each other.
SIDES = {
    **dict.fromkeys(("increase", "greater", "positive", "best"), 1),
    **dict.fromkeys(("decrease", "less", "negative", "worst"), -1),
    **dict.fromkeys(("no effect", "equal"), 0),
}
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
SLOTS = ("treatment", "baseline", "task", "metric")
Voice = EvidenceView | SourceView  # what speaks for a group or against it: evidence, and sources of other findings


class GroupStanding(StrEnum):
    """Standing of a group between the papers."""

    DISPUTED = "papers on both sides"
    AGREED = "two papers or more say so, none otherwise"
    BACKED = "one paper shows it in its own results"
    DENIED = "one paper says it, and its own results say otherwise"
    STATED = "one paper says it, nothing else speaks to it"


class Tie(StrEnum):
    """Relation of two findings."""

    SAME = "same"
    OPPOSED = "opposed"
    NONE = "none"


@dataclass(frozen=True)
class Group:
    """A finding with those that say the same in other words and those that say the opposite.

    `pro` and `con` are quotes that speak for and against it and that their PDFs gave back: evidence rows, and of other
    findings their sources. `papers_for` and `papers_against` are papers with results of their own; those that were
    retracted, that copy another, or that report another's result are not among them.
    """

    head: FullClaimView
    same: list[FullClaimView] = field(default_factory=list)
    opposed: list[FullClaimView] = field(default_factory=list)
    pro: list[Voice] = field(default_factory=list)
    con: list[Voice] = field(default_factory=list)
    tests: list[VerdictView] = field(default_factory=list)
    papers_for: frozenset[int] = frozenset()
    papers_against: frozenset[int] = frozenset()

    @property
    def members(self) -> list[FullClaimView]:
        return [self.head, *self.same, *self.opposed]

    @property
    def is_authors(self) -> bool:
        """Return True if the author of an experiment states the finding, and no paper says anything of it."""
        return not self.pro and not self.con and all(s.is_stated for c in self.members for s in c.sources)

    @property
    def decided_tests(self) -> list[VerdictView]:
        return [test for test in self.tests if supported(test) is not None]

    @property
    def state(self) -> GroupStanding:
        if self.papers_against:
            return GroupStanding.DISPUTED
        own = bool(self.pro or self.con) and self.head.by is not None and self.head.by.axis is Axis.OWN_PAPER
        if own and self.head.verified is False:
            return GroupStanding.DENIED
        if len(self.papers_for) > 1:
            return GroupStanding.AGREED
        return GroupStanding.BACKED if own else GroupStanding.STATED

    @property
    def is_decided(self) -> bool:
        """Return True if papers decide a finding of the group, either way, and their quotes were found again."""
        return bool(self.pro or self.con) and any(claim.verified is not None for claim in [self.head, *self.same])

    @property
    def is_spoken_to(self) -> bool:
        """Return True if a decided run, more than one paper, or results of its own paper speak to the group."""
        return (
            self.is_decided or bool(self.decided_tests) or self.state in (GroupStanding.AGREED, GroupStanding.DISPUTED)
        )

    @property
    def rank(self) -> int:
        """Order in which a reader wants groups: those with runs and several papers, then those with one paper."""
        if self.decided_tests or self.state in (GroupStanding.AGREED, GroupStanding.DISPUTED):
            return 0
        if self.state is GroupStanding.BACKED:
            return 1
        return 2 if self.is_spoken_to else 3 if self.state is GroupStanding.STATED else 4


def grouped(facts: Facts) -> list[Group]:
    """Group the findings near the question: those that runs or several papers speak to first, then the nearest."""
    close = candidates(facts)
    findings = sorted(close[:MAX_FINDINGS], key=lambda claim: claim.verified is None)  # stable: nearest first
    drafts: list[tuple[FullClaimView, list[FullClaimView], list[FullClaimView]]] = []
    for claim in findings:
        for head, same, opposed in drafts:
            relation = tie(facts, head, claim)
            if relation is not Tie.NONE:
                (same if relation is Tie.SAME else opposed).append(claim)
                break
        else:
            drafts.append((claim, [], []))
    place = {claim.id: number for number, claim in enumerate(close)}
    groups = [_group(facts, *draft) for draft in drafts]
    return sorted(groups, key=lambda group: (group.rank, min(place[c.id] for c in group.members)))


def tie(facts: Facts, first: FullClaimView, other: FullClaimView) -> Tie:
    """Return whether two findings state the same, the opposite, or neither."""
    edges = {row.stance for row in [*_edges(first, other), *_edges(other, first)]}
    if "CONTRADICT" in edges:
        return Tie.OPPOSED
    pairs = list(product(first.predictions, other.predictions))
    matching = [(a, b) for a, b in pairs if _fills_same_slots(a, b)]
    if any(_side(a) != _side(b) for a, b in matching):
        return Tie.OPPOSED
    if "SUPPORT" in edges or matching:
        return Tie.SAME
    if facts.alike.get(frozenset((first.id, other.id)), 0.0) < ALIKE or not _same_names(first.text, other.text):
        return Tie.NONE
    apart = any(not _compatible(a, b) or _clash(a, b) for a, b in pairs)
    return Tie.NONE if apart else Tie.SAME


def _same_names(first: str, other: str) -> bool:
    """Return True if neither sentence has names, or numbers, that the other has others for."""
    return all(_within(words(first), words(other)) for words in (names, lambda text: frozenset(_NUMBER.findall(text))))


def _within(part: frozenset[str], other: frozenset[str]) -> bool:
    return part <= other or other <= part


def _edges(claim: FullClaimView, source: FullClaimView) -> list[EvidenceView]:
    """Return the judgements of the sentence of `source` as evidence on `claim`."""
    passages = {row.passage for row in source.sources}
    return [row for row in claim.evidence if row.passage in passages and row.confidence >= SURE]


def _side(prediction: PredictionView) -> int | None:
    return SIDES.get(prediction.direction)


def _clash(first: PredictionView, other: PredictionView) -> bool:
    """Return True if both state a direction, and not the same."""
    sides = (_side(first), _side(other))
    return None not in sides and sides[0] != sides[1]


def _fills_same_slots(first: PredictionView, other: PredictionView) -> bool:
    """Return True if both name treatment, direction, and task or metric, and no slot differs."""
    named = [slot for slot in SLOTS if getattr(first, slot) and getattr(other, slot)]
    if "treatment" not in named or not {"task", "metric"} & set(named) or None in (_side(first), _side(other)):
        return False
    if bool(first.baseline) != bool(other.baseline):
        return False
    return _compatible(first, other)


def _compatible(first: PredictionView, other: PredictionView) -> bool:
    """Return True if no slot or condition that both name is another thing: "quiz training" is not "riddle training"."""
    scopes: Iterable[tuple[str, str]] = (
        (first.scope[key], other.scope[key]) for key in first.scope.keys() & other.scope.keys()
    )
    slots = ((getattr(first, slot), getattr(other, slot)) for slot in SLOTS)
    return all(_one_thing(a, b) for a, b in [*((a, b) for a, b in slots if a and b), *scopes])


def _one_thing(first: str, other: str) -> bool:
    """Return True if all words of one name are in the other: "fine-tuning" and "fine-tuning on English"."""
    a, b = subject(first), subject(other)
    return _within(a, b) if a and b else first.lower() == other.lower()


def _group(facts: Facts, head: FullClaimView, same: list[FullClaimView], opposed: list[FullClaimView]) -> Group:
    agreeing, against = [head, *same], opposed
    pro: list[Voice] = [
        *_evidence(facts, agreeing, "SUPPORT"),
        *_evidence(facts, against, "CONTRADICT"),
        *_statements(facts, same),
    ]
    con: list[Voice] = [
        *_evidence(facts, agreeing, "CONTRADICT"),
        *_evidence(facts, against, "SUPPORT"),
        *_statements(facts, against),
    ]
    numbers = {claim.id for claim in agreeing}
    pro, con = _surest(pro, con), _surest(con, pro)
    return Group(
        head,
        same,
        opposed,
        _distinct(pro),
        _distinct(con),
        [test for test in facts.tests if test.claim in numbers],
        _papers(facts, agreeing, pro),
        _papers(facts, against, con),
    )


def _evidence(facts: Facts, claims: Sequence[FullClaimView], stance: str) -> list[EvidenceView]:
    """Return evidence of one stance that counts and that its PDF gave back, the surest first.

    What papers say together may decide a claim; for one that they do not decide, a judgement has to be sure by itself.
    """
    rows = [
        row
        for claim in claims
        for row in claim.evidence
        if row.stance == stance
        and row.relation in ("same paper", "other paper")
        and row.confidence >= (LIKELY if is_decided_by_papers(claim) else SURE)
        and facts.holds(row)
    ]
    return sorted(rows, key=lambda row: -row.confidence)


def is_decided_by_papers(claim: FullClaimView) -> bool:
    return claim.by is not None and claim.by.axis is not Axis.RUN


def _surest(rows: Sequence[Voice], others: Sequence[Voice]) -> list[Voice]:
    """Return the rows of papers that are surer on this side than on the other: a paper counts once."""

    def sure(side: Sequence[Voice], paper: int) -> float:
        return max(
            (row.confidence for row in side if isinstance(row, EvidenceView) and row.paper == paper), default=0.0
        )

    return [row for row in rows if isinstance(row, SourceView) or sure(rows, row.paper) >= sure(others, row.paper)]


def _statements(facts: Facts, claims: Sequence[FullClaimView]) -> list[SourceView]:
    """Return the sentences that state `claims`, each from one place, as far as their PDFs gave them back."""
    statements: list[SourceView] = []
    for claim in claims:
        statements += [row for row in claim.sources if facts.holds(row)][:1]
    return statements


def _papers(facts: Facts, claims: Sequence[FullClaimView], quotes: Sequence[Voice]) -> frozenset[int]:
    """Return the papers that state `claims` or give results of their own for them; copies and retracted papers are
    none.
    """
    papers = {row.paper for row in quotes if isinstance(row, EvidenceView) and row.relation == "other paper"}
    copies = {row.paper for claim in claims for row in claim.evidence if row.relation == "restatement"}
    for number, claim in enumerate(claims):
        stating = {row.paper for row in claim.sources}
        papers |= stating if not number else stating - copies
    return frozenset(paper for paper in papers if not is_retracted(facts.paper.get(paper)))


def is_retracted(paper: PaperView | None) -> bool:
    """Return True for a paper that was retracted or withdrawn: it is shown and counts nothing."""
    return paper is not None and paper.withdrawn


def _distinct(rows: Sequence[Voice]) -> list[Voice]:
    """Return each quote once: the best of every paper first, then the others."""
    unique = list({row.passage: row for row in reversed(rows)}.values())[::-1]
    papers: set[int] = set()
    first: list[Voice] = []
    rest: list[Voice] = []
    for row in unique:
        (rest if row.paper in papers else first).append(row)
        papers.add(row.paper)
    return [*first, *rest][:QUOTES]
