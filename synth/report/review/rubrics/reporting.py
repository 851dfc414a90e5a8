"""Reporting: does the report tell what the database holds, all of it and nothing else? It reads the Markdown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache

from synth.core.mark import SYMBOLS, Axis
from synth.report.review import markdown
from synth.report.review.known import known
from synth.report.review.rubric import (
    AGAINST,
    FOR,
    OPEN,
    WITNESSES,
    Check,
    ReviewCase,
    counted,
    named,
    nothing,
    registered_rule,
    strict,
    sworn,
)
from synth.store.rows.claims import EvidenceView, FullClaimView, Quoted
from synth.store.rows.runs import VerdictView
from synth.store.rows.searches import PaperView

NO_REPORT = "no report was rendered"
MARKS = {"✓": FOR, "–": OPEN, "×": AGAINST}
CLAIMS, REFERENCES, APPENDIX = "## 5 Extracted Claims", "## References", "## Appendix: further findings"

Checked = Callable[[ReviewCase], Check]


def on_report(name: str, most: float) -> Callable[[Checked], Checked]:
    """Wrap a check so that it is not applicable where no report was rendered."""

    def wrap(check: Checked) -> Checked:
        def checked(case: ReviewCase) -> Check:
            return check(case) if case.report else nothing(name, most, NO_REPORT)

        checked.__doc__ = check.__doc__
        return checked

    return wrap


# ----------------------------------------------------------------------------------------------------- claims


@on_report("claims table as stored", 3)
def claims(case: ReviewCase) -> Check:
    """Check that the claim tables have every finding with its mark, its grounds and its confidence, and no other."""
    listed_rows = [row[:2] + row[3:] for row in _table(case.report)]
    wanted = [(markdown.folded(c.text), SYMBOLS[c.verified], _probability(c)) for c in case.facts.claims]
    unmarked = [row for row in _table(case.report) if (row[1] == SYMBOLS[None]) != (row[2] in NO_MARK)]
    lacking = list((Counter(wanted) - Counter(listed_rows)).elements())
    added = list((Counter(listed_rows) - Counter(wanted)).elements())
    total = len(wanted) + len(added)
    good = len(wanted) - max(len(lacking), len(unmarked))
    evidence = f"{good} of {counted(len(wanted), 'finding')} as stored; {len(added)} rows that no finding gives"
    return sworn("claims table as stored", 3, good, total, evidence, "there are no findings")


NO_MARK = ("–", "contested")  # what stands under "By" where nothing decides


@lru_cache(maxsize=2)
def _table(report: str) -> tuple[tuple[str, str, str, str], ...]:
    """Return (claim, mark, by what, confidence) of table and appendix; read once: each claim is looked up in it."""
    table = [row for row in markdown.rows(markdown.section(report, CLAIMS)) if len(row) == 4][2:]
    table += [row[1:] for row in markdown.rows(markdown.section(report, APPENDIX)) if len(row) == 5][2:]
    return tuple((text, mark.strip("[]"), by, confidence) for text, mark, by, confidence in table)


def _probability(claim: FullClaimView) -> str:
    """Format with two digits; what rounds to 0 or 1 without being it says so."""
    value = claim.confidence
    if value is None:
        return "–"
    if 0 < value < 0.005:
        return "<0.01"
    return ">0.99" if 0.995 <= value < 1 else f"{value:.2f}"


@on_report("conflicts told", 2)
def conflicts(case: ReviewCase) -> Check:
    """Check that of every detailed claim that a passage contradicts, such a passage is quoted."""
    disputed = [c for c in case.facts.claims if _detail(case, c) and _contradictions(case, c)]
    silent = [
        f"claim {c.id}"
        for c in disputed
        if not any(f"“{_text(row)}”" in _detail(case, c) for row in _contradictions(case, c))
    ]
    good = len(disputed) - len(silent)
    evidence = f"{good} of {counted(len(disputed), 'contradicted claim')} with the contradiction quoted{named(silent)}"
    return sworn("conflicts told", 2, good, len(disputed), evidence, "no claim is contradicted by a quote that holds")


def _detail(case: ReviewCase, claim: FullClaimView) -> str:
    """Return the section on the claim as a reader sees it, on one line; "" where the claim is not told in detail."""
    return markdown.folded(markdown.readable(markdown.section(case.report, f"### Claim {claim.id}")))


def _contradictions(case: ReviewCase, claim: FullClaimView) -> list[EvidenceView]:
    rows = [row for row in claim.evidence if row.stance == "CONTRADICT" and row.relation in WITNESSES]
    return [row for row in rows if not row.table and case.held(row)]


def _text(row: Quoted) -> str:
    return markdown.folded(row.text or row.quote)


@on_report("quotes are the papers'", 2)
def quotes(case: ReviewCase) -> Check:
    """Check that each quotation in the details of claims is a passage that its PDF gave back, or the claim itself."""
    quoted, strange = 0, []
    for claim in case.facts.claims:
        rest = _detail(case, claim)
        sources = [row for row in claim.sources if case.held(row)]
        evidence = [row for row in claim.evidence if case.held(row)]
        passages: list[Quoted] = [*sources, *evidence]
        texts = [*map(_text, passages), claim.text, *(row.note for row in evidence)]
        # Heads count in their marks alone: one of figures ("3.5") stands within other quotes too.
        heads = [head for row in evidence for cell in row.table for head in (cell.row, cell.column)]
        for text in sorted({f"“{text}”" for text in texts + heads} | {*texts}, key=len, reverse=True):
            if text and text.strip("“”"):
                quoted += rest.count(text) if text.startswith("“") else 0
                rest = rest.replace(text, " ")
        # The program's own words on the claim name parts of it in quotation marks too.
        own_words = " ".join(markdown.texts(replace(claim, sources=(), evidence=())))
        strange += [f"“{quote[:60]}”" for quote in markdown.quotes(rest) if quote not in own_words]
    total = quoted + len(strange)
    found = f"{quoted} of {counted(total, 'quote')} in the details of claims stand in a paper{named(strange)}"
    return sworn("quotes are the papers'", 2, quoted, total, found, "nothing is quoted")


@on_report("counts as stored", 2)
def counts(case: ReviewCase) -> Check:
    """Check that the numbers of papers, claims and verified claims under "3 Results" are those of the database."""
    text = markdown.readable(markdown.section(case.report, "## 3 Results"))
    claims = case.facts.claims
    wanted = {
        r"([\d,]+) papers? retrieved": len(case.facts.papers),
        r"([\d,]+) claims? (?:extracted|stated)": len(claims),
        r"([\d,]+) independently verified": sum(map(_independent, claims)),
    }
    if case.facts.stated:
        del wanted[r"([\d,]+) papers? retrieved"]
    matches = {pattern: re.search(pattern, text) for pattern in wanted}
    right = [match is not None and int(match[1].replace(",", "")) == wanted[p] for p, match in matches.items()]
    evidence = (
        f"{sum(right)} of {len(right)} as stored: papers {len(case.facts.papers)}, claims {len(claims)}, verified "
    )
    return sworn("counts as stored", 2, sum(right), len(right), evidence + str(list(wanted.values())[-1]), "")


def _independent(claim: FullClaimView) -> bool:
    """Return True if a run or other papers verify the claim: its own paper is no independent witness of it."""
    return claim.verified is True and claim.by is not None and claim.by.axis is not Axis.OWN_PAPER


# ------------------------------------------------------------------------------------------------------ tests


@on_report("tests told in full", 3)
def tests(case: ReviewCase) -> Check:
    """Check each test's section for verdict, fidelity, estimate, interval, seeds and registered hash."""
    lacking = []
    for test in case.facts.tests:
        section_text = markdown.folded(markdown.readable(_section(case, test)))
        missing = [what for what, text in _essentials(test) if text not in section_text]
        lacking += [f"run {test.run_id} ({', '.join(missing)})"] if missing else []
    total = len(case.facts.tests)
    evidence = f"{total - len(lacking)} of {counted(total, 'test')} told with all that carries it{named(lacking)}"
    return sworn("tests told in full", 3, total - len(lacking), total, evidence, "no claim was tested")


