"""Stamps over the pages of retracted papers, and papers that merely speak of retractions."""

from __future__ import annotations

import pymupdf
import pytest

from synth.pdf import read_pdf

from .typeset import Paper

FILL = "The kettles of two towns were filled each morning and heated to the same degree by the same people. "
TITLE = "Kettles heat the water of towns"


def paper(pages: int = 2, title: str = TITLE, head: str = "") -> Paper:
    made = Paper(columns=1)
    if head:
        made.put(72, 60, head, 10)
    made.title(title, "Ruth Okello, Carl Sample")
    made.heading("Abstract")
    made.text("Our kettle improved the accuracy by 2.2 points over the baseline. " + FILL)
    made.heading("1 Introduction")
    while len(made.pdf) < pages:
        made.text(FILL * 4)
    made.text(FILL)
    return made


def diagonal(page, text="RETRACTED", size=60):
    point = pymupdf.Point(120, 600)
    page.insert_text(point, text, fontsize=size, color=(0.9, 0.6, 0.6), morph=(point, pymupdf.Matrix(45)))


def horizontal(page, text="RETRACTED", size=60):
    page.insert_text((100, 300), text, fontsize=size, color=(0.9, 0.7, 0.7))


def at_margin(page, text="RETRACTED ARTICLE", size=12):
    page.insert_text((30, 500), text, fontsize=size, rotate=90)


def running_head(page, text="RETRACTED", size=9):
    page.insert_text((280, 40), text, fontsize=size)


def spaced(page):
    diagonal(page, "R E T R A C T E D", 48)


def letters(page):
    for place, letter in enumerate("RETRACTED"):
        page.insert_text((100 + 45 * place, 600 - 45 * place), letter, fontsize=60, color=(0.9, 0.6, 0.6))


def annotation(page):
    page.add_freetext_annot(pymupdf.Rect(100, 300, 400, 380), "RETRACTED", fontsize=40)


def stamp(page):
    note = page.add_stamp_annot(pymupdf.Rect(100, 300, 400, 380), stamp=0)
    note.set_info(content="Retracted article")
    note.update()


@pytest.mark.parametrize(
    "put", [diagonal, horizontal, at_margin, running_head, spaced, letters, annotation], ids=lambda put: put.__name__
)
def test_a_stamp_over_every_page(put, tmp_path):
    made = paper()
    for page in made.pdf:
        put(page)
    found = read_pdf(made.save(tmp_path / "a.pdf"))
    assert found.marks == ("retracted",)
    assert found.title == TITLE
    assert found.authors == ("Ruth Okello", "Carl Sample")
    assert any("improved the accuracy by 2.2 points over the baseline." in one.text for one in found.passages)
    assert not any("RETRACTED" in one.text for one in found.passages)


def test_a_stamp_that_is_an_annotation_of_the_file(tmp_path):
    made = paper()
    stamp(made.pdf[0])
    assert read_pdf(made.save(tmp_path / "a.pdf")).marks == ("retracted",)


