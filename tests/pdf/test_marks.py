"""Raised figures: exponents stay, marks of notes and citations go, and no sentence end is lost with them."""

from __future__ import annotations

import pymupdf
import pytest

from synth.pdf.document import build
from synth.pdf.extract import opened
from synth.pdf.guard import Limits
from synth.pdf.layout.rows import Row
from synth.pdf.text import flow
from synth.pdf.text.hyphens import Vocabulary

from .lines import line
from .sheets import FILL, Sheets, sentences


def shown(marked: str) -> str:
    """The text of a row in which ^{…} is raised and _{…} lowered, in small type."""
    plain, raised, lowered = "", [], []
    while (at := min((i for i in (marked.find("^{"), marked.find("_{")) if i >= 0), default=-1)) >= 0:
        inner, _, rest = marked[at + 2 :].partition("}")
        plain += marked[:at]
        (raised if marked[at] == "^" else lowered).append((len(plain), len(plain) + len(inner)))
        plain, marked = plain + inner, rest
    row = Row([line(plain + marked, 72, 100, raised=raised, lowered=lowered)])
    return flow.join([row], Vocabulary()).text


@pytest.mark.parametrize(
    ("marked", "text"),
    [
        ("to 10^{6} cells", "to 10⁶ cells"),
        ("by 2 × 10^{3} cells", "by 2 × 10³ cells"),
        ("3 × 10 ^{8} m", "3 × 10⁸ m"),
        ("1.5 × 10^{−3} of", "1.5 × 10⁻³ of"),
        ("P < 10^{-5}, so", "P < 10⁻⁵, so"),
        ("2^{8} = 256", "2⁸ = 256"),
        ("an R^{2} of 0.81", "an R² of 0.81"),
        ("χ^{2}(3) = 4", "χ²(3) = 4"),
        ("η^{2} = .14", "η² = .14"),
        ("heterogeneity I^{2} was", "heterogeneity I² was"),
        ("5 m^{2} of", "5 m² of"),
        ("12 cells/mm^{3} and", "12 cells/mm³ and"),
        ("20 kg m^{−2} s^{−1} in", "20 kg m⁻² s⁻¹ in"),
        ("(x + y)^{2} and", "(x + y)² and"),
        ("x_{i}^{2} and", "xi² and"),
        ("10^{n} and x^{k} and", "10ⁿ and x^k and"),
        ("Ca^{2+} and Na^{+} in", "Ca²⁺ and Na⁺ in"),
        ("of ^{13}C NMR", "of ¹³C NMR"),
        ("CO_{2} and H_{2}O", "CO2 and H2O"),
        ("χ^{2}_{12} = 4", "χ²₁₂ = 4"),
        ("the 2^{nd} and 37 ^{o}C", "the 2nd and 37 °C"),
        ("10⁶ and R² and 10⁻³", "10⁶ and R² and 10⁻³"),
    ],
)
def test_an_exponent_stays(marked, text):
    assert shown(marked) == text


@pytest.mark.parametrize(
    ("marked", "text"),
    [
        ("points.^{1-3} Coffee", "points. Coffee"),
        ("points.^{1–3,7} Coffee", "points. Coffee"),
        ("recall.^{7, 8} We", "recall. We"),
        ("coffee,^{9-11} and", "coffee, and"),
        ("in nurses^{3} and", "in nurses and"),
        ("(sleep)^{4} and", "(sleep) and"),
        ("“sleep”^{5} was", "“sleep” was"),
        ("Smith et al.^{12} found", "Smith et al. found"),
        ("in 2019^{7} the", "in 2019 the"),
        ("of 12%^{3} in", "of 12% in"),
        ("by 3.2^{5} points", "by 3.2 points"),
        ("at age 65^{12} and", "at age 65 and"),
        ("vitamin D^{3} is", "vitamin D is"),
        ("improved F1^{2} by", "improved F1 by"),
        ("We use GPT-4^{5} for", "We use GPT-4 for"),
        ("the model^{a} is", "the model is"),
        ("in Japan^{1,2,*}", "in Japan"),
        ("results.^{†} Then", "results. Then"),
        ("of 5 m^{2}.^{7} We", "of 5 m². We"),
        ("points.¹⁻³ Coffee", "points. Coffee"),
        ("recall.⁷,⁸ We and words² of", "recall. We and words of"),
    ],
)
def test_a_mark_is_left_out(marked, text):
    assert shown(marked) == text


HTML = (
    "Our stain increased the yield to 10<sup>6</sup> cells per sample. The fit reached an R<sup>2</sup> of 0.81. "
    "Our glass has 5 m<sup>2</sup> of area.<sup>4</sup> Our naps improved the recall by 3.2 points.<sup>1–3</sup> "
    "Coffee did not change it.<sup>7, 8</sup> Nobody slept at home in either of the two towns.<sup>[9]</sup> "
    "The tests were strict with P &lt; 10<sup>−5</sup> in the whole of the χ<sup>2</sup> family. "
)
SENTENCES = [
    "Our stain increased the yield to 10⁶ cells per sample.",
    "The fit reached an R² of 0.81.",
    "Our glass has 5 m² of area.",
    "Our naps improved the recall by 3.2 points.",
    "Coffee did not change it.",
    "Nobody slept at home in either of the two towns.[9]",
    "The tests were strict with P < 10⁻⁵ in the whole of the χ² family.",
]


@pytest.mark.parametrize("columns", [1, 2])
def test_raised_figures_in_a_pdf(tmp_path, columns):
    css = "* {font-family: serif; font-size: 10px;} sup {vertical-align: super; font-size: 6.5px;}"
    pdf = pymupdf.open()
    page = pdf.new_page(width=595, height=842)
    page.insert_text((72, 60), "A title of a paper on stains", fontsize=17)
    page.insert_text((72, 100), "1 Introduction", fontsize=13, fontname="hebo")
    for left in (72, 310)[:columns]:
        page.insert_htmlbox(pymupdf.Rect(left, 110, left + (451 if columns == 1 else 215), 780), 3 * HTML, css=css)
    pdf.save(tmp_path / "raised.pdf")
    with opened(str(tmp_path / "raised.pdf"), Limits()) as pdf:
        document = build(pdf.sha256, pdf.meta(), pdf.pages(), pdf.warnings)
        assert [item.text for item in document.passages] == 3 * columns * SENTENCES
        assert all(pdf.holds(item.spans, item.quote) for item in document.passages)
        assert "106 cells" in document.passages[0].quote


@pytest.mark.parametrize("mark", ["[9]", "(9)", "[9, 12-14]", " (Okello et al., 2020)", " [9], [10]"])
def test_a_citation_behind_the_stop_stands_in_the_quote_of_its_own_sentence(tmp_path, mark):
    first, second = f"Our naps improved the recall by 4.1 points.{mark}", f"Our tea improved it by 2.2 points.{mark}"
    sheets = Sheets()
    sheets.page()
    sheets.title()
    sheets.pour([(60, 130, 535, 760)], ["#Results", f"{FILL[0]} {first} {FILL[1]}", f"{FILL[2]} {second}"])
    document = sheets.read(tmp_path / "cited.pdf")
    assert sentences(document) == [FILL[0], first, FILL[1], FILL[2], second]
