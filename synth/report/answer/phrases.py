"""Groups of findings in sentences: what is found, who stands for and against it, what runs say. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from synth.report.answer.groups import Group, GroupStanding, is_retracted
from synth.report.answer.near import unspoken
from synth.report.answer.said import Anchor, AnswerSentence, claims, quotes, runs
from synth.report.facts import Facts
from synth.report.findings import outcome, supported
from synth.report.wording import count, finding, listed, opened, probability
from synth.store.rows.runs import VerdictView

SHORT = 220  # characters of a finding that stands in the first sentence of an answer
NO_CLAIMS = "No answer: no finding was recognised in the papers."
_BARE = re.compile(" (?:of|for) it$")


def lead(facts: Facts, groups: Sequence[Group]) -> AnswerSentence:
    """Say in one or two sentences what the literature holds of the question, and how sure that is."""
    search = (("search", facts.search.id),)
    if not facts.papers and not facts.stated:
        return AnswerSentence("No answer: no paper was found that could be used.", search)
    if not groups:
        return AnswerSentence(
            NO_CLAIMS if not facts.claims else "No answer: no finding stands near the question.", search
        )
    silent = unspoken(facts)
    sentence = _nearest(facts, groups[0])
    if not silent:
        return sentence
    return AnswerSentence(
        f"{sentence.text} No finding speaks of {_quoted(silent)}.", (*sentence.rows, *search), sentence.says
    )


def _quoted(words: Sequence[str]) -> str:
    return listed([f"“{word}”" for word in words], "or")


def _nearest(facts: Facts, first: Group) -> AnswerSentence:
    """Say what speaks to the finding that stands nearest to the question."""
    sentence = group_sentence(facts, first, short=True)
    if first.state is GroupStanding.DISPUTED:
        return AnswerSentence(f"The papers disagree. {sentence.text}", sentence.rows, sentence.says)
    if first.is_spoken_to:
        return sentence
    rows = (*claims([first.head]), *quotes(first.head.sources[:1]), *_anchors(first.tests))
    open_ = "".join(f"; {said_of}" for said_of in _runs(first.tests))
    sure = first.head.confidence
    weak = f" (probability {probability(sure)})" if sure is not None else ""
    who = "one paper states" if first.papers_for else "a retracted paper states"
    who = "the author of an experiment states" if first.is_authors else who
    nearest = f"Open. Nearest to the question {who} {_named(first, short=True)}"
    return AnswerSentence(f"{nearest}; nothing found confirms or denies it{weak}{open_}.", rows)


def group_sentence(facts: Facts, group: Group, short: bool = False) -> AnswerSentence:
    """Put a group into words: the finding, who stands for and against it, how sure that is, and what runs say.

    `short`: a finding as long as a paragraph is named by its number.
    """
    what = _named(group, short)
    parts = [_papers(facts, group), *_runs(group.tests)]
    sure = group.head.confidence if group.pro or group.con else None
    sure_of = f" (probability {probability(sure)})" if sure is not None else ""
    rows = (*claims(group.members), *_rows(group), *quotes(group.pro + group.con), *_anchors(group.tests))
    return AnswerSentence(
        f"{opened(what)}: {parts[0]}{sure_of}{''.join(f'; {part}' for part in parts[1:])}.", rows, _says(group)
    )


def _named(group: Group, short: bool) -> str:
    text = finding(group.head.text)
    return text if not short else f"claim {group.head.id}" if is_long(group) else f"“{text}”"


def is_long(group: Group) -> bool:
    """Return True if the finding is too long to stand in the first sentence of an answer."""
    return len(finding(group.head.text)) > SHORT


def _papers(facts: Facts, group: Group) -> str:
    """Count the papers in words: "3 papers for, 1 against", "1 paper, which shows it in Table 2"."""
    pro, con = len(group.papers_for), len(group.papers_against)
    if group.is_authors:
        return "stated by the author of the experiment, no paper was read for it"
    if not pro and not con:
        stating = [facts.paper.get(row.paper) for row in group.head.sources]
        only = "a retracted paper states it" if any(map(is_retracted, stating)) else "a paper states it"
        return f"only {only}"
    if con or pro > 1:
        return f"{count(pro, 'paper')} for, {con or 'none'} against"
    if group.state is GroupStanding.BACKED:
        return f"one paper shows it in its own results ({_where(group)}), no other confirms or denies it"
    if group.state is GroupStanding.DENIED:
        return f"one paper says so, and its own results ({_where(group)}) say otherwise"
    if group.pro or group.con:
        doubt = "" if group.decided_tests else ", not surely enough"
        return f"one paper states it, its own results {'support' if group.pro else 'contradict'} it{doubt}"
    weak = group.head.confidence
    if weak is not None and not group.decided_tests:
        return f"one paper states it, what else was found is not sure (probability {probability(weak)})"
    return "one paper states it, no other speaks to it"


def _where(group: Group) -> str:
    return group.head.by.where if group.head.by else ""


def _runs(tests: Sequence[VerdictView]) -> list[str]:
    """Put the runs of a group into words: "run 4 (synthetic) supports the direction"."""
    return [f"run {test.run_id} ({test.fidelity}) {_BARE.sub('', outcome(test, 'it'))}" for test in tests]


def _anchors(tests: Sequence[VerdictView]) -> tuple[Anchor, ...]:
    return tuple(row for row in runs(tests) if row[0] == "run")


def _rows(group: Group) -> tuple[Anchor, ...]:
    return tuple(("paper", paper) for paper in sorted(group.papers_for | group.papers_against))


def _says(group: Group) -> str:
    """Return the side of a group's evidence: "supports", "contradicts", or "" where it has two or none."""
    verdicts = {supported(test) for test in group.tests}
    pro, con = bool(group.pro) or True in verdicts, bool(group.con) or False in verdicts
    return "" if pro == con else "supports" if pro else "contradicts"


def summary(groups: Sequence[Group]) -> list[AnswerSentence]:
    """Count the findings near the question and their marks; return nothing where none is decided."""
    near = [claim for group in groups for claim in group.members]
    if len(near) < 2 or all(claim.verified is None for claim in near):
        return []
    marks = [claim.verified for claim in near]
    words = [(True, "verified"), (False, "contradicted"), (None, "not decided")]
    told_of = [f"{marks.count(mark)} {word}" for mark, word in words if mark in marks]
    return [AnswerSentence(f"{len(near)} findings stand near the question: {listed(told_of)}.", claims(near))]