def over(made, entries, drawn=b""):
    """Lay an annotation over the first page, drawn by a form of its own where `drawn` is given."""
    pdf, page = made.pdf, made.pdf[0]
    if drawn:
        font, form = pdf.get_new_xref(), pdf.get_new_xref()
        pdf.update_object(font, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
        pdf.update_object(form, f"<</Type/XObject/Subtype/Form/BBox[0 0 400 100]/Resources<</Font<</F {font} 0 R>>>>>>")
        pdf.update_stream(form, drawn)
        entries += f"/AP<</N {form} 0 R>>"
    note = pdf.get_new_xref()
    pdf.update_object(note, f"<</Type/Annot/Rect[100 300 500 400]{entries}>>")
    pdf.xref_set_key(page.xref, "Annots", f"[{note} 0 R]")


RETRACTED = b"BT /F 40 Tf 1 0 0 1 10 50 Tm (RETRACTED) Tj ET BT /F 9 Tf 1 0 0 1 10 20 Tm (by the editor) Tj ET"


@pytest.mark.parametrize(
    ("entries", "drawn", "marks"),
    [
        ("/Subtype/Stamp", RETRACTED, ("retracted",)),
        ("/Subtype/Watermark", RETRACTED, ("retracted",)),
        ("/Subtype/Stamp/Name/Draft", b"BT /F 30 Tf 10 20 Td (Withdrawn article) Tj ET", ("withdrawn",)),
        ("/Subtype/Stamp/Subj(Retracted)", b"", ("retracted",)),
        ("/Subtype/Stamp/Name/SBRetracted", b"", ("retracted",)),
        ("/Subtype/Stamp/Name/#23Retracted", b"", ("retracted",)),
        ("/Subtype/Stamp/Contents(RETRACTED 12 May 2020)", b"", ("retracted",)),
        ("/Subtype/Stamp/Contents(This article has been retracted: see the notice.)", b"", ("retracted",)),
        ("/Subtype/Stamp/F 2", RETRACTED, ()),
        ("/Subtype/Stamp/F 32/Contents(RETRACTED)", b"", ()),
        ("/Subtype/Stamp/Name/Approved/Contents(By the editor; not retracted)", b"", ()),
        ("/Subtype/Highlight/Contents(RETRACTED)", b"", ()),
        ("/Subtype/Stamp", b"0 0 400 100 re f", ()),
    ],
)
def test_an_annotation_says_what_it_shows_or_names_unless_it_is_hidden(entries, drawn, marks, tmp_path):
    made = paper()
    over(made, entries, drawn)
    found = read_pdf(made.save(tmp_path / "a.pdf"))
    assert found.marks == marks
    assert found.title == TITLE
    assert found.warnings == ()
    assert not any("editor" in one.text for one in found.passages)


@pytest.mark.parametrize("text", ["RETRACTED", "RETRACTED - see notice", "WITHDRAWN 12 May 2020"])
def test_a_stamp_that_is_a_form_on_the_page(text, tmp_path):
    stamp_page = pymupdf.open()
    stamp_page.new_page(width=595, height=842)
    diagonal(stamp_page[0], text, 40)
    made = paper()
    made.pdf[0].show_pdf_page(made.pdf[0].rect, stamp_page, 0)
    found = read_pdf(made.save(tmp_path / "a.pdf"))
    assert found.marks == (text.split()[0].lower(),)
    assert found.title == TITLE


def test_what_a_reader_typed_over_a_page_is_no_text_of_the_paper(tmp_path):
    made = paper()
    page = made.pdf[0]
    page.add_freetext_annot(
        pymupdf.Rect(72, 600, 520, 620), "Our note improved the accuracy by 9.9 points.", fontsize=9
    )
    field = pymupdf.Widget()
    field.field_type, field.field_name = pymupdf.PDF_WIDGET_TYPE_TEXT, "a"
    field.rect, field.field_value = pymupdf.Rect(72, 630, 520, 650), "Our field improved the accuracy by 8.8 points."
    page.add_widget(field)
    found = read_pdf(made.save(tmp_path / "a.pdf"))
    assert not any("note improved" in one.text or "field improved" in one.text for one in found.passages)
    assert found.warnings == ("notes or form fields typed over page 1 are none of the paper's text; not read",)


def test_a_stamp_on_the_first_page_alone(tmp_path):
    made = paper()
    diagonal(made.pdf[0], "WITHDRAWN")
    assert read_pdf(made.save(tmp_path / "a.pdf")).marks == ("withdrawn",)


def test_a_word_above_the_title(tmp_path):
    found = read_pdf(paper(head="RETRACTED ARTICLE").save(tmp_path / "a.pdf"))
    assert found.marks == ("retracted",)
    assert found.title == TITLE


def test_what_the_publisher_says_on_the_first_page(tmp_path):
    found = read_pdf(
        paper(head="This article has been retracted: please see the publisher's policy.").save(tmp_path / "a.pdf")
    )
    assert found.marks == ("retracted",)


def test_the_title_of_the_file_itself(tmp_path):
    made = paper()
    made.pdf.set_metadata({"title": f"RETRACTED: {TITLE}"})
    assert read_pdf(made.save(tmp_path / "a.pdf")).marks == ("retracted",)


def test_a_paper_about_retractions_is_sound(tmp_path):
    made = paper(title="Retracted articles in psychology", head="Retracted articles in psychology")
    made.heading("2 Retracted")
    made.text("Many a paper is retracted. This article has been read by both. " + FILL)
    made.table(
        [["State", "Papers"], ["Retracted", "12"], ["Withdrawn", "3"], ["RETRACTED", "4"]],
        [120, 80],
        "Table 1: Papers.",
    )
    found = read_pdf(made.save(tmp_path / "a.pdf"))
    assert found.marks == ()
    assert found.title == "Retracted articles in psychology"
