"""The classic style: title, author, date, six sections, a tabbed table, addresses; nothing beside them.

It has the line forms of the reports that users know. Where the form has a slot and the database nothing for it, the
line stands with "n/a" or "not decided". docs/classic.md says where each slot comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from synth.core.errors import UsageError
from synth.report.answer.abstract import abstract
from synth.report.answer.answer import answer
from synth.report.facts import Facts
from synth.report.markdown import md, plain
from synth.report.marks import tally
from synth.report.quality import Quality, ScoredReview, quality
from synth.report.references import address
from synth.report.wording import count, long_date, probability, sentence
from synth.store.rows.claims import ClaimView
from synth.store.rows.searches import PaperView

FORMATS = ("txt", "md")  # plain, which most of the known reports are, or with the marks of Markdown's headings
SYMBOLS = {True: "✓", False: "×", None: "not decided"}
NOTHING = "n/a"
TESTS = 3  # tests that are told in the abstract
LIMITATIONS = (
    "This report is a machine-generated literature synthesis and does not constitute original research. Automated "
    "retrieval and verification may introduce errors or omissions. Review scores reflect automated assessment, not "
    "human peer review. Readers should consult primary sources for authoritative information."
)

Show = Callable[[object], str]  # a slot's value on one line, escaped as the format needs it


def check_format(format: str) -> None:
    """Raise UsageError for a format that the style does not have."""
    if format not in FORMATS:
        raise UsageError(
            f"The classic style has no format {format!r}.", f"Use `--format` with one of: {', '.join(FORMATS)}."
        )


def render(facts: Facts, reviews: Sequence[ScoredReview], format: str = "txt") -> str:
    """Return the report as text. UsageError for a format that the style does not have."""
    check_format(format)
    show: Show = md if format == "md" else plain
    mark = "#" if format == "md" else ""
    lines = ["", "", f"{mark} {show(facts.title)}".strip(), "", show(facts.author), "", show(long_date(facts.today))]
    for heading, body in _sections(facts, quality(reviews), show):
        lines += ["", f"{mark * 2} {heading}".strip(), "", *body]
    return "\n".join(lines) + "\n"


def _sections(facts: Facts, score: Quality, show: Show) -> list[tuple[str, list[str]]]:
    return [
        ("Abstract", [_abstract(facts, show)]),
        ("1 Introduction", [_introduction(facts, show)]),
        ("2 Methodology", [_methodology(facts, score)]),
        ("3 Results", [_results(facts, score)]),
        ("4 Limitations", [LIMITATIONS]),
        ("5 Extracted Claims", ["Claim\tVerified\tConfidence", *(_claims(facts, show))]),
        ("References", _references(facts, show)),
    ]


def _abstract(facts: Facts, show: Show) -> str:
    """Summarise what was found, what it says to the question, and what was measured.

    This style has no section for an answer.
    """
    answered = answer(facts)
    return show(" ".join(sentence.text for sentence in [*abstract(facts), answered.lead, *answered.measured[:TESTS]]))


def _introduction(facts: Facts, show: Show) -> str:
    title, question = (show(sentence(text)) for text in (facts.title, facts.search.question))
    return f"This paper examines: {title} Research question: {question}"


def _methodology(facts: Facts, score: Quality) -> str:
    sources = len({query.source for query in facts.search.sources})
    where = {0: "no database", 1: "one database"}.get(sources, "multiple databases")
    reviewers = "single-reviewer" if score.reviewers == 1 else "multi-reviewer"
    return (
        f"Systematic literature search across {where} yielded {count(len(facts.papers), 'paper')}. Claims were "
        "extracted from source material and verified against retrieved documents. An independent "
        f"{reviewers} assessment produced a quality score of {_score(score)}."
    )


def _results(facts: Facts, score: Quality) -> str:
    return (
        f"{count(len(facts.papers), 'paper')} retrieved. {count(len(facts.claims), 'claim')} extracted; "
        f"{tally(facts.claims).independent:,} independently verified. Quality review score: {_score(score)}."
    )


def _score(score: Quality) -> str:
    return NOTHING if score.mean is None else str(score)


def _claims(facts: Facts, show: Show) -> list[str]:
    if not facts.claims:
        return ["\t".join([NOTHING] * 3)]
    return [f"{show(claim.text)}\t{SYMBOLS[claim.verified]}\t{_confidence(claim)}" for claim in facts.claims]


def _confidence(claim: ClaimView) -> str:
    return NOTHING if claim.confidence is None else probability(claim.confidence)


def _references(facts: Facts, show: Show) -> list[str]:
    if not facts.papers:
        return [f"- <{NOTHING}>"]
    return list(dict.fromkeys(_reference(paper, show) for paper in facts.papers))  # a digest has its original's address


def _reference(paper: PaperView, show: Show) -> str:
    """Return `- <address>`; without an address the title in its place, marked as such."""
    web_address = address(paper)
    if web_address:
        return f"- <{web_address}>"
    opening, closing = ("&lt;", "&gt;") if show is md else ("<", ">")
    return f"- {opening}{NOTHING}: {show(paper.title)}{closing}"
