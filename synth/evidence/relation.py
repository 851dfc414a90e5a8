"""Relations of a passage to a claim's own paper, and the one word for how a claim stands after all its evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from synth.core.types import Stance
from synth.text.content import content_words, names, negated

REPEATED = 0.85  # share of content words, both ways, from which a sentence is the claim once more
COUNTS_FROM = 0.5  # a judgement that is more likely wrong than right decides nothing

CITES = re.compile(r"\(\s*[A-Z][^()]{2,80}\b(?:19|20)\d\d[a-z]?[^()]{0,200}\)|\bet al\b|\[\d[\d,\s–-]*\]")
_OWN = re.compile(r"\b(?:we|our|us|ours|this (?:paper|work|study))\b", re.I)
_NUMBER = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)*(?![\w]|\.\d)")


class Relation(StrEnum):
    """Relation of a passage's paper to the claim's. Only SAME_PAPER and OTHER_PAPER are evidence, others are shown."""

    SAME_PAPER = "same paper"  # tables and results of the claim's own paper
    OTHER_PAPER = "other paper"  # another paper's own words or tables
    RESTATEMENT = "restatement"  # no second witness: the sentence, the paper or its measurements once more
    REPORTED = "reported"  # another paper reports the result as this paper's
    RETRACTED = "retracted"  # stands in a paper that was retracted or withdrawn


WITNESSES = (Relation.SAME_PAPER, Relation.OTHER_PAPER)


@dataclass(frozen=True)
class EvidenceItem:
    """One passage, or the cells of one table, judged against one claim.

    Attributes:
        passage_id: the passage; of a table its most telling cell.
        confidence: P(stance is right).
        score: fused retrieval score; 0 for tables.
        cells: passage ids of all cells that were read; empty for text.
        location: where it stands in its paper, for people ("Table 2", "p. 6").
    """

    passage_id: int
    paper: int
    stance: Stance
    confidence: float
    method: str
    note: str
    relation: Relation
    similarity: float
    score: float
    cells: tuple[int, ...] = ()
    location: str = ""


@dataclass(frozen=True)
class ClaimStanding:
    """Standing of a claim: `word`, and the number of other papers for and against it."""

    word: str  # "grounded", "corroborated", "contradicted", "contested" or "no evidence"
    papers_for: int = 0
    papers_against: int = 0

    def __str__(self) -> str:
        if self.word != "corroborated":
            return self.word
        return f"corroborated by {self.papers_for} paper{'s' if self.papers_for > 1 else ''}"


def repeats(claim: str, passage: str) -> bool:
    """Return True if two sentences share names, numbers, negation and nearly all content words."""
    a, b = (frozenset(content_words(text)) for text in (claim, passage))
    shared = len(a & b)
    if not shared or min(shared / len(a), shared / len(b)) < REPEATED:
        return False
    return (
        sorted(_NUMBER.findall(claim)) == sorted(_NUMBER.findall(passage))
        and names(claim) == names(passage)
        and negated(claim) == negated(passage)
    )


def secondhand(passage: str) -> bool:
    """Return True if a sentence reports what others found: it cites, and claims nothing for its own authors."""
    return bool(CITES.search(passage)) and not _OWN.search(passage)


def standing(evidence: Iterable[EvidenceItem]) -> ClaimStanding:
    """Return how a claim stands. A paper counts once, on the side of its surest passage.

    "grounded": supported by its own paper's tables or results only; "corroborated": by other papers; "contradicted":
    spoken against and not for; "contested": both. Restatements, reports and retracted papers change nothing.
    """
    surest: dict[int, dict[Stance, float]] = {}
    own: set[int] = set()
    for row in evidence:
        if row.relation in WITNESSES and row.confidence >= COUNTS_FROM and row.stance is not Stance.NOT_ENOUGH_INFO:
            sides = surest.setdefault(row.paper, {})
            sides[row.stance] = max(sides.get(row.stance, 0.0), row.confidence)
            own |= {row.paper} if row.relation is Relation.SAME_PAPER else set()
    supporting = {p for p, sides in surest.items() if sides.get(Stance.SUPPORT, 0) > sides.get(Stance.CONTRADICT, 0)}
    against = surest.keys() - supporting
    others_for, others_against = len(supporting - own), len(against - own)
    if against:
        return ClaimStanding("contested" if supporting else "contradicted", others_for, others_against)
    if others_for:
        return ClaimStanding("corroborated", others_for)
    return ClaimStanding("grounded" if supporting else "no evidence")
