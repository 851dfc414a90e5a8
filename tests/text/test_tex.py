r"""TeX to Unicode: accents of every form, signs, formulas; what is none stays; what is not known is named."""

# ruff: noqa: E501 (cases stand on one line each)
from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.text.markup.tex import decode, decode_traces

CASES = {
    r"Jos\'e Garc\'ia and Fran\c cois Dupont": "José García and François Dupont",
    r"Le caf\'e au lait \`a Paris": "Le café au lait à Paris",
    r"\'{e} {\'e} {\'{e}} Garc\'\i a {\'\i} \'{\i} \v{c} \v c \H{o} \k{a} \r{a} \u{g} \.I \=a \d{h} \c{C}": "é é é García í í č č ő ą å ğ İ ā ḥ Ç",
    r"{\ss} \ss{} stra\ss e {\o} S{\o}ren \aa ngstr\"om {\L}ukasz \ae \OE{} na\"{\i}ve \dh \th": "ß ß straße ø Søren ångström Łukasz æŒ naïve ðþ",
    r"5 {\textmu}m at 20 {\textdegree}C: 3 {\texttimes} 4 {\textpm} 2 {\textperthousand}": "5 µm at 20 °C: 3 × 4 ± 2 ‰",
    r"5 \textmu m, 20 \textdegree C, 3 \times 4, 5 \pm 2, \alpha helix": "5 µm, 20 °C, 3 × 4, 5 ± 2, α helix",
    r"$\alpha$-helix at 37$^\circ$C, $\le 5$, $\sim$10, 5$\times$10$^{-3}$": "α-helix at 37°C, ≤ 5, ∼10, 5×10⁻³",
    r"H$_2$O, R$^2$, $10^6$, m$^{-1}$, Ca$^{2+}$, 1$^{st}$, $x_1$": "H2O, R², 10⁶, m⁻¹, Ca2+, 1st, x1",
    r"\textsuperscript{13}C, CO\textsubscript{2}, m\textsuperscript{2}": "¹³C, CO2, m²",
    r"$\frac{a}{b}$ $\sqrt{x+1}$ $\mathbb{R}$ $\mathcal{L}$ $O(n \log n)$": "a/b √(x+1) ℝ L O(n log n)",
    r"\emph{a} \textbf{b} {\it c} {\em d} \textsc{e} \mbox{f} \texorpdfstring{$x$}{g}": "a b c d e f g",
    r"a \& b \% c \$5 \_ \{x\} \# \LaTeX{} \TeX": "a & b % c $5 _ {x} # LaTeX TeX",
    r"E.~coli, 5\,kg, \href{http://a.b}{text}, \SI{5}{\micro\metre}": "E. coli, 5\u2009kg, text, 5\u00a0µm",
    r"\(x^2\) and $k$-means": "x² and k-means",
    r"{\tt a} {\sc b} {\bf c \em d} \textsl{e} \emph {f} \textbf{\emph{g} h} \hl{i} \textls[50]{j} \acro{k}": "a b c d e f g h i j k",
    r"Code at \url{https://a.org/b_c%20d~e} or \url{a.org/\%7E\_x}, \path|d_e~f|, \verb+g~{h+": "Code at https://a.org/b_c%20d~e or a.org/%7E_x, d_e~f, g~{h",
    r"\href{https://a.org/x_y~z%20}{our \emph{page}} and \url{https://a.org/{x}}": "our page and https://a.org/{x}",
    r"A\footnote{With \emph{code} at \url{a.org/~b}.} title\footnotemark[1] here\footnotetext[1]{Done at Home.}": "A (With code at a.org/~b) title here (Done at Home)",
    r"\emph{Trans}fer: hy\-phen, 100\,000~km, ``q'', \eg this\\[2pt]and": "Transfer: hyphen, 100\u2009000 km, “q”, e.g. this and",
    r"$5\,\mu\mathrm{m}$, 10$\,$kg, ${}^{13}$C, $\chi^2$-test, \copyright, \pounds 5": "5 µm, 10\u2009kg, ¹³C, χ²-test, ©, £ 5",
}  # fmt: skip


@pytest.mark.parametrize("tex", CASES)
def test_what_commands_stand_for(tex):
    assert decode(tex) == (CASES[tex], [])
    assert decode_traces(tex) == CASES[tex]


@pytest.mark.parametrize(
    ("tex", "text"),
    [("{BERT}: {P}re-training", "BERT: Pre-training"), ("``a'' -- b --- c", "“a” – b — c"), ("?`Que", "¿Que"), ("a~b", "a b")],
)  # fmt: skip
def test_what_only_text_known_to_be_tex_means(tex, text):
    assert decode(tex) == (text, [])


@pytest.mark.parametrize(
    "text",
    ["for $5 or $10", "costs $5", "100% of a & b", "C:\\new\\folder", "set {a, b}", "x_1 and y^2", "``a'' -- b~c", "US$ 5", "\\foo{bar}", "$\\unknownx_2$"],
)  # fmt: skip
def test_text_that_may_be_no_tex_stays(text):
    assert decode_traces(text) == text


def test_escaped_quotation_marks_and_apostrophes_are_no_accents():
    assert decode_traces(r"don\'t say \"one\" again") == 'don\'t say "one" again'


@pytest.mark.parametrize(
    ("tex", "text", "unknown"),
    [
        (r"\foo{bar} baz", "bar baz", ["\\foo"]),
        (r"a \thanks{NSF} b", "a  b", ["\\thanks"]),
        (r"a \url{b~c", "a b c", []),
        (r"of $\myloss_2$", r"of $\myloss_2$", ["\\myloss"]),
    ],
)
def test_unknown_commands_are_named_and_lose_no_text(tex, text, unknown):
    assert decode(tex) == (text, unknown)


@given(st.text(st.characters(exclude_characters="\\{}$~`'-^_", exclude_categories=["Cs"]), max_size=60))
def test_text_without_tex_stays_what_it_is(text):
    assert decode(text) == (text, [])
    assert decode_traces(text) == text


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "\\",
                "{",
                "}",
                "$",
                "^",
                "_",
                "\\'",
                "\\frac",
                "\\begin",
                "\\(",
                "\\)",
                "\\url",
                "\\footnote",
                "|",
                "a",
                " ",
                "\\i",
                "\\sqrt[",
            ]
        )
    ).map("".join)
)
def test_nothing_breaks_it(text):
    for found in (decode(text)[0], decode_traces(text)):
        assert unicodedata.is_normalized("NFC", found)


@pytest.mark.parametrize(
    "piece",
    ["{", "\\'", "$", "$x", "\\(", "\\frac", "\\begin{a}", "^", "\\'{", "$a_{", "\\url{", "\\verb|", "\\url{a}"],
)
def test_long_text_takes_little_time(piece):
    before = time.process_time()
    decode(piece * 20_000)
    decode_traces(piece * 20_000)
    assert time.process_time() - before < 10
