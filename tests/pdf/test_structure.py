"""Headings of many styles, structured abstracts, reference lists under any name, manuscripts with line numbers."""

from __future__ import annotations

import pytest

from synth.core.errors import UnreadablePdf

from .sheets import BOLD, FILL, ITALIC, Sheets, sentences, told, width
from .typeset import break_lines

ENTRIES = (
    "[1] A. Nobody and B. Other, “Our cited filter improved accuracy by 9.9 points,” J. Noth., vol. 3, pp. 1–9, 2001.",
    "[2] C. Else, “Cited lists of words improved the recall of adults,” in Proc. Conf. Sleep, 2004, pp. 11–19.",
    "[3] D. Writer et al., “Cited naps are better than coffee for all adults,” Ann. Sleep, vol. 7, 2010.",
)
AUTHORS = (
    "Nobody, A. and Other, B. (2001). Our cited filter improved accuracy by 9.9 points. J. Noth., 3(1):1-9.",
    "Else, C. (2004). Cited lists of words improved the recall of adults. In Proceedings of Sleep, pages 11-19.",
    "Writer, D., Reader, E., and Sleeper, F. (2010). Cited naps are better than coffee. Annals of Sleep, 7:20-31.",
    "Zed, Y. (2012). The cited word lists of the north improved all results. Journal of Words, 12(3):101-110.",
)
VANCOUVER = (
    "1. Nobody A, Other B. Our cited filter improved accuracy by 9.9 points. J Noth. 2001;3(1):1-9.",
    "2. Else C. Cited lists of words improved the recall of adults. Sleep. 2004;11:11-19.",
    "3. Writer D, Reader E, Sleeper F. Cited naps are better than coffee. Ann Sleep. 2010;7:20-31. doi:10.1/x.7",
)


def tracked(sheets, y, text):
    """Letter for letter, with space between them and between words, and no blank at all."""
    x = 60.0
    for char in text:
        if char != " ":
            sheets.put(x, y, char, 9)
        x += width(char, 9) + 3


def spaced(text):
    return "  ".join(" ".join(word) for word in text.split(" "))


def small_capitals(sheets, x, y, text, gap=0.5):
    """One large letter, the rest small, a string each, as typesetters write it."""
    for word in text.split():
        if word.rstrip(".").isupper() and len(word.rstrip(".")) <= 3 and word.endswith("."):
            sheets.put(x, y, word + " ", 10)
            x += width(word + " ", 10)
            continue
        sheets.put(x, y, word[0], 10)
        x += width(word[0], 10) + gap
        sheets.put(x, y, word[1:], 8)
        x += width(word[1:] + " ", 8)


STYLES = {
    "spaced capitals": lambda s, y, text: s.put(60, y, spaced(text.upper()), 9),
    "spaced letters": lambda s, y, text: s.put(60, y, spaced(text), 9),
    "spaced bold": lambda s, y, text: s.put(60, y, spaced(text.upper()), 10, BOLD),
    "small capitals": lambda s, y, text: small_capitals(s, 260, y, text.upper()),
    "small capitals wide": lambda s, y, text: small_capitals(s, 60, y, text.upper(), 2.2),
    "numbered small capitals": lambda s, y, text: small_capitals(s, 240, y, f"IV. {text.upper()}"),
    "tracked": lambda s, y, text: tracked(s, y, text.upper()),
    "capitals": lambda s, y, text: s.put(60, y, text.upper()),
    "centred": lambda s, y, text: s.put(298 - width(text, 10) / 2, y, text),
    "italic": lambda s, y, text: s.put(60, y, text, font=ITALIC),
    "small bold": lambda s, y, text: s.put(60, y, text, 9.5, BOLD),
    "large": lambda s, y, text: s.put(60, y, text, 13),
    "numbered": lambda s, y, text: s.put(60, y, f"3. {text}", 11, BOLD),
}


@pytest.mark.parametrize("style", STYLES)
def test_headings_in_every_style_open_their_sections(tmp_path, style):
    sheets = Sheets()
    sheets.page()
    sheets.title()
    y = 140.0
    parts = {"Abstract": "abstract", "Introduction": "introduction", "Methods": "method", "Results": "results"}
    parts |= {"Discussion": "discussion", "Conclusions": "conclusion"}
    for n, name in enumerate(parts):
        STYLES[style if n or "numbered" not in style else "large"](sheets, y, name)
        y = sheets.column(60, y + 18, 475, " ".join(told(4, name.lower()))) + 12
    STYLES[style](sheets, y, "References")
    for n, entry in enumerate(ENTRIES[:2]):
        sheets.put(60, y + 16 + 12 * n, entry, 8)
    document = sheets.read(tmp_path / "p.pdf")
    assert {section: sentences(document, section) for section in parts.values()} == {
        section: told(4, name.lower()) for name, section in parts.items()
    }
    assert len(document.references) == 2
    assert document.warnings == ()


