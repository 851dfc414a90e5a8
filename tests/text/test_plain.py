"""Markup of publishers to plain characters: tags, entities escaped twice, MathML, scripts; comparisons stay."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.sources import fields
from synth.sources.providers import acl, arxivdump, crossref, openalex, semanticscholar
from synth.text.markup import plain

CASES = {
    "H<sub>2</sub>O and x<sup>2</sup>": "H2O and x2",
    "10<sup>6</sup> cells, 2 × 10<sup>−3</sup>, cm<sup>-1</sup>, <sup>13</sup>C, 21<sup>st</sup>, V<sub>max</sub>": (
        "10⁶ cells, 2 × 10⁻³, cm⁻¹, ¹³C, 21st, Vmax"
    ),
    "H<sub>2</sub>O &amp;amp; &lt;i&gt;E. coli&lt;/i&gt;": "H2O & E. coli",
    "a &lt; b, p&lt;0.05 and c &gt; d": "a < b, p<0.05 and c > d",
    "a&lt;b and c&gt;d": "a<b and c>d",
    "List<String> of vector<int>": "List<String> of vector<int>",
    "caf&eacute; &#233; &#xe9; TNF-&#x3b1; AT&T": "café é é TNF-α AT&T",
    "<scp>BERT</scp> <span class='nocase'>x</span>-<i>y</i>, z": "BERT x-y, z",
    "<jats:p>One <jats:italic>two</jats:italic>.</jats:p><jats:p>Three</jats:p>": " One two.  Three ",
    "<b>Background</b>We ask. <b>Methods:</b> none": "Background We ask. Methods: none",
    "<mml:math><mml:msup><mml:mi>x</mml:mi><mml:mn>2</mml:mn></mml:msup></mml:math> grows": "x² grows",
    "<script>alert(1)</script>T": " T",
    "soft\u00adhyphen, zero\u200bwidth, e\u0301, turned\u202e": "softhyphen, zerowidth, é, turned",
    "<!-- no -->T<br/>U": " T U",
    '\\emph{transfer} with na\\"ive filters \\& 5\\% of H$_2$O': "transfer with naïve filters & 5% of H2O",
}


@pytest.mark.parametrize("text", CASES)
def test_markup_becomes_text(text):
    assert plain(text) == CASES[text]


def test_tex_may_be_left_alone():
    assert plain("\\emph{a} &amp; b", tex=False) == "\\emph{a} & b"


@given(st.text(max_size=80))
def test_it_gives_composed_text_for_any(text):
    assert unicodedata.is_normalized("NFC", plain(text))


@given(st.text(st.characters(exclude_characters="<&\\${}", categories=["L", "N", "Zs", "Po"]), max_size=60))
def test_text_without_markup_stays(text):
    assert plain(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    "piece", ["<", "<a ", "<a b=", "&amp;", "<sub>", "<math>", "<!--", "<script>", "</script><script>"]
)
def test_long_markup_takes_little_time(piece):
    before = time.process_time()
    plain(piece * 20_000)
    assert time.process_time() - before < 5


MARKED = "On \\emph{H}<sub>2</sub>O &amp;amp; caf\\'e"
TOLD = "On H2O & café"


@pytest.mark.parametrize(
    ("as_record", "work"),
    [
        (crossref.as_record, {"DOI": "10.1000/x", "title": [MARKED], "abstract": MARKED}),
        (openalex.as_record, {"id": "https://openalex.org/W1", "display_name": MARKED}),
        (semanticscholar.as_record, {"paperId": "a" * 40, "title": MARKED, "abstract": MARKED}),
        (acl.as_record, {"id": "P19-1493", "title": MARKED, "abstract": MARKED}),
        (arxivdump.as_record, {"id": "2005.13013", "title": MARKED, "abstract": MARKED}),
    ],
)
def test_every_source_gives_plain_titles_and_abstracts(as_record, work):
    record = as_record(work)
    assert record.title == TOLD
    assert record.abstract in ("", TOLD)


def test_an_abstracts_heading_goes():
    assert fields.abstract("<jats:title>Abstract</jats:title><jats:p>We ask.</jats:p>") == "We ask."
