"""Data is shown as itself: it never becomes markup."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from synth.core.mark import Axis
from synth.report.markdown import Md, autolink, code, link, md, plain, web
from synth.report.marks import standing
from synth.store.rows.claims import ClaimView, GroundsView
from tests.blank import blank

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
AWKWARD = st.text(
    alphabet=st.sampled_from("ab |\\`*_[]()<>#+-=~$&;!1.:\n\t\r\u2028\u202e\u05d0\u0627:/\"'"), max_size=40
)


def shown(markdown: str) -> str:
    """The text that a reader sees, with every inline mark-up but plain text refused."""
    tokens = PARSER.parse(markdown)
    inline = [token for token in tokens if token.type == "inline"]
    assert len(inline) <= 1
    children = inline[0].children if inline else []
    assert {child.type for child in children} <= {"text", "text_special"}
    return "".join(child.content for child in children)


@given(AWKWARD | st.text())
def test_any_text_is_shown_as_itself(text: str) -> None:
    visible = shown(md(text)).strip("\u2068\u2069")
    assert visible == plain(text).strip("\u2068\u2069")


@given(AWKWARD | st.text(), AWKWARD)
def test_any_text_stays_in_its_table_cell(text: str, other: str) -> None:
    table = f"| a | b |\n|---|---|\n| {md(text)} | {md(other)} |\n"
    cells = [t for t in PARSER.parse(table) if t.type == "td_open"]
    assert len(cells) == 2


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a | b", "a &#124; b"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("[x](javascript:y)", "\\[x\\](javascript:y)"),
        ("two\nlines", "two lines"),
        ("# no heading", "\\# no heading"),
        ("1. no list", "1\\. no list"),
        ("-1.2 points", "-1.2 points"),
        ("$\\alpha_1$", "\\$\\\\alpha\\_1\\$"),
        ("&lt;", "&amp;lt;"),
        ("see https://example.org/some_page", "see https\\://example.org/some\\_page"),
        ("see (HTTP://example.org)", "see (HTTP\\://example.org)"),
        ("WWW.example.org and www.example.org", "WWW\\.example.org and www\\.example.org"),
        ("awww. and shttp://x", "awww. and shttp://x"),
    ],
)
def test_escaping(text: str, escaped: str) -> None:
    assert md(text) == escaped


def test_what_is_markdown_already_is_left_alone() -> None:
    assert md(Md("**bold**")) == "**bold**"


def test_direction_of_text_does_not_leak() -> None:
    assert md("\u202eabc") == "abc"
    assert md("שלום") == "\u2068שלום\u2069"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "", "http://", "http://[", "not one"])
def test_what_is_no_web_address_is_not_linked(address: str) -> None:
    assert web(address) == ""
    assert autolink(address) == ""
    assert link("words", address) == "words"


def test_an_address_cannot_end_its_link() -> None:
    assert web("https://x.org/a>b|c d") == "https://x.org/a%3Eb%7Cc%20d"


@given(st.text())
def test_a_block_of_code_holds_any_text(text: str) -> None:
    (block,) = PARSER.parse(code(f"synth {text}"))
    assert block.type == "fence"


def test_a_probability_beside_a_run_is_the_papers():
    run = GroundsView(Axis.RUN, 0, "run 1", "published")
    claim = blank(ClaimView, by=run, verified=True, confidence=0.63)
    assert standing(claim) == "Verified by run 1 (published); by the papers alone: probability 0.63."
    assert standing(replace(claim, confidence=None)) == "Verified by run 1 (published)."