@pytest.mark.parametrize(
    "name",
    [
        "References",
        "REFERENCES",
        "Bibliography",
        "Literature cited",
        "Works cited",
        "Notes and references",
        "Literatur",
        "Literaturverzeichnis",
        "Références",
        "Bibliografía",
        "Reference list",
        "References and notes",
        "7 References",
        "Cited sources",
        "Further reading",
    ],
)
@pytest.mark.parametrize("entries", [ENTRIES, AUTHORS, VANCOUVER], ids=["IEEE", "author and year", "Vancouver"])
def test_reference_lists_under_any_name_are_no_text(tmp_path, name, entries):
    sheets = Sheets()
    sheets.page()
    sheets.title()
    sheets.pour([(60, 130, 535, 400)], ["#Abstract", "We study sleep.", "#1 Introduction", *told(8), f"#{name}"])
    y = 430.0
    for entry in entries:
        y = sheets.column(60, y, 470, entry)
    document = sheets.read(tmp_path / "p.pdf")
    assert sentences(document) == ["We study sleep.", *told(8)]
    assert len(document.references) == len(entries)


@pytest.mark.parametrize("entries", [ENTRIES, AUTHORS, VANCOUVER], ids=["IEEE", "author and year", "Vancouver"])
def test_a_reference_list_without_a_name_is_told_by_its_form(tmp_path, entries):
    sheets = Sheets()
    sheets.page()
    sheets.title()
    sheets.pour([(60, 130, 535, 400)], ["#Abstract", "We study sleep.", "#1 Introduction", " ".join(told(8))])
    y = 300.0
    for entry in entries:
        y = sheets.column(60, y, 470, entry)
    document = sheets.read(tmp_path / "p.pdf")
    assert sentences(document) == ["We study sleep.", *told(8)]
    assert len(document.references) == len(entries)


def test_a_numbered_list_of_findings_is_no_reference_list(tmp_path):
    sheets = Sheets()
    sheets.page()
    sheets.title()
    found = [
        f"{n}. The staff of town {n} read the lists to adults in {2000 + n} and in no other year." for n in range(1, 6)
    ]
    sheets.pour([(60, 130, 535, 400)], ["#1 Introduction", *told(4), *found])
    document = sheets.read(tmp_path / "p.pdf")
    assert document.references == ()
    assert len(sentences(document, "introduction")) == 9


LABELS = {
    "Background": "Sleep matters for recall.",
    "Methods": "We ran a trial with 120 adults.",
    "Results": "Sleep improved the recall by 3.2 points.",
    "Conclusions": "Longer sleep improves recall.",
}


def run_in(sheets, y, mark, font, upper=False):
    for label, text in LABELS.items():
        head = (label.upper() if upper else label) + mark
        sheets.put(60, y, head, font=font)
        sheets.put(60 + width(head + " ", 10, font or sheets.font), y, text)
        y += 18
    return y


def one_paragraph(sheets, y, mark, font, upper=False):
    text = " ".join(f"{label.upper() if upper else label}{mark} {text}" for label, text in LABELS.items())
    return sheets.column(60, y, 470, text) + 6


def on_lines(sheets, y, mark, font, upper=False):
    for label, text in LABELS.items():
        sheets.put(60, y, (label.upper() if upper else label) + mark, font=font)
        sheets.put(60, y + 14, text)
        y += 34
    return y


@pytest.mark.parametrize("sections", ["Introduction", "Background"])
@pytest.mark.parametrize(
    ("place", "mark", "font", "upper"),
    [
        (run_in, ":", BOLD, False),
        (run_in, ".", BOLD, True),
        (run_in, ":", ITALIC, False),
        (run_in, ":", None, True),
        (one_paragraph, ":", None, False),
        (one_paragraph, ":", None, True),
        (on_lines, "", BOLD, False),
        (on_lines, ":", BOLD, False),
        (on_lines, "", BOLD, True),
        (run_in, "", BOLD, True),
        (one_paragraph, "", None, True),
    ],
)
def test_a_structured_abstract_stays_the_abstract(tmp_path, sections, place, mark, font, upper):
    sheets = Sheets()
    sheets.page()
    sheets.title()
    sheets.put(60, 140, "Abstract", 13, BOLD)
    y = place(sheets, 160, mark, font, upper)
    sheets.pour([(60, y + 10, 535, 700)], [f"#{sections}", *told(6), "#Methods", *told(6, "city"), "#Results", *FILL])
    document = sheets.read(tmp_path / "p.pdf")
    inside = [(p.label.capitalize(), p.text) for p in document.passages if p.section == "abstract"]
    assert inside == list(LABELS.items())
    assert document.abstract == " ".join(LABELS.values())
    assert sentences(document, "method") == told(6, "city")
    assert sentences(document, "results") == list(FILL)


