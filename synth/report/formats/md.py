"""Markdown, the canonical format: `templates/md/` filled with the facts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from synth import __version__
from synth.core.mark import SYMBOLS
from synth.report import commands, marks, measured, references, trained, wording
from synth.report.answer.abstract import abstract
from synth.report.answer.answer import ReportAnswer, answer
from synth.report.answer.groups import is_retracted
from synth.report.answer.said import AnswerSentence
from synth.report.facts import Facts
from synth.report.findings import claimed, differing, effects, leaving_open
from synth.report.markdown import Md, autolink, code, link, md, span
from synth.report.plots import flowchart, pictures
from synth.report.quality import BREACHED, ScoredReview, quality
from synth.store.rows.claims import EvidenceView, FullClaimView
from synth.store.rows.runs import VerdictView

if TYPE_CHECKING:
    from jinja2 import Environment

SINGLE_FILE = False
EVIDENCE = ("same paper", "other paper")  # relations of passages that decide something
BEST = 2  # passages quoted for a claim, and against it
DETAILED = 40  # claims told in detail; the rest is named with the command that shows it


def render(facts: Facts, reviews: Sequence[ScoredReview]) -> str:
    """Return the report as Markdown."""
    text = _environment().get_template("report.md.j2").render(context(facts, reviews, parts(facts)))
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    # `finalize` escapes whatever a template prints unless it is Md already: nothing gets out raw by being forgotten.
    environment = Environment(
        loader=PackageLoader("synth.report", "templates/md"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=md,
        autoescape=False,
    )
    environment.filters |= wording.FILTERS | {
        "raw": Md,
        "link": link,
        "autolink": autolink,
        "code": code,
        "span": span,
        "anchors": _anchors,
        "table": _table,
    }
    environment.filters["differing"] = differing
    environment.filters["left_open"] = leaving_open
    return environment


@dataclass(frozen=True)
class ReportParts:
    """Parts of the facts that a report shows: the answer, the claims of each of its tables, the pictures by path."""

    answer: ReportAnswer
    shown: list[FullClaimView]
    appendix: list[FullClaimView]
    detailed: list[FullClaimView]
    pictures: dict[str, Callable[[], str]]


def parts(facts: Facts) -> ReportParts:
    answered = answer(facts)
    shown, appendix = marks.salient(facts.claims, {test.claim for test in facts.tests} | answered.named)
    return ReportParts(answered, shown, appendix, _detailed(facts, shown, answered.named), pictures.drawings(facts))


def context(facts: Facts, reviews: Sequence[ScoredReview], chosen: ReportParts) -> dict[str, object]:
    """Return the names that the templates use; the other formats' templates use them too."""
    named_rows = (row for said in chosen.answer.sentences for row in said.named)
    quotes = {number for table, number in named_rows if table == "quote"}
    detailed_ids = {claim.id for claim in chosen.detailed}

    def mark(claim: FullClaimView) -> Md:
        """Return ✓, × or –, linked to the claim's details where the report has them."""
        symbol = SYMBOLS[claim.verified]
        return link(symbol, f"#claim-{claim.id}") if claim.id in detailed_ids else md(symbol)

    return {
        "facts": facts,
        "search": facts.search,
        "reviews": reviews,
        "quality": quality(reviews),
        "breached": BREACHED,
        "abstract": abstract(facts),
        "answer": chosen.answer,
        "shown": chosen.shown,
        "appendix": chosen.appendix,
        "detailed": chosen.detailed,
        "others": [claim.id for claim in chosen.shown if claim.id not in detailed_ids],
        "tally": marks.tally(facts.claims),
        "pictures": chosen.pictures,
        "mark": mark,
        "symbols": SYMBOLS,
        "below": [test for test in facts.tests if test.fidelity != "paper"],
        "digests": sum(references.is_digest(paper) for paper in facts.papers if paper.text_state == "read"),
        "at_hand": sum(map(measured.at_hand, facts.tests)),
        "outcomes": _outcomes(facts.tests),
        "shown_by_quote": lambda claim: _shown_by_quote(facts, claim),
        "best": lambda claim, stance: _best(facts, claim, stance, quotes),
        "aside": lambda claim, relation: _aside(facts, claim, relation),
        "held": facts.holds,
        "retracted": lambda paper: is_retracted(facts.paper.get(paper)),
        "address": lambda paper: references.address(facts.paper[paper]) if paper in facts.paper else "",
        "version": __version__,
        **_HELPERS,
    }


# What templates call by name.
_HELPERS = {
    "marks": marks,
    "measured": measured,
    "trained": trained,
    "picture": pictures,
    "flowchart": flowchart,
    "references": references,
    "commands": commands,
    "claimed": claimed,
    "effects": effects,
    "legible": wording.legible,
    "readable": lambda row: row.text or row.quote,
    "prediction": wording.prediction,
}


def _outcomes(tests: Sequence[VerdictView]) -> list[str]:
    """Count outcomes in words: "2 inconclusive", "1 direction supported"."""
    return [f"{number} {verdict}" for verdict, number in Counter(test.verdict for test in tests).most_common()]


def _shown_by_quote(facts: Facts, claim: FullClaimView) -> bool:
    """Return True if the quote beside the claim has its words, so that they need not stand there twice."""
    first = claim.sources[:1]
    return any(s.text == claim.text and facts.holds(s) for s in first)


def _detailed(facts: Facts, shown: Sequence[FullClaimView], named: set[int]) -> list[FullClaimView]:
    """Return the most salient claims, all that were tested, and all that the answer names."""
    always = {test.claim for test in facts.tests} | named
    return [claim for i, claim in enumerate(shown) if i < DETAILED or claim.id in always]


def _best(facts: Facts, claim: FullClaimView, stance: str, named: set[int]) -> list[EvidenceView]:
    """Return the quotes shown with a claim: those that the answer names, then the best of the others."""
    telling = [row for row in claim.evidence if row.relation in EVIDENCE and row.stance == stance]
    held = [row for row in telling if facts.holds(row)]
    first = [row for row in held if row.passage in named]
    return [*first, *(row for row in held if row not in first)][: max(BEST, len(first))]


def _aside(facts: Facts, claim: FullClaimView, relation: str) -> list[EvidenceView]:
    """Return the passages that are shown and decide nothing: "reported" by other papers, or in "retracted" ones."""
    rows = [row for row in claim.evidence if row.relation == relation and row.takes_side]
    return [row for row in rows if facts.holds(row)][:BEST]


def _anchors(sentence: AnswerSentence) -> Md:
    """Name the rows a sentence was built from: "(claim 3, run 1)", each linked to its place in the report."""
    named = [
        link(words, place(words, sentence)) if re.fullmatch(r"[a-z]+ \d+", words) else md(words)
        for words in sentence.shown
    ]
    return Md(f" ({', '.join(named)})" if named else "")


def place(anchor: str, sentence: AnswerSentence) -> str:
    """Return the heading under which a row is shown: a quote stands with its claim."""
    table, number = anchor.split(" ")
    if table == "quote":
        number = next((str(id) for name, id in sentence.named if name == "claim"), "")
        return f"#claim-{number}" if number else ""
    return {"search": "#search-record", "paper": "#search-record"}.get(table, f"#{table}-{number}")


def _table(table: list[list[str]]) -> Md:
    """Return a table with its head in the first row; columns of numbers to the right."""
    head, *rows = table
    sides = ["---:" if right else "---" for right in wording.numeric(table)]
    lines = [head, sides, *rows]
    return Md(
        "\n".join("| " + " | ".join(cell if line is sides else md(cell) for cell in line) + " |" for line in lines)
    )
