"""Text that no reader of a page sees is no text of the paper; text of scans and light type on dark ground is."""

from __future__ import annotations

from collections.abc import Callable

import pymupdf
import pytest

from synth.core.errors import UnreadablePdf
from synth.pdf.extract import opened
from synth.pdf.guard import Limits

from .sheets import FILL, read, sentences, width
from .typeset import REGULAR, Paper

SEEN = "Our filter improved the accuracy by 2.2 points over the baseline."
HIDDEN = "The hidden filter improved the recall by 9.9 points over the baseline."
END = "We end here with thanks to all of the towns."


def paper(put: Callable[[Paper], None], first: str = SEEN) -> Paper:
    made = Paper(columns=1)
    made.title("Longer sleep and recall in adults", "Ruth Okello, Carl Sample")
    made.heading("1 Introduction")
    made.text(" ".join(FILL))
    if first:
        made.text(first)
    made.y += 12
    put(made)
    made.text(END)
    return made


def line(made: Paper, text: str = HIDDEN, x: float = 72, **options) -> None:
    made.page.insert_text((x, made.y), text, **{"fontsize": 10, "fontname": REGULAR, **options})


def covered(made: Paper) -> None:
    line(made)
    made.page.draw_rect((60, made.y - 12, 520, made.y + 4), color=(1, 1, 1), fill=(1, 1, 1))


def blacked(made: Paper) -> None:
    line(made)
    made.page.draw_rect((60, made.y - 12, 520, made.y + 4), color=(0, 0, 0), fill=(0, 0, 0))


def on_its_colour(made: Paper) -> None:
    made.page.draw_rect((60, made.y - 12, 520, made.y + 4), color=(1, 0, 0), fill=(1, 0, 0))
    line(made, color=(1, 0, 0))


def behind(made: Paper) -> None:
    line(made, SEEN)
    line(made, render_mode=3)


def tail(made: Paper) -> None:
    line(made, SEEN)
    line(made, HIDDEN, 72 + width(SEEN + " ", 10), color=(1, 1, 1), fontsize=4)


WAYS = {
    "invisible": lambda made: line(made, render_mode=3),
    "white": lambda made: line(made, color=(1, 1, 1)),
    "nearly white": lambda made: line(made, color=(0.97, 0.97, 0.97)),
    "transparent": lambda made: line(made, fill_opacity=0, stroke_opacity=0),
    "tiny": lambda made: line(made, fontsize=0.5),
    "covered": covered,
    "blacked out": blacked,
    "on a box of its colour": on_its_colour,
}


@pytest.mark.parametrize("way", [*WAYS.values(), behind, tail], ids=[*WAYS, "behind what is seen", "tail of a line"])
@pytest.mark.parametrize("turned", [0, 90])
def test_hidden_text_is_left_out_with_a_word(way, turned, tmp_path):
    made = paper(way, "" if way in (behind, tail) else SEEN)
    made.page.set_rotation(turned)
    if turned and way in (covered, blacked, on_its_colour):
        pytest.skip("what is drawn on a turned page has no place")
    document = read(made.save(tmp_path / "p.pdf"))
    assert sentences(document)[len(FILL) :] == [SEEN, END]
    [warning] = document.warnings
    assert "no reader of the page sees was left out on page 1: “The hidden filter" in warning


def test_the_text_of_the_page_keeps_what_is_hidden_so_that_offsets_stay(tmp_path):
    made = paper(WAYS["white"])
    with opened(str(made.save(tmp_path / "p.pdf")), Limits()) as pdf:
        assert HIDDEN in (pdf.text(1) or "")


def on_dark(made: Paper) -> None:
    made.page.draw_rect((60, made.y - 12, 520, made.y + 4), color=(0, 0, 0.3), fill=(0, 0, 0.3))
    line(made, SEEN, color=(1, 1, 1))


def marked(made: Paper) -> None:
    line(made, SEEN)
    made.page.draw_rect((60, made.y - 12, 520, made.y + 4), color=None, fill=(1, 1, 0), fill_opacity=0.4)


def grey(made: Paper) -> None:
    line(made, SEEN, color=(0.85, 0.85, 0.85))