def _section(case: ReviewCase, test: VerdictView) -> str:
    return markdown.section(case.report, f"### Run {test.run_id}")


def _essentials(test: VerdictView) -> Iterator[tuple[str, str]]:
    yield "verdict", test.verdict
    yield "fidelity", f"fidelity {test.fidelity}"
    yield "hash", test.spec_hash
    if registered_rule(test).get("statistic", "mean") == "count":
        return
    if test.estimate is not None:
        yield "estimate", _signed(test.estimate)
        yield "seeds", f"{test.seeds} seed"
    low, high = test.ci
    if low is not None and high is not None:
        yield "interval", f"[{_signed(low)}, {_signed(high)}]"


def _signed(value: float) -> str:
    text = f"{value:+.2f}".replace("-", "−")
    return text if text.strip("+−0.") else text.lstrip("+−")


@on_report("deviations told", 2)
def deviations(case: ReviewCase) -> Check:
    """Check that every registered deviation of a test stands in its section."""
    wanted = [(test, text) for test in case.facts.tests for text in test.spec.get("deviations", [])]
    sections = {test.run_id: markdown.folded(markdown.readable(_section(case, test))) for test in case.facts.tests}
    hidden = [f"run {t.run_id}: {text}" for t, text in wanted if markdown.folded(text) not in sections[t.run_id]]
    good = len(wanted) - len(hidden)
    evidence = f"{good} of {counted(len(wanted), 'registered deviation')} told{named(hidden, 1)}"
    return sworn("deviations told", 2, good, len(wanted), evidence, "no deviation is registered")