@pytest.mark.parametrize(
    ("head", "font"),
    [
        ("Abstract.", BOLD),
        ("ABSTRACT:", BOLD),
        ("Abstract:", ITALIC),
        ("Summary.", BOLD),
        ("Abstract.", None),
    ],
)
def test_an_abstract_that_begins_on_the_line_of_its_name(tmp_path, head, font):
    sheets = Sheets()
    sheets.page()
    sheets.title()
    sheets.put(60, 150, head, font=font)
    sheets.put(
        60 + width(head + " ", 10, font or sheets.font), 150, "We study sleep and recall in adults of two towns."
    )
    y = sheets.column(60, 162, 470, " ".join(FILL))
    sheets.pour([(60, y + 20, 535, 700)], ["#1 Introduction", *told(6)])
    document = sheets.read(tmp_path / "p.pdf")
    assert document.abstract == " ".join(["We study sleep and recall in adults of two towns.", *FILL])
    assert sentences(document, "introduction") == told(6)


def test_headings_inside_paragraphs_name_their_section(tmp_path):
    sheets = Sheets()
    sheets.page()
    sheets.title()
    y = sheets.column(60, 130, 470, " ".join(told(3)))
    sheets.put(60, y + 20, "1 The towns", 12, BOLD)
    y += 40
    for font, head, topic in ((BOLD, "Data collection.", "city"), (ITALIC, "Main results.", "village")):
        sheets.put(60, y, head, font=font)
        text = told(4, topic)
        sheets.put(60 + width(head + " ", 10, font), y, text[0])
        y = sheets.column(60, y + 12, 470, " ".join(text[1:])) + 10
    document = sheets.read(tmp_path / "p.pdf")
    assert sentences(document, "data") == told(4, "city")
    assert sentences(document, "results") == told(4, "village")


def test_a_paragraph_of_citations_is_no_reference_list(tmp_path):
    sheets = Sheets()
    sheets.page()
    sheets.title()
    story = [
        "Language Inference, as Smith et al. (2001) have shown at a Conference, is hard for adults who are awake.",
        "Machine Translation, in the words of Berg et al. (2002), was once thought of as a game in a Journal.",
        "Entity Recognition, which Okello et al. (2003) did at a Conference, has been easier than that for us.",
        "Word Lists, after Sample et al. (2004), are a measure of recall that this Journal has published often.",
    ]
    sheets.pour([(60, 130, 560, 400)], ["#1 Introduction", *told(4), *story])
    document = sheets.read(tmp_path / "p.pdf")
    assert document.references == ()
    assert sentences(document, "introduction") == [*told(4), *story]


@pytest.mark.parametrize("numbers", ["none", "left", "right", "fives", "joined"])
@pytest.mark.parametrize("bold", [True, False])
def test_double_spaced_manuscripts(tmp_path, bold, numbers):
    sheets = Sheets(11.0, 26.0)
    y = 900.0
    parts = ("Introduction", "Materials and Methods", "Results", "Discussion")
    lines = [("Longer sleep and recall", BOLD), ("Ruth Okello, Carl Sample", None)]
    for name in ("Abstract", *parts):
        lines.append((name, BOLD if bold else None))
        text = f"{FILL[0]} The adults of the {name.lower()} slept well. {FILL[1]} {FILL[2]} {FILL[3]}"
        lines += [(line, None) for line in wrapped(text)]
    for count, (line, font) in enumerate(lines, 1):
        if y > 760:
            sheets.page()
            y = 80.0
        if numbers in ("left", "joined") or (numbers == "fives" and count % 5 == 0):
            sheets.put(52 - width(str(count), 9), y, str(count), 9)
        if numbers == "right":
            sheets.put(560, y, str(count), 9)
        sheets.put(62 if numbers == "joined" else 72, y, line, 18 if count == 1 else 11, font)
        y += 26
    document = sheets.read(tmp_path / "p.pdf")
    found = {section: sentences(document, section) for section in ("abstract", "introduction", "method", "results")}
    named = {"abstract": "abstract", "introduction": "introduction", "results": "results"} | {
        "method": "materials and methods"
    }
    assert found == {
        section: [FILL[0], f"The adults of the {name} slept well.", *FILL[1:4]] for section, name in named.items()
    }


