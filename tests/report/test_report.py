"""The whole report: its headings, its cases, and what must never happen in it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from synth.core.errors import UsageError
from synth.report import format_names, render
from synth.report.facts import Facts
from synth.report.formats.md import DETAILED
from synth.report.markdown import plain
from synth.report.marks import PER_PAPER
from synth.report.review import review_all
from synth.store.database import Store
from synth.store.rows.runs import RunView
from tests.report import made_up

PARSER = MarkdownIt("commonmark").enable("table")
HEADINGS = [
    "## Abstract",
    "## Answer",
    "## 1 Introduction",
    "## 2 Methodology",
    "## 3 Results",
    "## 4 Limitations",
    "## 5 Extracted Claims",
    "## References",
    "## Tested claims",
    "## Claims in detail",
    "## Search record",
    "## Review",
    "## How to repeat this",
]
APPENDIX = "## Appendix: further findings"


def rendered(facts: Facts) -> str:
    text = render(facts, review_all(facts))
    headings = [line for line in text.splitlines() if line.startswith("## ")]
    assert [line for line in headings if line != APPENDIX] == HEADINGS
    assert "?." not in text.split("## Tested claims")[0]
    assert "None" not in text
    return text


def section(text: str, heading: str) -> str:
    return text.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]


def claims_table(text: str) -> list[list[str]]:
    return _table_of(section(text, "5 Extracted Claims"))


def _table_of(text: str) -> list[list[str]]:
    rows, row = [], None
    for token in PARSER.parse(text):
        if token.type == "tr_open":
            row = []
            rows.append(row)
        elif token.type == "tr_close":
            row = None
        elif token.type == "inline" and row is not None:
            row.append("".join(c.content for c in token.children or []))
    return rows


def test_the_top_is_that_of_the_known_reports(full: Facts) -> None:
    text = rendered(full)
    assert text.startswith(
        "# Effect of Feeding the Test Teapot on the Accuracy of Invented Kettles\n\nAssignee Research\n\n"
        "November 21, 2026\n\n## Abstract\n"
    )
    assert (
        "This paper examines: Effect of Feeding the Test Teapot on the Accuracy of Invented Kettles. "
        "Research question: Does feeding the test teapot improve the accuracy of invented kettles?\n"
    ) in text
    assert re.search(
        r"3 papers retrieved\. 3 claims extracted; 0 independently verified\. Quality review score: \d\.\d/10\.", text
    )
    assert "0 verified, 2 contradicted (1 by a run, 1 by other papers), 1 not decided." in section(text, "3 Results")
    assert claims_table(text)[0] == ["Claim", "Verified", "By", "Confidence"]
    assert claims_table(text)[1] == [made_up.CLAIMS[0][0], "×", "run 1 (synthetic); papers say otherwise", "0.81"]
    assert claims_table(text)[2] == [made_up.CLAIMS[1][0], "×", "1 paper", "0.12"]
    assert claims_table(text)[3] == [made_up.CLAIMS[2][0], "–", "–", "–"]


def test_every_paper_is_referenced_and_no_address_is_made_up(full: Facts) -> None:
    lines = section(rendered(full), "References").strip().splitlines()
    assert lines == [
        "- <http://arxiv.org/abs/2001.00001> A. Made-Up and B. Invented (2020). On Test Teapots.",
        "- <https://doi.org/10.1234/kettle> A. Made-Up and B. Invented (2020). Kettles Revisited.",
        "- A. Made-Up and B. Invented (2020). Digest: Pots. Read as a digest, not the original. "
        "Digest of a made-up paper. No address known; file three.pdf.",
    ]


def test_a_test_is_told_with_everything_that_carries_it(full: Facts) -> None:
    told = section(rendered(full), "Tested claims")
    for words in (
        "increase of 8.2 points",
        "−6.00 points, 95% interval \\[−7.24, −4.76\\], 3 seeds",
        "**direction contradicted** at fidelity synthetic. Reason:",
        "untuned 35.0 against chance 0.2",
        "control scoring rule accuracy (cosine)",
        "36.0 (35.0 to 37.0)",
        "model: tiny instead of large",
        full.tests[0].spec_hash,
        "registered 2026-01-02 04:00:00",
        "torch 2.13.0",
        "synth verify --claim 1 --experiment made-up --fidelity synthetic --seeds 3",
        "(pictures/run-1-estimate.svg)",
    ):
        assert words in told


def test_the_languages_are_ordered_by_their_distance(full: Facts) -> None:
    rows = _table_of(section(rendered(full), "Tested claims"))
    start = next(i for i, row in enumerate(rows) if row[0] == "Language")
    assert [row[:2] for row in rows[start : start + 4]] == [
        ["Language", "Distance"],
        ["near", "0.00"],
        ["middle", "0.25"],
        ["far", "0.75"],
    ]


def test_an_unknown_format_names_what_exists(full: Facts) -> None:
    assert format_names() == ["html", "md", "pdf"]
    with pytest.raises(UsageError) as error:
        render(full, [], "docx")
    assert "md" in error.value.do


# ------------------------------------------------------------------------------------------- thin searches


def thin(
    path: Path, *, papers: bool = True, claims: bool = True, complete: bool = True, run: dict | None = None
) -> Facts:
    store = Store(path)
    with store.session() as s:
        search = made_up.add_search(s, papers=papers, complete=complete)
        if claims:
            made_up.add_claims(s, search)
        if run is not None:
            made_up.add_run(s, **run)
    store.close()
    return made_up.facts_of(store)


def test_nothing_found(path: Path) -> None:
    text = rendered(thin(path, papers=False, claims=False))
    assert "gave no paper that could be used" in text
    assert "No answer: no paper was found that could be used." in section(text, "Answer")
    assert "0 papers retrieved. 0 claims extracted; 0 independently verified." in text


def test_papers_without_claims(path: Path) -> None:
    text = rendered(thin(path, claims=False))
    assert "No finding was found in the papers." in text
    assert "No answer: no finding was recognised in the papers." in section(text, "Answer")


def test_no_run(path: Path) -> None:
    text = rendered(thin(path))
    assert "No claim was tested by experiment." in text
    assert "Measured here" not in section(text, "Answer")
    assert "An experiment that fits claim 1 was not run." in text


def test_only_an_inconclusive_run(path: Path) -> None:
    changes = {"estimate": None, "ci_low": None, "ci_high": None, "reason": "The run measured nothing"}
    text = rendered(thin(path, run={"passed": False, "verdict": "inconclusive", **changes}))
    assert "open: it measured nothing that can be compared." in section(text, "Answer")
    assert "not passed; untuned model near chance." in text
    assert "decided by experiment" not in text
    assert claims_table(text)[1][1] == "✓"  # the literature decides where no reproduction did


def test_an_incomplete_search_says_so_at_the_top(path: Path) -> None:
    text = rendered(thin(path, complete=False))
    top = text.split("## Abstract")[0]
    assert "INCOMPLETE" in top
    assert "arXiv answered 503 five times. Run the same command again in an hour." in top
    assert "**INCOMPLETE**" in section(text, "Search record")
    assert "synth search 'Does feeding" in text


def test_a_complete_search_has_no_banner(full: Facts) -> None:
    assert "INCOMPLETE" not in rendered(full)


def test_claims_that_share_no_word_with_the_question_are_no_answer(full: Facts) -> None:
    claims = made_up.changed(full.claims, 1, text="Gazebos outperform pergolas.")
    assert "Gazebos" not in section(rendered(replace(full, claims=claims)), "Answer")


def test_a_claim_on_which_papers_disagree_is_told_with_both_sides(path: Path) -> None:
    told = section(rendered(thin(path)), "Answer")
    assert "- The invented kettle is better than the made-up pot: 1 paper for, 1 against (probability 0.12)." in told
    assert (
        "  - Against: “We saw what bears on claim 1.” ([Kettles Revisited](<https://doi.org/10.1234/kettle>)," in told
    )


def test_no_limit_is_said_twice(full: Facts) -> None:
    text = rendered(full)
    assert text.count("never its size") == 1
    assert text.count("which miss paraphrases") == 1


def test_what_reports_a_result_and_what_was_retracted_stand_apart(full: Facts) -> None:
    claim = full.claims[0]
    reported = replace(claim.evidence[0], relation="reported", text="They found 8.2 points.", passage=77)
    retracted = replace(claim.evidence[0], relation="retracted", text="So did we.", passage=78)
    evidence = (*claim.evidence, reported, retracted)
    claims = made_up.changed(full.claims, evidence=evidence, reported_by=1)
    told = section(rendered(replace(full, claims=claims)), "Claims in detail")
    assert "- Reported by 1 other paper, which decides nothing.\n" in told
    assert "- Reported: “They found 8.2 points.” — [Kettles" in told
    assert "- In a retracted paper, which decides nothing: “So did we.” — " in told
    assert "- For (other paper, probability 0.80): “We saw what bears on claim 0.”" in told
    assert "- Conflict: run 1 contradicts it, papers say otherwise." in told


def test_a_table_that_speaks_for_a_claim_is_told_with_row_and_column(path: Path) -> None:
    store = Store(path)
    with store.session() as s:
        made_up.add_claims(s, made_up.add_search(s))
        made_up.add_cells(s)
    store.close()
    told = section(rendered(made_up.facts_of(store)), "Claims in detail")
    assert (
        "- For (same paper, probability 0.95): row “fed”, column “kettles”: 91.4; row “hungry”, column “kettles”: 83.2 "
        "— [On Test Teapots](<http://arxiv.org/abs/2001.00001>), Table 3, p. 3, quote " in told
    )
    assert "(91.4 − 83.2 = 8.2)" in told


def test_sentences_on_method_are_no_findings(path: Path) -> None:
    store = Store(path)
    with store.session() as s:
        method = ("We fed every kettle for 10 days.", "method", "no evidence", None)
        made_up.add_claims(s, made_up.add_search(s), (*made_up.CLAIMS, method))
    store.close()
    text = rendered(made_up.facts_of(store))
    assert "We fed every kettle" not in text
    assert "left out (1 here; `synth claims --kind method` lists them)" in text


def test_a_run_that_failed_is_told(path: Path) -> None:
    facts = thin(path)
    failed = RunView(9, 1, "made-up", "small", "failed", "No space", made_up.TIME)
    assert "Run 9 of claim 1 (made-up, small): failed. No space." in rendered(replace(facts, runs=[failed]))


def test_the_most_salient_findings_of_each_paper_stand_in_the_table_and_the_rest_in_the_appendix(path: Path) -> None:
    store = Store(path)
    with store.session() as s:
        more = tuple((f"Made-up claim number {i}.", "effect", "no evidence", None) for i in range(50))
        made_up.add_claims(s, made_up.add_search(s), more)
    store.close()
    text = rendered(made_up.facts_of(store))
    assert len(claims_table(text)) == 1 + 2 + PER_PAPER  # two of the first paper, the others of the second
    assert text.count("### Claim ") == 2 + PER_PAPER
    assert "33 more findings stand in the [appendix](#appendix-further-findings)." in text
    appendix = _table_of(section(text, "Appendix: further findings"))
    assert [len(row) for row in appendix] == [5] * 34
    assert appendix[1] == ["18", "Made-up claim number 17.", "–", "–", "–"]


def test_of_many_papers_the_most_salient_findings_are_told_in_detail(full: Facts) -> None:
    claims = [replace(full.claims[2], id=n, paper=n % 3 + 1, text=f"Pots are {n}.") for n in range(1, DETAILED + 6)]
    text = str(render(replace(full, claims=claims, tests=[], runs=[]), []))
    assert text.count("### Claim ") == DETAILED
    assert "Claims 41–45, less salient: `synth show claim N` tells each in the same detail." in text


# ----------------------------------------------------------------------------------------- hostile content

HOSTILE = [
    "a | b | c",
    "<script>alert('x')</script>",
    "[link](javascript:alert(1)) ![p](x)",
    "**bold** _it_ `code` ~~x~~ $\\frac{1}{2}$ \\",
    "line one\nline two\r\n\n# heading\n| x | y |",
    "דוגמה של טקסט \u202e מימין לשמאל",
    "{{ 7 * 7 }} {% raw %}",
    "word " * 1000,
]


def with_text(facts: Facts, text: str) -> Facts:
    """The facts with `text` in every place that comes from outside."""
    words = {"quote": text, "paper_title": text, "text": ""}
    claims = [
        replace(
            claim,
            text=text,
            paper_title=text,
            sources=tuple(replace(source, **words) for source in claim.sources),
            evidence=tuple(replace(row, **words, note=text) for row in claim.evidence),
        )
        for claim in facts.claims
    ]
    papers, excluded = (
        [replace(paper, title=text, comment=text, text_reason=text) for paper in works]
        for works in (facts.papers, facts.excluded)
    )
    queries = tuple(replace(query, query=text, error=text, warnings=(text,)) for query in facts.search.sources)
    tests = [replace(test, reason=text, deviations=(text,)) for test in facts.tests]
    search = replace(facts.search, sources=queries, question=text)
    changed = {"claims": claims, "papers": papers, "excluded": excluded, "search": search, "tests": tests}
    return replace(facts, title=text, **changed)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_breaks_nothing(full: Facts, text: str) -> None:
    _check_whole(render(with_text(full, text), []), full, text)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(min_size=1).filter(lambda t: plain(t)))
def test_any_text_breaks_nothing(full: Facts, text: str) -> None:
    _check_whole(render(with_text(full, text), []), full, text)


def _check_whole(report: str, full: Facts, text: str) -> None:
    headings = [line for line in report.splitlines() if line.startswith("## ")]
    assert headings == HEADINGS
    rows = claims_table(report)
    assert [len(row) for row in rows] == [4] * (1 + len(full.claims))
    isolates = "\u2068\u2069"
    assert {row[0].strip(isolates) for row in rows[1:]} == {plain(text).strip(isolates)}  # whole, and as itself
    tokens = PARSER.parse(report)
    inline = [child for token in tokens for child in token.children or []]
    assert not [t for t in [*tokens, *inline] if t.type.startswith("html")]
    assert {t.attrs["src"] for t in inline if t.type == "image"} <= {
        "pictures/flow.svg",
        "pictures/forest.svg",
        "pictures/run-1-distance.svg",
        "pictures/run-1-estimate.svg",
        "pictures/run-1-languages.svg",
    }
    links = [str(t.attrs["href"]) for t in inline if t.type == "link_open"]
    assert all(href.startswith(("#", "http://arxiv.org/", "https://doi.org/")) for href in links)


def test_every_link_inside_the_report_has_its_heading(path: Path) -> None:
    store = Store(path)
    with store.session() as s:
        more = [(f"Made-up kettle claim number {i}.", "effect", "grounded", 0.6) for i in range(DETAILED)]
        near = ("The test teapot improves the accuracy of invented kettles.", "effect", "corroborated", 0.7)
        made_up.add_claims(s, made_up.add_search(s), [*more, near])
        made_up.add_run(s)
    store.close()
    text = rendered(made_up.facts_of(store))
    anchors = set(re.findall(r"\]\(#([a-z0-9-]+)\)", text))
    lines = [line.lstrip("# ").lower() for line in text.splitlines() if line.startswith("##")]
    headings = {re.sub("[^a-z0-9 -]", "", line).replace(" ", "-") for line in lines}
    assert f"claim-{DETAILED + 1}" in anchors  # beyond the most salient ones, but named in the answer
    assert anchors <= headings


# ----------------------------------------------------------------------------------------------- quotes


def test_a_quote_that_the_pdf_does_not_give_back_is_not_shown(path: Path) -> None:
    store = Store(path)
    with store.session() as s:
        made_up.add_claims(s, made_up.add_search(s))
    store.close()
    facts = made_up.facts_of(store, lambda path, sha256, quotes: [path != "two.pdf"] * len(quotes))
    text = rendered(facts)
    assert "We saw what bears on" not in text
    assert "The quote was not found again in the PDF and is not shown." in text
    assert "2 of 5 quotes were found again" in text


def test_a_title_can_be_given(path: Path) -> None:
    store = Store(path)
    with store.session() as s:
        made_up.add_search(s)
    store.close()
    assert made_up.facts_of(store, title="My Own").title == "My Own"
