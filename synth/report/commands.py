"""Commands that repeat what a report shows."""

from __future__ import annotations

from shlex import quote

from synth.report.facts import Facts
from synth.store.rows.claims import ClaimView
from synth.store.rows.runs import VerdictView
from synth.store.search_options import SearchOptions


def search(facts: Facts) -> str:
    """Return the command that asks the question of a search again, the same way."""
    options = SearchOptions.from_row(facts.search.options)
    # Chased queries follow from the others; a source with queries of its own is named by them.
    names = (q.source for q in facts.search.sources if q.kind == "question")
    sources = dict.fromkeys(name for name in names if name != "references")
    words = ["synth search", quote(facts.search.question), *(f"--source {quote(name)}" for name in sources)]
    if options.papers:
        words.append(f"--papers {quote(options.papers)}")
    words += [f"--import {quote(file)}" for file in options.references]
    words += [f"--query {quote(f'{name}={text}')}" for name, texts in options.queries.items() for text in texts]
    if options.chase:
        words.append(f"--chase {options.chase}")
    if options.max_papers:
        words.append(f"--max-papers {options.max_papers}")
    return " ".join(words)


def verify(test: VerdictView, stated: str = "") -> str:
    """Return the command that tests a claim again; one that an experiment's file states (`stated`) needs no number."""
    if stated:
        return f"synth verify --experiment {quote(test.experiment)} --contrast {quote(test.contrast)}"
    seeds = f" --seeds {test.seeds}" if test.seeds else ""
    return (
        f"synth verify --claim {test.claim} --experiment {quote(test.experiment)} "
        f"--fidelity {quote(test.fidelity)}{seeds}"
    )


def attempt(claim: ClaimView) -> str:
    """Return the command that tests a claim by the experiment that fits it best."""
    return f"synth verify --claim {claim.id} --experiment {quote(claim.experiment or '')}"


def report(facts: Facts) -> str:
    return f"synth report --search {facts.search.id}"
