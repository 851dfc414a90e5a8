"""The abstract: what was found, how its findings are marked, what was measured. Pure."""

from __future__ import annotations

from synth.report.answer.said import AnswerSentence, runs
from synth.report.facts import Facts
from synth.report.findings import supported
from synth.report.marks import tally
from synth.report.references import is_digest
from synth.report.wording import count, listed, source


def abstract(facts: Facts) -> list[AnswerSentence]:
    """Summarise in a few sentences what was found and measured.

    What it says to the question stands in the answer.
    """
    search = (("search", facts.search.id),)
    sentences = [_included(facts)]
    if facts.claims:
        verb = "reports" if len(_papers(facts)) == 1 else "report"
        who = "Its author states" if facts.stated else f"{count(len(_papers(facts)), 'paper')} {verb}"
        overview = f"{who} {count(len(facts.claims), 'finding')}: {tally(facts.claims)}."
        sentences.append(AnswerSentence(overview, search))
    if facts.tests:
        sentences.append(_tested(facts))
    if not facts.search.complete:
        sentences.append(AnswerSentence("The search is incomplete, so papers may be missing.", search))
    return sentences


def _papers(facts: Facts) -> set[int]:
    return {source.paper for claim in facts.claims for source in claim.sources}


def _included(facts: Facts) -> AnswerSentence:
    rows = (("search", facts.search.id),)
    if facts.stated:
        return AnswerSentence(f"No paper was searched for: {facts.stated} states what was tested.", rows)
    names = listed(list(dict.fromkeys(source(q.source) for q in facts.search.sources)))
    if not facts.papers:
        return AnswerSentence(f"A search of {names or 'no source'} gave no paper that could be used.", rows)
    read = sum(paper.text_state == "read" for paper in facts.papers)
    digests = sum(is_digest(paper) for paper in facts.papers if paper.text_state == "read")
    all_ = read == len(facts.papers)
    rest = ("read" if read == 1 else "all read") if all_ else f"{read or 'none'} of them read"
    if digests == read > 0:
        rest += " as a digest" if read == 1 else " as digests"
    else:
        rest += f" in full, {digests} as {'a digest' if digests == 1 else 'digests'}" if digests else " in full"
    return AnswerSentence(f"A search of {names} gave {count(len(facts.papers), 'paper')}, {rest}.", rows)


def _tested(facts: Facts) -> AnswerSentence:
    verdicts = [supported(test) for test in facts.tests]
    words = ((True, "supported"), (False, "contradicted"), (None, "left open"))
    sides = [(verdicts.count(side), word) for side, word in words]
    if len(verdicts) == 1:
        outcome = next(word for number, word in sides if number)
        return AnswerSentence(f"1 finding was tested by experiment and {outcome}.", runs(facts.tests))
    sides_in_words = listed([f"{number} {word}" for number, word in sides if number])
    return AnswerSentence(
        f"{len(verdicts)} predictions were tested by experiment: {sides_in_words}.", runs(facts.tests)
    )
