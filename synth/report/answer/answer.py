"""The answer to the question, from what was measured and read and nothing else. Pure.

Findings near the question are grouped by what they say; each group is one sentence with the papers and runs that stand
for and against it, and the quotes behind it. Every sentence names the rows it was built from.
"""

from __future__ import annotations

from dataclasses import dataclass

from synth.core.types import JsonValue
from synth.report.answer import gaps, phrases
from synth.report.answer.groups import Group, GroupStanding, grouped
from synth.report.answer.said import Anchor, AnswerSentence, claims, runs
from synth.report.facts import Facts
from synth.report.findings import disagreements, measured, strength
from synth.report.marks import conflict

SHOWN = 5  # groups that the answer tells of
BETWEEN_PAPERS = 10  # of those to which several papers speak, as many as this
# What stands over the groups to which something speaks, by how they stand between the papers.
HEADINGS = {
    "Papers agree": (GroupStanding.AGREED,),
    "Papers disagree": (GroupStanding.DISPUTED,),
    "Shown by one paper or a run": (GroupStanding.BACKED, GroupStanding.DENIED, GroupStanding.STATED),
}


@dataclass(frozen=True)
class AnswerPoint:
    """A group of findings with the sentence that tells of it."""

    group: Group
    sentence: AnswerSentence


@dataclass(frozen=True)
class ReportAnswer:
    """The answer: what the papers say and how sure that is, what was measured, where they clash, what is missing.

    `lead` tells of the group `first`, if there is one; `summary` counts the findings near the question. Of the other
    groups `points` are those to which more than one paper, a run, or results of their own paper speak, `stated` those
    that one paper states and nothing else speaks to.
    """

    lead: AnswerSentence
    first: Group | None
    summary: list[AnswerSentence]
    points: list[AnswerPoint]
    stated: list[AnswerPoint]
    measured: list[AnswerSentence]
    conflicts: list[AnswerSentence]
    missing: list[AnswerSentence]

    @property
    def lead_by_number(self) -> bool:
        """Return True if the finding that the lead tells of is too long to stand in it."""
        return self.first is not None and phrases.is_long(self.first)

    @property
    def headed(self) -> list[tuple[str, list[AnswerPoint]]]:
        """The points under their headings: those of several papers first."""
        parts = [
            (heading, [point for point in self.points if point.group.state in states])
            for heading, states in HEADINGS.items()
        ]
        return [(heading, points) for heading, points in parts if points]

    @property
    def sentences(self) -> list[AnswerSentence]:
        """All of them, in the order of the answer."""
        sentences = [point.sentence for point in self.points + self.stated]
        return [self.lead, *self.summary, *sentences, *self.measured, *self.conflicts, *self.missing]

    @property
    def anchors(self) -> list[Anchor]:
        """The rows that are named one by one, each once."""
        return list(dict.fromkeys(row for sentence in self.sentences for row in sentence.named))

    @property
    def named(self) -> set[int]:
        """The claims that are spoken of one by one."""
        return {number for table, number in self.anchors if table == "claim"}

    def as_json(self) -> dict[str, JsonValue]:
        """Return the lists of sentences by name; a point with its claims and with how it stands between the papers."""
        lists = {name: getattr(self, name) for name in ("summary", "measured", "conflicts", "missing")}
        answered: dict[str, JsonValue] = {"lead": self.lead.as_json() | (_as_json(self.first) if self.first else {})}
        for name in ("points", "stated"):
            answered[name] = [_point_as_json(point) for point in getattr(self, name)]
        for name, sentences in lists.items():
            answered[name] = [sentence.as_json() for sentence in sentences]
        return answered


def _point_as_json(point: AnswerPoint) -> dict[str, JsonValue]:
    return point.sentence.as_json() | _as_json(point.group)


def _as_json(group: Group) -> dict[str, JsonValue]:
    return {
        "state": group.state.name.lower(),
        "claims": [claim.id for claim in [group.head, *group.same]],
        "opposed": [claim.id for claim in group.opposed],
        "papers_for": [*sorted(group.papers_for)],
        "papers_against": [*sorted(group.papers_against)],
    }


def answer(facts: Facts) -> ReportAnswer:
    """Return the question answered from what was measured and read, and nothing else."""
    groups = grouped(facts)
    between = [
        group for group in groups[SHOWN:BETWEEN_PAPERS] if group.state in (GroupStanding.AGREED, GroupStanding.DISPUTED)
    ]
    shown = [AnswerPoint(group, phrases.group_sentence(facts, group)) for group in (*groups[1:SHOWN], *between)]
    return ReportAnswer(
        lead=phrases.lead(facts, groups),
        first=groups[0] if groups else None,
        summary=phrases.summary(groups),
        points=[point for point in shown if point.group.is_spoken_to],
        stated=[point for point in shown if not point.group.is_spoken_to],
        measured=[measured(test, facts.claim(test.claim).text) for test in sorted(facts.tests, key=strength)],
        conflicts=_conflicts(facts, groups),
        missing=gaps.missing(facts, groups),
    )


def _conflicts(facts: Facts, groups: list[Group]) -> list[AnswerSentence]:
    """Return a sentence for each clash: between tests of one claim, or between runs, other papers and its own paper."""
    conflicts = []
    pairs = disagreements(sorted(facts.tests, key=strength))
    for first, other in pairs:
        text = f"Tests of claim {first.claim} disagree: {first.verdict} and {other.verdict}."
        conflicts.append(AnswerSentence(text, runs([first, other])))
    near = {claim.id for group in groups for claim in group.members} | {test.claim for test in facts.tests}
    for claim in facts.claims:
        divided = any(first.claim == claim.id for first, _ in pairs)
        if claim.id in near and not divided and (text := conflict(claim)):
            mine = [test for test in facts.tests if test.claim == claim.id]
            conflicts.append(AnswerSentence(f"Claim {claim.id}: {text}", (*claims([claim]), *runs(mine)[1:])))
    return conflicts