def wrapped(text):
    return break_lines(text, 450, 11)


def scan(sheets):
    picture = sheets.sheet.get_pixmap(dpi=30).tobytes("png")
    page = sheets.page()
    page.insert_image(page.rect, stream=picture)


def printed():
    sheets = Sheets()
    sheets.page()
    sheets.title()
    sheets.pour([(60, 130, 535, 700)], ["#Abstract", "We study sleep.", "#1 Introduction", *told(20)])
    return sheets


STAMPS = {
    "foot": lambda s: s.put(60, 830, "Downloaded from https://journal.example.org by a guest on 1 May 2020", 8),
    "head": lambda s: s.put(60, 20, "Author manuscript; available in the archive 2020 May 1", 8),
    "watermark": lambda s: s.put(150, 420, "FOR REVIEW ONLY", 40),
    "margin": lambda s: s.put(
        580, 700, "Downloaded from https://journal.example.org by a guest on 1 May 2020", 8, rotate=90
    ),
    "all": lambda s: [STAMPS[name](s) for name in ("foot", "head", "watermark", "margin")],
}


def test_a_scan_in_black_and_white_is_a_picture_too(tmp_path):
    sheets = printed()
    scan(sheets)
    STAMPS["foot"](sheets)
    [image] = sheets.sheet.get_images()
    for key, value in {
        "ImageMask": "true",
        "BitsPerComponent": "1",
        "ColorSpace": "null",
        "Width": "8",
        "Height": "8",
    }.items():
        sheets.pdf.xref_set_key(image[0], key, value)
    sheets.pdf.update_stream(image[0], bytes(8))
    sheets.pdf.delete_page(0)
    with pytest.raises(UnreadablePdf) as caught:
        sheets.read(tmp_path / "p.pdf")
    assert caught.value.reason == "image-only"


@pytest.mark.parametrize("stamp", STAMPS)
@pytest.mark.parametrize("pages", [1, 3])
def test_a_scan_with_a_stamp_is_image_only(tmp_path, stamp, pages):
    sheets = printed()
    for _ in range(pages):
        scan(sheets)
        STAMPS[stamp](sheets)
    sheets.pdf.delete_page(0)
    with pytest.raises(UnreadablePdf) as caught:
        sheets.read(tmp_path / "p.pdf")
    assert caught.value.reason == "image-only"


def test_a_scan_behind_the_sheet_of_a_repository_is_image_only(tmp_path):
    sheets = printed()
    for _ in range(3):
        scan(sheets)
    sheets.pdf.delete_page(0)
    sheets.pdf.new_page(0).insert_text((60, 80), "This paper was downloaded from the repository of the university.")
    with pytest.raises(UnreadablePdf) as caught:
        sheets.read(tmp_path / "p.pdf")
    assert caught.value.reason == "image-only"


def test_a_scan_with_a_layer_of_recognised_text_is_text(tmp_path):
    sheets = printed()
    scan(sheets)
    for n, line in enumerate(["Abstract", "We study sleep.", "1 Introduction", *told(20)]):
        sheets.sheet.insert_text((60, 130 + 14 * n), line, fontsize=10, fontname="tiro", render_mode=3)
    sheets.pdf.delete_page(0)
    document = sheets.read(tmp_path / "p.pdf")
    assert set(told(20)) <= set(sentences(document))


def test_a_scanned_page_among_others_is_named(tmp_path):
    sheets = printed()
    scan(sheets)
    STAMPS["foot"](sheets)
    assert sheets.read(tmp_path / "p.pdf").warnings[0] == "no text, only images, on page 2"


def test_text_that_comes_out_nowhere_is_told_with_its_page(tmp_path):
    sheets = printed()
    sheets.page()
    sheets.pour([(60, 60, 535, 300)], ["#2 Results", *told(8)])
    for n in range(12):
        sheets.put(60, 400 + 14 * n, "of a line without an end that goes on to nowhere at all")
    document = sheets.read(tmp_path / "p.pdf")
    [warning] = document.warnings
    assert warning.startswith("Text that came out in no passage, table, caption or reference: page 2 (")


def test_text_in_a_slant_across_the_page_is_told_too(tmp_path):
    import pymupdf

    sheets = printed()
    sheets.page()
    sheets.pour([(60, 60, 535, 300)], ["#2 Results", *told(4)])
    for n, line in enumerate(told(3, "city")):
        point = pymupdf.Point(150, 500 + 14 * n)
        sheets.sheet.insert_text(point, line, fontname="tiro", morph=(point, pymupdf.Matrix(20)))
    assert "page 2" in sheets.read(tmp_path / "p.pdf").warnings[-1]
