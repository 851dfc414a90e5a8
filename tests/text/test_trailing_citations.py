"""Citations behind a full stop belong to the sentence that they stand behind."""

from __future__ import annotations

import time

import pytest

from synth.text.trailing_citations import STOP, citation_end, trailing_citation, without_trailing_citation

CITED = [
    "[9]",
    "[9, 12–14]",
    " [9, 12–14]",
    "[9], [10]",
    "[9]–[11]",
    "[9,p. 5]",
    "(9)",
    "(9, 12–14)",
    "¹⁻³",
    "⁴,⁵",
    "1-3",
    "[SKB+19]",
    " [SKB19, Dev20]",
    "(Okello et al., 2020)",
    " (Okello et al., 2020)",
    " [Okello et al., 2020]",
    " (see Okello and van der Berg, 2020a; Testová & Sample 2019, p. 12)",
]


@pytest.mark.parametrize("cited", CITED)
def test_a_citation_behind_the_stop_is_taken_off_the_end(cited):
    text = "Our naps improved the recall over coffee."
    assert trailing_citation(text + cited) == cited
    assert without_trailing_citation(text + cited) == text


@pytest.mark.parametrize(
    "text",
    [
        "Our naps improved the recall [9].",
        "Our naps improved the recall (Okello et al., 2020).",
        "Our naps improved the recall by 3.2",
        "We say so. (We saw this in May 2020.)",
        "We say so. (Table 2, 2020)",
        "We say so. (2020)",
        "We do one thing. (1)",
        "It is in version v.2",
    ],
)
def test_what_is_no_citation_behind_the_stop_stays(text):
    assert trailing_citation(text) == ""
    assert without_trailing_citation(text) == text


@pytest.mark.parametrize("tail", ["[9]" * 5000 + "x", "[9" + ",9" * 20_000, "." * 20_000, "(9" * 5000])
def test_endless_brackets_take_linear_time(tail):
    text = f"It rose.{tail}"
    start = time.process_time()
    trailing_citation(text)
    for match in STOP.finditer(text):
        citation_end(text, match.end())
    assert time.process_time() - start < 2