@on_report("unfinished runs told", 1)
def unfinished(case: ReviewCase) -> Check:
    """Check that a run that gave no verdict is not passed over."""
    runs = [run for run in case.facts.runs if run.state != "done"]
    text = markdown.readable(case.report)
    silent = [f"run {run.id}" for run in runs if f"Run {run.id} of claim {run.claim}" not in text]
    good = len(runs) - len(silent)
    evidence = f"{good} of {counted(len(runs), 'run')} without a verdict told{named(silent)}"
    return strict("unfinished runs told", 1, good, len(runs), evidence, "every run gave a verdict")


# -------------------------------------------------------------------------------------------------- the whole


@on_report("numbers are in the database", 3)
def numbers(case: ReviewCase) -> Check:
    """Check that every number that the report states itself is one of the database's, or follows from them."""
    printed = list(dict.fromkeys(markdown.numbers(case.report)))
    strange = markdown.unexplained(printed, known(case))
    good = len(printed) - len(strange)
    evidence = f"{good} of {counted(len(printed), 'different number')} in the report found{named(strange, 5)}"
    return sworn("numbers are in the database", 3, good, len(printed), evidence, "the report states no number")


@on_report("references are the papers'", 2)
def references(case: ReviewCase) -> Check:
    """Check that the references have every included paper, and no address that is none of theirs."""
    text, papers = markdown.section(case.report, REFERENCES), case.facts.cited
    titles = markdown.folded(markdown.readable(text))
    lost = [paper.title for paper in papers if markdown.folded(paper.title) not in titles]
    known = [value for paper in papers for value in _identifiers(paper)]
    invented = [address for address in markdown.addresses(text) if not any(value in address.lower() for value in known)]
    lines = sum(line.startswith("- ") for line in text.splitlines())
    more = max(0, lines - len(papers))
    wrong, total = lost + invented, len(papers) + len(invented)
    evidence = (
        f"{len(papers) - len(lost)} of {counted(len(papers), 'paper')} listed; "
        f"{counted(len(invented), 'address', 'addresses')} of no paper, {counted(more, 'line')} too many{named(wrong)}"
    )
    good = max(0, total - len(wrong) - (more if not invented else 0))
    return sworn("references are the papers'", 2, good, total, evidence, "there are no papers")


def _identifiers(paper: PaperView) -> list[str]:
    return [text.lower() for text in (paper.arxiv_id, paper.doi, paper.acl_id, paper.url) if text]


@on_report("incompleteness told", 2)
def incompleteness(case: ReviewCase) -> Check:
    """Check that an incomplete search is called so above everything else, and a complete one is not."""
    top = case.report.partition("## Abstract")[0]
    marked, complete = "INCOMPLETE" in top, bool(case.facts.search.complete)
    evidence = (
        f"the search is {'complete' if complete else 'incomplete'}; the top {'says' if marked else 'does not say'} so"
    )
    evidence = evidence if marked or not complete else "the search is complete; the top says nothing else"
    wrong = marked == complete
    return Check("incompleteness told", 0 if wrong else 2, 2, evidence, breach=wrong)


@on_report("question addressed", 1)
def answered(case: ReviewCase) -> Check:
    """Check that the question stands in the report, and a section answers it or says that it stays open."""
    question = markdown.folded(case.facts.search.question)
    there = [
        question in markdown.folded(markdown.readable(case.report)),
        bool(markdown.section(case.report, "## Answer").strip()),
        bool(markdown.section(case.report, "## 4 Limitations").strip()),
    ]
    evidence = f"{sum(there)} of 3: the question, an answer, limitations"
    return strict("question addressed", 1, sum(there), 3, evidence, "")


def grade(case: ReviewCase, claim: FullClaimView) -> int | None:
    """Grade by the report's own mark of the claim.

    None where no report was rendered or the claim is not in it.
    """
    marks = {row[0]: row[1] for row in _table(case.report)} if case.report else {}
    return MARKS.get(marks.get(markdown.folded(claim.text), ""))


CHECKS = [
    claims,
    counts,
    conflicts,
    quotes,
    tests,
    deviations,
    unfinished,
    numbers,
    references,
    incompleteness,
    answered,
]
