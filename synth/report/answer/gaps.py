"""Gaps of an answer: how many papers, seeds and experiments would decide more. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from synth.report import commands
from synth.report.answer.groups import Group, GroupStanding
from synth.report.answer.near import same_question
from synth.report.answer.said import AnswerSentence, claims, runs
from synth.report.facts import Facts
from synth.report.findings import supported
from synth.report.measured import rule, seeds_needed, unit
from synth.report.wording import count, listed
from synth.store.rows.claims import EvidenceView, FullClaimView
from synth.store.rows.runs import VerdictView
from synth.verify.statistics.estimates import OVER_LANGUAGES

ALONE = (GroupStanding.STATED, GroupStanding.BACKED, GroupStanding.DENIED)  # one paper says it


def missing(facts: Facts, groups: Sequence[Group]) -> list[AnswerSentence]:
    """Name what would decide more, the nearest to a decision first, each with the rows that show it."""
    return [
        *_papers(groups),
        *_disputed(groups),
        *(_undecided(test) for test in facts.tests if supported(test) is None),
        *_at_paper(facts),
        *_experiments(facts, groups),
        *_contrasts(facts),
        *_lost(facts, groups),
        *_unread(facts),
        *_incomplete(facts),
    ]


def _papers(groups: Sequence[Group]) -> list[AnswerSentence]:
    alone = [g.head for g in groups if g.state in ALONE and not g.decided_tests and not g.is_authors]
    if not alone:
        return []
    which = f"{_named(alone).capitalize()} rests" if len(alone) == 1 else f"{_named(alone)} rest"
    each = "" if len(alone) == 1 else " for each"
    text = f"{which} on one paper: at least 1 more paper with its own results is needed{each}."
    return [AnswerSentence(text, claims(alone))]


def _disputed(groups: Sequence[Group]) -> list[AnswerSentence]:
    rows = [group.head for group in groups if group.state is GroupStanding.DISPUTED and not group.decided_tests]
    if not rows:
        return []
    what = _named(rows)
    fit = [row for row in rows if row.experiment]
    if not fit:
        return [AnswerSentence(f"Papers disagree on {what}, and no experiment here can test it.", claims(rows))]
    text = f"Papers disagree on {what}; an experiment would decide:"
    return [AnswerSentence(text, claims(rows), command=commands.attempt(fit[0]))]


def _undecided(test: VerdictView) -> AnswerSentence:
    """Name what an inconclusive test lacked, as far as its own numbers tell."""
    needed = seeds_needed(test)
    if not test.gate.get("passed", True):
        lacks = "its models learnt too little: it needs a larger fidelity"
    elif needed is not None and rule(test).get("statistic") in OVER_LANGUAGES:
        lacks = f"with {count(test.seeds, 'seed')} it could not tell; more seeds or more languages are needed"
    elif needed is not None and unit(test) != "seeds":
        lacks = f"over its {unit(test)} it could not tell; more {unit(test)} are needed"
    elif needed is not None:
        lacks = f"with {count(test.seeds, 'seed')} it could not tell; about {needed:,} are needed"
    else:
        lacks = "the reason stands with the run"
    return AnswerSentence(f"Run {test.run_id} ({test.fidelity}) was inconclusive: {lacks}.", runs([test]))


def _at_paper(facts: Facts) -> list[AnswerSentence]:
    below = [t for t in facts.tests if t.fidelity != "paper" and supported(t) is not None]
    if not below:
        return []
    who = f"Run {below[0].run_id}" if len(below) == 1 else f"{len(below)} runs"
    return [AnswerSentence(f"{who} measured a direction; how large the effect is takes fidelity paper.", runs(below))]


def _experiments(facts: Facts, groups: Sequence[Group]) -> list[AnswerSentence]:
    done = {test.claim for test in facts.tests}
    disputed = {group.head.id for group in groups if group.state is GroupStanding.DISPUTED}
    near = [claim for group in groups for claim in group.members]
    waiting = [c for c in near if c.experiment and c.id not in done | disputed]
    if not waiting:
        return []
    verb = "was" if len(waiting) == 1 else "were"
    what = f"An experiment that fits {_named(waiting)} {verb} not run. The nearest:"
    if len(waiting) > 1:
        what = f"Experiments that fit {_named(waiting)} {verb} not run. The nearest:"
    return [AnswerSentence(what, claims(waiting), command=commands.attempt(waiting[0]))]


def _contrasts(facts: Facts) -> list[AnswerSentence]:
    """Name what the experiment nearest to the question could measure besides, and no claim here predicts."""
    experiment = same_question(facts)
    if experiment is None:
        return []
    done = {test.contrast for test in facts.tests if test.experiment == experiment.id}
    open_ = [contrast for contrast in experiment.contrasts if contrast not in done]
    if not open_:
        return []
    which = f"contrast {open_[0]}" if len(open_) == 1 else f"contrasts {listed(open_)}"
    text = f"The experiment {experiment.id} asks nearly this question; no claim here predicts its {which}:"
    return [AnswerSentence(text, (("search", facts.search.id),), command=f"synth experiments {experiment.id}")]


def _lost(facts: Facts, groups: Sequence[Group]) -> list[AnswerSentence]:
    """Return findings with evidence on record whose quotes were not found again."""
    near = [claim for group in groups for claim in group.members]
    lost = [claim for claim in near if any(not facts.holds(row) for row in _taking_sides(claim))]
    if not lost:
        return []
    text = f"Quotes on {_named(lost)} were not found again in the PDFs and do not count."
    return [AnswerSentence(text, claims(lost))]


def _taking_sides(claim: FullClaimView) -> list[EvidenceView]:
    return [row for row in claim.evidence if row.takes_side]


def _unread(facts: Facts) -> list[AnswerSentence]:
    unread = [paper for paper in facts.papers if paper.text_state != "read"]
    unread += [paper for paper in facts.excluded if paper.text_state == "skipped"]
    if not unread:
        return []
    rows = tuple(("paper", paper.id) for paper in unread)
    return [AnswerSentence(f"{count(len(unread), 'paper')} could not be read.", rows)]


def _incomplete(facts: Facts) -> list[AnswerSentence]:
    if facts.search.complete:
        return []
    text = "The search is incomplete: the papers that it lacks may decide more."
    return [AnswerSentence(text, (("search", facts.search.id),))]


def _named(rows: Sequence[FullClaimView]) -> str:
    return f"claim {rows[0].id}" if len(rows) == 1 else f"{len(rows):,} findings near the question"
