"""The commands that do again what a report tells of."""

from __future__ import annotations

from shlex import quote

from synth.reports.facts import Facts, Row


def search(facts: Facts) -> str:
    options = facts.search["options"]
    sources = dict.fromkeys(q["source"] for q in facts.search["sources"])
    words = ["synth search", quote(facts.search["question"]), *(f"--source {quote(name)}" for name in sources)]
    if options.get("papers"):
        words.append(f"--papers {quote(options['papers'])}")
    if options.get("max_papers"):
        words.append(f"--max-papers {options['max_papers']}")
    return " ".join(words)


def verify(test: Row) -> str:
    seeds = f" --seeds {test['seeds']}" if test["seeds"] else ""
    return (
        f"synth verify --claim {test['claim']} --experiment {quote(test['experiment'])} "
        f"--fidelity {quote(test['fidelity'])}{seeds}"
    )


def report(facts: Facts) -> str:
    return f"synth report --search {facts.search['id']}"