@pytest.mark.parametrize("way", [on_dark, marked, grey])
@pytest.mark.parametrize("cropped", [False, True])
def test_what_is_seen_is_read(way, cropped, tmp_path):
    made = paper(way, first="")
    if cropped:
        made.page.set_cropbox((30, 30, 580, 800))
    document = read(made.save(tmp_path / "p.pdf"))
    assert sentences(document)[len(FILL) :] == [SEEN, END]
    assert document.warnings == ()


@pytest.mark.parametrize("above", [True, False], ids=["invisible, on the scan", "painted, under the scan"])
def test_recognised_text_of_a_scan_is_read(above, tmp_path):
    source = paper(lambda made: None)
    scan = source.page.get_pixmap(dpi=100)
    pdf = pymupdf.open()
    page = pdf.new_page(width=595, height=842)
    if above:
        page.insert_image(page.rect, pixmap=scan)
    for block in source.page.get_text("dict")["blocks"]:
        for span in (span for row in block["lines"] for span in row["spans"]):
            page.insert_text(
                span["origin"], span["text"], fontsize=span["size"], fontname=REGULAR, render_mode=3 * above
            )
    if not above:
        page.insert_image(page.rect, pixmap=scan)
    pdf.save(tmp_path / "p.pdf")
    document = read(tmp_path / "p.pdf")
    assert sentences(document)[-2:] == [SEEN, END]
    assert document.warnings == ()


def test_a_paper_of_hidden_text_alone_is_refused(tmp_path):
    pdf = pymupdf.open()
    pdf.new_page().insert_text((72, 100), HIDDEN, color=(1, 1, 1))
    pdf.save(tmp_path / "p.pdf")
    with pytest.raises(UnreadablePdf) as refused:
        read(tmp_path / "p.pdf")
    assert refused.value.reason == "empty"


def bold_lines(made: Paper) -> None:
    for shift in (0, 0.3):
        line(made, SEEN, 72 + shift)


def bold_words(made: Paper) -> None:
    x = 72.0
    for word in SEEN.split():
        for shift in (0, 0.3):
            line(made, word, x + shift)
        x += width(f"{word} ", 10)


def bold_letters(made: Paper) -> None:
    x = 72.0
    for char in SEEN:
        for shift in (0, 0.3):
            line(made, char, x + shift)
        x += width(char, 10)


def shadow(made: Paper) -> None:
    line(made, SEEN, 72.6, color=(0.7, 0.7, 0.7))
    made.y += 0.6
    line(made, SEEN)


@pytest.mark.parametrize("way", [bold_lines, bold_words, bold_letters, shadow])
def test_letters_that_are_printed_twice_are_read_once(way, tmp_path):
    document = read(paper(way, first="").save(tmp_path / "p.pdf"))
    assert sentences(document)[len(FILL) :] == [SEEN, END]
    assert document.warnings == ()


def test_a_sentence_that_comes_twice_on_two_lines_is_read_twice(tmp_path):
    document = read(paper(lambda made: line(made, SEEN)).save(tmp_path / "p.pdf"))
    assert sentences(document)[len(FILL) :] == [SEEN, SEEN, END]


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        (
            "Our fil\u200bter improved the accu\u200bracy by 2.2 points.",
            "Our filter improved the accuracy by 2.2 points.",
        ),
        (
            "Our \u2060filter im\u00adproved the accuracy by 2.2 points.",
            "Our filter improved the accuracy by 2.2 points.",
        ),
        (
            "Our f\u200cilter improved\ufeff the accuracy by 2.2 points.",
            "Our filter improved the accuracy by 2.2 points.",
        ),
    ],
)
def test_characters_that_print_nothing_part_no_word(printed, shown, tmp_path):
    pdf = pymupdf.open()
    page = pdf.new_page(width=595, height=842)
    page.insert_text((72, 80), "Filters in an odd type", fontsize=18, fontname="tibo")
    page.insert_text((72, 120), "1 Introduction", fontsize=13, fontname="tibo")
    writer = pymupdf.TextWriter(page.rect)
    writer.append((72, 150), printed, font=pymupdf.Font("helv"), fontsize=10)
    writer.write_text(page)
    pdf.save(tmp_path / "p.pdf")
    [text] = sentences(read(tmp_path / "p.pdf"))
    assert text == shown
