"""How a passage relates to a claim's own paper, and how the claim stands after all its evidence. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from synth.evidence.sentence import read, share
from synth.types import Stance

REPEATED = 0.85  # share of content words, both ways, from which a sentence is the claim said again
COUNTS_FROM = 0.5  # a judgement that is more likely wrong than right decides nothing

CITES = re.compile(r"\(\s*[A-Z][^()]{2,80}\b(?:19|20)\d\d[a-z]?[^()]{0,200}\)|\bet al\b|\[\d[\d,\s–-]*\]")
_OWN = re.compile(r"\b(?:we|our|us|ours|this (?:paper|work|study))\b", re.I)


class Relation(StrEnum):
    """Whose words a passage is. Only SAME_PAPER and OTHER_PAPER are evidence."""

    SAME_PAPER = "same paper"
    OTHER_PAPER = "other paper"
    RESTATEMENT = "restatement"  # the claim's sentence once more, wherever it is printed
    SECONDHAND = "secondhand"  # another paper reporting what was found elsewhere


@dataclass(frozen=True)
class Evidence:
    """One passage judged against one claim. `confidence` is P(stance is right), `score` the fused retrieval score."""

    passage_id: int
    paper: int
    stance: Stance
    confidence: float
    method: str
    note: str
    relation: Relation
    similarity: float
    score: float


@dataclass(frozen=True)
class Standing:
    """How a claim stands: `word`, and how many other papers speak for and against it."""

    word: str  # "grounded", "corroborated", "contradicted", "contested" or "no evidence"
    papers_for: int = 0
    papers_against: int = 0

    def __str__(self) -> str:
        if self.word != "corroborated":
            return self.word
        return f"corroborated by {self.papers_for} paper{'s' if self.papers_for > 1 else ''}"


def relate(claim: str, passage: str, *, same_paper: bool) -> Relation:
    """What kind of witness `passage` is to `claim`."""
    if repeats(claim, passage):
        return Relation.RESTATEMENT
    if same_paper:
        return Relation.SAME_PAPER
    return Relation.SECONDHAND if secondhand(passage) else Relation.OTHER_PAPER


def repeats(claim: str, passage: str) -> bool:
    """Whether two sentences are the same but for a few words: same names, same numbers, nearly all content words."""
    a, b = read(claim), read(passage)
    numbers = [sorted((f.low, f.high, f.unit) for f in sentence.facts) for sentence in (a, b)]
    same = numbers[0] == numbers[1] and a.names == b.names and a.negated == b.negated
    return same and min(share(a.words, b.words), share(b.words, a.words)) >= REPEATED


def secondhand(passage: str) -> bool:
    """Whether a sentence reports what others found: it cites, and claims nothing for its own authors."""
    return bool(CITES.search(passage)) and not _OWN.search(passage)


def standing(evidence: Iterable[Evidence]) -> Standing:
    """How a claim stands. A paper counts once, and on both sides when its passages disagree.

    "grounded": supported by its own paper's other sentences only, a restatement included; "corroborated": by other
    papers; "contradicted": spoken against and not for; "contested": both. Secondhand reports change nothing.
    """
    telling = [row for row in evidence if row.confidence >= COUNTS_FROM and row.relation is not Relation.SECONDHAND]
    supports = [row for row in telling if row.stance is Stance.SUPPORT]
    against = [row for row in telling if row.stance is Stance.CONTRADICT]
    others_for = len({row.paper for row in supports if row.relation is Relation.OTHER_PAPER})
    others_against = len({row.paper for row in against if row.relation is Relation.OTHER_PAPER})
    if against:
        independent = [row for row in supports if row.relation is not Relation.RESTATEMENT]
        return Standing("contested" if independent else "contradicted", others_for, others_against)
    if others_for:
        return Standing("corroborated", others_for)
    return Standing("grounded" if supports else "no evidence")
