"""What is not known near the question, and what would decide it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from synth.estimates import OVER_LANGUAGES
from synth.reports import commands
from synth.reports.facts import Facts, Row
from synth.reports.measured import rule
from synth.reports.near import same_question, subject, subject_words
from synth.reports.readings import reading_of, sure
from synth.reports.said import Sentence, claims, quotes, runs
from synth.reports.wording import count, listed
from synth.verified import CONTRADICTING, SUPPORTING

ALONE = ("grounded", "no evidence")  # standings of a claim that only its own paper makes
FEW = 5  # titles that are named one by one


def unknown(facts: Facts, near: Sequence[Row]) -> list[Sentence]:
    """What was neither measured nor agreed on among the claims `near` the question, each with the rows that show it."""
    closed = [c for c in near if not c["experiment"]]
    alone = [c for c in near if c["standing"] in ALONE]
    sentences = [*_unheard(facts), *_weak(facts, near), *_lost(facts, near)]
    if alone:
        sentences.append(Sentence(f"No other paper was recognised as speaking to {_named(alone)}.", claims(alone)))
    if closed:
        why = "the reason stands with the claim" if len(closed) == 1 else "the reason stands with each claim"
        sentences.append(Sentence(f"No experiment can test {_named(closed)}; {why}.", claims(closed)))
    return sentences + _unread(facts)


def _weak(facts: Facts, near: Sequence[Row]) -> list[Sentence]:
    found = [reading_of(facts, c) for c in near if c["standing"] == "corroborated" and not sure(c)]
    found = [reading for reading in found if reading.pro]
    if not found:
        return []
    weak = [reading.claim for reading in found]
    rows = (*claims(weak), *quotes([row for reading in found for row in reading.pro]))
    return [Sentence(f"Other papers support {_named(weak)}, but with a confidence below one half.", rows, "supports")]


def _lost(facts: Facts, near: Sequence[Row]) -> list[Sentence]:
    """Claims that other passages are on record for or against, none of whose quotes was found again."""
    spoken = [c for c in near if c["standing"] in ("corroborated", "contradicted", "contested")]
    lost = [c for c in spoken if not (reading_of(facts, c).pro or reading_of(facts, c).con)]
    if not lost:
        return []
    said = f"What is on record about {_named(lost)} was not found again in the PDFs and does not count."
    return [Sentence(said, claims(lost))]


def deciding(facts: Facts, near: Sequence[Row]) -> list[Sentence]:
    """What would decide more, the nearest to a decision first."""
    done = {test["claim"] for test in facts.tests}
    waiting = [c for c in near if c["experiment"] and c["id"] not in done]
    sentences = [_retried(test) for test in facts.tests if test["verdict"] not in SUPPORTING + CONTRADICTING]
    below = [t for t in facts.tests if t["fidelity"] != "paper" and t["verdict"] in SUPPORTING + CONTRADICTING]
    if below:
        whose = "the size of its claim" if len(below) == 1 else "the sizes of their claims"
        said = f"{_runs(below)} spoke of direction only; at fidelity paper {whose} could be tested."
        sentences.append(Sentence(said, runs(below)))
    sentences += _contrasts(facts)
    if waiting:
        first = waiting[0]
        said = f"Experiments exist but were not run for {_named(waiting)}."
        said += " The nearest is tested by:"
        sentences.append(Sentence(said, claims(waiting), command=commands.attempt(first)))
    if not facts.search["complete"]:
        rows = (("search", facts.search["id"]),)
        sentences.append(Sentence("The search is incomplete: the papers that it lacks may decide more.", rows))
    return sentences


def _contrasts(facts: Facts) -> list[Sentence]:
    """What the experiment that asks the question of the search could measure besides, and no claim here predicts."""
    found = same_question(facts)
    if found is None:
        return []
    done = {test["contrast"] for test in facts.tests if test["experiment"] == found["id"]}
    open_ = [contrast for contrast in found["contrasts"] if contrast not in done]
    if not open_:
        return []
    which = f"its contrast {open_[0]} was" if len(open_) == 1 else f"its contrasts {listed(open_)} were"
    said = f"The experiment {found['id']} asks what is nearest to this question; {which} not run, since each takes a "
    said += "claim that makes its prediction. More:"
    return [Sentence(said, (("search", facts.search["id"]),), command=f"synth experiments {found['id']}")]


def _retried(test: Row) -> Sentence:
    """What an inconclusive test lacked, as far as its own record says."""
    if not test["gate"].get("passed", True):
        lacks = "a rung on which the models pass the gate could decide it"
    elif "under-powered" in test["reason"]:
        lacks = f"more seeds than {test['seeds']} could decide it"
        if rule(test).get("statistic") in OVER_LANGUAGES:
            lacks += " for these languages, and more languages for others"
    else:
        lacks = "without what its reason names it could decide"
    said = f"Run {test['run_id']} of claim {test['claim']} was inconclusive; {lacks}."
    return Sentence(said, runs([test]))


def _runs(tests: Sequence[Row]) -> str:
    return f"Run {tests[0]['run_id']}" if len(tests) == 1 else f"{len(tests)} runs"


def _named(rows: Sequence[Row]) -> str:
    return f"claim {rows[0]['id']}" if len(rows) == 1 else f"{len(rows):,} claims near the question"


def _unread(facts: Facts) -> list[Sentence]:
    missing = [paper for paper in facts.papers if paper["text_state"] != "read"]
    missing += [paper for paper in facts.excluded if paper["text_state"] == "skipped"]
    if not missing:
        return []
    titles = [paper["title"] for paper in missing]
    named = [*titles[:FEW], f"{len(titles) - FEW} more"] if len(titles) > FEW else titles
    rows = tuple(("paper", paper["id"]) for paper in missing)
    return [Sentence(f"{count(len(missing), 'work')} could not be read: {listed(named)}.", rows)]


def _unheard(facts: Facts) -> list[Sentence]:
    """Words of the question that no claim contains, and those that a tested claim has or lacks, whichever are fewer."""
    words = subject_words(facts.search["question"])
    tested = [claim for claim in facts.claims if claim["id"] in {test["claim"] for test in facts.tests}]
    spoken, heard = (frozenset().union(*(subject(claim["text"]) for claim in some)) for some in (facts.claims, tested))
    known = [word for word in words if subject(word) <= spoken]
    found = []
    if silent := [word for word in words if word not in known]:
        said = f"No claim contains {_these(silent)}: {', '.join(silent)}."
        found.append(Sentence(said, (("search", facts.search["id"]),)))
    lacking = [word for word in known if not subject(word) <= heard]
    shared = [word for word in known if word not in lacking]
    if tested and lacking:
        which = "The tested claim" if len(tested) == 1 else "The tested claims"
        if not shared:
            said = f"{which} and the question have no word about the subject in common."
        elif len(shared) < len(lacking):
            has = "has" if len(tested) == 1 else "have"
            said = f"Of the question {which[0].lower()}{which[1:]} {has} only: {', '.join(shared)}."
        else:
            said = f"No tested claim contains {_these(lacking)}: {', '.join(lacking)}."
        found.append(Sentence(said, claims(tested)))
    return found


def _these(words: Sequence[str]) -> str:
    one = len(words) == 1
    return "this word of the question, or a form of it" if one else "these words of the question, or forms of them"
