"""Glyphs without a character: visible, counted, and a ligature only where exactly one makes a word."""

from __future__ import annotations

import pymupdf
import pytest

from synth.pdf.document import build
from synth.pdf.extract import opened
from synth.pdf.guard import Limits
from synth.pdf.text.glyphs import lost_pages, restore
from synth.pdf.text.hyphens import Vocabulary

CMAP = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def
1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfrange <20> <7E> <0020> endbfrange
1 beginbfchar <80> <FFFD> endbfchar endcmap end end"""


def read_again(text: str, *words: str) -> str:
    chars, places = list(text), [(1, at, at + 1) for at in range(len(text))]
    restore(chars, places, Vocabulary(["x " + " ".join(words)]))
    assert len(chars) == len(places)
    assert {place[1] for place in places if place} == set(range(len(text)))
    return "".join(chars)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Our �lter is ef�cient.", "Our filter is efficient."),
        ("a di�erent e�ect", "a different effect"),
        ("The \ue001rst one", "The first one"),
        ("su�cient con�dence", "sufficient confidence"),
        ("the �re", "the �re"),  # fire or tire
        ("the xq�zt", "the xq�zt"),
        ("by � 5 points", "by � 5 points"),
        ("\uf0b7 An item", "\uf0b7 An item"),  # a bullet of a font of signs
    ],
)
def test_only_the_one_ligature_that_makes_a_word_is_put_in(text, shown):
    assert read_again(text) == shown


def test_the_words_of_the_paper_count():
    assert read_again("the classi�er", "classifier") == "the classifier"


def test_lost_glyphs_in_words_are_counted_with_their_pages():
    said = lost_pages([(1, "Our �lter"), (2, "nothing lost"), (3, "a di�erent e�ect")])
    assert said.startswith("3 glyphs have no character inside words on page 1, 3")
    assert lost_pages([(1, "nothing lost at all")]) == ""
    assert lost_pages([(1, "a tall bracket � in a formula " * 2 + "x" * 300)]) == ""
    assert lost_pages([(1, "� � � x y")]).startswith("3 of 5 glyphs")


def test_a_font_that_names_no_ligature(tmp_path):
    pdf = pymupdf.open()
    page = pdf.new_page(width=595, height=842)
    page.insert_text((72, 80), "Filters in an odd type", fontsize=18, fontname="tibo")
    page.insert_text((72, 120), "1 Introduction", fontsize=13, fontname="tibo")
    umap, font, content = (pdf.get_new_xref() for _ in range(3))
    pdf.update_object(umap, "<<>>")
    pdf.update_stream(umap, CMAP)
    encoding = "<</Type/Encoding/BaseEncoding/WinAnsiEncoding/Differences[128/fi]>>"
    pdf.update_object(
        font, f"<</Type/Font/Subtype/Type1/BaseFont/Times-Roman/Encoding{encoding}/ToUnicode {umap} 0 R>>"
    )
    pdf.update_object(content, "<<>>")
    text = b"Our \x80lter improved the classi\x80cation accuracy by 2.2 points over the xq\x80zt of others."
    pdf.update_stream(content, b"q BT /Odd 11 Tf 1 0 0 1 72 150 Tm (" + text + b") Tj ET Q")
    page.clean_contents()
    pdf.xref_set_key(page.xref, "Contents", f"[{page.get_contents()[0]} 0 R {content} 0 R]")
    pdf.xref_set_key(page.xref, "Resources/Font/Odd", f"{font} 0 R")
    pdf.save(tmp_path / "odd.pdf")
    with opened(str(tmp_path / "odd.pdf"), Limits()) as pdf:
        document = build(pdf.sha256, pdf.meta(), pdf.pages(), pdf.warnings)
        [passage] = document.passages
        assert passage.text == "Our filter improved the classification accuracy by 2.2 points over the xq�zt of others."
        assert passage.quote.startswith("Our �lter improved the classi�cation")
        assert pdf.holds(passage.spans, passage.quote)
        assert any("3 glyphs have no character" in warning for warning in document.warnings)
